"""The facade's part on resources, access rules and effective access (SPEC, Access)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from store.errors import StoreUnreadable
from store.facade.groups import GroupMethods
from store.listing import Listing, Query, Selection
from store.terms import ACCESS_RULES_TABLE, RESOURCES_TABLE

# The first screen asks for nothing of this, and the operations make models.
if TYPE_CHECKING:
    from store.access.grants import EffectiveAccess, Grant, WhoCan
    from store.access.impacts import Impact
    from store.access_views import ResourceDetails, ResourceRow, RuleDetails, RuleRow
    from store.operations.access_rules import RuleDraft, RuleEdit
    from store.operations.resource_import import ResourceImport
    from store.operations.resources import ResourceDeletion, ResourceDraft, ResourceEdit


class AccessMethods(GroupMethods):
    """What can be asked of and done to the catalogue and the rules on what is in it."""

    @cached_property
    def _access_rules(self) -> Listing:
        from store.access_rule_listing import ListedAccessRules

        return Listing(ListedAccessRules())

    @cached_property
    def _resources(self) -> Listing:
        from store.resource_listing import ListedResources

        return Listing(ListedResources())

    # Reading: access rules

    def list_access_rules(self, query: Query) -> Selection:
        """The ids of the rules that match, in order. `type:`, `resource:`, `who:` bind a word."""
        self._prepare_names()
        return self._access_rules.select(self._look(), query)

    def access_rule_count(self) -> int:
        """How many access rules there are."""
        return len(self._state.table(ACCESS_RULES_TABLE))

    def access_rule_row(self, rule: str) -> RuleRow:
        """A rule's line in the table.

        Raises:
            NotFound: There is no such rule.
        """
        from store.access_views import access_rule_row

        return access_rule_row(self._state, self._viewer, rule)

    def access_rule_details(self, rule: str) -> RuleDetails:
        """All of a rule. Takes a while in a large catalogue.

        Raises:
            NotFound: There is no such rule.
        """
        from store.access_views import access_rule_details

        return access_rule_details(self._state, self._viewer, rule)

    def covering_rules(self, resource: str) -> tuple[str, ...]:
        """The ids of the rules that cover a resource, those about itself first.

        Raises:
            NotFound: There is no such resource.
        """
        from store.access.coverage import coverage_of

        return coverage_of(self._state).cover_of(resource).rules

    def impact_of_adding_rule(self, draft: RuleDraft) -> Impact:
        """Who would lose and gain what by a new rule; it raises what adding it would."""
        from store.operations import access_rules as operations

        return self._impact(operations.add_access_rule, rule=operations.ID_OF_A_DRAFT, draft=draft)

    def impact_of_rule_edit(self, edit: RuleEdit) -> Impact:
        """Who would lose and gain what by the edit of a rule; it raises what the edit would."""
        from store.operations import access_rules as operations

        return self._impact(operations.edit_access_rule, edit=edit)

    def impact_of_rule_deletion(self, rules: Sequence[str]) -> Impact:
        """Who would lose and gain what without these rules; it raises what deleting them would."""
        from store.operations import access_rules as operations

        return self._impact(operations.delete_access_rules, rules=rules)

    # Changing: access rules

    def add_access_rule(self, draft: RuleDraft) -> str:
        """Add an access rule.

        Returns:
            Its id.
        """
        from store.operations import access_rules as operations

        rule = self._mint.new_id()
        self._commit(operations.add_access_rule, rule=rule, draft=draft)
        return rule

    def edit_access_rule(self, edit: RuleEdit) -> None:
        """Change what a rule is about, what it gives, and to whom."""
        from store.operations import access_rules as operations

        self._commit(operations.edit_access_rule, edit=edit)

    def delete_access_rules(self, rules: Sequence[str]) -> int:
        """Delete them all, or none.

        Returns:
            How many were deleted.
        """
        from store.operations import access_rules as operations

        return self._commit(operations.delete_access_rules, rules=rules)

    # Reading: effective access

    def prepare_access(self) -> None:
        """Work out what questions about access and impacts begin with, before one is asked.

        What is damaged is told whoever asks.
        """
        from store.access.coverage import coverage_of
        from store.access.reach import reach_of

        state = self._state
        with suppress(StoreUnreadable):
            coverage_of(state)
            reach_of(state).learn_groups()

    def effective_access(self, member: str) -> EffectiveAccess:
        """What a member can reach, and why. Takes a while in a large workspace.

        Raises:
            NotFound: There is no such member, or it was removed.
        """
        from store.access.effective import effective_access

        return effective_access(self._state, member)

    def access_of_task(self, owner: str, runner: str | None = None) -> EffectiveAccess:
        """What a task can reach that is run for its owner. Takes a while in a large workspace.

        Args:
            owner: The id of the member whose task it is.
            runner: The id of the service account that runs it; None for any that may.

        Raises:
            NotAllowed: The runner may not act for others, or not for that one.
            NotFound: There is no such owner, or it was removed.
        """
        from store.access.effective import access_of_task, effective_access

        if runner is None:
            return effective_access(self._state, owner, built_in=False)
        return access_of_task(self._state, runner, owner)

    def accounts_acting_for_owners(self) -> tuple[str, ...]:
        """The ids of the service accounts that may act for the owners of tasks now."""
        from store.impersonation import accounts_acting_for_owners

        return accounts_acting_for_owners(self._state)

    def who_can(self, resource: str) -> WhoCan:
        """Who can reach a resource. Takes a while in a large workspace.

        Raises:
            NotFound: There is no such resource.
        """
        from store.access.who_can import who_can

        return who_can(self._state, resource)

    def grants_on(self, resource: str, member: str) -> tuple[Grant, ...]:
        """Why a member can reach a resource, the highest first; none where the member cannot.

        Raises:
            NotFound: There is no such resource or member.
        """
        from store.access.who_can import grants_on

        return grants_on(self._state, resource, member)

    def unreachable_queues(self, member: str) -> tuple[str, ...]:
        """The names of the queues that a member cannot reach, in order.

        Raises:
            NotFound: There is no such member, or it was removed.
        """
        from store.access.effective import unreachable_queues

        state = self._state
        queues = state.table(RESOURCES_TABLE)
        return tuple(queues[key]["name"] for key in unreachable_queues(state, member))

    # Reading: resources

    def list_resources(self, query: Query) -> Selection:
        """The ids of the resources that match, in order. `type:` and `project:` bind a word."""
        return self._resources.select(self._look(), query)

    def resource_count(self) -> int:
        """How many resources the catalogue has."""
        return len(self._state.table(RESOURCES_TABLE))

    def resource_row(self, resource: str) -> ResourceRow:
        """A resource's line in the table.

        Raises:
            NotFound: There is no such resource.
        """
        from store.access_views import resource_row

        return resource_row(self._state, resource)

    def resource_details(self, resource: str) -> ResourceDetails:
        """All of a resource.

        Raises:
            NotFound: There is no such resource.
        """
        from store.access_views import resource_details

        return resource_details(self._state, resource)

    def impact_of_resource_edit(self, edit: ResourceEdit) -> Impact:
        """Who would lose and gain what by moving a resource; it raises what the edit would."""
        from store.operations import resources as operations

        return self._impact(operations.edit_resource, edit=edit)

    def preview_resource_deletion(self, resources: Sequence[str]) -> ResourceDeletion:
        """What deleting these resources would do."""
        from store.operations import resources as operations

        return operations.preview_resource_deletion(self._state, self._act(), resources)

    def check_resources(self, text: str) -> ResourceImport:
        """What importing the text would do, and which of its lines are bad."""
        from store.operations import resource_import as operations

        return operations.check_resources(self._state, self._act(), text)

    def impact_of_resource_import(self, text: str) -> Impact:
        """Who would lose and gain what by what an import moves; it raises what that would."""
        from store.operations import resource_import as operations

        return self._impact(operations.import_resources, text=text)

    # Changing: resources

    def add_resource(self, draft: ResourceDraft) -> None:
        """Add a resource to the catalogue."""
        from store.operations import resources as operations

        self._commit(operations.add_resource, draft=draft)

    def edit_resource(self, edit: ResourceEdit) -> None:
        """Rename a resource, and move it to another project."""
        from store.operations import resources as operations

        self._commit(operations.edit_resource, edit=edit)

    def delete_resources(self, resources: Sequence[str]) -> int:
        """Delete them all, or none, with the rules about them; projects with what is in them.

        Returns:
            How many were deleted, with those in the projects.
        """
        from store.operations import resources as operations

        return self._commit(operations.delete_resources, resources=resources)

    def import_resources(self, text: str) -> ResourceImport:
        """Add the resources that JSON lines describe, and change those that are there; or none."""
        from store.operations import resource_import as operations

        return self._commit(operations.import_resources, text=text)

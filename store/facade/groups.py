"""The facade's part on user groups and who is in them (SPEC, Rules, User groups)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from store.facade.base import Facade
from store.listing import Listing, Query, Selection
from store.terms import GROUPS_TABLE

# The first screen asks for nothing of this, and the operations make models.
if TYPE_CHECKING:
    from store.access.impacts import Impact
    from store.group_views import GroupDetails, GroupRow
    from store.member_views import MemberName
    from store.operations.groups import GroupDeletion, GroupEdit
    from store.operations.service_accounts import ServiceAccountEdit
    from store.operations.users import UserEdit


class GroupMethods(Facade):
    """What can be asked of and done to user groups, and to who is in them."""

    @cached_property
    def _groups(self) -> Listing:
        from store.group_listing import ListedGroups

        return Listing(ListedGroups())

    @cached_property
    def _members(self) -> Listing:
        from store.group_listing import ListedMembers

        return Listing(ListedMembers())

    def _prepare_names(self) -> None:
        """Put the members in order for the lines, drawn where nothing large is to be made."""
        from store.member_views import members_by_name

        members_by_name(self._state, self._viewer).rank  # noqa: B018 - it is kept

    # Reading

    def list_groups(self, query: Query) -> Selection:
        """The ids of the groups that match, in order, the pre-configured ones first."""
        self._prepare_names()
        return self._groups.select(self._look(), query)

    def group_count(self) -> int:
        """How many groups there are."""
        return len(self._state.table(GROUPS_TABLE))

    def group_row(self, group: str) -> GroupRow:
        """A group's line in the table.

        Raises:
            NotFound: There is no such group.
        """
        from store.group_views import group_row

        return group_row(self._state, self._viewer, group)

    def group_details(self, group: str) -> GroupDetails:
        """All that the actor may see of a group. Takes a while for a large one.

        Raises:
            NotFound: There is no such group.
        """
        from store.group_views import group_details

        return group_details(self._state, self._viewer, group)

    def list_members(self, query: Query) -> Selection:
        """The ids of the living users and service accounts that match, by name."""
        return self._members.select(self._look(), query)

    def member_name(self, member: str) -> MemberName:
        """What a member is called, a removed one too, and what stands beside the name.

        Raises:
            NotFound: There never was such a member.
        """
        from store.member_views import member_name

        return member_name(self._state, self._viewer, member)

    def impact_of_group_edit(self, edit: GroupEdit) -> Impact:
        """Who would lose and gain what by the edit of a group; it raises what the edit would."""
        from store.operations import groups as operations

        return self._impact(operations.edit_group, edit=edit)

    def preview_group_deletion(self, groups: Sequence[str]) -> GroupDeletion:
        """What deleting these groups would do."""
        from store.operations import groups as operations

        return operations.preview_group_deletion(self._state, self._act(), groups)

    def impact_of_regrouping(
        self, members: Sequence[str], joining: Sequence[str], leaving: Sequence[str]
    ) -> Impact:
        """Who would lose and gain what by a regrouping; it raises what that would."""
        from store.operations import groups as operations

        return self._impact(
            operations.regroup_members, members=members, joining=joining, leaving=leaving
        )

    def impact_of_user_edit(self, edit: UserEdit) -> Impact:
        """What the user would lose and gain by the edit; it raises what the edit would."""
        from store.operations import users as operations

        return self._impact(operations.edit_user, edit=edit)

    def impact_of_service_account_edit(self, edit: ServiceAccountEdit) -> Impact:
        """What the account would lose and gain by the edit; it raises what the edit would."""
        from store.operations import service_accounts as operations

        return self._impact(operations.edit_service_account, edit=edit)

    # Changing

    def add_group(self, name: str, description: str, members: Sequence[str]) -> str:
        """Add a group.

        Returns:
            Its id.
        """
        from store.operations import groups as operations

        group = self._mint.new_id()
        self._commit(
            operations.add_group, group=group, name=name, description=description, members=members
        )
        return group

    def edit_group(self, edit: GroupEdit) -> None:
        """Change a group's name, description and members."""
        from store.operations import groups as operations

        self._commit(operations.edit_group, edit=edit)

    def delete_groups(self, groups: Sequence[str]) -> int:
        """Delete them all, or none, and take them out of access rules and administrator vaults.

        Returns:
            How many were deleted.
        """
        from store.operations import groups as operations

        return self._commit(operations.delete_groups, groups=groups)

    def regroup_members(
        self, members: Sequence[str], joining: Sequence[str], leaving: Sequence[str]
    ) -> int:
        """Put all of these members into groups, and take them out of others, or none.

        Returns:
            How many of them were not so before.
        """
        from store.operations import groups as operations

        return self._commit(
            operations.regroup_members, members=members, joining=joining, leaving=leaving
        )

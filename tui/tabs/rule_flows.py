"""Adding, editing and deleting access rules, each after its impact was shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from store.listing import Query
from store.workspace import Workspace
from tui.resource_words import counted
from tui.tabs.resource_flows import ResourceFlows
from tui.tabs.tab import Tab
from tui.text import shortened

if TYPE_CHECKING:
    from store.access.impacts import Impact
    from store.access_views import RuleRow
    from store.operations.access_rules import RuleDraft, RuleEdit
    from tui.dialogs.access_rule import AccessRuleForm
    from tui.dialogs.confirmation import Confirmation
    from tui.tabs.confirmed import Confirmed

T = TypeVar("T")

_NAME_CELLS = 60


class RuleFlows:
    """The dialogs and operations for access rules.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        resources: What is done to resources meanwhile.
    """

    def __init__(self, tab: Tab, workspace: Workspace, resources: ResourceFlows) -> None:
        self._tab = tab
        self._workspace = workspace
        self._resources = resources

    async def add(self) -> str | None:
        """Add a rule; its id, or None where the person has left."""
        added: list[str] = []

        async def save(draft: RuleDraft) -> bool:
            made = await self._add(draft)
            added.extend([] if made is None else [made.result])
            return bool(added)

        if await self._tab.app.push_screen_wait(self._form(None, save)):
            self._tab.say("1 access rule added.")
        return added[0] if added else None

    async def _add(self, draft: RuleDraft) -> Confirmed[Impact, str] | None:
        from tui.rule_effects import effects_of_adding

        return await self._resources.once_confirmed(
            "Add this access rule?",
            "Add",
            partial(self._workspace.impact_of_adding_rule, draft),
            partial(self._workspace.add_access_rule, draft),
            effects=partial(effects_of_adding, self._workspace, draft),
        )

    async def edit(self, rule: str) -> None:
        """Edit a rule."""
        from store.operations.access_rules import RuleEdit

        details = await self._tab.attempt(self._workspace.access_rule_details, rule)
        if details is None:
            return

        async def save(draft: RuleDraft) -> bool:
            return await self._save(details.row, RuleEdit(rule, details.revision, draft))

        if await self._tab.app.push_screen_wait(self._form(details.row, save)):
            self._tab.say("Saved.")
        self._tab.reload()

    async def _save(self, row: RuleRow, edit: RuleEdit) -> bool:
        from tui.rule_effects import effects_of_editing

        made = await self._resources.once_confirmed(
            f"Save the rule on {shortened(row.resource_name, _NAME_CELLS)}?",
            "Save",
            partial(self._workspace.impact_of_rule_edit, edit),
            partial(self._workspace.edit_access_rule, edit),
            effects=partial(effects_of_editing, self._workspace, row, edit.draft),
        )
        return made is not None

    def _form(
        self, former: RuleRow | None, save: Callable[[RuleDraft], Awaitable[bool]]
    ) -> AccessRuleForm:
        from tui.dialogs.access_rule import AccessRuleForm

        return AccessRuleForm(
            former,
            self._workspace.groups_for_vaults(),
            search_resources=self._resources.search,
            resource_row=self._resources.row_of,
            search_members=self._search_members,
            member_name=self._workspace.member_name,
            save=save,
            add_resource=self._resources.add,
        )

    async def _search_members(self, words: str) -> Sequence[str]:
        return (await self._operate(self._workspace.list_members, Query(words))).ids

    async def delete(self, rules: list[str]) -> bool:
        """Delete rules as one change; whether it was done."""
        from tui.tabs.confirmed import confirmed

        workspace = self._workspace
        asked = confirmed(
            self._tab,
            workspace,
            partial(workspace.impact_of_rule_deletion, rules),
            partial(self._deletion_confirmation, rules),
            lambda _impact: workspace.delete_access_rules(rules),
        )
        made = await self._tab.attempt_to(asked)
        if made is None:
            return False
        self._tab.say(f"{counted(made.result, 'access rule')} deleted.")
        return True

    def _deletion_confirmation(self, rules: list[str], impact: Impact) -> Confirmation:
        from tui.access_confirmations import impact_confirmation, impact_names
        from tui.dialogs.confirmation import typeable
        from tui.rule_effects import effects_of_deleting

        rows = [self._workspace.access_rule_row(rule) for rule in rules]
        if len(rows) == 1:
            name = rows[0].resource_name
            expected, what = typeable(name, "", rows[0].id)
            title = f"Delete the rule on {shortened(name, _NAME_CELLS)}?"
        else:
            expected, what = str(len(rows)), "their number"
            title = f"Delete {counted(len(rows), 'access rule')}?"
        return impact_confirmation(
            title,
            "Delete",
            impact,
            impact_names(self._workspace, impact),
            extra=effects_of_deleting(self._workspace, rows),
            typed=expected,
            what=what,
        )

    def _operate(self, call: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        return self._tab.admin_app.operate(call, *arguments)

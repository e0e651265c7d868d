"""The Access Rules tab: who may do what with which resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.content import Content

from store.access_views import Grantee, RuleDetails, RuleRow
from store.listing import Query, Selection
from store.workspace import Workspace
from tui.dates import day_and_time
from tui.keys import ACCESS_RULES, bindings
from tui.resource_words import NOBODY, NOBODY_MEANS, counted, resource_cell, type_name
from tui.rule_words import given_to
from tui.tabs.resource_flows import ResourceFlows
from tui.tabs.rule_flows import RuleFlows
from tui.tabs.table_tab import TableTab
from tui.text import content, shortened
from tui.widgets.details_panel import DetailsPanel, PanelAction, line, section
from tui.widgets.record_table import Column

_CHANGING = {"add", "edit", "remove"}
_OF_ONE = {"edit", "reach"}
_OF_ROWS = {"edit", "remove", "reach"}
# So many of those whom a rule names are in the panel.
_MOST_GRANTEES = 200
_MOST_IN_SENTENCE = 6
_NAME_CELLS = 60


class AccessRulesTab(TableTab):
    """The access rules of a workspace.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("access_rules", ACCESS_RULES)]

    columns = (
        Column("type", "TYPE", 8),
        Column("resource", "RESOURCE", 14, flex=4),
        Column("permission", "PERMISSION", 13),
        Column("who", "WHO", 12, flex=5),
    )
    named_by = "resource"
    main_label = "+ ADD RULE"
    main_action = "add"
    filter_hint = "Any words; or type:task  resource:vision  who:mlops"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="access-rules")
        self._workspace = workspace
        self._resources = ResourceFlows(self, workspace)
        self._flows = RuleFlows(self, workspace, self._resources)

    # What is shown

    def list_rows(self, words: str) -> Selection:
        """The access rules that hold these words, sorted."""
        return self._workspace.list_access_rules(Query(words, self.sort_by, self.descending))

    def prepare(self) -> None:
        """Work out what the first impact of a change will need."""
        self._workspace.prepare_access()

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of an access rule's row."""
        row = self._workspace.access_rule_row(key)
        names = [one.name for one in row.grantees]
        who = self.chips_in("who", names) if names else self._nobody()
        return (
            Text(type_name(row.type)),
            resource_cell(row.resource_name, row.path),
            Text(row.permission),
            who,
        )

    def _nobody(self) -> Text:
        return Text(NOBODY, style=self.colour("warning"))

    def heading(self) -> Content:
        """How many access rules there are."""
        count = self._workspace.access_rule_count()
        return Content.assemble(("ACCESS RULES ", "$text-muted"), (f"{count:,}", "bold"))

    def nothing_there(self) -> str:
        """What rules do, where there are none."""
        words = (
            "No rule: every member has Read & Modify on everything.\n"
            "A rule gives a resource, or all of a type, to those whom it names,\n"
            "and closes it to everybody else but administrators."
        )
        if self.main_refusal():
            return words
        catalogue = self.admin_app.keymap.named(self.group, "catalogue")
        add = self.press("add")
        return f"{words}\n{add} to add the first, or {catalogue} for the catalogue of resources."

    def main_refusal(self) -> str:
        """Why none can be added, or ""."""
        if reason := self._workspace.change_refusal:
            return reason
        if not self._workspace.is_administrator:
            return "Only administrators may do this. Ask a member of Admins."
        return ""

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the row, or ""."""
        if action == "add":
            return self.main_refusal()
        if reason := super().reason_against(action):
            return reason
        if action in _CHANGING and (reason := self.main_refusal()):
            return reason
        if action in _OF_ROWS and not self.target_count:
            return "There is no access rule to do this to."
        if action in _OF_ONE and self.target_count > 1:
            return "Only one at a time. Escape clears the marks."
        return ""

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """Ids of the rules, what they are about, and whom they name."""
        rows = [self._workspace.access_rule_row(key) for key in keys]
        texts = {"ID": "\n".join(keys), "Resource": "\n".join(row.resource_name for row in rows)}
        if resources := [row.resource for row in rows if row.resource is not None]:
            texts["Resource ID"] = "\n".join(resources)
        if names := list(dict.fromkeys(one.name for row in rows for one in row.grantees)):
            texts["Who"] = "\n".join(names)
        return texts

    def make_panel(self) -> DetailsPanel:
        """The panel, which has lines alone."""
        return DetailsPanel([])

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """What there is to know of an access rule, and what can be done."""
        rule = self._workspace.access_rule_details(key)
        panel.show(rule.row.resource_name, self._details_lines(rule), self._panel_actions(rule.row))

    def _details_lines(self, rule: RuleDetails) -> list[Content]:
        row = rule.row
        lines = [content(_sentence(row)), Content(""), line("Type", type_name(row.type))]
        if row.resource is not None:
            lines.append(line("Resource ID", row.resource))
        if row.path:
            lines.append(line("Project", row.path))
        lines += [
            line("Covers", counted(rule.covers, "resource")),
            line("Permission", row.permission),
            line("Made", day_and_time(rule.created_at)),
            line("Rule ID", row.id),
            section("GIVEN TO"),
        ]
        lines += [_grantee_line(one) for one in row.grantees[:_MOST_GRANTEES]]
        if len(row.grantees) > _MOST_GRANTEES:
            lines.append(Content(f"and {len(row.grantees) - _MOST_GRANTEES:,} more"))
        if not row.grantees:
            lines.append(Content.styled(NOBODY_MEANS, "$text-warning"))
        return lines

    def _panel_actions(self, row: RuleRow) -> list[PanelAction]:
        reach = [PanelAction("reach", "Who can reach it")] if row.resource is not None else []
        if self.main_refusal():
            return reach
        return [PanelAction("edit", "Edit"), *reach, PanelAction("remove", "Delete")]

    # What is done

    def action_add(self) -> None:
        """Add an access rule."""
        self.start("add", self._adding)

    async def _adding(self) -> None:
        added = await self._flows.add()
        self.reload_at(added)

    def action_edit(self) -> None:
        """Edit the access rule."""
        self.start("edit", lambda: self._flows.edit(self.targets()[0]))

    def action_remove(self) -> None:
        """Delete the access rules."""
        self.start("remove", self._deleting)

    async def _deleting(self) -> None:
        keys = self.targets()
        if await self._flows.delete(keys):
            self.unmark(keys)
            self.close_details()
            self.reload()

    def action_reach(self) -> None:
        """Show who can reach the resource, and why."""
        self.start("reach", self._showing_who_can)

    async def _showing_who_can(self) -> None:
        row = await self.attempt(self._workspace.access_rule_row, self.targets()[0])
        if row is None:
            return
        if row.resource is None:
            catalogue = self.press("catalogue")
            reach = self.admin_app.keymap.named("resources", "reach")
            words = f"{row.resource_name} are no single resource. "
            words += f"{catalogue}, and {reach} on one of them."
            self.refuse(words)
        else:
            await self._resources.show_who_can(row.resource)

    def action_catalogue(self) -> None:
        """Browse the resources."""
        self.start("catalogue", self._browsing)

    async def _browsing(self) -> None:
        from tui.dialogs.catalogue import Catalogue

        await self.app.push_screen_wait(Catalogue(self._workspace))
        self.reload()


def _sentence(row: RuleRow) -> str:
    name = shortened(row.resource_name, _NAME_CELLS)
    what = f"{row.type} {name}" if row.resource else f"{name[:1].lower()}{name[1:]}"
    return f"{row.permission} on {what} for {given_to(row, _MOST_IN_SENTENCE)}."


def _grantee_line(one: Grantee) -> Content:
    return Content.assemble(content(one.name), (f"  {one.kind}", "dim"))

"""The resources of the catalogue, as a tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from store.access_views import ResourceDetails
from store.listing import Query, Selection
from store.terms import QUEUE
from store.workspace import Workspace
from tui.keys import RESOURCES, bindings
from tui.resource_words import counted, type_name
from tui.rule_words import given_to
from tui.tabs.resource_flows import ResourceFlows
from tui.tabs.table_tab import TableTab
from tui.text import SHORT_ID_CELLS, cell, content, short_id
from tui.widgets.details_panel import DetailsPanel, PanelAction, line, section
from tui.widgets.record_table import Column

_CHANGING = {"add", "edit", "remove", "import"}
_OF_ONE = {"edit", "reach"}
_OF_ROWS = {"edit", "remove", "reach"}
_MOST_RULES = 50


class ResourcesTab(TableTab):
    """The catalogue of a workspace.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("resources", RESOURCES)]

    columns = (
        Column("type", "TYPE", 8),
        Column("name", "NAME", 14, flex=3),
        Column("project", "PROJECT", 14, flex=3),
        Column("rules", "OWN RULES", 11),
        Column("id", "ID", SHORT_ID_CELLS),
    )
    named_by = "name"
    main_label = "+ ADD RESOURCE"
    main_action = "add"
    filter_hint = "Words of the name, the project or the ID; type:task"

    class Left(Message):
        """There was nothing left to leave but the catalogue itself."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="resources")
        self._workspace = workspace
        self._flows = ResourceFlows(self, workspace)

    # What is shown

    def list_rows(self, words: str) -> Selection:
        """The resources that hold these words, sorted."""
        return self._workspace.list_resources(Query(words, self.sort_by, self.descending))

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of a resource's row."""
        row = self._workspace.resource_row(key)
        return (
            Text(type_name(row.type)),
            cell(row.name),
            cell(row.path, "dim"),
            Text(f"{row.rules:,}" if row.rules else "none", style="" if row.rules else "dim"),
            cell(short_id(key)),
        )

    def heading(self) -> Content:
        """How many resources there are."""
        count = self._workspace.resource_count()
        return Content.assemble(("CATALOGUE ", "$text-muted"), (f"{count:,}", "bold"))

    def nothing_there(self) -> str:
        """What is said where the catalogue is empty."""
        words = "The catalogue is empty: access rules can be about all of a type alone."
        if self.main_refusal():
            return words
        bring_in = self.admin_app.keymap.named(self.group, "import")
        return f"{words}\n{self.press('add')} to add a resource, or {bring_in} to import many."

    def main_refusal(self) -> str:
        """Why none can be added, or ""."""
        if reason := self._workspace.change_refusal:
            return reason
        if not self._workspace.is_administrator:
            return "Only administrators may do this. Ask a member of Admins."
        return ""

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the row, or ""."""
        if reason := super().reason_against(action):
            return reason
        if action in _CHANGING and (reason := self.main_refusal()):
            return reason
        if action in _OF_ROWS and not self.target_count:
            return "There is no resource to do this to."
        if action in _OF_ONE and self.target_count > 1:
            return "Only one at a time. Escape clears the marks."
        return ""

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """Ids, names and paths of the resources."""
        rows = [self._workspace.resource_row(key) for key in keys]
        return {
            "ID": "\n".join(keys),
            "Name": "\n".join(row.name for row in rows),
            "Project": "\n".join(row.path for row in rows if row.path),
        }

    def make_panel(self) -> DetailsPanel:
        """The panel, which has lines alone."""
        return DetailsPanel([])

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """What there is to know of a resource, and what can be done."""
        resource = self._workspace.resource_details(key)
        panel.show(resource.row.name, self._details_lines(resource), self._panel_actions())

    def _details_lines(self, resource: ResourceDetails) -> list[Content]:
        row = resource.row
        lines = [line("ID", row.id), line("Type", type_name(row.type))]
        if row.type != QUEUE:
            lines.append(line("Project", row.path or "none"))
        if row.contents:
            lines.append(line("Contents", counted(row.contents, "resource")))
        lines.append(section("ITS OWN RULES"))
        rules = [self._workspace.access_rule_row(key) for key in resource.rules[:_MOST_RULES]]
        lines += [content(f"{rule.permission} for {given_to(rule, 6)}") for rule in rules]
        if len(resource.rules) > _MOST_RULES:
            lines.append(Content(f"and {len(resource.rules) - _MOST_RULES:,} more"))
        if not rules:
            lines.append(Content("none"))
        reach = self.admin_app.keymap.named(self.group, "reach")
        words = "Rules of its project and of all of its type count, too: "
        words += f"{reach} shows who can reach it."
        return [*lines, Content(""), Content.styled(words, "dim")]

    def _panel_actions(self) -> list[PanelAction]:
        reach = PanelAction("reach", "Who can reach it")
        if self.main_refusal():
            return [reach]
        return [PanelAction("edit", "Edit"), reach, PanelAction("remove", "Delete")]

    # What is done

    def action_clear(self) -> None:
        """Clear one thing after the other; with nothing left, leave the catalogue."""
        if self.reason_against("clear"):
            self.post_message(self.Left())
        else:
            super().action_clear()

    def action_add(self) -> None:
        """Add a resource."""
        self.start("add", self._adding)

    async def _adding(self) -> None:
        added = await self._flows.add()
        self.reload_at(added)

    def action_edit(self) -> None:
        """Rename a resource, or move it to another project."""
        self.start("edit", lambda: self._flows.edit(self.targets()[0]))

    def action_remove(self) -> None:
        """Delete the resources, with what is in them and their rules."""
        self.start("remove", self._deleting)

    async def _deleting(self) -> None:
        keys = self.targets()
        if await self._flows.delete(keys):
            self.unmark(keys)
            self.close_details()
            self.reload()

    def action_import(self) -> None:
        """Import resources as JSON lines."""
        self.start("import", self._importing)

    async def _importing(self) -> None:
        await self._flows.bring_in()
        self.reload()

    def action_reach(self) -> None:
        """Show who can reach the resource, and why."""
        self.start("reach", lambda: self._flows.show_who_can(self.targets()[0]))

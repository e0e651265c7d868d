"""The members of a user group, in the details panel."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import DataTable, Static

from tui.widgets.member_lines import NAME_COLUMNS, NameOf, name_cells
from tui.widgets.panel_section import PanelSection
from tui.widgets.plain_lines import PlainLines


class GroupMembers(PanelSection):
    """All members of a group by name; only the lines that are drawn are made.

    Args:
        name_of: What a member is called.
    """

    def __init__(self, name_of: NameOf) -> None:
        super().__init__(classes="group-members")
        self._name_of = name_of

    def compose(self) -> ComposeResult:
        """How many they are, and who."""
        yield Static(classes="group-members-heading")
        yield PlainLines(NAME_COLUMNS, classes="group-members-rows")

    def show(self, members: Sequence[str], count: int, instead: str) -> None:
        """Show these in the place of what was shown.

        Args:
            members: Their ids, by name.
            count: How many members the group has.
            instead: What is said where none is listed.
        """
        had_focus = self.screen.focused is self.table
        self.table.show(members, lambda key: name_cells(self._name_of, key))
        self.table.display = bool(members)
        if had_focus and not members:
            # The panel around it takes the keys.
            around = (node for node in self.ancestors if isinstance(node, Widget))
            self.screen.set_focus(next(node for node in around if node.can_focus))
        heading = Content.styled(f"MEMBERS {count:,}", "bold $accent")
        if not members:
            heading += Content.styled(f"  {instead}", "$text-muted")
        self.query_one(".group-members-heading", Static).update(heading)

    @property
    def table(self) -> PlainLines:
        """The table itself."""
        return self.query_one(PlainLines)

    @property
    def can_be_entered(self) -> bool:
        """Whether there is a member to go to."""
        return bool(self.table.row_count)

    def enter(self) -> None:
        """Go to the members."""
        self.table.focus()

    @on(DataTable.RowHighlighted)
    @on(DataTable.RowSelected)
    @on(PlainLines.LeftAbove)
    def _moved(
        self, event: DataTable.RowHighlighted | DataTable.RowSelected | PlainLines.LeftAbove
    ) -> None:
        # They are there to be read: the tab's table is not meant.
        event.stop()

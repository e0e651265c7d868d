"""Members in a table without a header, a line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.message import Message

from store.errors import NotFound
from tui.text import cell, short_id
from tui.widgets.record_table import Column, RecordTable

if TYPE_CHECKING:
    from store.member_views import MemberName

NameOf = Callable[[str], "MemberName"]

# What a member is called, and the email or `service account`.
NAME_COLUMNS = (Column("name", "", 12, flex=1), Column("beside", "", 12, flex=1))


class MemberLines(RecordTable):
    """A line for each member; a click selects it at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Not in the footer: what it does is said where the lines are.
        Binding("enter", "select_cursor", show=False, id="lines.select"),
        Binding("j", "cursor_down", show=False, id="lines.down"),
        Binding("k", "cursor_up", show=False, id="lines.up"),
        Binding("home,g", "scroll_top", show=False, id="lines.top"),
        Binding("end,G", "scroll_bottom", show=False, id="lines.bottom"),
    ]

    class LeftAbove(Message):
        """The cursor was to go above the first line."""

    def on_mount(self) -> None:
        """Take no line for a header."""
        self.show_header = False

    def on_click(self, event: events.Click) -> None:
        """Select the line: the stock table wants the cursor to be there already."""
        meta = event.style.meta
        if meta.get("row", -1) >= 0 and "column" in meta:
            self.cursor_coordinate = Coordinate(meta["row"], meta["column"])

    def action_cursor_up(self) -> None:
        """Go to the line before, or leave above the first."""
        if self.cursor_row <= 0:
            self.post_message(self.LeftAbove())
        else:
            super().action_cursor_up()


def name_cells(name_of: NameOf, key: str) -> tuple[Text, Text]:
    """The cells of `NAME_COLUMNS` for a member."""
    try:
        name = name_of(key)
    except NotFound:
        return cell(short_id(key), "dim"), Text("not in the workspace any more", style="dim")
    called = cell(name.called, "dim" if name.is_suspended else "")
    if name.is_suspended:
        called.append(" (suspended)")
    return called, cell(name.beside, "dim")

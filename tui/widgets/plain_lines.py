"""A table of lines to pick from, without a header."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.message import Message

from tui.widgets.record_table import RecordTable


class PlainLines(RecordTable):
    """Records in a table without a header, a line each; a click selects one at once."""

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

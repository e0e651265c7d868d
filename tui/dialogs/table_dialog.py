"""A whole screen with a table that only tells: filtered by typing, and copied as text."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, DataTable, Input, Static

from store.alphabet import plain
from tui.dialogs.dialog import Dialog, button
from tui.key_queue import SEARCH
from tui.text import released
from tui.widgets.field import text_input
from tui.widgets.record_table import Column, RecordTable


class Line(Protocol):
    """A line of such a table."""

    @property
    def key(self) -> str:
        """What tells it from the others."""

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the plain words is found in it."""


L = TypeVar("L", bound=Line)


class TableDialog(Dialog[None], Generic[L]):
    """Lines that are filtered by typing, with the one at the cursor told in full.

    Args:
        title: What they are.
        placeholder: What the filter takes.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "access_dialogs.tcss"]  # type: ignore[assignment]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-low"),
        (34, "-high"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="table.filter"),
        Binding("y", "copy", "Copy", id="table.copy"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
        Binding("g", "top", show=False),
        Binding("G", "bottom", show=False),
    ]

    columns: ClassVar[tuple[Column, ...]]

    def __init__(self, title: str, placeholder: str) -> None:
        super().__init__(title)
        self._placeholder = placeholder
        self._shown: dict[str, L] = {}

    # What a table says of itself

    def lines(self) -> Sequence[L]:
        """The lines, before they are filtered."""
        raise NotImplementedError

    def head(self) -> Content:
        """What is said above the table."""
        raise NotImplementedError

    def cells(self, line: L) -> Sequence[Text]:
        """The cells of a line."""
        raise NotImplementedError

    def told(self, line: L) -> Content:
        """The line at the cursor, in full."""
        raise NotImplementedError

    def nothing_there(self) -> str:
        """What is said where there is no line at all."""
        raise NotImplementedError

    async def copied(self, lines: Sequence[L]) -> str:
        """The lines as text."""
        raise NotImplementedError

    # Building

    def compose_body(self) -> Iterable[Widget]:
        """What is said above, the filter, the table, and the line at the cursor in full."""
        yield Static(self.head(), classes="access-head")
        yield text_input(placeholder=self._placeholder)
        yield RecordTable(self.columns, classes="access-rows")
        yield Static(classes="access-line")

    def compose_buttons(self) -> Iterable[Button]:
        """Copy, or leave."""
        yield button("Copy", "copy")
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin among the lines, which the first frame shows."""
        self.show_lines({line.key: line for line in self.lines()})
        self.query_one(RecordTable).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy. Textual calls the base's own, too."""
        event.stop()
        if event.button.id == "copy":
            self.action_copy()

    # What is shown

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.list_lines()

    @work(exclusive=True, group=SEARCH)
    async def list_lines(self) -> None:
        """Show the lines that hold every word that is typed."""
        words = plain(self.query_one(Input).value).split()
        self.show_lines(await asyncio.to_thread(_matching, self.lines(), words))

    def show_lines(self, lines: dict[str, L]) -> None:
        """Show these; the cursor stays on its line."""
        self._shown = lines
        self.query_one(RecordTable).show(list(lines), lambda key: self.cells(lines[key]))
        self.describe()

    @on(DataTable.RowHighlighted)
    def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self.describe()

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        event.stop()

    def describe(self) -> None:
        """Say all of the line at the cursor."""
        key = self.query_one(RecordTable).cursor_key
        if key is not None and key in self._shown:
            text = self.told(self._shown[key])
        elif self.query_one(Input).value.strip():
            text = Content.styled("Nothing holds these words.", "$text-muted")
        else:
            text = Content.styled(self.nothing_there(), "$text-muted")
        self.query_one(".access-line", Static).update(text)

    # Actions

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _filter_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one(RecordTable).focus()

    def action_cancel(self) -> None:
        """Clear the filter that is being typed, or leave."""
        control = self.query_one(Input)
        if control.has_focus and control.value:
            control.value = ""
        else:
            super().action_cancel()

    def action_down(self) -> None:
        """Go to the next line."""
        self.query_one(RecordTable).action_cursor_down()

    def action_up(self) -> None:
        """Go to the line before."""
        self.query_one(RecordTable).action_cursor_up()

    def action_top(self) -> None:
        """Go to the first line."""
        self.query_one(RecordTable).action_scroll_top()

    def action_bottom(self) -> None:
        """Go to the last line."""
        self.query_one(RecordTable).action_scroll_bottom()

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy the lines that are shown, as text."""
        if self.is_busy:
            return
        text = await self.attempt(self.copied(list(self._shown.values())))
        if text is not None:
            self.app.copy_to_clipboard(released(text))
            count = "1 line" if len(self._shown) == 1 else f"{len(self._shown):,} lines"
            said = f"{count} sent to your terminal's clipboard."
            self.notify(said, markup=False)


def _matching(lines: Sequence[L], words: Sequence[str]) -> dict[str, L]:
    return {line.key: line for line in lines if line.matches(words)}

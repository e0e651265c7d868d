"""The line in which a filter is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input, Static

from tui.widgets.one_line_input import OneLineInput


class _SteadyInput(OneLineInput):
    """An input that takes the same room whatever is typed, so that a key lays nothing out."""

    virtual_size = Reactive(Size(0, 0))

    # As the stock input has it, but for the footer to show.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "To the rows", id="filter.rows")
    ]


class FilterBar(Horizontal):
    """An input with the number of rows that it leaves.

    Args:
        typed: Called at once when the text changes, before anything is drawn.
        hint: What can be typed, where that is not plain words alone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "rows", show=False)]

    @dataclass
    class Entered(Message):
        """Enter or an arrow was pressed: on to the rows."""

        words: str

    def __init__(self, typed: Callable[[], None], hint: str = "") -> None:
        super().__init__(classes="filter")
        self._typed = typed
        self._hint = hint
        self._count: int | None = None

    def compose(self) -> ComposeResult:
        """The sign of the key, the input, the number."""
        yield Static(Content("/"), classes="filter-sign")
        yield _SteadyInput(
            placeholder=self._hint, classes="filter-input", compact=True, select_on_focus=False
        )
        yield Static(classes="filter-count")

    def on_mount(self) -> None:
        """Follow the text, and take the focus."""
        self.watch(self._input, "value", self._typed, init=False)
        self._input.focus()

    @property
    def words(self) -> str:
        """What is typed."""
        return self._input.value

    def type(self, words: str) -> None:
        """Put these words in the place of what is typed."""
        self._input.value = words
        self._input.cursor_position = len(words)

    def show_count(self, count: int | None) -> None:
        """Say how many rows are left, or nothing for None."""
        if count != self._count:
            self._count = count
            text = "" if count is None else f"{count:,} shown"
            self.query_one(".filter-count", Static).update(Content(text), layout=False)

    def focus_input(self) -> None:
        """Go on typing."""
        self._input.focus()

    @property
    def _input(self) -> Input:
        return self.query_one(Input)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(event.value))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()

    def action_rows(self) -> None:
        """Go to the rows."""
        self.post_message(self.Entered(self.words))

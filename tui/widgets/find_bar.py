"""A line in which somebody types what is to be found in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.widgets.editor.finding import MOST_PLACES
from tui.widgets.field import text_input


class FindBar(Horizontal):
    """The words, and how many places have them. It is out of sight until it is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False, id="find.next"),
        Binding("up", "step(-1)", show=False, id="find.previous"),
    ]

    @dataclass
    class Sought(Message):
        """Other words are sought."""

        words: str

    @dataclass
    class Stepped(Message):
        """The next place is wanted, or the one before."""

        direction: int

    def __init__(self) -> None:
        super().__init__(classes="find-bar")
        self.display = False

    def compose(self) -> ComposeResult:
        """The words, and what was found."""
        yield Static("Find ", classes="find-label")
        yield text_input()
        yield Static(classes="find-count")

    def open(self, words: str) -> None:
        """Come into sight, and take words.

        Args:
            words: What is sought to begin with, or "" for what was sought last.
        """
        self.display = True
        line = self.query_one(Input)
        if words:
            line.value = words
        line.focus()
        line.select_all()
        self.post_message(self.Sought(line.value))

    def close(self) -> None:
        """Go out of sight."""
        self.display = False

    def show_count(self, number: int, count: int) -> None:
        """Say which place the cursor is at.

        Args:
            number: Which one it is, from 1.
            count: How many there are.
        """
        more = " or more" if count == MOST_PLACES else ""
        words = f"{number:,} of {count:,}{more}" if count else "nothing"
        if not self.query_one(Input).value:
            words = "enter or ↓ next, ↑ previous, esc ends"
        self.query_one(".find-count", Static).update(Content(words))

    def action_step(self, direction: int) -> None:
        """Go to the next place, or to the one before."""
        self.post_message(self.Stepped(direction))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Sought(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Stepped(1))

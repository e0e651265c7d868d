"""The lines in which somebody types what is to be found in a text, and what is put there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from tui.widgets.editor.finding import MOST_PLACES
from tui.widgets.field import text_input
from tui.widgets.plain_button import PlainButton


class FindBar(Vertical):
    """The words, how many places have them, and what is put there.

    It is out of sight until it is opened; its second line, until somebody wants to replace.
    """

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

    @dataclass
    class Replaced(Message):
        """Words are to be put in the place of what was found: of the one at the cursor, or all."""

        words: str
        is_all: bool

    def __init__(self) -> None:
        super().__init__()
        self.display = False

    def compose(self) -> ComposeResult:
        """The words, what was found, and what is put there."""
        with Horizontal(classes="find-bar"):
            yield Static("Find ", classes="find-label")
            yield text_input().set_class(True, "find-words")
            yield Static(classes="find-count")
        with Horizontal(classes="find-bar replace-bar"):
            yield Static("Replace with ", classes="find-label")
            yield text_input().set_class(True, "find-instead")
            yield Static("enter replaces it and goes on", classes="find-count")
            yield PlainButton("Replace all", id="replace-all", classes="dialog-button")

    @property
    def _words(self) -> Input:
        return self.query_one(".find-words", Input)

    @property
    def _instead(self) -> Input:
        return self.query_one(".find-instead", Input)

    def open(self, words: str, *, is_replacing: bool = False) -> None:
        """Come into sight, and take words.

        Args:
            words: What is sought to begin with, or "" for what was sought last.
            is_replacing: Whether it is to be replaced.
        """
        self.display = True
        self.query_one(".replace-bar").display = is_replacing
        if words:
            self._words.value = words
        line = self._instead if is_replacing and self._words.value else self._words
        line.focus()
        line.select_all()
        self.post_message(self.Sought(self._words.value))

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
        if not self._words.value:
            words = "enter or ↓ next, ↑ previous, esc ends"
        self.query_one(".find-count", Static).update(Content(words))

    def action_step(self, direction: int) -> None:
        """Go to the next place, or to the one before."""
        self.post_message(self.Stepped(direction))

    @on(Input.Changed, ".find-words")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Sought(event.value))

    @on(Input.Submitted, ".find-words")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Stepped(1))

    @on(Input.Changed, ".find-instead")
    def _typed_instead(self, event: Input.Changed) -> None:
        event.stop()

    @on(Input.Submitted, ".find-instead")
    def _entered_instead(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Replaced(event.value, is_all=False))

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Replaced(self._instead.value, is_all=True))

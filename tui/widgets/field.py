"""One field of a dialog: its label, its input, and what is wrong with it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.text import content
from tui.widgets.one_line_input import OneLineInput


class Field(Vertical):
    """A labelled input that shows its own errors.

    Args:
        name: The name by which errors of the store mean it.
        label: What is asked for.
        control: The input.
        hint: A word of explanation below it, or "".
    """

    def __init__(self, name: str, label: str, control: Widget, *, hint: str = "") -> None:
        super().__init__(id=f"field-{name.replace('_', '-')}", classes="field")
        self._label = label
        self._hint = hint
        self.field_name = name
        self.control = control

    def compose(self) -> ComposeResult:
        """The label, the input, and a line for the hint or the error."""
        yield Static(content(self._label), classes="field-label")
        yield self.control
        yield Static(content(self._hint), classes="field-note")

    def on_mount(self) -> None:
        """Take no line for a hint that is not there."""
        self._show_note(content(self._hint), is_error=False)

    def show_error(self, message: str) -> None:
        """Say what is wrong, in the place of the hint."""
        self._show_note(content(message), is_error=True)

    def clear_error(self) -> None:
        """Show the hint again."""
        self._show_note(content(self._hint), is_error=False)

    def _show_note(self, note: Content, *, is_error: bool) -> None:
        line = self.query_one(".field-note", Static)
        line.update(note)
        line.display = bool(note)
        self.set_class(is_error, "-invalid")


def text_input(value: str = "", *, placeholder: str = "") -> Input:
    """An input for one line of text, with the cursor behind what it holds."""
    return OneLineInput(value, placeholder=placeholder, select_on_focus=False, compact=True)

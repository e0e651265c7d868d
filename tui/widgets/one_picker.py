"""A short list, one line of which is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.dialogs.choice import Choice
from tui.text import content


class OnePicker(OptionList):
    """The lines in the order given; the one that the cursor is on is chosen.

    Not Textual's RadioSet, whose chosen line differs from the others in colour alone.

    Args:
        choices: The lines, at least one.
        present: The value that is chosen to begin with, or "" for the first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False, id="one.down"),
        Binding("k", "cursor_up", show=False, id="one.up"),
    ]

    class Picked(Message):
        """Another line was chosen."""

    class Entered(Message):
        """Enter was pressed on the line that is chosen."""

    def __init__(self, choices: Sequence[Choice], *, present: str = "") -> None:
        self._choices = choices
        values = [choice.value for choice in choices]
        self._chosen = values.index(present) if present else 0
        options = [
            Option(self._prompt(index), choice.value) for index, choice in enumerate(choices)
        ]
        super().__init__(*options, compact=True, markup=False)
        self.highlighted = self._chosen

    @property
    def chosen(self) -> str:
        """The value of the line that is chosen."""
        return self._choices[self._chosen].value

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Choose the line that the cursor has come to."""
        event.stop()
        former, self._chosen = self._chosen, event.option_index
        if former == self._chosen:
            return
        for index in (former, self._chosen):
            self.replace_option_prompt_at_index(index, self._prompt(index))
        self.post_message(self.Picked())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say that the line was entered."""
        event.stop()
        self.post_message(self.Entered())

    def _prompt(self, index: int) -> Content:
        is_chosen = index == self._chosen
        mark = ("(•) ", "bold $accent") if is_chosen else ("( ) ", "$text-muted")
        return Content.assemble(mark, content(self._choices[index].label))

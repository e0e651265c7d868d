"""A short list to choose one line from, such as what to sort by or what to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, OptionList
from textual.widgets.option_list import Option

from tui.dialogs.dialog import Dialog
from tui.text import content


@dataclass(frozen=True)
class Choice:
    """One line.

    Attributes:
        value: What choosing it gives.
        label: What it says; it may hold text from people.
        more: Lines under it, of which the same holds.
    """

    value: str
    label: str
    more: tuple[str, ...] = ()

    @property
    def shown(self) -> Content:
        """What it says, with the lines under it."""
        return Content("\n").join(
            [content(self.label), *(content(f"  {line}") for line in self.more)]
        )


class ChoiceDialog(Dialog[str]):
    """A list; enter chooses, escape leaves.

    Args:
        title: What is chosen.
        choices: The lines.
        present: The value to begin at, or "".
        again: Keys that go to the next line, as those that opened the list, with commas between.
    """

    def __init__(
        self, title: str, choices: Sequence[Choice], *, present: str = "", again: str = ""
    ) -> None:
        super().__init__(title)
        self._choices = choices
        self._present = present
        self._again = again

    def compose_body(self) -> Iterable[Widget]:
        """The lines."""
        yield OptionList(
            *(Option(choice.shown, id=choice.value) for choice in self._choices),
            compact=True,
            markup=False,
        )

    def compose_buttons(self) -> Iterable[Button]:
        """None: the list is all there is."""
        return ()

    def on_mount(self) -> None:
        """Begin at the present one."""
        options = self.query_one(OptionList)
        values = [choice.value for choice in self._choices]
        options.highlighted = values.index(self._present) if self._present in values else 0
        if self._again:
            self._bindings.bind(self._again, "next", show=False)

    def action_next(self) -> None:
        """Go to the next line."""
        self.query_one(OptionList).action_cursor_down()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Leave with what was chosen."""
        event.stop()
        self.dismiss(event.option_id)

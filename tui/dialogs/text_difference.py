"""What is different between two texts, before the one replaces the other, or to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import button
from tui.dialogs.secrets_hidden import SecretsHidden
from tui.differences import Difference, DifferenceLine
from tui.text import content
from tui.widgets.difference_view import DifferenceView


class TextDifference(SecretsHidden[bool]):
    """Shows lines that went and came, over the whole screen. Gives True where they are wanted.

    Args:
        title: What is compared.
        difference: What is different, as `tui.differences.vault_difference` gives it.
        notes: What is to be said besides, a line each; it may hold text from people.
        verb: What enter does, such as "Save"; "" where there is only something to be seen.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "vault_dialogs.tcss"]  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "Accept", show=False, id="difference.accept"),
        Binding("ctrl+s", "accept", "Accept", show=False, id="difference.save"),
    ]

    def __init__(
        self,
        title: str,
        difference: Difference,
        *,
        notes: Sequence[str] = (),
        verb: str = "",
    ) -> None:
        super().__init__(title, has_secrets=difference.hidden != difference.lines)
        self._difference = difference
        self._notes = notes
        self._verb = verb

    @property
    def _lines(self) -> Sequence[DifferenceLine]:
        return self._difference.lines if self._shows_secrets else self._difference.hidden

    def compose_body(self) -> Iterable[Widget]:
        """How much is different, and the lines."""
        yield Static(self._summary(), classes="difference-summary")
        if self._lines:
            yield DifferenceView(self._lines)

    def compose_buttons(self) -> Iterable[Button]:
        """Leave or go on, and show secrets."""
        yield button("Cancel" if self._verb else "Close", "cancel")
        yield from self.compose_secrets_button()
        if self._verb:
            yield button(self._verb, "accept", "primary")

    def on_mount(self) -> None:
        """Begin with the lines, where the arrows scroll."""
        views = self.query(DifferenceView)
        (views.first() if views else self.query(Button).last()).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave or go on."""
        event.stop()
        if event.button.id == "accept":
            self.action_accept()

    def show_secrets(self) -> None:
        """Show the lines with their secrets, or without."""
        self.query_one(DifferenceView).show(self._lines)

    def action_accept(self) -> None:
        """Leave with yes; where there is only something to be seen, leave."""
        self.dismiss(True if self._verb else None)

    def _summary(self) -> Content:
        came = sum(line.sign == "+" for line in self._lines)
        went = sum(line.sign == "-" for line in self._lines)
        if self._lines:
            summary = Content.assemble(
                (f"+ {_lines(came)} added", "$success"),
                "   ",
                (f"- {_lines(went)} removed", "$error"),
            )
        else:
            summary = Content("The texts are the same.")
        return Content("\n").join([summary, *map(content, self._notes)])


def _lines(number: int) -> str:
    return f"{number:,} {'line' if number == 1 else 'lines'}"

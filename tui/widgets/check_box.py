"""A box to tick."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static


class CheckBox(Static, can_focus=True):
    """One line that is ticked or not.

    Not Textual's Checkbox, whose ticked state differs from the other in colour alone.

    Args:
        label: What is ticked.
        value: Whether it is ticked to begin with.
        name: Its id.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "tick", "Tick", show=False, id="box.tick")
    ]

    def __init__(self, label: str, value: bool, *, name: str) -> None:
        super().__init__(id=name, classes="check-box")
        self._label = label
        self.value = value
        self._show()

    def action_tick(self) -> None:
        """Tick the box, or take the tick away."""
        self.value = not self.value
        self._show()

    def on_click(self) -> None:
        """Tick the box, or take the tick away."""
        self.action_tick()

    def _show(self) -> None:
        box = ("[x] ", "bold $accent") if self.value else ("[ ] ", "$text-muted")
        self.update(Content.assemble(box, self._label))

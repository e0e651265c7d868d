"""A dialog with fields, whose values an operation takes."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input

from tui.dialogs.dialog import Dialog

T = TypeVar("T")


class Form(Dialog[T]):
    """A dialog that is saved with its button, with ctrl+s, or with enter in a field."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", id="form.save")]

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave or save."""
        event.stop()
        if event.button.id == "save":
            self.action_save()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_save()

    @work(group="save")
    async def action_save(self) -> None:
        """Save what was typed; leave when it is saved."""
        if not self.is_busy:
            result = await self.attempt(self.save())
            if result is not None:
                self.dismiss(result)

    async def save(self) -> T:
        """Hand what was typed to the operation.

        Raises:
            WorkspaceError: It was refused; the dialog shows why and stays.
        """
        raise NotImplementedError

    def value(self, field: str) -> str:
        """What was typed into the field of that name."""
        return self.query_one(f"#field-{field.replace('_', '-')} Input", Input).value

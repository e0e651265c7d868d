"""A message that stays until it has been read, and can be copied."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Button, TextArea

from tui.dialogs.dialog import Dialog, button
from tui.text import visible


class MessageDialog(Dialog[None]):
    """Says what happened, such as that the store could not be written.

    Args:
        title: What it is about.
        message: What is said.
    """

    def __init__(self, title: str, message: str) -> None:
        super().__init__(title)
        self._message = message

    def compose_body(self) -> Iterable[Widget]:
        """The message, in what can be selected."""
        yield TextArea(visible(self._message), read_only=True, classes="message", compact=True)

    def compose_buttons(self) -> Iterable[Button]:
        """Copy it, or close."""
        yield button("Copy", "copy")
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Enter closes."""
        self.query_one("#cancel").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, or close."""
        event.stop()
        if event.button.id == "copy":
            self.app.copy_to_clipboard(self._message)
            self.notify("Sent to your terminal's clipboard.", markup=False)

"""One value of a configuration in full, however long it is."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import Dialog, button


class WholeValue(Dialog[None]):
    """Shows a value, where it is from and what it overrode.

    Args:
        path: The path of the value.
        said: What there is to be said of it, as it is shown.
    """

    def __init__(self, path: str, said: Content) -> None:
        super().__init__(path)
        self._said = said

    def compose_body(self) -> Iterable[Widget]:
        """All that is to be said."""
        yield Static(self._said)

    def compose_buttons(self) -> Iterable[Button]:
        """Close."""
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin at the top, where the arrows scroll."""
        body = self.query_one(".dialog-body")
        body.can_focus = True
        body.focus()

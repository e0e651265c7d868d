"""What dialogs share that hide secrets until they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button

from tui.dialogs.dialog import Dialog, button

T = TypeVar("T")

_SHOW, _HIDE = "Show secrets", "Hide secrets"


class SecretsHidden(Dialog[T]):
    """A dialog whose secrets are shown and hidden again by `s` and by a button."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "secrets", _SHOW, show=False, id="dialog.secrets")
    ]

    def __init__(self, title: str, *, has_secrets: bool = True) -> None:
        super().__init__(title)
        self._has_secrets = has_secrets
        self._shows_secrets = False

    def show_secrets(self) -> None:
        """Draw what there is anew, with the secrets or without."""
        raise NotImplementedError

    def compose_secrets_button(self) -> Iterable[Button]:
        """The button, where there are secrets."""
        if self._has_secrets:
            yield button(_SHOW, "secrets")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Show the secrets, or hide them. Textual calls this besides a subclass's own."""
        event.stop()
        if event.button.id == "secrets":
            self.action_secrets()

    def action_secrets(self) -> None:
        """Show the secrets, or hide them again."""
        if not self._has_secrets:
            return
        self._shows_secrets = not self._shows_secrets
        label = Content(_HIDE if self._shows_secrets else _SHOW)
        self.query_one("#secrets", Button).label = label
        self.show_secrets()

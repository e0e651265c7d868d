"""Somebody else has saved the vault meanwhile: both texts, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget
from textual.widgets import Button, Static

from store.vaults.formats import SHOWN, Format
from tui.dialogs.dialog import button
from tui.dialogs.secrets_hidden import SecretsHidden
from tui.text import content
from tui.widgets.vault_editor import VaultEditor

_EXPLANATION = (
    "Nothing has been overwritten. If you keep editing, saving shows the difference to "
    "their text, and then replaces it."
)


class VaultConflict(SecretsHidden[str]):
    """Shows what was saved by another beside one's own. Gives "theirs", or None to keep editing.

    Args:
        theirs: The text that was saved meanwhile, and its format.
        by: Who saved it and when, in words, or "".
        mine: One's own text, and its format.
        hidden: Both texts with their secrets hidden, which are shown at first.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "vault_dialogs.tcss"]  # type: ignore[assignment]
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-stacked"),
        (100, "-beside"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "app.focus_next", show=False),
        Binding("left", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        *,
        theirs: tuple[str, Format],
        by: str,
        mine: tuple[str, Format],
        hidden: Sequence[str],
    ) -> None:
        super().__init__(
            "Saved by another meanwhile", has_secrets=tuple(hidden) != (theirs[0], mine[0])
        )
        self._theirs = theirs
        self._by = by
        self._mine = mine
        self._hidden = tuple(hidden)

    def compose_body(self) -> Iterable[Widget]:
        """Both texts."""
        yield Static(content(_EXPLANATION), classes="explanation")
        yield Container(
            _Side(f"Theirs{', ' if self._by else ''}{self._by}", self._hidden[0], self._theirs[1]),
            _Side("Yours, not saved", self._hidden[1], self._mine[1]),
            classes="sides",
        )

    def compose_buttons(self) -> Iterable[Button]:
        """What can be done."""
        yield from self.compose_secrets_button()
        yield button("Copy mine", "copy")
        yield button("Take theirs", "theirs", "danger")
        yield button("Keep editing", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin where nothing is lost."""
        self.query_one("#cancel").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, or leave."""
        event.stop()
        if event.button.id == "copy":
            self.app.copy_to_clipboard(self._mine[0])
            self.notify("Sent to your terminal's clipboard.", markup=False)
        elif event.button.id == "theirs":
            self.dismiss("theirs")

    def show_secrets(self) -> None:
        """Show both texts with their secrets, or without."""
        texts = (self._theirs[0], self._mine[0]) if self._shows_secrets else self._hidden
        for editor, text in zip(self.query(VaultEditor), texts, strict=True):
            editor.load_text(text)


class _Side(Vertical):
    def __init__(self, heading: str, text: str, text_format: Format) -> None:
        super().__init__(classes="side")
        self._heading = f"{heading} ({SHOWN[text_format]})"
        self._text = text
        self._format = text_format

    def compose(self) -> ComposeResult:
        """The heading and the text."""
        yield Static(content(self._heading), classes="side-heading")
        yield VaultEditor(self._text, text_format=self._format, read_only=True)

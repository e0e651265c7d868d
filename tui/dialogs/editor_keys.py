"""All keys of the editor, in the order of its footer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import Dialog, button


class EditorKeys(Dialog[None]):
    """Shows what each key does.

    Args:
        keys: Keys as a person reads them, each with a sentence.
    """

    def __init__(self, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__("Keys of the editor")
        self._keys = keys

    def compose_body(self) -> Iterable[Widget]:
        """A line for each key."""
        lines = [Content.assemble((f" {key:<5}", "bold $accent"), does) for key, does in self._keys]
        yield Static(Content("\n").join(lines))

    def compose_buttons(self) -> Iterable[Button]:
        """Close."""
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin at the top, where the arrows scroll."""
        body = self.query_one(".dialog-body")
        body.can_focus = True
        body.focus()

"""Asking for a file to read a text from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual.widget import Widget
from textual.widgets import Button, Input

from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.widgets.field import Field, text_input


class OpenFile(Form[str]):
    """Asks for a path. Gives the text of the file.

    Args:
        title: What the text is for.
        offered: The path to begin with.
        read: Reads the file of that path.
    """

    def __init__(self, title: str, offered: str, *, read: Callable[[str], Awaitable[str]]) -> None:
        super().__init__(title)
        self._offered = offered
        self._read = read

    def compose_body(self) -> Iterable[Widget]:
        """The path."""
        yield Field("path", "File", text_input(self._offered))

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or read."""
        yield button("Cancel", "cancel")
        yield button("Read", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the path."""
        self.query_one(Input).focus()

    async def save(self) -> str:
        """Read the file."""
        return await self._read(self.value("path"))

"""Taking a vault's text from a file, and writing it to one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

from textual.widget import Widget
from textual.widgets import Button, Input

from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import visible
from tui.widgets.field import Field, text_input

Read = Callable[[str], Awaitable[str]]
Write = Callable[[str, str], Awaitable[Path]]


class ImportText(Form[str]):
    """Asks for a file, and gives what is in it.

    Args:
        read: Reads a file of that path.
    """

    def __init__(self, read: Read) -> None:
        super().__init__("Import from a file")
        self._read = read

    def compose_body(self) -> Iterable[Widget]:
        """The path."""
        hint = "Its text takes the place of the one in the editor. Undo brings that back."
        yield Field("path", "File", text_input(placeholder="~/clearml.conf"), hint=hint)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or import."""
        yield button("Cancel", "cancel")
        yield button("Import", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the path."""
        self.query_one(Input).focus()

    async def save(self) -> str:
        """Read the file."""
        return await self._read(self.value("path"))


class ExportText(Form[str]):
    """Asks for a path, writes a new file there, and gives its path.

    Args:
        text: What is written.
        offered: The path that is offered.
        write: Writes to a new file of that path that text.
    """

    def __init__(self, text: str, offered: str, write: Write) -> None:
        super().__init__("Export to a file")
        self._text = text
        self._offered = offered
        self._write = write

    def compose_body(self) -> Iterable[Widget]:
        """The path."""
        hint = "Only you can read the file. One that is there already is never overwritten."
        yield Field("path", "File", text_input(self._offered), hint=hint)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or export."""
        yield button("Cancel", "cancel")
        yield button("Export", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the path."""
        self.query_one(Input).focus()

    async def save(self) -> str:
        """Write the file."""
        return visible(str(await self._write(self.value("path"), self._text)))

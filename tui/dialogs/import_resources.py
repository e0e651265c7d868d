"""Importing resources into the catalogue as JSON lines, from a file or pasted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from store.errors import WorkspaceError
from tui.dialogs.dialog import Dialog, button
from tui.key_queue import BESIDE
from tui.resource_words import counted
from tui.text import content, visible
from tui.widgets.field import Field

if TYPE_CHECKING:
    from store.operations.resource_import import ResourceImport

Check = Callable[[str], Awaitable["ResourceImport"]]
# None where the person thought better of it.
BringIn = Callable[[str], Awaitable["ResourceImport | None"]]
# Asks for a file and gives what it is called and its text, or None where the person has left.
ReadFile = Callable[[], Awaitable[tuple[str, str] | None]]

_PAUSE_IN_TYPING = 0.15
_MOST_PROBLEMS_SHOWN = 200
_EXAMPLE = '{"type": "task", "id": "3f1c…", "name": "train", "project": "9b2e…"}'


class ImportResources(Dialog["ResourceImport"]):
    """Asks for lines, says what is wrong with each, and imports them. Gives what came of it.

    Args:
        check: Says what an import of a text would do, and what is wrong with its lines.
        bring_in: Imports a text: all of its lines, or none.
        read_file: Asks for a file and reads it; None where no file is read for the person.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "rule_dialogs.tcss"]  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "import", "Import", id="import.import")
    ]

    def __init__(self, check: Check, bring_in: BringIn, read_file: ReadFile | None) -> None:
        super().__init__("Import resources")
        self._check = check
        self._bring_in = bring_in
        self._read_file = read_file
        # A file that was read, and its text, which may be more than an area should hold.
        self._file: tuple[str, str] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The area to paste into, and what is to be said of the lines."""
        area = TextArea(
            compact=True, tab_behavior="focus", highlight_cursor_line=False, soft_wrap=False
        )
        hint = f"A JSON object each line: {_EXAMPLE}"
        yield Field("text", "Paste JSON lines", area, hint=hint)
        yield Static(classes="import-verdict")
        yield Static(classes="import-problems")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel, take a file, or import."""
        yield button("Cancel", "cancel")
        if self._read_file is not None:
            yield button("From a file…", "file")
        yield button("Import", "import", "primary")

    def on_mount(self) -> None:
        """Begin where one pastes."""
        self._area.focus()
        self._say_how_to_begin()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take a file, or import."""
        event.stop()
        if event.button.id == "file":
            self._take_file()
        elif event.button.id == "import":
            self.action_import()

    @property
    def _area(self) -> TextArea:
        return self.query_one(TextArea)

    @property
    def _text(self) -> str:
        return self._file[1] if self._file is not None else self._area.text

    @work(group="file")
    async def _take_file(self) -> None:
        if self._read_file is None or self.is_busy:
            return
        file = await self._read_file()
        if file is not None:
            with self.prevent(TextArea.Changed):
                self._area.text = ""
            self._file = file
            self._check_soon()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._file = None
        self.clear_errors()
        self._check_soon()

    @work(exclusive=True, group=BESIDE)
    async def _check_soon(self) -> None:
        await asyncio.sleep(_PAUSE_IN_TYPING)
        await self._show_check()

    async def _show_check(self) -> bool:
        """Check the lines, show what came of it, and say whether they can be imported."""
        text = self._text
        if not text.strip():
            self._say_how_to_begin()
            return False
        try:
            checked = await self._check(text)
        except WorkspaceError as error:
            self.show_error(error)
            return False
        if text == self._text:
            self._show_verdict(checked)
        return not checked.problems

    @work(group="import")
    async def action_import(self) -> None:
        """Import the lines if all of them are good, else go on to mending them."""
        text = self._text
        if self.is_busy or not await self._show_check():
            self._area.focus()
            return
        done = await self.attempt(self._bring_in(text))
        if done is not None:
            self.dismiss(done)

    def _say_how_to_begin(self) -> None:
        self._show(Content.styled("Nothing is imported until every line is good.", "dim"))

    def _show(self, verdict: Content, problems: Content | None = None) -> None:
        self.query_one(".import-verdict", Static).update(verdict)
        line = self.query_one(".import-problems", Static)
        line.update(problems or "")
        line.display = problems is not None

    def _show_verdict(self, checked: ResourceImport) -> None:
        begin = content(f"{self._file[0]}: " if self._file is not None else "")
        if checked.problems:
            words = f"{counted(len(checked.problems), 'line')} cannot be imported, so none is."
            self._show(begin + Content.styled(words, "$text-error"), _problems(checked))
            return
        words = (
            f"{checked.new:,} new · {checked.changed:,} changed · {checked.unchanged:,} unchanged"
        )
        self._show(begin + Content.styled(words, "bold"))


def import_words(done: ResourceImport) -> str:
    """What came of an import, in words."""
    return (
        f"{counted(done.new, 'resource')} added, {done.changed:,} changed, "
        f"{done.unchanged:,} unchanged."
    )


def _problems(checked: ResourceImport) -> Content:
    lines = [
        Content.styled(f"line {one.number:,}: {visible(one.problem)}", "$text-error")
        for one in checked.problems[:_MOST_PROBLEMS_SHOWN]
    ]
    more = len(checked.problems) - _MOST_PROBLEMS_SHOWN
    if more > 0:
        lines.append(Content.styled(f"and {more:,} more", "$text-error"))
    return Content("\n").join(lines)

"""Checking a configuration section or a clearml.conf against the workspace; nothing is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from store.errors import WorkspaceError
from store.parsing.hocon import HoconError
from tui.dialogs.dialog import Dialog, button
from tui.dialogs.under_way import watched
from tui.text import visible
from tui.widgets.field import Field, text_input

if TYPE_CHECKING:
    from store.operations.check import Finding

_HINT = "Nothing of this is kept."
_SIGNS = {
    "good": ("✓", "$text-success"),
    "warning": ("!", "$text-warning"),
    "bad": ("✕", "$text-error"),
}


class CheckDialog(Dialog[None]):
    """Asks for a section, and says what is right and wrong with it.

    Args:
        check: Finds out what is right and wrong.
        read: Reads a file of that path; None where no file is read for the person.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "check", "Check", id="check.check"),
        Binding("pageup", "scroll_body(-1)", show=False, id="check.up"),
        Binding("pagedown", "scroll_body(1)", show=False, id="check.down"),
    ]

    def __init__(
        self,
        *,
        check: Callable[[str], Awaitable[list[Finding]]],
        read: Callable[[str], Awaitable[str]] | None,
    ) -> None:
        super().__init__("Check a configuration")
        self._check = check
        self._read = read

    def compose_body(self) -> Iterable[Widget]:
        """The text, the file to read one from, and what was found."""
        area = TextArea(
            soft_wrap=False, compact=True, tab_behavior="focus", highlight_cursor_line=False
        )
        label = "A section, a whole clearml.conf, or variables, pasted here"
        yield Field("text", label, area, hint=_HINT)
        if self._read is not None:
            path = text_input(placeholder="~/clearml.conf")
            yield Field("path", "Or read it from a file (enter)", path)
        yield Static(classes="findings")

    def compose_buttons(self) -> Iterable[Button]:
        """Leave or check."""
        yield button("Close", "cancel")
        yield button("Check", "check", "primary")

    def on_mount(self) -> None:
        """Begin with the text."""
        self._area.focus()
        self._show([])

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave or check."""
        event.stop()
        if event.button.id == "check":
            self.action_check()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave, and let go of what was pasted: there may be a secret in it."""
        self._area.load_text("")
        return super().dismiss(result)

    def action_scroll_body(self, direction: int) -> None:
        """Show what is above or below on a low terminal."""
        body = self.query_one(".dialog-body")
        body.scroll_relative(y=direction * body.size.height, animate=False)

    @work(group="check")
    async def action_check(self) -> None:
        """Check what the text holds."""
        if not self.is_busy:
            await self._check_text()

    @on(Input.Submitted)
    def _path_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._read_file(event.value)

    @work(group="check")
    async def _read_file(self, path: str) -> None:
        if self.is_busy or self._read is None:
            return
        text = await self.attempt(self._read(path))
        if text is not None:
            path_input = self.focused
            # What is said of the text would go with the word that it has changed.
            with self.prevent(TextArea.Changed):
                self._area.load_text(text)
            await self._check_text()
            # Whoever named the wrong file goes on with its path.
            self.set_focus(path_input)

    async def _check_text(self) -> None:
        self._show([])
        checking = self._check(self._area.text)
        findings = await self.attempt(watched(self.app, "Reading what was pasted", checking))
        if findings is not None:
            self._show(findings)

    def show_error(self, error: WorkspaceError) -> None:
        """Show an error at its field; for one in the text, put the cursor on it, too."""
        super().show_error(error)
        if isinstance(error, HoconError) and error.line is not None:
            place = (error.line - 1, (error.column or 1) - 1)
            self._area.move_cursor(place, center=True)

    @on(TextArea.Changed)
    def _typing(self) -> None:
        self.clear_errors()
        self._show([])

    def _show(self, findings: Sequence[Finding]) -> None:
        found = self.query_one(".findings", Static)
        found.update(Content("\n").join([_line(finding) for finding in findings]))
        found.display = bool(findings)
        if findings:
            self.call_after_refresh(found.scroll_visible, animate=False)

    @property
    def _area(self) -> TextArea:
        return self.query_one(TextArea)


def _line(finding: Finding) -> Content:
    sign, style = _SIGNS[finding.kind]
    return Content.assemble((f"{sign} ", f"bold {style}"), (visible(finding.message), style))

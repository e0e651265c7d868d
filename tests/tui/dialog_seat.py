"""A dialog by itself, over nothing: neither a store nor a tab, only what it was given."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from textual import events
from textual.app import App
from textual.filter import LineFilter
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static, TextArea

from store.credential_views import CredentialRow
from tui.dialogs.dialog import Dialog
from tui.text import ControlCharacterFilter
from tui.themes import DARK, LIGHT
from tui.widgets.field import Field

_PATIENCE = 5.0
_NOTHING = object()

# The time in these tests, and credentials as of then.
NOW = "2026-03-02T09:30:00Z"
ROW = CredentialRow(
    access_key="ABCDEFGH" + "X" * 22,
    member="a" * 32,
    label="Nightly",
    revision=7,
    created_at="2025-01-01T00:00:00Z",
    expires_at=None,
    is_suspended=False,
    is_expired=False,
    can_sign_in=True,
    is_stale=False,
    replaced_by=None,
    last_used_at="2026-03-02T07:30:00Z",
    worker="gpu-rig-1",
    address="10.0.0.5",
)
NEVER_USED = replace(ROW, label="Spare", last_used_at=None, worker="", address="")


class DialogApp(App[None]):
    """What a dialog sees of the program: its looks, and a clipboard to look into."""

    def __init__(self) -> None:
        super().__init__()
        for look in (DARK, LIGHT):
            self.register_theme(look)
        self.theme = DARK.name
        self.copied: list[str] = []

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing that steers a terminal is drawn."""
        return [*super().get_line_filters(), ControlCharacterFilter()]

    def copy_to_clipboard(self, text: str) -> None:
        """Keep what was copied."""
        self.copied.append(text)

    def action_suspend_program(self) -> None:
        """Stay: there is no shell."""


class DialogSeat:
    """Somebody at a dialog.

    Args:
        app: The program.
        pilot: What presses its keys.
    """

    def __init__(self, app: DialogApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.result: Any = _NOTHING

    @property
    def has_left(self) -> bool:
        """Whether the dialog has gone."""
        return self.result is not _NOTHING

    @property
    def dialog(self) -> str:
        """The name of the dialog on top."""
        return type(self.app.screen).__name__

    @property
    def text(self) -> str:
        """All that the dialog on top shows, line by line."""
        box = self.app.screen.query(".dialog").first().region
        strips = self.app.screen._compositor.render_strips()[box.y : box.bottom]
        cropped = [strip.crop(box.x, box.right) for strip in strips]
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in cropped)

    @property
    def words(self) -> str:
        """All that the dialog on top shows, with single blanks in the place of line ends."""
        return " ".join(self.text.replace("│", " ").split())

    @property
    def focused(self) -> str:
        """The id or class of what has the focus."""
        focused = self.app.screen.focused
        return "" if focused is None else focused.id or type(focused).__name__

    @property
    def said(self) -> list[str]:
        """The words that the program has said beside the screen."""
        return [notice.message for notice in self.app._notifications]

    def error_at(self, field: str) -> str:
        """What a field of the dialog says is wrong with it, or ""."""
        for one in self.app.screen.query(Field):
            if one.field_name == field and one.has_class("-invalid"):
                return str(one.query_one(".field-note").render())
        return ""

    @property
    def problem(self) -> str:
        """What the dialog says is wrong with the whole, or ""."""
        line = self.app.screen.query_one(".dialog-error", Static)
        return str(line.render()) if line.display else ""

    def input(self, field: str) -> Input:
        """The input of a field."""
        return self.app.screen.query_one(f"#field-{field.replace('_', '-')} Input", Input)

    def button(self, label: str) -> Button | None:
        """The button that says this, or None."""
        buttons = self.app.screen.query(Button)
        return next((one for one in buttons if str(one.label) == label), None)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def go_to(self, what: str) -> None:
        """Press tab until what has that id or class has the focus."""
        for _ in range(12):
            if self.focused == what:
                return
            await self.press("tab")
        raise AssertionError(f"{what} cannot be reached by tab")

    async def choose(self, label: str) -> None:
        """Go to the button that says this, and press enter."""
        found = self.button(label)
        assert found is not None, f"there is no button {label}"
        assert found.id
        await self.go_to(found.id)
        await self.press("enter")

    async def type(self, text: str) -> None:
        """Type a text as a paste."""
        focused = self.app.screen.focused
        assert isinstance(focused, Input | TextArea), focused
        self.app.post_message(events.Paste(text))
        await self.pilot.pause(0)

    async def fill(self, field: str, text: str) -> None:
        """Type into a field in the place of what it holds."""
        control = self.input(field)
        control.focus()
        control.value = ""
        await self.pilot.pause(0)
        await self.type(text)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + _PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"not so: {self.dialog}\n{self.said}"
            await self.pilot.pause(0.01)

    async def until_dialog(self, name: str) -> None:
        """Wait until the dialog of that class is on top, and takes keys."""
        await self.until(lambda: self.dialog == name and self.app.screen.is_mounted)
        await self.pilot.pause(0)

    async def until_shown(self, words: str) -> None:
        """Wait until the dialog on top shows these words."""
        await self.until(lambda: words in self.words)

    async def until_left(self) -> Any:
        """Wait until the dialog has gone; what it gave."""
        await self.until(lambda: self.has_left)
        return self.result


class Taker:
    """What a dialog handed over, and what is said to it.

    Args:
        error: What is refused, or None.
        answer: What is given.
    """

    def __init__(self, error: Exception | None = None, answer: Any = None) -> None:
        self.taken: list[Any] = []
        self.error = error
        self.answer = answer

    async def __call__(self, *values: Any) -> Any:
        """Take it, or refuse it."""
        self.taken.append(values[0] if len(values) == 1 else values)
        if self.error is not None:
            raise self.error
        return self.answer


Scenario = Callable[[DialogSeat], Awaitable[None]]


def open_dialog(
    make: Callable[[], Dialog[Any]], scenario: Scenario, *, size: tuple[int, int] = (120, 40)
) -> DialogApp:
    """Run a scenario in a dialog; the program as it ended.

    Args:
        make: Makes the dialog.
        scenario: What somebody does at it.
        size: The terminal's size.
    """
    app = DialogApp()

    async def main() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            seat = DialogSeat(app, pilot)

            def left(result: Any) -> None:
                seat.result = result

            dialog = make()
            await app.push_screen(dialog, left)
            await seat.until_dialog(type(dialog).__name__)
            await scenario(seat)

    asyncio.run(main())
    return app

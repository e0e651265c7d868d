"""A dialog by itself, over nothing: neither a store nor a tab, only what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.filter import LineFilter
from textual.pilot import Pilot
from textual.widgets import Button

from store.credential_views import CredentialRow
from tests.tui.driver import Driver
from tui.dialogs.dialog import Dialog
from tui.text import ControlCharacterFilter
from tui.themes import DARK, LIGHT

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


class DialogSeat(Driver[DialogApp]):
    """Somebody at a dialog.

    Args:
        app: The program.
        pilot: What presses its keys.
    """

    def __init__(self, app: DialogApp, pilot: Pilot[None]) -> None:
        super().__init__(app, pilot)
        self.result: Any = _NOTHING

    @property
    def has_left(self) -> bool:
        """Whether the dialog has gone."""
        return self.result is not _NOTHING

    def button(self, label: str) -> Button | None:
        """The button that says this, or None."""
        buttons = self.app.screen.query(Button)
        return next((one for one in buttons if str(one.label) == label), None)

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

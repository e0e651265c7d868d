"""What tests of vaults share: a text with a secret in it, writing it in the editor, and saving."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual import events

from store.errors import Stopped
from store.parsing.under_way import under_way
from store.vaults import checking
from store.vaults.checking import CheckedText, forget_readings
from store.vaults.formats import Format
from tests.store.house import House
from tests.tui.seat import Seat
from tui.widgets.vault_editor import VaultEditor

EDITOR = "EditVault"
SECRET = "not-for-anybody"
TEXT = f'{{"agent": {{"git_pass": "{SECRET}"}}}}\n'


def activity(house: House) -> str:
    """All that the activity holds."""
    return "".join(path.read_text() for path in (house.folder / "activity").iterdir())


async def write(seat: Seat, text: str) -> None:
    """Write a text in the place of the one in the editor."""
    await seat.until_dialog(EDITOR)
    editor = seat.app.screen.query_one(VaultEditor)
    editor.select_all()
    seat.app.post_message(events.Paste(text))
    await seat.until(lambda: editor.text == text)


async def confirm(seat: Seat) -> None:
    """Save, having seen the difference."""
    await seat.press("ctrl+s")
    await seat.until_dialog("TextDifference")
    await seat.press("enter")


@contextmanager
def saving_anything() -> Iterator[None]:
    """Rules by which any text is good, as they may have been when a text was saved."""

    def lenient(text: str, _format: Format) -> CheckedText:
        return CheckedText({}, size=len(text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.vaults.checking.check_vault_text", lenient)
        yield


class SlowReading:
    """A machine on which reading takes for ever, until it is let go on or stopped."""

    def __init__(self) -> None:
        self.begun = 0
        self.stopped = 0
        self._let_through = 0
        self._turn = threading.Condition()

    def let_through(self, many: int = 10_000) -> None:
        """Let so many texts more be read."""
        with self._turn:
            self._let_through += many
            self._turn.notify_all()

    def wait(self) -> None:
        """Wait for one's turn, for as long as somebody waits for the reading."""
        self.begun += 1
        with self._turn:
            while not self._let_through:
                try:
                    under_way().see_that_it_is_wanted()
                except Stopped:
                    self.stopped += 1
                    raise
                self._turn.wait(0.02)
            self._let_through -= 1


@contextmanager
def slow_reading() -> Iterator[SlowReading]:
    """Reading that takes for ever; what was read before is forgotten."""
    slow, check = SlowReading(), checking._check

    def slowly(*arguments: Any) -> CheckedText:
        slow.wait()
        return check(*arguments)

    forget_readings()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_check", slowly)
        try:
            yield slow
        finally:
            slow.let_through()

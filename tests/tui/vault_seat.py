"""What tests of vaults share: a text with a secret in it, writing it in the editor, and saving."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from textual import events

from store.vaults.checking import CheckedText
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

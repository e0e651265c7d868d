"""What tests of vaults share: a text with a secret in it, writing it in the editor, and saving."""

from __future__ import annotations

from textual import events

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

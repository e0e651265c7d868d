"""A dialog that is left while it still looks something up."""

from __future__ import annotations

import asyncio

from store.operations.invitations import Invitee
from tests.tui.dialog_seat import DialogSeat, Taker, open_dialog
from tui.dialogs.invite import InviteDialog


def test_what_is_found_once_a_dialog_is_left_is_of_no_use() -> None:
    looking = asyncio.Event()
    ended: list[bool] = []

    async def check(_text: str) -> list[Invitee]:
        looking.set()
        # The answer comes in the moment between the end of the widgets and that of the dialog.
        while dialog.children:
            await asyncio.sleep(0)
        ended.append(True)
        return []

    dialog = InviteDialog(
        workspace="Acme", groups=[], places=None, check=check, invite=Taker(), show_links=Taker()
    )

    async def scenario(seat: DialogSeat) -> None:
        await seat.type("bob@acme.example")
        await asyncio.wait_for(looking.wait(), 10)
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(lambda: dialog, scenario)
    assert not ended

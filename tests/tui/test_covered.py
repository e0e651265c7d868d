"""What a covered screen has still to do keeps no key waiting."""

from __future__ import annotations

import asyncio
from functools import partial

from tests.store.house import House
from tests.tui.seat import Seat, sit


def test_keys_do_not_wait_for_a_screen_that_was_covered_before_it_was_drawn(
    house: House,
) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("i")
        await seat.until_dialog("InviteDialog")
        called = asyncio.Event()
        covered = seat.app.screen_stack[0]
        # As where the covering came between the call and the drawing that it waits for.
        covered._callbacks.append((partial(called.set), covered))
        await seat.press("a")
        await seat.until(lambda: not seat.app.has_typed and called.is_set())

    sit(house.as_user(), scenario)

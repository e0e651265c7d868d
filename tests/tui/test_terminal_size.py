"""Screens follow the terminal, also where it changes its size again at once."""

from __future__ import annotations

import pytest
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot

from tests.store.house import House
from tests.tui.seat import BESIDE, OVER, Seat, sit


async def two_at_once(seat: Seat) -> None:
    """Let the screen on top get two sizes, of which the first is over, with work between them."""
    screen = seat.app.screen
    with seat.app.batch_update():
        for columns, rows in (OVER, BESIDE):
            size = Size(columns, rows)
            screen.post_message(events.Resize(size, size))
            screen.call_later(lambda: None)
        await seat.pilot.pause(0.05)


async def layouts_within(pilot: Pilot[None], seconds: float) -> int:
    """How often the screen on top is laid out meanwhile."""
    count = 0

    def note(_screen: object) -> None:
        nonlocal count
        count += 1

    screen = pilot.app.screen
    screen.screen_layout_refresh_signal.subscribe(screen, note, immediate=True)
    await pilot.pause(seconds)
    return count


@pytest.mark.parametrize("keys", [(), ("i",)], ids=["tabs", "dialog"])
def test_two_sizes_at_once_come_to_rest_at_the_present_one(
    house: House, keys: tuple[str, ...]
) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press(*keys)
        await two_at_once(seat)
        assert await layouts_within(seat.pilot, 0.3) < 5
        assert seat.app.screen.size == BESIDE

    sit(house.as_user(), scenario, size=BESIDE)

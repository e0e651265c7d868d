"""What a picture is of: a workspace, and what brings somebody to what is looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.app import App
from textual.widget import Widget

from tests.tui.seat import Seat
from tui.launch import Launch

Scene = Callable[[Seat], Awaitable[None]]
Make = Callable[[Path], Launch]


@dataclass(frozen=True)
class Picture:
    """One state: of which workspace, and how to get there.

    Attributes:
        make: Makes the workspace, and says how the program is started with it.
        scene: What somebody does then.
    """

    make: Make
    scene: Scene


def then(*scenes: Scene) -> Scene:
    async def scene(seat: Seat) -> None:
        for one in scenes:
            await one(seat)

    return scene


def press(*keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press(*keys)

    return scene


def on(called: str, *keys: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.go_to(called)
        await seat.press(*keys)

    return scene


def filtered(words: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.press("slash")
        await seat.type(words)
        await seat.until(lambda: seat.tab.filter_words == words)

    return scene


def until(dialog: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until_dialog(dialog)
        await seat.pilot.pause()

    return scene


async def quiet(seat: Seat) -> None:
    """What was said at the start stays below a dialog, for a time."""
    seat.app.clear_notifications()
    await seat.pilot.pause(0)


def saying(words: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until(lambda: words in seat.words or any(words in one for one in seat.said))
        await seat.pilot.pause()

    return scene


def pushing(make: Callable[[], Any]) -> Scene:
    async def scene(seat: Seat) -> None:
        seat.app.push_screen(make())

    return scene


def until_wrong(field: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until(lambda: bool(seat.error_at(field)))

    return scene


def filled(field: str, text: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.fill(field, text)

    return scene


def filling(dialog: str, field: str, text: str) -> Scene:
    async def scene(seat: Seat) -> None:
        await seat.until_dialog(dialog)
        await seat.fill(field, text)
        await seat.press("ctrl+s")
        await until_wrong(field)(seat)

    return scene


async def play(picture: Picture, seat: Seat) -> None:
    """Do what the picture asks for, from the start until there is something to see."""
    app = seat.app
    if seat.workspace is None:
        await seat.until_dialog("FirstStartDialog")
    else:
        await seat.until(lambda: bool(app.screen.query("#users .records")))
        await seat.until(lambda: bool(seat.tab.table.row_count))
    await picture.scene(seat)
    await seat.until(lambda: not _is_working_out(app))
    # Looks are of the screen; what is said beside it goes by itself.
    app.clear_notifications()
    _draw_scrollbars(app)


def _is_working_out(app: App[Any]) -> bool:
    """Whether the panel still waits for what a member can reach."""
    return any(
        str(one.render()).endswith("…") for one in app.screen_stack[0].query(".access-summary")
    )


def _draw_scrollbars(app: App[Any]) -> None:
    """Draw all scrollbars as they are now.

    Nobody sees whether they were drawn before their table got the focus, but a look tells.
    """
    for screen in app.screen_stack:
        for widget in screen.walk_children(Widget):
            for bar in (widget._vertical_scrollbar, widget._horizontal_scrollbar):
                if bar is not None:
                    bar.refresh()

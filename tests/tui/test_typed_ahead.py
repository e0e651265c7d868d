"""Keys that come together do what they would do one by one."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input, TextArea

from tests.effort import effort
from tests.tui.loop import rest
from tests.tui.scenes.workspaces import demo
from tests.tui.seat import BESIDE, Seat, make_app
from tui.app import AdminApp
from tui.dialogs import under_way
from tui.launch import Launch

# What opens each tab, dialog, panel and line of text there is.
OPENED_BY = [
    f"{tab} {keys}"
    for tab, several in {
        "1": ("/", "i", "e", "d", "p", "u", "y", "s", "v", "x", "enter", "enter enter", "* d"),
        "2": ("/", "a", "e", "d", "p", "u", "c", "v", "x", "enter enter", "enter enter a"),
        "3": ("/", "a", "e", "d", "enter", "y"),
        "4": ("/", "a", "e", "d", "p", "h", "o", "enter"),
        "5": ("/", "a", "e", "d", "x", "b", "b a", "b e", "b i", "b /"),
    }.items()
    for keys in several
] + ["w", "f", "m", "?", ":", ""]
# And each line and list of the editor of a vault.
IN_EDITOR = ("", "ctrl+f", "ctrl+f 1 ctrl+r", "ctrl+g 1", "ctrl+o", "ctrl+t", "{ enter }")
# What is pressed then: mostly what moves the focus, opens, closes, and text.
KEYS = (
    *("tab", "enter", "down", "escape") * 3,
    *("up", "shift+tab", "space", "ctrl+s", "backspace", "/", "j", "k", "g", "G"),
    *"abcdehilmnoprstuvwxyz1234?:@*.",
)


def typed(name: str) -> events.Key:
    """A key as the terminal gives it."""
    character = " " if name == "space" else name if len(name) == 1 else None
    return events.Key(_character_to_key(name) if character else name, character)


def sequence_of(seed: int, opened_by: Sequence[str] = OPENED_BY) -> list[str]:
    """Keys that open something, and more."""
    chance = random.Random(seed)
    opening = opened_by[seed % len(opened_by)].split()
    return [*opening, *chance.choices(KEYS, k=chance.randint(2, 9))]


async def one_by_one(app: AdminApp, keys: list[str]) -> None:
    """Type slowly: all that a key sets off is done before the next."""
    for key in keys:
        app.post_message(typed(key))
        await rest()


async def in_one_write(app: AdminApp, keys: list[str]) -> None:
    """Type so quickly that all keys are there before the first is handled."""
    for key in keys:
        app.post_message(typed(key))
    await rest()


def outcome(
    launch: Launch, keys: list[str], typing: Callable[[AdminApp, list[str]], Awaitable[None]]
) -> dict[str, Any]:
    """Where the keys have led: what is open and focused, what is typed, said and committed."""
    app = make_app(launch)
    found: dict[str, Any] = {}

    async def main() -> None:
        async with app.run_test(size=BESIDE, notifications=True) as pilot:
            seat = Seat(app, pilot, launch.workspace)
            # The first rows are listed in a thread, which a busy machine keeps waiting.
            await seat.until(lambda: bool(seat.tab.table.row_count))
            await typing(app, keys)
            # Threads that a busy machine keeps waiting may be at what the last key set off.
            await seat.until(lambda: app._exit or app._typed._is_done(typed("f24")))
            if not app._exit:
                found.update(seen(app))

    asyncio.run(main())
    assert launch.workspace is not None
    documents = (launch.workspace.path / "workspace.json").read_bytes()
    return found | {"exit": (app.return_code, app.last_words), "documents": documents}


def seen(app: AdminApp) -> dict[str, Any]:
    """What is open and focused, and what is typed and said."""
    focused = app.screen.focused
    texts = [
        widget.value if isinstance(widget, Input) else widget.text
        for screen in app.screen_stack
        for widget in screen.query("Input, TextArea")
        if isinstance(widget, Input | TextArea)
    ]
    return {
        "screens": [type(screen).__name__ for screen in app.screen_stack],
        "focused": "" if focused is None else focused.id or type(focused).__name__,
        "texts": texts,
        "said": [notice.message for notice in app._notifications],
    }


@pytest.mark.parametrize("seed", range(effort(4 * len(OPENED_BY))))
def test_keys_in_one_write_do_what_they_do_one_by_one(
    seed: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    see_that_they_do_the_same(sequence_of(seed), home, monkeypatch)


@pytest.mark.parametrize("seed", range(effort(4 * len(IN_EDITOR))))
def test_keys_in_one_write_do_in_the_editor_what_they_do_one_by_one(
    seed: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ["4", "enter", "enter", "e", *sequence_of(seed, IN_EDITOR)]
    see_that_they_do_the_same(keys, home, monkeypatch)


def see_that_they_do_the_same(keys: list[str], home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # How busy the machine is decides whether something is seen to be read, and takes escape.
    monkeypatch.setattr(under_way, "_A_MOMENT", 60.0)
    slowly = outcome(demo(home / "slowly" / "store"), keys, one_by_one)
    # What was saved to a file is not there already.
    monkeypatch.setenv("HOME", str(home / "quickly"))
    quickly = outcome(demo(home / "quickly" / "store"), keys, in_one_write)
    assert quickly == slowly, keys

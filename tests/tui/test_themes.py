"""The themes: ours and no others, and one of them in the colours of the terminal alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from rich.color import Color

from store.demo import demo_workspace
from tests.tui.drawing import drawn
from tests.tui.scenes.scene import play
from tests.tui.seat import BESIDE, Seat, sit
from tests.tui.test_looks import ALSO_LIGHT, PICTURES
from tui.app import AdminApp
from tui.launch import Configuration

# Those with shares of colours, which there are none of among sixteen.
TELLING = {*ALSO_LIGHT, "users/commands", "users/help", "users/edit-with-errors"}
TELLING |= {"vaults/editor-hostile", "vaults/history-compare"}


def test_no_foreign_one_is_offered(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("colon", *"theme", "enter")
        await seat.until_dialog("ChoiceDialog")
        box = [line.strip("│ ") for line in seat.text.splitlines()]
        ours = ["Theme", "Dark", "Light", "The terminal's own colours"]
        assert [line for line in box if line and line[0] not in "╭╰"] == ours
        await seat.press("escape")
        await seat.app.run_action("app.change_theme")
        await seat.until_dialog("ChoiceDialog")

    sit(demo_workspace(tmp_path / "store"), scenario)


@pytest.mark.usefixtures("staged")
@pytest.mark.parametrize("name", sorted(TELLING))
def test_the_terminals_own_is_made_of_its_colours_and_can_be_read(home: Path, name: str) -> None:
    picture = PICTURES[name]
    configuration = Configuration(theme="terminal")
    launch = replace(picture.make(home / "store"), configuration=configuration)
    app = AdminApp(launch)

    async def main() -> None:
        async with app.run_test(size=BESIDE) as pilot:
            seat = Seat(app, pilot, launch.workspace)
            await play(picture, seat)
            for segment in (one for strip in drawn(seat.app) for one in strip):
                if segment.style is None:
                    continue
                colour, background = segment.style.color, segment.style.bgcolor
                assert is_of_the_terminal(background), segment
                if segment.text.strip():
                    assert is_of_the_terminal(colour), segment
                    assert colour is None or colour.is_default or colour != background, segment

    asyncio.run(main())


def is_of_the_terminal(colour: Color | None) -> bool:
    """Whether it is one of the sixteen, or the terminal's own."""
    return colour is None or colour.is_default or ((colour.number or 0) < 16 and not colour.triplet)

"""The sheets of dialogs say nothing about what is there before a dialog opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.dom import DOMNode
from textual.screen import Screen

import tui.dialogs
from tests.tui.scenes.workspaces import demo
from tests.tui.seat import Seat, sit

SHEETS = sorted(Path(tui.dialogs.__file__).parent.glob("*.tcss"))


def styles(screen: Screen[Any]) -> list[tuple[object, dict[str, Any]]]:
    """What sheets say about each part of a screen."""
    return [(node, dict(node.styles.base._rules)) for node in screen.walk_children(with_self=True)]


@pytest.mark.parametrize("tab", "12345")
def test_the_main_screen_is_as_it_was(home: Path, tab: str) -> None:
    launch = demo(home / "store")
    assert launch.workspace is not None

    async def scenario(seat: Seat) -> None:
        await seat.press(tab, "enter")
        screen, sheet = seat.app.screen, seat.app.stylesheet
        # As it is after everything is styled once, as by another theme.
        sheet.update(screen)
        before = styles(screen)
        rules = len(sheet.rules)
        for path in SHEETS:
            sheet.read(path)
        sheet.update(screen)
        assert len(sheet.rules) > rules
        assert styles(screen) == before

    sit(launch.workspace, scenario, launch=launch)


def test_a_dialog_that_brings_sheets_has_nothing_else_styled(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = demo(home / "store")
    assert launch.workspace is not None

    async def scenario(seat: Seat) -> None:
        sheet = seat.app.stylesheet
        rules = len(sheet.rules)
        styled: list[object] = []
        update = sheet.update

        def noted(root: DOMNode, animate: bool = False) -> None:
            styled.append(root)
            update(root, animate)

        monkeypatch.setattr(sheet, "update", noted)
        await seat.press("w")
        await seat.until_dialog("WorkspaceSettings")
        assert len(sheet.rules) > rules
        assert seat.app not in styled
        # It is as if it had been styled by all of them.
        before = styles(seat.app.screen)
        update(seat.app)
        assert styles(seat.app.screen) == before

    sit(launch.workspace, scenario, launch=launch)

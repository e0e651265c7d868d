"""What the tabs, panels and dialogs look like: wide and narrow, dark and light."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widget import Widget
from textual.widgets import Button

from tests.tui import gallery
from tests.tui.gallery import GALLERY, Screenshot
from tests.tui.looks import FOLDER, Looks
from tests.tui.scenes import access, service_accounts, users, vaults
from tests.tui.scenes.scene import play
from tests.tui.seat import BESIDE, OVER, Seat
from tui.app import AdminApp
from tui.themes import LIGHT

ROOMS = {
    "users": users.PICTURES,
    "service-accounts": service_accounts.PICTURES,
    "vaults": vaults.PICTURES,
    "access": access.PICTURES,
}
PICTURES = {
    f"{room}/{name}": picture
    for room, pictures in ROOMS.items()
    for name, picture in pictures.items()
}
SIZES = {"120x40": BESIDE, "80x24": OVER}
# All that somebody needs is in sight on a terminal so small.
SMALLEST = (60, 16)
# What is scrolled to is decided at the start: another size afterwards moves it.
OF_THEIR_START = {
    "access/access-many-reasons",
    "access/access-without-rules",
    "access/group-delete-rest",
    "access/group-picker",
    "access/groups-many",
    "access/resource-delete",
    "access/rule-add-groups",
    "access/rule-add-members",
    "access/rule-edit-save",
    "service-accounts/check-findings",
    "users/tab-end",
    "users/withdraw",
    "vaults/editor-find-nothing",
    "vaults/lost-own-copy",
    "vaults/lost-own",
    "vaults/own-applied",
    "vaults/own-copy",
    "vaults/own-disabled",
    "vaults/own-hostile",
    "vaults/own-none",
    "vaults/own-of-a-user",
    "vaults/own-switched",
    "vaults/own",
    "vaults/vault-text",
}
# What has colours that are put together in Python, of the theme of that moment.
ALSO_LIGHT = {
    "users/tab",
    "users/invite-with-problems",
    "service-accounts/accounts",
    "service-accounts/credentials-rotating",
    "vaults/vaults",
    "vaults/own",
    "vaults/editor",
    "vaults/editor-json",
    "vaults/editor-yaml",
    "vaults/editor-error",
    "vaults/editor-find",
    "vaults/editor-difference-warned",
    "access/group",
    "access/rules",
    "access/access-account",
}
# Each case starts the program once.
CASES = {name: tuple(SIZES) for name in PICTURES if name not in OF_THEIR_START}
CASES |= {f"{name}.{size}": (size,) for name in sorted(OF_THEIR_START) for size in SIZES}


def hidden_buttons(app: AdminApp) -> list[str]:
    """The buttons of the dialog on top that are not in sight, or under its border."""
    boxes = app.screen.query(".dialog").results(Widget)
    return [
        str(one.label)
        for box in boxes
        for one in box.query(".dialog-buttons Button").results(Button)
        if not box.content_region.contains_region(one.region)
    ]


@pytest.fixture
def looks(request: pytest.FixtureRequest) -> Looks:
    """Looks to compare with, or to keep where `--snapshot-update` says so."""
    return Looks(is_keeping=request.config.option.update_snapshots)


@pytest.fixture
def pictures(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """The gallery's pictures by their names."""
    return snapshot.use_extension(Screenshot)


@pytest.mark.usefixtures("staged")
@pytest.mark.parametrize("case", CASES)
def test_looks_as_it_did(looks: Looks, pictures: SnapshotAssertion, home: Path, case: str) -> None:
    name = case.partition(".")[0]
    picture = PICTURES[name]
    launch = picture.make(home / "store")
    app = AdminApp(launch)
    drawn: dict[str, str] = {}
    hidden: list[str] = []

    async def look(seat: Seat, called: str) -> None:
        await looks.compare(seat, called)
        if called in GALLERY:
            drawn[GALLERY[called]] = app.export_screenshot(title=app.title, simplify=True)

    async def main() -> None:
        sizes = CASES[case]
        async with app.run_test(size=SIZES[sizes[0]]) as pilot:
            seat = Seat(app, pilot, launch.workspace)
            await play(picture, seat)
            for size in sizes:
                await seat.resize(SIZES[size])
                await look(seat, f"{name}.{size}")
                if SIZES[size] == BESIDE and name in ALSO_LIGHT:
                    dark, app.theme = app.theme, LIGHT.name
                    await look(seat, f"{name}.light")
                    app.theme = dark

            await seat.resize(SMALLEST)
            hidden.extend(hidden_buttons(app))

    asyncio.run(main())
    assert hidden == []
    assert looks.differences == [], "\n".join(looks.differences)
    for called, svg in drawn.items():
        assert svg == pictures(name=called), f"screenshots/{called}.svg is another picture"


def test_no_look_is_of_a_scene_that_is_no_more() -> None:
    sizes = {f"{name}.{size}" for name in PICTURES for size in SIZES}
    lights = {f"{name}.light" for name in ALSO_LIGHT}
    kept = {str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.txt")}
    assert kept == sizes | lights
    assert set(GALLERY) <= kept


def test_no_picture_is_of_a_look_that_is_no_more() -> None:
    assert {path.stem for path in gallery.FOLDER.glob("*.svg")} == set(GALLERY.values())

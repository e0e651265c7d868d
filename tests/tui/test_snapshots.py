"""What the tab and every dialog look like: wide and narrow, dark and light."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.demo import demo_workspace
from store.operations.invitations import InvitationLink
from store.operations.users import Affected
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House, StoppedClock, settings_edit
from tests.tui.seat import BESIDE, OVER, Seat
from tui.app import AdminApp
from tui.confirmations import removal_confirmation
from tui.dialogs.invitation_links import InvitationLinks
from tui.dialogs.message import MessageDialog
from tui.launch import FirstStartOffer, Launch
from tui.themes import LIGHT

Compare = Callable[..., bool]
Scene = Callable[[Seat], Awaitable[None]]
Make = Callable[[Path], Launch]

SIZES = {"120x40": BESIDE, "80x24": OVER}
PASTED = "grace@acme.example, Katherine Johnson <kj@acme.example>\nada.lindqvist@acme.example bad@"
SHAM = [
    InvitationLink("", f"{name}@acme.example", f"https://api.acme.example/join/{'SHAM' * 10}{name}")
    for name in ("grace", "kj")
]


@dataclass(frozen=True)
class Picture:
    """One state: of which workspace, and how to get there."""

    make: Make
    scene: Scene


def demo(folder: Path) -> Launch:
    return Launch(demo_workspace(folder), is_demo=True)


def demo_limited(limit: int) -> Make:
    def make(folder: Path) -> Launch:
        launch = demo(folder)
        assert launch.workspace is not None
        launch.workspace.edit_settings(settings_edit(launch.workspace, user_limit=limit))
        return launch

    return make


def demo_read_only(folder: Path) -> Launch:
    return Launch(demo_workspace(folder, read_only=True), is_demo=True)


def small(fill: Callable[[House], Any], who: str = "") -> Make:
    def make(folder: Path) -> Launch:
        house = House(folder)
        fill(house)
        return Launch(house.as_user(who) if who else house.as_user())

    return make


def hostile(house: House) -> None:
    for number, name in enumerate((*HOSTILE_NAMES, "佐藤 由紀", "x" * 200)):
        house.add_user(f"user{number}@acme.example", name)
    house.add_group("界" * 40, house.admin.actor)


def five(house: House) -> None:
    house.invite(*(f"{name}@acme.example" for name in ("bob", "cleo", "dan", "eve", "fay", "gus")))
    house.admin.edit_settings(settings_edit(house.admin, user_limit=5))


def with_bob(house: House) -> None:
    house.add_user("bob@acme.example", "Bob")
    house.invite("pia@acme.example", name="Pia")


def ten_thousand(folder: Path) -> Launch:
    store = Store(workspace_of(10_000, folder))
    return Launch(Workspace.open(store, who=ADMINISTRATOR, clock=StoppedClock()))


def nowhere(folder: Path) -> Launch:
    def create(_first: object) -> Workspace:
        raise AssertionError("nothing is created for a picture")

    place = Path("/srv/clearml-admin/acme")
    return Launch(None, FirstStartOffer(place, "ada", "Ada Lovelace", "", "clearml", create))


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


def pushing(make: Callable[[], Any]) -> Scene:
    async def scene(seat: Seat) -> None:
        seat.app.push_screen(make())

    return scene


async def invite_with_problems(seat: Seat) -> None:
    await seat.press("i")
    await seat.until_dialog("InviteDialog")
    await seat.type(PASTED)
    await seat.until_shown("2 can be invited · 2 cannot")


async def edit_with_errors(seat: Seat) -> None:
    await seat.go_to("Chen Wei")
    await seat.press("e")
    await seat.until_dialog("EditUser")
    await seat.fill("email", "nonsense")
    await seat.press("enter")
    await seat.until(lambda: bool(seat.error_at("email")))


async def settings_with_error(seat: Seat) -> None:
    await seat.press("w")
    await seat.until_dialog("WorkspaceSettings")
    await seat.fill("files_url", seat.input("web_url").value)
    await seat.press("enter")
    await seat.until(lambda: bool(seat.error_at("files_url")))


async def first_start_with_error(seat: Seat) -> None:
    from store.errors import InvalidInput

    await seat.until_dialog("FirstStartDialog")
    seat.app.screen.show_error(InvalidInput("This is no email.", field="email"))  # type: ignore[attr-defined]


async def command(seat: Seat) -> None:
    await seat.press("colon")
    await seat.until_dialog("CommandPalette")
    await seat.press(*"again")
    await seat.until_shown("Send again")


def refused_only() -> Any:
    reason = "is the last active administrator"
    return removal_confirmation(
        [Affected(str(n) * 32, f"User {n}", 1, 2, False, False, reason) for n in range(9)], ""
    )


MANY = press("j", "space", "space", "space", "g", "space")

PICTURES = {
    "tab": Picture(demo, press()),
    "tab-nothing-found": Picture(demo, filtered("nobody [/]")),
    "tab-filtered": Picture(demo, filtered("research")),
    "tab-marked": Picture(demo, MANY),
    "tab-sorted": Picture(demo, press("s", "s", "s", "enter")),
    "tab-end": Picture(demo, press("G")),
    "tab-alone": Picture(small(lambda house: None), press()),
    "tab-long-and-wide": Picture(small(hostile), press()),
    "tab-at-the-limit": Picture(demo_limited(39), press()),
    "tab-over-the-limit": Picture(small(five), press()),
    "tab-plain-user": Picture(small(with_bob, "bob@acme.example"), press()),
    "tab-read-only": Picture(demo_read_only, press()),
    "tab-ten-thousand": Picture(ten_thousand, press()),
    "details": Picture(demo, on("Ada Lindqvist", "enter")),
    "details-expired": Picture(demo, on("Wendy Achterberg", "enter")),
    "details-suspended": Picture(demo, on("Viktor Petrov", "enter")),
    "details-wide-name": Picture(small(hostile), on("界" * 300, "enter")),
    "invite": Picture(demo, press("i")),
    "invite-with-problems": Picture(demo, invite_with_problems),
    "links": Picture(demo, pushing(lambda: InvitationLinks(SHAM, ""))),
    "remove-one": Picture(demo, on("Chen Wei", "d")),
    "remove-many": Picture(demo, press(*"jjjj", "space", "space", "space", "g", "space", "d")),
    "remove-refused": Picture(demo, pushing(refused_only)),
    "remove-wide-name": Picture(small(hostile), on("界" * 300, "d")),
    "withdraw": Picture(demo, on("Omar Benali", "d")),
    "suspend": Picture(demo, on("Chen Wei", "p")),
    "edit": Picture(demo, on("Chen Wei", "e")),
    "edit-with-errors": Picture(demo, edit_with_errors),
    "settings": Picture(demo, press("w")),
    "settings-with-error": Picture(demo, settings_with_error),
    "settings-prefilled": Picture(small(lambda house: None), press("w")),
    "first-start": Picture(nowhere, press()),
    "first-start-with-error": Picture(nowhere, first_start_with_error),
    "sort": Picture(demo, press("s")),
    "copy": Picture(demo, on("Chen Wei", "y")),
    "help": Picture(demo, press("question_mark")),
    "commands": Picture(demo, command),
    "message": Picture(
        demo, pushing(lambda: MessageDialog("The store failed", "No space left. " * 12))
    ),
}
LIGHT_ONES = ("tab", "remove-many", "invite-with-problems", "details")


def take(launch: Launch, scene: Scene, theme: str = "") -> tuple[App[None], Any]:
    """The program, and what brings it to where the picture is taken."""
    app = AdminApp(launch)

    async def run_before(pilot: Pilot[None]) -> None:
        seat = Seat(app, pilot, launch.workspace)
        if launch.workspace is not None:
            await seat.until(lambda: bool(seat.rows))
        else:
            await seat.until_dialog("FirstStartDialog")
        if theme:
            app.theme = theme
        await scene(seat)
        # What comes a moment after a key is in the picture: the panel and the footer.
        await pilot.pause(0.15)
        # The pictures are of the screen; what is said beside it goes by itself.
        app.clear_notifications()
        await pilot.pause()

    return app, run_before


@pytest.fixture(autouse=True)
def _steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor does not blink."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _input: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _area: None)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("name", PICTURES)
def test_looks_as_it_did(
    snap_compare: Compare, home: Path, name: str, size: tuple[int, int]
) -> None:
    picture = PICTURES[name]
    app, run_before = take(picture.make(home / "store"), picture.scene)
    assert snap_compare(app, terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("name", LIGHT_ONES)
def test_looks_as_it_did_in_the_light(snap_compare: Compare, home: Path, name: str) -> None:
    picture = PICTURES[name]
    app, run_before = take(picture.make(home / "store"), picture.scene, LIGHT.name)
    assert snap_compare(app, terminal_size=BESIDE, run_before=run_before)

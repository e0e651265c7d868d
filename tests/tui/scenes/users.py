"""The first start, the Users tab and its dialogs, and what all tabs have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.errors import InvalidInput
from store.operations.invitations import InvitationLink
from store.operations.users import Affected
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House, StoppedClock, settings_edit
from tests.tui.scenes.scene import Make, Picture, filtered, on, press, pushing
from tests.tui.scenes.workspaces import demo, demo_after, demo_read_only, small
from tests.tui.seat import Seat
from tui.confirmations import removal_confirmation
from tui.dialogs.invitation_links import InvitationLinks
from tui.dialogs.message import MessageDialog
from tui.launch import FirstStartOffer, Launch

PASTED = "grace@acme.example, Katherine Johnson <kj@acme.example>\nada.lindqvist@acme.example bad@"
SHAM = [
    InvitationLink("", f"{name}@acme.example", f"https://api.acme.example/join/{'SHAM' * 10}{name}")
    for name in ("grace", "kj")
]


def demo_limited(limit: int) -> Make:
    return demo_after(lambda it: it.edit_settings(settings_edit(it, user_limit=limit)))


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
    await seat.until_dialog("FirstStartDialog")
    seat.app.screen.show_error(InvalidInput("This is no email.", field="email"))  # type: ignore[attr-defined]


async def command(seat: Seat) -> None:
    await seat.press("colon")
    await seat.until_dialog("CommandSearch")
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

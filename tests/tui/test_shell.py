"""The program around the tab: rights, other processes, the first start, help, commands, the end."""

from __future__ import annotations

import asyncio
import fcntl
import gc
import os
import stat
from pathlib import Path

import pytest
from textual.widgets import Input

from store.errors import StoreFailed, StoreUnreadable
from store.operations.workspace_settings import FirstStart
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.house import House
from tests.tui.seat import BESIDE, OVER, Scenario, Seat, make_app, sit
from tui.app import AdminApp
from tui.key_names import shown_key
from tui.keys import (
    ADMINISTRATOR_VAULTS,
    APP,
    CREDENTIALS,
    GROUPS,
    MOVING,
    ROWS,
    SERVICE_ACCOUNTS,
    USERS,
    VAULT,
)
from tui.launch import FirstStartOffer, Launch
from tui.tabs.users_tab import UsersTab

BOB = "bob@acme.example"
ONLY = "Only administrators may"


# What one may not do, and why.


def test_a_plain_user_sees_names_and_groups_and_only_their_own_email(
    house: House, bob: str, pia: str
) -> None:
    house.invite("secret@acme.example")

    async def scenario(seat: Seat) -> None:
        assert sorted(seat.rows) == ["Ada Lindqvist", "Bob", "Pia", "invited user"]
        await seat.press("enter")
        await seat.until_shown("Joined")
        assert "acme.example" not in seat.text
        await seat.press("escape", "slash", *"secret")
        await seat.until(lambda: seat.rows == [])
        await seat.press("escape", "m")
        await seat.until_shown(BOB)

    sit(house.as_user(BOB), scenario)


@pytest.mark.parametrize(
    ("key", "reason"),
    [("i", "Only administrators may invite users."), ("e", ONLY), ("p", ONLY), ("d", ONLY)],
)
def test_a_plain_user_is_told_the_reason(house: House, bob: str, key: str, reason: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        keys = seat.text.splitlines()[-1]
        assert not {"Invite", "Edit", "Suspend", "Remove"} & set(keys.split())
        await seat.press(key)
        await seat.until_said(reason)
        assert seat.dialog == ""

    sit(house.as_user(BOB), scenario)
    assert house.bytes() == before


@pytest.mark.parametrize("key", ["i", "e", "p", "d"])
def test_a_read_only_program_says_why_nothing_changes(house: House, bob: str, key: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        assert "READ-ONLY" in seat.text.splitlines()[0]
        said = len(seat.said)
        await seat.go_to("Bob")
        await seat.press(key)
        await seat.until(lambda: len(seat.said) > said)
        assert "It was opened with --read-only." in seat.said[-1]
        assert seat.dialog == ""

    sit(house.as_user(read_only=True), scenario)
    assert house.bytes() == before


def test_the_shell_is_not_open_in_a_restricted_program(house: House) -> None:
    workspace = house.as_user()

    async def scenario(seat: Seat) -> None:
        await seat.press("ctrl+z")
        await seat.until_said("The shell is not open in a restricted program.")

    sit(workspace, scenario, launch=Launch(workspace, is_restricted=True))


# The store, and other processes.


def test_a_busy_store_is_said_in_a_dialog_and_the_draft_kept(house: House, bob: str) -> None:
    store = house.store(longest_wait=0.05)
    workspace = Workspace(store, house.admin.actor, clock=house.clock, mint=house.mint)
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        descriptor = os.open(house.folder / "lock", os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            await seat.press("e")
            await seat.until_dialog("EditUser")
            await seat.fill("name", "Robert")
            await seat.press("ctrl+s")
            await seat.until(lambda: "The store is held by" in seat.problem)
            assert seat.input("name").value == "Robert"
            await seat.press("escape", "p")
            await seat.until_dialog("Confirmation")
            await seat.click_button("Suspend")
            await seat.until_dialog("MessageDialog")
            assert "The store is busy" in seat.text
            assert "The store is held by" in seat.words
            await seat.press("enter")
            await seat.until_dialog("")
        finally:
            os.close(descriptor)

    sit(workspace, scenario)
    assert house.bytes() == before


def test_a_failed_store_is_said_in_a_dialog_that_can_be_copied(
    house: House, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise StoreFailed("The store could not be written: [/red] no space left.")

    house.invite("pia@acme.example", name="Pia")

    async def scenario(seat: Seat) -> None:
        monkeypatch.setattr(Workspace, "send_invitations_again", fail)
        await seat.go_to("Pia")
        await seat.tab.run_action("send_again")
        await seat.until_dialog("MessageDialog")
        assert "[/red] no space left." in seat.words
        await seat.click_button("Copy")
        await seat.until(lambda: seat.app.clipboard.endswith("[/red] no space left."))
        await seat.press("escape")
        await seat.until_dialog("")
        assert seat.app.is_running

    sit(house.as_user(), scenario)


def test_trouble_in_looking_for_commits_is_said_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Workspace] = []

    def fail(workspace: Workspace) -> bool:
        looks.append(workspace)
        raise StoreUnreadable("The file is damaged.")

    async def scenario(seat: Seat) -> None:
        monkeypatch.setattr(Workspace, "refresh", fail)
        await seat.until_dialog("MessageDialog")
        seen = len(looks)
        await seat.until(lambda: len(looks) > seen + 2)
        assert len(seat.app.screen_stack) == 2

    sit(house.as_user(), scenario)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("remove_users", "You were removed from the workspace Acme."),
        ("suspend_users", "You were suspended in the workspace Acme."),
    ],
)
@pytest.mark.parametrize("in_a_dialog", [False, True])
def test_whoever_loses_access_leaves_within_a_second(
    house: House, bob: str, end: str, words: str, in_a_dialog: bool
) -> None:
    async def scenario(seat: Seat) -> None:
        if in_a_dialog:
            await seat.press("m", "e")
            await seat.until_dialog("EditUser")
        getattr(house.admin, end)([bob])
        async with asyncio.timeout(1):
            while not seat.app.last_words:
                await asyncio.sleep(0.01)

    app = sit(house.as_user(BOB), scenario)
    assert app.last_words == words
    assert app.return_code == 1


@pytest.mark.parametrize(
    "keys", [*"j2345ruyeixvms", "enter", "space", "asterisk", "question_mark", "colon", "/b"]
)
def test_what_is_drawn_once_access_has_ended_ends_the_program(
    house: House, bob: str, keys: str
) -> None:
    here = house.as_user(BOB)

    async def scenario(seat: Seat) -> None:
        house.admin.suspend_users([bob])
        # The rows are drawn by a state that says so before it is looked who is looking.
        here._store.refresh()
        await seat.press(*(["slash", "b"] if keys == "/b" else [keys]))
        await seat.until(lambda: bool(seat.app.last_words))

    app = sit(here, scenario)
    assert app.last_words == "You were suspended in the workspace Acme."
    assert app.return_code == 1


# The first start.


def first_start(folder: Path, scenario: Scenario, size: tuple[int, int] = BESIDE) -> AdminApp:
    """Run the program without a workspace."""

    def create(first: FirstStart) -> Workspace:
        return Workspace.create(folder, first)

    offer = FirstStartOffer(folder, "ada", "Ada Lovelace", "", "clearml", create)
    app = make_app(Launch(None, first_start=offer))

    async def main() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            seat = Seat(app, pilot, None)
            await seat.until_dialog("FirstStartDialog")
            await scenario(seat)

    asyncio.run(main())
    return app


@pytest.mark.parametrize("size", [BESIDE, OVER], ids=["beside", "over"])
def test_first_start_makes_a_workspace_of_what_is_typed(home: Path, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        assert seat.input("name").value == "Ada Lovelace"
        await seat.type("Umbrella")
        await seat.press("enter")
        await seat.until(lambda: bool(seat.error_at("email")))
        assert not (home / "new").exists()
        await seat.fill("email", "ada@acme.example")
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until_shown("1 USER IN Umbrella workspace")
        await seat.until_shown("◆ Ada Lovelace (you)")
        await seat.press("i")
        await seat.until_dialog("InviteDialog")

    first_start(home / "new", scenario, size)
    assert Workspace.open(Store(home / "new"), login="ada").is_administrator


def test_leaving_the_first_start_makes_nothing(home: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.type("Umbrella")
        await seat.press("escape")
        await seat.until(lambda: not seat.app.is_running)

    app = first_start(home / "new", scenario)
    assert app.last_words == "No workspace was created."
    assert app.return_code == 0
    assert not (home / "new").exists()


# Help, commands, quitting.


def test_help_lists_all_keys(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("question_mark")
        await seat.until_dialog("HelpDialog")
        shown = [line.strip(" │") for line in seat.text.splitlines()]
        for key in (
            *MOVING,
            *ROWS,
            *USERS,
            *SERVICE_ACCOUNTS,
            *CREDENTIALS,
            *VAULT,
            *GROUPS,
            *ADMINISTRATOR_VAULTS,
            *APP,
        ):
            if key.keys:
                lines = [line for line in shown if key.tooltip in line]
                assert [line.split(key.tooltip)[0].split() for line in lines] == [
                    [shown_key(one) for one in key.all_keys]
                ]
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=(120, 170))


def test_the_command_palette_finds_and_runs_an_action(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("colon")
        await seat.until_dialog("CommandSearch")
        await seat.press(*"invite")
        await seat.until(lambda: "Invite users by email" in seat.text)
        assert "creenshot" not in seat.text
        await seat.press("enter")
        await seat.until_dialog("InviteDialog")

    sit(house.as_user(), scenario)


def test_q_goes_back_and_then_quits(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("enter")
        await seat.until_shown("Joined")
        await seat.press("q")
        assert seat.app.is_running
        await seat.press("q")
        await seat.until(lambda: not seat.app.is_running)

    app = sit(house.as_user(), scenario)
    assert app.last_words == ""
    assert not app.return_code


def test_nothing_is_said_of_a_look_that_ends_before_it_began(
    house: House, recwarn: pytest.WarningsRecorder
) -> None:
    """Python would say so on the terminal that the program has just left."""

    async def scenario(seat: Seat) -> None:
        seat.app._look_soon()
        seat.app.workers.cancel_all()
        await seat.pilot.pause()
        gc.collect()

    sit(house.as_user(), scenario)
    assert [str(warning.message) for warning in recwarn] == []


# A defect.


def test_a_defect_leaves_one_sentence_and_a_log_without_what_variables_held(
    house: House, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "hunter2" + "-very-secret"

    def broken(_tab: UsersTab, keys: list[str]) -> dict[str, str]:
        held = secret
        raise KeyError(len(held))

    async def scenario(seat: Seat) -> None:
        monkeypatch.setattr(UsersTab, "copyable", broken)
        await seat.press("y")
        await seat.until(lambda: not seat.app.is_running)

    app = make_app(Launch(house.as_user()), home / "logs")

    async def main() -> None:
        async with app.run_test(size=BESIDE) as pilot:
            await pilot.pause()
            await scenario(Seat(app, pilot, None))

    with pytest.raises(Exception, match="KeyError"):
        asyncio.run(main())
    (log,) = (home / "logs").iterdir()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert app.last_words.startswith("Ended because of a defect of its own")
    assert str(log) in app.last_words
    text = log.read_text()
    assert "KeyError" in text
    assert secret not in text
    assert app.return_code


def test_focus_stays_where_keys_work_after_each_dialog(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        for key in ("i", "e", "w", "question_mark", "s", "y", "colon"):
            await seat.press(key)
            await seat.until(lambda: seat.dialog != "")
            await seat.press("escape")
            await seat.until_dialog("")
            assert seat.focused == "RecordTable"
            assert not isinstance(seat.app.focused, Input)

    sit(house.as_user(), scenario)


def test_what_is_said_takes_the_place_of_what_was_said(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("l")
        await seat.until_said("Only pending users have a link")
        await seat.press("Y")
        await seat.until(lambda: seat.told == ["ID sent to your terminal's clipboard."])

    sit(house.as_user(), scenario)


def test_ctrl_c_says_in_our_words_how_to_leave(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("ctrl+c")
        await seat.until_said("q leaves the program")

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("tab", "123")
def test_home_and_end_go_to_the_first_row_and_the_last(house: House, tab: str) -> None:
    for name in ("Bob", "Cleo"):
        house.add_user(f"{name}@acme.example", name)
        house.add_service_account(f"{name}-bot")
        house.add_group(f"{name}-group")

    async def scenario(seat: Seat) -> None:
        await seat.press(tab)
        await seat.until(lambda: len(seat.rows) > 1)
        for key, row in (("end", -1), ("home", 0)):
            await seat.press(key)
            await seat.until(lambda row=row: seat.row == seat.rows[row])  # type: ignore[misc]

    sit(house.as_user(), scenario)

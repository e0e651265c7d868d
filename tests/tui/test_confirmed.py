"""Every confirmation, and what others may do while it stands: it does what it said, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from store.listing import Query
from store.operations.credentials import CredentialEdit
from store.terms import CREDENTIALS_TABLE
from tests.effort import effort
from tests.store.house import House, account_edit, edit_of, lasting_folder
from tests.store.keyring import flush
from tests.tui.catalogued import add_rule, fill
from tests.tui.seat import Seat, sit
from tui.dialogs.confirmation import Confirmation
from tui.tabs.confirmed import AGAIN

TABS = {"users": "1", "accounts": "2", "groups": "3", "vaults": "4", "rules": "5"}


class Stage(House):
    """People, accounts, groups, vaults, resources and rules that hang together."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ids: dict[str, str] = {}
        fill(self)
        ids = self.ids
        ids["bob"] = self.add_user("bob@acme.example", "Bob")
        ids["cleo"] = self.add_administrator("cleo@acme.example", "Cleo")
        (ids["zed"],) = self.invite("zed@acme.example")
        issued = self.admin.add_service_account("bot", True)
        ids["bot"], ids["key"], self.secret = issued.member, issued.access_key, issued.secret_key
        ids["vision"] = self.add_group("Vision team", ids["bob"])
        ids["rule"] = add_rule(self, "task", "t1", groups=[ids["vision"]])
        add_rule(self, "queue", "q1", members=[ids["bob"], ids["bot"]])
        ids["vault"] = self.add_vault("Defaults", "Vision team")
        self.save_vault(ids["bob"], "{}")
        self.admin.refresh()

    @property
    def other(self) -> Any:
        """The workspace as another administrator has it open."""
        return self.as_user("cleo@acme.example")


@cache
def stage() -> Stage:
    """The stage, made once and never changed: every case has a copy of it."""
    made = Stage(lasting_folder() / "store")
    made.close()
    return made


Change = Callable[[Stage], object]

CHANGES: dict[str, Change] = {
    "nothing": lambda on: None,
    "a group without bearing": lambda on: on.other.add_group("Other", "", []),
    "zed joins": lambda on: on.as_user("zed@acme.example").activate("Zed"),
    "bob makes a credential": lambda on: on.as_user("bob@acme.example").create_credentials(
        on.ids["bob"]
    ),
    "bob comes into a group": lambda on: on.other.regroup_members(
        [on.ids["bob"]], [on.group("Queue admins")], []
    ),
    "bob leaves his group": lambda on: on.other.regroup_members(
        [on.ids["bob"]], [], [on.ids["vision"]]
    ),
    "bob is suspended": lambda on: on.other.suspend_users([on.ids["bob"]]),
    "bob is removed": lambda on: on.other.remove_users([on.ids["bob"]]),
    "bob has another name": lambda on: on.other.edit_user(
        edit_of(on.other, on.ids["bob"], name="Robert")
    ),
    "bob is named by a rule": lambda on: add_rule(on, "task", "t2", members=[on.ids["bob"]]),
    "zed is named by a rule": lambda on: add_rule(on, "task", "t2", members=[on.ids["zed"]]),
    "zed comes into a group": lambda on: on.other.regroup_members(
        [on.ids["zed"]], [on.ids["vision"]], []
    ),
    "zed is withdrawn": lambda on: on.other.remove_users([on.ids["zed"]]),
    "bot signs in": lambda on: _sign_in(on),
    "bot gets a credential": lambda on: on.other.create_credentials(on.ids["bot"]),
    "bot comes into a group": lambda on: on.other.regroup_members(
        [on.ids["bot"]], [on.ids["vision"]], []
    ),
    "bot may not act for owners": lambda on: on.other.edit_service_account(
        account_edit(on.other, on.ids["bot"], allow_impersonation=False)
    ),
    "bot is deleted": lambda on: on.other.delete_service_accounts([on.ids["bot"]]),
    "the key is revoked": lambda on: on.other.revoke_credentials([on.ids["key"]]),
    "the key has another label": lambda on: on.other.edit_credential(
        CredentialEdit(on.ids["key"], _revision(on), "Nightly", None)
    ),
    "the rule goes": lambda on: on.other.delete_access_rules([on.ids["rule"]]),
    "the vault goes": lambda on: on.other.delete_administrator_vaults([on.ids["vault"]]),
    "the vault is disabled": lambda on: on.other.set_administrator_vaults_enabled(
        [on.ids["vault"]], False
    ),
    "the group goes": lambda on: on.other.delete_groups([on.ids["vision"]]),
    "the task goes": lambda on: on.other.delete_resources(["t1"]),
}

# Where a confirmation is: the tab, whose row, and the keys that lead to it from there.
QUESTIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "remove": ("users", "bob", ("d",)),
    "withdraw": ("users", "zed", ("d",)),
    "suspend": ("users", "bob", ("p",)),
    "suspend the invited": ("users", "zed", ("p",)),
    "remove several": ("users", "bob", ("*", "d")),
    "delete an account": ("accounts", "bot", ("d",)),
    "suspend an account": ("accounts", "bot", ("p",)),
    "revoke": ("accounts", "bot", ("enter", "enter", "d")),
    "suspend a credential": ("accounts", "bot", ("enter", "enter", "p")),
    "delete a group": ("groups", "vision", ("d",)),
    "delete a vault": ("vaults", "vault", ("d",)),
    "delete a rule": ("rules", "rule", ("d",)),
}


def _sign_in(on: Stage) -> None:
    here = on.other
    here.authenticate(on.ids["key"], on.secret, worker="w")
    # What was noted of sign-ins is written a moment later, and not known to others before that.
    flush(here)


def _revision(on: Stage) -> int:
    return int(on.store(read_only=True).state.table(CREDENTIALS_TABLE)[on.ids["key"]]["revision"])


async def reach(seat: Seat, on: Stage, question: str) -> Confirmation | None:
    """Go to a confirmation; None where it is not reached, for what it is about is gone."""
    tab, row, keys = QUESTIONS[question]
    await seat.press(TABS[tab])
    if not seat.tab.table.move_to(on.ids[row]):
        return None
    await seat.pilot.pause(0)
    await seat.press(*keys)
    return shown(seat)


def shown(seat: Seat) -> Confirmation | None:
    """The confirmation on top."""
    screen = seat.app.screen
    return screen if isinstance(screen, Confirmation) else None


def as_of_now(on: Stage, question: str, folder: Path) -> tuple[str, ...] | None:
    """What a program that is started now would say."""
    copy = on.copied_to(folder)
    said: list[tuple[str, ...]] = []

    async def scenario(seat: Seat) -> None:
        confirmation = await reach(seat, copy, question)
        said.extend([] if confirmation is None else [confirmation.told])

    sit(copy.as_user(), scenario)
    copy.close()
    return said[0] if said else None


# A quarter of all, of which each has every question and every change.
CASES = [(question, change) for question in QUESTIONS for change in CHANGES]
CASES = CASES[:: len(CASES) // effort(len(CASES))]


@pytest.mark.parametrize(("question", "change"), CASES)
def test_it_does_what_it_said_or_nothing(question: str, change: str, tmp_path: Path) -> None:
    on = stage().copied_to(tmp_path / "store")
    seen: dict[str, Any] = {}

    async def scenario(seat: Seat) -> None:
        first = await reach(seat, on, question)
        assert first is not None
        CHANGES[change](on)
        seen["said"], seen["before"] = first.told, on.bytes()
        if first._expected:
            await seat.type(first._expected)
        await seat.press("ctrl+s")
        again = shown(seat)
        seen["again"] = again and again.told
        seen["is_nothing_left"] = again is not None and not again._verb
        seen["after"] = on.bytes()
        if again is not None:
            assert again is not first
            assert "Changed while you were asked:" in seat.words

    sit(on.as_user(), scenario)
    if question == "remove several" and seen["again"] is not None:
        # A program that is started then has not marked who is gone, and has them in their order.
        assert seen["again"] != seen["said"]
        assert seen["after"] == seen["before"]
    elif seen["after"] != seen["before"]:
        # It was done, and so it has said what a program says that is started then.
        assert seen["again"] is None
        rewind(on, seen["before"])
        assert as_of_now(on, question, tmp_path / "now") == seen["said"]
    elif seen["again"] is not None and not seen["is_nothing_left"]:
        assert seen["again"] != seen["said"]
        assert seen["again"] == as_of_now(on, question, tmp_path / "now")
    else:
        # What it was about is gone, or there is nothing left to do to it, which it says.
        assert as_of_now(on, question, tmp_path / "now") is None
    on.close()


def rewind(on: Stage, files: dict[str, bytes]) -> None:
    """Put the files of the workspace back as they were."""
    for path in (on.folder / "activity").iterdir():
        path.unlink()
    for name, data in files.items():
        folder = on.folder if name == "workspace.json" else on.folder / "activity"
        (folder / name).write_bytes(data)


def test_powers_are_asked_about(house: House, bob: str) -> None:
    admins, queue_admins = house.group("Admins"), house.group("Queue admins")

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        for key in (admins, queue_admins):
            house.as_user().regroup_members([bob], [key], [])
        house.as_user().suspend_users([bob])
        await seat.press("r")
        await seat.until_said("Up to date.")
        await seat.press("p")
        await seat.until_dialog("Confirmation")
        assert "Let Bob back in?" in seat.text
        assert "Again: administers this workspace, defines queues." in seat.words
        await seat.press("ctrl+s")
        await seat.until_said("1 user let back in. p suspends them again.")

    sit(house.as_user(), scenario)
    assert not house.user(bob).suspended


def test_who_has_no_power_is_let_back_in_at_once(house: House, bob: str) -> None:
    house.admin.suspend_users([bob])

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("p")
        await seat.until_said("1 user let back in. p suspends them again.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)


def test_no_more_acting_for_owners_is_asked_about(house: House) -> None:
    bot = house.admin.add_service_account("bot", True).member

    async def scenario(seat: Seat) -> None:
        await seat.press("2", "e")
        await seat.until_dialog("EditServiceAccount")
        await seat.press("tab", "space", "ctrl+s")
        await seat.until_dialog("ImpactConfirmation")
        assert "1 member may act for owners of tasks no more." in seat.words
        await seat.press("ctrl+s")
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert not house.as_user().service_account_details(bot).allow_impersonation


def test_inviting_an_administrator_is_asked_about(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("i")
        await seat.until_dialog("InviteDialog")
        await seat.type("zed@acme.example")
        await seat.press("tab", "space", "ctrl+s")
        await seat.until_dialog("Confirmation")
        assert "Invite zed@acme.example?" in seat.text
        assert "From now on: administers this workspace." in seat.words
        await seat.press("escape")
        await seat.until_dialog("InviteDialog")
        assert len(house.as_user().list_users(Query()).ids) == 1
        await seat.press("ctrl+s")
        await seat.until_dialog("Confirmation")
        await seat.press("ctrl+s")
        await seat.until_dialog("InvitationLinks")

    sit(house.as_user(), scenario)
    assert len(house.as_user().list_users(Query()).ids) == 2


def test_of_many_one_that_is_only_counted_and_changes_is_asked_about_anew(house: House) -> None:
    people = [house.add_user(f"p{n}@acme.example", f"P{n:02}") for n in range(31)]

    async def scenario(seat: Seat) -> None:
        await seat.press("slash")
        await seat.type("p")
        await seat.press("enter", "asterisk", "p")
        await seat.until_dialog("Confirmation")
        assert "and 25 more" in seat.words
        assert "P30" not in seat.words
        house.as_user().edit_user(edit_of(house.as_user(), people[30], name="Paula"))
        await seat.press("ctrl+s")
        await seat.until_said(AGAIN)
        assert "Now: It is done to: Paula" in seat.words
        assert "No more: It is done to: P30" in seat.words
        assert not house.user(people[30]).suspended
        await seat.press("f5", "slash")
        await seat.type("paula")
        await seat.until_shown("Paula")
        await seat.press("escape", "escape", "ctrl+s")
        await seat.until_said("31 users suspended.")

    sit(house.as_user(), scenario)


def relabelled(house: House, key: str) -> None:
    """Let another program give the credential another label."""
    house.as_user().edit_credential(CredentialEdit(key, 1, "Nightly", None))


@pytest.mark.parametrize(
    ("change", "is_asked"),
    [
        (lambda house, _key: None, False),
        (lambda house, _key: house.add_group("Other"), False),
        (relabelled, True),
    ],
    ids=["nothing", "a group without bearing", "another label"],
)
def test_a_rotation_is_of_the_credential_that_its_end_was_chosen_for(
    house: House, change: Callable[[House, str], object], is_asked: bool
) -> None:
    bot = house.admin.add_service_account("bot", False)

    async def scenario(seat: Seat) -> None:
        await seat.press("2", "enter", "enter", "t")
        await seat.until_dialog("RotateDialog")
        change(house, bot.access_key)
        await seat.press("ctrl+s")
        if is_asked:
            await seat.until_dialog("Confirmation")
            assert "Rotate Nightly, as it is now?" in seat.text
            await seat.press("ctrl+s")
        await seat.until_dialog("NewCredentials")

    sit(house.as_user(), scenario)
    rows = house.as_user().credentials_of(bot.member)
    assert [row.replaced_by is None for row in rows] == [False, True]


def test_a_rotation_of_what_was_revoked_meanwhile_is_refused(house: House) -> None:
    bot = house.admin.add_service_account("bot", False)

    async def scenario(seat: Seat) -> None:
        await seat.press("2", "enter", "enter", "t")
        await seat.until_dialog("RotateDialog")
        house.as_user().revoke_credentials([bot.access_key])
        await seat.press("ctrl+s")
        await seat.until_said("was revoked meanwhile")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert not house.as_user().credentials_of(bot.member)


def test_a_purge_spares_the_text_that_was_the_present_one_when_it_was_asked_about(
    house: House, bob: str
) -> None:
    texts = [f'{{"a": {number}}}' for number in range(3)]
    for text in texts[:2]:
        house.save_vault(bob, text)

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("enter", "enter")
        await seat.until(lambda: seat.is_in_vault)
        await seat.press("h")
        await seat.until_dialog("VaultHistory")
        await seat.click_button("Purge history")
        await seat.until_dialog("Confirmation")
        assert "1 former text is erased" in seat.words
        house.save_vault(bob, texts[2])
        await seat.press("ctrl+s")
        await seat.until_said(AGAIN)
        await seat.until(lambda: "2 former texts are erased" in seat.words)
        assert house.texts() == {*texts}
        await seat.press("ctrl+s")
        await seat.until_said("2 former texts were erased.")

    sit(house.as_user(), scenario)
    assert house.texts() == {texts[2]}

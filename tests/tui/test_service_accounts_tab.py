"""The Service Accounts tab, driven by keys: what it shows, and what comes of each key."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from store.listing import Query
from store.terms import SERVICE_ACCOUNTS_TABLE
from store.workspace import Workspace
from tests.store.house import House, settings_edit
from tests.store.keyring import add_credentials
from tests.tui.seat import OVER, Seat, sit
from tui.launch import Launch

ASKING, NEW = "Confirmation", "NewCredentials"


@pytest.fixture
def bot(house: House) -> str:
    """A service account with its first credential, which was used an hour ago."""
    issued = house.admin.add_service_account("autoscaler", True)
    elsewhere = house.as_user()
    elsewhere.authenticate(
        issued.access_key, issued.secret_key, worker="gpu-1", address="192.0.2.7"
    )
    elsewhere.close()
    house.clock.advance(seconds=3_600)
    return issued.member


def key_of(house: House, member: str, number: int = 0) -> str:
    """The access key of one of a member's credentials."""
    rows = house.as_user().service_account_details(member).credentials
    assert rows is not None
    return rows[number].access_key


async def to_accounts(seat: Seat) -> None:
    """Go to the tab."""
    await seat.press("2")
    await seat.until(lambda: seat.tab.id == "service-accounts")
    await seat.until(lambda: "SERVICE ACCOUNTS" in seat.heading)


async def to_credentials(seat: Seat, called: str) -> None:
    """Go to the credentials of a service account."""
    await to_accounts(seat)
    await seat.until(lambda: called in seat.rows)
    await seat.go_to(called)
    await seat.press("enter")
    await seat.until_shown("CREDENTIALS 1")
    await seat.press("enter")
    await seat.until(lambda: seat.is_in_credentials)


async def leave_new(seat: Seat) -> None:
    """Leave the dialog with new credentials, having copied the section."""
    await seat.until_dialog(NEW)
    await seat.press("enter")
    await seat.until_said("Sent to your terminal's clipboard.")
    await seat.press("escape")
    await seat.until_dialog("")


def test_shows_each_account_with_its_groups_credentials_and_last_use(
    house: House, bot: str
) -> None:
    house.add_group("Inference", bot)
    limited = settings_edit(house.admin, service_account_limit=5)
    house.admin.edit_settings(limited)

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: seat.rows == ["autoscaler"])
        assert seat.heading == "SERVICE ACCOUNTS 1 / 5"
        (line,) = [line for line in seat.text.splitlines() if "autoscaler" in line]
        for part in (" Inference   Users ", f"{bot[:8]}…", " 1 ", "1 hour ago"):
            assert part in line

    sit(house.as_user(), scenario)


def test_an_empty_tab_says_how_to_begin(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until_shown("There are no service accounts yet.")
        assert "Press a to add the first." in seat.words
        await seat.press("e", "d", "p", "enter", "space", "y", "Y")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)


def test_adds_one_and_shows_its_credential_once(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.press("a")
        await seat.until_dialog("AddServiceAccount")
        for words in ("--use-owner-token", "values.agentk8s.useOwnerToken"):
            assert words in seat.words
        assert "Apply Task Owner Vault Configuration" in seat.words
        await seat.type("nightly [/red]")
        await seat.press("tab", "space", "ctrl+s")
        await seat.until_dialog(ASKING)
        assert "From now on: may act for owners of tasks." in seat.words
        await seat.press("ctrl+s")
        await seat.until_dialog(NEW)
        account = house.as_user()
        (made,) = account.list_service_accounts(Query()).ids
        details = account.service_account_details(made)
        assert details.allow_impersonation
        assert details.credentials is not None
        (row,) = details.credentials
        assert row.label == "Default Credentials"
        assert row.access_key in seat.text
        await leave_new(seat)
        await seat.until(lambda: seat.rows == ["nightly [/red]"])
        assert row.access_key not in seat.text

    sit(house.as_user(), scenario)


def test_a_taken_name_is_told_at_its_field(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.press("a")
        await seat.until_dialog("AddServiceAccount")
        await seat.type("AUTOSCALER")
        await seat.press("enter")
        await seat.until(lambda: bool(seat.error_at("name")))
        assert seat.input("name").value == "AUTOSCALER"
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert house.as_user().summary().service_accounts == 1


def test_at_the_limit_adding_is_disabled_with_the_reason(house: House, bot: str) -> None:
    house.admin.edit_settings(settings_edit(house.admin, service_account_limit=1))

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until_shown("1 of 1 service accounts")
        await seat.press("a")
        await seat.until_said("1 of 1 service accounts")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)


def test_the_whole_id_is_copied_with_one_key(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("Y")
        await seat.until_said("ID sent to your terminal's clipboard.")
        assert seat.app.clipboard == bot

    sit(house.as_user(), scenario)


def test_filters_by_stale_credentials(house: House, bot: str) -> None:
    house.admin.add_service_account("never-used", False)
    house.clock.advance(days=7)
    house.admin.add_service_account("new", False)

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: len(seat.rows) == 3)
        await seat.press("slash")
        await seat.type("stale")
        await seat.until(lambda: seat.rows == ["never-used"])
        assert seat.heading == "SERVICE ACCOUNTS 3"
        assert "! stale" in seat.text

    sit(house.as_user(), scenario)


def test_edits_name_impersonation_and_groups(house: House, bot: str) -> None:
    group = house.add_group("Inference")

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("e")
        await seat.until_dialog("EditServiceAccount")
        assert bot in seat.words
        assert "Admins" not in seat.words
        await seat.fill("name", "scaler")
        await seat.press("tab", "space")
        await seat.press("tab", "down", "space", "ctrl+s")
        await seat.until_dialog("ImpactConfirmation")
        await seat.click_button("Save")
        await seat.until_said("Saved.")
        await seat.until(lambda: seat.rows == ["scaler"])

    sit(house.as_user(), scenario)
    details = house.as_user().service_account_details(bot)
    assert not details.allow_impersonation
    assert group in [one.id for one in details.groups]


def test_suspends_deletes_and_says_what_that_means(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("p")
        await seat.until_dialog(ASKING)
        assert "Suspend autoscaler?" in seat.words
        await seat.press("tab", "enter")
        await seat.until_said("1 service account suspended.")
        await seat.until_shown("autoscaler (suspended)")
        await seat.press("p")
        await seat.until_dialog(ASKING)
        assert "Again: may act for owners of tasks." in seat.words
        await seat.press("ctrl+s")
        await seat.until_said("1 service account let back in. p suspends it again.")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        assert "Credentials revoked for good: 1." in seat.words
        assert "1 hour ago" in seat.words
        await seat.type("wrong")
        await seat.press("enter")
        assert seat.dialog == ASKING
        await seat.fill("expected", "autoscaler")
        await seat.press("enter")
        await seat.until_said("1 service account deleted.")
        await seat.until_shown("There are no service accounts yet.")

    sit(house.as_user(), scenario)
    kept = house.store(read_only=True).state.table(SERVICE_ACCOUNTS_TABLE)[bot]
    assert kept["removed_at"]


@pytest.mark.parametrize("size", [(120, 40), OVER])
def test_makes_relabels_and_revokes_credentials_by_keys_alone(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    first = key_of(house, bot)

    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        assert "gpu-1" in seat.words
        await seat.press("a")
        await leave_new(seat)
        await seat.until_shown("CREDENTIALS 2")
        await seat.press("e")
        await seat.until_dialog("EditCredential")
        await seat.fill("label", "CI on Tuesdays")
        await seat.press("ctrl+s")
        await seat.until_shown("CI on Tuesdays")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        assert "last used 1 hour ago from gpu-1" in seat.words
        await seat.press("tab", "enter")
        await seat.until_said("The credential was revoked.")
        await seat.until_shown("CREDENTIALS 1")

    sit(house.as_user(), scenario, size=size)
    assert key_of(house, bot) != first


def test_rotates_and_takes_it_back(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("t")
        await seat.until_dialog("RotateDialog")
        await seat.press("ctrl+s")
        await leave_new(seat)
        await seat.until_shown("being replaced by")
        assert "in 24 hours" in seat.words or "in 1 day" in seat.words
        await seat.press("t")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_said("The rotation was taken back.")
        await seat.until(lambda: "being replaced by" not in seat.words)
        assert "CREDENTIALS 2" in seat.words

    sit(house.as_user(), scenario)


def test_suspends_one_credential_and_lets_it_back_in(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("p")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_shown("CREDENTIALS 0 that can sign in, of 1")
        await seat.press("p")
        await seat.until_said("The credential was let back in.")
        await seat.until_shown("CREDENTIALS 1")

    sit(house.as_user(), scenario)


def test_escape_goes_back_from_the_credentials_and_then_closes(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("escape")
        await seat.until(lambda: seat.tab.table.has_focus)
        assert seat.tab.details_key == bot
        await seat.press("escape")
        assert seat.tab.details_key is None

    sit(house.as_user(), scenario)


def test_refused_sign_ins_are_shown_with_their_cause(house: House, bot: str) -> None:
    from store.errors import SignInRefused

    key = key_of(house, bot)
    elsewhere = house.as_user()
    for _ in range(3):
        with pytest.raises(SignInRefused):
            elsewhere.authenticate(key, "x" * 64, address="203.0.113.9")
    elsewhere.close()

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("enter")
        await seat.until_shown("Refused sign-ins")
        assert "3 times" in seat.words
        assert "203.0.113.9" in seat.words

    sit(house.as_user(), scenario)


def test_a_use_elsewhere_shows_within_a_moment(house: House) -> None:
    issued = house.admin.add_service_account("autoscaler", False)
    elsewhere = house.as_user()

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until_shown("never")
        house.clock.advance(seconds=300)
        elsewhere.authenticate(issued.access_key, issued.secret_key)
        await seat.until_shown("just now")

    sit(house.as_user(), scenario)


def test_a_plain_user_sees_names_and_groups_alone(house: House, bot: str, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: seat.rows == ["autoscaler"])
        assert "hidden" in seat.text
        assert "hour ago" not in seat.text
        for key in ("a", "e", "d", "p"):
            await seat.press(key)
        await seat.until_said("Only administrators may")
        assert seat.dialog == ""
        await seat.press("enter")
        await seat.until_shown(bot)
        assert "CREDENTIALS 1" not in seat.words
        assert key_of(house, bot) not in seat.text

    sit(house.as_user("bob@acme.example"), scenario)


def test_users_make_their_own_credentials(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("m")
        await seat.until_shown("CREDENTIALS 0")
        await seat.click_button("Create new credentials")
        await leave_new(seat)
        await seat.until_shown("CREDENTIALS 1")

    sit(house.as_user("bob@acme.example"), scenario)
    rows = house.as_user("bob@acme.example").user_details(bob).credentials
    assert rows is not None
    assert len(rows) == 1


def test_an_administrator_may_revoke_anothers_but_not_make_or_edit(house: House, bob: str) -> None:
    house.as_user("bob@acme.example").create_credentials(bob)

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("enter")
        await seat.until_shown("CREDENTIALS 1")
        assert "Create new credentials" not in seat.words
        await seat.press("enter")
        await seat.until(lambda: seat.is_in_credentials)
        for key in ("e", "t"):
            await seat.press(key)
            await seat.until_said("Only they themselves may do this.")
        await seat.press("a")
        assert seat.dialog == ""
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_said("The credential was revoked.")

    sit(house.as_user(), scenario)


def test_a_read_only_program_offers_nothing(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        for key in ("a", "e", "t", "p", "d"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("--read-only")

    sit(house.as_user(read_only=True), scenario)


def test_checks_what_was_handed_out(house: House, bot: str) -> None:
    issued = house.admin.create_credentials(bot)
    section = house.admin.configuration_of(issued).section

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.press("c")
        await seat.until_dialog("CheckDialog")
        await seat.type(section)
        await seat.press("ctrl+s")
        await seat.until_shown("✓")
        assert "✕" not in seat.text
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)


def test_a_restricted_program_touches_no_file(house: House, bot: str) -> None:
    workspace = house.as_user()

    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("a")
        await seat.until_dialog(NEW)
        assert "Save…" not in seat.text
        await leave_new(seat)
        await seat.press("escape", "c")
        await seat.until_dialog("CheckDialog")
        assert "file" not in seat.words

    sit(workspace, scenario, launch=Launch(workspace, is_restricted=True))


def test_saves_to_a_file_for_one_pair_of_eyes(house: House, bot: str, home: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("a")
        await seat.until_dialog(NEW)
        await seat.click_button("Save…")
        await seat.until_dialog("SaveCredentials")
        await seat.press("ctrl+s")
        await seat.until_dialog(NEW)
        await seat.press("escape")
        await seat.until_dialog("")

    old = os.umask(0)
    try:
        sit(house.as_user(), scenario)
    finally:
        os.umask(old)
    (saved,) = home.glob("*.conf")
    assert saved.stat().st_mode & 0o777 == 0o600
    assert key_of(house, bot, 1) in saved.read_text()


def test_an_expired_credential_cannot_be_rotated(house: House, bot: str) -> None:
    from store.operations.credentials import CredentialEdit

    workspace: Workspace = house.admin
    ends = house.clock.now + timedelta(hours=1)
    edit = CredentialEdit(key_of(house, bot), 1, "Old", f"{ends:%Y-%m-%dT%H:%M:%SZ}")
    workspace.edit_credential(edit)
    house.clock.advance(seconds=7_200)

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("enter", "enter")
        await seat.until_shown("expired")
        await seat.until(lambda: seat.is_in_credentials)
        await seat.press("t")
        await seat.until_said("It has expired. Make a new one instead.")

    sit(house.as_user(), scenario)


def test_keys_stay_with_the_tab_when_a_credential_goes_under_a_dialog(
    house: House, bot: str, bob: str
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("e")
        await seat.until_dialog("EditCredential")
        house.admin.revoke_credentials([key_of(house, bot)])
        await seat.until(lambda: seat.workspace is not None and seat.workspace.commit > 4)
        await seat.press("escape")
        await seat.until_dialog("")
        await seat.until_shown("CREDENTIALS 0")
        await seat.press("a")
        await leave_new(seat)
        await seat.until_shown("CREDENTIALS 1")
        assert "Invite" not in seat.words

    sit(house.as_user(), scenario)
    assert house.as_user().user_details(bob).credentials == ()


def test_revoking_the_only_one_leaves_a_way_to_make_another(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_shown("CREDENTIALS 0")
        await seat.press("a")
        await leave_new(seat)
        await seat.until_shown("CREDENTIALS 1")

    sit(house.as_user(), scenario, size=OVER)


def test_deleting_all_leaves_the_keys_of_the_tab(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.type("autoscaler")
        await seat.press("enter")
        await seat.until_shown("There are no service accounts yet.")
        await seat.press("a")
        await seat.until_dialog("AddServiceAccount")
        await seat.type("next")
        await seat.press("enter")
        await leave_new(seat)
        await seat.until(lambda: seat.rows == ["next"])
        await seat.press("e")
        await seat.until_dialog("EditServiceAccount")

    sit(house.as_user(), scenario)


def test_quitting_asks_while_a_secret_is_shown(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("a")
        await seat.until_dialog(NEW)
        await seat.press("ctrl+q")
        await seat.until_dialog(ASKING)
        assert "cannot be shown again" in seat.words

    sit(house.as_user(), scenario)


def test_what_is_copied_out_of_a_check_is_forgotten(house: House, bot: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.press("c")
        await seat.until_dialog("CheckDialog")
        await seat.type("secret of somebody")
        await seat.press("f7", "ctrl+c")
        await seat.until(lambda: seat.app.clipboard == "secret of somebody")
        await seat.press("escape")
        await seat.until(lambda: seat.app.clipboard == "")

    sit(house.as_user(), scenario)


def test_a_suspended_credential_cannot_be_rotated(house: House, bot: str) -> None:
    house.admin.suspend_credentials([key_of(house, bot)])

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("enter", "enter")
        await seat.until_shown("suspended")
        await seat.until(lambda: seat.is_in_credentials)
        await seat.press("t")
        await seat.until_said("It is suspended.")

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("keys", [("a",), ("t", "ctrl+s")])
def test_no_more_are_made_or_rotated_than_a_member_may_have(
    house: House, bot: str, keys: tuple[str, ...]
) -> None:
    add_credentials(house, bot, *(f"{number:030}" for number in range(99)))

    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press(*keys)
        await seat.until_said("autoscaler has 100 credentials that were neither revoked nor")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)


def test_revoking_a_replacement_says_what_still_ends(house: House, bot: str) -> None:
    house.admin.rotate_credential(key_of(house, bot), timedelta(days=1))

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: bool(seat.rows))
        await seat.press("enter", "enter")
        await seat.until_shown("CREDENTIALS 2")
        await seat.until(lambda: seat.is_in_credentials)
        await seat.press("j", "d")
        await seat.until_dialog(ASKING)
        assert "which it replaces, still ends in" in seat.words

    sit(house.as_user(), scenario)


def test_marks_stay_for_letting_back_in(house: House, bot: str) -> None:
    house.admin.add_service_account("other", False)

    async def scenario(seat: Seat) -> None:
        await to_accounts(seat)
        await seat.until(lambda: len(seat.rows) == 2)
        await seat.press("asterisk", "p")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_said("2 service accounts suspended.")
        await seat.press("p", "ctrl+s")
        await seat.until_said("2 service accounts let back in. p suspends them again.")

    sit(house.as_user(), scenario)


def test_relabelling_in_another_form_of_the_same_letters_is_no_conflict(
    house: House, bot: str
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_credentials(seat, "autoscaler")
        await seat.press("a")
        await seat.until_dialog(NEW)
        for label in ("café", "cafe\N{COMBINING ACUTE ACCENT}", "Last"):
            await seat.fill("label", label)
            await seat.press("enter")
            await seat.pilot.pause()
            assert seat.error_at("label") == ""
        await seat.pilot.pause()

    sit(house.as_user(), scenario)
    rows = house.as_user().service_account_details(bot).credentials
    assert rows is not None
    assert [row.label for row in rows if row.access_key != key_of(house, bot)] == ["Last"]

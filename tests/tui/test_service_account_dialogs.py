"""Adding and editing service accounts, editing and rotating credentials."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from store.credential_views import IssuedCredential
from store.errors import AlreadyExists, Conflict, LimitReached
from store.operations.credentials import CredentialEdit
from store.operations.service_accounts import ServiceAccountEdit
from store.service_account_views import ServiceAccountDetails, ServiceAccountRow
from store.views import GroupName
from tests.tui.dialog_seat import NEVER_USED, NOW, ROW, DialogSeat, Taker, open_dialog
from tui.dialogs.add_service_account import AddServiceAccount
from tui.dialogs.edit_credential import EditCredential
from tui.dialogs.edit_service_account import EditServiceAccount
from tui.dialogs.rotate import RotateDialog

ISSUED = IssuedCredential("1" * 32, "ci", "A" * 30, "sham", "Default Credentials", 1)
RESEARCH, POOL = GroupName("g1", "Research", ""), GroupName("g2", "GPU [/] pool", "")
ACCOUNT = ServiceAccountDetails(
    row=ServiceAccountRow("a" * 32, "ci", False, ("Research", "Users"), 2, True, None),
    revision=3,
    allow_impersonation=False,
    groups=(RESEARCH, GroupName("u", "Users", "users")),
    credentials=None,
)


def test_adds_a_service_account_with_the_explanation_at_hand() -> None:
    add = Taker(answer=ISSUED)

    async def scenario(seat: DialogSeat) -> None:
        for word in (
            "--use-owner-token, which needs clearml-agent 1.8.1 or newer",
            "values.agentk8s.useOwnerToken",
            "Apply Task Owner Vault Configuration",
            "fails",
        ):
            assert word in seat.words
        await seat.type("ci [/red]")
        await seat.press("tab", "space")
        assert "[x] Allow impersonation" in seat.text
        await seat.press("ctrl+s")
        assert await seat.until_left() == ISSUED

    open_dialog(lambda: AddServiceAccount(add=add), scenario, size=(80, 24))
    assert add.taken == [("ci [/red]", True)]


def test_a_taken_name_is_said_at_its_field_and_the_draft_kept() -> None:
    add = Taker(AlreadyExists("Another one is called ci.", field="name"), ISSUED)

    async def scenario(seat: DialogSeat) -> None:
        await seat.type("ci")
        await seat.press("tab", "enter", "shift+tab", "enter")
        await seat.until(lambda: seat.error_at("name") == "Another one is called ci.")
        assert seat.input("name").value == "ci"
        assert "[x] Allow impersonation" in seat.text
        add.error = LimitReached("There is no place left.")
        await seat.press("enter")
        await seat.until(lambda: seat.problem == "There is no place left.")
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(lambda: AddServiceAccount(add=add), scenario)
    assert add.taken == [("ci", True)] * 2


def editing(save: Taker) -> EditServiceAccount:
    return EditServiceAccount(ACCOUNT, (RESEARCH, POOL), save=save)


def test_edits_what_differs() -> None:
    save = Taker(answer=True)

    async def scenario(seat: DialogSeat) -> None:
        assert "a" * 32 in seat.text
        assert "--use-owner-token, which needs clearml-agent 1.8.1 or newer" in seat.words
        await seat.fill("name", "cd")
        await seat.press("tab", "space")
        await seat.press("tab", "space", "down", "space", "ctrl+s")
        assert await seat.until_left() is True

    open_dialog(lambda: editing(save), scenario)
    key = ACCOUNT.row.id
    assert save.taken == [ServiceAccountEdit(key, 3, "cd", True, joining=("g2",), leaving=("g1",))]


def test_an_edit_of_nothing_wants_nothing() -> None:
    save = Taker(answer=True)

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab", "space", "space", "ctrl+s")
        await seat.until_left()

    open_dialog(lambda: editing(save), scenario, size=(80, 24))
    assert save.taken == [ServiceAccountEdit(ACCOUNT.row.id, 3)]


def test_a_conflict_keeps_the_draft() -> None:
    save = Taker(Conflict("Somebody else changed it."))

    async def scenario(seat: DialogSeat) -> None:
        await seat.fill("name", "cd")
        await seat.press("enter")
        await seat.until(lambda: seat.problem == "Somebody else changed it.")
        assert seat.input("name").value == "cd"

    open_dialog(lambda: editing(save), scenario, size=(80, 24))


def test_an_end_that_is_not_touched_stays_to_the_second() -> None:
    save = Taker()
    row = replace(ROW, expires_at="2026-04-01T10:00:59Z")

    async def scenario(seat: DialogSeat) -> None:
        assert seat.input("expires_at").value == "2026-04-01 10:00"
        assert "Ends Apr 1, 2026 10:00, in 1 month." in seat.text
        assert "last used 2 hours ago from gpu-rig-1 (10.0.0.5)" in seat.words
        await seat.fill("label", "Weekly")
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(lambda: EditCredential(row, now=NOW, save=save), scenario)
    assert save.taken == [CredentialEdit(ROW.access_key, 7, "Weekly", "2026-04-01T10:00:59Z")]


def test_an_expired_one_can_be_relabelled() -> None:
    save = Taker()
    row = replace(ROW, expires_at="2026-01-01T10:00:59Z", is_expired=True)

    async def scenario(seat: DialogSeat) -> None:
        assert "Ended Jan 1, 2026 10:00." in seat.text
        await seat.fill("label", "Old")
        await seat.press("enter")
        await seat.until_left()

    open_dialog(lambda: EditCredential(row, now=NOW, save=save), scenario)
    assert save.taken == [CredentialEdit(ROW.access_key, 7, "Old", "2026-01-01T10:00:59Z")]


def test_an_end_is_shown_while_it_is_typed_and_refused_at_its_field() -> None:
    save = Taker()

    async def scenario(seat: DialogSeat) -> None:
        assert "Never ends." in seat.text
        await seat.fill("expires_at", "30d")
        await seat.until_shown("Ends Apr 1, 2026 09:30, in 1 month.")
        await seat.fill("expires_at", "soon")
        await seat.press("enter")
        await seat.until(lambda: seat.error_at("expires_at").startswith("This is no time."))
        assert seat.input("expires_at").value == "soon"
        await seat.fill("expires_at", "2026-12-31")
        await seat.press("enter")
        await seat.until_left()

    open_dialog(lambda: EditCredential(ROW, now=NOW, save=save), scenario, size=(80, 24))
    assert save.taken == [CredentialEdit(ROW.access_key, 7, "Nightly", "2026-12-31T23:59:59Z")]


def test_an_end_is_taken_away_and_a_rotation_named() -> None:
    save = Taker()
    row = replace(ROW, expires_at="2026-04-01T10:00:59Z", replaced_by="B" * 30)

    async def scenario(seat: DialogSeat) -> None:
        assert "the rotation cannot be cancelled any more" in seat.words
        await seat.fill("expires_at", "never")
        await seat.press("enter")
        await seat.until_left()

    open_dialog(lambda: EditCredential(row, now=NOW, save=save), scenario)
    assert save.taken == [CredentialEdit(ROW.access_key, 7, "Nightly", None)]


@pytest.mark.parametrize(
    ("keys", "span"),
    [
        ([], timedelta(hours=24)),
        (["up"], timedelta(hours=1)),
        (["home"], timedelta()),
        (["down"], timedelta(days=7)),
        (["down", "down"], timedelta(days=30)),
    ],
)
def test_rotates_after_a_span(keys: list[str], span: timedelta) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "last used 2 hours ago from gpu-rig-1 (10.0.0.5)" in seat.words
        assert "made and shown once" in seat.words
        for end in ("Mar 2, 2026 10:30", "Mar 3, 2026 09:30", "Mar 9, 2026 09:30"):
            assert end in seat.text
        await seat.press(*keys, "enter")
        assert seat.focused == "save"
        await seat.press("enter")
        assert await seat.until_left() == span

    open_dialog(lambda: RotateDialog(ROW, now=NOW), scenario, size=(80, 24))


def test_rotates_after_another_span() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert not seat.input("span").display or not seat.input("span").region
        await seat.press("end", "enter")
        for nonsense in ("", "soon", "999999w"):
            await seat.fill("span", nonsense)
            await seat.press("enter")
            await seat.until(lambda: bool(seat.error_at("span")))
            assert seat.input("span").value == nonsense
        await seat.fill("span", "36h")
        await seat.until_shown("Ends Mar 3, 2026 21:30.")
        await seat.press("enter")
        assert await seat.until_left() == timedelta(hours=36)

    open_dialog(lambda: RotateDialog(ROW, now=NOW), scenario, size=(80, 24))


def test_a_rotation_says_where_the_old_one_ends_by_itself() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "7 days Mar 5, 2026 00:00, when it expires by itself" in seat.words
        assert "24 hours Mar 3, 2026 09:30 " in seat.words
        await seat.press("escape")
        assert await seat.until_left() is None

    row = replace(NEVER_USED, expires_at="2026-03-05T00:00:00Z")
    open_dialog(lambda: RotateDialog(row, now=NOW), scenario)

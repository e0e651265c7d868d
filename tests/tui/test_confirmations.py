"""What is said before credentials and service accounts are ended, and what must be typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.operations.service_accounts import AffectedServiceAccount
from tests.store.house import HOSTILE_NAMES
from tests.tui.dialog_seat import NEVER_USED, NOW, ROW, DialogSeat, open_dialog
from tui.credential_confirmations import (
    credential_suspension_confirmation,
    revocation_confirmation,
)
from tui.service_account_confirmations import (
    account_suspension_confirmation,
    deletion_confirmation,
)


def test_revoking_one_says_when_and_from_where_it_was_used() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "Revoke Nightly of ci?" in seat.text
        assert "Nightly (ABCDEFGH…): last used 2 hours ago from gpu-rig-1 (10.0.0.5)." in seat.words
        assert "Agents and programs that use it fail at once." in seat.words
        assert seat.focused == "cancel"
        await seat.press("tab", "enter")
        assert await seat.until_left() is True

    open_dialog(lambda: revocation_confirmation([ROW], "ci", NOW), scenario, size=(80, 24))


def test_revoking_several_asks_for_their_number() -> None:
    rows = [*[replace(NEVER_USED, label=f"Spare {n}") for n in range(8)], ROW]

    async def scenario(seat: DialogSeat) -> None:
        assert "Revoke 9 credentials of ci?" in seat.text
        # What is in use stands first, and is not among those that are only counted.
        assert seat.text.index("Nightly (ABC") < seat.text.index("Spare 0 (ABCDEFGH…): never used.")
        assert "and 3 more" in seat.text
        await seat.press("enter")
        assert seat.error_at("expected") == "This is not their number. Nothing was done."
        await seat.type("9")
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(lambda: revocation_confirmation(rows, "ci", NOW), scenario, size=(80, 24))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_labels_workers_and_names_are_text(name: str) -> None:
    row = replace(ROW, label=name, worker=name)

    async def scenario(seat: DialogSeat) -> None:
        assert "Suspend " in seat.text
        assert "until it is let back in" in seat.words
        assert seat.text.replace("\n", "").isprintable()
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(lambda: credential_suspension_confirmation([row], name, NOW), scenario)


def affected(called: str, *, reason: str = "", last: str | None = None) -> AffectedServiceAccount:
    groups = ("GPU pool", "Research")
    return AffectedServiceAccount("a" * 32, called, 2, groups, last, False, reason)


def test_deleting_one_names_what_goes_and_asks_for_the_name() -> None:
    one, losses = (
        affected("ci", last="2026-03-02T07:30:00Z"),
        ["Out of groups: GPU pool, Research."],
    )

    async def scenario(seat: DialogSeat) -> None:
        for words in (
            "Delete ci?",
            "Last active: 2 hours ago.",
            "Agents that use its credentials fail at once.",
            "Credentials revoked for good: 2.",
            "Out of groups: GPU pool, Research.",
            "What it owns stays",
        ):
            assert words in seat.words
        await seat.type("CI")
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(lambda: deletion_confirmation([one], NOW, losses), scenario, size=(80, 24))


def test_deleting_several_asks_for_the_number_and_lists_the_refused() -> None:
    several = [
        affected("idle"),
        affected("busy", last="2026-03-02T09:29:50Z"),
        affected("[/red]", reason="was deleted meanwhile"),
    ]

    async def scenario(seat: DialogSeat) -> None:
        assert "Delete 2 service accounts?" in seat.text
        assert "busy (last active: just now)" in seat.text
        assert "idle (last active: never)" in seat.text
        assert "Credentials revoked for good: 4." in seat.text
        assert "Not deleted: [/red] (was deleted meanwhile)" in seat.text
        await seat.type("2")
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(lambda: deletion_confirmation(several, NOW), scenario, size=(80, 24))


def test_deleting_none_says_why() -> None:
    none = [affected("ci", reason="was deleted meanwhile")]

    async def scenario(seat: DialogSeat) -> None:
        assert "Delete: none of these" in seat.text
        assert "Not deleted: ci (was deleted meanwhile)" in seat.text
        assert seat.button("Delete") is None
        await seat.press("enter")
        assert await seat.until_left() is None

    open_dialog(lambda: deletion_confirmation(none, NOW), scenario)


def test_suspending_accounts_says_what_fails_meanwhile() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "Suspend 2 service accounts?" in seat.text
        assert "a, b" in seat.text
        assert "Agents that use their credentials fail until they are let back in." in seat.words
        assert "Credentials that stop working meanwhile: 4." in seat.text
        await seat.press("tab", "enter")
        assert await seat.until_left() is True

    two = [affected("a"), affected("b")]
    open_dialog(lambda: account_suspension_confirmation(two), scenario)

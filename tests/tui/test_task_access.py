"""What tasks can reach that service accounts run for their owners, by keys."""

from __future__ import annotations

import pytest

from store.terms import READ_MODIFY, READ_ONLY
from tests.store.house import House, account_edit
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.test_effective_access import add, lines, rule, to_access

DIALOG = "EffectiveAccessDialog"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def workshop(house: House, bob: str) -> House:
    """Bob, an administrator named by one rule of two; and an account that runs tasks for owners."""
    house.admin.regroup_members([bob], [house.group("Admins"), house.group("Queue admins")], [])
    for name in ("closed", "open", "read"):
        add(house, "project", name, name)
    rule(house, "project", "closed", READ_MODIFY)
    rule(house, "project", "read", READ_ONLY, members=(bob,))
    add(house, "queue", "gpu", "gpu")
    bot = house.add_service_account("agent")
    house.admin.edit_service_account(account_edit(house.admin, bot, allow_impersonation=True))
    house.add_service_account("plain")
    return house


IN_TASKS = {
    "closed": ("none", "+1 administrator (not in tasks)"),
    "read": ("Read Only", "+1 administrator (not in tasks)"),
}


@SIZES
def test_of_an_owner_it_shows_what_agents_can_do_in_their_name(
    workshop: House, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        assert "1 service account may run tasks for them; t shows" in seat.words
        assert {key: each for key, (each, _) in lines(seat).items()} == {
            "closed": READ_MODIFY,
            "read": READ_MODIFY,
        }
        await seat.press("t")
        await seat.until_shown("Effective access of tasks of Bob, run by any service account")
        assert {key: lines(seat)[key][0] for key in lines(seat)} == {
            "closed": "none",
            "read": "Read Only",
        }
        assert lines(seat)["closed"][1] == IN_TASKS["closed"][1]
        for words in (
            "Not in tasks: administers this workspace, defines queues; less on 2 resources.",
            "May run tasks for their owners: agent; administrators",
            "Read & Modify 0 · Read Only 1 · none 1 of 2 resources with rules",
        ):
            assert words in seat.words
        # Back to the owner's own, then out.
        await seat.press("escape")
        await seat.until_shown("Effective access of Bob")
        await seat.press("escape")
        await seat.until_dialog("")

    sit(workshop.as_user(), scenario, size=size)


@SIZES
def test_of_an_account_it_asks_whose_tasks(workshop: House, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "agent", "2")
        assert "It may run tasks for their owners" in seat.words
        await seat.press("t")
        await seat.until_dialog("TaskOwners")
        assert "Whose tasks agent runs" in seat.words
        await seat.press("slash")
        await seat.type("bob")
        await seat.press("enter", "enter")
        await seat.until_shown("Effective access of tasks of Bob, run by agent")
        assert {key: lines(seat)[key][0] for key in lines(seat)} == {
            "closed": "none",
            "read": "Read Only",
        }
        await seat.press("escape")
        await seat.until_dialog("TaskOwners")

    sit(workshop.as_user(), scenario, size=size)


def test_nothing_is_run_for_the_suspended(workshop: House, bob: str) -> None:
    workshop.admin.suspend_users([bob])

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "agent", "2")
        await seat.press("t")
        await seat.until_dialog("TaskOwners")
        assert "suspended: nothing is run" in seat.words
        await seat.press("slash")
        await seat.type("bob")
        await seat.press("enter", "enter")
        await seat.until_shown(f"The member {bob} is suspended.")
        assert seat.dialog == "TaskOwners"

    sit(workshop.as_user(), scenario)


def test_of_an_account_that_may_not_it_shows_its_own_tasks(workshop: House) -> None:
    async def scenario(seat: Seat) -> None:
        await to_access(seat, "plain", "2")
        await seat.press("t")
        await seat.until_shown("Effective access of tasks of plain, run by any service account")
        assert "Not in tasks" not in seat.words

    sit(workshop.as_user(), scenario)


def test_where_no_account_may_it_says_so(workshop: House) -> None:
    (bot,) = workshop.as_user().accounts_acting_for_owners()
    workshop.as_user().suspend_service_accounts([bot])

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        assert "may run tasks" not in seat.words
        await seat.press("t")
        await seat.until_shown("May run tasks for their owners: no service account")

    sit(workshop.as_user(), scenario)


def test_all_of_many_accounts_are_listed_by_a_key(workshop: House) -> None:
    for number in range(12):
        workshop.admin.add_service_account(f"bot {number:02}", True)

    async def scenario(seat: Seat) -> None:
        await to_access(seat, "Bob")
        assert "13 service accounts may run tasks for them" in seat.words
        await seat.press("t")
        await seat.until_shown("agent, bot 00, bot 01, bot 02, bot 03, bot 04 and 7 more")
        await seat.press("f5")
        await seat.until_dialog("WholeLists")
        assert "13 names" in seat.words
        await seat.press("G")
        await seat.until_shown("bot 11")

    sit(workshop.as_user(), scenario)

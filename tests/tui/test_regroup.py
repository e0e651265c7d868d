"""Putting marked users and service accounts into groups, or taking them out, by keys."""

from __future__ import annotations

import pytest

from store.operations.access_rules import RuleDraft
from store.operations.resources import ResourceDraft
from store.terms import READ_MODIFY
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.seat import BESIDE, OVER, Seat, sit

FORM, IMPACT = "RegroupDialog", "ImpactConfirmation"


def members(house: House, group: str) -> set[str]:
    """Who is in a group, as the store has it now."""
    return set(house.as_user().group_details(group).members)


async def regroup(seat: Seat, *called: str) -> None:
    """Mark these, and ask for their groups."""
    for one in called:
        await seat.go_to(one)
        await seat.press("space")
    await seat.press("u")
    await seat.until_dialog(FORM)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_adds_and_takes_out_as_one_change(
    house: House, bob: str, pia: str, size: tuple[int, int]
) -> None:
    alpha = house.add_group("Alpha [/]", bob)
    beta = house.add_group("Beta", bob, pia)
    gamma = house.add_group("Gamma", bob)
    house.admin.add_resource(ResourceDraft("queue", "q1", "gpu", None))
    house.admin.add_access_rule(RuleDraft("queue", "q1", READ_MODIFY, (), (alpha,)))

    async def scenario(seat: Seat) -> None:
        await regroup(seat, "Bob", "Pia")
        assert "Groups of 2 users Bob, Pia" in seat.words
        for words in ("[ ] Alpha [/] 1 of 2 in it", "[ ] Beta 2 of 2 in it"):
            assert words in seat.words
        # Alpha, after Admins and Queue admins: added.
        await seat.press("down", "down", "space")
        await seat.until_shown("[+] Alpha [/] 1 of 2 in it → all 2")
        # All are in Beta, so that it can only be left.
        await seat.press("down", "plus")
        assert "[ ] Beta" in seat.words
        await seat.press("space")
        await seat.until_shown("[-] Beta 2 of 2 in it → nobody")
        # Once around, and back to as it is.
        await seat.press("down", "space", "space", "space", "minus", "equals_sign")
        await seat.until_shown("[ ] Gamma 1 of 2 in it")
        before = house.as_user().commit
        await seat.press("ctrl+s")
        await seat.until_dialog(IMPACT)
        assert "Save the groups of 2 users?" in seat.words
        assert "Into: Alpha [/] Out of: Beta" in seat.words.replace(" ▁ ", " ")
        assert "Pia: none → Read & Modify" in seat.words
        await seat.press("escape")
        await seat.until_dialog(FORM)
        assert "[+] Alpha" in seat.words
        await seat.press("ctrl+s")
        await seat.until_dialog(IMPACT)
        await seat.click_button("Save")
        await seat.until_said("2 users regrouped.")
        await seat.until_dialog("")
        assert house.as_user().commit == before + 1

    sit(house.as_user(), scenario, size=size)
    assert members(house, alpha) == {bob, pia}
    assert members(house, beta) == set()
    assert members(house, gamma) == {bob}


def test_of_one_it_says_whether_they_are_in_it(house: House, bob: str) -> None:
    research = house.add_group("Research", bob)

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("u")
        await seat.until_dialog(FORM)
        assert "Groups of Bob" in seat.words
        assert "[ ] Admins not in it" in seat.words
        assert "[ ] Research in it" in seat.words
        await seat.press("ctrl+s")
        await seat.until(lambda: "Nothing is chosen." in seat.error_at("groups"))
        await seat.press("end", "enter")
        await seat.until_shown("[-] Research in it → not in it")
        # A click turns, too, wherever the cursor is.
        await seat.press("g")
        for shown in ("[ ] Research in it", "[-] Research in it → not in it"):
            await seat.pilot.click(".group-moves", offset=(8, 2))
            await seat.until_shown(shown)
        # Somebody else was quicker.
        house.as_user().regroup_members([bob], [], [research])
        await seat.press("ctrl+s")
        await seat.until_dialog(IMPACT)
        await seat.click_button("Save")
        await seat.until_said("Nothing changed: it was so already.")

    sit(house.as_user(), scenario)


def test_what_the_store_refuses_is_said_in_the_dialog(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Ada Lindqvist")
        await seat.press("u")
        await seat.until_dialog(FORM)
        await seat.press("d", "ctrl+s")
        await seat.until(lambda: "No active administrator would be left." in seat.problem)
        assert "[-] Admins" in seat.words

    before = house.bytes()
    sit(house.as_user(), scenario)
    assert house.bytes() == before


def test_service_accounts_are_not_offered_admins(house: House) -> None:
    bots = {house.add_service_account(name) for name in ("ci", "cd")}
    agents = house.add_group("Agents")

    async def scenario(seat: Seat) -> None:
        await seat.press("2")
        await seat.until(lambda: seat.rows == ["cd", "ci"])
        await seat.press("asterisk", "u")
        await seat.until_dialog(FORM)
        assert "Groups of 2 service accounts" in seat.words
        assert "Admins" not in seat.words.replace("Queue admins", "")
        await seat.press("end", "a", "ctrl+s")
        await seat.until_dialog(IMPACT)
        await seat.click_button("Save")
        await seat.until_said("2 service accounts regrouped.")

    sit(house.as_user(), scenario)
    assert members(house, agents) == bots


def test_a_plain_user_is_told_why_not(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("u")
        await seat.until_said("Only administrators may do this.")
        assert seat.dialog == ""

    sit(house.as_user("bob@acme.example"), scenario)


def test_hostile_names_are_shown_as_they_are(house: House) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        house.add_group(name, house.invite(f"p{number}@acme.example", name=name)[0])

    async def scenario(seat: Seat) -> None:
        await seat.until(lambda: len(seat.rows) == len(HOSTILE_NAMES) + 1)
        await seat.press("asterisk", "u")
        await seat.until_dialog(FORM)
        assert "[@click=app.quit]x" in seat.text
        await seat.press("G", "space", "ctrl+s")
        await seat.until_dialog(IMPACT)
        assert "\x1b" not in seat.text

    sit(house.as_user(), scenario)

"""Removing users: what the confirmation says, what must be typed, and who is left out."""

import pytest
from textual.widgets import Button

from store.terms import CREDENTIALS_TABLE
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.seat import OVER, Seat, sit

ASKING = "Confirmation"


def test_removes_one_whose_name_is_typed(house: House, bob: str) -> None:
    house.add_credential(bob, "A" * 30)
    house.add_group("Research", bob)

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("delete")
        await seat.until_dialog(ASKING)
        assert "Remove Bob?" in seat.text
        assert "Credentials revoked for good: 1." in seat.text
        assert "Out of groups: Research." in seat.text
        assert "What they own stays" in seat.text
        before = house.as_user().commit
        await seat.type("bob")
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until_said("1 user removed.")
        await seat.until(lambda: seat.rows == ["Ada Lindqvist"])
        assert house.as_user().commit == before + 1

    sit(house.as_user(), scenario)
    assert house.user(bob).removed_at
    assert house.store().state.table(CREDENTIALS_TABLE)["A" * 30]["revoked_at"]


def test_a_wrong_name_does_nothing(house: House, bob: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        for typed in ("", "Bo", "Bobby"):
            await seat.fill("expected", typed)
            await seat.press("enter")
            assert seat.error_at("expected") == "This is not the name. Nothing was done."
        await seat.type("x")
        await seat.until(lambda: not seat.error_at("expected"))
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert house.bytes() == before


def test_removes_several_whose_number_is_typed_as_one_change(house: House) -> None:
    for name in ("Bob", "Cleo", "Dan"):
        house.add_user(f"{name}@acme.example", name)

    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk", "d")
        await seat.until_dialog(ASKING)
        assert "Remove 3 users?" in seat.text
        assert "Bob, Cleo, Dan" in seat.text
        assert "Not removed: Ada Lindqvist (nobody may remove themselves)" in seat.words
        before = house.as_user().commit
        await seat.type("4")
        await seat.press("enter")
        assert "their number" in seat.error_at("expected")
        await seat.fill("expected", "3")
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until_said("3 users removed.")
        assert house.as_user().commit == before + 1
        await seat.until_shown("1 marked")

    sit(house.as_user(), scenario)
    assert house.shown() == ["Ada Lindqvist"]


def test_only_refused_ones_leave_nothing_to_confirm(house: House) -> None:
    house.admin.suspend_users([house.add_user("sue@acme.example", "Sue")])
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk", "p")
        await seat.until_dialog(ASKING)
        assert "Not suspended: Ada Lindqvist (nobody may suspend themselves)" in seat.words
        assert [str(one.label) for one in seat.app.screen.query(Button)] == ["Close"]
        await seat.press("enter")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert house.bytes() == before


@pytest.mark.parametrize(("key", "verb"), [("d", "remove"), ("p", "suspend")])
def test_ones_own_row_is_refused_at_once(house: House, key: str, verb: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await seat.press(key)
        await seat.until_said(f"Nobody may {verb} themselves. Ask another administrator.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)
    assert house.bytes() == before


def test_a_withdrawn_invitation_is_said_to_be_that(house: House, bob: str) -> None:
    house.invite("pia@acme.example", name="Pia")
    house.invite("zed@acme.example", name="Zed")

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Zed")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.type("Zed")
        await seat.press("enter")
        await seat.until_said("1 invitation withdrawn.")
        for name in ("Bob", "Pia"):
            await seat.go_to(name)
            await seat.press("space")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.type("2")
        await seat.press("enter")
        await seat.until_said("1 user removed, 1 invitation withdrawn.")

    sit(house.as_user(), scenario)


def test_the_panels_button_is_for_the_one_it_shows(house: House, bob: str) -> None:
    house.add_user("cleo@acme.example", "Cleo")

    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk")
        await seat.go_to("Bob")
        await seat.press("enter")
        await seat.until_shown("bob@acme.example")
        await seat.click_button("Remove")
        await seat.until_dialog(ASKING)
        assert "Remove Bob?" in seat.text
        await seat.type("Bob")
        await seat.click_button("Remove")
        await seat.until_dialog("")
        await seat.until(lambda: "bob@acme.example" not in seat.text)

    sit(house.as_user(), scenario)
    assert house.shown() == ["Ada Lindqvist", "Cleo"]


def test_cancel_and_two_presses(house: House, bob: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("d", "d")
        await seat.until_dialog(ASKING)
        assert len(seat.app.screen_stack) == 2
        await seat.click_button("Cancel")
        await seat.until_dialog("")
        await seat.pilot.pause()
        assert seat.dialog == ""

    sit(house.as_user(), scenario)
    assert house.bytes() == before


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_a_name_that_cannot_be_typed_is_asked_for_in_another_way(house: House, name: str) -> None:
    user = house.add_user("odd@acme.example", name)
    called = house.user(user).name
    is_typeable = called.isprintable() and len(called) <= 40

    async def scenario(seat: Seat) -> None:
        await seat.go_to(called)
        await seat.press("d")
        await seat.until_dialog(ASKING)
        if is_typeable:
            assert "Type the name to confirm: " in seat.words
        else:
            assert "Type the email to confirm: odd@acme.example" in seat.words
        await seat.type(called if is_typeable else "odd@acme.example")
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until(lambda: seat.rows == ["Ada Lindqvist"])

    sit(house.as_user(), scenario, size=OVER)
    assert house.user(user).removed_at


def test_somebody_removed_meanwhile_is_told(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        house.admin.remove_users([bob])
        commit = house.admin.commit
        await seat.type("Bob")
        await seat.press("enter")
        await seat.until_said("Bob was removed from the workspace.")
        assert house.as_user().commit == commit
        await seat.until(lambda: seat.rows == ["Ada Lindqvist"])

    sit(house.as_user(), scenario)

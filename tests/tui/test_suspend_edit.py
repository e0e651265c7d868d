"""Suspending and letting back in; editing a user, with errors at their fields and conflicts."""

import pytest

from tests.store.house import House, edit_of
from tests.tui.seat import OVER, Seat, sit

EDIT, ASKING = "EditUser", "Confirmation"


async def edit(seat: Seat, called: str) -> None:
    """Open the dialog for whoever is called so."""
    await seat.go_to(called)
    await seat.press("e")
    await seat.until_dialog(EDIT)


def test_suspends_and_lets_back_in(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Bob")
        await seat.press("p")
        await seat.until_dialog(ASKING)
        assert "Suspend Bob?" in seat.text
        assert seat.focused == "cancel"
        await seat.press("enter")
        await seat.until_dialog("")
        assert not house.user(bob).suspended
        await seat.press("p")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        await seat.until_said("1 user suspended.")
        await seat.until(lambda: "✕ Suspended" in seat.text)
        assert house.user(bob).suspended
        await seat.press("p")
        await seat.until_said("1 user let back in.")
        await seat.until(lambda: "✕ Suspended" not in seat.text)

    sit(house.as_user(), scenario)
    assert not house.user(bob).suspended


def test_suspends_the_marked_ones_but_not_oneself(house: House, bob: str, pia: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk", "p")
        await seat.until_dialog(ASKING)
        assert "Suspend 2 users?" in seat.text
        assert "Not suspended: Ada Lindqvist (nobody may suspend themselves)" in seat.words
        before = house.as_user().commit
        await seat.click_button("Suspend")
        await seat.until_said("2 users suspended.")
        assert house.as_user().commit == before + 1

    sit(house.as_user(), scenario)
    assert house.user(bob).suspended
    assert house.user(pia).suspended
    assert not house.user(house.admin.actor).suspended


def test_details_of_a_suspended_user_let_them_back_in(house: House, pia: str) -> None:
    house.admin.suspend_users([pia])

    async def scenario(seat: Seat) -> None:
        await seat.go_to("Pia")
        await seat.press("enter")
        await seat.until_shown("✕ Suspended (invited)")
        await seat.click_button("Let back in")
        await seat.until_shown("○ Pending")

    sit(house.as_user(), scenario)
    assert not house.user(pia).suspended


def test_edits_every_field_as_one_change(house: House, bob: str) -> None:
    research, vision = house.add_group("Research", bob), house.add_group("Vision")

    async def scenario(seat: Seat) -> None:
        await edit(seat, "Bob")
        before = house.as_user().commit
        await seat.fill("name", "  Robert [/red]  ")
        await seat.fill("email", "robert@acme.example")
        await seat.fill("login_name", "rob")
        await seat.press("tab", "end", "space", "up", "space")
        await seat.until_shown("[ ] Research")
        assert "[x] Vision" in seat.text
        await seat.press("ctrl+s")
        await seat.until_dialog("ImpactConfirmation")
        assert "No member's access changes." in seat.words
        # Whoever thinks better of it is back in the dialog, with all that was typed.
        await seat.press("escape")
        await seat.until_dialog(EDIT)
        assert seat.input("email").value == "robert@acme.example"
        await seat.press("ctrl+s")
        await seat.until_dialog("ImpactConfirmation")
        await seat.click_button("Save")
        await seat.until_dialog("")
        await seat.until_said("Saved.")
        assert house.as_user().commit == before + 1
        await seat.until(lambda: "Robert [/red]" in seat.rows)

    sit(house.as_user(), scenario)
    user = house.user(bob)
    assert (user.name, user.email, user.login_name) == (
        "Robert [/red]",
        "robert@acme.example",
        "rob",
    )
    groups = [group.id for group in house.as_user().user_details(bob).groups]
    assert vision in groups
    assert research not in groups


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "  ", "The name must not be empty."),
        ("name", "x" * 1001, "The name has 1,001 characters; at most 1,000 are kept."),
        ("email", "nonsense", "This is no email"),
        ("email", "ADA@acme.example", "belongs to Ada Lindqvist."),
        ("login_name", "Ada", "The login name Ada belongs to Ada Lindqvist."),
    ],
)
def test_shows_an_error_at_its_field_and_keeps_the_draft(
    house: House, bob: str, field: str, typed: str, message: str
) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await edit(seat, "Bob")
        await seat.fill(field, typed)
        await seat.press("enter")
        await seat.until(lambda: message in seat.error_at(field))
        assert seat.input(field).value == typed
        assert seat.input(field).has_focus
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=OVER)
    assert house.bytes() == before


def test_keeps_the_draft_where_another_was_quicker(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await edit(seat, "Bob")
        await seat.fill("name", "Mine")
        house.admin.edit_user(edit_of(house.admin, bob, name="Theirs"))
        await seat.press("ctrl+s")
        await seat.until(lambda: "was changed by somebody else" in seat.problem)
        assert seat.input("name").value == "Mine"
        assert house.user(bob).name == "Theirs"
        await seat.press("escape")
        await seat.until_dialog("")
        await edit(seat, "Theirs")
        assert seat.input("name").value == "Theirs"

    sit(house.as_user(), scenario)
    assert house.user(bob).name == "Theirs"


def test_saves_nothing_where_nothing_was_changed(house: House, bob: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await edit(seat, "Bob")
        await seat.press("ctrl+s")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert house.bytes() == before


def test_two_presses_save_once(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await edit(seat, "Bob")
        await seat.fill("name", "Robert")
        before = house.as_user().commit
        await seat.press("enter", "enter")
        await seat.until_dialog("")
        await seat.until(lambda: "Robert" in seat.rows)
        assert house.as_user().commit == before + 1
        assert seat.said == ["Saved."]

    sit(house.as_user(), scenario)


def test_one_at_a_time_is_edited(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk", "e")
        await seat.until_said("Only one user at a time can be edited. Escape clears the marks.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)


def test_an_administrator_cannot_lock_everybody_out(house: House) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await edit(seat, "Ada Lindqvist")
        await seat.fill("login_name", "ada")
        await seat.press("tab", "home", "space", "ctrl+s")
        await seat.until(lambda: "No active administrator would be left" in seat.words)
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert house.bytes() == before


def test_a_plain_user_edits_their_own_name_and_nothing_else(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("m")
        await seat.until_shown("bob@acme.example")
        await seat.press("e")
        await seat.until_dialog(EDIT)
        assert len(seat.app.screen.query(".field")) == 1
        await seat.fill("name", "Robert")
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until(lambda: "Robert" in seat.rows)

    sit(house.as_user("bob@acme.example"), scenario)
    assert house.user(bob).name == "Robert"

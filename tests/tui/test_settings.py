"""The workspace's settings: what is saved, and what is refused at which field."""

import pytest

from tests.store.house import House, settings_edit
from tests.tui.seat import BESIDE, OVER, Seat, sit

SETTINGS = "WorkspaceSettings"
LIMITS = "A limit is a number from 1 to 1,000,000,000, or empty for none."


async def open_settings(seat: Seat) -> None:
    """Open the dialog."""
    await seat.press("w")
    await seat.until_dialog(SETTINGS)


@pytest.mark.parametrize("size", [BESIDE, OVER], ids=["beside", "over"])
def test_saves_name_limits_and_urls_as_one_change(house: House, size: tuple[int, int]) -> None:
    values = {
        "name": "Umbrella [/red]",
        "user_limit": "1,000",
        "service_account_limit": "5",
        "web_url": "https://app.acme.example",
        "api_url": "https://api.acme.example",
        "files_url": "https://files.acme.example",
    }

    async def scenario(seat: Seat) -> None:
        await open_settings(seat)
        assert "The URLs are still the ones" in seat.words or size == OVER
        before = house.as_user().commit
        for field, value in values.items():
            await seat.fill(field, value)
        await seat.press("enter")
        await seat.until_dialog("")
        await seat.until_said("Saved.")
        assert house.as_user().commit == before + 1
        await seat.until(lambda: seat.heading == "1 / 1,000 USERS IN Umbrella [/red] workspace")
        assert "Umbrella [/red]" in seat.text.splitlines()[0]

    sit(house.as_user(), scenario, size=size)
    settings = house.as_user().settings()
    assert settings.name == values["name"]
    assert (settings.user_limit, settings.service_account_limit) == (1000, 5)
    assert settings.files_url == values["files_url"]
    assert not settings.urls_prefilled


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", " ", "must not be empty"),
        ("user_limit", "0", LIMITS),
        ("user_limit", "-3", LIMITS),
        ("service_account_limit", "many", LIMITS),
        ("service_account_limit", "²", LIMITS),
        ("service_account_limit", "1000000001", LIMITS),
        ("user_limit", "9" * 20, LIMITS),
        ("user_limit", "9" * 5_000, LIMITS),
        ("web_url", "acme.example", "A URL such as"),
        ("api_url", "http://ada@acme.example", "must have no user, query or fragment"),
        ("api_url", "http://CLEARML:8080/", "must not be the web URL"),
        ("files_url", "ftp://acme.example", "A URL such as"),
    ],
)
def test_shows_an_error_at_its_field_and_saves_nothing(
    house: House, field: str, typed: str, message: str
) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await open_settings(seat)
        await seat.fill(field, typed)
        await seat.press("enter")
        await seat.until(lambda: message in seat.error_at(field))
        assert seat.input(field).has_focus
        await seat.until_shown(message[:30])
        assert seat.input(field).value == typed
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=OVER)
    assert house.bytes() == before


def test_keeps_the_draft_where_another_was_quicker(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await open_settings(seat)
        await seat.fill("name", "Mine")
        house.admin.edit_settings(settings_edit(house.admin, name="Theirs"))
        await seat.press("enter")
        await seat.until(lambda: "was changed by somebody else" in seat.problem)
        assert seat.input("name").value == "Mine"

    sit(house.as_user(), scenario)
    assert house.as_user().settings().name == "Theirs"


def test_a_limit_below_the_count_is_shown(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await open_settings(seat)
        await seat.fill("user_limit", "1")
        await seat.press("enter")
        await seat.until(lambda: seat.heading == "2 / 1 USERS IN Acme workspace")

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("is_read_only", [True, False])
def test_who_may_not_change_them_may_look_at_them(
    house: House, bob: str, is_read_only: bool
) -> None:
    async def scenario(seat: Seat) -> None:
        await open_settings(seat)
        why = "It was opened with --read-only" if is_read_only else "Only administrators may change"
        await seat.until_shown(why)
        assert seat.input("name").value == "Acme"
        await seat.press("ctrl+s", "x", "tab", "y")
        assert (seat.input("name").value, seat.focused) == ("Acme", "cancel")
        await seat.press("enter")
        await seat.until_dialog("")
        assert seat.said[-1:] != ["Saved."]

    who = house.as_user(read_only=True) if is_read_only else house.as_user("bob@acme.example")
    sit(who, scenario, size=OVER)

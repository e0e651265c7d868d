"""The workspace's settings: what is saved, and what is refused at which field."""

import pytest

from tests.store.house import House, settings_edit
from tests.tui.seat import BESIDE, OVER, Seat, sit

SETTINGS = "WorkspaceSettings"


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
        ("user_limit", "0", "A limit is a number from 1 on, or empty for none."),
        ("user_limit", "-3", "A limit is a number from 1 on, or empty for none."),
        ("service_account_limit", "many", "A limit is a number from 1 on, or empty for none."),
        ("service_account_limit", "²", "A limit is a number from 1 on, or empty for none."),
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
        await seat.until_shown(message.split(",")[0][:30])
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


def test_only_administrators_may_open_them(house: House, bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("w")
        await seat.until_said("Only administrators may change the workspace settings.")
        assert seat.dialog == ""

    sit(house.as_user("bob@acme.example"), scenario)

"""Moving administrator vaults by keys: what it says, and why it does not."""

from __future__ import annotations

import pytest

from store.listing import Query
from store.operations.administrator_vaults import VaultMove
from tests.store.house import House
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.test_administrator_vaults_tab import to_vaults
from tui.vault_words import ordinal, place_words


@pytest.fixture
def abc(house: House) -> dict[str, str]:
    """The ids of three vaults, made in one second, by name."""
    return {name: house.add_vault(name, text="{}") for name in ("Cuda", "Base", "Audio")}


def order(house: House) -> list[str]:
    """The names in the order that the store has now."""
    here = house.as_user()
    ids = here.list_administrator_vaults(Query(sort="order")).ids
    return [here.administrator_vault_row(key).name for key in ids]


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_moves_a_vault_and_says_what_that_means(
    house: House, abc: dict[str, str], size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Cuda", "Base", "Audio")
        await seat.press("j", "j", "K")
        await seat.until(lambda: seat.rows == ["Cuda", "Audio", "Base"])
        await seat.until_said(
            "Audio is 2nd of 3 now, before Base, which overrides it where both set a value. "
            "J takes it back."
        )
        # The cursor stays on what was moved.
        assert seat.row == "Audio"
        await seat.press("J")
        await seat.until_said(
            "Audio is 3rd of 3 now, after Base, and overrides it where both set a value. "
            "K takes it back."
        )
        assert seat.rows == order(house) == ["Cuda", "Base", "Audio"]
        await seat.press("K", "K")
        await seat.until(lambda: seat.rows == ["Audio", "Cuda", "Base"])
        await seat.until_said("Audio is 1st of 3 now")

    sit(house.as_user(), scenario, size=size)
    assert order(house) == ["Audio", "Cuda", "Base"]


def test_the_details_and_the_rows_tell_the_place(house: House, abc: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Cuda", "Base", "Audio")
        lines = [line.split() for line in seat.text.splitlines() if "● on" in line]
        assert [line[0] for line in lines] == ["1", "2", "3"]
        await seat.press("enter")
        await seat.until_shown("1st of 3; later ones override it")
        await seat.press("J")
        await seat.until_shown("2nd of 3; later ones override it")
        await seat.press("J")
        await seat.until_shown("3rd of 3; it overrides the others")

    sit(house.as_user(), scenario)


def test_what_cannot_be_moved_says_why(house: House, abc: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Cuda", "Base", "Audio")
        await seat.press("K")
        await seat.until_said("It is the first already.")
        await seat.press("G", "J")
        await seat.until_said("It is the last already.")
        await seat.press("space", "g", "space", "J")
        await seat.until_said("Only one at a time. Escape clears the marks.")
        await seat.press("escape", "slash")
        await seat.type("a")
        await seat.press("enter", "J")
        await seat.until_said("The filter hides what the vault would be moved past.")
        await seat.press("escape")
        await seat.until(lambda: len(seat.rows) == 3)
        for column in ("name", "order", "order"):
            seat.tab.sort_rows(column)
            await seat.pilot.pause()
            if (seat.tab.sort_by, seat.tab.descending) != ("order", False):
                await seat.press("J")
                await seat.until_said("sorted by ORDER, the first on top. Press s.")

    sit(house.as_user(), scenario)
    assert order(house) == ["Cuda", "Base", "Audio"]


def test_the_only_one_says_so(house: House) -> None:
    house.add_vault("Alone")

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Alone")
        await seat.press("J")
        await seat.until_said("It is the only administrator vault.")
        await seat.press("enter")
        await seat.until_shown("the only one")

    sit(house.as_user(), scenario)


def test_none_to_move_says_so(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat)
        await seat.press("K")
        await seat.until_said("There is no administrator vault to do this to.")

    sit(house.as_user(), scenario)


def test_a_marked_one_is_moved_wherever_the_cursor_is(house: House, abc: dict[str, str]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Cuda", "Base", "Audio")
        await seat.press("space", "G", "J")
        await seat.until(lambda: seat.rows == ["Base", "Cuda", "Audio"])

    sit(house.as_user(), scenario)


def test_a_plain_user_moves_nothing(house: House, abc: dict[str, str], bob: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Cuda", "Base", "Audio")
        await seat.press("J")
        await seat.until_said("Only administrators may do this.")

    sit(house.as_user("bob@acme.example"), scenario)


def test_two_administrators_move_at_once(
    house: House, abc: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = house.as_user(), house.as_user()
    move_administrator_vault = here.move_administrator_vault

    def after_another(move: VaultMove) -> None:
        if order(house) == ["Cuda", "Base", "Audio"]:
            other.move_administrator_vault(VaultMove(abc["Audio"], 1, abc["Base"], is_earlier=True))
        move_administrator_vault(move)

    monkeypatch.setattr(here, "move_administrator_vault", after_another)

    async def scenario(seat: Seat) -> None:
        await to_vaults(seat, "Cuda", "Base", "Audio")
        await seat.press("J")
        await seat.until_said("The order of the vaults beside Cuda was changed by somebody else")
        await seat.until(lambda: seat.rows == ["Cuda", "Audio", "Base"])
        await seat.press("J")
        await seat.until(lambda: seat.rows == ["Audio", "Cuda", "Base"])

    sit(here, scenario)


def test_ordinals() -> None:
    wanted = [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "102nd",
        "111th",
        "1,003rd",
    ]
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1_003)] == wanted


def test_the_words_for_a_place() -> None:
    assert place_words(1, 1) == "the only one"
    assert place_words(1, 2) == "1st of 2; later ones override it"
    assert place_words(2, 2) == "2nd of 2; it overrides the others"

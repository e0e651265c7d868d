"""The footer: right for the row, for what is open, and for the width of the terminal."""

import re

import pytest

from tests.store.house import House
from tests.tui.seat import BESIDE, OVER, Seat, sit

WIDTHS = (40, 60, 80, 100, 120, 160, 200)


@pytest.fixture
def people(house: House) -> House:
    """A house with Ada, an active, a pending and a suspended user, and a service account."""
    house.add_user("bob@acme.example", "Bob")
    house.invite("pia@acme.example", name="Pia")
    house.admin.suspend_users([house.add_user("sue@acme.example", "Sue")])
    house.add_service_account("bot")
    return house


def footer(seat: Seat) -> str:
    """The last line of the screen."""
    return seat.text.splitlines()[-1]


@pytest.mark.parametrize(
    ("row", "shown", "not_shown"),
    [
        ("Ada Lindqvist", ["e Edit"], ["p Suspend", "d Remove", "l Send again"]),
        ("Bob", ["e Edit", "p Suspend", "d Remove"], ["l Send again"]),
        ("Pia", ["d Withdraw", "l Send again"], ["d Remove"]),
        ("Sue", ["p Let back in", "d Remove"], ["p Suspend", "l Send again"]),
    ],
)
def test_is_right_for_the_row(
    people: House, row: str, shown: list[str], not_shown: list[str]
) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to(row)
        await seat.until(lambda: all(words in footer(seat) for words in shown))
        assert not [words for words in not_shown if words in footer(seat)]

    sit(people.as_user(), scenario, size=(200, 40))


def test_is_right_for_all_that_are_marked(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        for name, words in (("Pia", "d Withdraw"), ("Bob", "d Remove")):
            await seat.go_to(name)
            await seat.press("space")
            await seat.until(lambda words=words: words in footer(seat))  # type: ignore[misc]
        assert "l Send again" in footer(seat)

    sit(people.as_user(), scenario, size=(200, 40))


def test_follows_a_change_of_the_row(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Sue")
        await seat.until(lambda: "p Let back in" in footer(seat))
        await seat.press("p")
        await seat.until(lambda: "p Suspend" in footer(seat))

    sit(people.as_user(), scenario)


def test_says_what_escape_does(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        assert "esc" not in footer(seat)
        await seat.press("space")
        await seat.until(lambda: "esc Unmark" in footer(seat))
        await seat.press("slash", "o", "enter")
        await seat.until(lambda: "esc Clear" in footer(seat))
        await seat.press("enter")
        await seat.until(lambda: "esc Close" in footer(seat) and "enter Go in" in footer(seat))
        await seat.press("enter")
        await seat.until(lambda: "esc Back" in footer(seat))
        for words in ("esc Close", "esc Clear", "esc Unmark"):
            await seat.press("escape")
            await seat.until(lambda words=words: words in footer(seat))  # type: ignore[misc]
        await seat.press("escape")
        await seat.until(lambda: "esc" not in footer(seat))

    sit(people.as_user(), scenario)


def test_follows_the_marks_where_the_cursor_stays(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        # The cursor has been still for long: nothing else draws the keys anew.
        rest = seat.tab._rest
        assert rest is not None
        rest.pause()
        for key, is_marked in (("asterisk", True), ("asterisk", False), ("asterisk", True)):
            await seat.press(key)
            await seat.until(lambda is_so=is_marked: is_so == ("esc Unmark" in footer(seat)))  # type: ignore[misc]
        await seat.press("escape")
        await seat.until(lambda: "esc" not in footer(seat))
        # A filter that all rows match leaves the rows as they are, too.
        await seat.press("slash", "at", "enter")
        await seat.until(lambda: "esc Clear" in footer(seat))
        rest.pause()
        await seat.press("escape")
        await seat.until(lambda: "esc" not in footer(seat))

    sit(people.as_user(), scenario)


def test_a_filter_takes_no_verb_away(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("slash", "b", "o", "b", "enter")
        await seat.until(lambda: "d Remove" in footer(seat) and "esc Clear" in footer(seat))

    sit(people.as_user(), scenario, size=OVER)


def test_what_is_typed_into_the_filter_is_no_key(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("slash")
        await seat.until(lambda: "enter To the rows" in footer(seat))
        told = re.findall(r" (\S+) [A-Z]", footer(seat))
        assert set(told) == {"enter", "esc"}

    sit(people.as_user(), scenario)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("tab", "12345")
def test_fits_and_always_tells_how_to_get_help_and_out(people: House, width: int, tab: str) -> None:
    people.add_group("Research")

    async def scenario(seat: Seat) -> None:
        await seat.press(tab, "j")
        await seat.until(lambda: footer(seat).endswith("? Help  q Quit"))
        line = footer(seat)
        assert len(line) <= width
        if width >= 200 and tab in "125":
            assert len(re.findall(r" \S+ [A-Z]", line)) > 10

    sit(people.as_user(), scenario, size=(width, 30))


@pytest.mark.parametrize("tab", "123")
def test_each_key_that_it_tells_does_something(people: House, tab: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press(tab)
        for row in list(seat.rows):
            await seat.go_to(row)
            await seat.press("j", "k")
            for key in re.findall(r" ([a-zA-Z]) [A-Z]", footer(seat)):
                if key == "q":
                    continue
                said = len(seat.said)
                await seat.press(key)
                refused = [
                    notice.message
                    for notice in seat.app._notifications
                    if notice.severity != "information" and len(seat.said) > said
                ]
                assert not refused, (row, key)
                while seat.dialog:
                    await seat.press("escape")
                await seat.press(tab)

    sit(people.as_user(), scenario, size=(200, 40))


def test_credentials_and_vaults_say_what_their_keys_do(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("2", "enter", "enter")
        await seat.until(lambda: "t Rotate" in footer(seat))
        await seat.press("p", "ctrl+s")
        await seat.until(lambda: "p Let back in" in footer(seat))

    sit(people.as_user(), scenario, size=BESIDE)

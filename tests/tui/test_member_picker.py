"""The box that members are picked with: found as one types, picked and taken out by keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Button

from store.alphabet import plain
from store.errors import NotFound, StoreUnreadable
from store.member_views import MemberName
from tests.store.house import HOSTILE_NAMES
from tests.tui.dialog_seat import DialogSeat, open_dialog
from tui.dialogs import dialog
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.widgets.field import Field, text_input
from tui.widgets.member_picker import MemberPicker
from tui.widgets.record_table import RecordTable

LOW = (80, 24)


def person(key: str, called: str, email: str = "", *, suspended: bool = False) -> MemberName:
    return MemberName(key, called, email or f"{key}@acme.example", False, suspended)


ADA, BOB, BOT = (
    person("ada", "Ada"),
    person("bob", "Bob"),
    MemberName("ci", "ci", None, True, False),
)
SUE = person("sue", "Sue", suspended=True)
FEW = (ADA, BOB, BOT, SUE)


class Members:
    """Members to pick from, and how many of them were looked at one by one."""

    def __init__(self, members: Sequence[MemberName]) -> None:
        self.by_id = {member.id: member for member in members}
        self.named: set[str] = set()

    async def search(self, words: str) -> list[str]:
        """Those whose name or what stands beside it holds each of the words."""
        await asyncio.sleep(0)
        return [
            key
            for key, member in self.by_id.items()
            if all(
                word in plain(f"{member.called} {member.beside}") for word in plain(words).split()
            )
        ]

    def name_of(self, key: str) -> MemberName:
        """What a member is called."""
        self.named.add(key)
        if key not in self.by_id:
            raise NotFound(f"There is no member {key}.")
        return self.by_id[key]


class Picking(Form[tuple[str, ...]]):
    """A form with a name and a picker. Gives those picked."""

    CSS_PATH = f"{dialog.__file__.rpartition('/')[0]}/dialogs.tcss"

    def __init__(self, picker: MemberPicker) -> None:
        super().__init__("Pick")
        self.picker = picker

    def compose_body(self) -> Iterable[Widget]:
        """The fields."""
        yield Field("name", "Name", text_input())
        yield Field("members", "Members", self.picker)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    async def save(self) -> tuple[str, ...]:
        """Give those picked."""
        return self.picker.chosen


def picking(members: Members, *chosen: str) -> Callable[[], Picking]:
    return lambda: Picking(MemberPicker(members.search, members.name_of, chosen))


def picker_of(seat: DialogSeat) -> MemberPicker:
    return seat.app.screen.query_one(MemberPicker)


def listed(seat: DialogSeat) -> list[str]:
    """The ids in the list that is open."""
    table = picker_of(seat).query_one(".picker-list", RecordTable)
    return [str(key.value) for key in table.rows] if table.display else []


def focus_is_in(seat: DialogSeat, name: str) -> bool:
    focused = seat.app.screen.focused
    return focused is not None and focused.has_class(name)


def test_picks_by_a_part_of_a_name_or_an_email() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert not listed(seat)
        await seat.press("tab")
        await seat.until(lambda: listed(seat) == ["ada", "bob", "ci", "sue"])
        for words in ("[x] Ada ada@acme.example", "[ ] ci service account", "Sue (suspended)"):
            assert words in seat.words
        await seat.type("BOB@")
        await seat.until(lambda: listed(seat) == ["bob"])
        await seat.press("enter")
        await seat.until_shown("2 picked, 1 new")
        # On to the next one: the box is empty again, and all are listed.
        await seat.until(lambda: len(listed(seat)) == 4)
        await seat.type("service")
        await seat.until(lambda: listed(seat) == ["ci"])
        await seat.press("enter")
        await seat.until_shown("3 picked, 2 new")
        await seat.press("ctrl+s")
        assert await seat.until_left() == ("ci", "bob", "ada")

    open_dialog(picking(Members(FEW), "ada"), scenario, size=LOW)


def test_picks_in_the_list_and_goes_on_typing_from_there() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab")
        await seat.until(lambda: len(listed(seat)) == 4)
        await seat.press("down", "space", "down", "enter", "down", "space", "space")
        await seat.until_shown("2 picked")
        await seat.press("up", "up", "up")
        assert seat.focused == "OneLineInput"
        await seat.press("down", "s", "u")
        assert seat.focused == "OneLineInput"
        await seat.until(lambda: listed(seat) == ["sue"])
        await seat.press("z")
        await seat.until_shown("Nobody's name or email holds this.")
        await seat.press("enter", "down", "backspace", "enter")
        await seat.until_shown("3 picked")
        assert picker_of(seat).chosen == ("sue", "bob", "ada")

    open_dialog(picking(Members(FEW)), scenario)


def test_escape_closes_the_list_and_only_then_the_dialog() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab")
        await seat.until(lambda: bool(listed(seat)))
        await seat.press("escape")
        await seat.until(lambda: not listed(seat))
        await seat.press("enter")
        await seat.until(lambda: bool(listed(seat)))
        await seat.press("down", "escape")
        await seat.until(lambda: not listed(seat) and seat.focused == "OneLineInput")
        await seat.press("b")
        await seat.until(lambda: listed(seat) == ["bob"])
        await seat.press("shift+tab")
        await seat.until(lambda: not listed(seat))
        await seat.press("tab")
        await seat.until(lambda: listed(seat) == ["bob"])
        await seat.press("escape", "escape")
        assert await seat.until_left() is None

    open_dialog(picking(Members(FEW)), scenario, size=LOW)


def test_takes_out_those_picked() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("3 picked · d takes out")
        await seat.press("tab", "escape", "tab")
        await seat.until(lambda: focus_is_in(seat, "picker-chosen"))
        await seat.press("j", "k", "j", "d")
        await seat.until_shown("2 picked, 1 taken out")
        await seat.press("delete")
        await seat.until_shown("1 picked, 2 taken out")
        assert picker_of(seat).chosen == ("ada",)
        await seat.press("d")
        await seat.until_shown("Nobody is picked, 3 taken out")
        await seat.until(lambda: len(listed(seat)) == 4)
        assert "[x]" not in seat.text

    open_dialog(picking(Members(FEW), "ada", "bob", "gone"), scenario, size=LOW)


def test_a_click_picks_and_takes_back() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab")
        await seat.until(lambda: len(listed(seat)) == 4)
        for chosen in (("ci",), ("bob", "ci"), ("ci",)):
            line = 2 if chosen == ("ci",) and not picker_of(seat).chosen else 1
            await seat.pilot.click(".picker-list", offset=(8, line))
            await seat.until(lambda wanted=chosen: picker_of(seat).chosen == wanted)  # type: ignore[misc]

    open_dialog(picking(Members(FEW)), scenario)


def test_of_ten_thousand_only_the_lines_that_are_drawn_are_made() -> None:
    many = Members([person(f"{number:05}", f"Person {number}") for number in range(10_000)])

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab")
        await seat.until(lambda: len(listed(seat)) == 10_000)
        await seat.press("down", "end", "space")
        await seat.until(lambda: picker_of(seat).chosen[0] == "09999")
        # It is seen, at the top of those picked, whatever stands below.
        await seat.until_shown("new Person 9999 09999@acme.example")
        await seat.press("home", *"98765"[:4])
        await seat.until(lambda: listed(seat) == ["09876"])
        await seat.press("enter", "ctrl+s")
        assert (await seat.until_left())[:3] == ("09876", "09999", "00000")
        assert len(many.named) < 200

    chosen = [f"{number:05}" for number in range(5_000)]
    open_dialog(picking(many, *chosen), scenario, size=LOW)


def test_names_are_no_markup_and_steer_nothing() -> None:
    hostile = Members([person(f"{place}", name) for place, name in enumerate(HOSTILE_NAMES)])

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab")
        await seat.until(lambda: len(listed(seat)) == len(HOSTILE_NAMES))
        await seat.until_shown("[@click=app.quit]x")
        assert "a␀b" in seat.text
        await seat.press("down", *["space", "down"] * len(HOSTILE_NAMES))
        await seat.until_shown(f"{len(HOSTILE_NAMES)} picked")
        await seat.press("escape")
        await seat.until_shown("\\[bold]$x[/]")
        assert "\x1b" not in seat.text

    open_dialog(picking(hostile), scenario)


def test_a_store_that_cannot_be_read_is_said_in_the_place_of_the_list() -> None:
    members = Members(FEW)

    async def search(words: str) -> list[str]:
        raise StoreUnreadable(f"The store is damaged at [/{words}].")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("tab")
        await seat.until_shown("The store is damaged at [/].")
        await seat.press("down", "enter", "escape", "ctrl+s")
        assert await seat.until_left() == ("bob",)

    open_dialog(lambda: Picking(MemberPicker(search, members.name_of, ("bob",))), scenario)

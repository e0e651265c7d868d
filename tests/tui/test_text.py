"""Text from people is shown as it is: never markup, and no character that steers a terminal."""

import unicodedata
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from store.operations.invitations import InvitationLink
from store.operations.users import Affected
from tests.store.house import House, settings_edit
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.confirmations import removal_confirmation, suspension_confirmation
from tui.dialogs.choice import Choice, ChoiceDialog
from tui.dialogs.invitation_links import InvitationLinks
from tui.dialogs.message import MessageDialog
from tui.text import ControlCharacterFilter, cell, content, visible

STEERING = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
NASTY = (
    "\x1b[2J\x1b]52;c;aGk=\x07",
    "\x9b2J\x9d0;x\x9c",
    "a\x00b\x0e\x7f",
    "\u202egnp.exe\u2066\u200f",
    "\u200b\u200d\u2060\ufeff",
    "".join(chr(0xE0000 + ord(letter)) for letter in "tag"),
    "\ud83d\ude00\udfff",
    "👩‍👩‍👧‍👦",
    "a\u2028b\u2029c",
    "a\tb\nc\rd",
)
MARKUP = ("[/red]", "[/]", "[@click=app.quit]x", "[$x]", "\\[bold]$x[/]", "[red]x[/red]", "[b")
EVERYTHING = st.text(st.characters(codec=None, exclude_categories=()))


def steers(text: str) -> bool:
    """Whether a character of the text could steer a terminal or would not be seen."""
    return any(unicodedata.category(character) in STEERING for character in text)


def holds(seat: Seat, text: str) -> bool:
    """Whether the text is on the screen."""
    return text in seat.text


def examples(test: Callable[[str], None]) -> Callable[[str], None]:
    """Try all the texts above before the random ones."""
    for text in (*NASTY, *MARKUP):
        test = example(text)(test)
    return test


@examples
@given(EVERYTHING)
def test_nothing_that_steers_is_left_whatever_the_text(text: str) -> None:
    for shown in (visible(text), content(text).plain, cell(text).plain):
        assert not steers(shown)
        assert len(shown) == len(text)


@given(st.text(st.characters(exclude_categories=("C", "Z"))))
def test_what_can_be_seen_is_left_as_it_is(text: str) -> None:
    assert visible(text) == content(text).plain == cell(text).plain == text


@examples
@given(EVERYTHING)
def test_the_filter_drops_it_from_whatever_is_drawn(text: str) -> None:
    style = Style(bold=True)
    (segment,) = ControlCharacterFilter().apply([Segment(text, style)], Color(0, 0, 0))
    assert not steers(segment.text)
    assert segment.style == style
    assert segment.text == "".join(one for one in text if not steers(one))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("\x00", "␀"),
        ("\x7f", "␡"),
        ("\x9b", "\ufffd"),
        ("\u202e", "\ufffd"),
        ("\u200d", "\ufffd"),
        ("\ud800", "\ufffd"),
        ("\U000e0041", "\ufffd"),
        ("a\u00a0b\u3000c", "a b c"),
        ("a\tb\nc", "a␉b␊c"),
    ],
)
def test_shows_a_sign_in_the_place_of_each(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_the_program_draws_through_the_filter(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        filters = seat.app.get_line_filters()
        assert isinstance(filters[-1], ControlCharacterFilter)

    sit(house.as_user(), scenario)


@pytest.mark.parametrize(
    ("name", "size"),
    [("[/red]", BESIDE), ("[@click=app.quit]x", OVER), ("[$x]", BESIDE), (NASTY[0], OVER)],
)
def test_a_name_is_shown_as_it_is_wherever_it_is_shown(
    house: House, name: str, size: tuple[int, int]
) -> None:
    user = house.add_user("odd@acme.example", name)
    house.add_group(name, user)
    house.admin.edit_settings(settings_edit(house.admin, name=name))
    house.add_credential(user, "A" * 30)
    shown = visible(name)

    async def scenario(seat: Seat) -> None:
        await seat.go_to(name)
        assert shown in seat.text.splitlines()[0]
        assert f"IN {shown} workspace" in seat.heading
        row = next(line for line in seat.text.splitlines() if "(you)" not in line and "●" in line)
        assert shown in row
        await seat.press("enter")
        await seat.until_shown("odd@acme.example")
        assert seat.text.count(shown) >= 3
        await seat.press("escape")
        for key, dialog in (
            ("d", "Confirmation"),
            ("p", "Confirmation"),
            ("e", "EditUser"),
            ("w", "WorkspaceSettings"),
            ("i", "InviteDialog"),
            ("y", "ChoiceDialog"),
        ):
            await seat.press(key)
            await seat.until_dialog(dialog)
            # An input draws what it holds, without what steers.
            drawn = "".join(one for one in name if not steers(one)) if key == "w" else shown
            await seat.until(partial(holds, seat, drawn))
            assert not any(steers(line) for line in seat.text.splitlines())
            await seat.press("escape")
            await seat.until_dialog("")
        await seat.press("slash")
        await seat.type("\x1b[/x]nobody")
        await seat.until(lambda: seat.rows == [])
        assert seat.app.is_running

    sit(house.as_user(), scenario, size=size)


@pytest.mark.parametrize("name", [*MARKUP[:5], NASTY[0], NASTY[3]])
def test_dialogs_show_what_they_are_given_as_it_is(house: House, name: str) -> None:
    fine = Affected("1" * 32, name, 1, 1, False, False)
    refused = Affected("2" * 32, name, 1, 1, False, False, reason=name)
    dialogs = (
        removal_confirmation([fine, refused], ""),
        removal_confirmation([fine], name),
        suspension_confirmation([fine, refused]),
        ChoiceDialog(name, [Choice("a", name)]),
        InvitationLinks([InvitationLink("", "a@x.org", f"https://x.org/{'SHAM' * 9}")], name),
        MessageDialog(name, name),
    )

    async def scenario(seat: Seat) -> None:
        for dialog in dialogs:
            seat.app.push_screen(dialog)
            await seat.until_dialog(type(dialog).__name__)
            await seat.until(lambda: visible(name) in seat.text)
            assert not any(steers(line) for line in seat.text.splitlines())
            dialog.dismiss(None)
            await seat.until_dialog("")
        seat.tab.say(name)
        seat.tab.refuse(name)
        await seat.until(lambda: seat.said[-2:] == [visible(name)] * 2)
        assert seat.app.is_running

    sit(house.as_user(), scenario)

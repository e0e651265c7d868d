"""Text from people is shown as it is: never markup, and no character that steers a terminal."""

import re
import unicodedata
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from store.operations.invitations import InvitationLink
from store.operations.users import Affected
from store.text import visible as visible_text
from tests.store.house import House, settings_edit
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.confirmations import removal_confirmation, suspension_confirmation
from tui.dialogs.choice import Choice, ChoiceDialog
from tui.dialogs.invitation_links import InvitationLinks
from tui.dialogs.message import MessageDialog
from tui.text import ControlCharacterFilter, cell, content, released, visible

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
# Letters and marks by their category, of which nothing is seen.
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
# Words that need their joiners, and how they are measured: each letter for itself.
JOINED = {
    "می\u200cخواهم": 7,
    "نمی\u200cدانم": 7,
    "क्\u200dष": 2,
    "क्\u200cष": 2,
    "👩\u200d👩\u200d👧\u200d👦": 8,
    "👩🏽\u200d💻": 4,
    "❤\ufe0f\u200d🔥": 4,
}
# Where they change nothing, or what they stand between is not there.
NOT_JOINED: tuple[str, ...] = (
    "a\u200db",
    "a\u200cb",
    "\u200d👩",
    "👩\u200d",
    "👩\u200da",
    "ب\u200ca",
    "ب\u200d",
)
NOT_JOINED += ("م\u200c\u200cخ", "─\u200d─", "👩\u200d🏽", "ш\u200cш", "א\u200cא", "界\u200d界")
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


@given(st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters=BLANK)))
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


@pytest.mark.parametrize("text", JOINED)
def test_joined_text_stays_joined(text: str) -> None:
    assert visible_text(text) == text
    shown = visible(text)
    assert released(shown) == text
    assert visible(f"of {shown}, {text}") == f"of {shown}, {shown}"
    assert cell_len(shown) == JOINED[text]
    (segment,) = ControlCharacterFilter().apply([Segment(shown)], Color(0, 0, 0))
    assert segment.text == shown


@pytest.mark.parametrize("text", [*NOT_JOINED, *BLANK])
def test_what_would_not_be_seen_is_no_way_to_look_like_another(text: str) -> None:
    shown = visible(f"x{text}x")
    assert visible_text(f"x{text}x") == visible(shown) == shown
    assert "\ufffd" in shown
    assert not set(shown) & {"\u200c", "\u200d", *BLANK}


@given(st.text(st.sampled_from("\u200c\u200da👩❤\ufe0f🏽مبक्ष\u0378\x00 "), max_size=40))
def test_joiners_are_few_however_many_there_are(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text)
    assert "\u200d" not in shown
    assert not re.search("[\u200c\u034f][\u200c\u034f]", shown)
    assert released(shown) == visible_text(text)


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
            await seat.until(partial(holds, seat, shown))
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

"""The Users tab: what it lists, and finding, sorting, marking and looking at users."""

from pathlib import Path

import pytest

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.house import House
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.widgets.details_panel import DetailsPanel


@pytest.fixture
def people(house: House) -> House:
    """A house with seven users: Ada, Bob, Cleo, Dan, two pending ones and a suspended one."""
    for name in ("Bob", "Cleo", "Dan"):
        house.add_user(f"{name.lower()}@acme.example", name)
    house.add_group("Research", house.admin.actor)
    house.invite("pia@acme.example", name="Pia")
    house.clock.advance(days=1)
    house.invite("nameless@acme.example")
    gone = house.add_user("sue@acme.example", "Sue")
    house.admin.suspend_users([gone])
    return house


ALL = ["Ada Lindqvist", "Bob", "Cleo", "Dan", "nameless@acme.example", "Pia", "Sue"]


def test_lists_the_users_with_their_states_and_groups(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        assert seat.rows == ALL
        assert seat.heading == "7 USERS IN Acme workspace"
        lines = seat.text.splitlines()
        (ada,) = [line for line in lines if "◆ Ada Lindqvist (you)" in line]
        assert " Admins   Research " in ada
        assert any(
            "Pia" in line and "○ Pending" in line and "Mar 2, 2026" in line for line in lines
        )
        assert any("Sue" in line and "✕ Suspended" in line for line in lines)
        assert "~/store" in lines[0]

    sit(people.as_user(), scenario)


def test_filters_as_one_types_and_counts_the_workspace_all_the_same(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("slash", "a", "c", "m", "e")
        await seat.until(lambda: seat.tab.filter_words == "acme" and seat.rows == ALL)
        await seat.press("space", "p", "i")
        await seat.until(lambda: seat.rows == ["Pia"])
        assert seat.heading == "7 USERS IN Acme workspace"
        await seat.until_shown("1 shown")
        await seat.press("enter")
        await seat.until(lambda: seat.focused == "RecordTable")
        assert seat.rows == ["Pia"]
        await seat.press("escape")
        await seat.until(lambda: seat.rows == ALL)
        assert seat.row == "Pia"

    sit(people.as_user(), scenario)


def test_says_that_nothing_matches(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("slash", "[", "/", "]")
        await seat.until(lambda: seat.rows == [])
        await seat.until_shown("Nothing matches “[/]”. Escape clears the filter.")
        await seat.press("enter", "space", "enter", "d", "e", "p", "y", "j", "asterisk")
        assert seat.dialog == ""
        await seat.press("escape")
        await seat.until(lambda: seat.rows == ALL)

    sit(people.as_user(), scenario)


def test_sorts_by_key_and_turns_the_order_with_the_same_again(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("s")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("s", "enter")
        await seat.until(lambda: "STATUS ▲" in seat.text)
        assert seat.rows[-1] == "Sue"
        await seat.press("s")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("enter")
        await seat.until(lambda: "STATUS ▼" in seat.text and seat.rows[0] == "Sue")

    sit(people.as_user(), scenario)


def test_sorts_by_a_click_on_the_header(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        table = seat.tab.table
        at = seat.text.splitlines()[table.region.y].index("USER")
        await seat.pilot.click(table, offset=(at + 1, 0))
        await seat.until(lambda: seat.rows == list(reversed(ALL)))
        assert "USER ▼" in seat.text
        await seat.pilot.click(table, offset=(at + 1, 0))
        await seat.until(lambda: seat.rows == ALL)

    sit(people.as_user(), scenario)


def test_marks_survive_a_filter_and_escape_takes_them_away(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("j", "space", "space")
        assert seat.row == "Dan"
        await seat.until_shown("2 marked")
        await seat.press("slash", "p", "i", "a", "enter")
        await seat.until(lambda: seat.rows == ["Pia"])
        await seat.press("asterisk")
        await seat.until_shown("3 marked")
        await seat.press("escape")
        await seat.until(lambda: seat.rows == ALL)
        marked = [line for line in seat.text.splitlines() if "✓" in line]
        assert [line.split()[1] for line in marked] == ["Bob", "Cleo", "Pia"]
        await seat.press("escape")
        await seat.until(lambda: "marked" not in seat.heading)

    sit(people.as_user(), scenario)


def test_a_row_that_another_program_removes_loses_its_mark(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("j", "space", "space")
        await seat.until_shown("2 marked")
        (bob, cleo) = seat.tab.targets()
        people.admin.remove_users([bob])
        await seat.until(lambda: "Bob" not in seat.rows)
        await seat.until_shown("1 marked")
        assert seat.tab.targets() == [cleo]
        await seat.press("d")
        await seat.until_dialog("Confirmation")
        await seat.until_shown("Remove Cleo?")
        assert "not there any more" not in seat.words

    sit(people.as_user(), scenario)


def test_marks_all_rows_shown_and_then_none(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("asterisk")
        await seat.until_shown("7 marked")
        await seat.press("asterisk")
        await seat.until(lambda: "marked" not in seat.heading)

    sit(people.as_user(), scenario)


def test_details_beside_the_table_follow_the_cursor(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("enter")
        await seat.until_shown("ada@acme.example")
        assert "Joined Mar 2, 2026 09:30" in seat.words
        assert "STATUS" in seat.text
        await seat.press("j")
        await seat.until_shown("bob@acme.example")
        await seat.press("G", "k")
        await seat.until_shown("Link good until Mar 16, 2026 09:30")
        await seat.press("escape")
        assert "pia@acme.example" not in seat.text
        assert seat.row == "Pia"

    sit(people.as_user(), scenario, size=BESIDE)


def test_details_lie_over_a_narrow_table(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("j", "enter")
        await seat.until_shown("bob@acme.example")
        assert "USER ▲" not in seat.text
        assert seat.app.screen.focused is seat.tab.query_one(DetailsPanel)
        await seat.press("j")
        await seat.until_shown("cleo@acme.example")
        await seat.press("q")
        await seat.until_shown("PENDING SINCE")
        assert seat.app.is_running
        assert seat.row == "Cleo"

    sit(people.as_user(), scenario, size=OVER)


def test_details_change_places_with_the_size(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("enter")
        await seat.until_shown("ada@acme.example")
        await seat.pilot.resize_terminal(*OVER)
        await seat.until(lambda: "USER ▲" not in seat.text)
        await seat.pilot.resize_terminal(*BESIDE)
        await seat.until(lambda: "USER ▲" in seat.text)

    sit(people.as_user(), scenario, size=BESIDE)


def test_details_close_when_their_user_is_removed_elsewhere(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Dan")
        await seat.press("enter")
        await seat.until_shown("dan@acme.example")
        dan = seat.tab.details_key
        assert dan is not None
        people.admin.remove_users([dan])
        await seat.until(lambda: "Dan" not in seat.rows)
        await seat.until(lambda: "dan@acme.example" not in seat.text)

    sit(people.as_user(), scenario)


def test_expired_invitation_stays_in_sight(people: House) -> None:
    people.clock.advance(days=20)

    async def scenario(seat: Seat) -> None:
        assert "Mar 2, 2026 !" in seat.text
        await seat.go_to("Pia")
        await seat.press("enter")
        await seat.until_shown("Link expired Mar 16, 2026 09:30")

    sit(people.as_user(), scenario)


def test_copies_what_is_chosen_of_the_marked_users(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("j", "space", "space", "y")
        await seat.until_dialog("ChoiceDialog")
        assert "Email: bob@acme.example … 2 in all" in seat.words
        await seat.press("enter")
        await seat.until_said("Email sent to your terminal's clipboard.")
        assert seat.app.clipboard == "bob@acme.example\ncleo@acme.example"

    sit(people.as_user(), scenario)


def test_moves_with_letters(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("G")
        assert seat.row == "Sue"
        await seat.press("k")
        assert seat.row == "Pia"
        await seat.press("g", "j")
        assert seat.row == "Bob"

    sit(people.as_user(), scenario)


def test_goes_to_the_last_of_thousands_at_once(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("G")
        rows = seat.rows
        assert len(rows) == 3_000
        assert [name.casefold() for name in rows] == sorted(name.casefold() for name in rows)
        assert seat.row == rows[-1] in seat.text
        await seat.press("g")
        assert seat.row == rows[0] in seat.text

    store = Store(workspace_of(3_000, tmp_path))
    sit(Workspace.open(store, who=ADMINISTRATOR), scenario)


def test_one_user_alone_is_told_what_to_do(house: House) -> None:
    async def scenario(seat: Seat) -> None:
        assert seat.heading == "1 USER IN Acme workspace"
        assert "You are alone here. Press i to invite users." in seat.text
        await seat.press("j", "k", "G", "space", "escape")
        assert seat.row == "Ada Lindqvist"

    sit(house.as_user(), scenario)


def test_what_another_process_commits_shows_up(people: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.go_to("Dan")
        people.invite("zoe@acme.example", "abe@acme.example")
        await seat.until(lambda: "zoe@acme.example" in seat.rows)
        await seat.until_shown("9 USERS IN Acme workspace")
        assert seat.row == "Dan"

    sit(people.as_user(), scenario)

"""Choosing which columns of a table are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import DataTable

from store.demo import demo_workspace
from tests.tui.seat import Seat, sit
from tui.tables import TABLES, table_class

NUMBERS = {name: str(number) for number, name in enumerate(TABLES, start=1)}


async def go(seat: Seat, name: str) -> None:
    """Go to the table of that name."""
    await seat.press("5" if name == "resources" else NUMBERS[name])
    await seat.until(lambda: bool(seat.tab.shown))
    if name == "resources":
        await seat.press("b")
    await seat.until(lambda: seat.tab.group == name and bool(seat.tab.shown))


def labels(seat: Seat) -> list[str]:
    """The headings of the columns, without the mark and the sign of the order."""
    columns = seat.tab.table.ordered_columns[1:]
    return [str(column.label).rstrip(" ▲▼") for column in columns]


@pytest.mark.parametrize("name", TABLES)
def test_each_column_but_the_naming_one_can_be_hidden(tmp_path: Path, name: str) -> None:
    tab = table_class(name)
    every = [column.label for column in tab.columns]
    (naming,) = [one.label for one in tab.columns if one.key == tab.naming_column()]

    async def scenario(seat: Seat) -> None:
        await go(seat, name)
        assert labels(seat) == every
        row = seat.row
        await seat.press("C")
        await seat.until_dialog("ColumnsDialog")
        assert f"{naming} is always shown." in seat.text
        for _ in every[1:]:
            await seat.press("space", "down")
        await seat.press("ctrl+s")
        assert labels(seat) == [naming]
        assert seat.row == row
        assert row in seat.text
        await seat.press("j", "k", "r")
        await seat.press("C", "space", "ctrl+s")
        shown = next(column.label for column in tab.columns if column.key != tab.naming_column())
        assert labels(seat) == [label for label in every if label in (naming, shown)]

    workspace = demo_workspace(tmp_path / "store")
    sit(workspace, scenario)


def test_the_cursor_the_marks_and_the_filter_stay(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("slash", *"research", "enter")
        await seat.press("j", "space")
        before = (seat.row, seat.rows, seat.tab.marks)
        await seat.press("C", "space", "ctrl+s")
        assert (seat.row, seat.rows, seat.tab.marks) == before
        assert seat.focused == "RecordTable"
        assert "✓" in seat.text

    sit(demo_workspace(tmp_path / "store"), scenario)


def test_escape_leaves_them_as_they_are(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        before = labels(seat)
        await seat.press("C", "space", "down", "space", "escape")
        assert labels(seat) == before

    sit(demo_workspace(tmp_path / "store"), scenario)


def test_a_hidden_column_still_sorts(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        by_name = seat.rows
        await seat.press("s", "down", "enter")
        by_status = seat.rows
        assert by_status != by_name
        await seat.press("C", "space", "ctrl+s")
        assert "STATUS" not in labels(seat)
        assert seat.rows == by_status
        await seat.press("s", "enter")
        assert seat.rows != by_status

    sit(demo_workspace(tmp_path / "store"), scenario)


def test_a_click_on_a_heading_sorts_by_the_column_that_is_there(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("C", "down", "space", "ctrl+s")
        table = seat.tab.table
        x = sum(column.get_render_width(table) for column in table.ordered_columns[:3]) + 2
        await seat.pilot.click(DataTable, offset=(x, 0))
        await seat.until(lambda: seat.tab.sort_by == "groups")
        assert "GROUPS ▲" in seat.text

    sit(demo_workspace(tmp_path / "store"), scenario)


def test_the_catalogue_is_as_it_was_left(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await go(seat, "resources")
        await seat.press("C", "space", "ctrl+s", "escape")
        await seat.until_dialog("")
        await seat.press("b")
        await seat.until(lambda: seat.tab.group == "resources" and bool(seat.tab.shown))
        assert "TYPE" not in labels(seat)

    sit(demo_workspace(tmp_path / "store"), scenario)

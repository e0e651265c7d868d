"""The record table agrees with the stock table on every line, and does what that one cannot."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.coordinate import Coordinate
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import DataTable
from textual.widgets.data_table import DuplicateKey

from tui.widgets.record_table import Column, RecordTable

NAMES = ("Ada", "Łukasz Żółć", "漢字漢字漢字", "[red]x[/]", "👩‍👩‍👧 family", "x" * 40, "")
NARROW = (Column("id", "Id", 6), Column("name", "Name", 9), Column("mail", "Mail address", 8))
WIDE = (Column("id", "Id", 9), Column("name", "Name", 30), Column("mail", "Mail", 34))
FLEXIBLE = (
    Column("name", "Name", 8, flex=1),
    Column("mail", "Mail", 10, flex=2),
    Column("seen", "Seen", 6),
)
CURSOR_KEYS = ("down", "up", "pageup", "pagedown", "ctrl+home", "ctrl+end")
KEYS = (*CURSOR_KEYS, "home", "end", "left", "right", "enter")


def cells_of(key: str) -> list[Text]:
    """Return cells that are different in every row, some long, wide, styled or like markup."""
    number = int(key)
    return [
        Text(f"#{key}", style="bold" if number % 3 else ""),
        Text(NAMES[number % len(NAMES)]),
        Text.assemble((f"user{key}", "red"), "@example.org"),
    ]


def keys_to(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def words(message: Message) -> tuple[object, ...] | None:
    """Return what a message of a table says, in a form that compares."""
    match message:
        case DataTable.RowHighlighted() | DataTable.RowSelected():
            return type(message).__name__, message.cursor_row, message.row_key.value
        case DataTable.HeaderSelected():
            return type(message).__name__, message.column_index, message.column_key.value
    return None


class TableApp(App[None]):
    """One table, and all that it said."""

    CSS = "DataTable.tall { height: 1fr; }"

    def __init__(self, make: Callable[[], DataTable[Text]]) -> None:
        super().__init__()
        self.make = make
        self.said: list[tuple[object, ...]] = []
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        with Container():
            yield self.make()

    def hear(self, message: Message) -> None:
        if (said := words(message)) is not None:
            self.said.append(said)

    on_data_table_row_highlighted = hear
    on_data_table_row_selected = hear
    on_data_table_header_selected = hear


Scenario = Callable[[RecordTable, TableApp, Pilot[None]], Awaitable[None]]


def run(
    scenario: Scenario,
    columns: Sequence[Column] = FLEXIBLE,
    size: tuple[int, int] = (60, 12),
    tall: bool = True,
) -> None:
    """Run a scenario with an empty record table on a screen of this size."""

    async def main() -> None:
        app = TableApp(lambda: RecordTable(columns, classes="tall" if tall else ""))
        async with app.run_test(size=size) as pilot:
            await scenario(app.query_one(RecordTable), app, pilot)

    asyncio.run(main())


def lines(table: DataTable[Text]) -> list[str]:
    """Return what the table's visible lines say, without what lies under a scrollbar."""
    width, height = table.scrollable_content_region.size
    return [table.render_line(y).crop(0, width).text for y in range(height)]


# The differential test.


@dataclass(frozen=True)
class Step:
    """One random operation; the places are parts of the screen in thousandths."""

    kind: str
    key: str = ""
    at: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (0, 0)
    rows: tuple[str, ...] = ()


def random_step(random: Random) -> Step:
    kind = random.choice(("key",) * 6 + ("show", "resize", "click", "click", "hover", "wheel"))
    at = (random.randrange(1000), random.choice((0, random.randrange(1000))))
    pool = keys_to(random.choice((3, 40, 120)))
    rows = random.sample(pool, random.randint(1, len(pool)))
    return Step(
        kind=kind,
        key=random.choice(("up", "down") if kind == "wheel" else KEYS),
        at=at,
        size=(random.randint(20, 110), random.randint(3, 30)),
        rows=tuple(sorted(rows, key=int) if random.random() < 0.5 else rows),
    )


@dataclass
class Seen:
    """All that a person sees of a table after a step, and all that its screen hears."""

    lines: list[list[tuple[str, Style | None]]]
    screen: list[list[tuple[str, Style | None]]]
    cursor: Coordinate
    scroll: Offset
    size: Size
    regions: tuple[Region, Region, Region]
    bars: tuple[bool, bool]
    said: list[tuple[object, ...]] = field(default_factory=list)


def segments(strips: Iterable[Iterable[Segment]]) -> list[list[tuple[str, Style | None]]]:
    return [[(segment.text, segment.style) for segment in strip] for strip in strips]


def look(app: TableApp) -> Seen:
    table = app.query_one(DataTable)
    said, app.said = app.said, []
    cursor = table.cursor_coordinate
    return Seen(
        lines=segments(map(table.render_line, range(table.size.height))),
        # What was drawn may be older than what would be drawn now, if a refresh went missing. Both
        # tables draw a hovered header only when something else has the line drawn, so not that.
        screen=segments(app.screen._compositor.render_strips()[1:]),
        cursor=cursor,
        regions=(
            table._get_row_region(cursor.row),
            table._get_cell_region(cursor),
            table._get_column_region(cursor.column),
        ),
        scroll=table.scroll_offset,
        size=table.virtual_size,
        bars=table.scrollbars_enabled,
        said=said,
    )


def uncut(text: Text) -> Text:
    """Return the text with the settings that the record table gives to every cell by itself."""
    text.no_wrap, text.overflow, text.end = True, "ellipsis", ""
    return text


class StockTable(DataTable[Text]):
    """The stock table with the same columns, and ``show`` as the contract words it."""

    def action_scroll_home(self) -> None:
        """Go to the first row, as ours does."""
        self.action_scroll_top()

    def action_scroll_end(self) -> None:
        """Go to the last row, as ours does."""
        self.action_scroll_bottom()

    def __init__(self, columns: Sequence[Column], **settings: Any) -> None:
        super().__init__(cursor_type="row", **settings)
        self.declared = columns

    def on_mount(self) -> None:
        for column in self.declared:
            self.add_column(uncut(Text(column.label)), width=column.width, key=column.key)

    async def show(self, keys: Sequence[str], pilot: Pilot[None]) -> None:
        row, column = self.cursor_coordinate
        scroll, hover = self.scroll_offset, self.hover_coordinate
        key = self.coordinate_to_cell_key(Coordinate(row, 0)).row_key.value if self.rows else None
        index = keys.index(key) if key in keys else min(row, len(keys) - 1)
        self.clear()
        for one in keys:
            self.add_row(*map(uncut, cells_of(one)), key=one)
        await settle(pilot)
        self.scroll_to(scroll.x, scroll.y + index - row, animate=False, force=True)
        self.move_cursor(row=index, column=column, scroll=False)
        self._scroll_cursor_into_view()
        # A hidden scrollbar stays behind and comes back in the wrong place; not the record table's.
        self.vertical_scrollbar.position = self.scroll_y
        self.horizontal_scrollbar.position = self.scroll_x
        self.hover_coordinate = hover
        # The header is no row, so a change of the hover does not draw it again.
        self.refresh()


async def settle(pilot: Pilot[None]) -> None:
    """Let messages and layouts that cause each other come to rest, without waiting on the clock.

    The pilot's own pause waits until the process is idle, which takes 50 ms and more for two apps.
    """
    for _ in range(3):
        await pilot.pause(0)
        # Scrolling waits for the next tick of the animator even when animations are off.
        await pilot.wait_for_animation()
        await pilot.pause(0)


async def take(step: Step, app: TableApp, pilot: Pilot[None]) -> None:
    width, height = app.size
    place = (step.at[0] * width // 1000, step.at[1] * height // 1000)
    match step.kind:
        case "key":
            app.post_message(events.Key(step.key, None))
        case "resize":
            await pilot.resize_terminal(*step.size)
        case "click":
            for press in (events.MouseMove, events.MouseDown, events.MouseUp):
                app.post_message(press(None, *place, 0, 0, 1, False, False, False))
                await settle(pilot)
        case "hover":
            app.post_message(events.MouseMove(None, *place, 0, 0, 0, False, False, False))
        case "wheel":
            wheel = events.MouseScrollUp if step.key == "up" else events.MouseScrollDown
            shift = step.at[0] % 3 == 0
            app.post_message(wheel(None, *place, 0, 0, 0, shift, False, False))
        case "show":
            table = app.query_one(DataTable)
            if isinstance(table, RecordTable):
                table.show(step.rows, cells_of, are_unchanged=step.at[0] % 2 == 0)
            elif isinstance(table, StockTable):
                await table.show(step.rows, pilot)
            await settle(pilot)
            # The stock table sends a highlight for the first row and one for where it ends up.
            app.said.clear()
    await settle(pilot)


async def record(
    make: Callable[[], DataTable[Text]], size: tuple[int, int], steps: Sequence[Step]
) -> list[Seen]:
    app, seen = TableApp(make), []
    async with app.run_test(size=size) as pilot:
        for step in steps:
            await take(step, app, pilot)
            seen.append(look(app))
    return seen


@pytest.mark.usefixtures("draws_all")
@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_the_stock_table_after_every_operation(seed: int) -> None:
    random = Random(seed)
    columns = random.choice((NARROW, WIDE))
    settings: dict[str, Any] = {
        "zebra_stripes": seed % 2 == 0,
        "classes": "tall" if seed % 3 else "",
    }
    size = random.choice(((80, 24), (50, 10)))
    first = Step("show", rows=tuple(keys_to(random.choice((5, 60)))))
    steps = [first, *(random_step(random) for _ in range(40))]

    async def both() -> tuple[list[Seen], list[Seen]]:
        return await asyncio.gather(
            record(lambda: RecordTable(columns, **settings), size, steps),
            record(lambda: StockTable(columns, **settings), size, steps),
        )

    ours, stock = asyncio.run(both())
    for number, (step, mine, theirs) in enumerate(zip(steps, ours, stock, strict=True)):
        assert mine == theirs, f"after step {number}: {step}"


# What only the record table does.


def test_cursor_stays_on_its_record_and_on_its_line_of_the_screen() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(100), cells_of)
        await pilot.press("pagedown", "pagedown", "up", "up")
        line = table.cursor_row - table.scroll_offset.y
        key = table.cursor_key
        table.show([f"{1000 + number}" for number in range(30)] + keys_to(100), cells_of)
        await pilot.pause()
        assert key == "20"
        assert table.cursor_key == key
        assert table.cursor_row == 50
        assert table.cursor_row - table.scroll_offset.y == line
        table.show(["20", "7"], cells_of)
        await pilot.pause()
        assert (table.cursor_key, table.cursor_row, table.scroll_offset.y) == ("20", 0, 0)

    run(scenario)


def test_cursor_stays_on_its_index_when_its_record_is_gone() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(50), cells_of)
        assert table.move_to("20")
        table.show([key for key in keys_to(50) if key != "20"], cells_of)
        assert (table.cursor_row, table.cursor_key) == (20, "21")
        table.show(keys_to(4), cells_of)
        assert (table.cursor_row, table.cursor_key) == (3, "3")
        await pilot.pause()
        assert table.scroll_offset.y == 0

    run(scenario)


def test_cursor_scrolled_out_of_sight_is_in_sight_after_show() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(100), cells_of)
        table.scroll_to(y=60, animate=False)
        await pilot.pause()
        assert table.scroll_offset.y == 60
        table.show(keys_to(99), cells_of)
        assert (table.cursor_row, table.scroll_offset.y) == (0, 0)

    run(scenario)


def test_scrollbar_that_was_hidden_comes_back_where_the_table_is() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(100), cells_of)
        await pilot.press("ctrl+end")
        assert table.vertical_scrollbar.position == table.scroll_y == 89
        for count in (3, 100):
            table.show(keys_to(count), cells_of)
            await pilot.pause()
        assert table.scrollbars_enabled == (True, False)
        assert table.vertical_scrollbar.position == table.scroll_y == 0

    run(scenario)


def test_moves_to_a_record() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(100), cells_of)
        assert table.move_to("90")
        await pilot.pause()
        assert table.cursor_key == "90"
        assert table.scroll_offset.y <= 90 < table.scroll_offset.y + 11
        assert not table.move_to("nobody")
        assert table.cursor_key == "90"

    run(scenario)


def test_empty_table_takes_every_key_and_click() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        for keys in (None, [], keys_to(3), []):
            if keys is not None:
                table.show(keys, cells_of)
            if not keys:
                for key in KEYS:
                    app.post_message(events.Key(key, None))
                await pilot.click(offset=(3, 5))
                assert table.cursor_key is None
                assert table.cursor_coordinate == Coordinate(0, 0)
                assert not table.move_to("1")
        table.show(keys_to(3), cells_of)
        assert table.cursor_key == "0"
        await pilot.pause()
        highlighted = [said for said in app.said if said[0] == "RowHighlighted"]
        assert highlighted == [("RowHighlighted", 0, "0")] * 2
        assert len(app.said) == 2

    run(scenario)


class Unwalkable(list[str]):
    """Keys that may be counted, indexed and searched, but not visited one by one."""

    def __iter__(self) -> Any:
        raise AssertionError("all the keys were visited")


@pytest.mark.usefixtures("draws_all")
def test_makes_cells_for_the_visible_rows_only() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        asked: list[str] = []

        def cells(key: str) -> list[Text]:
            asked.append(key)
            return cells_of(key)

        table.show(Unwalkable(keys_to(100_000)), cells)
        await pilot.pause()
        assert sorted(set(asked), key=int) == keys_to(11)
        assert len(asked) == 11
        await pilot.press("down", "down", "up")
        assert len(asked) == 11
        await pilot.press("ctrl+end")
        assert table.cursor_key == "99999"
        assert len(asked) == 22
        table.show(Unwalkable(reversed(keys_to(100_000))), cells)
        assert table.cursor_row == 0
        await pilot.press("pagedown", "pageup", "ctrl+end", "enter")
        await pilot.click(offset=(3, 3))
        assert len(asked) < 22 + 6 * 12

    run(scenario)


@pytest.mark.parametrize("count", [3, 100])
@pytest.mark.parametrize("tall", [True, False])
def test_flexible_columns_fill_the_width_exactly(count: int, tall: bool) -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        bars: list[bool] = []
        table.watch(table, "show_horizontal_scrollbar", bars.append, init=False)
        table.show(keys_to(count), cells_of)
        for size in ((60, 12), (33, 12), (32, 8), (101, 40), (100, 40), (47, 30), (120, 200)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            rows_fit = count < size[1]
            assert table.scrollbars_enabled == (not rows_fit, False)
            content = table.scrollable_content_region.width
            assert content == size[0] - (0 if rows_fit else 2)
            widths = [column.get_render_width(table) for column in table.ordered_columns]
            assert sum(widths) == table.virtual_size.width == content
            name, mail, seen = widths
            assert seen == 8
            assert abs((mail - 12) - 2 * (name - 10)) <= 2
        # Not even for one frame.
        assert bars == []

    run(scenario, tall=tall)


def test_rows_that_call_for_a_scrollbar_make_the_columns_narrower() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        for count, width in ((11, 60), (12, 58), (11, 60), (0, 60)):
            table.show(keys_to(count), cells_of)
            await pilot.pause()
            assert table.virtual_size.width == table.scrollable_content_region.width == width

    run(scenario)


def test_scrolls_sideways_when_the_minimums_do_not_fit() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(3), cells_of)
        await pilot.pause()
        assert table.scrollbars_enabled == (False, True)
        # What does not fit stays beyond the edge as a whole, and the first fills the room.
        assert [column.width for column in table.ordered_columns] == [18, 10, 6]
        table.scroll_to(x=table.max_scroll_x, animate=False)
        await pilot.pause()
        assert table.scroll_offset.x == 20

    run(scenario, size=(20, 10))


def test_text_is_cut_with_an_ellipsis_and_never_spills() -> None:
    texts = ("abcdefgh", "abcde", "漢字漢字", "a漢字漢", "漢字e", "[b]x[/b]", "[/]", "ab\ncd", "")

    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(len(texts)), lambda key: [Text(texts[int(key)]), Text("|")])
        await pilot.pause()
        assert [line.rstrip() for line in lines(table)[: len(texts) + 1]] == [
            " Head…  M",
            " abcd…  |",
            " abcde  |",
            " 漢字…  |",
            " a漢 …  |",
            " 漢字e  |",
            " [b]x…  |",
            " [/]    |",
            " ab…    |",
            "        |",
        ]

    run(scenario, columns=(Column("a", "Header", 5), Column("b", "M", 1)))


def test_labels_are_text_and_can_be_changed() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(1), cells_of)
        await pilot.pause()
        assert lines(table)[0].startswith(" [/] ")
        table.set_label("a", Text("[/] ▲"))
        assert lines(table)[0].startswith(" [/] ▲ ")
        with pytest.raises(KeyError):
            table.set_label("nothing", Text("x"))

    run(scenario, columns=(Column("a", "[/]", 8), Column("b", "B", 3), Column("c", "C", 3)))


@pytest.mark.usefixtures("draws_all")
def test_cells_are_made_anew_when_asked_to() -> None:
    mark = ["-"]
    made: list[str] = []

    def cells(key: str) -> list[Text]:
        made.append(key)
        return [Text(mark[0])]

    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(2), cells)
        await pilot.pause()
        mark[0] = "*"
        await pilot.press("down")
        assert lines(table)[1] == " -  "
        made.clear()
        table.refresh_rows()
        await pilot.pause()
        assert made == ["0", "1"]
        assert lines(table)[1:3] == [" *  ", " *  "]

    run(scenario, columns=(Column("mark", "", 2),), size=(4, 5))


def test_says_when_another_record_is_under_the_cursor() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        async def said(keys: Sequence[str]) -> list[tuple[object, ...]]:
            app.said.clear()
            table.show(keys, cells_of)
            await pilot.pause()
            return list(app.said)

        assert await said(["1", "2", "3"]) == [("RowHighlighted", 0, "1")]
        assert await said(["1", "2"]) == []
        assert await said(["2", "3"]) == [("RowHighlighted", 0, "2")]
        assert await said(["1", "2"]) == [("RowHighlighted", 1, "2")]
        assert await said(["1"]) == [("RowHighlighted", 0, "1")]
        assert await said([]) == []

    run(scenario)


def test_posts_the_messages_of_a_data_table() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(5), cells_of)
        await pilot.pause()
        app.said.clear()
        await pilot.press("down", "enter")
        await pilot.click(offset=(2, 4))
        await pilot.click(offset=(2, 4))
        await pilot.click(offset=(59, 0))
        assert app.said == [
            ("RowHighlighted", 1, "1"),
            ("RowSelected", 1, "1"),
            ("RowHighlighted", 3, "3"),
            ("RowSelected", 3, "3"),
            ("HeaderSelected", 2, "seen"),
        ]
        assert app.query_one(DataTable) is table

    run(scenario)


def test_answers_the_questions_of_a_data_table() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(["7", "5"], cells_of)
        assert table.get_row_index("5") == 1
        assert [cell.plain for cell in table.get_row("7")] == [c.plain for c in cells_of("7")]
        assert table.get_cell("5", "name").plain == "#5"
        assert [cell.plain for cell in table.get_column("name")] == ["#7", "#5"]
        assert [key.value for key in table.rows] == ["7", "5"]
        stale = table.coordinate_to_cell_key(Coordinate(1, 0)).row_key
        table.show(["5"], cells_of)
        assert table.get_row_index(stale) == 0
        assert "7" not in [key.value for key in table.rows]

    run(scenario)


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.add_row(Text("x")),
        lambda table: table.add_rows([]),
        lambda table: table.remove_row("1"),
        lambda table: table.remove_column("name"),
        lambda table: table.update_cell("1", "name", Text("x")),
        lambda table: table.update_cell_at(Coordinate(0, 0), Text("x")),
        lambda table: table.sort("name"),
        lambda table: table.clear(),
        lambda table: table.add_column("More"),
        lambda table: table.add_columns("More"),
    ],
)
def test_refuses_to_be_changed(change: Callable[[RecordTable], object]) -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show(keys_to(3), cells_of)
        with pytest.raises(NotImplementedError, match="RecordTable"):
            change(table)
        assert [key.value for key in table.rows] == keys_to(3)

    run(scenario)


def test_takes_more_columns_before_rows_are_shown() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.add_column("[/]x", key="last")
        table.show(["1"], lambda key: [Text("a"), Text("b")])
        await pilot.pause()
        assert lines(table)[:2] == [" One        [/]x ", " a          b    "]

    run(scenario, columns=(Column("one", "One", 3, flex=1),), size=(17, 5))


def test_refuses_two_columns_with_one_key() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        with pytest.raises(DuplicateKey):
            RecordTable([Column("a", "A", 3), Column("a", "B", 3)])

    run(scenario)


def test_refuses_rows_with_too_few_cells() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        table.show([], cells_of)
        table.show(["1"], lambda key: [Text("only one")])
        with pytest.raises(ValueError, match="shorter"):
            table.get_row("1")
        table.show([], cells_of)

    run(scenario)


def test_hidden_table_keeps_the_cursor_on_its_line_and_in_sight() -> None:
    async def scenario(table: RecordTable, app: TableApp, pilot: Pilot[None]) -> None:
        container = app.query_one(Container)
        table.show(keys_to(100), cells_of)
        table.move_to("50")
        await pilot.pause()
        assert table.scroll_offset.y == 40
        container.display = False
        await pilot.pause()
        table.show(["1000", "1001", *keys_to(100)], cells_of)
        container.display = True
        await pilot.pause()
        assert (table.cursor_key, table.cursor_row) == ("50", 52)
        assert table.scroll_offset.y == 42
        container.display = False
        await pilot.pause()
        table.move_to("60")
        container.display = True
        await pilot.pause()
        assert (table.cursor_row, table.scroll_offset.y) == (62, 52)

    run(scenario)


def test_rows_can_be_shown_before_the_table_is_mounted() -> None:
    def make() -> RecordTable:
        table = RecordTable(FLEXIBLE, classes="tall")
        table.show(keys_to(100), cells_of)
        table.move_to("90")
        return table

    async def main() -> None:
        app = TableApp(make)
        async with app.run_test(size=(60, 12)) as pilot:
            await pilot.pause()
            table = app.query_one(RecordTable)
            assert table.virtual_size.width == 58
            assert table.scroll_offset.y <= 90 < table.scroll_offset.y + 11
            assert any("#90" in line for line in lines(table))

    asyncio.run(main())

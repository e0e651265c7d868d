"""The screen that all tabs share: a heading with the main action, a filter, a table, a panel.

A tab declares its columns and keys, lists the rows' keys, and makes the cells of a row. Filtering,
sorting, marking, copying and the details panel are here. Listing runs in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, DataTable, Static
from textual.worker import Worker

from store.errors import StoreUnreadable, WorkspaceError
from tui.key_queue import BESIDE, SEARCH
from tui.keys import MOVING, ROWS, bindings
from tui.tabs.arranged_table import ArrangedTable
from tui.tabs.listed import Listed
from tui.text import content, visible
from tui.widgets.chips import chips
from tui.widgets.filter_bar import FilterBar
from tui.widgets.plain_button import PlainButton
from tui.widgets.record_table import RecordTable

if TYPE_CHECKING:
    from tui.widgets.details_panel import DetailsPanel

# Moving on within this time, in seconds, draws the panel and the footer once, at the end.
_REST = 0.08
# So many rows are filtered in less time than it takes to ask a thread for it.
_FEW = 2_000


class TableTab(ArrangedTable):
    """A tab: subclasses say of what."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("rows", (*MOVING, *ROWS))]

    main_label: ClassVar[str]
    main_action: ClassVar[str]
    # What a filter can hold besides plain words.
    filter_hint: ClassVar[str] = ""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - every Textual widget calls it so
        super().__init__(id=id)
        self._rest: Timer | None = None
        self._table: RecordTable | None = None
        # Whether the rows shown may be drawn otherwise than they would be now.
        self._is_stale = True
        self._total = _FEW + 1
        self._one_frame = ExitStack()
        self._filter: FilterBar | None = None
        # The row to go to as soon as it is listed.
        self._awaited: str | None = None

    # What a tab says of itself

    def list_rows(self, words: str) -> Listed:
        """The rows that hold these words, sorted. Runs in a thread."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Work out what will be asked for next. Runs in a thread, after the rows are drawn."""

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of a row, one for each column."""
        raise NotImplementedError

    def heading(self) -> Content:
        """What the tab shows, and how many."""
        raise NotImplementedError

    def hint(self) -> Content:
        """What is to be said below the heading, such as why nothing can be added."""
        return Content("")

    def nothing_there(self) -> str:
        """What is said in the place of the rows where there are none."""
        return ""

    def main_refusal(self) -> str:
        """Why the main action does not apply, or ""."""
        return ""

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        if action == "filter" and self._filter is not None and self._filter.has_focus_within:
            return "The filter is being typed."
        if action == "clear" and not (self._filter or self.marks or self.details_key):
            return "There is nothing to clear."
        if action == "open" and self.details_key is not None:
            return self.reason_against_entering
        if action in ("open", "mark", "mark_all") and not self.shown:
            return "There is no row."
        if action in ("copy", "copy_id") and not self.target_count:
            return "There is nothing to copy."
        return ""

    def label_of(self, action: str) -> str:
        """What an action does now, in a word, or "" where that is what the table of keys says."""
        if action == "open" and self.details_key is not None:
            return "Go in"
        if action != "clear":
            return ""
        if self.details_key is not None:
            return "Back" if self.is_in_details else "Close"
        return "" if self._filter is not None else "Unmark"

    # Building and loading

    def compose(self) -> ComposeResult:
        """The heading with the main action, and the table; the rest comes when it is asked for."""
        with Horizontal(classes="heading"):
            yield Static(classes="heading-text")
            yield PlainButton(self.main_label, classes="main-action")
        yield Static(classes="tab-hint")
        self.take_view()
        yield RecordTable(self.shown_columns, classes="records")
        nothing = Static(classes="nothing")
        nothing.can_focus = True
        yield nothing

    def on_mount(self) -> None:
        """Show the first rows as soon as they are listed, and have the keys that are wanted."""
        keymap = self.admin_app.keymap
        keymap.apply_to(self, "rows", self.group)
        keymap.release(self.table, "rows", self.group)
        self.show_sort()
        # The first frame is drawn with its rows.
        self._one_frame.enter_context(self.app.batch_update())
        self.reload()

    def reload(self, *, is_awaited: bool = True) -> Worker[None]:
        """List the rows anew and show them; the cursor stays on its row.

        Args:
            is_awaited: Whether keys that are typed meanwhile are meant for the new rows.
        """
        self._is_stale = True
        return self._begin_list(is_awaited=is_awaited)

    def _begin_list(self, *, is_awaited: bool = True) -> Worker[None]:
        # One that keys wait for may be taken over by one that somebody else's commit begins.
        awaited = is_awaited or any(
            worker.node is self and worker.group == SEARCH and not worker.is_finished
            for worker in self.workers
        )
        self._cancel_lists()
        return self.run_worker(self._list, group=SEARCH if awaited else BESIDE)

    def _cancel_lists(self) -> None:
        for group in (SEARCH, BESIDE):
            self.workers.cancel_group(self, group)

    async def _list(self) -> None:
        try:
            self._show(await asyncio.to_thread(self.list_rows, self.filter_words))
            # A thread that computes would make drawing take twice as long.
            await self._drawn()
            await asyncio.to_thread(self.prepare)
            self.admin_app.note_loaded()
        except StoreUnreadable as error:
            self.admin_app.end(error.message, 1)

    async def _drawn(self) -> None:
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        await drawn.wait()

    def _list_at_once(self) -> None:
        self._cancel_lists()
        try:
            self._show(self.list_rows(self.filter_words))
        except StoreUnreadable as error:
            self.admin_app.end(error.message, 1)

    def reload_at(self, key: str | None) -> None:
        """List the rows anew, and go to one that has come; None: stay at the present one."""
        self._awaited = key
        self.reload()

    def _show(self, listed: Listed) -> None:
        is_stale, self._is_stale = self._is_stale, False
        self.shown, self._total, marked = listed.ids, listed.total, len(self.marks)
        self.keep_living_marks()
        self.table.show(self.shown, self._cells_with_mark, are_unchanged=not is_stale)
        if self._awaited is not None and self.table.move_to(self._awaited):
            self._awaited = None
        self._show_emptiness()
        self._one_frame.close()
        # Where the key has left the same rows, nothing else tells the screen to draw it.
        self.screen.check_idle()
        if is_stale or marked != len(self.marks):
            self.show_heading()
            self.follow_details()
            # What the keys do is said of the rows as they are now.
            self.refresh_bindings()

    @property
    def table(self) -> RecordTable:
        """The table."""
        if self._table is None:
            self._table = self.query_one(".records", RecordTable)
        return self._table

    def focus_rows(self) -> None:
        """Put the focus into the table."""
        self._focusable_rows.focus()

    @property
    def _focusable_rows(self) -> Widget:
        # A hidden table takes no keys; what is said in its place does.
        return self.query_one(".nothing", Static) if self.has_class("-empty") else self.table

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is typed."""
        return bool(self.filter_words)

    @property
    def filter_words(self) -> str:
        """What the rows are filtered by."""
        return self._filter.words if self._filter is not None else ""

    def _cells_with_mark(self, key: str) -> Sequence[Text]:
        mark = Text("✓", style="bold") if key in self.marks else Text("")
        try:
            cells = self.cells(key)
        except WorkspaceError:
            # Listed before it went; the next list comes without it.
            cells = [Text("") for _ in self.columns]
        if not self.hidden:
            return (mark, *cells)
        shown = zip(self.columns, cells, strict=True)
        return (mark, *(cell for column, cell in shown if column.key not in self.hidden))

    def chips_in(self, column: str, names: Sequence[str], more: int = 0) -> Text:
        """Names as chips that fit into a column as wide as it is now; the others are counted."""
        if column in self.hidden:
            return Text("")
        style = f"{self.colour('foreground')} on {self.colour('panel-lighten-1')}"
        return chips(names, self.table.width_of(column), style, more)

    def show_heading(self) -> None:
        """Say what the tab shows, how much of it is marked, and why nothing can be added."""
        heading = self.heading()
        if self.marks:
            heading += Content.styled(f" · {len(self.marks):,} marked", "$accent")
        self.query_one(".heading-text", Static).update(heading, layout=False)
        refusal = self.main_refusal()
        button = self.query_one(".main-action", Button)
        button.disabled = bool(refusal)
        button.tooltip = content(refusal) if refusal else None
        hint = self.query_one(".tab-hint", Static)
        text = self.hint()
        hint.update(text)
        hint.display = bool(text)

    def _show_emptiness(self) -> None:
        words = self.filter_words
        focused = self.screen.focused
        had_focus = focused is not None and (focused is self.table or focused.has_class("nothing"))
        self.set_class(not self.shown, "-empty")
        if had_focus and not self.disabled:
            self.screen.set_focus(self._focusable_rows)
        if not self.shown:
            text = self.nothing_there()
            if words:
                text = f"Nothing matches “{visible(words)}”.\nEscape clears the filter."
            self.query_one(".nothing", Static).update(Content(text))
        if self._filter is not None:
            self._filter.show_count(len(self.shown) if words else None)

    # Filtering

    async def action_filter(self) -> None:
        """Type a filter."""
        await self.open_filter()

    async def open_filter(self, words: str = "") -> None:
        """Open the line of the filter, with these words in it."""
        if self._filter is None:
            self._filter = FilterBar(self._filter_typed, self.filter_hint)
            await self.mount(self._filter, before=".records")
        else:
            self._filter.focus_input()
        if words:
            self._filter.type(words)

    def action_clear(self) -> None:
        """Leave the panel, close it, clear the filter or the marks: one at a time."""
        if self.leave_details() or self.close_details():
            return
        if self._filter is not None:
            self._close_filter()
            self.reload()
        elif self.marks:
            self.mark_only(set())

    def _close_filter(self) -> None:
        if self._filter is not None:
            self._filter.remove()
            self._filter = None
            self.refresh_bindings()
        self.focus_rows()

    def _filter_typed(self) -> None:
        if self._total <= _FEW:
            self._list_at_once()
            return
        # The key and the rows that it leaves are drawn together. Otherwise the rows, which come a
        # moment after the key, would wait for the next frame; the next list to come draws both.
        self._one_frame.close()
        self._one_frame.enter_context(self.app.batch_update())
        self._begin_list()

    @on(FilterBar.Entered)
    def _filter_entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        if event.words:
            self.focus_rows()
        else:
            self._close_filter()

    # The panel that follows

    def action_refresh(self) -> None:
        """Load what others have changed."""
        self.begin(self._refreshing())

    async def _refreshing(self) -> None:
        await self.admin_app.look_for_commits()
        self.reload()
        self.say("Up to date.")

    async def action_open(self) -> None:
        """Open the details of the row; when they are open, go into them."""
        if self.details_key is not None:
            # Who goes on at once means the row at the cursor, not the one that it has left.
            self._rested()
            self.enter_details()
        elif self.may("open") and self.table.cursor_key is not None:
            await self.open_details(self.table.cursor_key)

    @on(DataTable.RowSelected)
    async def _row_selected(self, event: DataTable.RowSelected) -> None:
        event.stop()
        await self.action_open()

    @on(DataTable.RowHighlighted)
    def _row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        if self._rest is None:
            self._rest = self.set_interval(_REST, self._rested)
        else:
            self._rest.reset()
            self._rest.resume()

    def _rested(self) -> None:
        if self._rest is not None:
            self._rest.pause()
        if self.details_key is not None and self.table.cursor_key is not None:
            self.details_key = self.table.cursor_key
            self.follow_details()
        self.refresh_bindings()

    @on(Button.Pressed, ".main-action")
    async def _main_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        await self.run_action(self.main_action)

    async def on_details_panel_action_pressed(self, event: DetailsPanel.ActionPressed) -> None:
        """Do what was pressed on the panel."""
        event.stop()
        # What is pressed on the panel is for the one that the panel shows.
        self.mark_only(set())
        await self.run_action(event.action)

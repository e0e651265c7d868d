"""The screen that all tabs share: a heading with the main action, a filter, a table, a panel.

A tab declares its columns and keys, lists the rows' keys, and makes the cells of a row. Filtering,
sorting, marking, copying and the details panel are here. Listing runs in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import ClassVar, Protocol

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, DataTable, Static

from store.errors import StoreUnreadable, WorkspaceError
from tui.keys import MOVING, ROWS, bindings
from tui.tabs.details_tab import DetailsTab
from tui.text import content, visible
from tui.widgets.details_panel import DetailsPanel
from tui.widgets.filter_bar import FilterBar
from tui.widgets.record_table import Column, RecordTable

# Moving on within this time, in seconds, draws the panel and the footer once, at the end.
_REST = 0.08
_ASCENDING, _DESCENDING = " ▲", " ▼"


class Listed(Protocol):
    """What listing gives."""

    @property
    def ids(self) -> list[str]:
        """The keys of the rows that match, in order."""


class TableTab(DetailsTab):
    """A tab: subclasses say of what."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("rows", (*MOVING, *ROWS))]

    columns: ClassVar[tuple[Column, ...]]
    main_label: ClassVar[str]
    main_action: ClassVar[str]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - every Textual widget calls it so
        super().__init__(id=id)
        self.marks: set[str] = set()
        self.sort_by = self.columns[0].key
        self.descending = False
        self._shown: list[str] = []
        self._rest: Timer | None = None
        self._one_frame = ExitStack()
        self._filter: FilterBar | None = None

    # What a tab says of itself

    def list_rows(self, words: str) -> Listed:
        """The rows that hold these words, sorted. Runs in a thread."""
        raise NotImplementedError

    def prepare_filter(self) -> None:
        """Work out what the first filter will need. Runs in a thread, after the first rows."""

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of a row, one for each column."""
        raise NotImplementedError

    def heading(self) -> Content:
        """What the tab shows, and how many."""
        raise NotImplementedError

    def hint(self) -> Content:
        """What is to be said below the heading, such as why nothing can be added."""
        return Content("")

    def main_refusal(self) -> str:
        """Why the main action does not apply, or ""."""
        return ""

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """What can be copied of these rows: texts by what they are."""
        raise NotImplementedError

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        if action == "filter" and self._filter is not None and self._filter.has_focus_within:
            return "The filter is being typed."
        if action == "clear" and not (self._filter or self.marks or self.details_key):
            return "There is nothing to clear."
        if action == "open" and self.details_key is not None:
            return "The details are open."
        if action in ("open", "mark", "mark_all", "copy") and not self._shown:
            return "There is no row."
        return ""

    # Building and loading

    def compose(self) -> ComposeResult:
        """The heading with the main action, and the table; the rest comes when it is asked for."""
        with Horizontal(classes="heading"):
            yield Static(classes="heading-text")
            yield Button(Content(self.main_label), classes="main-action", compact=True)
        yield Static(classes="tab-hint")
        mark = Column("mark", "", 1)
        yield RecordTable((mark, *self.columns), classes="records")
        yield Static(classes="nothing")

    def on_mount(self) -> None:
        """Show the first rows as soon as they are listed."""
        self._show_sort()
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.table.refresh_rows())
        # The first frame is drawn with its rows.
        self._one_frame.enter_context(self.app.batch_update())
        self.reload()

    @work(exclusive=True, group="reload")
    async def reload(self) -> None:
        """List the rows anew and show them; the cursor stays on its row."""
        try:
            listed = await asyncio.to_thread(self.list_rows, self.filter_words)
        except StoreUnreadable as error:
            self.admin_app.end(error.message, 1)
            return
        self._shown = listed.ids
        self._keep_living_marks()
        self.table.show(listed.ids, self._cells_with_mark)
        self._show_emptiness()
        self._one_frame.close()
        self._show_heading()
        self.follow_details()
        try:
            await asyncio.to_thread(self.prepare_filter)
        except StoreUnreadable as error:
            self.admin_app.end(error.message, 1)

    @property
    def table(self) -> RecordTable:
        """The table."""
        return self.query_one(RecordTable)

    def focus_rows(self) -> None:
        """Put the focus into the table."""
        self.table.focus()

    @property
    def filter_words(self) -> str:
        """What the rows are filtered by."""
        return self._filter.words if self._filter is not None else ""

    def _cells_with_mark(self, key: str) -> Sequence[Text]:
        mark = Text("✓", style="bold") if key in self.marks else Text("")
        try:
            return (mark, *self.cells(key))
        except WorkspaceError:
            # Listed before it went; the next list comes without it.
            return [Text("") for _ in range(len(self.columns) + 1)]

    def _keep_living_marks(self) -> None:
        # A filter hides marked rows without unmarking them; only what is gone loses its mark.
        if self.marks and not self.filter_words:
            self.marks &= set(self._shown)

    def _show_heading(self) -> None:
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
        self.set_class(not self._shown, "-empty")
        if not self._shown:
            text = (
                f"Nothing matches “{visible(words)}”.\nEscape clears the filter." if words else ""
            )
            self.query_one(".nothing", Static).update(Content(text))
        if self._filter is not None:
            self._filter.show_count(len(self._shown) if words else None)

    def _show_sort(self) -> None:
        for column in self.columns:
            sign = (_DESCENDING if self.descending else _ASCENDING) * (column.key == self.sort_by)
            self.table.set_label(column.key, Text(column.label + sign))

    # Choosing rows

    @property
    def target_count(self) -> int:
        """How many rows an action is for."""
        return len(self.marks) or int((self.details_key or self.table.cursor_key) is not None)

    def is_for_alone(self, key: str) -> bool:
        """Whether an action is for that row and no other."""
        if self.marks:
            return self.marks == {key}
        return (self.details_key or self.table.cursor_key) == key

    def targets(self) -> list[str]:
        """The rows that an action is for: the marked ones, else the open one, else the cursor's."""
        if self.marks:
            return [key for key in self._shown if key in self.marks] + sorted(
                self.marks.difference(self._shown)
            )
        key = self.details_key or self.table.cursor_key
        return [key] if key is not None else []

    def action_mark(self) -> None:
        """Mark the row and go on to the next, or take its mark away."""
        key = self.table.cursor_key
        if key is None:
            return
        self.marks ^= {key}
        self.table.refresh_rows()
        self.table.action_cursor_down()
        self._show_heading()

    def action_mark_all(self) -> None:
        """Mark all rows shown; when they all are marked, none."""
        shown = set(self._shown)
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown
        self.table.refresh_rows()
        self._show_heading()

    def action_copy(self) -> None:
        """Ask what to copy of the row or the marked ones."""
        self.begin(self._copying())

    async def _copying(self) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        texts = await asyncio.to_thread(lambda: self.copyable(self.targets()))
        if not texts:
            self.refuse("There is nothing to copy.")
            return
        choices = [Choice(what, _summary(what, text)) for what, text in texts.items()]
        what = await self.app.push_screen_wait(ChoiceDialog("Copy", choices, again="y"))
        if what is not None:
            self.app.copy_to_clipboard(texts[what])
            self.say(f"{what} sent to your terminal's clipboard.")

    # Filtering and sorting

    async def action_filter(self) -> None:
        """Type a filter."""
        if self._filter is None:
            self._filter = FilterBar(self._filter_typed)
            await self.mount(self._filter, before=".records")
        else:
            self._filter.focus_input()

    def action_clear(self) -> None:
        """Close the panel, else clear the filter, else the marks."""
        if self.close_details():
            return
        if self._filter is not None:
            self._close_filter()
            self.reload()
        elif self.marks:
            self.marks = set()
            self.table.refresh_rows()
            self._show_heading()

    def _close_filter(self) -> None:
        if self._filter is not None:
            self._filter.remove()
            self._filter = None
        self.table.focus()

    def _filter_typed(self) -> None:
        # The key and the rows that it leaves are drawn together. Otherwise the rows, which come a
        # moment after the key, would wait for the next frame; the next list to come draws both.
        self._one_frame.close()
        self._one_frame.enter_context(self.app.batch_update())
        self.reload()

    @on(FilterBar.Entered)
    def _filter_entered(self, event: FilterBar.Entered) -> None:
        event.stop()
        if event.words:
            self.table.focus()
        else:
            self._close_filter()

    def action_sort(self) -> None:
        """Choose the column to sort by; the same one again turns the order."""
        self.begin(self._sorting())

    async def _sorting(self) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice(column.key, column.label) for column in self.columns]
        dialog = ChoiceDialog("Sort by", choices, present=self.sort_by, again="s")
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.sort_rows(chosen)

    @on(DataTable.HeaderSelected)
    def _header_clicked(self, event: DataTable.HeaderSelected) -> None:
        event.stop()
        key = event.column_key.value
        if key is not None and key != "mark":
            self.sort_rows(key)

    def sort_rows(self, column: str) -> None:
        """Sort by a column; by the present one, the other way."""
        self.descending = column == self.sort_by and not self.descending
        self.sort_by = column
        self._show_sort()
        self.reload()

    # Moving, and the panel that follows

    def action_cursor_down(self) -> None:
        """Go to the next row."""
        self.table.action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the row before."""
        self.table.action_cursor_up()

    def action_scroll_top(self) -> None:
        """Go to the first row."""
        self.table.action_scroll_top()

    def action_scroll_bottom(self) -> None:
        """Go to the last row."""
        self.table.action_scroll_bottom()

    def action_refresh(self) -> None:
        """Load what others have changed."""
        self.begin(self._refreshing())

    async def _refreshing(self) -> None:
        await self.admin_app.look_for_commits()
        self.reload()
        self.say("Up to date.")

    async def action_open(self) -> None:
        """Open the details of the row."""
        if self.table.cursor_key is not None:
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

    @on(DetailsPanel.ActionPressed)
    async def _panel_pressed(self, event: DetailsPanel.ActionPressed) -> None:
        event.stop()
        # What is pressed on the panel is for the one that the panel shows.
        self.marks = set()
        self.table.refresh_rows()
        self._show_heading()
        await self.run_action(event.action)


def _summary(what: str, text: str) -> str:
    first, *more = text.splitlines() or [""]
    return f"{what}: {first}" + (f" … {len(more) + 1:,} in all" if more else "")

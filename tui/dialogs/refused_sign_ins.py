"""All sign-ins that were refused: who, from where, how often and why."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from store.errors import WorkspaceError
from tui.dates import ago, day_and_time, narrow
from tui.dialogs.table_dialog import TableDialog
from tui.key_queue import BESIDE
from tui.refused_lines import RefusedLine, RefusedSheet
from tui.sign_in_words import meaning, times
from tui.text import SHORT_ID_CELLS, cell, content, short_id, shortened, visible
from tui.widgets.record_table import Column, RecordTable

# In seconds.
_BETWEEN_LOOKS = 0.5
# A minute of a time as the store writes it.
_TO_THE_MINUTE = 16
# Of the line at the cursor; they fit side by side on a narrow terminal.
_CALLED_CELLS, _LABEL_CELLS, _ADDRESS_CELLS = 28, 14, 40


class RefusedSignIns(TableDialog[RefusedLine]):
    """A table of refused sign-ins, newest first; those that come meanwhile are shown.

    Args:
        sheet: Those that there are.
        load: Gives all that there are then.
        version: Tells by another value that there may be news.
        now: Tells the time.
    """

    BINDINGS: ClassVar[list[BindingType]] = []

    columns = (
        Column("when", "WHEN", 12),
        Column("key", "KEY", SHORT_ID_CELLS),
        Column("member", "MEMBER", 8, flex=2),
        Column("from", "FROM", 13, flex=1),
        Column("times", "TIMES", 5),
        Column("why", "WHY", 15, flex=4),
    )

    def __init__(
        self,
        sheet: RefusedSheet,
        *,
        load: Callable[[], Awaitable[RefusedSheet]],
        version: Callable[[], object],
        now: Callable[[], str],
    ) -> None:
        super().__init__("Refused sign-ins", "Filter by member, key, address, or why")
        self._sheet = sheet
        self._load = load
        self._version = version
        self._now = now
        # None before the first look, which follows at once: for what came since they were read.
        self._shown_version: object = None
        self._shown_at = now()
        self._is_looking = False

    def lines(self) -> Sequence[RefusedLine]:
        """All that is known, newest first."""
        return self._sheet.lines

    def head(self) -> Content:
        """How many there were, and of which how many anybody can bring about."""
        sheet = self._sheet
        if not sheet.lines:
            return Content("No sign-in was refused.")
        text = Content(f"Refused {times(sheet.count)}")
        if sheet.unknown:
            text += Content(f", {times(sheet.unknown)} with an unknown key")
        return text + Content.styled(" · newest first", "$text-muted")

    def cells(self, line: RefusedLine) -> Sequence[Text]:
        """When it was last, with which key of whom, from where, how often, and why."""
        one = line.row.sign_ins
        return (
            Text(narrow(ago(one.last_at, self._now()))),
            cell(short_id(line.shown_key)),
            cell(line.row.called),
            cell(one.address),
            Text(f"{one.count:>5,}"),
            cell(line.why),
        )

    def told(self, line: RefusedLine) -> Content:
        """Whose key it was, why it was refused and what that means, from where, and when."""
        row, one = line.row, line.row.sign_ins
        place = f" from {shortened(one.address, _ADDRESS_CELLS)}" if one.address else ""
        when = day_and_time(one.last_at)
        if one.count > 1:
            when = f"first {day_and_time(one.first_at)}, last {when}"
        return Content("\n").join(
            [
                _whose(line),
                content(f"{line.why[:1].upper()}{line.why[1:]}. {meaning(row.grounds)}"),
                content(f"Refused {times(one.count)}{place}: {when}."),
            ]
        )

    def nothing_there(self) -> str:
        """What is said where nobody was refused."""
        return "Whoever is refused by the endpoint will be here a moment later."

    async def copied(self, lines: Sequence[RefusedLine]) -> str:
        """A heading, and a line for each with tabs between its parts."""
        return await asyncio.to_thread(_as_text, lines)

    def show_lines(self, lines: dict[str, RefusedLine]) -> None:
        """Show them; whoever looks at the newest sees what comes."""
        table = self.query_one(RecordTable)
        is_at_top = table.cursor_row == 0
        super().show_lines(lines)
        if is_at_top:
            table.action_scroll_top()

    # News

    def on_mount(self) -> None:
        """Look for news from now on."""
        self._look()
        self.set_interval(_BETWEEN_LOOKS, self._look)

    def _look(self) -> None:
        if self._version() != self._shown_version and not self._is_looking:
            self._is_looking = True
            self._take_in_news()
        if self._now()[:_TO_THE_MINUTE] != self._shown_at[:_TO_THE_MINUTE]:
            self._shown_at = self._now()
            self.query_one(RecordTable).refresh_rows()

    @work(group=BESIDE)
    async def _take_in_news(self) -> None:
        # Before they are loaded: what comes meanwhile is news again.
        version = self._version()
        try:
            self._sheet = await self._load()
        except WorkspaceError as error:
            self.show_problem(error.message)
        else:
            self.show_problem("")
            self.query_one(".access-head", Static).update(self.head())
            self.list_lines()
        finally:
            self._shown_version = version
            self._is_looking = False


def _whose(line: RefusedLine) -> Content:
    key = visible(line.shown_key)
    if not line.row.member:
        return Content.styled(key, "bold")
    return Content.assemble(
        (shortened(line.row.called, _CALLED_CELLS), "bold"),
        f"  {key}",
        (f"  {shortened(line.row.label, _LABEL_CELLS)}", "$text-muted"),
    )


def _as_text(lines: Sequence[RefusedLine]) -> str:
    rows = [
        (
            day_and_time(line.row.sign_ins.last_at),
            day_and_time(line.row.sign_ins.first_at),
            line.shown_key,
            line.row.called,
            line.row.label,
            line.row.sign_ins.address,
            str(line.row.sign_ins.count),
            line.why,
        )
        for line in lines
    ]
    heading = ("LAST", "FIRST", "KEY", "MEMBER", "LABEL", "FROM", "TIMES", "WHY")
    return "\n".join("\t".join(map(visible, row)) for row in (heading, *rows))

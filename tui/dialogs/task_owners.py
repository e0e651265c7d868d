"""The members whose tasks a service account may run, each with what their tasks can reach."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import DataTable

from store.alphabet import plain
from tui.dialogs.table_dialog import TableDialog
from tui.text import cell, content, shortened, visible
from tui.widgets.record_table import Column, RecordTable

_CALLED_CELLS = 60


@dataclass(frozen=True)
class OwnerLine:
    """A member who may own tasks.

    Attributes:
        key: The id.
        name: What the member is called.
        beside: What tells the member from others of the name.
        is_suspended: Whether nothing is run for the member meanwhile.
    """

    key: str
    name: str
    beside: str
    is_suspended: bool

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the folded words is found in it."""
        haystack = plain(f"{self.name}\n{self.beside}")
        return all(word in haystack for word in words)


class TaskOwners(TableDialog[OwnerLine]):
    """A table of owners; enter shows what a task of one can reach.

    Args:
        called: What the service account is called.
        lines: The owners.
        show: Shows what the tasks of one can reach.
    """

    BINDINGS: ClassVar[list[BindingType]] = []

    columns = (
        Column("owner", "OWNER", 16, flex=3),
        Column("beside", "", 16, flex=3),
        Column("note", "", 26),
    )

    def __init__(
        self, called: str, lines: Sequence[OwnerLine], *, show: Callable[[str], Awaitable[object]]
    ) -> None:
        title = f"Whose tasks {shortened(called, _CALLED_CELLS)} runs"
        super().__init__(title, "Filter by name or email")
        self._lines = lines
        self._show = show

    def lines(self) -> Sequence[OwnerLine]:
        """The owners."""
        return self._lines

    def head(self) -> Content:
        """Who may be an owner."""
        return Content.assemble(
            "Everybody who is not suspended:",
            (" enter shows what their tasks can reach", "$text-muted"),
        )

    def cells(self, line: OwnerLine) -> Sequence[Text]:
        """The owner, and whether anything is run for them."""
        return cell(line.name), cell(line.beside, "dim"), Text(_note(line), style="dim")

    def told(self, line: OwnerLine) -> Content:
        """The owner in full."""
        name = content(line.name).stylize("bold")
        return Content.assemble(name, content(f" {line.beside}".rstrip()), "\n", _note(line))

    def nothing_there(self) -> str:
        """What is said where there is nobody."""
        return "There is nobody to own a task."

    async def copied(self, lines: Sequence[OwnerLine]) -> str:
        """A line for each with tabs between its parts."""
        return await asyncio.to_thread(_as_text, lines)

    @on(DataTable.RowSelected)
    @work(group="show")
    async def _chosen(self) -> None:
        key = self.query_one(RecordTable).cursor_key
        if key is not None and not self.is_busy:
            await self.attempt(self._show(key))


def _note(line: OwnerLine) -> str:
    return "suspended: nothing is run" if line.is_suspended else ""


def _as_text(lines: Sequence[OwnerLine]) -> str:
    rows = ((line.name, line.beside, _note(line)) for line in lines)
    return "\n".join("\t".join(map(visible, row)) for row in rows)

"""The whole of lists of which a confirmation says the beginning."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.content import Content

from tui.dialogs.table_dialog import TableDialog
from tui.text import cell, content, visible
from tui.whole_lists import WholeLine
from tui.widgets.record_table import Column

_TITLE = "Every name"


class WholeLists(TableDialog[WholeLine]):
    """A table of all that is in some lists, each with what its list is.

    Args:
        lines: What is in them, as `tui.whole_lists.lines_of` gives it.
    """

    BINDINGS: ClassVar[list[BindingType]] = []

    columns = (
        Column("name", "NAME", 16, flex=3),
        Column("kind", "", 15, flex=1),
        Column("list", "WHAT", 16, flex=3),
    )

    def __init__(self, lines: Sequence[WholeLine]) -> None:
        super().__init__(_TITLE, "Filter by name, service account, or what is said of it")
        self._lines = lines

    def lines(self) -> Sequence[WholeLine]:
        """All of all lists."""
        return self._lines

    def head(self) -> Content:
        """How many there are."""
        count = len(self._lines)
        return Content.styled("1 name" if count == 1 else f"{count:,} names", "$text-muted")

    def cells(self, line: WholeLine) -> Sequence[Text]:
        """The name, what it is, and what its list is."""
        return cell(line.entry.name), cell(line.entry.kind, "dim"), cell(line.whole.title)

    def told(self, line: WholeLine) -> Content:
        """The same in full."""
        name = content(line.entry.name).stylize("bold")
        return Content.assemble(
            name, content(f" {line.entry.kind}"), "\n", content(line.whole.title)
        )

    def nothing_there(self) -> str:
        """What is said of lists in which there is nothing."""
        return "There is nothing in them."

    async def copied(self, lines: Sequence[WholeLine]) -> str:
        """A line for each with tabs between its parts."""
        return await asyncio.to_thread(_as_text, lines)


def _as_text(lines: Sequence[WholeLine]) -> str:
    rows = ((line.entry.name, line.entry.kind, line.whole.title) for line in lines)
    return "\n".join("\t".join(map(visible, row)) for row in rows)

"""How one line of a text looks: which characters stand for it, and in which cells."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

from rich.cells import cell_len

from tui.text import visible


class ShownLine:
    """A line as it is drawn; it has a character for each of the line's own.

    Args:
        line: The line, without its end.
        tab_width: How far apart the tab stops are, in cells.
    """

    def __init__(self, line: str, tab_width: int) -> None:
        self.line = line
        self._tab_width = tab_width
        # In plain text a character is a cell, and nothing has to be counted.
        self.is_plain = line.isascii() and line.isprintable()
        self._offsets = [] if self.is_plain else list(self._count())

    @property
    def width(self) -> int:
        """How many cells it takes."""
        return len(self.line) if self.is_plain else self._offsets[-1]

    def cell_of(self, column: int) -> int:
        """The first cell of the character in a column, which may be the end of the line."""
        if self.is_plain:
            return column
        return self._offsets[min(column, len(self.line))]

    def column_at(self, cell: int) -> int:
        """The column of the character that is seen in a cell; beyond the end, the end."""
        cell = max(0, cell)
        if self.is_plain:
            return min(cell, len(self.line))
        return min(bisect_right(self._offsets, cell) - 1, len(self.line))

    def text(self, start: int, end: int) -> str:
        """What is drawn for these columns, with blanks for a tab."""
        part = self.line[start:end]
        if self.is_plain:
            return part
        if "\t" not in part:
            # One by one, as they were measured: in a text to edit, each joiner is seen.
            return "".join(map(visible, part))
        return "".join(
            " " * (self._offsets[column + 1] - self._offsets[column])
            if character == "\t"
            else visible(character)
            for column, character in enumerate(part, start)
        )

    def _count(self) -> accumulate[int]:
        width = self._tab_width

        def after(cell: int, character: str) -> int:
            if character == "\t":
                return cell + width - cell % width
            return cell + _cells_of(character)

        return accumulate(self.line, after, initial=0)


@lru_cache(4096)
def _cells_of(character: str) -> int:
    return cell_len(visible(character))

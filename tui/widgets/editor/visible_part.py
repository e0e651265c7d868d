"""What of a line is in sight, and in which styles."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from tui.widgets.editor.shown_line import ShownLine


class VisiblePart:
    """The part of a line between two edges. A blank for the cursor stands at the line's end.

    Args:
        shown: The line.
        left: The first cell in sight.
        width: How many cells are in sight.
    """

    def __init__(self, shown: ShownLine, left: int, width: int) -> None:
        self._shown = shown
        length = len(shown.line)
        start = shown.column_at(left)
        # A wide character that is cut by the edge is not drawn.
        while start < length and shown.cell_of(start) < left:
            start += 1
        self.start = start
        self.end = min(length, shown.column_at(left + width) + 1)
        self._has_tabs = "\t" in shown.line[start : self.end]
        self._blanks = max(0, shown.cell_of(start) - left)
        # Nothing of a line is in sight that ends before the edge.
        is_past = shown.cell_of(length) < left
        last = " " if self.end == length and not is_past else ""
        self.text = Text(
            " " * self._blanks + shown.text(start, self.end) + last, end="", no_wrap=True
        )

    def paint(self, style: Style | None, start: int = 0, end: int | None = None) -> None:
        """Draw columns in a style, besides those that they have.

        Args:
            style: The style; None for no other.
            start: The first column, which may be out of sight.
            end: The column after the last one; None for all.
        """
        if style is None:
            return
        if end is None:
            self.text.stylize(style)
        elif end > self.start and start <= self.end:
            self.text.stylize(style, self._place(start), self._place(end))

    def _place(self, column: int) -> int:
        column = max(column, self.start)
        if not self._has_tabs or column <= self.start:
            return self._blanks + column - self.start
        beyond = max(0, column - self.end)
        return self._blanks + len(self._shown.text(self.start, column - beyond)) + beyond

"""A text line by line, kept as it was typed, whose size is known without looking at all of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from textual.document._document import Document, EditResult, Location
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Offset, Size

from tui.widgets.editor.shown_line import ShownLine

# The first line that was replaced, the last one, and the last one of what is there instead.
Replaced = Callable[[int, int, int], None]

# What is on the screen, and what the cursor passes on its way; of long lines, few.
_LINES_KEPT = 512
_LONG_LINES_KEPT = 2
_LONG = 4096


class TypedDocument(Document):
    """A text whose lines end at line ends only.

    Textual's own also parts lines at form feeds, separators and the like, which it loses, and makes
    all line ends alike. Here a carriage return that is no part of a line end is a character.

    Args:
        text: The text.
        replaced: Is told of every change.
    """

    def __init__(self, text: str, replaced: Replaced | None = None) -> None:
        ends = text.count("\r\n")
        is_dos = ends > 0 and ends == text.count("\n") == text.count("\r")
        self._newline = "\r\n" if is_dos else "\n"
        self._lines = text.split(self._newline)
        self._replaced = replaced
        self._text: str | None = text
        self._widths: list[int] = []
        self._tab_width = 0

    @property
    def text(self) -> str:
        """The whole text."""
        # It is asked for at each line that is drawn.
        if self._text is None:
            self._text = self._newline.join(self._lines)
        return self._text

    def get_size(self, tab_width: int) -> Size:
        """The cells of the longest line, and the number of lines."""
        if tab_width != self._tab_width:
            self._tab_width = tab_width
            self._widths = self._widths_of(self._lines)
        return Size(max(self._widths), len(self._lines))

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Put a text in the place of what is between two places."""
        top, bottom = sorted((start, end))
        replaced = self.get_text_range(top, bottom)
        lines = self._lines
        before = lines[top[0]][: top[1]] if top[0] < len(lines) else ""
        after = lines[bottom[0]][bottom[1] :] if bottom[0] < len(lines) else ""
        inserted = self._split(text)
        inserted[0] = before + inserted[0]
        result = EditResult((top[0] + len(inserted) - 1, len(inserted[-1])), replaced)
        inserted[-1] += after
        lines[top[0] : bottom[0] + 1] = inserted
        self._note_change(top[0], bottom[0], inserted)
        return result

    def _split(self, text: str) -> list[str]:
        return (text.replace("\r\n", "\n") if self._newline == "\r\n" else text).split("\n")

    def _note_change(self, first: int, last: int, inserted: list[str]) -> None:
        self._text = None
        if self._tab_width:
            self._widths[first : last + 1] = self._widths_of(inserted)
        if self._replaced is not None:
            self._replaced(first, last, first + len(inserted) - 1)

    def _widths_of(self, lines: list[str]) -> list[int]:
        tab_width = self._tab_width
        return [
            len(line) if line.isascii() and line.isprintable() else ShownLine(line, tab_width).width
            for line in lines
        ]


class UnwrappedDocument(WrappedDocument):
    """A document none of whose lines is wrapped, so that a line's number is its place.

    Textual's own holds lists over all lines and adds them up at each line that is drawn.
    """

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Take another width of tabs; there is nothing to wrap."""
        self._width = 0
        if tab_width:
            self._tab_width = tab_width
        shown = partial(ShownLine, tab_width=self._tab_width)
        self._shown = lru_cache(_LINES_KEPT)(shown)
        self._shown_long = lru_cache(_LONG_LINES_KEPT)(shown)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Do nothing, for nothing is wrapped."""

    @property
    def height(self) -> int:
        """The number of lines."""
        return self.document.line_count

    def shown_line(self, index: int) -> ShownLine:
        """How a line looks."""
        line = self.document[index]
        return self._shown(line) if len(line) < _LONG else self._shown_long(line)

    def offset_to_location(self, offset: Offset) -> Location:
        """The place in the text that is seen at an offset, or the nearest one."""
        index = min(max(0, offset.y), self.document.line_count - 1)
        return index, self.shown_line(index).column_at(offset.x)

    def location_to_offset(self, location: Location) -> Offset:
        """The cell at which a place in the text is seen."""
        index = min(max(0, location[0]), self.document.line_count - 1)
        return Offset(self.shown_line(index).cell_of(location[1]), index)

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """The column that is seen in a cell of a line."""
        return self.shown_line(line_index).column_at(x_offset)

    def get_sections(self, line_index: int) -> list[str]:
        """The line, in one piece."""
        return [self.document[line_index]]

    def get_offsets(self, line_index: int) -> list[int]:
        """Where the line is wrapped: nowhere."""
        return []

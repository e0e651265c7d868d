"""Drawing the cells of a table's row without Rich's general machinery.

The stock table sends each cell through padding, wrapping and cropping made for paragraphs: a third
of a millisecond a row, so that filtering a full screen takes a dozen. A cell here is one line.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text


def one_line(text: Text) -> Text:
    """Return a copy that is cut with an ellipsis at the edge of its cell and never wraps."""
    first, newline, _ = text.plain.partition("\n")
    line = text[: len(first)].append("…") if newline else text.copy()
    line.no_wrap = True
    line.overflow = "ellipsis"
    line.end = ""
    return line


def draw_cell(
    text: Text, width: int, padding: int, console: Console, before: Style, after: Style
) -> list[Segment]:
    """The segments of one cell.

    Args:
        text: What it says, on one line; it is cut to the width.
        width: The width without padding, in cells.
        padding: How many blanks are on either side.
        console: What knows the names of styles.
        before: The style beneath the text's own.
        after: The style above it.
    """
    blank = before + after if after else before
    if text.cell_len > width:
        text = text.copy()
        text.truncate(width, overflow="ellipsis")
    drawn = [_restyled(segment, before, after) for segment in _segments(text, console)]
    left = width - text.cell_len + padding
    return [Segment(" " * padding, blank), *drawn, Segment(" " * left, blank)]


def _segments(text: Text, console: Console) -> Iterable[Segment]:
    if text.spans:
        return text.render(console)
    return (Segment(text.plain, console.get_style(text.style)),)


def _restyled(segment: Segment, before: Style, after: Style) -> Segment:
    style = before + segment.style if segment.style else before
    return Segment(segment.text, style + after if after else style)

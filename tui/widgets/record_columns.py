"""The columns of a table as its screen declares them, how wide they become, and its scrollbar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from textual.scrollbar import ScrollBar


@dataclass(frozen=True)
class Column:
    """A column as its screen declares it; ``flex`` is its share of the width that is left."""

    key: str
    label: str
    width: int
    flex: int = 0


def widths(columns: Sequence[Column], left: int, padding: int) -> list[int]:
    """How wide each column becomes, without its padding, so that they fill the room together.

    Args:
        columns: The columns as declared.
        left: The room beside their declared widths; negative where these do not fit.
        padding: How many blanks are on either side of a cell.
    """
    fitting = list(columns)
    # What does not fit stays beyond the edge, whole, and what is before it fills the room.
    while left < 0 and len(fitting) > 1:
        left += fitting.pop().width + 2 * padding
    flexes = [column.flex for column in fitting] + [0] * (len(columns) - len(fitting))
    shares = _shares(max(0, left), flexes)
    return [column.width + share for column, share in zip(columns, shares, strict=True)]


def _shares(width: int, flexes: Sequence[int]) -> Iterator[int]:
    """Split a width in proportion to the flexes, so that the parts add up to it exactly."""
    total, seen = max(1, sum(flexes)), 0
    for flex in flexes:
        start = width * seen // total
        seen += flex
        yield width * seen // total - start


def thumb_of(bar: ScrollBar) -> tuple[float, ...]:
    """What a vertical scrollbar is drawn by, as far as it can be seen."""
    size, window, whole = bar.size.height, bar.window_size, bar.window_virtual_size
    if not size or window >= whole:
        return size, 0, 0
    thumb = max(1, window * size / whole)
    start = int((size - thumb) * bar.position / (whole - window) * 8)
    return size, start, start + ceil(thumb * 8)

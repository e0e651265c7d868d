"""Where words stand in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from textual.document._document import Location

# So many are counted; the places of one letter in a huge text would fill the memory.
MOST_PLACES = 100_000

Place = tuple[Location, Location]


def places_of(
    pattern: re.Pattern[str] | None, lines: Sequence[str], *, is_wanted: Callable[[], bool]
) -> list[Place]:
    """Where a pattern begins and ends, in the order of the text; no more than `MOST_PLACES`.

    Args:
        pattern: What is sought, or None for nothing.
        lines: The text.
        is_wanted: Asked at each line; where the answer is no, what was found so far is given.
    """
    if pattern is None:
        return []
    return list(islice(_places(pattern, lines, is_wanted), MOST_PLACES))


def _places(
    pattern: re.Pattern[str], lines: Sequence[str], is_wanted: Callable[[], bool]
) -> Iterator[Place]:
    for row, line in enumerate(lines):
        if not is_wanted():
            return
        for match in pattern.finditer(line):
            yield (row, match.start()), (row, match.end())

"""Where words stand in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from textual.document._document import Location

from store.errors import InvalidInput

# So many are counted; the places of one letter in a huge text would fill the memory.
MOST_PLACES = 100_000

# A text in which so many characters come of replacing is none that a vault can have.
MOST_CHARACTERS = 2_000_000

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


def replaced_in(
    pattern: re.Pattern[str], words: str, lines: Sequence[str], *, is_wanted: Callable[[], bool]
) -> tuple[list[str], int]:
    """The text with words in the place of all that has a pattern, and how often that was.

    Args:
        pattern: What is sought.
        words: What is put there instead, as it is.
        lines: The text.
        is_wanted: Asked at each line; where the answer is no, what there is so far is given.

    Raises:
        InvalidInput: The text would become too long.
    """
    replaced, count, length = [], 0, 0
    for line in lines:
        if not is_wanted():
            break
        found = [match.span() for match in pattern.finditer(line)]
        count += len(found)
        gone = sum(end - start for start, end in found)
        length += len(line) + len(found) * len(words) - gone + 1
        if found and length > MOST_CHARACTERS:
            raise InvalidInput(
                f"Replacing all would make more than {MOST_CHARACTERS:,} characters of it. "
                "Nothing was replaced."
            )
        replaced.append(pattern.sub(lambda _match: words, line) if found else line)
    return replaced, count

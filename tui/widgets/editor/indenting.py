"""How far a new line is indented, and where a bracket that closes goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from store.vaults.formats import Format
from tui.widgets.highlighting import State, tokens_of

CLOSING = frozenset("}]")

_OPENING = frozenset("{[")
_TEXT_FOLLOWS = frozenset("|>")
_LEVEL = "  "
_WIDEST_LEVEL = 8
# So many lines are looked at, however long the text is.
_REACH = 200
_DASHES = re.compile(r"(?:[-?] +)+")

LineAt = Callable[[int], str]


def blanks_before(line: str) -> str:
    """The blanks and tabs that a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def level_of(line_at: LineAt, count: int) -> str:
    """How wide a level is in a text: as wide as in its first line that has one.

    Args:
        line_at: Gives a line by its number, from 0.
        count: How many lines there are.
    """
    for row in range(min(count, _REACH)):
        line = line_at(row)
        if (blanks := blanks_before(line)) and len(blanks) < len(line):
            if blanks[0] == "\t":
                return "\t"
            return blanks if len(blanks) in range(2, _WIDEST_LEVEL + 1) else _LEVEL
    return _LEVEL


def indentation_below(head: str, rest: str, text_format: Format, state: State, level: str) -> str:
    """The indentation of what is put below a line.

    Args:
        head: The line, up to where it is broken.
        rest: What goes to the new line.
        text_format: The format of the text.
        state: What is open at the beginning of the line.
        level: How wide a level is.
    """
    blanks = blanks_before(head)
    if rest.lstrip()[:1] in CLOSING or not opens_below(head, text_format, state):
        return blanks
    # What belongs to the key of an item stands further in than the key, not than the dash.
    dashes = _DASHES.match(head, len(blanks)) if text_format == "yaml" else None
    return blanks + " " * (len(dashes[0]) if dashes else 0) + level


def indentation_of_closing(
    row: int, blanks: str, line_at: LineAt, opens: Callable[[int], bool], level: str
) -> str:
    """The indentation of a bracket that closes: one level less, but no less than what is above.

    Args:
        row: The line, from 0.
        blanks: Its indentation until now.
        line_at: Gives a line by its number, from 0.
        opens: Says whether a line opens what is below it.
        level: How wide a level is.
    """
    above = range(row - 1, max(-1, row - 1 - _REACH), -1)
    nearest = next((other for other in above if line_at(other).strip()), None)
    if nearest is None or not blanks.endswith(level):
        return blanks
    least = len(blanks_before(line_at(nearest))) - (0 if opens(nearest) else len(level))
    return blanks[: -len(level)] if len(blanks) > least else blanks


def opens_below(line: str, text_format: Format, state: State) -> bool:
    """Whether a line opens what is below it: with a bracket, or with a colon in YAML.

    Args:
        line: The line.
        text_format: The format of the text.
        state: What is open at its beginning.
    """
    tokens: Sequence[tuple[int, int, str]] = tokens_of(line, text_format, state)
    for start, _, kind in tokens:
        if kind == "comment":
            line = line[:start]
            break
    line = line.rstrip()
    for start, end, kind in tokens:
        # Brackets in strings and in comments open nothing.
        if end == len(line) and kind == "mark":
            return line[start:end] in _OPENING or (text_format == "yaml" and line[start] == ":")
        if end == len(line) and kind == "reference" and text_format == "yaml":
            return line[start] in _TEXT_FOLLOWS
    return False

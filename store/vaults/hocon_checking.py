"""What is wrong with HOCON, at the places where it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from store.parsing.apart import Limits
from store.parsing.hocon import HoconError, ParsedHocon, parse_hocon
from store.parsing.nodes import NotReadable
from store.vaults.hocon_traps import cause, period_at_end, traps, value_lost_above
from store.vaults.outline import PART, Outline, outline
from store.vaults.problems import Path, Problem
from store.vaults.substitutions import left_open, needs_more, problems_elsewhere
from store.vaults.trees import NULL_IN_LISTS, TOO_LARGE, key_problem, section_problem

# As in JSON and YAML: a whole number has no more digits than that, any other only has to be finite.
_TOO_LARGE = 10**300

_LONG_TEXT = re.compile(r'"""(?:.*?"""+|.*)', re.DOTALL)
_NAME = r"""(?:"[^"\n]*"|'[^'\n]*'|[\w./-]+(?:[ \t]+[\w./-]+)*)"""
_NAME_ALONE = re.compile(rf"[ \t]*{_NAME}[ \t]*:[ \t]*(?:(?:#|//).*)?")
_OF_YAML = re.compile(rf"[ \t]*(?:- .*|-|{_NAME}[ \t]*:(?:\s.*)?)")
# In braces, a line such as `- a: 1` gives a value to a key that begins with a dash.
_ITEM = re.compile(rf"[ \t]*- +{_NAME}[ \t]*:(?:\s.*)?")
_PASSED_OVER = re.compile(r'"(?:[^"\\]|\\.)*"?|(?:#|(?<!:)//).*|[\[\]]')


# Of texts what was read of them, or why they cannot be read.
Known = Mapping[str, ParsedHocon | HoconError]


@dataclass(frozen=True)
class FoundInHocon:
    """What was found.

    Attributes:
        parsed: What the text holds.
        problems: Errors and warnings.
        included: For each include the path of the object that it is in, and what it includes.
        comments: How many comments there are.
        unresolved: The paths of what hangs on where a client runs, with all that is below them.
        needs_more: Whether some clients skip it, for what they have around them, or have not.
    """

    parsed: ParsedHocon
    problems: tuple[Problem, ...]
    included: tuple[tuple[Path, str], ...]
    comments: int
    unresolved: frozenset[Path] = frozenset()
    needs_more: bool = False


def problems_of_hocon(text: str, limits: Limits, known: Known) -> FoundInHocon:
    """Read a text, and look through what it holds.

    Args:
        text: The text, which can be written as UTF-8.
        limits: How much it may ask for.
        known: What was read already.

    Raises:
        NotReadable: It is no HOCON that clients could read.
    """
    line = _line_of_yaml(text)
    if line:
        raise NotReadable(
            "This is YAML, of which clients would make something else without a word. Choose YAML "
            "as its format, or put what belongs together in braces.",
            line,
        )
    try:
        parsed = _parsed(text, limits, known)
    except HoconError as error:
        raise NotReadable(
            _why(text, error),
            error.line or 1,
            error.column or 1,
            is_unknown=error.is_unknown,
            may_pass=error.may_pass,
        ) from error
    written = outline(text)
    places = {(one.line, one.column): one.path for one in written.included}
    return FoundInHocon(
        parsed,
        (*_problems(parsed, written), *traps(text, written)),
        tuple((places.get((one.line, one.column), ()), one.what) for one in parsed.includes),
        written.comments,
        left_open(parsed, written) | _periods(text, written),
        needs_more(parsed),
    )


def _periods(text: str, written: Outline) -> set[Path]:
    """The path of what is a text here, and no text to clients."""
    at = period_at_end(text)
    return {one.path for one in written.written if at is not None and one.start <= at < one.end}


def _parsed(text: str, limits: Limits, known: Known) -> ParsedHocon:
    found = known.get(text) or parse_hocon(text, limits)
    if isinstance(found, HoconError):
        raise found
    return found


def _line_of_yaml(text: str) -> int | None:
    """The line at which a text is block YAML, whatever HOCON it may be by chance."""
    # A long text may hold whatever it likes.
    text = _LONG_TEXT.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)
    alone: int | None = None
    in_lists = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith(("#", "//")):
            continue
        if alone is not None and _OF_YAML.fullmatch(line.rstrip("\r")):
            return alone
        if in_lists == 0 and _ITEM.fullmatch(line.rstrip("\r")):
            return number
        marks = [found[0] for found in _PASSED_OVER.finditer(line)]
        in_lists = max(0, in_lists + marks.count("[") - marks.count("]"))
        alone = number if _NAME_ALONE.fullmatch(line.rstrip("\r")) else None
    return None


def _why(text: str, error: HoconError) -> str:
    if error.kind not in ("syntax", "mixture") or not error.line or not error.column:
        return error.reason
    why = value_lost_above(text, error.line)
    if not why and error.kind == "syntax":
        why = cause(text, error.line, error.column)
    return why or error.reason


def _problems(parsed: ParsedHocon, written: Outline) -> Iterator[Problem]:
    yield from problems_elsewhere(parsed, written)
    for key in written.keys:
        wrong = next(filter(None, map(key_problem, _parts(key.written))), None)
        if wrong:
            yield Problem(key.line, key.column, wrong)
    places = _places(written)
    for path in _sections(parsed.tree):
        is_object: bool | None = isinstance(_value_at(parsed.tree, path), dict)
        if path in parsed.unresolved and (is_object or written.included):
            is_object = None
        found = section_problem(path, is_object)
        if found:
            yield Problem(*places.get(path, (1, 1)), *found)
    for path, message in _unreadable(parsed.tree, (), 0):
        yield Problem(*places.get(path, (1, 1)), message)


def _parts(written: str) -> list[str]:
    return [part.strip('"') for part in PART.findall(written)]


def _sections(tree: dict[str, Any]) -> Iterator[Path]:
    for name, value in tree.items():
        yield (name,)
        if isinstance(value, dict):
            yield from ((name, inner) for inner in value)


def _value_at(tree: dict[str, Any], path: Path) -> Any:
    value: Any = tree
    for name in path:
        value = value[name]
    return value


def _unreadable(value: Any, path: Path, lists: int) -> Iterator[tuple[Path, str]]:
    """The values that clients cannot read, though the parser can."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _unreadable(inner, (*path, name), 0)
    elif isinstance(value, list):
        for item in value:
            yield from _unreadable(item, path, lists + 1)
    elif value is None and lists > 1:
        yield path, NULL_IN_LISTS
    elif _is_too_large(value):
        yield path, TOO_LARGE


def _is_too_large(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and abs(value) >= _TOO_LARGE


def _places(written: Outline) -> dict[Path, tuple[int, int]]:
    """Where each path was written last, or else the first below it."""
    places: dict[Path, tuple[int, int]] = {}
    for key in written.keys:
        for length in range(1, len(key.path)):
            places.setdefault(key.path[:length], (key.line, key.column))
        if not key.is_in_list:
            places[key.path] = key.line, key.column
    return places

"""HOCON that people paste: read apart, within limits, with nothing followed or looked up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store.errors import InvalidInput
from store.parsing.apart import GivenUp, Limits, run_apart

USUAL_LIMITS = Limits()

_SCRIPT = Path(__file__).with_name("hocon_child.py")
_BYTE_ORDER_MARK = "\ufeff"


class HoconError(InvalidInput):
    """The text is refused. Never holds any of the text, which may be secret.

    Args:
        message: A finished sentence or two.
        line: The line that it is about, from 1, where that is known.
        column: The column, from 1.
        is_unknown: Whether reading it was given up, so that it may well be readable.
        may_pass: Whether the same text may well be read another time.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        is_unknown: bool = False,
        may_pass: bool = False,
    ) -> None:
        super().__init__(message, field="text")
        self.is_unknown = is_unknown
        self.may_pass = may_pass
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Include:
    """An include that was not followed.

    Attributes:
        what: What would be included, such as `file /etc/base.conf` or `base.conf`.
        line: The line that it is in, from 1.
        column: The column, from 1.
    """

    what: str
    line: int
    column: int


@dataclass(frozen=True)
class Substitution:
    """A `${name}` that was not resolved.

    Attributes:
        name: The path or environment variable that it names.
        is_optional: Whether it is written `${?name}`.
        line: The line that it is in, from 1.
        column: The column, from 1.
        path: The keys on the way to the value that it is in, outermost first.
    """

    name: str
    is_optional: bool
    line: int
    column: int
    path: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class ParsedHocon:
    """What a text holds.

    Attributes:
        tree: Objects, lists, texts, numbers, true and false, and None. A substitution is its own
            text, such as `${HOME}/x`; where it is joined to an object or list, that alone is here.
        includes: The includes, in order; of what they would bring, nothing is in the tree.
        substitutions: The substitutions, in order.
        unresolved: Of each value in which there is one, the keys on the way to it, outermost first;
            those of a list lead to the list.
    """

    tree: dict[str, Any]
    includes: tuple[Include, ...]
    substitutions: tuple[Substitution, ...]
    unresolved: frozenset[tuple[str, ...]] = frozenset()


def parse_hocon(text: str, limits: Limits = USUAL_LIMITS) -> ParsedHocon:
    """Read a text as ClearML's clients would, but for what they would fetch from elsewhere.

    Args:
        text: The text, which may be anything.
        limits: How much it may ask for.

    Raises:
        HoconError: It is too large, too deep, too much work, or is no HOCON; where known, it
            names the line and column.
        Stopped: Nobody waits for it any more.
    """
    _check_text(text, limits)
    return _parsed(_answer(text, limits), limits)


def parse_hocon_together(
    texts: Sequence[str], limits: Limits = USUAL_LIMITS
) -> dict[str, ParsedHocon | HoconError]:
    """Read several texts in one process, for most of the time goes into starting it.

    Args:
        texts: The texts, which may be anything.
        limits: How much each of them may ask for; the work is that of all.

    Returns:
        What `parse_hocon` gives or raises for them; nothing of those that cannot be read beside
        others, of which one may keep all from being read.
    """
    found: dict[str, ParsedHocon | HoconError] = {}
    good = []
    for text in texts:
        try:
            _check_text(text, limits)
            good.append(text)
        except HoconError as error:
            found[text] = error
    with suppress(HoconError):
        for text, answer in zip(good, _answer(good, limits), strict=True):
            try:
                found[text] = _parsed(answer, limits)
            except HoconError as error:
                found[text] = error
    return found


def _answer(text: str | list[str], limits: Limits) -> Any:
    try:
        answer = run_apart(_SCRIPT, text, limits)
    except GivenUp as error:
        raise HoconError(
            error.message, is_unknown=error.is_unknown, may_pass=error.may_pass
        ) from error
    if isinstance(answer, dict) and answer.get("refused") == "memory":
        raise _error(answer, limits)
    return answer


def _parsed(answer: dict[str, Any], limits: Limits) -> ParsedHocon:
    if "refused" in answer:
        raise _error(answer, limits)
    return ParsedHocon(
        tree=answer["tree"],
        includes=tuple(Include(**found) for found in answer["includes"]),
        substitutions=tuple(
            Substitution(**{**found, "path": tuple(found["path"])})
            for found in answer["substitutions"]
        ),
        unresolved=frozenset(map(tuple, answer["unresolved"])),
    )


def _check_text(text: str, limits: Limits) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        raise HoconError(
            f"Line {line}, column {column} holds half of a character. Type it again.", line, column
        ) from None
    if size > limits.size:
        raise HoconError(
            f"The text has {size:,} bytes; at most {limits.size:,} are read. Make it shorter."
        )
    if text.startswith(_BYTE_ORDER_MARK):
        raise HoconError(
            "The text begins with a byte order mark, which clients cannot read. "
            "Save it as UTF-8 without one.",
            1,
            1,
        )


def _error(answer: dict[str, Any], limits: Limits) -> HoconError:
    line, column = answer["place"] or (None, None)
    message = _MESSAGES[answer["refused"]].format(levels=limits.levels)
    if line is not None:
        message = f"Line {line}, column {column}: {message}"
    if answer.get("unclosed"):
        message += " The bracket at line {}, column {} is not closed.".format(*answer["unclosed"])
    return HoconError(message, line, column, is_unknown=answer["refused"] == "memory")


_MESSAGES = {
    "levels": (
        "Objects or lists lie more than {levels} levels deep in each other, which clients cannot "
        "read. Make it flatter."
    ),
    "memory": "Reading the text took too much memory, so it was given up. Make it shorter.",
    "list": "The text is a list, but names with values are needed, such as api {{ ... }}.",
    "syntax": (
        "This is no HOCON. Look here, or just before, for a quote, bracket or comma that is "
        "missing or too many."
    ),
    "mixture": (
        "A value is put together from parts of different kinds. Put quotes around a text, and a "
        "comma or a line's end between values."
    ),
    "adding": ("Clients cannot work out what += adds here. Write the whole value with = instead."),
    "key": "A key is empty. Give it a name.",
    "odd": "The text holds something that is no HOCON. Take out what was added last.",
}

"""HOCON that people paste: read apart, within limits, with nothing followed or looked up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import InvalidInput
from store.parsing.apart import GivenUp, Limits, run_apart
from store.parsing.refused import place_in

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
        kind: What is wrong, such as `syntax` or `mixture`, where the parser says so.
        may_pass: Whether the same text may well be read another time.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        *,
        is_unknown: bool = False,
        kind: str = "",
        may_pass: bool = False,
    ) -> None:
        super().__init__(message, field="text")
        self.kind = kind
        self.is_unknown = is_unknown
        self.may_pass = may_pass
        self.line = line
        self.column = column

    @property
    def reason(self) -> str:
        """The message without the place."""
        return self.message.removeprefix(_place_words(self.line, self.column))


@dataclass(frozen=True)
class Include:
    """An include that was not followed.

    Attributes:
        what: What would be included, such as `file /etc/base.conf` or `base.conf`.
        line: The line that it is in, from 1.
        column: The column, from 1.
        is_required: Whether the text fails where there is nothing to include.
    """

    what: str
    line: int
    column: int
    is_required: bool = False


@dataclass(frozen=True)
class Substitution:
    """A `${name}`.

    Attributes:
        name: The path or environment variable that it names.
        is_optional: Whether it is written `${?name}`.
        line: The line that it is in, from 1.
        column: The column, from 1.
    """

    name: str
    is_optional: bool
    line: int
    column: int


@dataclass(frozen=True)
class ParsedHocon:
    """What a text holds.

    Attributes:
        tree: Objects, lists, texts, numbers, true and false, and None, as clients have them. What
            their environment decides is `${name}` in a text.
        includes: The includes, in order; of what they would bring, nothing is in the tree.
        substitutions: The substitutions, in order.
        unresolved: The paths of what hangs on where a client runs, with all that is below them:
            the keys on the way, outermost first; of a list, those to the list.
        needed: The names that a client's environment must have for the text.
        failing: Why the text fails with some clients and with others not, where that is so.
    """

    tree: dict[str, Any]
    includes: tuple[Include, ...]
    substitutions: tuple[Substitution, ...]
    unresolved: frozenset[tuple[str, ...]] = frozenset()
    needed: frozenset[str] = frozenset()
    failing: HoconError | None = None


def parse_hocon(text: str, limits: Limits = USUAL_LIMITS) -> ParsedHocon:
    """Read a text as ClearML's clients do, but for what they would fetch from elsewhere.

    It is read by the release of pyhocon of which they have a copy, and resolved by it, too.

    Args:
        text: The text, which may be anything.
        limits: How much it may ask for.

    Raises:
        HoconError: It is too large, too deep, too much work, is no HOCON, or what it stands for
            makes every client fail or hang; where known, it names the line and column.
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
        substitutions=tuple(Substitution(**found) for found in answer["substitutions"]),
        unresolved=frozenset(map(tuple, answer["unresolved"])),
        needed=frozenset(answer["needed"]),
        failing=_error(answer["failing"], limits) if answer["failing"] else None,
    )


def _check_text(text: str, limits: Limits) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line, column = place_in(text, error.start)
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


def _place_words(line: int | None, column: int | None) -> str:
    return f"Line {line}, column {column}: " if line is not None else ""


def _error(answer: dict[str, Any], limits: Limits) -> HoconError:
    line, column = answer["place"] or (None, None)
    message = _MESSAGES[answer["refused"]].format(levels=limits.levels)
    if line is not None:
        message = f"{_place_words(line, column)}{message}"
    if answer.get("unclosed"):
        message += " The bracket at line {}, column {} is not closed.".format(*answer["unclosed"])
    refused = answer["refused"]
    return HoconError(message, line, column, is_unknown=refused == "memory", kind=refused)


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
    "unresolved": (
        "Clients cannot work out what this comes to, and skip the whole text. Write the value out "
        "instead of += or ${{...}}."
    ),
    "cycle": (
        "This refers to itself, for which clients skip the whole vault. Write out the value that "
        "is meant."
    ),
    "name": (
        "Clients look for exactly this name, which nothing has, and skip the whole vault. Write it "
        "without blanks, or write out the value that is meant."
    ),
    "dropped": (
        "Where a variable is not set, nothing has this name. Write ${{?...}} here, too, or give it "
        "a value before."
    ),
    "no object": (
        "This looks into what is no object, for which clients skip the whole vault. Name a path "
        "that is there."
    ),
    "endless": (
        "With this, clients never come to an end, or not for a long time: they hang as soon as "
        "they sign in. Write the value out instead of ${{...}}."
    ),
    "swelling": (
        "What this stands for grows beyond what clients can hold. Write the value out instead of "
        "${{...}}."
    ),
    "include as value": (
        "Clients include nothing as a value, and what was here is lost. Put the include into an "
        "object, in braces."
    ),
    "required include": (
        "Clients end with an error at required(file(...)) and required(url(...)), even where it is "
        'there. Write include required("..."), or leave out required.'
    ),
    "empty text": "Clients lose an empty text in a list. Take it out.",
    "null in text": (
        "Clients make something odd of null beside a text. Put quotes around all of it."
    ),
    "key": "A key is empty. Give it a name.",
    "odd": "The text holds something that is no HOCON. Take out what was added last.",
}

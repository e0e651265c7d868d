"""Checks the text of a vault before it is saved, whatever the text may be."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from store.parsing.apart import Limits
from store.parsing.hocon import HoconError, ParsedHocon, parse_hocon_together
from store.parsing.json_text import parse_json
from store.parsing.nodes import Node, NotReadable
from store.parsing.yaml_text import parse_yaml
from store.vaults import trees
from store.vaults.delivering import delivered
from store.vaults.formats import Format
from store.vaults.hocon_checking import Known, problems_of_hocon
from store.vaults.problems import Path, Problem

__all__ = ["CheckedText", "Path", "Problem", "check_vault_text", "check_vault_texts"]

# What each sign-in of each client has to parse.
MOST_DELIVERED = 64 * 1024
MANY_DELIVERED = 16 * 1024
# JSON and YAML have blanks and comments that are not delivered.
_MOST_TYPED = 256 * 1024
# So much HOCON, in characters, is read in one process, which takes it half a second; on a busy
# machine more, but reading each alone takes longer still.
_MOST_TOGETHER = 16 * 1024
_SECONDS_TOGETHER = 6.0
# Who has so many has an idea of them all.
_MOST_PROBLEMS = 100
# With what comes before and after, two seconds are kept to.
_LIMITS = Limits(seconds=1.8)

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class CheckedText:
    """What a check found.

    Attributes:
        tree: Objects, lists, texts, numbers, true and false, and None; None itself where there is
            an error. What hangs on a client's environment is `${name}` in a text.
        problems: Errors and warnings, in the order of their places.
        resolved_by_clients: The paths of what hangs on where a client runs, with all that is below
            them. The last part is the key; of a list, the list.
        included: For each include the path of the object that it is in, and what it includes.
        size: The bytes of what clients get, or of the text where that is not known.
        comments: How many comments there are, where they were counted.
        anchors: How many values of YAML have a name for repeating them.
        has_substitutions: Whether it has any.
        needs_more: Whether some clients skip it, for what they have around them, or have not.
        is_unknown: Whether it is only not known what the text holds, for reading it was given up.
    """

    tree: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    resolved_by_clients: frozenset[Path] = frozenset()
    included: tuple[tuple[Path, str], ...] = ()
    size: int = 0
    comments: int = 0
    anchors: int = 0
    has_substitutions: bool = False
    needs_more: bool = False
    is_unknown: bool = False

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the text from being saved."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not keep it from being saved."""
        return tuple(problem for problem in self.problems if not problem.is_error)

    @property
    def is_good(self) -> bool:
        """Whether it can be saved."""
        return not self.errors


def check_vault_text(
    text: str,
    format: Format,  # noqa: A002
    limits: Limits = _LIMITS,
) -> CheckedText:
    """Check a text, within two seconds and without touching anything.

    Args:
        text: The text, which may be anything.
        format: The format that it is said to have.
        limits: How much it may ask for.
    """
    return _check(text, format, limits, {})


def check_vault_texts(
    texts: Sequence[tuple[str, Format]], limits: Limits = _LIMITS
) -> list[CheckedText]:
    """Check several texts, as `check_vault_text` does, but what is short of HOCON together.

    Args:
        texts: The texts, which may be anything, and their formats.
        limits: How much each may ask for.
    """
    known: dict[str, ParsedHocon | HoconError] = {}
    for together in _groups([text for text, format_ in texts if format_ == "hocon"]):
        # Alone it would be read no sooner.
        if len(together) > 1:
            at_most = replace(limits, seconds=max(limits.seconds, _SECONDS_TOGETHER))
            known |= parse_hocon_together(together, at_most)
    return [_check(text, format_, limits, known) for text, format_ in texts]


def _groups(texts: list[str]) -> Iterator[list[str]]:
    """Texts that are short enough to be read together; none of those that are read alone."""
    group: list[str] = []
    for text in dict.fromkeys(texts):
        if sum(map(len, group)) + len(text) > _MOST_TOGETHER:
            yield group
            group = []
        if len(text) <= _MOST_TOGETHER:
            group.append(text)
    yield group


def _check(text: str, format: Format, limits: Limits, known: Known) -> CheckedText:  # noqa: A002
    wrong = _before_reading(text, format)
    if wrong:
        return CheckedText(None, (wrong,), size=len(text.encode(errors="replace")))
    try:
        if format == "hocon":
            checked = _check_hocon(text, limits, known)
        else:
            checked = _read(text, format, limits)
    except NotReadable as error:
        problem = Problem(error.line, error.column, error.message)
        size = len(text.encode())
        return CheckedText(None, (problem,), size=size, is_unknown=error.is_unknown)
    return _finished(text, format, checked)


def _before_reading(text: str, format: Format) -> Problem | None:  # noqa: A002
    """What no parser has to be asked about."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        return _at(text, error.start, "Here is half of a character. Type it again.")
    most = MOST_DELIVERED if format == "hocon" else _MOST_TYPED
    if size > most:
        message = f"The text has {size:,} bytes; at most {most:,} are taken. Make it shorter."
        return Problem(1, 1, message)
    if text.startswith(_BYTE_ORDER_MARK):
        message = "The text begins with a byte order mark, which clients cannot read. Take it out."
        return Problem(1, 1, message)
    found = trees.CONTROL.search(text)
    if found:
        message = "Here is a control character, which clients cannot read. Take it out."
        return _at(text, found.start(), message)
    return None


def _at(text: str, index: int, message: str) -> Problem:
    line = text.count("\n", 0, index) + 1
    return Problem(line, index - text.rfind("\n", 0, index), message)


def _check_hocon(text: str, limits: Limits, known: Known) -> CheckedText:
    found = problems_of_hocon(text, limits, known)
    return CheckedText(
        found.parsed.tree,
        found.problems,
        resolved_by_clients=found.unresolved,
        included=found.included,
        comments=found.comments,
        has_substitutions=bool(found.parsed.substitutions),
        needs_more=found.needs_more,
    )


def _read(text: str, format: Format, limits: Limits) -> CheckedText:  # noqa: A002
    anchors = comments = 0
    root: Node | None
    if format == "json":
        root = parse_json(text, limits.levels)
    else:
        parsed = parse_yaml(text, limits)
        root, anchors, comments = parsed.root, parsed.anchors, parsed.comments
    if root is None:
        return CheckedText({}, comments=comments)
    problems = tuple(trees.problems_of(root))
    is_good = not any(problem.is_error for problem in problems)
    tree = trees.tree_of(root) if is_good else None
    return CheckedText(tree, problems, anchors=anchors, comments=comments)


def _finished(text: str, format: Format, checked: CheckedText) -> CheckedText:  # noqa: A002
    """With what the size says, in order, and without a tree where there is an error."""
    problems, size = list(checked.problems), len(text.encode())
    if checked.is_good and checked.tree is not None:
        size = len(delivered(text, format, checked.tree).encode())
        problems += _of_size(size)
    is_good = not any(problem.is_error for problem in problems)
    tree = checked.tree if is_good else None
    return replace(checked, tree=tree, problems=_told(problems), size=size)


def _told(problems: list[Problem]) -> tuple[Problem, ...]:
    """So many as anybody reads, and errors rather than warnings."""
    # Of a hostile text there are tens of thousands, few of which are told.
    told = heapq.nsmallest(
        _MOST_PROBLEMS, problems, lambda one: (not one.is_error, one.line, one.column, one.message)
    )
    return tuple(sorted(told))


def _of_size(size: int) -> list[Problem]:
    if size > MOST_DELIVERED:
        message = (
            f"Clients would get {size:,} bytes, but take at most {MOST_DELIVERED:,}. "
            "Make it shorter."
        )
        return [Problem(1, 1, message)]
    if size >= MANY_DELIVERED:
        message = f"Clients read {size:,} bytes at every sign-in, which takes them a moment."
        return [Problem(1, 1, message, is_error=False)]
    return []

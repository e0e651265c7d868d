"""Checks the text of a vault before it is saved, whatever the text may be.

What a text reads as hangs on nothing else, so it is known after the first time.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Any

from store.kept import Kept
from store.parsing.apart import Limits
from store.parsing.hocon import parse_hocon_together
from store.parsing.json_text import parse_json
from store.parsing.nodes import Node, NotReadable
from store.parsing.refused import place_in
from store.parsing.under_way import under_way
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
# So much HOCON, in characters, is read in one process, which takes it half a second.
_MOST_TOGETHER = 16 * 1024
# Where it takes so many seconds of work, each is read alone, and one that is bad spoils no other.
_WORK_TOGETHER = 2.0
# So many texts are read at the same time, where there is a processor for each.
_AT_ONCE = min(2, os.cpu_count() or 1)
# Of so many bytes of texts it is known what they read as; that takes some ten times as much memory.
_MOST_REMEMBERED = 2 * 1024 * 1024
# Who has so many has an idea of them all.
_MOST_PROBLEMS = 100
_LIMITS = Limits()

_BYTE_ORDER_MARK = "\ufeff"

# A text by its hash, its format and what it may ask for.
_Key = tuple[bytes, Format, Limits]


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
        may_pass: Whether the same text may well be read another time, as on a machine that is less
            busy.
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
    may_pass: bool = False

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


_remembered: Kept[_Key, CheckedText] = Kept(_MOST_REMEMBERED)


def forget_readings() -> None:
    """Know no more what texts read as, which alone makes reading them slow again."""
    _remembered.forget()


def check_vault_text(
    text: str,
    format: Format,  # noqa: A002
    limits: Limits = _LIMITS,
) -> CheckedText:
    """Check a text, without touching anything.

    Args:
        text: The text, which may be anything.
        format: The format that it is said to have.
        limits: How much it may ask for.

    Raises:
        Stopped: Nobody waits for it any more.
    """
    return _remembering(text, format, limits, {})


def check_vault_texts(
    texts: Sequence[tuple[str, Format]], limits: Limits = _LIMITS
) -> list[CheckedText]:
    """Check several texts, as `check_vault_text` does, some at the same time.

    Whoever waits for it is told how many of them were checked.

    Args:
        texts: The texts, which may be anything, and their formats.
        limits: How much each may ask for.

    Raises:
        Stopped: Nobody waits for it any more.
    """
    found: dict[tuple[str, Format], CheckedText] = {}
    reading, telling = under_way(), threading.Lock()

    def check_group(group: list[tuple[str, Format]]) -> None:
        reading.see_that_it_is_wanted()
        known = _read_together(group, limits)
        for text, format_ in group:
            checked = _remembering(text, format_, limits, known)
            with telling:
                found[text, format_] = checked
                reading.tell(sum(one in found for one in texts), len(texts))

    reading.tell(0, len(texts))
    groups = list(_groups(texts, limits))
    if len(groups) < 2:
        for group in groups:
            check_group(group)
    else:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            # The threads know for whom they read, as this one does.
            checks = [threads.submit(copy_context().run, check_group, group) for group in groups]
        for check in checks:
            check.result()
    return [found[one] for one in texts]


def _groups(
    texts: Sequence[tuple[str, Format]], limits: Limits
) -> Iterator[list[tuple[str, Format]]]:
    """Each text once: what is short of HOCON and not known yet together, any other alone."""
    group: list[tuple[str, Format]] = []
    for text, format_ in dict.fromkeys(texts):
        is_alone = format_ != "hocon" or len(text) > _MOST_TOGETHER
        if is_alone or _remembered.get(_key(text, format_, limits)):
            yield [(text, format_)]
            continue
        if sum(len(other) for other, _ in group) + len(text) > _MOST_TOGETHER:
            yield group
            group = []
        group.append((text, format_))
    if group:
        yield group


def _read_together(group: list[tuple[str, Format]], limits: Limits) -> Known:
    # Alone it would be read no sooner.
    if len(group) < 2:
        return {}
    at_most = replace(limits, seconds=min(limits.seconds, _WORK_TOGETHER))
    return parse_hocon_together([text for text, _ in group], at_most)


def _remembering(
    text: str,
    format: Format,  # noqa: A002
    limits: Limits,
    known: Known,
) -> CheckedText:
    key = _key(text, format, limits)
    checked = _remembered.get(key)
    if checked is None:
        under_way().see_that_it_is_wanted()
        checked = _check(text, format, limits, known)
        if not checked.may_pass:
            # Of one that is not good, next to nothing is there to be kept.
            _remembered.keep(key, checked, len(text) if checked.tree is not None else 0)
    return checked


def _key(text: str, format: Format, limits: Limits) -> _Key:  # noqa: A002
    # Half a character is no text that could be saved, but somebody may have typed it.
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest(), format, limits


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
        return CheckedText(
            None,
            (problem,),
            size=size,
            is_unknown=error.is_unknown,
            may_pass=error.may_pass,
        )
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
    return Problem(*place_in(text, index), message)


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

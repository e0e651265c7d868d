"""What of a HOCON text hangs on where its clients run."""

from __future__ import annotations

from collections.abc import Iterator

from store.parsing.hocon import ParsedHocon, Substitution
from store.parsing.hocon_resolving import USUAL_VARIABLE
from store.vaults.outline import Outline, path_of
from store.vaults.problems import Path, Problem

_UNDEFINED = (
    "Nothing in this text defines this, and clients skip the whole vault where it is not defined. "
    "Define it here, or write ${?...} to go without it."
)
_OF_ENVIRONMENT = (
    "Clients take this from their environment, and skip the whole vault where it is not set. Write "
    "${?...} to go without it."
)
_INCLUDED = "Each client includes this from its own disk or network, or ends without it."
_MUST_BE_INCLUDED = (
    "Each client includes this from its own disk, and skips the whole vault where it is not there."
)


def needs_more(parsed: ParsedHocon) -> bool:
    """Whether some clients skip the text, for what they have around them, or have not.

    Args:
        parsed: What the text holds.
    """
    must_be_there = any(include.is_required for include in parsed.includes)
    return bool(parsed.failing or parsed.needed or must_be_there)


def problems_elsewhere(parsed: ParsedHocon, written: Outline) -> Iterator[Problem]:
    """What makes some clients skip the text: nothing here can tell which.

    Args:
        parsed: What the text holds.
        written: Where its keys and includes are.
    """
    for include in parsed.includes:
        message = _MUST_BE_INCLUDED if include.is_required else _INCLUDED
        yield Problem(include.line, include.column, message, is_error=False)
    included = {one.path for one in written.included}
    for one in _needing(parsed):
        if USUAL_VARIABLE.fullmatch(one.name):
            yield Problem(one.line, one.column, _OF_ENVIRONMENT, is_error=False)
        elif not _may_be_in(included, path_of(one.name)):
            yield Problem(one.line, one.column, _UNDEFINED, is_error=False)
    failing = parsed.failing
    if failing and not parsed.includes:
        message = (
            f"By what their environment has, some clients skip the whole vault: {failing.reason}"
        )
        yield Problem(failing.line or 1, failing.column or 1, message, is_error=False)


def left_open(parsed: ParsedHocon, written: Outline) -> frozenset[Path]:
    """The paths of what hangs on where a client runs, what an include may change among it.

    Args:
        parsed: What the text holds.
        written: Where its keys and includes are.
    """
    last: dict[Path, tuple[int, int]] = {}
    for key in written.keys:
        if not key.is_in_list:
            last[key.path] = key.line, key.column
    # Of an object, only what is in it: some of that may be written after the include.
    objects = {path[:length] for path in last for length in range(1, len(path))}
    overridden = {
        path
        for path in last.keys() - objects
        for one in written.included
        if path[: len(one.path)] == one.path and last[path] < (one.line, one.column)
    }
    return parsed.unresolved | overridden


def _needing(parsed: ParsedHocon) -> Iterator[Substitution]:
    return (
        one for one in parsed.substitutions if not one.is_optional and one.name in parsed.needed
    )


def _may_be_in(included: set[Path], path: Path) -> bool:
    return any(path[:length] in included for length in range(len(path)))

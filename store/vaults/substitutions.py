"""What of a HOCON text's substitutions its clients cannot resolve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from store.parsing.hocon import ParsedHocon, Substitution
from store.vaults.outline import Outline
from store.vaults.problems import Path, Problem

# What each client takes from where it runs, if it is there.
_OF_ENVIRONMENT = re.compile(r"[A-Z_][A-Z0-9_]*|(?:https?|ftp|no|all)_proxy")
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')

# A path, and whether its own value is meant, or else all that is there.
_Step = tuple[Path, bool]

_UNDEFINED = (
    "Nothing in this text defines this, and clients skip the whole vault where it is not defined. "
    "Define it here, or write ${?...} to go without it."
)
_CYCLE = (
    "This refers to itself, for which clients skip the whole vault. Write out the value that is "
    "meant."
)


class Substitutions:
    """The substitutions of a text.

    Args:
        parsed: What the text holds.
        written: Where its keys and includes are.
    """

    def __init__(self, parsed: ParsedHocon, written: Outline) -> None:
        self._parsed = parsed
        self._included = {one.path for one in written.included}
        self._at: dict[Path, list[Substitution]] = {}
        for one in parsed.substitutions:
            self._at.setdefault(one.path, []).append(one)
        self._times: dict[Path, int] = {}
        for key in written.keys:
            self._times[key.path] = self._times.get(key.path, 0) + 1

    def undefined(self) -> tuple[Substitution, ...]:
        """Those that are required, but neither in the text nor of what a client's system knows."""
        return tuple(
            one
            for one in self._parsed.substitutions
            if not one.is_optional
            and not _OF_ENVIRONMENT.fullmatch(one.name.strip())
            and self._is_object(_path(one.name)) is _MISSING
        )

    def problems(self) -> Iterator[Problem]:
        """Cycles, and what is not defined."""
        for one in self._cyclic():
            yield Problem(one.line, one.column, _CYCLE)
        for one in self.undefined():
            yield Problem(one.line, one.column, _UNDEFINED, is_error=False)

    def may_be_object(self, path: Path) -> bool:
        """Whether a value that is nothing but substitutions could be an object.

        Args:
            path: The keys on the way to it.
        """
        return any(
            self._is_object(_path(one.name)) in (True, None) for one in self._at.get(path, ())
        )

    def _is_object(self, path: Path) -> Any:
        """Whether an object is at a path; None where clients know, _MISSING for nothing."""
        value: Any = self._parsed.tree
        for length, name in enumerate(path):
            before = path[:length]
            if isinstance(value, dict) and name in value:
                value = value[name]
            elif before in self._included or before in self._parsed.unresolved:
                return None
            else:
                return None if () in self._included else _MISSING
        is_known = path not in self._parsed.unresolved and path not in self._included
        return isinstance(value, dict) if is_known else None

    def _cyclic(self) -> Iterator[Substitution]:
        """Those through which a value needs itself; with includes, nobody here can tell."""
        if self._included:
            return
        # From a value to what it names, and from there to all the values at it and below it.
        leading: dict[_Step, set[_Step]] = {}
        for one in self._parsed.substitutions:
            # What was there before may be meant by a key that is written more than once.
            if self._times.get(one.path, 1) == 1:
                leading.setdefault((one.path, True), set()).add((_path(one.name), False))
                for length in range(1, len(one.path)):
                    upper, lower = one.path[:length], one.path[: length + 1]
                    leading.setdefault((upper, False), set()).add((lower, False))
                leading.setdefault((one.path, False), set()).add((one.path, True))
        ends = _without_end(leading)
        for one in self._parsed.substitutions:
            if (one.path, True) in ends and (_path(one.name), False) in ends:
                yield one


_MISSING = object()


def _path(name: str) -> Path:
    return tuple(part.strip().strip('"') for part in _PART.findall(name.strip()))


def _without_end(leading: dict[_Step, set[_Step]]) -> set[_Step]:
    """What is on a cycle, or leads to one."""
    left = {step: len(others) for step, others in leading.items()}
    coming: dict[_Step, list[_Step]] = {}
    for step, others in leading.items():
        for other in others:
            left.setdefault(other, 0)
            coming.setdefault(other, []).append(step)
    done = [step for step, count in left.items() if count == 0]
    while done:
        step = done.pop()
        del left[step]
        for before in coming.get(step, ()):
            left[before] -= 1
            if left[before] == 0:
                done.append(before)
    return set(left)

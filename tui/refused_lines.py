"""Refused sign-ins as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from store.alphabet import plain
from store.refusal_views import RefusedRow
from store.sign_ins import Verdict
from tui.sign_in_words import why


@dataclass(frozen=True)
class RefusedLine:
    """Sign-ins with one access key, from one address, that were refused for one cause.

    Attributes:
        key: What tells them from the others.
        row: What the workspace says of them.
    """

    key: str
    row: RefusedRow

    @property
    def shown_key(self) -> str:
        """The access key, as far as it is known."""
        is_known = bool(self.row.member)
        return self.row.sign_ins.access_key if is_known else f"{self.row.sign_ins.access_key}…"

    @property
    def why(self) -> str:
        """Why they were refused, in a few words."""
        return why(self.row.grounds)

    @cached_property
    def _haystack(self) -> str:
        row, one = self.row, self.row.sign_ins
        return plain("\n".join((row.called, row.label, one.access_key, one.address, self.why)))

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the plain words is found in them."""
        return all(word in self._haystack for word in words)


@dataclass(frozen=True)
class RefusedSheet:
    """All refused sign-ins.

    Attributes:
        lines: Their lines, newest first.
        count: How many there were.
        unknown: How many of them were with an unknown key.
    """

    lines: tuple[RefusedLine, ...]
    count: int
    unknown: int


def refused_sheet(rows: Iterable[RefusedRow]) -> RefusedSheet:
    """The refused sign-ins as a table tells them. With ten thousand of them it takes a while."""
    lines = tuple(RefusedLine("\0".join(row.sign_ins.kind), row) for row in rows)
    unknown = (line for line in lines if line.row.grounds.cause is Verdict.UNKNOWN)
    return RefusedSheet(lines, _count(lines), _count(unknown))


def _count(lines: Iterable[RefusedLine]) -> int:
    return sum(line.row.sign_ins.count for line in lines)

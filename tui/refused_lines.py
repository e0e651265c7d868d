"""Refused sign-ins as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from store.refusal_views import RefusedRow
from store.text import fold
from tui.sign_in_words import why


@dataclass(frozen=True)
class RefusedLine:
    """Sign-ins with one access key, from one address, that were refused for one cause."""

    row: RefusedRow

    @property
    def key(self) -> str:
        """What tells them from the others."""
        return "\0".join(self.row.sign_ins.kind)

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
        return fold("\n".join((row.called, row.label, one.access_key, one.address, self.why)))

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the folded words is found in them."""
        return all(word in self._haystack for word in words)


def refused_lines(rows: Iterable[RefusedRow]) -> tuple[RefusedLine, ...]:
    """The lines of refused sign-ins, in their order."""
    return tuple(map(RefusedLine, rows))

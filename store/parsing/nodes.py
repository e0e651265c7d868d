"""Values with the places at which they were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class NotReadable(Exception):
    """A text cannot be read.

    Args:
        message: A finished sentence or two, without the place. Never holds any of the text.
        line: The line, from 1.
        column: The column, in characters from 1.
        is_unknown: Whether reading it was given up, so that it may well be readable.
        may_pass: Whether the same text may well be read another time.
    """

    def __init__(
        self,
        message: str,
        line: int = 1,
        column: int = 1,
        *,
        is_unknown: bool = False,
        may_pass: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.is_unknown = is_unknown
        self.may_pass = may_pass


@dataclass(frozen=True)
class Node:
    """A value at its place.

    Attributes:
        line: The line, from 1.
        column: The column, in characters from 1.
        kind: `object`, `list`, `value`, or why a single value cannot be kept: `infinite`, `date`,
            `number`, `tag`, `merge`.
        held: Of an object pairs of nodes, of a list nodes, else the value.
    """

    line: int
    column: int
    kind: str
    held: Any

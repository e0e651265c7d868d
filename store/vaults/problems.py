"""What a check finds in a text."""

from __future__ import annotations

from dataclasses import dataclass

# A key and those of the objects that it lies in, outermost first.
Path = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is wrong with a text, or that its author should know.

    Attributes:
        line: The line that it is about, from 1.
        column: The column, in characters from 1.
        message: A finished sentence or two, without the place. Never holds a value of the text.
        is_error: Whether the text cannot be saved for it; else it is a warning.
    """

    line: int
    column: int
    message: str
    is_error: bool = True

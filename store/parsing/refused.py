"""Why the readers that run apart refuse a text, and where."""

from __future__ import annotations

# The line and the column, both from 1.
Place = tuple[int, int]


def place_in(text: str, index: int) -> Place:
    """The line and the column of a character, which is counted from 0."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


class Refused(Exception):
    """The text is refused; `what` says why, for the sentence that the caller makes of it.

    Args:
        what: The cause, by which the caller knows its sentence.
        place: Where, if that is known.
    """

    def __init__(self, what: str, place: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.place = place

"""Why the readers that run apart refuse a text."""

from __future__ import annotations

# The line and the column, both from 1.
Place = tuple[int, int]


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

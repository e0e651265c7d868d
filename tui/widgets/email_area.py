"""An input for many emails, in which those that cannot be invited are marked."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rich.text import Text
from textual.widgets import TextArea
from textual.widgets.text_area import Selection


class EmailArea(TextArea):
    """A text area for emails as people paste them. Tab leaves it."""

    def __init__(self) -> None:
        super().__init__(compact=True, tab_behavior="focus", highlight_cursor_line=False)
        self._bad: tuple[str, ...] = ()

    def mark(self, bad: Collection[str]) -> None:
        """Mark these addresses wherever they stand in the text."""
        # The longest first, so that a part of one does not hide it.
        self._bad = tuple(sorted(set(bad), key=len, reverse=True))
        self._line_cache.clear()
        self.refresh()

    def go_to_bad(self) -> bool:
        """Put the cursor on the next of those that are marked, after the last on the first.

        Returns:
            Whether there is one.
        """
        places = [
            (row, start, bad)
            for row, line in enumerate(self.document.lines)
            for bad in self._bad
            for start in _places(line, bad)
        ]
        if not places:
            return False
        here = self.cursor_location
        row, start, bad = min(places, key=lambda place: (place[:2] < here, place[:2]))
        self.selection = Selection((row, start), (row, start + len(bad)))
        self.scroll_cursor_visible()
        self.focus()
        return True

    def get_line(self, line_index: int) -> Text:
        """The line, with what is bad in it marked; it is asked for the visible ones only."""
        line = super().get_line(line_index)
        mark = f"bold underline {self.app.theme_variables['error'].removeprefix('ansi_')}"
        for bad in self._bad:
            for start in _places(line.plain, bad):
                line.stylize(mark, start, start + len(bad))
        return line


def _places(text: str, bad: str) -> Iterator[int]:
    start = text.find(bad)
    while start >= 0:
        if _stands_alone(text, start, start + len(bad)):
            yield start
        start = text.find(bad, start + len(bad))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return all(character in " \t,;<>()[]{}\"'" for character in (before, after))

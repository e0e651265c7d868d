"""The lines that came and went, to be scrolled through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style

from tui.differences import DifferenceLine
from tui.widgets.editor.area import LongTextArea, Span

_NAMES = {"+": "came", "-": "went", "…": "left-out"}


class DifferenceView(LongTextArea):
    """A difference, each line with its sign.

    Args:
        lines: The lines.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"difference--{name}" for name in _NAMES.values()}
    DEFAULT_CSS = """
    DifferenceView {
        & .difference--came { color: $success; background: $success 12%; }
        & .difference--went { color: $error; background: $error 12%; }
        & .difference--left-out { color: $foreground 60%; text-style: italic; }
        /* Of sixteen colours there is no share. */
        &:ansi .difference--came, &:ansi .difference--went { background: ansi_default; }
    }
    """

    def __init__(self, lines: Sequence[DifferenceLine]) -> None:
        self._lines = lines
        numbers = [line.number for line in lines if line.sign != "…"]
        self._digits = len(str(max(numbers, default=1)))
        super().__init__(_text(lines), read_only=True, show_cursor=False)

    def show(self, lines: Sequence[DifferenceLine]) -> None:
        """Show the same lines written otherwise; what is in sight stays so."""
        at = self.scroll_offset
        self._lines = lines
        self.load_text(_text(lines))
        self.scroll_to(*at, animate=False, force=True)

    @property
    def gutter_width(self) -> int:
        """As wide as the longest number, and two blanks."""
        return self._digits + 2

    def gutter_of(self, row: int, style: Style) -> list[Segment]:
        """The number of a line in the text that it is in."""
        line = self._lines[row] if row < len(self._lines) else None
        number = "" if line is None or line.sign == "…" else str(line.number)
        return [Segment(f"{number:>{self._digits}}  ", style)]

    def spans(self, row: int, start: int, end: int) -> Iterable[Span]:
        """The whole line in the style of its sign."""
        name = _NAMES.get(self._lines[row].sign) if row < len(self._lines) else None
        if name is not None:
            yield 0, len(self.document[row]) + 1, self.style_of(f"difference--{name}")


def _text(lines: Sequence[DifferenceLine]) -> str:
    return "\n".join(_line(line) for line in lines)


def _line(line: DifferenceLine) -> str:
    if line.sign == "…":
        return f"… {line.number:,} lines alike"
    return f"{line.sign} {line.text}"

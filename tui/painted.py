"""What the terminal shows, so that it is sent only what is different.

Textual sends the whole screen whenever a widget comes or goes, each line whole in which something
may have changed, and for every run of a style its colours and their end: some 50 kB for a dialog,
which a slow line needs two seconds for, and of which a few are new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from store.joiners import JOINER
from tui.text import HELD_JOINER


class Look(NamedTuple):
    """A style, by the codes of its attributes (as in `1;4;`) and of its colours; "" is none."""

    attributes: str
    front: str
    behind: str

    @property
    def marks_blanks(self) -> bool:
        """Whether it is seen where nothing is written, by more than what is behind."""
        return not _UNSEEN_ON_BLANKS.issuperset(self.attributes.split(";"))


# A character, and how it looks.
Cell = tuple[str, Look]
_PLAIN = Look("", "", "")
# Bold, dim and italic.
_UNSEEN_ON_BLANKS = frozenset(("", "1", "2", "3"))

# An attribute or a colour among the codes of a style, as Rich writes them.
_CODE = re.compile(
    r"(?P<front>38;5;\d+|38;2;\d+;\d+;\d+|3\d|9\d)"
    r"|(?P<behind>48;5;\d+|48;2;\d+;\d+;\d+|4\d|10\d)|(?P<attributes>\d+)"
)
_DEFAULT_COLOURS = ("39", "49")

# Words with joiners; and a joiner that has something to join, which a cut may have taken away.
_WORDS = re.compile(f"([^ ]*{HELD_JOINER}[^ ]*)")
_JOINED = re.compile(f"(?<=[^ ]){HELD_JOINER}(?=[^ …])")

# So many unchanged cells cost less than moving the cursor over them.
_SHORT = 4


class Painted:
    """The cells that the terminal shows, as far as they are known."""

    def __init__(self) -> None:
        self._lines: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """Know nothing, as after something else has written to the terminal."""
        self._lines.clear()

    def changes(self, update: CompositorUpdate) -> CompositorUpdate:
        """The update, without what the terminal shows already when it is written."""
        if isinstance(update, ChopsUpdate | LayoutUpdate):
            return _Changes(self, update)
        return _Anew(self, update)

    def paint(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """The sequences that bring the terminal from what it shows to the update."""
        writer = _Writer()
        uneven_line = -1
        for y, x, strip in _pieces(update):
            cells = _cells(strip, console) if y != uneven_line else None
            if cells is None:
                # Terminals do not agree on where that stands which follows some characters.
                uneven_line = y
                writer.write(y, x, _uneven(y, x, strip, console))
                self._know(y, x, [None] * strip.cell_length)
                continue
            shown = self._know(y, x, cells)
            for start, end in _runs(shown, cells):
                writer.write_cells(y, x + start, cells[start:end])
        return writer.finished()

    def _know(self, y: int, x: int, cells: Sequence[Cell | None]) -> list[Cell | None]:
        """Remember cells of a line; returns what was there."""
        line = self._lines.setdefault(y, [])
        end = x + len(cells)
        line.extend([None] * (end - len(line)))
        before = line[x:end]
        line[x:end] = cells
        return before


class _Changes(CompositorUpdate):
    """A part of the screen, of which only what is different is written."""

    def __init__(self, painted: Painted, update: ChopsUpdate | LayoutUpdate) -> None:
        self._painted = painted
        self._update = update

    def render_segments(self, console: Console) -> str:
        """Render the update to sequences."""
        return self._painted.paint(self._update, console)


class _Anew(CompositorUpdate):
    """What is not known by its cells, after which nothing is known."""

    def __init__(self, painted: Painted, update: CompositorUpdate) -> None:
        self._painted = painted
        self._update = update

    def render_segments(self, console: Console) -> str:
        """Render the update to sequences."""
        self._painted.forget()
        return self._update.render_segments(console)


class _Writer:
    """Writes cells with as few changes of style as can be."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._look = _PLAIN

    def write_cells(self, y: int, x: int, cells: list[Cell]) -> None:
        """Write cells from a place on."""
        parts = self._parts
        parts.append(f"\x1b[{y + 1};{x + 1}H")
        for text, look in cells:
            if look is not self._look:
                sequence, self._look = _turn(self._look, look, text == " ")
                parts.append(sequence)
            parts.append(text)

    def write(self, y: int, x: int, sequences: str) -> None:
        """Write what is rendered already and ends without a style."""
        self._end_style()
        self._parts.append(f"\x1b[{y + 1};{x + 1}H{sequences}")

    def _end_style(self) -> None:
        if self._look != _PLAIN:
            self._parts.append("\x1b[0m")
            self._look = _PLAIN

    def finished(self) -> str:
        """All that was written."""
        self._end_style()
        return "".join(self._parts)


def _pieces(update: ChopsUpdate | LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of lines that an update is made of, each with its place."""
    return _of_all(update) if isinstance(update, LayoutUpdate) else _of_parts(update)


def _of_all(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield y, x, strip
            x += strip.cell_length


def _of_parts(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, start, end in update.spans:
        for piece_end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if strip is not None and x < end and piece_end > start:
                yield y, x, strip


def _cells(strip: Strip, console: Console) -> list[Cell] | None:
    """The cells of a piece, or None where not every character fills one cell everywhere."""
    cells: list[Cell] = []
    for text, style, _ in strip:
        if not _fills_its_cells(text) or (style is not None and style.link):
            return None
        look = _PLAIN if style is None else _look(_codes(style, console))
        blank = (" ", _of_a_blank(look))
        cells += [blank if character == " " else (character, look) for character in text]
    return cells


def _uneven(y: int, x: int, strip: Strip, console: Console) -> str:
    """The sequences of a piece, in which each word with joiners has the room of its letters.

    Some terminals join them and some draw one after the other; what follows stands in its place
    on both, and nothing of what was there before is left.
    """
    if not any(HELD_JOINER in text for text, *_ in strip):
        return strip.render(console)
    parts = []
    for text, style, _ in strip:
        for number, word in enumerate(_WORDS.split(text)):
            is_joined = number % 2 == 1
            width = cell_len(word)
            if is_joined:
                parts.append(_rendered(" " * width, style, console) + f"\x1b[{y + 1};{x + 1}H")
                word = _JOINED.sub(JOINER, word).replace(HELD_JOINER, "")
            parts.append(_rendered(word, style, console))
            x += width
            if is_joined:
                parts.append(f"\x1b[{y + 1};{x + 1}H")
    return "".join(parts)


def _rendered(text: str, style: Style | None, console: Console) -> str:
    return Strip([Segment(text, style)]).render(console) if text else ""


def _runs(shown: Sequence[Cell | None], cells: Sequence[Cell]) -> Iterator[tuple[int, int]]:
    """From where to where cells are different from those shown; what is close is one run."""
    start = end = -1
    for index, (before, after) in enumerate(zip(shown, cells, strict=True)):
        if before != after:
            if start < 0:
                start = index
            elif index - end > _SHORT:
                yield start, end
                start = index
            end = index + 1
    if start >= 0:
        yield start, end


@lru_cache(4096)
def _fills_its_cells(text: str) -> bool:
    return text.isascii() or all(get_character_cell_size(character) == 1 for character in text)


def _codes(style: Style, console: Console) -> str:
    return Strip.render_ansi(style, console._color_system or ColorSystem.TRUECOLOR)


@lru_cache(4096)
def _look(codes: str) -> Look:
    found = {"attributes": "", "front": "", "behind": ""}
    for code in _CODE.finditer(codes):
        assert code.lastgroup is not None
        found[code.lastgroup] += f"{code[0]};" if code.lastgroup == "attributes" else code[0]
    return Look(**found)


@lru_cache(4096)
def _of_a_blank(look: Look) -> Look:
    """What of a look is seen where nothing is written."""
    return look if look.marks_blanks else Look("", "", look.behind)


@lru_cache(4096)
def _turn(before: Look, after: Look, is_blank: bool) -> tuple[str, Look]:
    """The sequence from one look to another, of which what is the same is left, and what is then.

    Below a blank the letters may stay as they are, for those that follow.
    """
    if is_blank and not before.marks_blanks and not after.marks_blanks:
        after = before._replace(behind=after.behind)
    if before == after:
        return "", after
    if before.attributes != after.attributes or after == _PLAIN:
        codes = f"{after.attributes}{after.front};{after.behind}".strip(";")
        return f"\x1b[0;{codes}m" if codes else "\x1b[0m", after
    changed = [
        colour or default
        for shown, colour, default in zip(before[1:], after[1:], _DEFAULT_COLOURS, strict=True)
        if colour != shown
    ]
    return f"\x1b[{';'.join(changed)}m", after

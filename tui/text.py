"""Text from people, made fit to be shown: never markup, and no character that steers a terminal.

Whatever a person has typed goes through `visible`, `content` or `cell` on its way to the screen.
What should slip past all the same is dropped by `ControlCharacterFilter` when lines are drawn.
"""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter

from store.joiners import JOINER, NON_JOINER, joins
from store.text import UNSHOWABLE
from store.text import visible as visible_text

# Stands for a joiner until the terminal is written to. Where text is measured, what follows a
# joiner would count for nothing, which is so on some terminals only.
HELD_JOINER = "\N{COMBINING GRAPHEME JOINER}"

# How wide a shortened id is, with its ellipsis.
SHORT_ID_CELLS = 9


def visible(text: str) -> str:
    """The text with a sign in the place of what would not be seen; joiners as `HELD_JOINER`."""
    # What was made visible before, and put into other text, comes again.
    return visible_text(released(text)).replace(JOINER, HELD_JOINER)


def released(shown: str) -> str:
    """The text of what was made visible, with its joiners, for another program."""
    return shown.replace(HELD_JOINER, JOINER)


def content(text: str) -> Content:
    """The text as it is, for widgets, titles, options and tooltips."""
    return Content(visible(text))


def cell(text: str, style: str = "") -> Text:
    """The text as it is, for the cells of tables.

    Args:
        text: What to show.
        style: How, in Rich's terms.
    """
    return Text(visible(text), style=style, no_wrap=True, end="")


def shortened(text: str, cells: int) -> str:
    """The text cut to a width, in cells, with an ellipsis where something is missing."""
    shown = visible(text)
    if cell_len(shown) <= cells:
        return shown
    # Neither a blank nor a joiner that joins nothing is left before it.
    return f"{set_cell_size(shown, cells - 1).rstrip(f' {HELD_JOINER}')}…"


def short_id(key: str) -> str:
    """So much of an id or an access key that a person can tell it from the others."""
    return shortened(key, SHORT_ID_CELLS)


class ControlCharacterFilter(LineFilter):
    """Drops what `visible` would have shown, from whatever is drawn without it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without characters that steer the terminal."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [Segment(_printable(text), style, control) for text, style, control in segments]


def _printable(text: str) -> str:
    return "".join(
        character
        for place, character in enumerate(text)
        if unicodedata.category(character) not in UNSHOWABLE
        # A joiner that was not held back would upset what was measured.
        or (character == NON_JOINER and joins(text, place))
    )

"""Names in a row of chips, such as the groups of a member, cut to the width that there is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from tui.text import shortened

# A chip is never cut shorter for the sake of the next one, in cells without its blanks.
_LONGEST = 22
_SHORTEST = 6


def chips(names: Sequence[str], width: int, style: str, more: int = 0) -> Text:
    """The names as chips; those that have no room are counted at the end, as in `+3`.

    Args:
        names: The names, which may be text from people.
        width: The room, in cells.
        style: The look of a chip, in Rich's terms.
        more: How many others are counted without being named.
    """
    line = Text(no_wrap=True, end="")
    for number, name in enumerate(names):
        left = len(names) - number - 1 + more
        # Blanks around the name, one before the next chip, and room for the count of the rest.
        room = width - line.cell_len - 2 - (len(f" +{left:,}") if left else 0)
        shown = shortened(name, min(_LONGEST, max(room, 1)))
        if number and (room < _SHORTEST and cell_len(shown) < cell_len(name)):
            line.append(f"+{left + 1:,}")
            return line
        line.append(f" {shown} ", style)
        if left:
            line.append(" ")
    if names and more:
        line.append(f"+{more:,}")
    return line

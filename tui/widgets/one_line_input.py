"""An input of one line, in which a paste of several loses nothing."""

from __future__ import annotations

import re
from itertools import accumulate

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.widgets import Input

from tui.text import visible

_LINE_ENDS = re.compile(r"[\r\n]+")


class OneLineInput(Input):
    """An input that puts the lines of a paste one after the other, with blanks between them.

    It shows what it holds as the rest of the screen would, a sign for each character that is not
    seen, and joined text as joined.
    """

    @property
    def _value(self) -> Text:
        if self.password:
            return super()._value
        return Text(visible(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return self._value[:position].cell_len

    def _cell_offset_to_index(self, offset: int) -> int:
        offset += self.scroll_offset.x
        if offset < 0:
            return 0
        before = accumulate(map(cell_len, self._value.plain), initial=0)
        places = [place for place, cell in enumerate(before) if cell <= offset]
        return places[-1]

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        # Textual's own would keep the first line, and say nothing of the others.
        event.prevent_default()
        lines = _LINE_ENDS.split(event.text)
        text = " ".join(filter(str.strip, lines)) if len(lines) > 1 else event.text
        if text:
            self.replace(text, *self.selection)

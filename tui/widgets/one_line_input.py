"""An input of one line, in which a paste of several loses nothing."""

from __future__ import annotations

import re

from textual import events
from textual.widgets import Input

_LINE_ENDS = re.compile(r"[\r\n]+")


class OneLineInput(Input):
    """An input that puts the lines of a paste one after the other, with blanks between them."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        # Textual's own would keep the first line, and say nothing of the others.
        event.prevent_default()
        lines = _LINE_ENDS.split(event.text)
        text = " ".join(filter(str.strip, lines)) if len(lines) > 1 else event.text
        if text:
            self.replace(text, *self.selection)

"""Pastes that arrive in pieces, or with escape characters in them, and are never keys all the same.

A terminal puts a paste between two marks. Textual's parser looks for escape sequences inside it,
too: where one is cut off by a stalled line, or is a piece of the text, it gives what follows as
keys, or takes every key from then on for a piece of the paste.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.events import Paste
from textual.message import Message

_BEGIN, _END = "\x1b[200~", "\x1b[201~"


class PasteParser(XTermParser):
    """A parser that keeps a paste to itself until its end has come."""

    _is_pasting = False
    _pasted = ""
    # The end of what came last, where the first piece of a mark may be.
    _tail = ""

    def feed(self, data: str) -> Iterable[Message]:
        """Parse what has arrived; the empty text is the end of all input.

        Args:
            data: Some of it, cut off anywhere.

        Yields:
            Keys, pastes and what else a terminal tells.
        """
        if not data:
            yield from super().feed(data)
        while data:
            if self._is_pasting:
                text, mark, data = (self._pasted + data).partition(_END)
                if not mark:
                    self._pasted = text
                    return
                yield from self._end(text)
            else:
                begun = (self._tail + data).find(_BEGIN)
                until = len(data) if begun < 0 else begun + len(_BEGIN) - len(self._tail)
                self._tail = (self._tail + data)[1 - len(_BEGIN) :]
                self._is_pasting = begun >= 0
                yield from super().feed(data[:until])
                data = data[until:]

    def _end(self, text: str) -> Iterable[Message]:
        self._is_pasting, self._pasted, self._tail = False, "", ""
        # Textual's own is between the marks, too, and has seen nothing there.
        for token in super().feed(_END):
            if not isinstance(token, Paste):
                yield token
        # As Textual does: a NUL is no text to any widget.
        yield Paste(text.replace("\x00", ""))


def keep_pastes_whole() -> None:
    """Let the driver of the terminal read by that parser; it has no setting for it."""
    setattr(linux_driver, "XTermParser", PasteParser)  # noqa: B010

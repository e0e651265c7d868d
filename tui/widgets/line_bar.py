"""A line in which somebody types the number of the line to go to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from store.errors import InvalidInput
from tui.widgets.field import text_input

_PLACE = re.compile(r"(\d+)(?:\s*[:,]\s*(\d*))?", re.ASCII)
_HINT = "12 or 12:5, enter goes there, esc ends"


class LineBar(Horizontal):
    """The number, and what is wrong with it. It is out of sight until it is opened."""

    @dataclass
    class Entered(Message):
        """A place is to be gone to."""

        typed: str

    def __init__(self) -> None:
        super().__init__(classes="find-bar line-bar")
        self.display = False

    def compose(self) -> ComposeResult:
        """The number, and how it is typed."""
        yield Static("Go to line ", classes="find-label")
        yield text_input()
        yield Static(classes="find-count")

    def open(self) -> None:
        """Come into sight, without what was typed before."""
        self.display = True
        line = self.query_one(Input)
        line.value = ""
        line.focus()
        self._say(_HINT)

    def close(self) -> None:
        """Go out of sight."""
        self.display = False

    def show_error(self, message: str) -> None:
        """Say why nothing was gone to.

        Args:
            message: A sentence.
        """
        self._say(message)
        self.query_one(Input).select_all()

    def _say(self, words: str) -> None:
        self.query_one(".find-count", Static).update(Content(words))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._say(_HINT)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered(event.value))


def place_named(typed: str, lines: int) -> tuple[int, int]:
    """The line and the column, from 0, that somebody has typed as `12` or `12:5`.

    Args:
        typed: What was typed.
        lines: How many lines there are.

    Raises:
        InvalidInput: It is no line of the text.
    """
    match = _PLACE.fullmatch(typed.strip())
    if match is None:
        raise InvalidInput("Type a number, such as 12 or 12:5.")
    line, column = match[1].lstrip("0"), (match[2] or "").lstrip("0")
    if not line:
        raise InvalidInput("The first line is 1.")
    # Nobody has as many lines as numbers of many digits say, nor can Python read all of them.
    if len(line) > len(str(lines)) or int(line) > lines:
        raise InvalidInput(f"There is no such line: the last one is {lines:,}.")
    return int(line) - 1, int(column[:9] or 1) - 1

"""Where the keys, comments and includes of a HOCON text are.

The parser tells what a text means, but not where each key was written. This walks over a text that
the parser has taken; for another one, what it says is a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'(?P<string>"""(?:.*?"""+|.*)|"(?:[^"\\\n]|\\.)*"?)'
    r"|(?P<comment>(?:\#|(?<!:)//)[^\n]*)"
    r"|(?P<mark>\+=|[{}\[\],=:\n])"
    r"|(?P<other>\$\{[^}\n]*\}?|\\.|[^\s\"#/$\\{}\[\],=:+]+|[/$\\+])"
    r"|(?P<blank>[^\S\n]+)",
    re.DOTALL,
)
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')
_INCLUDE = re.compile(r'include\s*(?:"|(?:file|url|package|required)\s*\()')


@dataclass(frozen=True)
class Key:
    """A key where it is written.

    Attributes:
        path: The keys on the way to it and itself, without quotes.
        line: The line, from 1.
        column: The column, in characters from 1.
        written: How it is written, with quotes and dots; of the keys around it, nothing.
        is_in_list: Whether it is in an object of a list; the path leads to the list, then to it.
    """

    path: tuple[str, ...]
    line: int
    column: int
    written: str
    is_in_list: bool


@dataclass(frozen=True)
class Included:
    """An include where it is written, with the path of the object that it is in."""

    path: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True)
class Outline:
    """The keys and includes of a text, in order, and how many comments it has."""

    keys: tuple[Key, ...]
    included: tuple[Included, ...]
    comments: int


def outline(text: str) -> Outline:
    """Walk over a text.

    Args:
        text: HOCON that the parser has taken.
    """
    walk = _Walk(text)
    for found in _TOKEN.finditer(text):
        walk.take(found.lastgroup or "", found[0], found.start())
    walk.end_key()
    return Outline(tuple(walk.keys), tuple(walk.included), walk.comments)


@dataclass
class _Frame:
    """An object or a list that is open; in an object, what is written of the next key."""

    path: tuple[str, ...]
    is_list: bool = False
    is_in_list: bool = False
    written: str = ""
    begin: int = 0
    # The path of the key whose value is being written, and whether some of it is there.
    valued: tuple[str, ...] | None = None
    has_value: bool = False


@dataclass
class _Walk:
    text: str
    keys: list[Key] = field(default_factory=list)
    included: list[Included] = field(default_factory=list)
    comments: int = 0

    def __post_init__(self) -> None:
        self._frames = [_Frame(())]
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def take(self, kind: str, token: str, at: int) -> None:
        """Take the next token."""
        frame = self._frames[-1]
        if kind == "comment":
            self.comments += 1
        elif kind == "mark":
            self._take_mark(frame, token)
        elif frame.is_list or frame.valued is not None:
            frame.has_value |= kind != "blank"
        elif kind != "blank" or frame.written:
            frame.begin = frame.begin if frame.written else at
            frame.written += token

    def end_key(self) -> None:
        """See the end of what may be an include, or nothing."""
        frame = self._frames[-1]
        if _INCLUDE.match(frame.written):
            self.included.append(Included(frame.path, *self._place(frame.begin)))
        frame.written = ""

    def _take_mark(self, frame: _Frame, mark: str) -> None:
        if mark in ("{", "["):
            self._open(frame, mark)
        elif mark in ("}", "]"):
            self.end_key()
            if len(self._frames) > 1:
                self._frames.pop()
                self._frames[-1].has_value = True
        elif mark in ("\n", ","):
            self._separate(frame, mark)
        elif frame.valued is None and not frame.is_list:
            self._note_key(frame)

    def _open(self, frame: _Frame, mark: str) -> None:
        if frame.valued is None and not frame.is_list and frame.written.strip():
            self._note_key(frame)
        frame.has_value = True
        path = frame.path if frame.valued is None else frame.valued
        in_list = frame.is_list or frame.is_in_list
        self._frames.append(_Frame(path, is_list=mark == "[", is_in_list=in_list))

    def _separate(self, frame: _Frame, mark: str) -> None:
        if frame.valued is not None and (mark == "," or frame.has_value):
            frame.valued, frame.has_value = None, False
        # A brace may follow on the next line.
        elif mark == "," or _INCLUDE.match(frame.written):
            self.end_key()

    def _note_key(self, frame: _Frame) -> None:
        written = frame.written.strip()
        parts = tuple(part.strip().strip('"') for part in _PART.findall(written))
        frame.valued, frame.has_value, frame.written = frame.path + parts, False, ""
        place = self._place(frame.begin)
        self.keys.append(Key(frame.valued, *place, written, frame.is_in_list))

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

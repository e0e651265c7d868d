"""Where the keys, comments and includes of a HOCON text are.

The parser tells what a text means, but not where each key was written. This walks over a text that
the parser has taken; for another one, what it says is a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

# What clients read as a number, and as true, false or null, where a part of a value begins.
NUMBER = r"[+-]?(?:\d*\.\d+|\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?(?=\Z|[ \t]*(?:[$}\],#\n\r]|//))"
WORD = r"(?i:true|false|null)(?![A-Za-z0-9_$])"

_STRING = r'(?P<string>"""(?:.*?"""+|.*)|"(?:[^"\\\n]|\\.)*"?)'
_COMMENT = r"|(?P<blank>[^\S\n]+)|(?P<comment>(?:\#|//)[^\n]*)"
# A name takes blanks and slashes as well as letters, and so does a text what stands for other
# things elsewhere: only where one begins is `//` a comment.
_IN_KEY = re.compile(
    _STRING
    + _COMMENT
    + r"|(?P<mark>\+=|[{}\[\],=:\n])"
    + r"|(?P<other>\$\{[^}\n]*\}?|\\.|[^\n\"#$\\{}\[\],=:+]+|[$\\+])",
    re.DOTALL,
)
_IN_VALUE = re.compile(
    _STRING
    + _COMMENT
    + r"|(?P<mark>[{}\[\],\n])"
    + rf"|(?P<other>\$\{{[^}}\n]*\}}?|{NUMBER}|{WORD}|(?:[^\s\"#$\\{{}}\[\],]|\\.)+|[$\\])",
    re.DOTALL,
)
# A key in a path as it is written.
PART = re.compile(r'"(?:[^"\\]|\\.)*"|[^."]+')
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
        start: Where it begins, in characters from 0.
        end: Where what gives it its value ends.
        mark: What gives it its value: `=`, `:`, `+=` or `{`.
    """

    path: tuple[str, ...]
    line: int
    column: int
    written: str
    is_in_list: bool
    start: int = 0
    end: int = 0
    mark: str = "="


@dataclass(frozen=True)
class Included:
    """An include where it is written, with the path of the object that it is in."""

    path: tuple[str, ...]
    line: int
    column: int


@dataclass(frozen=True)
class Written:
    """A value or a comment where it is written.

    Attributes:
        path: The keys on the way to it, without quotes; of a comment, to what it is in.
        start: Where it begins, in characters from 0.
        end: Where it ends.
        is_comment: Whether it is a comment, with what begins it.
        is_item: Whether it is a value of a list.
    """

    path: tuple[str, ...]
    start: int
    end: int
    is_comment: bool = False
    is_item: bool = False


@dataclass(frozen=True)
class Outline:
    """The keys and includes of a text, its values and comments, each in order.

    Objects and lists are no values here, but what is in them.
    """

    keys: tuple[Key, ...]
    included: tuple[Included, ...]
    written: tuple[Written, ...]

    @property
    def comments(self) -> int:
        """How many comments it has."""
        return sum(one.is_comment for one in self.written)


def path_of(written: str) -> tuple[str, ...]:
    """The keys of a path as it is written, without quotes and outer blanks."""
    return tuple(part.strip().strip('"') for part in PART.findall(written.strip()))


def outline(text: str) -> Outline:
    """Walk over a text.

    Args:
        text: HOCON that the parser has taken.
    """
    walk = _Walk(text)
    at = 0
    while found := walk.next_token(at):
        walk.take(found.lastgroup or "", found[0], at)
        at = found.end()
    walk.end_key()
    walk.end_value()
    return Outline(tuple(walk.keys), tuple(walk.included), tuple(walk.written))


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
    # Where what is written of a value begins and ends.
    value: tuple[int, int] | None = None

    @property
    def is_in_value(self) -> bool:
        """Whether what comes next is of a value."""
        return self.is_list or self.valued is not None


@dataclass
class _Walk:
    text: str
    keys: list[Key] = field(default_factory=list)
    included: list[Included] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._frames = [_Frame(())]
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def next_token(self, at: int) -> re.Match[str] | None:
        """The token that begins there; None at the end."""
        return (_IN_VALUE if self._frames[-1].is_in_value else _IN_KEY).match(self.text, at)

    def take(self, kind: str, token: str, at: int) -> None:
        """Take the next token."""
        frame = self._frames[-1]
        if kind == "comment":
            self.end_value()
            path = frame.path if frame.valued is None else frame.valued
            self.written.append(Written(path, at, at + len(token), is_comment=True))
        elif kind == "mark":
            self._take_mark(frame, token, at)
        elif frame.is_in_value:
            frame.has_value |= kind != "blank"
            if kind != "blank":
                begin = at if frame.value is None else frame.value[0]
                frame.value = begin, at + len(token)
        elif kind != "blank" or frame.written:
            frame.begin = frame.begin if frame.written else at
            frame.written += token

    def end_key(self) -> None:
        """See the end of what may be an include, or nothing."""
        frame = self._frames[-1]
        if _INCLUDE.match(frame.written):
            self.included.append(Included(frame.path, *self._place(frame.begin)))
        frame.written = ""

    def end_value(self) -> None:
        """See the end of a value, or nothing."""
        frame = self._frames[-1]
        if frame.value is not None:
            path = frame.path if frame.valued is None else frame.valued
            self.written.append(Written(path, *frame.value, is_item=frame.is_list))
        frame.value = None

    def _take_mark(self, frame: _Frame, mark: str, at: int) -> None:
        if frame.valued is None or mark != "\n" or frame.has_value:
            self.end_value()
        if mark in ("{", "["):
            self._open(frame, mark, at)
        elif mark in ("}", "]"):
            self.end_key()
            if len(self._frames) > 1:
                self._frames.pop()
                self._frames[-1].has_value = True
        elif mark in ("\n", ","):
            self._separate(frame, mark)
        else:
            self._note_key(frame, mark, at)

    def _open(self, frame: _Frame, mark: str, at: int) -> None:
        is_whole = not frame.is_in_value
        if is_whole and frame.written.strip():
            self._note_key(frame, mark, at)
        frame.has_value = True
        path = frame.path if frame.valued is None else frame.valued
        in_list = frame.is_list or frame.is_in_list
        self._frames.append(_Frame(path, is_list=mark == "[", is_in_list=in_list))
        if is_whole:
            # After `a { }` the next key may follow at once.
            frame.valued = None

    def _separate(self, frame: _Frame, mark: str) -> None:
        if frame.valued is not None and (mark == "," or frame.has_value):
            frame.valued, frame.has_value = None, False
        # A brace may follow on the next line.
        elif mark == "," or _INCLUDE.match(frame.written):
            self.end_key()

    def _note_key(self, frame: _Frame, mark: str, at: int) -> None:
        written = frame.written.strip()
        frame.valued, frame.has_value = frame.path + path_of(written), False
        frame.written = ""
        place = self._place(frame.begin)
        end = at + len(mark)
        self.keys.append(
            Key(frame.valued, *place, written, frame.is_in_list, frame.begin, end, mark)
        )

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1

"""JSON with the places at which everything was written.

It is read here and not apart, for in JSON nothing can be followed or looked up, and the time that
it takes grows as the text does.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, NoReturn

from store.parsing.nodes import Node, NotReadable

_MOST_DIGITS = 300

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?(?![\w.+-])")
_WORD = re.compile(r"-?\w+")
_ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def parse_json(text: str, levels: int) -> Node | None:
    """Read a text as JSON.

    Args:
        text: The text.
        levels: How deep objects and lists may lie in each other.

    Returns:
        The root, or None where nothing is in the text.

    Raises:
        NotReadable: It is no JSON, or too deep.
    """
    return _Reader(text, levels).read()


class _Reader:
    def __init__(self, text: str, levels: int) -> None:
        self._text = text
        self._levels = levels
        self._at = 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def read(self) -> Node | None:
        self._skip()
        if self._at == len(self._text):
            return None
        root = self._value(0)
        if self._next():
            self._refuse(
                "Something follows the end. Put a comma or a bracket right, or take it out."
            )
        return root

    def _value(self, level: int) -> Node:
        character = self._next()
        if character in ("{", "["):
            if level > self._levels:
                self._refuse(
                    f"Objects or lists lie more than {self._levels} levels deep in each other, "
                    "which clients cannot read. Make it flatter."
                )
            return self._object(level) if character == "{" else self._list(level)
        place = self._place()
        if character == '"':
            return Node(*place, "value", self._string())
        return Node(*place, *self._plain())

    def _object(self, level: int) -> Node:
        def pair() -> tuple[Node, Node]:
            if self._next() != '"':
                self._refuse("A key in double quotes is expected here.")
            key = Node(*self._place(), "value", self._string())
            if self._next() != ":":
                self._refuse("A colon is expected here, after the key.")
            self._at += 1
            return key, self._value(level + 1)

        return self._series("object", "}", pair)

    def _list(self, level: int) -> Node:
        return self._series("list", "]", lambda: self._value(level + 1))

    def _series(self, kind: str, end: str, part: Callable[[], Any]) -> Node:
        place = self._place()
        self._at += 1
        parts: list[Any] = []
        if self._next() != end:
            parts.append(part())
            while self._next() == ",":
                self._at += 1
                if self._next() == end:
                    self._refuse("JSON takes no comma before a closing bracket. Take it out.")
                parts.append(part())
        if self._next() != end:
            opened = f"for the one at line {place[0]}, column {place[1]}"
            self._refuse(f"A comma or a closing {end} is expected here, {opened}.")
        self._at += 1
        return Node(*place, kind, parts)

    def _string(self) -> str:
        found = _STRING.match(self._text, self._at)
        if found is None:
            self._refuse(
                "This text in quotes is no JSON. Look for a quote that is missing, a line's end "
                "or a tab in it, or a backslash that should be two."
            )
        self._at = found.end()
        return _ESCAPE.sub(_unescaped, found[1]) if "\\" in found[1] else found[1]

    def _plain(self) -> tuple[str, Any]:
        number = _NUMBER.match(self._text, self._at)
        if number:
            self._at = number.end()
            return _number(number)
        word = _WORD.match(self._text, self._at)
        if word and word[0] in _WORDS:
            self._at = word.end()
            return "value", _WORDS[word[0]]
        if word and word[0] in ("NaN", "Infinity", "-Infinity"):
            self._at = word.end()
            return "infinite", None
        if self._text.startswith(("//", "/*", "#"), self._at):
            self._refuse("JSON has no comments. Take it out, or choose HOCON or YAML.")
        self._refuse("A value is expected here: a text in double quotes, a number, or { or [.")

    def _skip(self) -> None:
        found = _BLANK.match(self._text, self._at)
        assert found
        self._at = found.end()

    def _next(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _place(self) -> tuple[int, int]:
        line = bisect_right(self._lines, self._at)
        return line, self._at - self._lines[line - 1] + 1

    def _refuse(self, message: str) -> NoReturn:
        raise NotReadable(message, *self._place())


def _number(found: re.Match[str]) -> tuple[str, Any]:
    if found[1] is None and found[2] is None:
        digits = len(found[0].lstrip("-"))
        return ("value", int(found[0])) if digits <= _MOST_DIGITS else ("number", None)
    value = float(found[0])
    return ("value", value) if math.isfinite(value) else ("number", None)


def _unescaped(found: re.Match[str]) -> str:
    escape = found[0]
    if escape[1] != "u":
        return _ESCAPES[escape[1]]
    # Two halves of a character make one; half a character stays one.
    units = b"".join(int(unit, 16).to_bytes(2, "little") for unit in escape.split("\\u")[1:])
    return units.decode("utf-16-le", "surrogatepass")

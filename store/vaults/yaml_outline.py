"""Where the values and comments of a YAML text are, as far as can be told without parsing it."""

from __future__ import annotations

import re

from store.vaults.outline import Written, outline
from store.vaults.problems import Path

_QUOTES = "\"'"
_BEFORE = re.compile(r"[ \t]*(?:[-?][ \t]+)*")
_KEY = re.compile(
    r"""(?P<key>"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|[^\s#'"{}\[\],|>][^#\n]*?)"""
    r"[ \t]*:(?=[ \t]|$)",
    re.MULTILINE,
)
_MARKS = re.compile(r"[ \t]*(?:[&!][^\s,\[\]{}]*[ \t]*)*")
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_QUOTED = re.compile(r"""\"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?""", re.DOTALL)
_SINGLE = re.compile(r"'(?:[^']|'')*'")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")
_BRACKET = re.compile(r"""\"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\[{]|[\]}]""", re.DOTALL)


def yaml_written(text: str) -> list[Written]:
    """The values and comments of a YAML text, in order, each with the path that it is at.

    A line that begins with no key is a value of the key around it. For a text that the parser has
    not taken, what it says is a guess.

    Args:
        text: The text, or its beginning.
    """
    walk = _Walk(text)
    at = 0
    while at < len(text):
        at = walk.take_line(at)
    return walk.written


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.written: list[Written] = []
        # The keys that are open, each with the column that it begins in.
        self._opened: list[tuple[int, str]] = []

    def take_line(self, start: int) -> int:
        """Take a line, and those that its value goes on in; where the next one begins."""
        before = _BEFORE.match(self.text, start)
        assert before is not None
        at = before.end()
        end = self._end_of_line(at)
        if at >= end:
            return end + 1
        column = at - start
        if self.text[at] == "#":
            self._note(at, end, is_comment=True)
            return end + 1
        key = _KEY.match(self.text, at, end)
        # A dash ends what lies deeper than it. What is no key belongs to the one before that lies
        # less deep, or as deep as its dashes.
        dash = before[0].find("-")
        depth = dash + 1 if dash >= 0 else column + (key is None)
        while self._opened and self._opened[-1][0] >= depth:
            self._opened.pop()
        if key is not None:
            self._opened.append((column, key["key"].strip(_QUOTES)))
            at = key.end()
        marks = _MARKS.match(self.text, at, end)
        return self._take_value(at if marks is None else marks.end(), column)

    def _take_value(self, at: int, column: int) -> int:
        text = self.text
        if at < len(text) and text[at] in "{[":
            return self._take_flow(at)
        if (block := _BLOCK.match(text, at)) is not None:
            return self._take_block(block.end() + 1, column)
        if (quoted := _QUOTED.match(text, at)) is not None:
            self._note(at, quoted.end())
            return self._take_comment(quoted.end())
        end = self._end_of_line(at)
        comment = _COMMENT.search(text, at, end)
        value_end = end if comment is None else comment.start()
        self._note(at, at + len(text[at:value_end].rstrip()))
        return self._take_comment(value_end)

    def _take_flow(self, at: int) -> int:
        depth, end = 0, len(self.text)
        for found in _BRACKET.finditer(self.text, at):
            depth += (found[0] in "[{") - (found[0] in "]}")
            if depth == 0:
                end = found.end()
                break
        # Within braces it reads as HOCON does, but for single quotes.
        flow = _SINGLE.sub(_in_double_quotes, self.text[at:end])
        for one in outline(flow).written:
            self._note(at + one.start, at + one.end, one.path, is_comment=one.is_comment)
        return self._take_comment(end)

    def _take_block(self, start: int, column: int) -> int:
        first, end = start, start
        while end < len(self.text):
            line_end = self._end_of_line(end)
            line = self.text[end:line_end]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= column:
                break
            end = line_end + 1
        block = self.text[first : min(end, len(self.text))]
        self._note(first + len(block) - len(block.lstrip()), first + len(block.rstrip()))
        return end

    def _take_comment(self, at: int) -> int:
        """Take what follows a value in its line."""
        end = self._end_of_line(at)
        if self.text[at:end].strip():
            self._note(
                at + len(self.text[at:end]) - len(self.text[at:end].lstrip()), end, is_comment=True
            )
        return end + 1

    def _note(self, start: int, end: int, inner: Path = (), *, is_comment: bool = False) -> None:
        if end > start:
            path = (*(name for _, name in self._opened), *inner)
            self.written.append(Written(path, start, end, is_comment=is_comment))

    def _end_of_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def _in_double_quotes(found: re.Match[str]) -> str:
    """The same in as many characters, without what means something there."""
    return '"' + re.sub(r'["\\\n]', "_", found[0][1:-1]) + '"'

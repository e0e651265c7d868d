"""Which parts of a line of HOCON, JSON or YAML are keys, strings, numbers and so on.

A line is looked at by itself, with what the lines above have left open: a string in triple quotes,
a block of text. It is no parser: of what a parser would refuse, it makes something that reads well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from store.vaults.formats import Format

Kind = Literal["key", "string", "number", "constant", "comment", "reference", "mark"]

# The first column, the column after the last one, and what is there.
Token = tuple[int, int, Kind]

# What is open where a line begins: nothing, a quote, or a block and its parent's indentation.
State = tuple[str, int]
NOTHING_OPEN: State = ("", 0)

# Beyond, a line is not looked at: nobody reads it, and each key would wait for it.
LONGEST = 2_000

_TRIPLE = '"""'
_BLOCK = "|"

_HOCON = re.compile(
    r"""
      (?P<triple>\"\"\")
    | (?P<string>"(?:[^"\\]|\\.)*"?)
    | (?P<comment>\#.*|(?<!:)//.*)
    | (?P<reference>\$\{[^}]*\}?)
    | (?P<include>\binclude\b(?=\s*(?:"|(?:file|url|required|package|classpath)\s*\()))
    | (?P<mark>\+=|[{}\[\],:=])
    | (?P<word>(?:\\.|(?<=:)//|[^\s"$#{}\[\],:=+\\]|\$(?!\{)|\+(?!=))+)
    """,
    re.VERBOSE,
)
_SEPARATOR = re.compile(r"\s*(?:\+=|[:={])")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_HOCON_CONSTANTS = frozenset({"true", "false", "null", "on", "off", "yes", "no"})
_JSON_CONSTANTS = frozenset({"true", "false", "null"})

_YAML = re.compile(
    r"""
      (?P<comment>(?:(?<=\s)|^)\#.*)
    | (?P<document>^(?:---|\.\.\.)(?=\s|$)|^%[A-Z].*)
    | (?P<item>[-?](?=\s|$))
    | (?P<double>"(?:[^"\\]|\\.)*(?P<double_end>"?))
    | (?P<single>'(?:[^']|'')*(?P<single_end>'?))
    | (?P<reference>[&*!][^\s,\[\]{}]*)
    | (?P<block>[|>][-+\d]*(?=\s*(?:(?<=\s)\#.*)?$))
    | (?P<mark>[{}\[\],]|:(?=\s|$))
    | (?P<word>(?:[^\s,\[\]{}:]|:(?!\s|$))+)
    """,
    re.VERBOSE,
)
_YAML_KEY = re.compile(
    r"""[^\s"'#\[\]{},&*!|>%@`](?:[^:\#]|:(?!\s|$)|(?<!\s)\#)*?(?=\s*:(?:\s|$))"""
)
_YAML_NUMBER = re.compile(
    r"[-+]?(?:\d+|0o[0-7]+|0x[\da-fA-F]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|\.(?:inf|Inf|INF))"
    r"|\.(?:nan|NaN|NAN)"
)
_YAML_CONSTANTS = frozenset(
    {"true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL", "~"}
)
_YAML_END = re.compile(r"\s*(?:[,\]}]|$|\s\#|:(?:\s|$))")
_INDENTATION = re.compile(r" *")
_DASHES = re.compile(r"(?:[-?] +)*")


def tokens_of(line: str, text_format: Format, state: State) -> list[Token]:
    """The parts of a line.

    Args:
        line: The line, without its end.
        text_format: The format of the text.
        state: What is open at its beginning.
    """
    return _FORMATS[text_format](line[:LONGEST], state)[0]


def state_after(line: str, text_format: Format, state: State) -> State:
    """What is open at the end of a line.

    Args:
        line: The line, without its end.
        text_format: The format of the text.
        state: What is open at its beginning.
    """
    if text_format == "json" or len(line) > LONGEST:
        return state
    if text_format == "hocon":
        return state if _TRIPLE not in line else _hocon(line, state)[1]
    if state[0] == _BLOCK and _is_in_block(line, state):
        return state
    # Nothing can be opened or closed without one of these.
    if state[0] not in ("", _BLOCK) or any(sign in line for sign in "\"'|>"):
        return _yaml(line, state)[1]
    return NOTHING_OPEN


class LineStates:
    """What is open at the beginning of each line, as far as it has been asked for.

    Args:
        line_at: Gives a line by its number, from 0.
    """

    def __init__(self, line_at: Callable[[int], str]) -> None:
        self._line_at = line_at
        self._known = [NOTHING_OPEN]

    def before(self, row: int, text_format: Format) -> State:
        """What is open at the beginning of a line.

        Args:
            row: The line, from 0.
            text_format: The format of the text.
        """
        known = self._known
        while len(known) <= row:
            known.append(state_after(self._line_at(len(known) - 1), text_format, known[-1]))
        return known[row]

    def known_before(self, row: int) -> State | None:
        """What is open at the beginning of a line; None where nobody has asked yet.

        Args:
            row: The line, from 0.
        """
        return self._known[row] if row < len(self._known) else None

    def forget_after(self, row: int) -> None:
        """Forget what was below a line, for it has changed."""
        del self._known[row + 1 :]


# HOCON and JSON


def _hocon(line: str, state: State) -> tuple[list[Token], State]:
    return _with_braces(line, state, is_json=False)


def _json(line: str, state: State) -> tuple[list[Token], State]:
    return _with_braces(line, NOTHING_OPEN, is_json=True)


def _with_braces(line: str, state: State, *, is_json: bool) -> tuple[list[Token], State]:
    found: list[Token] = []
    at, is_key_next = 0, True
    if state[0] == _TRIPLE:
        at = _end_of_triple(line, 0)
        found.append((0, at or len(line), "string"))
        if not at:
            return found, state
        is_key_next = False
    while (match := _HOCON.search(line, at)) is not None:
        start, at, group = match.start(), match.end(), match.lastgroup or ""
        if group == "triple" and not is_json:
            at = _end_of_triple(line, at)
            found.append((start, at or len(line), "string"))
            if not at:
                return found, (_TRIPLE, 0)
        elif group == "mark":
            found.append((start, at, "mark"))
            # A colon in an unquoted value begins no other key.
            is_key_next = match[0] in ("{", "}", ",") or (is_key_next and match[0] in "[]")
        else:
            is_key = is_key_next and _SEPARATOR.match(line, at) is not None
            kind = _kind_with_braces(group, match[0], is_key=is_key, is_json=is_json)
            if kind is not None:
                found.append((start, at, kind))
    return found, NOTHING_OPEN


def _kind_with_braces(group: str, word: str, *, is_key: bool, is_json: bool) -> Kind | None:
    if group in ("include", "comment", "reference"):
        # JSON has none of these.
        kind: Kind = "comment" if group == "comment" else "reference"
        return None if is_json else kind
    if is_key:
        return "key"
    if group != "word":
        return "string"
    if word in (_JSON_CONSTANTS if is_json else _HOCON_CONSTANTS):
        return "constant"
    return "number" if _NUMBER.fullmatch(word) else None


def _end_of_triple(line: str, at: int) -> int:
    """Where a string in triple quotes ends; 0 where it does not in this line."""
    end = line.find(_TRIPLE, at)
    if end < 0:
        return 0
    end += len(_TRIPLE)
    # Quotes before the last three belong to the string.
    while end < len(line) and line[end] == '"':
        end += 1
    return end


# YAML


def _yaml(line: str, state: State) -> tuple[list[Token], State]:
    if state[0] == _BLOCK and _is_in_block(line, state):
        return [(0, len(line), "string")], state
    walk = _YamlLine(line)
    if state[0] in ('"', "'"):
        end = _end_of_quote(line, state[0])
        walk.found.append((0, end or len(line), "string"))
        if not end:
            return walk.found, state
        walk.at, walk.is_key_next = end, False
    while walk.at < len(line) and walk.state == NOTHING_OPEN:
        walk.step()
    return walk.found, walk.state


class _YamlLine:
    """A walk along a line of YAML, until it ends or leaves something open."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.at = 0
        self.is_key_next = True
        self.found: list[Token] = []
        self.state = NOTHING_OPEN

    def step(self) -> None:
        """Take what comes next."""
        line, start = self.line, self.at
        if self._take_key():
            return
        match = _YAML.match(line, start)
        if match is None:
            self.at += 1
            return
        self.at = match.end()
        group = match.lastgroup or ""
        if group in _QUOTED:
            self._take_quoted(start, is_closed=bool(match[_QUOTED[line[start]]]))
        elif group == "word":
            kind = _kind_of_yaml_word(line, start, self.at)
            self.is_key_next = False
            if kind is not None:
                self.found.append((start, self.at, kind))
        else:
            self._take_sign(group, match[0], start)

    def _take_key(self) -> bool:
        line, at = self.line, self.at
        if not self.is_key_next or line[at].isspace() or _is_item(line, at):
            return False
        key = _YAML_KEY.match(line, at)
        if key is not None:
            self.found.append((at, key.end(), "key"))
            self.at, self.is_key_next = key.end(), False
        return key is not None

    def _take_quoted(self, start: int, *, is_closed: bool) -> None:
        is_key = self.is_key_next and _YAML_COLON.match(self.line, self.at) is not None
        self.found.append((start, self.at, "key" if is_key and is_closed else "string"))
        self.is_key_next = False
        if not is_closed:
            self.state = (self.line[start], 0)

    def _take_sign(self, group: str, sign: str, start: int) -> None:
        self.found.append((start, self.at, _YAML_KINDS[group]))
        if group == "mark":
            self.is_key_next = sign in "{,"
        elif group == "block":
            self.found += _comment_at(self.line, self.at)
            self.state = (_BLOCK, _indentation(self.line))


# Which group holds the closing quote.
_QUOTED = {
    '"': "double_end",
    "'": "single_end",
    "double": "double_end",
    "single": "single_end",
    "double_end": "double_end",
    "single_end": "single_end",
}
_YAML_COLON = re.compile(r"\s*:(?:\s|$)")
_YAML_KINDS: dict[str, Kind] = {
    "comment": "comment",
    "document": "comment",
    "reference": "reference",
    "block": "reference",
    "mark": "mark",
    "item": "mark",
}


def _end_of_quote(line: str, quote: str) -> int:
    pattern = r'(?:[^"\\]|\\.)*"' if quote == '"' else r"(?:[^']|'')*'"
    match = re.match(pattern, line)
    return match.end() if match else 0


def _is_item(line: str, at: int) -> bool:
    return line[at] in "-?" and (at + 1 == len(line) or line[at + 1].isspace())


def _comment_at(line: str, at: int) -> Iterator[Token]:
    start = line.find("#", at)
    if start >= 0:
        yield start, len(line), "comment"


def _kind_of_yaml_word(line: str, start: int, end: int) -> Kind | None:
    word = line[start:end]
    before = line[:start].rstrip()
    # A word among others is a part of a text.
    is_alone = _YAML_END.match(line, end) is not None and (
        not before or before[-1] in ":-?,[{" or before.split()[-1][0] in "&!"
    )
    if not is_alone:
        return None
    if word in _YAML_CONSTANTS:
        return "constant"
    return "number" if _YAML_NUMBER.fullmatch(word) else None


def _is_in_block(line: str, state: State) -> bool:
    """Whether a line belongs to the block of text that is open."""
    return not line.strip() or _indentation_of_text(line) > state[1]


def _indentation_of_text(line: str) -> int:
    match = _INDENTATION.match(line)
    return match.end() if match else 0


def _indentation(line: str) -> int:
    """The column of what a block of text belongs to: the key, or else the last dash."""
    indentation = _indentation_of_text(line)
    dashes = _DASHES.match(line, indentation)
    end = dashes.end() if dashes else indentation
    if end == indentation:
        return indentation
    if end < len(line) and line[end] in "|>&!":
        return line.rindex("-", 0, end) if "-" in line[:end] else indentation
    return end


_FORMATS: dict[Format, Callable[[str, State], tuple[list[Token], State]]] = {
    "hocon": _hocon,
    "json": _json,
    "yaml": _yaml,
}

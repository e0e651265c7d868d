"""What HOCON makes of a text without a word, and few people mean: told with what clients have.

Each warning is held to both clients' own parsers by tests. Of a secret, what clients have is not
said, for warnings are shown where secrets are hidden.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from typing import Any

from store.vaults.hocon_values import Piece, pieces_of, value_of
from store.vaults.merging import is_secret
from store.vaults.outline import Key, Outline, Written
from store.vaults.problems import Path, Problem
from store.vaults.trees import variable_problem

# Where something is, in characters from 0, and what is to be said of it.
_Said = tuple[int, str]

_MOST_SHOWN = 40

_SINGLE_QUOTES = "'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"
_QUOTED = re.compile(rf"[{_SINGLE_QUOTES}]|.*[{_SINGLE_QUOTES[1:]}]\Z", re.DOTALL)
_NEEDS_QUOTES = "$?!@*&^+"
_SAYING_NO_OR_YES = {"no": "false", "off": "false", "yes": "true", "on": "true", "none": "null"}
# A path of Windows, of which `\n` and the like are no escapes to whoever wrote it.
_PATH_OF_WINDOWS = re.compile(r"(?<![A-Za-z])[A-Za-z]:\\(?!\\)|\A\\\\(?!\\)\w")
_BREAKING = re.compile(r"(?<!\\)(?:\\\\)*\\[nrt]")
_FOREIGN = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u[0-9a-fA-F]{4}|/)")
_LOSING = re.compile(r"(?<!\\)(?:\\\\)*\\[=#!]")
_NUMBER_OF_CODE = re.compile(r"[+-]?(?:0[xXoObB][0-9a-fA-F_]+|\d+(?:_\d+)+|\d+\.)")
# Nobody takes these for anything but numbers, whatever is left of how they were written.
_SCIENTIFIC = re.compile(r"[+-]?(?:\d*\.\d+[eE][+-]?\d+|\d+[eE][+-]\d+)")
_NUMBERS = re.compile(r"[+-]?[\d.]+(?:[ \t]+[+-]?[\d.]+)+")
# At an end, or where another setting seems to follow.
_SEMICOLON = re.compile(r"[ \t];|;\Z|;[ \t]+[\w.-]+[ \t]*:")
_INVISIBLE_SIGN = (
    "\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
    "\U000e0000-\U000e007f"
)
# Within a text, some scripts need them; at an end, and some of them anywhere, nobody does.
_INVISIBLE = re.compile(
    rf'(?<![^."])[{_INVISIBLE_SIGN}]|[{_INVISIBLE_SIGN}](?=[."]|\Z)|[\u00ad\u200b\u2060\ufeff]'
)
_QUOTED_PART = re.compile(r'"(?:[^"\\]|\\.)*"')
_SUBSTITUTION = re.compile(r"\$\{\??[\w.]+\}")
_BLANK_AT_DOT = re.compile(r"[^\S\n]\.|\.[^\S\n]")
_MOST_BLANKS = 100
_BLANKS_BEFORE = re.compile(r"[ \t]*+\Z")
# Blanks, ends of lines and comments, behind which a value may follow.
_LEFT_OUT = re.compile(r"(?:\s|(?:#|//)[^\n]*)*")

# Alone in its line, clients take it for a number.
_NUMBER_ALONE = re.compile(
    r"[+-]?(?:\d*\.\d+|\d+(?:\.\d+)?)(?:[eE][+-]?\d+)?[ \t\r]*(?:#.*|//.*)?$",
    re.MULTILINE,
)
# A key with nothing but a comment behind it.
_NO_VALUE = re.compile(r'(?:[^#"=:/]|"[^"]*"|/(?!/))+[=:]\s*(//|#).*')
_PERIOD_AT_END = re.compile(
    r"(?<![^\s=:,\[{\"}])\d+\s*(?:ns|nanos?|nanoseconds?|us|micros?|microseconds?|ms|millis?"
    r"|milliseconds?|s|seconds?|m|minutes?|h|hours?|w|weeks?|d|days?|mo|months?|y|years?)\n?\Z"
)


def traps(text: str, written: Outline) -> Iterator[Problem]:
    """What clients have otherwise than it is written.

    Args:
        text: HOCON that the parser has taken.
        written: Where its keys and values are.
    """
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    for at, message, is_error in _found(text, written):
        line = bisect_right(lines, at)
        yield Problem(line, at - lines[line - 1] + 1, message, is_error)


def _found(text: str, written: Outline) -> Iterator[tuple[int, str, bool]]:
    """Where something is, in characters from 0, what is to be said, and whether it is an error."""
    for key in written.keys:
        if _NUMBER_ALONE.match(text, key.start):
            yield key.start, "Clients read this key as a number. Put it in quotes.", True
    said = chain(
        _of_keys(written.keys),
        _said_twice(text, written),
        _of_values(text, written.written),
        _of_comments(text, written),
        _of_period(text),
    )
    yield from ((at, message, False) for at, message in said)


def period_at_end(text: str) -> int | None:
    """Where a text ends with what clients make a period of time of, in characters from 0."""
    period = _PERIOD_AT_END.search(text, max(0, len(text) - 200))
    if period and not re.search(r"#|//", text[text.rfind("\n", 0, period.start()) + 1 :]):
        return period.start()
    return None


def cause(text: str, line: int, column: int) -> str | None:
    """Why clients could not read on at a place, where that is plain to see; or None.

    Args:
        text: What the parser has not taken.
        line: The line at which it ended, from 1.
        column: The column, from 1.
    """
    sign = text.split("\n")[line - 1][column - 1 : column]
    if not sign:
        return None
    if sign == "=":
        return "Here is a = in a value. Put the value in quotes, or give the line before one."
    if sign in _NEEDS_QUOTES:
        return f"Clients cannot read {sign} outside of quotes. Put it all in quotes."
    if sign in _SINGLE_QUOTES:
        return 'Clients know only " as quotes. Use these instead.'
    if sign.isspace() or _INVISIBLE.match(sign):
        return f"Here is an invisible character, {_code(sign)}. Take it out, or type a blank."
    return None


def value_lost_above(text: str, line: int) -> str | None:
    """Why what stands in a line is taken for the value of the setting above it; or None.

    Args:
        text: What the parser has not taken.
        line: The line at which it ended, from 1.
    """
    lines = text.split("\n")
    for number in range(line - 1, 0, -1):
        above = lines[number - 1].strip()
        if above and not above.startswith(("#", "//")):
            found = _NO_VALUE.fullmatch(above)
            return found and (
                f"Line {number} gives no value, for {found[1]} begins a comment, so clients take "
                "this for it. Put that value in quotes."
            )
    return None


# Values


def _of_values(text: str, written: tuple[Written, ...]) -> Iterator[_Said]:
    for one in written:
        if one.is_comment:
            continue
        typed = text[one.start : one.end]
        message = _of_value(typed, pieces_of(text, one), one)
        if message:
            yield one.start, message
        elif found := _INVISIBLE.search(typed):
            yield one.start + found.start(), _keep(found[0], "value")


def _of_value(typed: str, pieces: list[Piece], one: Written) -> str | None:
    """What is to be said of a value, or None; of several things the first."""
    if any(piece.kind == "odd" for piece in pieces):
        return None
    if any(piece.kind == "substitution" for piece in pieces):
        return _beside_substitutions(pieces, one.path)
    value = value_of(pieces)
    have = _have(one.path, value, typed)
    if any(piece.kind == "continued" for piece in pieces):
        return f"{have}, for a \\ at the end of a line goes on with the next. Put it in quotes."
    if "\t" in typed.strip():
        return f"{have}, with blanks in the place of the tab. Write \\t in double quotes."
    if len(pieces) == 1:
        return _of_one(pieces[0], one, have)
    return _of_joined(typed, pieces, one)


def _of_one(piece: Piece, one: Written, have: str) -> str | None:
    if piece.kind == "number":
        message = _of_number(piece, have)
    elif piece.kind == "quoted":
        message = _of_quoted(piece, one, have)
    elif piece.kind == "plain":
        message = _of_plain(piece, one, have)
    else:
        message = None
    is_variable = len(one.path) == 2 and one.path[0] == "environment" and not one.is_item
    if message is None and is_variable and piece.kind in ("number", "word"):
        return variable_problem(piece.held)
    return message


def _of_number(piece: Piece, have: str) -> str | None:
    if str(piece.held) == piece.typed or _SCIENTIFIC.fullmatch(piece.typed):
        return None
    return f"{have}, a number. Put it in quotes to keep it as it is."


def _of_quoted(piece: Piece, one: Written, have: str) -> str | None:
    typed = piece.typed
    if piece.held != typed and _PATH_OF_WINDOWS.search(typed):
        is_cut = bool(_BREAKING.search(typed))
        what = "\\n, \\r and \\t stand for line ends and tabs" if is_cut else "two \\ are one"
        return f"{have}, for {what}. Write \\\\ for each \\."
    if _FOREIGN.search(typed):
        return f"{have}, for they know no \\u and no \\/. Write the character itself."
    if _LOSING.search(typed):
        return f"{have}, without the \\. Write \\\\ for each \\."
    if not one.is_item and _SUBSTITUTION.search(typed):
        return (
            f"{have}, for in quotes nothing is put in its place. Take ${{...}} out of the quotes."
        )
    return None


def _of_plain(piece: Piece, one: Written, have: str) -> str | None:
    typed = piece.typed
    if _QUOTED.match(typed):
        return f'{have}, with these quotes. Clients know only " as quotes.'
    if _BREAKING.search(typed) or (piece.held != typed and _PATH_OF_WINDOWS.search(typed)):
        return f"{have}. Put it in quotes, and write \\\\ for each \\."
    meant = _SAYING_NO_OR_YES.get(typed.casefold())
    if meant and one.path[:1] != ("environment",):
        return f"{have}, a text. Write {meant} if that is meant, or else put it in quotes."
    if _NUMBER_OF_CODE.fullmatch(typed):
        return f"{have}, a text and no number. Write it in digits, or put it in quotes."
    if _SEMICOLON.search(typed):
        return f"{have}, with the semicolon. Take it out, or put it all in quotes."
    if typed.startswith((">", ":")):
        return f"{have}, with what it begins with. Take that out, or put it all in quotes."
    return None


def _of_joined(typed: str, pieces: list[Piece], one: Written) -> str | None:
    if any(piece.kind == "word" and piece.held is None for piece in pieces):
        return "Clients cannot join null to a text. Put it all in quotes."
    value = value_of(pieces)
    have = _have(one.path, value, typed)
    if one.is_item and _NUMBERS.fullmatch(typed):
        return f"{have}, one text. Put commas between the numbers."
    if one.is_item and all(piece.kind in ("quoted", "long") for piece in pieces):
        return f"{have}, one text. Put a comma between the texts."
    if value == typed:
        return _of_plain(Piece("plain", typed, typed), one, have)
    return f"{have}, joined to one text. Put it all in one pair of quotes."


def _beside_substitutions(pieces: list[Piece], path: Path) -> str | None:
    for piece in pieces:
        is_read = piece.kind in ("number", "word") and str(piece.held) != piece.typed
        is_cut = piece.kind == "plain" and bool(_BREAKING.search(piece.typed))
        if is_read or is_cut or (piece.kind == "plain" and _QUOTED.match(piece.typed)):
            have = _have(path, str(piece.held), piece.typed)
            return f"{have} beside ${{...}}. Put all but ${{...}} in double quotes."
    return None


# Comments


def _of_comments(text: str, written: Outline) -> Iterator[_Said]:
    """Comments that cut a value short, or begin in its place."""
    values = {one.end: one for one in written.written if not one.is_comment}
    keys = {key.end for key in written.keys}
    for one in written.written:
        sign = "//" if text.startswith("//", one.start) else "#"
        line = text[one.start : one.end]
        # `# ` is what people write who mean a comment.
        if not one.is_comment or not line[len(sign) : len(sign) + 1].strip():
            continue
        blanks = _BLANKS_BEFORE.search(text, max(0, one.start - _MOST_BLANKS), one.start)
        before = blanks.start() if blanks else one.start
        if former := values.get(one.start):
            pieces = pieces_of(text, former)
            if pieces and pieces[-1].kind == "plain":
                have = _have(one.path, value_of(pieces), text[former.start : one.end])
                message = f"{have}, for {sign} begins a comment. Put the whole value in quotes."
                yield one.start, message
        elif before in keys:
            goes_on = _LEFT_OUT.match(text, one.end)
            is_empty = goes_on is None or text[goes_on.end() : goes_on.end() + 1] in ("", "}", ",")
            have = 'Clients have "" here' if is_empty else "Clients have what comes next here"
            yield one.start, f"{have}, for {sign} begins a comment. Put the value in quotes."


# Keys


def _of_keys(keys: tuple[Key, ...]) -> Iterator[_Said]:
    for key in keys:
        bare = _QUOTED_PART.sub("", key.written)
        if "//" in bare:
            name = shown(key.written)
            message = f"Clients have the name {name} here, for only # begins a comment behind one."
            yield key.start, f"{message} Write # instead."
        elif _BLANK_AT_DOT.search(bare):
            message = "Clients keep a blank beside a dot as a part of the name. Take it out."
            yield key.start, message
        elif found := _INVISIBLE.search(key.written):
            yield key.start + found.start(), _keep(found[0], "name")


def _said_twice(text: str, written: Outline) -> Iterator[_Said]:
    """Keys whose value drops one that was given before; that of `${...}` may mean it."""
    lines: dict[Path, int] = {}
    values = [one for one in written.written if not one.is_comment]
    at = 0
    ends = [key.start for key in written.keys[1:]] + [len(text)]
    for key, end in zip(written.keys, ends, strict=False):
        while at < len(values) and values[at].start < key.end:
            at += 1
        if key.is_in_list:
            continue
        is_resolved = False
        while at < len(values) and values[at].start < end:
            is_resolved |= "${" in text[values[at].start : values[at].end]
            at += 1
        begun = _LEFT_OUT.match(text, key.end)
        is_object = key.mark == "{" or text.startswith("{", begun.end() if begun else key.end)
        if key.path in lines and not (is_object or is_resolved or key.mark == "+="):
            message = f"Clients have only this value, and not that of line {lines[key.path]:,}."
            yield key.start, f"{message} Take one of them out."
        for length in range(1, len(key.path)):
            lines.setdefault(key.path[:length], key.line)
        lines[key.path] = key.line


def _of_period(text: str) -> Iterator[_Said]:
    at = period_at_end(text)
    if at is not None:
        yield at, "At the end of a text, clients read this as a period of time. Put it in quotes."


# Words


def _have(path: Path, value: Any, typed: str) -> str:
    if is_secret(path, value) or is_secret(path, typed):
        return "Clients have another value here"
    return f"Clients have {shown(value)} here"


def _keep(sign: str, what: str) -> str:
    start = f"Here is an invisible character, {_code(sign)}"
    return f"{start}, which clients keep in the {what}. Take it out."


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def shown(value: Any) -> str:
    """A value as clients have it, in one short line."""
    if not isinstance(value, str):
        return json.dumps(value)
    shown = value if len(value) <= _MOST_SHOWN else value[: _MOST_SHOWN - 1] + "…"
    for sign, picture in (("\n", "⏎"), ("\r", "␍"), ("\t", "⇥")):
        shown = shown.replace(sign, picture)
    return f'"{shown}"'

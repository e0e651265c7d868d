"""What clients make of a value of HOCON, as it is written.

What a whole text holds says the clients' own parser; it keeps no place of a value, and nothing of
how it was written. This says it of one value, piece by piece. Tests hold it to both clients.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from store.vaults.outline import NUMBER, WORD, Written

_PIECE = re.compile(
    r'(?P<long>""".*?"*""")'
    r'|(?P<quoted>"(?:[^"\\\n]|\\.)*"[ \t]*)'
    r"|(?P<substitution>\$\{[^}]+\}[ \t]*)"
    rf"|(?P<number>{NUMBER})"
    rf"|(?P<word>{WORD})"
    r"|(?P<continued>\\[\r\n]+)"
    r'|(?P<plain>(?:[^^`+?!@*&"\[{\s\]}#,=$\\]|\\[^\n])+[ \t]*)'
    # What lies on several lines begins again on each.
    r"|(?P<between>[ \t\r\n]+)"
    r"|(?P<odd>.)",
    re.DOTALL,
)
# In a longer one, how wide a tab is remains a guess; nothing may take long, whatever the text.
_LONGEST_LINE = 1_000
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in '\\"=#!'}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Piece:
    """A part of a value that stands for itself.

    Attributes:
        kind: `long` and `quoted` for texts in quotes, `number`, `word` for true, false and null,
            `plain` for a text without quotes, `substitution`, `continued` for the end of a line
            that goes on; `odd` for what clients cannot read.
        typed: What is written, of texts in quotes what is between them.
        held: What clients have for it.
        after: The blanks that follow it, where clients keep them before another piece.
    """

    kind: str
    typed: str
    held: Any
    after: str = ""


def pieces_of(text: str, written: Written) -> list[Piece]:
    """What a value is put together from.

    Args:
        text: The whole text.
        written: Where the value is.
    """
    at, end = written.start, written.end
    begin = max(text.rfind("\n", 0, at) + 1, at - _LONGEST_LINE)
    if text.find("\t", at, end) >= 0:
        # Clients put blanks in the place of tabs before they read anything.
        before = len(text[begin:at].expandtabs())
        typed = text[begin:end].expandtabs()[before:]
        # Whether something is a number hangs on what follows it.
        text = typed + text[end : end + _LONGEST_LINE]
        at, end = 0, len(typed)
    found: list[Piece] = []
    while at < end and (match := _PIECE.match(text, at)):
        at = match.end()
        if match.lastgroup == "between":
            continue
        piece = _piece(match)
        if found and found[-1].kind == piece.kind == "plain":
            piece = _side_by_side(found.pop(), piece)
        found.append(piece)
    return found


def value_of(pieces: list[Piece]) -> Any:
    """What clients have for a value that is put together from pieces without substitutions."""
    pieces = [one for one in pieces if one.kind != "continued"]
    if len(pieces) == 1:
        return pieces[0].held
    joined = "".join(f"{one.held}{one.after}" for one in pieces)
    return joined.removesuffix(pieces[-1].after) if pieces else ""


def unescaped(typed: str) -> str:
    """What clients make of a text with backslashes: they know few escapes, and keep the others."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[0]), typed)


def _piece(match: re.Match[str]) -> Piece:
    kind = match.lastgroup or ""
    typed = match[kind]
    if kind == "long":
        return Piece(kind, typed[3:-3], typed[3:-3])
    if kind == "number":
        return Piece(kind, typed, _number(typed))
    if kind == "word":
        return Piece(kind, typed, _WORDS[typed.casefold()])
    if kind == "quoted":
        inner, after = typed[1:].rsplit('"', 1)
        return Piece(kind, inner, unescaped(inner), after)
    if kind == "plain":
        held = unescaped(typed)
        kept = held.rstrip(" \t")
        return Piece(kind, typed.rstrip(" \t"), kept, held[len(kept) :])
    return Piece(kind, typed, typed)


def _side_by_side(one: Piece, other: Piece) -> Piece:
    """Words without quotes, of which clients make one text with the blanks between them."""
    typed = f"{one.typed}{one.after}{other.typed}"
    return Piece("plain", typed, f"{one.held}{one.after}{other.held}", other.after)


def _number(typed: str) -> int | float | str:
    try:
        return int(typed, 10)
    except ValueError:
        # Clients end with an error where a whole number is longer than Python takes.
        return float(typed)

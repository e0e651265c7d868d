"""What the program may write to a terminal, and what of its output is something else."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Collection, Iterator

# A control sequence, a command or a string with its end, another escape; or an escape left alone.
_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b[ -~]|\x1b",
    re.DOTALL,
)
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_STYLE = re.compile(r"\x1b\[([\d;]+)m")
_COPY = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07")
# Reset; bold, dim, italic, underlined, reverse, struck out; the sixteen colours.
_PLAIN_STYLES = {0, 1, 2, 3, 4, 7, 9, *range(30, 38), 39, *range(40, 48), 49}
_PLAIN_STYLES |= {*range(90, 98), *range(100, 108)}
# What a Textual program writes to begin, to go on after a suspension, and to end.
_MODES = {
    f"\x1b[?{mode}{switch}"
    for mode in (7, 25, 1000, 1003, 1004, 1006, 1015, 1049, 2004)
    for switch in "hl"
}
_ASKED = {"\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p"}
_POINTERS = {f"\x1b]22;{shape}\x07" for shape in ("default", "text", "pointer")}
_NOT_TEXT = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def sequences(output: bytes) -> list[str]:
    """The control sequences of an output."""
    return _SEQUENCE.findall(output.decode("utf-8", "strict"))


def shapes(output: bytes) -> set[str]:
    """The kinds of control sequences of an output: styles, moves and copies each count as one."""
    kinds = ((_STYLE, "style"), (_MOVE, "move"), (_COPY, "copy"))
    return {
        next((name for kind, name in kinds if kind.fullmatch(sequence)), sequence)
        for sequence in sequences(output)
    }


def foreign(output: bytes, size: tuple[int, int], copied: Collection[str] = ()) -> list[str]:
    """What a program in a terminal of that size had no business writing.

    Args:
        output: All that it wrote.
        size: Columns and rows.
        copied: The texts that it was asked to copy.
    """
    text = output.decode("utf-8", "strict")
    found = [part for part in _SEQUENCE.findall(text) if not _is_ours(part, size, copied)]
    return found + list(_unshowable(_SEQUENCE.sub("", text)))


def _is_ours(sequence: str, size: tuple[int, int], copied: Collection[str]) -> bool:
    if sequence in _MODES | _ASKED | _POINTERS:
        return True
    if move := _MOVE.fullmatch(sequence):
        row, column = int(move[1]), int(move[2])
        return 1 <= column <= size[0] and 1 <= row <= size[1]
    if style := _STYLE.fullmatch(sequence):
        return _is_style(list(map(int, filter(None, style[1].split(";")))))
    if copy := _COPY.fullmatch(sequence):
        return base64.b64decode(copy[1]).decode() in copied
    return False


def _is_style(codes: list[int]) -> bool:
    while codes:
        code = codes.pop(0)
        if code in (38, 48) and codes[:1] == [5]:
            codes = codes[2:]
        elif code in (38, 48) and codes[:1] == [2] and len(codes) >= 4:
            codes = codes[4:]
        elif code not in _PLAIN_STYLES:
            return False
    return True


def _unshowable(text: str) -> Iterator[str]:
    for character in text.replace("\r\n", ""):
        if unicodedata.category(character) in _NOT_TEXT:
            yield character

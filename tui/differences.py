"""What is different between two texts, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from store.vaults.concealing import concealed
from store.vaults.formats import Format

# Lines that are alike are shown around each change.
_CONTEXT = 3
# Texts whose differing parts are longer than this, multiplied, are not compared but replaced.
_MOST_COMPARED = 4_000_000

# The text of a vault, and its format.
VaultText = tuple[str, Format]
# What is shown of the end of the last line, where that alone is different.
_END = "⏎"

Sign = Literal["+", "-", " ", "…"]
_Block = tuple[Literal["equal", "changed"], int, int, int, int]


@dataclass(frozen=True)
class DifferenceLine:
    """One line of a difference.

    Attributes:
        sign: `+` for a line that came, `-` for one that went, a blank for one that stayed, `…` for
            lines left out.
        number: Its number in the text that it is in, from 1; of lines left out, how many.
        text: The line.
    """

    sign: Sign
    number: int
    text: str = ""


def difference(before: str, after: str) -> list[DifferenceLine]:
    """The lines that went and came, with some of those around; nothing for texts that are alike.

    Args:
        before: A text.
        after: What it has become.
    """
    if before == after:
        return []
    old, new = lines_of(before), lines_of(after)
    if old == new:
        # They differ in whether the last line has an end.
        longer = new if len(after) > len(before) else old
        longer[-1] += _END
    blocks = list(_blocks(old, new))
    found: list[DifferenceLine] = []
    for index, (kind, first, last, start, end) in enumerate(blocks):
        if kind == "equal":
            is_first, is_last = index == 0, index == len(blocks) - 1
            found += _alike(new, start, end, is_first=is_first, is_last=is_last)
        else:
            found += [DifferenceLine("-", at + 1, old[at]) for at in range(first, last)]
            found += [DifferenceLine("+", at + 1, new[at]) for at in range(start, end)]
    return found


@dataclass(frozen=True)
class Difference:
    """What is different between two texts of a vault.

    Attributes:
        lines: The lines, as `difference` gives them.
        hidden: The same lines with the secrets in them hidden.
    """

    lines: Sequence[DifferenceLine]
    hidden: Sequence[DifferenceLine]


def vault_difference(before: VaultText, after: VaultText) -> Difference:
    """What is different between two texts of a vault, with its secrets and without.

    A secret that was changed is among the lines that went and came, though both are hidden alike.

    Args:
        before: A text, and its format.
        after: What it has become.
    """
    lines = difference(before[0], after[0])
    old, new = (lines_of(concealed(*text)) for text in (before, after))

    def hidden(line: DifferenceLine) -> DifferenceLine:
        if line.sign == "…":
            return line
        text = (old if line.sign == "-" else new)[line.number - 1]
        has_end = line.text.endswith(_END) and not text.endswith(_END)
        return replace(line, text=text + _END * has_end)

    return Difference(lines, [*map(hidden, lines)])


def lines_of(text: str) -> list[str]:
    """The lines of a text; what ends with a line end has no empty one after it.

    Args:
        text: The text.
    """
    lines = text.split("\n")
    return lines[:-1] if not lines[-1] else lines


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Block]:
    head = _alike_from_start(old, new)
    tail = _alike_from_start(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield "equal", 0, head, 0, head
    if (old_end - head) * (new_end - head) > _MOST_COMPARED:
        yield "changed", head, old_end, head, new_end
    else:
        matcher = SequenceMatcher(None, old[head:old_end], new[head:new_end])
        for tag, *ends in matcher.get_opcodes():
            first, last, start, end = (head + one for one in ends)
            yield "equal" if tag == "equal" else "changed", first, last, start, end
    if tail:
        yield "equal", old_end, len(old), new_end, len(new)


def _alike_from_start(old: Sequence[str], new: Sequence[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _alike(
    lines: Sequence[str], start: int, end: int, *, is_first: bool, is_last: bool
) -> Iterator[DifferenceLine]:
    """Lines that stayed: those near to a change, and how many are left out."""
    before = start if is_first else start + _CONTEXT
    after = end if is_last else end - _CONTEXT
    # To leave out a single line would save nothing.
    if after - before <= 1:
        before = after = end
    for at in range(start, before):
        yield DifferenceLine(" ", at + 1, lines[at])
    if after > before:
        yield DifferenceLine("…", after - before)
    for at in range(after, end):
        yield DifferenceLine(" ", at + 1, lines[at])

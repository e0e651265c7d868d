"""Characters that came along when something was copied, and are not seen: told in words."""

from __future__ import annotations

import re

_NAMES = {
    " ": "a blank",
    "\t": "a tab",
    "\n": "a line end",
    "\r": "a line end",
    "\u00a0": "a non-breaking blank",
    "\u202f": "a narrow non-breaking blank",
    "\ufeff": "a byte order mark",
    "\u200b": "a zero-width blank",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a zero-width non-breaking blank",
    "\u00ad": "a soft hyphen",
}
# Plain ones, those that word processors make of them, and backticks.
_QUOTES = re.compile("([\"'`\u2018-\u201f])(.*)([\"'`\u2018-\u201f])", re.DOTALL)


def is_stray(character: str) -> bool:
    """Whether a character is a blank of any kind, or none that is seen."""
    return character.isspace() or not character.isprintable()


def is_odd(character: str) -> bool:
    """Whether it looks like a blank or like nothing, and is neither blank, tab nor line end."""
    return is_stray(character) and character not in " \t\r\n"


def named(character: str) -> str:
    """What such a character is called."""
    return _NAMES.get(character) or f"a character that is not seen (U+{ord(character):04X})"


def strays_of(value: str) -> list[str]:
    """What is said of a value with such characters: where each kind is, as `ends with a blank`."""
    core = without_strays(value)
    if not core:
        return [f"holds nothing but {named(value[0])}"] if value else []
    begin = len(value) - len(_cut(value))
    said = [f"begins with {named(value[0])}"] if begin else []
    if end := len(value) - begin - len(core):
        said.append(f"ends with {named(value[-end])}")
    within = dict.fromkeys(map(named, filter(is_stray, core)))
    return [*said, *(f"holds {name}" for name in within)]


def without_strays(value: str) -> str:
    """The value without such characters at its ends."""
    return _cut(_cut(value)[::-1])[::-1]


def _cut(value: str) -> str:
    begin = next((at for at, one in enumerate(value) if not is_stray(one)), len(value))
    return value[begin:]


def quotes_around(value: str) -> str:
    """The quotes that are part of a value, as `“…”`, or ""."""
    found = _QUOTES.fullmatch(value)
    return f"{found[1]}…{found[3]}" if found else ""


def without_quotes(value: str) -> str:
    """The value without quotes around it."""
    found = _QUOTES.fullmatch(value)
    return found[2] if found else value

"""What screens say of vaults: how much is in them, and in which format."""

from __future__ import annotations

FORMAT_NAMES = {"hocon": "HOCON", "json": "JSON", "yaml": "YAML"}
_UNITS = ("B", "KB", "MB")
_STEP = 1024
_TEENS = (11, 12, 13)


def content_words(lines: int, size: int) -> str:
    """How much a text is, such as `28 lines (1.1 KB)`.

    Args:
        lines: How many lines it has.
        size: Its size, in bytes.
    """
    return f"{lines:,} {'line' if lines == 1 else 'lines'} ({size_words(size)})"


def place_words(place: int, places: int) -> str:
    """When a vault is folded among the others, such as `2nd of 5; later ones override it`.

    Args:
        place: The how-manieth it is, from 1.
        places: How many there are.
    """
    if places == 1:
        return "the only one"
    others = "later ones override it" if place < places else "it overrides the others"
    return f"{ordinal(place)} of {places:,}; {others}"


def ordinal(number: int) -> str:
    """A number from 1 as a place, such as `2nd`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{'th' if number % 100 in _TEENS else ending}"


def size_words(size: int) -> str:
    """A size in bytes, as a person reads it."""
    amount = float(size)
    for unit in _UNITS:
        if amount < _STEP or unit == _UNITS[-1]:
            break
        amount /= _STEP
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"

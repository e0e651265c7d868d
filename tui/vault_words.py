"""What screens say of vaults: how much is in them, and in which format."""

from __future__ import annotations

FORMAT_NAMES = {"hocon": "HOCON", "json": "JSON", "yaml": "YAML"}
_UNITS = ("B", "KB", "MB")
_STEP = 1024


def content_words(lines: int, size: int) -> str:
    """How much a text is, such as `28 lines (1.1 KB)`.

    Args:
        lines: How many lines it has.
        size: Its size, in bytes.
    """
    return f"{lines:,} {'line' if lines == 1 else 'lines'} ({size_words(size)})"


def size_words(size: int) -> str:
    """A size in bytes, as a person reads it."""
    amount = float(size)
    for unit in _UNITS:
        if amount < _STEP or unit == _UNITS[-1]:
            break
        amount /= _STEP
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"

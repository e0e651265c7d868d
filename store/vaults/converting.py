"""Writes a vault's text in another format, with the same tree."""

from __future__ import annotations

from dataclasses import dataclass

from store.errors import InvalidInput, MachineBusy
from store.vaults.checking import CheckedText, check_vault_text
from store.vaults.formats import SHOWN, Format
from store.vaults.writing import written


@dataclass(frozen=True)
class Conversion:
    """A text in another format.

    Attributes:
        text: The text.
        dropped: What it does not hold any more, such as `3 comments`; to be said before it
            takes the place of the other.
    """

    text: str
    dropped: tuple[str, ...] = ()


def converted(text: str, source: Format, target: Format) -> Conversion:
    """Write a text in another format.

    Args:
        text: The text.
        source: The format that it has.
        target: The format to write it in.

    Raises:
        InvalidInput: It has errors, or substitutions or includes, which only HOCON has.
        MachineBusy: It could not be read now.
        Stopped: Nobody waits for it any more.
    """
    if source == target:
        return Conversion(text)
    checked = check_vault_text(text, source)
    if checked.is_unknown and checked.may_pass:
        raise MachineBusy(checked.errors[0].message)
    if checked.tree is None:
        first = checked.errors[0]
        raise InvalidInput(
            f"Line {first.line}, column {first.column}: {first.message} Then it can be converted.",
            field="text",
        )
    _refuse_what_would_be_lost(checked, target)
    return Conversion(written(checked.tree, target), _dropped(checked))


def _refuse_what_would_be_lost(checked: CheckedText, target: Format) -> None:
    lost = []
    if checked.has_substitutions:
        lost.append("substitutions such as ${...}")
    if checked.included:
        lost.append("includes")
    if lost:
        raise InvalidInput(
            f"{SHOWN[target]} has no {' and no '.join(lost)}, which clients would lose. "
            "Leave the text in HOCON, or write out what they stand for.",
            field="text",
        )


def _dropped(checked: CheckedText) -> tuple[str, ...]:
    counted = ((checked.comments, "comment"), (checked.anchors, "anchor"))
    return tuple(f"{count:,} {what}{'s' * (count != 1)}" for count, what in counted if count)

"""Text from people: what is kept of it, when two count as the same, and how it is made visible.

SPEC, Text, time, ids.
"""

import re
import unicodedata

from store.errors import InvalidInput
from store.joiners import joins

LONGEST_NAME = 1_000
LONGEST_DESCRIPTION = 10_000

# Format characters, unassigned and private ones, surrogates, line and paragraph separators.
UNSHOWABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Letters and marks by their category, of which nothing is drawn.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
_CONTROL_PICTURES = 0x2400
_DELETE = "\x7f"


def fold(text: str) -> str:
    """The form in which two names or emails are the same: NFKC, without case."""
    # Plain ASCII is in every normal form already, and is what nearly all of a workspace is.
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def clean_name(text: str, *, field: str, what: str) -> str:
    """The name as it is kept: NFC, without outer blanks, 1 to 1,000 characters.

    Args:
        text: What was typed.
        field: The field that an error is shown at.
        what: What the name is of, for the message, such as "The workspace's name".

    Raises:
        InvalidInput: It is empty, too long, or holds half of a surrogate pair.
    """
    refuse_surrogates(text, field=field, what=what)
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        raise InvalidInput(f"{what} must not be empty.", field=field)
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            f"{what} has {len(name):,} characters; at most {LONGEST_NAME:,} are kept.", field=field
        )
    return name


def clean_description(text: str, *, field: str, what: str) -> str:
    """The description as it is kept: NFC, without outer blanks, up to 10,000 characters or none.

    Args:
        text: What was typed.
        field: The field that an error is shown at.
        what: What it is, to begin a sentence.

    Raises:
        InvalidInput: It is too long, or holds half of a surrogate pair.
    """
    refuse_surrogates(text, field=field, what=what)
    description = unicodedata.normalize("NFC", text).strip()
    if len(description) > LONGEST_DESCRIPTION:
        raise InvalidInput(
            f"{what} has {len(description):,} characters; at most {LONGEST_DESCRIPTION:,} are "
            "kept.",
            field=field,
        )
    return description


def refuse_surrogates(text: str, *, field: str, what: str) -> None:
    """Refuse text that cannot be written as UTF-8.

    Raises:
        InvalidInput: The text holds a lone surrogate.
    """
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInput(f"{what} holds half of a character. Type it again.", field=field)


def visible(text: str) -> str:
    """The text with a visible sign in the place of each character that would not be seen.

    A joiner or non-joiner stays where it is needed to write what is beside it.
    """
    # Most text is printable throughout, which the interpreter tells faster than a loop.
    if text.isprintable() and (text.isascii() or not _BLANK.search(text)):
        return text
    return "".join(
        character if joins(text, place) else _visible_character(character)
        for place, character in enumerate(text)
    )


def _visible_character(character: str) -> str:
    if character.isprintable():
        return _REPLACEMENT if _BLANK.match(character) else character
    if character < " ":
        return chr(_CONTROL_PICTURES + ord(character))
    if character == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    # Blanks of other kinds are no danger, but none of them is told from a plain one.
    return _REPLACEMENT if unicodedata.category(character) in UNSHOWABLE else " "

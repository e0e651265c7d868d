"""Emails as people paste them (SPEC, Rules, Users)."""

import re
from dataclasses import dataclass

from store.errors import InvalidInput
from store.text import fold, refuse_surrogates

# A quoted or bare display name with its address in angle brackets, or else a word on its own.
_PIECE = re.compile(
    r'"(?P<quoted>[^"\n]*)"[^\S\n]*<(?P<of_quoted>[^<>\n]*)>'
    r"|(?P<bare>[^<>\n;]*?)<(?P<of_bare>[^<>\n]*)>"
    r"|(?P<word>[^\s,;<>]+)"
)
_WORD = re.compile(r"[^\s,;<>]+")


@dataclass(frozen=True)
class PastedEmail:
    """One address of a paste.

    Attributes:
        text: The address as it was typed.
        name: The display name beside it, or "".
    """

    text: str
    name: str = ""


def split_emails(text: str) -> list[PastedEmail]:
    """The addresses in a text: between commas, semicolons, blanks or lines, or as `Name <a@b>`.

    Whatever is no address is kept as one, so that its check can say what is wrong with it.
    """
    found: list[PastedEmail] = []
    for line in text.splitlines():
        # Beyond the last ">" there are words alone. Looking there for what might stand before a
        # "<" would make the time grow with the square of the number of words.
        end = line.rfind(">") + 1
        for piece in _PIECE.finditer(line[:end]):
            found += _addresses(piece)
        for word in _WORD.findall(line[end:]):
            found += _address(word)
    return found


def _address(word: str) -> list[PastedEmail]:
    bare = word.strip("'\"")
    return [PastedEmail(bare)] if bare else []


def _addresses(piece: re.Match[str]) -> list[PastedEmail]:
    if piece["word"] is not None:
        return _address(piece["word"])
    if piece["quoted"] is not None:
        return [PastedEmail(piece["of_quoted"].strip(), piece["quoted"].strip())]
    # Addresses may stand before the display name: "a@b, Ada Lovelace <ada@b>".
    words = re.split(r"[\s,]+", piece["bare"])
    last = max((n for n, word in enumerate(words) if "@" in word), default=-1)
    before = [PastedEmail(word) for word in words[: last + 1] if word]
    name = piece["bare"]
    if last >= 0:
        name = name[name.rindex(words[last]) + len(words[last]) :]
    return [*before, PastedEmail(piece["of_bare"].strip(), name.strip(" \t,'\""))]


def clean_email(text: str, *, field: str = "email") -> str:
    """The email as it is kept. Internal ones such as `root@localhost` are accepted.

    Raises:
        InvalidInput: It is not an email.
    """
    # Imported late: no screen needs it before somebody types an email.
    from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

    # Names such as `local` and `localhost` are what internal addresses are made of. Emptying this
    # list is the library's documented way of accepting them.
    SPECIAL_USE_DOMAIN_NAMES.clear()
    refuse_surrogates(text, field=field, what="The email")
    typed = text.strip()
    if not typed:
        raise InvalidInput("An email is needed, such as ada@acme.example.", field=field)
    try:
        checked = validate_email(typed, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise InvalidInput(f"This is no email: {error}", field=field) from error
    return checked.normalized


def same_email(email: str) -> str:
    """The form in which emails are compared."""
    return fold(email)

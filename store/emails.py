"""Emails as people paste them (SPEC, Rules, Users)."""

import csv
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
_LINK = re.compile(r"\[([^\[\]]*)\]\(((?:mailto:)?[^\s()@]+@[^\s()@]+)\)", re.IGNORECASE)
_LIKE_AN_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
# What stands around an address in a sentence, and is no part of it.
_AROUND = "'\"\u201c\u201d\u201e\u2018\u2019\u201a\xab\xbb\u2039\u203a()[]{}`.:!"
# What belongs to other notations, though an address may hold it: `uid=ada@acme.example`.
_STRUCTURE = re.compile(r"[=|]")
_EMAIL_HEADS = {"email", "e-mail", "mail", "email address", "e-mail address"}
_NAME_HEADS = {"name", "full name", "display name", "displayname", "cn"}
_FIRST_HEADS = ("first name", "given name", "firstname", "givenname")
_LAST_HEADS = ("last name", "family name", "surname", "lastname", "sn")


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

    Names are kept, also where they stand in a cell before the address, or in a table whose heading
    names a column of emails. Whatever is no address is kept as one, so that its check can say what
    is wrong with it.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    table = _of_table(lines)
    if table is not None:
        return table
    found: list[PastedEmail] = []
    for line in lines:
        if (pair := _of_two_cells(line)) is not None:
            found.append(pair)
            continue
        line, links = _without_links(line)
        found += links
        # Beyond the last ">" there are words alone. Looking there for what might stand before a
        # "<" would make the time grow with the square of the number of words.
        end = line.rfind(">") + 1
        for piece in _PIECE.finditer(line[:end]):
            found += _addresses(piece)
        for word in _WORD.findall(line[end:]):
            found += _address(word)
    return found


def _of_table(lines: list[str]) -> list[PastedEmail] | None:
    """The addresses of a table with a heading and tabs, semicolons or commas between cells."""
    heading = next((line for line in lines if line.strip()), "")
    for between in "\t;,":
        heads = [fold(cell) for cell in _cells(heading, between)]
        column = next((n for n, head in enumerate(heads) if head in _EMAIL_HEADS), None)
        if column is None or len(heads) < 2:
            continue
        whole = [n for n, head in enumerate(heads) if head in _NAME_HEADS]
        parts = [heads.index(head) for head in (*_FIRST_HEADS, *_LAST_HEADS) if head in heads]
        rows = [_cells(line, between) for line in lines[lines.index(heading) + 1 :] if line.strip()]
        return [_of_row(row, column, whole[:1] or parts) for row in rows]
    return None


def _of_row(row: list[str], column: int, names: list[int]) -> PastedEmail:
    if column >= len(row) or not row[column]:
        return PastedEmail(" ".join(filter(None, row)))
    return PastedEmail(_bare(row[column]), " ".join(row[n] for n in names if n < len(row)).strip())


def _of_two_cells(line: str) -> PastedEmail | None:
    """A name and an address in two cells, if that is what the line is."""
    if line.count("@") != 1 or "<" in line:
        return None
    for between in "\t,;":
        cells = _cells(line, between)
        if len(cells) == 2 and all(cells):
            name, address = cells if "@" in cells[1] else cells[::-1]
            if not re.search(r"\s", address):
                return PastedEmail(_bare(address), name)
    return None


def _cells(line: str, between: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=between), [])]
    except csv.Error:
        # Such as a cell that is longer than any name.
        return []


def _without_links(line: str) -> tuple[str, list[PastedEmail]]:
    """The line without the links to addresses as Markdown has them, and those."""
    links = [
        PastedEmail(_bare(link), "" if "@" in label else label.strip())
        for label, link in _LINK.findall(line)
    ]
    return (_LINK.sub(" ", line), links) if links else (line, [])


def _bare(word: str) -> str:
    """An address without what stands around it in a text; anything else without quotes."""
    bare = re.sub(r"(?i)^mailto:", "", word.strip(_AROUND)).partition("?")[0].strip(_AROUND)
    return bare if _LIKE_AN_ADDRESS.fullmatch(bare) else word.strip("'\"")


def _address(word: str) -> list[PastedEmail]:
    bare = _bare(word)
    return [PastedEmail(bare)] if bare else []


def _addresses(piece: re.Match[str]) -> list[PastedEmail]:
    if piece["word"] is not None:
        return _address(piece["word"])
    if piece["quoted"] is not None:
        return [PastedEmail(_bare(piece["of_quoted"].strip()), piece["quoted"].strip())]
    # Addresses may stand before the display name: "a@b, Ada Lovelace <ada@b>".
    words = re.split(r"[\s,]+", piece["bare"])
    last = max((n for n, word in enumerate(words) if "@" in word), default=-1)
    before = [PastedEmail(word) for word in words[: last + 1] if word]
    name = piece["bare"]
    if last >= 0:
        name = name[name.rindex(words[last]) + len(words[last]) :]
    return [*before, PastedEmail(_bare(piece["of_bare"].strip()), name.strip(" \t,'\""))]


def structure_in(address: str) -> str:
    """What in an address is rather a part of another notation, as in `uid=a@b`, or ""."""
    found = _STRUCTURE.search(address.partition("@")[0])
    return found[0] if found else ""


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

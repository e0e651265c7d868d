"""What clients get of texts that they cannot read themselves, beside the texts.

It was worked out when the text was saved, so that nobody has to read a text in order to deliver it.
A file is named by the hash of the text, its format and the writing, and begins with a hash over its
name and the rest: one that was altered, or put in another's place, is none. It can be lost like any
file, or be of another writing, and is then worked out anew where it is asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path

from store.persistence.files import read_file, replace_file
from store.persistence.folder import MOST_OF_A_TEXT
from store.persistence.ownership import owner_of
from store.vaults.delivering import WRITING
from store.vaults.formats import Format

_NAME = re.compile(r"([0-9a-f]{64})\.[a-z]+-[0-9]+")


def write_form(folder: Path, digest: str, format: Format, form: str) -> None:  # noqa: A002
    """Write what clients get of a text, unless it is there.

    Args:
        folder: Where the texts lie.
        digest: The hash of the text.
        format: The format of the text.
        form: What clients get.

    Raises:
        OSError: It could not be written.
    """
    if read_form(folder, digest, format) != form:
        path, content = _path(folder, digest, format), form.encode()
        os.close(replace_file(path, _hash_of(path, content), b"\n", content))


def read_form(folder: Path, digest: str, format: Format) -> str | None:  # noqa: A002
    """What clients get of a text, or None where that is not there, or not whole.

    Args:
        folder: Where the texts lie.
        digest: The hash of the text.
        format: The format of the text.
    """
    path = _path(folder, digest, format)
    with contextlib.suppress(OSError, ValueError):
        owner = owner_of(folder.parent)
        hashed, _, content = read_file(path, most=MOST_OF_A_TEXT, owner=owner).partition(b"\n")
        if hashed == _hash_of(path, content):
            return content.decode()
    return None


def text_of_form(name: str) -> str | None:
    """The hash of the text, of whichever writing the file is; None for any other file."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None


def erase_forms(folder: Path, digest: str) -> None:
    """Erase what clients got of a text, in all formats and writings.

    Raises:
        OSError: Not all could be erased.
    """
    for path in folder.glob(f"{digest}.*"):
        if text_of_form(path.name):
            path.unlink(missing_ok=True)


def _path(folder: Path, digest: str, format: Format) -> Path:  # noqa: A002
    return folder / f"{digest}.{format}-{WRITING}"


def _hash_of(path: Path, content: bytes) -> bytes:
    return hashlib.sha256(path.name.encode() + b"\n" + content).hexdigest().encode()

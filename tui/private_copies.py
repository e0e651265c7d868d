"""Private copies of texts for other programs, of which nothing is left."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from store.errors import InvalidInput
from store.persistence.files import new_file
from tui.held_folders import hold_folder, is_own_and_older

_PREFIX = "clearml-admin-edit-"
# A folder that was made just now may not have been locked yet, in seconds.
_JUST_NOW = 60


@contextlib.contextmanager
def private_copy(text: str, name: str) -> Iterator[Path]:
    """A file that only its owner can read, in a folder of its own, for editors leave more there.

    Args:
        text: What is in it.
        name: The name of the file.

    Raises:
        InvalidInput: It could not be made.
    """
    try:
        data = text.encode()
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_places()[0]))
    except UnicodeEncodeError as error:
        raise InvalidInput("The text holds half a character, which no file can.") from error
    except OSError as error:
        raise InvalidInput(f"No copy could be made for the editor: {error.strerror}.") from error
    try:
        with _locked(folder):
            path = folder / name
            try:
                _write(path, data)
            except OSError as error:
                raise InvalidInput(
                    f"No copy could be made for the editor: {error.strerror}."
                ) from error
            yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_copies() -> None:
    """Remove what programs left that were killed while another had their copy.

    A folder whose program still runs is locked, and stays; so does what belongs to others.
    """
    for place in _likely_places():
        for folder in Path(place).glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if is_own_and_older(folder, _JUST_NOW):
                    with _locked(folder):
                        shutil.rmtree(folder, ignore_errors=True)


def _places() -> list[str]:
    """Where copies are made, the first of them now: in memory and the person's own, if there is."""
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    is_usable = own and os.access(own, os.W_OK | os.X_OK)
    return [own, tempfile.gettempdir()] if is_usable else [tempfile.gettempdir()]


def _likely_places() -> set[str]:
    # tempfile would write a file into the first of them, to see whether it can.
    named = (os.environ.get(name, "") for name in ("XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"))
    return {place for place in (*named, "/tmp", "/var/tmp") if place}


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder meanwhile.

    Raises:
        OSError: Another holds it.
    """
    handle = hold_folder(folder)
    try:
        yield
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(new_file(path), "wb") as stream:
        stream.write(data)

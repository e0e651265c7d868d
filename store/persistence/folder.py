"""The folder of a store: whether a path can be one, and where in it things lie."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from store.errors import StoreMissing, StoreUnreadable

WORKSPACE_FILE = "workspace.json"
ACTIVITY_FOLDER = "activity"
VAULT_TEXTS_FOLDER = "vault-texts"
LOCK_FILE = "lock"
# Of what is written beside commits: usage and refused sign-ins.
USAGE_LOCK_FILE = "usage.lock"
USAGE_FILE = "usage.json"
REFUSALS_FILE = "sign-ins.jsonl"
IMPERSONATIONS_FILE = "impersonations.jsonl"
SECRET_FILE = "token.secret"
TOKEN_LOCK_FILE = "token.lock"
LOG_OUTS_FILE = "logged-out.json"
LOG_OUTS_LOCK_FILE = "logged-out.lock"
FOLDERS = (ACTIVITY_FOLDER, VAULT_TEXTS_FOLDER)

_MB = 1024 * 1024
# How many bytes a file may have at most, many times what it comes to at 100,000 users: what has
# more was not written by this program, and reading it would take all memory.
MOST_BYTES: Mapping[str, int] = {
    # Some 28 MB.
    WORKSPACE_FILE: 512 * _MB,
    # One number of a process.
    LOCK_FILE: 4096,
    USAGE_LOCK_FILE: 4096,
    TOKEN_LOCK_FILE: 4096,
    # Some 150 bytes for each credential.
    USAGE_FILE: 256 * _MB,
    # Fifty thousand tokens of some 40 bytes.
    LOG_OUTS_FILE: 64 * _MB,
    LOG_OUTS_LOCK_FILE: 4096,
    # Ten thousand lines.
    REFUSALS_FILE: 64 * _MB,
    IMPERSONATIONS_FILE: 64 * _MB,
    # 65.
    SECRET_FILE: 4096,
}
# A thousand entries, each of which may name as many members as there are.
MOST_OF_A_SEGMENT = 1024 * _MB
# A text is 64 KB as clients get it, and a list of texts a hundred lines or so.
MOST_OF_A_TEXT = 16 * _MB
# What a first start that was cut short may have left.
_BEFORE_THE_FIRST_COMMIT = {
    LOCK_FILE,
    ACTIVITY_FOLDER,
    VAULT_TEXTS_FOLDER,
    WORKSPACE_FILE + ".new",
}


def check_folder(path: Path) -> None:
    """See that a store is there, or might be made there. Nothing is touched.

    Raises:
        StoreMissing: There is no store, but one can be made.
        StoreUnreadable: The path cannot be used.
    """
    try:
        # For a name that no file can have, the questions below would answer no, and not complain.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.stat(path)
        if path.is_dir():
            _check_existing(path)
        elif path.exists():
            raise StoreUnreadable(
                f"{path} is a file. A store is a folder: name one, or a place for a new one."
            )
        else:
            _check_place_for_new(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreUnreadable(f"{path} cannot be used as a store: {reason}.") from error


def most_bytes(name: str) -> int:
    """How many bytes a file in the folder of a store may have at most."""
    return MOST_BYTES.get(name, 256 * _MB)


def _check_existing(path: Path) -> None:
    names = set(os.listdir(path))
    if WORKSPACE_FILE in names:
        return
    if names - _BEFORE_THE_FIRST_COMMIT:
        raise StoreUnreadable(
            f"{path} holds other files and no workspace. Name an empty folder or a new one."
        )
    if not os.access(path, os.W_OK):
        raise StoreUnreadable(f"{path} may not be written by this account.")
    raise StoreMissing(f"There is no workspace in {path}.")


def _check_place_for_new(path: Path) -> None:
    above = next(parent for parent in path.absolute().parents if parent.exists())
    if not above.is_dir():
        raise StoreUnreadable(f"{path} cannot be made: {above} is a file.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise StoreUnreadable(f"{path} cannot be made: {above} may not be written by this account.")
    raise StoreMissing(f"There is no workspace in {path}.")

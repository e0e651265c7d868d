"""Whose a store is: the account's that owns workspace.json. No other may change anything in it.

A commit of another one would make workspace.json its own, and shut the owner out.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from store.errors import StoreForeign, StoreUnreadable
from store.persistence.files import PRIVATE_FILE, PRIVATE_FOLDER, open_file, open_folder
from store.persistence.folder import (
    ACTIVITY_FOLDER,
    FOLDERS,
    MOST_BYTES,
    SECRET_FILE,
    WORKSPACE_FILE,
)
from store.persistence.odd_files import (
    OTHERS,
    check_file,
    check_folder_of_files,
    giving,
    name_of_account,
    unopened,
)

# More are not named.
_MOST_NAMED = 5


def account() -> int:
    """The number of the account that the program runs in."""
    return os.geteuid()


def owner_of(folder: Path) -> int | None:
    """The number of the account that owns a store; None where there is none yet.

    Args:
        folder: The store's folder.

    Raises:
        OSError: It cannot be looked at.
    """
    try:
        return os.lstat(folder / WORKSPACE_FILE).st_uid
    except FileNotFoundError:
        return None


def is_anothers(folder: Path) -> bool:
    """Whether a store belongs to another account, or that cannot be told."""
    try:
        return owner_of(folder) not in (None, account())
    except OSError:
        return True


def check_owner(folder: Path, *, may_look: bool = False) -> None:
    """See that a store belongs to the account that the program runs in, or to nobody yet.

    What cannot be looked at for another reason, whoever opens it next tells.

    Args:
        folder: The store's folder.
        may_look: Whether it may also be another account's that lets this one look at it.

    Raises:
        StoreForeign: It is not so.
    """
    try:
        owner = owner_of(folder)
    except PermissionError:
        with contextlib.suppress(OSError):
            if (owner := os.stat(folder).st_uid) != account():
                raise _foreign(folder, owner, "") from None
        return
    except (OSError, ValueError):
        return
    if owner is None or owner == account() or may_look:
        return
    looking = ", or only look at it with --read-only"
    with contextlib.suppress(OSError):
        if os.stat(folder).st_uid == account():
            # Root, say, has put its own file in the place of ours.
            looking += f". If it is yours, {giving(folder / WORKSPACE_FILE, account())}"
    raise _foreign(folder, owner, looking)


def _foreign(folder: Path, owner: int, more: str) -> StoreForeign:
    name = name_of_account(owner)
    return StoreForeign(
        f"The store in {folder} belongs to {name}. "
        f"Run it in that account: sudo -u {shlex.quote(name)} clearml-admin{more}."
    )


def check_files(folder: Path) -> None:
    """See that what lies in the places of a store's files is what belongs there, and its owner's.

    The folder itself may be reached by a link. What grows with time is looked at where it is read.

    Args:
        folder: The store's folder.

    Raises:
        StoreUnreadable: It is not.
    """
    try:
        owner = owner_of(folder)
        for name, most in MOST_BYTES.items():
            # Every look of a screen comes here: paths are made where there is something to say.
            status = _found(f"{folder}/{name}")
            if status is not None and not _is_right(status, most, owner):
                _check_file(folder / name, status, most, owner)
        for name in FOLDERS:
            if (status := _found(f"{folder}/{name}")) is not None:
                check_folder_of_files(folder / name, status, owner)
    except OSError as error:
        raise StoreUnreadable(f"{folder} cannot be used as a store: {error.strerror}.") from error


def _found(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def _is_right(status: os.stat_result, most: int, owner: int | None) -> bool:
    mode = status.st_mode
    is_own_file = stat.S_ISREG(mode) and status.st_uid == owner and bool(mode & stat.S_IRUSR)
    return is_own_file and status.st_size <= most


def _check_file(path: Path, status: os.stat_result, most: int, owner: int | None) -> None:
    check_file(path, status, most=most, owner=owner)
    is_closed = owner == account() and not status.st_mode & stat.S_IRUSR
    if is_closed and not os.access(path, os.R_OK):
        raise unopened(path, owner)


def keep_to_owner(folder: Path, *, must: bool) -> list[str]:
    """Take from others what they may do with the files of a store that this account owns.

    What is behind a folder that nobody else enters, nobody else reaches: of the many texts there,
    each is mended when it is read.

    Args:
        folder: The store's folder.
        must: Whether it is an error where that fails.

    Returns:
        What a person is told of it, if anything.

    Raises:
        StoreUnreadable: It failed.
    """
    if is_anothers(folder):
        return []
    mended: list[str] = []
    for path in _within_reach(folder):
        try:
            if _is_mended(path):
                mended.append(path.name)
        except FileNotFoundError:
            # What others write beside a file is soon in its place.
            continue
        except OSError as error:
            if must:
                raise _not_mended(path, error) from error
    return _told(folder, mended)


def _within_reach(folder: Path) -> Iterator[Path]:
    """What others could reach, and the files of which there are few."""
    is_open = _is_open(folder)
    # It alone may be reached by a link.
    yield folder.resolve()
    for path in sorted(folder.iterdir()):
        is_walked = path.name in FOLDERS and (
            is_open or path.name == ACTIVITY_FOLDER or _is_open(path)
        )
        yield path
        if is_walked and not path.is_symlink() and path.is_dir():
            yield from sorted(path.iterdir())


def _is_open(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return bool(os.stat(path).st_mode & OTHERS)
    return False


def _is_mended(path: Path) -> bool:
    """Whether others could do something with a file or folder of ours, and cannot any more."""
    status = os.lstat(path)
    is_folder = stat.S_ISDIR(status.st_mode)
    if status.st_uid != account() or not status.st_mode & OTHERS:
        return False
    if not (is_folder or stat.S_ISREG(status.st_mode)):
        return False
    descriptor = open_folder(path) if is_folder else open_file(path)
    try:
        os.fchmod(descriptor, PRIVATE_FOLDER if is_folder else PRIVATE_FILE)
        if os.fstat(descriptor).st_mode & OTHERS:
            raise OSError(0, "the file system keeps no modes")
    finally:
        os.close(descriptor)
    return True


def _not_mended(path: Path, error: OSError) -> StoreUnreadable:
    mode = stat.S_IMODE(os.lstat(path).st_mode)
    return StoreUnreadable(
        f"{path} is open to others (mode {mode:03o}), and that cannot be changed: "
        f"{error.strerror}. Change it with chmod go= {shlex.quote(str(path))}, or move the store "
        "to a file system of your own."
    )


def _told(folder: Path, mended: list[str]) -> list[str]:
    if not mended:
        return []
    named = ", ".join(mended[:_MOST_NAMED])
    if len(mended) > _MOST_NAMED:
        named += f" and {len(mended) - _MOST_NAMED:,} more"
    told = [f"Files of the store in {folder} were open to others, and are not any more: {named}."]
    if SECRET_FILE in mended:
        told.append(
            f"Whoever has read {SECRET_FILE} can be anyone: "
            "end all tokens with clearml-admin rotate-token-secret."
        )
    return told

"""Folders that programs hold while they use them, so that what is left over can be told."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from pathlib import Path


def hold_folder(folder: Path, *, waits: bool = False) -> int:
    """Hold a folder, which the kernel lets go of when its holder dies.

    Args:
        folder: The folder.
        waits: Whether to wait for another who holds it.

    Returns:
        What it is held by; closing it lets go.

    Raises:
        OSError: Another holds it, or it cannot be opened.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        raise
    return handle


def is_held(folder: Path, handle: int) -> bool:
    """Whether what is held is still the folder at a path, and not one that was moved or removed.

    Args:
        folder: The path.
        handle: What it is held by.
    """
    try:
        return os.path.samestat(os.fstat(handle), folder.lstat())
    except OSError:
        return False


def is_own_and_older(folder: Path, seconds: float) -> bool:
    """Whether it is a folder of the person's own that nothing was done to for so many seconds.

    Raises:
        OSError: It cannot be looked at.
    """
    found = folder.lstat()
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return is_own and time.time() - found.st_mtime > seconds

"""Files that a person asks to be written or read: with secrets in them, so for their eyes only."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from store.errors import InvalidInput

# More than any clearml.conf has, in bytes.
MOST_READ = 1_000_000

_OWNER_ONLY = 0o600
_REASONS = {
    errno.EACCES: "you have no right to; choose another place",
    errno.EPERM: "you have no right to; choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.ENOSPC: "the disk is full; make room or choose another place",
    errno.EDQUOT: "your share of the disk is used up; choose another place",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "it is a symbolic link; name the file itself",
    errno.ENOTDIR: "a part of the path is a file, not a folder; choose another place",
    errno.ENXIO: "it is no ordinary file; choose another one",
}


def write_private(path_text: str, text: str) -> Path:
    """Write a new file that only its owner can read. Nothing is ever overwritten.

    Args:
        path_text: The path as typed; `~` is the home folder.
        text: What to write.

    Returns:
        The path of the file.

    Raises:
        InvalidInput: It could not be written, and there is no file left of the attempt.
    """
    path = _path(path_text)
    data = text.encode()
    try:
        file = _create(path)
    except OSError as error:
        raise _invalid(_why_not_created(path, error)) from error
    try:
        _write(file, data)
    except BaseException as error:
        with contextlib.suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise _invalid(f"{path} could not be written: {reason_of(error)}.") from error
        raise
    return path


def read_text(path_text: str, most: int) -> str:
    """Read an ordinary file of text.

    Args:
        path_text: The path as typed; `~` is the home folder.
        most: How many bytes it may have at most.

    Raises:
        InvalidInput: It could not be read, is too large, or is no text.
    """
    path = _path(path_text)
    try:
        data = _read(path, most)
    except FileNotFoundError as error:
        raise _invalid(f"There is no file {path}.") from error
    except OSError as error:
        raise _invalid(f"{path} could not be read: {reason_of(error)}.") from error
    if len(data) > most:
        raise _invalid(f"{path} has more than {most:,} bytes, which is too much to be read here.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _invalid(f"{path} is no text in UTF-8.") from error


def _path(typed: str) -> Path:
    typed = typed.strip()
    if not typed:
        raise _invalid("Name a file, such as ~/clearml.conf.")
    if not _is_path(typed):
        raise _invalid("This cannot be the name of a file: it holds a character that none may.")
    if typed.endswith("/"):
        raise _invalid(f"{typed} is a folder. Add the name of a file.")
    try:
        return Path(typed).expanduser().absolute()
    except (RuntimeError, OSError) as error:
        raise _invalid("That home folder is not known. Write the path in full.") from error


def _is_path(typed: str) -> bool:
    try:
        return b"\0" not in typed.encode()
    except UnicodeEncodeError:
        return False


def _create(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, _OWNER_ONLY)


def _write(file: int, data: bytes) -> None:
    with os.fdopen(file, "wb") as stream:
        # The mode that a file is made with is cut by the umask.
        os.fchmod(file, _OWNER_ONLY)
        stream.write(data)
        stream.flush()
        os.fsync(file)


def _read(path: Path, most: int) -> bytes:
    # Without waiting: a pipe that nobody writes to would never be opened.
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(file).st_mode
        if stat.S_ISDIR(mode):
            raise _invalid(f"{path} is a folder. Name a file in it.")
        if not stat.S_ISREG(mode):
            raise _invalid(f"{path} is no ordinary file. Choose another one.")
        with os.fdopen(file, "rb", closefd=False) as stream:
            return stream.read(most + 1)
    finally:
        os.close(file)


def _why_not_created(path: Path, error: OSError) -> str:
    if isinstance(error, FileExistsError):
        if path.is_dir() and not path.is_symlink():
            return f"{path} is a folder. Add the name of a file."
        return f"{path} exists already, and nothing is overwritten. Choose another name."
    if isinstance(error, FileNotFoundError):
        return f"There is no folder {path.parent}. Make it, or choose another one."
    return f"{path} could not be written: {reason_of(error)}."


def reason_of(error: OSError) -> str:
    """Why something could not be done with a file, and what to do about it."""
    return _REASONS.get(error.errno or 0, error.strerror or "for a reason that is not known")


def _invalid(message: str) -> InvalidInput:
    return InvalidInput(message, field="path")

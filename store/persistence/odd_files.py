"""What lies in a file's place and is not what belongs there, and the words for it."""

import errno
import os
import shlex
import stat
from pathlib import Path

# What a mode lets others than the owner do.
OTHERS = 0o077
REMEDY = "move it away, and put the right one back if there was one"

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


class OddFile(OSError):
    """What lies in a file's place is not what belongs there.

    Args:
        path: The file's path.
        trouble: What is wrong, to follow the file's name, and what to do about it.
        number: The error's number.
    """

    def __init__(self, path: Path, trouble: str, number: int = errno.EINVAL) -> None:
        super().__init__(number, f"{path.name} {trouble}", str(path))


def check_file(
    path: Path, status: os.stat_result, *, most: int | None = None, owner: int | None = None
) -> None:
    """See that what lies in a file's place is one.

    Args:
        path: The file.
        status: What the system says of it.
        most: How many bytes it may have at most.
        owner: The account that it must belong to.

    Raises:
        OddFile: It is not.
    """
    if not stat.S_ISREG(status.st_mode):
        raise OddFile(path, f"is {_kind_of(status)}, where a file belongs; {REMEDY}")
    _check_owner(path, status, owner)
    if most is not None and status.st_size > most:
        raise too_large(path, f"has {status.st_size:,} bytes", most)


def check_folder_of_files(path: Path, status: os.stat_result, owner: int | None) -> None:
    """See that what lies in a folder's place is one; see `check_file`.

    Raises:
        OddFile: It is not.
    """
    if not stat.S_ISDIR(status.st_mode):
        kind = "a file" if stat.S_ISREG(status.st_mode) else _kind_of(status)
        raise OddFile(path, f"is {kind}, where a folder belongs; {REMEDY}")
    _check_owner(path, status, owner)


def name_of_account(number: int) -> str:
    """The name of an account; `#NUMBER`, as sudo has it, where it has none."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"#{number}"


def _kind_of(status: os.stat_result) -> str:
    return next((name for is_one, name in _KINDS if is_one(status.st_mode)), "no file")


def _check_owner(path: Path, status: os.stat_result, owner: int | None) -> None:
    if owner is not None and status.st_uid != owner:
        raise OddFile(
            path,
            f"belongs to {name_of_account(status.st_uid)}, and the store to "
            f"{name_of_account(owner)}; {giving(path, owner)}",
            errno.EACCES,
        )


def unopened(path: Path, owner: int | None) -> OddFile:
    """The error of a file that this account may not open, with what lets it.

    Args:
        path: The file.
        owner: The account that it must belong to.
    """
    status, account = os.stat(path), os.geteuid()
    if status.st_uid == account:
        trouble = f"may not be opened; allow it: chmod u+rw {shlex.quote(str(path))}"
    elif status.st_uid == owner:
        trouble = f"may be opened by {name_of_account(owner)} alone"
    else:
        trouble = f"belongs to {name_of_account(status.st_uid)}; {giving(path, account)}"
    return OddFile(path, trouble, errno.EACCES)


def giving(path: Path, account: int) -> str:
    """What gives a file to an account."""
    name = name_of_account(account).removeprefix("#")
    return f"take it back: sudo chown {shlex.quote(name)} {shlex.quote(str(path))}"


def too_large(path: Path, has: str, most: int) -> OddFile:
    """The error of a file that has more bytes than it may."""
    return OddFile(path, f"{has}, more than the {most:,} that it may; {REMEDY}", errno.EFBIG)

"""The lock that one writer at a time holds; the kernel releases it when its holder dies."""

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from store.errors import StoreBusy, StoreFailed
from store.persistence.files import is_of_several_names, new_file, open_file, open_folder
from store.persistence.folder import most_bytes

LONGEST_WAIT = 10.0
_PAUSE = 0.005
_NOT_FOR_FOLDERS = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}


class LockLost(OSError):
    """What was locked is not what others would lock: it was removed, moved or replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ESTALE, f"{path.name} was removed or replaced meanwhile", str(path))


class StoreLock:
    """A lock on a file that is never deleted, so that all who want it lock the same one.

    People delete it all the same. So whoever has it sees that it is still the one at the path, and
    with `holds_folder` also locks the folder itself, which nobody can delete with files in it.

    Args:
        path: The lock's file.
        longest_wait: How long to wait for it, in seconds.
        holds_folder: Whether the folder that it lies in is locked as well.
    """

    def __init__(
        self, path: Path, longest_wait: float = LONGEST_WAIT, *, holds_folder: bool = False
    ) -> None:
        self._path = path
        self._longest_wait = longest_wait
        self._holds_folder = holds_folder
        # What is locked, by its path, while it is held.
        self._locked: dict[Path, int] = {}

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            StoreBusy: Another held it all the while.
            StoreFailed: The file could not be opened, locked or written.
        """
        deadline = time.monotonic() + self._longest_wait
        while not (locked := self._taken(deadline)):
            pass
        self._locked = locked
        try:
            yield
        finally:
            self._locked = {}
            _close(locked)

    def check(self) -> None:
        """See that what is held is still what others would lock. Only for who holds it.

        Raises:
            LockLost: It is not.
        """
        for path, descriptor in self._locked.items():
            if not _is_at(path, descriptor):
                raise LockLost(path)

    def _taken(self, deadline: float) -> dict[Path, int]:
        """What was locked, or nothing where that has been replaced meanwhile."""
        locked: dict[Path, int] = {}
        try:
            try:
                locked[self._path] = _opened(self._path, deadline)
            except OSError as error:
                raise self._failed("opened", error) from error
            try:
                self._wait_for(locked[self._path], deadline)
                if self._holds_folder:
                    self._lock_folder(locked, deadline)
                if all(_is_at(path, descriptor) for path, descriptor in locked.items()):
                    _sign(locked[self._path])
                    return locked
                if time.monotonic() > deadline:
                    raise LockLost(self._path)
            except OSError as error:
                raise self._failed("taken", error) from error
        except BaseException:
            _close(locked)
            raise
        _close(locked)
        return {}

    def _failed(self, what: str, error: OSError) -> StoreFailed:
        return StoreFailed(
            f"The lock {self._path} cannot be {what}: {error.strerror}. Nothing was changed."
        )

    def _lock_folder(self, locked: dict[Path, int], deadline: float) -> None:
        folder = self._path.parent
        locked[folder] = open_folder(folder)
        try:
            self._wait_for(locked[folder], deadline, signed=locked[self._path])
        except OSError as error:
            # Some network file systems lock files alone.
            if error.errno not in _NOT_FOR_FOLDERS:
                raise

    def _wait_for(self, descriptor: int, deadline: float, signed: int | None = None) -> None:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreBusy(
                        f"The store is held by {_holder(signed or descriptor)} for more than "
                        f"{self._longest_wait:g} seconds. Nothing was changed; "
                        "try again when it has finished."
                    ) from None
                time.sleep(_PAUSE)
            else:
                return


def _opened(path: Path, deadline: float) -> int:
    while True:
        try:
            return open_file(path, os.O_RDWR, most=most_bytes(path.name))
        except FileNotFoundError:
            # Two may make it at once, and a third remove it in between.
            with contextlib.suppress(FileExistsError):
                return new_file(path)
            if time.monotonic() > deadline:
                raise


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether a file or folder is the one at a path; to a folder a link may lead."""
    held = os.fstat(descriptor)
    try:
        found = os.stat(path) if stat.S_ISDIR(held.st_mode) else os.lstat(path)
    except OSError:
        return False
    return os.path.samestat(held, found)


def _close(locked: dict[Path, int]) -> None:
    for descriptor in locked.values():
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    """Leave the holder's process number for whoever waits in vain."""
    if is_of_several_names(os.fstat(descriptor)):
        return
    os.pwrite(descriptor, f"{os.getpid():<20}\n".encode(), 0)


def _holder(descriptor: int) -> str:
    if is_of_several_names(os.fstat(descriptor)):
        return "another process"
    number = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    if not number.isdigit():
        return "another process"
    with contextlib.suppress(OSError):
        name = Path(f"/proc/{number}/comm").read_text().strip()
        return f"process {number} ({name})"
    return f"process {number}"

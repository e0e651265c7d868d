"""The lock that one writer at a time holds; the kernel releases it when its holder dies."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from store.errors import StoreBusy, StoreFailed
from store.persistence.files import PRIVATE_FILE

LONGEST_WAIT = 10.0
_PAUSE = 0.005


class StoreLock:
    """A lock on a file that is never deleted, so that all who want it lock the same one.

    Args:
        path: The lock's file.
        longest_wait: How long to wait for it, in seconds.
    """

    def __init__(self, path: Path, longest_wait: float = LONGEST_WAIT) -> None:
        self._path = path
        self._longest_wait = longest_wait

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            StoreBusy: Another held it all the while.
            StoreFailed: The file could not be opened, locked or written.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
        except OSError as error:
            raise StoreFailed(
                f"The lock {self._path} cannot be opened: {error.strerror}. Nothing was changed."
            ) from error
        try:
            try:
                self._wait_for(descriptor)
                _sign(descriptor)
            except OSError as error:
                raise StoreFailed(
                    f"The lock {self._path} cannot be taken: {error.strerror}. Nothing was changed."
                ) from error
            yield
        finally:
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        deadline = time.monotonic() + self._longest_wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreBusy(
                        f"The store is held by {_holder(descriptor)} for more than "
                        f"{self._longest_wait:g} seconds. Nothing was changed; "
                        "try again when it has finished."
                    ) from None
                time.sleep(_PAUSE)
            else:
                return


def _sign(descriptor: int) -> None:
    """Leave the holder's process number for whoever waits in vain."""
    os.pwrite(descriptor, f"{os.getpid():<20}\n".encode(), 0)


def _holder(descriptor: int) -> str:
    number = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    if not number.isdigit():
        return "another process"
    with contextlib.suppress(OSError):
        name = Path(f"/proc/{number}/comm").read_text().strip()
        return f"process {number} ({name})"
    return f"process {number}"

"""Writing that may wait: what was noted in memory goes to its files from a thread of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from store.errors import StoreFailed
from store.persistence.lock import StoreLock

# Nobody waits for what is written here, but for the end of the program.
_LONGEST_WAIT = 2.0
# After a failure, such as a full disk, in seconds.
_BEFORE_ANOTHER_TRY = 10.0


class LateFile(Protocol):
    """A file that is written late."""

    @property
    def has_unwritten(self) -> bool:
        """Whether there is anything to write."""

    def write(self) -> None:
        """Write it. The lock is held meanwhile.

        Raises:
            OSError: It could not be written; it is kept for another try.
        """


class LateWriter:
    """Writes files when they are due, under a lock of their own, and again where that failed.

    Nothing that goes wrong here is anybody's error: what was noted stays in memory until it can be
    written.

    Args:
        lock: The lock's file.
        may_write: Whether anything may be written at all.
    """

    def __init__(self, lock: Path, may_write: Callable[[], bool]) -> None:
        self._lock = StoreLock(lock, _LONGEST_WAIT)
        self._may_write = may_write
        self._files: list[LateFile] = []
        self._changed = threading.Condition()
        self._due: float | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def add(self, file: LateFile) -> None:
        """Write that file, too."""
        self._files.append(file)

    def write_within(self, seconds: float) -> None:
        """Have what is unwritten written so many seconds from now, or before."""
        due = time.monotonic() + seconds
        with self._changed:
            if self._is_closed or not self._may_write():
                return
            if self._due is None or due < self._due:
                self._due = due
                self._changed.notify()
            if self._thread is None or not self._thread.is_alive():
                self._start()

    def write_now(self) -> None:
        """Write what is unwritten; where that fails, it is tried again later."""
        files = [file for file in self._files if file.has_unwritten]
        if not files or not self._may_write():
            return
        try:
            with self._lock.held():
                has_failed = not all([_is_written(file) for file in files])
        except StoreFailed:
            has_failed = True
        if has_failed:
            self.write_within(_BEFORE_ANOTHER_TRY)

    def check_lock(self) -> None:
        """See that the lock is still the one that others would take; for a file that is written.

        Raises:
            LockLost: It is not.
        """
        self._lock.check()

    def close(self) -> None:
        """Write what is unwritten, and end the thread."""
        self.write_now()
        with self._changed:
            self._is_closed = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(_LONGEST_WAIT)

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="late writer", daemon=True)
        # A machine that has no thread left writes at the end.
        with contextlib.suppress(RuntimeError):
            self._thread.start()

    def _run(self) -> None:
        while self._wait_until_due():
            self.write_now()

    def _wait_until_due(self) -> bool:
        with self._changed:
            while not self._is_closed:
                left = None if self._due is None else self._due - time.monotonic()
                if left is not None and left <= 0:
                    self._due = None
                    return True
                self._changed.wait(left)
            return False


def _is_written(file: LateFile) -> bool:
    try:
        file.write()
    except OSError:
        return False
    return True

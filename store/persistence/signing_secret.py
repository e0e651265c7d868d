"""The secret with which tokens are signed: made once, in a file of its own, and rotatable.

Whoever has it can make tokens of anybody, so nobody but the owner of the store may read it. With
another one, all tokens that were signed with the former end at once.
"""

from __future__ import annotations

import re
import secrets
import threading
from pathlib import Path

from store.errors import StoreFailed, StoreReadOnly, StoreUnreadable
from store.persistence.folder import SECRET_FILE, TOKEN_LOCK_FILE
from store.persistence.followed import FollowedFile
from store.persistence.lock import StoreLock
from store.persistence.ownership import check_owner

_LONGEST_WAIT = 10.0
_BYTES = 48
_CONTENT = re.compile(rb"[A-Za-z0-9_-]{64,}\n?")
_REMEDY = "Make a new one: clearml-admin rotate-token-secret. All tokens end then."


class SigningSecret:
    """The secret of a store. Any thread may ask.

    Args:
        folder: The store's folder.
        read_only: Whether none may be made where there is none.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._path = folder / SECRET_FILE
        self._lock = StoreLock(folder / TOKEN_LOCK_FILE, _LONGEST_WAIT)
        self._file = FollowedFile(self._path)
        self._read_only = read_only
        # One thread at a time loads.
        self._guard = threading.Lock()
        self._value = b""

    @property
    def value(self) -> bytes:
        """The secret as it was loaded last."""
        return self._value

    @property
    def is_current(self) -> bool:
        """Whether it was loaded, and nobody has replaced it since; that is one look at the file."""
        return bool(self._value) and not self._file.has_changed()

    def load(self) -> None:
        """Load it; where there is none yet, one is made.

        Raises:
            StoreUnreadable: It cannot be read, or is none.
            StoreReadOnly: There is none, and none may be made.
            StoreForeign: There is none, and the store is another account's.
            StoreBusy: Another process held its lock for too long.
            StoreFailed: It could not be written.
        """
        with self._guard:
            content = self._read()
            if not content:
                if self._read_only:
                    raise StoreReadOnly(
                        f"There is no {self._path}, and with --read-only none is made. "
                        "Start clearml-admin serve once without it."
                    )
                check_owner(self._path.parent)
                with self._lock.held():
                    content = self._read() or self._made()
            if not _CONTENT.fullmatch(content):
                self._value = b""
                raise StoreUnreadable(f"{self._path} is damaged. {_REMEDY}")
            self._value = content.strip()

    def rotate(self) -> None:
        """Put a new one in the place of the former, whatever that holds; all tokens end.

        Raises:
            StoreForeign: The store is another account's.
            StoreBusy: Another process held its lock for too long.
            StoreFailed: It could not be written.
        """
        check_owner(self._path.parent)
        with self._guard, self._lock.held():
            self._value = self._made().strip()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _read(self) -> bytes:
        self._value = b""
        try:
            return self._file.read()
        except OSError as error:
            raise StoreUnreadable(f"{self._path} cannot be read: {error.strerror}.") from error

    def _made(self) -> bytes:
        content = secrets.token_urlsafe(_BYTES).encode() + b"\n"
        try:
            self._file.replace(content, self._lock.check)
        except OSError as error:
            raise StoreFailed(f"{self._path} could not be written: {error.strerror}.") from error
        return content

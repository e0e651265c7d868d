"""The file of tokens that were logged out: on the disk before whoever logs out is answered.

Unlike usage these are security records. Where they are missing or damaged, nobody knows any more
which tokens have ended: all that were given before end then, and clients sign in anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from store.errors import StoreFailed, StoreReadOnly, StoreUnreadable
from store.log_outs import LogOuts, Mark, OfCredential, OfMember
from store.persistence.folder import LOG_OUTS_FILE, LOG_OUTS_LOCK_FILE
from store.persistence.followed import FollowedFile
from store.persistence.lock import StoreLock

if TYPE_CHECKING:
    from store.sessions import Session

FORMAT = 1


class _Damaged(Exception):
    """The file holds what no writer of it has written, or none has written last."""


class LogOutsFile:
    """The tokens of a store that were logged out. Any thread may ask, and log out.

    Args:
        folder: The store's folder.
        change_refusal: Why nothing may be written, or "".
    """

    def __init__(self, folder: Path, change_refusal: Callable[[], str]) -> None:
        self._file = FollowedFile(folder / LOG_OUTS_FILE)
        self._lock = StoreLock(folder / LOG_OUTS_LOCK_FILE)
        self._change_refusal = change_refusal
        # One thread at a time waits for the lock of other processes, and keeps nobody from loading.
        self._waiting = threading.Lock()
        # One thread at a time reads or writes the file.
        self._guard = threading.Lock()
        self._is_writing = False
        # None until it is first asked for: a start does not read it.
        self._records: LogOuts | None = None
        # Kept where the file is damaged, too: a copy of it may be put back.
        self._newest_known: LogOuts | None = None

    @property
    def known(self) -> LogOuts:
        """The records as they were loaded or written last.

        Raises:
            StoreFailed: They were not loaded yet, and cannot be.
        """
        records = self._records
        return self.load() if records is None else records

    @property
    def is_current(self) -> bool:
        """Whether it was loaded, and no other process has written since; that is one look."""
        # While this process writes, no other does.
        is_known = self._is_writing or not self._file.has_changed()
        return self._records is not None and is_known

    def load(self) -> LogOuts:
        """Take in what others have written. Where there is nothing that can be read, begin anew.

        Where nothing may be written, that is in memory alone: tokens are good here, for a while.

        Raises:
            StoreUnreadable: The file cannot be read, or is of a newer program.
            StoreBusy: Another process held its lock for too long.
            StoreFailed: It could not be written.
        """
        with self._guard:
            records = self._newest()
            if records is None and self._change_refusal():
                records = self._records = LogOuts(_new_id())
        if records is None:
            with self._alone():
                records = self._newest() or self._written(LogOuts(_new_id()))
        return records

    def log_out(self, session: Session, mark: Mark) -> None:
        """End a token. When this returns, no crash brings it back.

        Args:
            session: The session of the token.
            mark: What the token carries.

        Raises:
            StoreReadOnly: Nothing may be written.
            StoreBusy: Another process held its lock for too long.
            StoreFailed: It could not be read or written, and the token is as good as before.
        """
        if refusal := self._change_refusal():
            raise StoreReadOnly(refusal)
        with self._alone():
            before = self._newest() or LogOuts(_new_id())
            after = before.with_one(session, mark, new_id=_new_id())
            if after is not self._records:
                self._written(after)

    def close(self) -> None:
        """Let go of the file."""
        with self._guard:
            self._file.close()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._waiting, self._lock.held(), self._guard:
            yield

    def _newest(self) -> LogOuts | None:
        """What the file says now; None where it is missing or damaged."""
        if self._records is None or self._file.has_changed():
            self._records = None
            with contextlib.suppress(_Damaged):
                self._records = self._newest_known = self._found()
        return self._records

    def _found(self) -> LogOuts:
        found = _parse(self._read())
        if self._newest_known is not None and found.is_older_than(self._newest_known):
            raise _Damaged
        return found

    def _read(self) -> bytes:
        try:
            return self._file.read()
        except OSError as error:
            raise StoreUnreadable(
                f"{self._file.path} cannot be read: {error.strerror}. Without it nobody knows "
                "which tokens were logged out."
            ) from error

    def _written(self, records: LogOuts) -> LogOuts:
        self._is_writing = True
        try:
            if self._records is None:
                with contextlib.suppress(FileNotFoundError):
                    self._file.move_aside()
            self._file.replace(_text_of(records), self._lock.check)
            self._records = self._newest_known = records
        except OSError as error:
            raise StoreFailed(
                f"{self._file.path} could not be written: {error.strerror}."
            ) from error
        finally:
            self._is_writing = False
        return records


def _new_id() -> str:
    return secrets.token_hex(16)


def _text_of(records: LogOuts) -> bytes:
    content = orjson.dumps(
        {
            "format": FORMAT,
            "id": records.id,
            "count": records.count,
            "last_number": records.last_number,
            "credentials": records.credentials,
        }
    )
    return orjson.dumps({"checksum": _checksum(content), "log_outs": orjson.Fragment(content)})


def _parse(text: bytes) -> LogOuts:
    try:
        found = orjson.loads(text)
        content = found["log_outs"]
        # Where this is right, the rest is as a writer of ours has left it.
        if found["checksum"] != _checksum(orjson.dumps(content)):
            raise _Damaged
        if content["format"] > FORMAT:
            raise StoreUnreadable(
                f"{LOG_OUTS_FILE} was written by a newer clearml-admin. Install that version."
            )
        credentials = {key: _credential(one) for key, one in content["credentials"].items()}
        return LogOuts(content["id"], content["count"], content["last_number"], credentials)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _Damaged from error


def _credential(found: Mapping[str, Any]) -> OfCredential:
    members = {
        key: OfMember(one["number"], tuple(one["tokens"])) for key, one in found["members"].items()
    }
    return OfCredential(found["number"], members)


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""The file of usage: when each credential was used last (ARCHITECTURE, The store is a folder).

It is no part of any commit. A use is noted in memory and written later, by whatever process saw it;
the later one of two wins. Whatever is wrong with what it says, nobody is kept out by it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson

from store.persistence.files import read_file, replace_file
from store.persistence.folder import USAGE_FILE, most_bytes
from store.persistence.followed import FollowedFile
from store.persistence.late_writer import LateWriter
from store.state import State
from store.terms import CREDENTIALS_TABLE
from store.times import is_time
from store.usage import Usage, Used

# Format 1 had the tokens that were logged out, too.
FORMAT = 2
# When uses are written after they were noted, in seconds. The first of a credential has to be on
# the disk within one second, others within five minutes; the rest is for a busy machine.
FIRST_USE_WITHIN = 0.3
LATER_USE_WITHIN = 240.0


class _Damaged(Exception):
    """The file holds what no writer of it has written."""


class _Newer(_Damaged):
    """The file is of a newer program, which shall find it as it was."""


class UsageFile:
    """The usage of a store's credentials. Any thread may ask, and note.

    Args:
        folder: The store's folder.
        writer: Writes the file, among others.
        newest_state: The store's state where that is sure to be the newest, else None.
    """

    def __init__(
        self, folder: Path, writer: LateWriter, newest_state: Callable[[], State | None]
    ) -> None:
        self._file = FollowedFile(folder / USAGE_FILE)
        self._newest_state = newest_state
        self._writer = writer
        writer.add(self)
        # Guards what follows; never held while a disk is waited for to write.
        self._mutex = threading.Lock()
        # None until it is first asked for: a start does not read it.
        self._used: dict[str, Used] | None = None
        self._unwritten: dict[str, Used] = {}
        # Whether the file was read or written before; else it has to be read before writing.
        self._is_read = False
        # While this process writes, no other does.
        self._is_writing = False
        # The commit by which what is no use any more was thrown away last.
        self._tidied_by: int | None = None
        self._known: Usage | None = None
        # Grows whenever there is something new in `known`, so that screens see that there is.
        self.number = 0

    @property
    def known(self) -> Usage:
        """The usage as of the last look at the file, and what was noted here since."""
        known = self._known
        if known is None:
            with self._mutex:
                # Made anew only when it is asked for: a note has to cost the same among many.
                known = self._known = Usage(dict(self._loaded()))
        return known

    @property
    def has_unwritten(self) -> bool:
        """Whether uses were noted that are not in the file."""
        return bool(self._unwritten)

    @property
    def is_current(self) -> bool:
        """Whether no other process has written it since; that is one look at the file."""
        return self._used is not None and (self._is_writing or not self._file.has_changed())

    def load(self) -> None:
        """Read the file, if that was not done yet."""
        with self._mutex:
            self._loaded()

    def note(self, access_key: str, used: Used) -> None:
        """Note a use of a credential; the file follows.

        Args:
            access_key: The access key.
            used: When and from where.

        Raises:
            TypeError: JSON cannot hold it. Nothing is noted, so that the file can still be written.
        """
        orjson.dumps({access_key: used})
        with self._mutex:
            before = self._loaded().get(access_key)
            if used.at is None or (before is not None and _order(used) <= _order(before)):
                return
            is_due = bool(self._unwritten)
            self._loaded()[access_key] = self._unwritten[access_key] = used
            self._has_changed()
        if before is None:
            self._writer.write_within(FIRST_USE_WITHIN)
        elif not is_due:
            self._writer.write_within(LATER_USE_WITHIN)

    def flush(self) -> None:
        """Write what was noted, at once. Where that fails, it is tried again later."""
        self._writer.write_now()

    def refresh(self) -> bool:
        """Take in what other processes have written.

        Returns:
            Whether there was anything new.
        """
        with self._mutex:
            if not self._file.has_changed():
                return False
            if self._used is None:
                self._file.take_note()
                self._has_changed()
                return True
            return self._take(_merged(self._read(), self._used))

    def write(self) -> None:
        """Write what is known here and what the file holds, merged. The lock is held meanwhile.

        Raises:
            OSError: It could not be written.
        """
        self._is_writing = True
        try:
            self._write()
        finally:
            self._is_writing = False
        # What was noted meanwhile took it that it would be written along.
        if self._unwritten:
            self._writer.write_within(LATER_USE_WITHIN)

    def _write(self) -> None:
        with self._mutex:
            taken, mine = dict(self._unwritten), dict(self._loaded())
            is_known = self._is_read and not self._file.has_changed()
        try:
            found = {} if is_known else self._found()
        except _Newer:
            return
        used = self._worth_keeping(_merged(found, mine))
        descriptor = replace_file(
            self._file.path, _text_of(used), before_rename=self._writer.check_lock
        )
        with self._mutex:
            self._file.adopt(descriptor)
            self._is_read = True
            self._unwritten = {
                key: use for key, use in self._unwritten.items() if taken.get(key) is not use
            }
            self._take(_merged(used, self._unwritten))

    def close(self) -> None:
        """Write what was noted, and let go of the file."""
        self.flush()
        with self._mutex:
            self._file.close()

    def _loaded(self) -> dict[str, Used]:
        if self._used is None:
            self._used = self._read()
        return self._used

    def _read(self) -> dict[str, Used]:
        self._is_read = False
        try:
            used = _parse(self._file.read())
        except (OSError, _Damaged):
            return {}
        self._is_read = True
        return used

    def _take(self, used: dict[str, Used]) -> bool:
        is_new = used != self._used
        self._used = used
        if is_new:
            self._has_changed()
        return is_new

    def _has_changed(self) -> None:
        self._known = None
        self.number += 1

    def _found(self) -> dict[str, Used]:
        # With the lock held no other process writes, and this one's readers only look.
        path = self._file.path
        try:
            return _parse(read_file(path, most=most_bytes(path.name)))
        except FileNotFoundError:
            return {}
        except _Newer:
            raise
        except _Damaged:
            self._file.move_aside()
            return {}

    def _worth_keeping(self, used: dict[str, Used]) -> dict[str, Used]:
        # Read after the file was: whatever credential is in it, this state would know. An older one
        # would not, and then nothing is thrown away.
        state = self._newest_state()
        if state is None or state.commit == self._tidied_by:
            return used
        self._tidied_by = state.commit
        return {key: use for key, use in used.items() if _is_of_living_member(state, key)}


def _is_of_living_member(state: State, access_key: str) -> bool:
    # Revoked ones count for when their member was last active.
    document = state.table(CREDENTIALS_TABLE).get(access_key, {})
    member = state.find_member(document.get("member", ""))
    return member is not None and not member.get("removed_at")


def _order(used: Used) -> tuple[str, str, str]:
    # Of two uses in the same second all processes take the same one.
    return used.at or "", used.worker, used.address


def _merged(some: Mapping[str, Used], others: Mapping[str, Used]) -> dict[str, Used]:
    merged = dict(some)
    for key, use in others.items():
        if key not in merged or _order(merged[key]) < _order(use):
            merged[key] = use
    return merged


def _text_of(used: Mapping[str, Used]) -> bytes:
    return orjson.dumps({"format": FORMAT, "used": used})


def _parse(content: bytes) -> dict[str, Used]:
    if not content:
        return {}
    try:
        found = orjson.loads(content)
        if found["format"] > FORMAT:
            raise _Newer
        return {key: _used_of(use) for key, use in found["used"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _Damaged from error


def _used_of(use: Mapping[str, str]) -> Used:
    used = Used(use["at"], use["worker"], use["address"])
    if not is_time(used.at) or not all(isinstance(text, str) for text in use.values()):
        raise ValueError(use)
    return used

"""The file of usage: when each credential was used last (ARCHITECTURE, The store is a folder).

It is no part of any commit. A use is noted in memory and written later, by whatever process saw it;
the later one of two wins. Whatever is wrong with the file, nobody is kept out by it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from store.persistence.files import read_file, replace_file
from store.persistence.folder import USAGE_FILE, most_bytes
from store.persistence.followed import FollowedFile
from store.persistence.late_writer import LateWriter
from store.state import State
from store.terms import CREDENTIALS_TABLE
from store.times import is_time
from store.usage import Usage, Used

FORMAT = 1
# When uses are written after they were noted, in seconds. The first of a credential has to be on
# the disk within one second, others within five minutes; the rest is for a busy machine.
FIRST_USE_WITHIN = 0.3
LATER_USE_WITHIN = 240.0
# Those that end soonest are forgotten first, where somebody logs out without end.
MOST_LOGGED_OUT = 10_000


class _Damaged(Exception):
    """The file holds what no writer of it has written."""


class _Newer(_Damaged):
    """The file is of a newer program, which shall find it as it was."""


@dataclass(frozen=True)
class _Content:
    used: dict[str, Used] = field(default_factory=dict)
    # When each token ends that was logged out before.
    logged_out: dict[str, Any] = field(default_factory=dict)


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
        # Of the file as it was read or written last; None where it has to be read before writing.
        self._logged_out: dict[str, Any] | None = None
        # All that is known, of the file or not.
        self._out: dict[str, Any] = {}
        # While this process writes, no other does.
        self._is_writing = False
        # What had ended by then is not kept any more.
        self._out_from = ""
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
        """Whether uses were noted that are not in the file, or tokens that were logged out."""
        return bool(self._unwritten) or not self._out.keys() <= (self._logged_out or {}).keys()

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
            used: When and from where. Its texts must be such as JSON can hold.
        """
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

    def log_out(self, token: str, ends_at: str, now: str) -> None:
        """Note that a token was logged out; the file follows.

        Args:
            token: The id of the token.
            ends_at: When it would end by itself.
            now: The time.
        """
        with self._mutex:
            self._loaded()
            self._out_from = max(self._out_from, now)
            self._out = _worth_knowing({**self._out, token: ends_at}, self._out_from)
        self._writer.write_within(FIRST_USE_WITHIN)

    def is_logged_out(self, token: str) -> bool:
        """Whether a token was logged out."""
        return token in self._out

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
            is_known = self._logged_out is not None and not self._file.has_changed()
            content = _Content({}, self._logged_out or {})
            out = self._out
        try:
            content = content if is_known else self._found()
        except _Newer:
            return
        used = self._worth_keeping(_merged(content.used, mine))
        logged_out = _worth_knowing({**content.logged_out, **out}, self._out_from)
        descriptor = replace_file(
            self._file.path, _text_of(used, logged_out), before_rename=self._writer.check_lock
        )
        with self._mutex:
            self._file.adopt(descriptor)
            self._logged_out = logged_out
            self._out = _worth_knowing({**logged_out, **self._out}, self._out_from)
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
        self._logged_out = None
        try:
            content = _parse(self._file.read())
        except (OSError, _Damaged):
            return {}
        self._logged_out = content.logged_out
        self._out = {**content.logged_out, **self._out}
        return content.used

    def _take(self, used: dict[str, Used]) -> bool:
        is_new = used != self._used
        self._used = used
        if is_new:
            self._has_changed()
        return is_new

    def _has_changed(self) -> None:
        self._known = None
        self.number += 1

    def _found(self) -> _Content:
        # With the lock held no other process writes, and this one's readers only look.
        path = self._file.path
        try:
            return _parse(read_file(path, most=most_bytes(path.name)))
        except FileNotFoundError:
            return _Content()
        except _Newer:
            raise
        except _Damaged:
            self._file.move_aside()
            return _Content()

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


def _worth_knowing(logged_out: dict[str, Any], since: str) -> dict[str, Any]:
    """Those that would not have ended by then, and no more than are kept."""
    left = {token: end for token, end in logged_out.items() if not since or str(end) > since}
    if len(left) <= MOST_LOGGED_OUT:
        return left
    latest = sorted(left.items(), key=lambda one: str(one[1]), reverse=True)
    return dict(latest[:MOST_LOGGED_OUT])


def _order(used: Used) -> tuple[str, str, str]:
    # Of two uses in the same second all processes take the same one.
    return used.at or "", used.worker, used.address


def _merged(some: Mapping[str, Used], others: Mapping[str, Used]) -> dict[str, Used]:
    merged = dict(some)
    for key, use in others.items():
        if key not in merged or _order(merged[key]) < _order(use):
            merged[key] = use
    return merged


def _text_of(used: Mapping[str, Used], logged_out: Mapping[str, Any]) -> bytes:
    return orjson.dumps({"format": FORMAT, "used": used, "logged_out": logged_out})


def _parse(content: bytes) -> _Content:
    if not content:
        return _Content()
    try:
        found = orjson.loads(content)
        if found["format"] > FORMAT:
            raise _Newer
        used = {key: _used_of(use) for key, use in found["used"].items()}
        return _Content(used, dict(found["logged_out"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _Damaged from error


def _used_of(use: Mapping[str, str]) -> Used:
    used = Used(use["at"], use["worker"], use["address"])
    if not is_time(used.at) or not all(isinstance(text, str) for text in use.values()):
        raise ValueError(use)
    return used

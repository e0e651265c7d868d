"""The record of refused sign-ins: counted by key, address and cause, bounded, and no activity."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

import orjson

from store.persistence.followed import FollowedFile
from store.persistence.late_writer import LateWriter
from store.sign_ins import RefusedSignIn, Verdict
from store.times import is_time

REFUSALS_FILE = "sign-ins.jsonl"
# Those that were refused longest ago go: whoever tries many keys cannot fill the disk.
MOST_LINES = 10_000
# When they are written after they were noted, in seconds.
WRITTEN_WITHIN = 10.0

# What is counted as one: key, address and cause.
_Kind = tuple[str, str, str]
# By kind, the one whose last sign-in is longest ago first.
_Counted = OrderedDict[_Kind, RefusedSignIn]


class RefusalsFile:
    """The refused sign-ins of a store. Any thread may ask, and note.

    Args:
        folder: The store's folder.
        writer: Writes the file, among others.
    """

    def __init__(self, folder: Path, writer: LateWriter) -> None:
        self._file = FollowedFile(folder / REFUSALS_FILE)
        self._writer = writer
        writer.add(self)
        self._mutex = threading.Lock()
        self._unwritten: _Counted = OrderedDict()
        # Held by whoever reads or writes the file, so that nothing is seen twice, in it and here.
        self._guard = threading.Lock()
        # None until it is first asked for.
        self._written: _Counted | None = None

    @property
    def has_unwritten(self) -> bool:
        """Whether sign-ins were noted that are not in the file."""
        return bool(self._unwritten)

    def note(self, refused: RefusedSignIn) -> None:
        """Count a refused sign-in; the file follows.

        Args:
            refused: The sign-in. Its texts must be short, and such as JSON can hold.
        """
        with self._mutex:
            _add(self._unwritten, [refused])
        self._writer.write_within(WRITTEN_WITHIN)

    def of(self, access_keys: Iterable[str]) -> tuple[RefusedSignIn, ...]:
        """The refused sign-ins with these access keys, newest first."""
        wanted = set(access_keys)
        with self._guard:
            counted = self._read().copy()
            with self._mutex:
                _add(counted, self._unwritten.values())
        return tuple(one for one in reversed(_in_order(counted)) if one.access_key in wanted)

    def write(self) -> None:
        """Add what was noted to the file. The lock is held meanwhile.

        Raises:
            OSError: It could not be written; what was noted is kept.
        """
        with self._guard:
            with self._mutex:
                taken, self._unwritten = self._unwritten, OrderedDict()
            try:
                self._write(taken)
            except OSError:
                with self._mutex:
                    _add(taken, self._unwritten.values())
                    self._unwritten = taken
                raise

    def close(self) -> None:
        """Write what was noted, and let go of the file."""
        self._writer.write_now()
        with self._guard:
            self._file.close()

    def _write(self, taken: _Counted) -> None:
        # Read in any case: with the lock held it is what the others have left.
        counted, is_damaged = _parse(self._file.read())
        if is_damaged:
            self._file.move_aside()
        _add(counted, taken.values())
        ordered = _in_order(counted)
        self._written = OrderedDict((_kind(one), one) for one in ordered)
        try:
            self._file.replace(b"".join(orjson.dumps(one) + b"\n" for one in ordered))
        except OSError:
            self._written = None
            raise

    def _read(self) -> _Counted:
        if self._written is None or self._file.has_changed():
            try:
                self._written, _ = _parse(self._file.read())
            except OSError:
                self._written = OrderedDict()
        return self._written


def _kind(one: RefusedSignIn) -> _Kind:
    return one.access_key, one.address, one.cause


def _in_order(counted: _Counted) -> list[RefusedSignIn]:
    return sorted(counted.values(), key=lambda one: one.last_at)


def _add(counted: _Counted, ones: Iterable[RefusedSignIn]) -> None:
    for one in ones:
        kind = _kind(one)
        before = counted.pop(kind, None)
        counted[kind] = one if before is None else before.with_others(one)
        if len(counted) > MOST_LINES:
            counted.popitem(last=False)


def _parse(content: bytes) -> tuple[_Counted, bool]:
    """What the lines say that can be read, and whether there are others."""
    counted: _Counted = OrderedDict()
    is_damaged = False
    for line in content.splitlines():
        try:
            _add(counted, [_refused_of(orjson.loads(line))])
        except (ValueError, TypeError, KeyError):
            is_damaged = True
    return counted, is_damaged


def _refused_of(found: dict[str, object]) -> RefusedSignIn:
    access_key, address = found["access_key"], found["address"]
    first_at, last_at, count = found["first_at"], found["last_at"], found["count"]
    if not (isinstance(access_key, str) and isinstance(address, str) and isinstance(count, int)):
        raise ValueError(found)
    if not (is_time(first_at) and is_time(last_at)):
        raise ValueError(found)
    cause = Verdict(str(found["cause"]))
    return RefusedSignIn(access_key, address, cause, count, str(first_at), str(last_at))

"""A file of what happened again and again: counted by kind, bounded in size, and no activity.

It is no part of any commit. What is noted stays in memory and is written later, by whatever process
saw it; what several have counted is added up.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import orjson

from store.persistence.followed import FollowedFile
from store.persistence.late_writer import LateWriter

# Those that happened longest ago go: nobody can fill the disk.
MOST_LINES = 10_000


class Counted(Protocol):
    """What happened so many times, a dataclass whose texts JSON can hold."""

    @property
    def last_at(self) -> str:
        """When it happened last."""

    @property
    def kind(self) -> Hashable:
        """What is counted as one."""

    def with_others(self, others: Self) -> Self:
        """This and others of the same kind."""


C = TypeVar("C", bound=Counted)


class CountedFile(Generic[C]):
    """What was counted in a store. Any thread may ask, and note.

    Args:
        path: The file.
        writer: Writes the file, among others.
        parse: Makes one of what a line holds; raises ValueError, TypeError or KeyError where that
            is none.
        written_within: When it is written after something was noted, in seconds.
    """

    def __init__(
        self,
        path: Path,
        writer: LateWriter,
        parse: Callable[[dict[str, Any]], C],
        *,
        written_within: float,
    ) -> None:
        self._file = FollowedFile(path)
        self._parse_one = parse
        self._written_within = written_within
        self._writer = writer
        writer.add(self)
        self._mutex = threading.Lock()
        # By kind, the one that happened last longest ago first.
        self._unwritten: OrderedDict[Hashable, C] = OrderedDict()
        # Held by whoever reads or writes the file, so that nothing is seen twice, in it and here.
        self._guard = threading.Lock()
        # None until it is first asked for.
        self._written: OrderedDict[Hashable, C] | None = None

    @property
    def has_unwritten(self) -> bool:
        """Whether there is something noted that is not in the file."""
        return bool(self._unwritten)

    def note(self, one: C) -> None:
        """Count it; the file follows.

        Args:
            one: What happened. Its texts must be short, and such as JSON can hold.
        """
        with self._mutex:
            _add(self._unwritten, [one])
        self._writer.write_within(self._written_within)

    def newest_first(self) -> list[C]:
        """All that is known."""
        with self._guard:
            counted = self._read().copy()
            with self._mutex:
                _add(counted, self._unwritten.values())
        return _in_order(counted)[::-1]

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

    def _write(self, taken: OrderedDict[Hashable, C]) -> None:
        # Read in any case: with the lock held it is what the others have left.
        counted, is_damaged = self._parse(self._file.read())
        if is_damaged:
            self._file.move_aside()
        _add(counted, taken.values())
        ordered = _in_order(counted)
        self._written = OrderedDict((one.kind, one) for one in ordered)
        try:
            self._file.replace(b"".join(orjson.dumps(one) + b"\n" for one in ordered))
        except OSError:
            self._written = None
            raise

    def _read(self) -> OrderedDict[Hashable, C]:
        if self._written is None or self._file.has_changed():
            try:
                self._written, _ = self._parse(self._file.read())
            except OSError:
                self._written = OrderedDict()
        return self._written

    def _parse(self, content: bytes) -> tuple[OrderedDict[Hashable, C], bool]:
        """What the lines say that can be read, and whether there are others."""
        counted: OrderedDict[Hashable, C] = OrderedDict()
        is_damaged = False
        for line in content.splitlines():
            try:
                _add(counted, [self._parse_one(orjson.loads(line))])
            except (ValueError, TypeError, KeyError):
                is_damaged = True
        return counted, is_damaged


def _in_order(counted: OrderedDict[Hashable, C]) -> list[C]:
    return sorted(counted.values(), key=lambda one: one.last_at)


def _add(counted: OrderedDict[Hashable, C], ones: Iterable[C]) -> None:
    for one in ones:
        before = counted.pop(one.kind, None)
        counted[one.kind] = one if before is None else before.with_others(one)
        if len(counted) > MOST_LINES:
            counted.popitem(last=False)

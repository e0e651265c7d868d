"""A file of what happened again and again: counted by kind, bounded in size, and no activity.

It is no part of any commit. What is noted stays in memory and is written later, by whatever process
saw it; what several have counted is added up.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

import orjson

from store.persistence.followed import FollowedFile
from store.persistence.late_writer import LateWriter

# Those that happened longest ago go: nobody can fill the disk.
MOST_LINES = 10_000
# Those that anybody can bring about go first, but for so many of the latest.
LEAST_OF_ANYBODY = 1_000
# When something is written that was noted after a while of nothing, in seconds.
SOON = 0.3


class Counted(Protocol):
    """What happened so many times, a dataclass whose texts JSON can hold."""

    @property
    def last_at(self) -> str:
        """When it happened last."""

    @property
    def kind(self) -> Hashable:
        """What is counted as one."""

    @property
    def is_anybodys(self) -> bool:
        """Whether anybody can bring it about, as often as they like, and in any number of kinds."""

    def with_others(self, others: Self) -> Self:
        """This and others of the same kind."""


C = TypeVar("C", bound=Counted)


class Latest(Generic[C]):
    """What was counted, each kind once, and no more than is kept."""

    def __init__(self) -> None:
        # By kind, the one that was added longest ago first.
        self._ones: dict[Hashable, C] = {}
        # The kinds, in the same order: those that anybody can bring about, and the others.
        self._kinds: dict[bool, OrderedDict[Hashable, None]] = {
            True: OrderedDict(),
            False: OrderedDict(),
        }

    def __len__(self) -> int:
        return len(self._ones)

    def __iter__(self) -> Iterator[C]:
        return iter(self._ones.values())

    def copy(self) -> Latest[C]:
        """The same, to be added to."""
        other: Latest[C] = Latest()
        other._ones = self._ones.copy()
        other._kinds = {whose: kinds.copy() for whose, kinds in self._kinds.items()}
        return other

    def add(self, ones: Iterable[C]) -> None:
        """Add these to what is known of their kinds."""
        for one in ones:
            before = self._ones.pop(one.kind, None)
            self._ones[one.kind] = one if before is None else before.with_others(one)
            kinds = self._kinds[one.is_anybodys]
            kinds[one.kind] = None
            kinds.move_to_end(one.kind)
            if len(self) > MOST_LINES:
                self._let_go()

    def in_order(self) -> list[C]:
        """All of them, the one that happened last longest ago first."""
        return sorted(self, key=lambda one: one.last_at)

    def _let_go(self) -> None:
        has_spare = len(self._kinds[True]) > LEAST_OF_ANYBODY or not self._kinds[False]
        kind, _ = self._kinds[has_spare].popitem(last=False)
        del self._ones[kind]


class CountedFile(Generic[C]):
    """What was counted in a store. Any thread may ask, and note.

    Args:
        path: The file.
        writer: Writes the file, among others.
        parse: Makes one of what a line holds; raises ValueError, TypeError or KeyError where that
            is none.
        between_writes: How long it is left alone after it was written, in seconds; else what is
            noted is written soon.
    """

    def __init__(
        self,
        path: Path,
        writer: LateWriter,
        parse: Callable[[dict[str, Any]], C],
        *,
        between_writes: float,
    ) -> None:
        self._file = FollowedFile(path)
        self._parse_one = parse
        self._between_writes = between_writes
        self._writer = writer
        writer.add(self)
        self._mutex = threading.Lock()
        self._unwritten: Latest[C] = Latest()
        # Held by whoever reads or writes the file, so that nothing is seen twice, in it and here.
        self._guard = threading.Lock()
        # None until it is first asked for.
        self._written: Latest[C] | None = None
        # All that is known, newest first; None where it has to be put in order anew.
        self._known: tuple[C, ...] | None = None
        self._tried_at = -math.inf
        # Grows whenever there is something new, so that screens see that there is.
        self.number = 0

    @property
    def has_unwritten(self) -> bool:
        """Whether there is something noted that is not in the file."""
        return len(self._unwritten) > 0

    def note(self, one: C) -> None:
        """Count it; the file follows.

        Args:
            one: What happened. Its texts must be short.

        Raises:
            TypeError: JSON cannot hold it. Nothing is noted, so that the file can still be written.
        """
        orjson.dumps(one)
        with self._mutex:
            self._unwritten.add([one])
            self._has_changed()
        since = time.monotonic() - self._tried_at
        self._writer.write_within(max(SOON, self._between_writes - since))

    def newest_first(self) -> tuple[C, ...]:
        """All that is known."""
        with self._guard:
            written = self._read()
            with self._mutex:
                if self._known is None:
                    counted = written.copy()
                    counted.add(self._unwritten)
                    self._known = tuple(reversed(counted.in_order()))
                return self._known

    def refresh(self) -> bool:
        """Take in what other processes have written, where it was asked for before.

        Returns:
            Whether there was anything new.
        """
        before = self.number
        with self._guard:
            if self._written is not None:
                self._read()
            elif self._file.has_changed():
                self._file.take_note()
                self._note_news()
        return self.number != before

    def write(self) -> None:
        """Add what was noted to the file. The lock is held meanwhile.

        Raises:
            OSError: It could not be written; what was noted is kept.
        """
        with self._guard:
            self._tried_at = time.monotonic()
            with self._mutex:
                taken, self._unwritten = self._unwritten, Latest()
            try:
                self._write(taken)
            except OSError:
                with self._mutex:
                    taken.add(self._unwritten)
                    self._unwritten = taken
                raise

    def close(self) -> None:
        """Write what was noted, and let go of the file."""
        self._writer.write_now()
        with self._guard:
            self._file.close()

    def _write(self, taken: Latest[C]) -> None:
        # Read in any case: with the lock held it is what the others have left.
        if self._file.has_changed():
            self._note_news()
        counted, is_damaged = self._parse(self._file.read())
        if is_damaged:
            self._file.move_aside()
        counted.add(taken)
        ordered = counted.in_order()
        self._written = Latest()
        self._written.add(ordered)
        try:
            self._file.replace(
                b"".join(orjson.dumps(one) + b"\n" for one in ordered), self._writer.check_lock
            )
        except OSError:
            self._written = None
            raise

    def _read(self) -> Latest[C]:
        has_changed = self._file.has_changed()
        if self._written is None or has_changed:
            if has_changed:
                self._note_news()
            try:
                self._written, _ = self._parse(self._file.read())
            except OSError:
                self._written = Latest()
        return self._written

    def _note_news(self) -> None:
        with self._mutex:
            self._has_changed()

    def _has_changed(self) -> None:
        self._known = None
        self.number += 1

    def _parse(self, content: bytes) -> tuple[Latest[C], bool]:
        """What the lines say that can be read, and whether there are others."""
        counted: Latest[C] = Latest()
        is_damaged = False
        for line in content.splitlines():
            try:
                counted.add([self._parse_one(orjson.loads(line))])
            except (ValueError, TypeError, KeyError):
                is_damaged = True
        return counted, is_damaged

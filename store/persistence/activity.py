"""The activity: the append-only record of changes, each entry with the hash of the one before."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from store.persistence.files import (
    append_to_file,
    make_private_folder,
    read_file,
    truncate_file,
)
from store.persistence.folder import MOST_OF_A_SEGMENT
from store.persistence.ownership import owner_of

# So many that reading the last segment whole, at a start, takes a few milliseconds.
ENTRIES_PER_SEGMENT = 1_000
_NO_DIGEST = "0" * 64


@dataclass(frozen=True)
class Position:
    """The last entry that a commit vouches for: its number, from 1 on, and its hash."""

    number: int = 0
    digest: str = _NO_DIGEST


class ActivityDamaged(Exception):
    """The record and the commit that should vouch for it do not fit together."""


@dataclass(frozen=True)
class _Tail:
    """What lies beyond a position: where it begins in which segment, and its bytes."""

    segment: Path
    offset: int
    excess: bytes
    entries: int


class ActivityLog:
    """The record in one folder.

    Args:
        folder: Where the segments lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # After an append of ours: the position, its segment and the segment's size.
        self._known: tuple[Position, Path, int] | None = None

    def check(self, last: Position) -> None:
        """See that the record ends with this entry, or with one more that no commit followed.

        Raises:
            ActivityDamaged: It does not.
            OSError: It could not be read.
        """
        self._tail(last)

    def append(self, last: Position, entry: dict[str, Any]) -> Position:
        """Write an entry after the last one. What a crash left beyond that is moved aside first.

        Only for the holder of the store's lock.

        Returns:
            The position of the entry.

        Raises:
            ActivityDamaged: The record does not end with the last one.
            OSError: It could not be written.
        """
        if not self._is_known(last):
            self._move_aside(last)
        number = last.number + 1
        line = orjson.dumps({"number": number, "previous": last.digest, **entry})
        segment = self._segment(number)
        if not self._folder.is_dir():
            make_private_folder(self._folder)
        size = append_to_file(segment, line + b"\n", most=MOST_OF_A_SEGMENT)
        position = Position(number, hashlib.sha256(line).hexdigest())
        self._known = (position, segment, size)
        return position

    def newest(self, last: Position) -> Iterator[dict[str, Any]]:
        """The entries that a commit vouches for, newest first, read as they are needed.

        Raises:
            ActivityDamaged: One is missing, or is not the one that the next carries the hash of.
            OSError: They could not be read.
        """
        number, digest = last.number, last.digest
        while number > 0:
            wanted = (number - 1) % ENTRIES_PER_SEGMENT + 1
            lines = _lines(self._segment(number))[:wanted]
            if len(lines) < wanted:
                raise ActivityDamaged(f"its entry {number:,} is missing")
            for line in reversed(lines):
                if hashlib.sha256(line).hexdigest() != digest:
                    raise ActivityDamaged(f"its entry {number:,} is not the one that was written")
                entry = orjson.loads(line)
                yield entry
                number, digest = number - 1, entry["previous"]

    def _segment(self, number: int) -> Path:
        return self._folder / f"{(number - 1) // ENTRIES_PER_SEGMENT + 1:06d}.jsonl"

    def _is_known(self, last: Position) -> bool:
        if self._known is None or self._known[0] != last:
            return False
        _, segment, size = self._known
        following = self._segment(last.number + 1)
        if following != segment and os.path.lexists(following):
            return False
        with contextlib.suppress(OSError):
            return segment.lstat().st_size == size
        return False

    def _tail(self, last: Position) -> _Tail:
        segment = self._segment(last.number + 1)
        offset = 0
        if last.number:
            lines = _lines(self._segment(last.number))
            place = (last.number - 1) % ENTRIES_PER_SEGMENT
            if len(lines) <= place:
                raise ActivityDamaged(f"its entry {last.number:,} is missing")
            if hashlib.sha256(lines[place]).hexdigest() != last.digest:
                raise ActivityDamaged(f"its entry {last.number:,} is not the one that was written")
            if self._segment(last.number) == segment:
                offset = sum(len(line) + 1 for line in lines[: place + 1])
        excess = _read(segment)[offset:]
        entries = len(excess.splitlines())
        after_next = self._segment(last.number + 2)
        if after_next != segment:
            entries += len(_lines(after_next))
        if entries > 1:
            raise ActivityDamaged(f"it has {entries:,} entries more than the workspace knows of")
        return _Tail(segment, offset, excess, entries)

    def _move_aside(self, last: Position) -> None:
        tail = self._tail(last)
        if not tail.excess:
            return
        aside = _unused(self._folder, last.number + 1)
        append_to_file(aside, tail.excess)
        truncate_file(tail.segment, tail.offset)


def _unused(folder: Path, number: int) -> Path:
    tries = 1
    while os.path.lexists(path := folder / f"aside-{number}-{tries}.jsonl"):
        tries += 1
    return path


def _lines(path: Path) -> list[bytes]:
    return _read(path).splitlines()


def _read(path: Path) -> bytes:
    try:
        return read_file(path, most=MOST_OF_A_SEGMENT, owner=owner_of(path.parent.parent))
    except FileNotFoundError:
        return b""

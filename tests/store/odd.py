"""What may lie in a file's place, and what a folder holds without touching any of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

ABSURD = 1 << 40


def _link(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "precious")


def _dangling(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "nowhere")


def _pipe(path: Path, _: Path) -> None:
    os.mkfifo(path, 0o600)


def _socket(path: Path, _: Path) -> None:
    # The names of sockets are short.
    former = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(former)


def _device(path: Path, _: Path) -> None:
    try:
        # What /dev/zero is: it would be read for ever.
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root makes devices, and not in every container")


def _folder(path: Path, _: Path) -> None:
    path.mkdir(mode=0o700)


def _absurd(path: Path, _: Path) -> None:
    with path.open("wb") as file:
        file.truncate(ABSURD)
    path.chmod(0o600)


def _unreadable(path: Path, _: Path) -> None:
    path.touch()
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read everything")


KINDS: dict[str, Callable[[Path, Path], None]] = {
    "a named pipe": _pipe,
    "a socket": _socket,
    "a device": _device,
    "a link": _link,
    "a dangling link": _dangling,
    "a folder": _folder,
    "an absurd size": _absurd,
    "unreadable": _unreadable,
}


class Place:
    """The place of a file, and what is put there.

    Args:
        path: The path of the file.
        outside: A folder of somebody else's.
    """

    def __init__(self, path: Path, outside: Path) -> None:
        self.path = path
        self._outside = outside
        self._kept = outside.with_name("kept") / path.name
        self._kept.parent.mkdir(exist_ok=True)
        outside.mkdir(exist_ok=True)
        (outside / "precious").write_text("precious")

    def put(self, kind: str) -> None:
        """Take what is there away, and put something else in its place."""
        if os.path.lexists(self.path):
            os.rename(self.path, self._kept)
        self.path.parent.mkdir(exist_ok=True, mode=0o700)
        KINDS[kind](self.path, self._outside)

    def put_right(self) -> None:
        """Put back what was there."""
        if self.path.is_dir() and not self.path.is_symlink():
            shutil.rmtree(self.path)
        else:
            self.path.unlink()
        if os.path.lexists(self._kept):
            os.rename(self._kept, self.path)


def looks(folder: Path) -> dict[str, tuple[int, ...] | tuple[int, int, bytes]]:
    """Everything below a folder, without opening what is no file: mode, time, size or bytes."""
    found: dict[str, tuple[int, ...] | tuple[int, int, bytes]] = {}
    for path in sorted([folder, *folder.rglob("*")]):
        status = path.lstat()
        # Whoever holds the lock signs it, also where nothing comes of it.
        time = 0 if path.name == "lock" else status.st_mtime_ns
        kept = (status.st_mode, time, status.st_ino, status.st_size)
        is_small = (
            stat.S_ISREG(status.st_mode) and status.st_size < ABSURD and status.st_mode & 0o400
        )
        found[str(path)] = (*kept[:2], path.read_bytes()) if is_small else kept
    return found


@contextmanager
def within_a_second() -> Iterator[None]:
    """See that the block hangs nowhere, and needs no longer than a person waits."""

    def too_late(_: int, __: FrameType | None) -> None:
        raise AssertionError("that has taken more than a second")

    former = signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)

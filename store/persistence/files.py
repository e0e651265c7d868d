"""Files that are there whole or not at all, and for their owner's eyes only."""

import contextlib
import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

# Linux and macOS take 1,024 at a time.
_MOST_PIECES = 1_000


def replace_file(path: Path, *content: bytes) -> int:
    """Put new content in the place of a file, so that a crash leaves the former or the new one.

    Args:
        path: The file.
        content: The pieces of the content, in order.

    Returns:
        The descriptor of the new file, open for reading and writing; the caller closes it.

    Raises:
        OSError: It could not be written, and the former file is untouched; or the new one is in
            its place, but the folder could not be flushed.
    """
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        write_all(descriptor, *content)
        os.fsync(descriptor)
        os.rename(beside, path)
    except OSError:
        os.close(descriptor)
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    try:
        sync_folder(path.parent)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def append_to_file(path: Path, content: bytes) -> int:
    """Append to a file, which is made where there is none, and flush it to the disk.

    Returns:
        The size of the file afterwards, in bytes.

    Raises:
        OSError: It could not be written.
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        write_all(descriptor, content)
        os.fsync(descriptor)
        size = os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)
    return size


def truncate_file(path: Path, size: int) -> None:
    """Cut a file to a size in bytes and flush it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, that only its owner may enter."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)


def sync_folder(path: Path) -> None:
    """Flush a folder's list of names to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, *content: bytes) -> None:
    """Write all pieces; the system may take less than it is given at a time."""
    # Together, for the disk takes a file in small writes half as fast as in large ones.
    rest: list[bytes | memoryview] = list(content)
    while rest:
        written = os.writev(descriptor, rest[:_MOST_PIECES])
        done = 0
        while done < len(rest) and written >= len(rest[done]):
            written -= len(rest[done])
            done += 1
        del rest[:done]
        if written:
            rest[0] = memoryview(rest[0])[written:]

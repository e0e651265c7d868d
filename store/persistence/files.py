"""Files that are there whole or not at all, and for their owner's eyes only.

All files of a store are opened here, and those of a person that others may have put there. What
lies in a file's place may be anything: a named pipe would never be opened, a link would be written
through, and a file of a thousand gigabytes would be read to its end. None of them is touched.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from store.persistence.odd_files import OTHERS, REMEDY, OddFile, check_file, too_large, unopened

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

# Linux and macOS take 1,024 at a time.
_MOST_PIECES = 1_000
# A pipe is not waited for, and no other process inherits the file.
_ALWAYS = os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# What the system says of what is no file, where that was put there while we looked.
_ODD = {errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.EOPNOTSUPP}


def open_file(
    path: Path,
    flags: int = os.O_RDONLY,
    *,
    most: int | None = None,
    owner: int | None = None,
    follows_links: bool = False,
) -> int:
    """Open a file that is there, if it is one.

    A file of several names is none the worse: copies of a store are made of such. But nothing is
    written into one.

    Args:
        path: The file.
        flags: How to open it, as for `os.open`.
        most: How many bytes it may have at most.
        owner: The account that it must belong to; what others may do with it is taken from them.
        follows_links: Whether it may be a link to one, as people have for what they write.

    Returns:
        Its descriptor; the caller closes it.

    Raises:
        FileNotFoundError: There is none.
        OddFile: Something else is there, it has more bytes, or it is another account's.
        OSError: It cannot be opened.
    """
    # Looked at before, for opening a device may do something already.
    look = os.stat if follows_links else os.lstat
    check_file(path, look(path), most=most, owner=owner)
    try:
        descriptor = os.open(path, flags | _ALWAYS | (0 if follows_links else os.O_NOFOLLOW))
    except PermissionError as error:
        raise unopened(path, owner) from error
    except OSError as error:
        if error.errno in _ODD:
            raise OddFile(path, f"is no file; {REMEDY}") from error
        raise
    try:
        status = os.fstat(descriptor)
        check_file(path, status, most=most, owner=owner)
        if owner is not None and owner == os.geteuid() and status.st_mode & OTHERS:
            with contextlib.suppress(OSError):
                os.fchmod(descriptor, PRIVATE_FILE)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_file(
    path: Path, *, most: int | None = None, owner: int | None = None, follows_links: bool = False
) -> bytes:
    """What a file holds; see `open_file` for what is asked and raised."""
    descriptor = open_file(path, most=most, owner=owner, follows_links=follows_links)
    try:
        return read_descriptor(descriptor)
    finally:
        os.close(descriptor)


def read_descriptor(descriptor: int) -> bytes:
    """What an open file holds from here on."""
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        return file.readall()


def new_file(path: Path, flags: int = os.O_RDWR) -> int:
    """Make a file that was not there, for its owner alone.

    Returns:
        Its descriptor; the caller closes it.

    Raises:
        FileExistsError: Something is there, a link to nowhere, say.
        OSError: It could not be made.
    """
    return os.open(path, flags | os.O_CREAT | os.O_EXCL | _ALWAYS, PRIVATE_FILE)


def replace_file(
    path: Path,
    *content: bytes,
    most: int | None = None,
    before_rename: Callable[[], None] | None = None,
) -> int:
    """Put new content in the place of a file, so that a crash leaves the former or the new one.

    Args:
        path: The file.
        content: The pieces of the content, in order.
        most: How many bytes there may be at most: no more than whoever reads it takes.
        before_rename: Called when all is written, just before it counts; what it raises undoes it.

    Returns:
        The descriptor of the new file, open for reading and writing; the caller closes it.

    Raises:
        OSError: It could not be written, and the former file is untouched; or the new one is in
            its place, but the folder could not be flushed.
    """
    size = sum(map(len, content))
    if most is not None and size > most:
        raise too_large(path, f"would have {size:,} bytes", most)
    # All is done in the folder that was there at first, whatever is put in its place meanwhile.
    folder = os.open(path.parent, _FOLDER)
    try:
        return _replace_in(folder, path, content, before_rename)
    finally:
        os.close(folder)


def _replace_in(
    folder: int, path: Path, content: tuple[bytes, ...], before_rename: Callable[[], None] | None
) -> int:
    beside = path.name + ".new"
    descriptor = _new_beside(folder, path.with_name(beside))
    try:
        try:
            os.fchmod(descriptor, PRIVATE_FILE)
            write_all(descriptor, *content)
            os.fsync(descriptor)
            if before_rename is not None:
                before_rename()
            os.rename(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except IsADirectoryError as error:
            raise OddFile(path, f"is a folder, where a file belongs; {REMEDY}") from error
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside, dir_fd=folder)
            raise
        os.fsync(folder)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _new_beside(folder: int, path: Path) -> int:
    # What a crash has left goes, and what is none: only its name, never what it leads to.
    try:
        os.unlink(path.name, dir_fd=folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise OddFile(path, f"is in the way; {REMEDY}") from error
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _ALWAYS
    return os.open(path.name, flags, PRIVATE_FILE, dir_fd=folder)


def append_to_file(
    path: Path, content: bytes, *, most: int | None = None, owner: int | None = None
) -> int:
    """Append to a file, which is made where there is none, and flush it to the disk.

    Args:
        path: The file.
        content: What to append.
        most: How many bytes it may have at most afterwards.
        owner: The account that it must belong to.

    Returns:
        The size of the file afterwards, in bytes.

    Raises:
        OSError: It could not be written.
    """
    flags, is_new = os.O_WRONLY | os.O_APPEND, False
    try:
        _make_its_own(path, owner)
        descriptor = open_file(path, flags, owner=owner)
    except FileNotFoundError:
        descriptor, is_new = new_file(path, flags), True
    try:
        size = os.fstat(descriptor).st_size + len(content)
        if most is not None and size > most:
            raise too_large(path, f"would have {size:,} bytes", most)
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
    _make_its_own(path, None)
    descriptor = open_file(path, os.O_WRONLY)
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_its_own(path: Path, owner: int | None) -> None:
    """Part a file from its other names: what is written in place shall be seen under this alone."""
    if is_of_several_names(os.lstat(path)):
        os.close(replace_file(path, read_file(path, owner=owner)))


def is_of_several_names(status: os.stat_result) -> bool:
    """Whether a file has other names, in a copy that is made of links, say."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 1


def make_private_folder(path: Path, *, parents: bool = False) -> None:
    """Make a folder that only its owner may enter.

    One that is there already and belongs to another account, a mount, say, stays as it is.

    Args:
        path: The folder.
        parents: Whether those above it are made, too. For what lies in a store they never are: a
            store that was moved away meanwhile would be begun anew in its former place.

    Raises:
        OSError: It could not be made.
    """
    path.mkdir(mode=PRIVATE_FOLDER, parents=parents, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(PRIVATE_FOLDER)


def open_folder(path: Path) -> int:
    """Open a folder, which a link may lead to; the caller closes it."""
    return os.open(path, _FOLDER)


def sync_folder(path: Path) -> None:
    """Flush a folder's list of names to the disk."""
    descriptor = open_folder(path)
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

"""A file that other processes replace, too: whether they have, and what it holds now."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from store.persistence.files import open_file, read_descriptor, replace_file
from store.persistence.folder import most_bytes
from store.persistence.ownership import owner_of

# Device, inode, size and time of the last change.
Signature = tuple[int, int, int, int]


class FollowedFile:
    """A file that is replaced as a whole, by this process and by others.

    Args:
        path: The file, which need not be there, in the folder of a store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Kept open, so that the inode of what was read is not used again for a newer file.
        self._descriptor: int | None = None
        self._signature = self._look()

    def has_changed(self) -> bool:
        """Whether the file is another one than was read or taken note of last."""
        return self._look() != self._signature

    def take_note(self) -> None:
        """Let the file as it is now count as known, though it was not read."""
        self._signature = self._look()

    def read(self) -> bytes:
        """What the file holds, nothing where there is none.

        Raises:
            OSError: It cannot be read.
        """
        self.take_note()
        try:
            owner, most = owner_of(self.path.parent), most_bytes(self.path.name)
            descriptor = open_file(self.path, most=most, owner=owner)
        except FileNotFoundError:
            self.close()
            return b""
        try:
            signature = _signature(os.fstat(descriptor))
            content = read_descriptor(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._keep_open(descriptor, signature)
        return content

    def replace(self, content: bytes, before_rename: Callable[[], None] | None = None) -> None:
        """Put new content in the place of the file.

        Args:
            content: The content.
            before_rename: Called just before it counts; what it raises undoes it.

        Raises:
            OSError: It could not be written, or might not outlast a power failure.
        """
        self.adopt(replace_file(self.path, content, before_rename=before_rename))

    def adopt(self, descriptor: int) -> None:
        """Let the file that this process has just put in the place, and left open, be the known."""
        self._keep_open(descriptor, _signature(os.fstat(descriptor)))

    def move_aside(self) -> None:
        """Keep a damaged file under another name, so that it can be begun anew.

        Raises:
            OSError: It could not be renamed.
        """
        os.replace(self.path, self.path.with_name(self.path.name + ".damaged"))

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _look(self) -> Signature | None:
        try:
            return _signature(os.lstat(self.path))
        except OSError:
            return None

    def _keep_open(self, descriptor: int, signature: Signature) -> None:
        self.close()
        self._descriptor, self._signature = descriptor, signature


def _signature(status: os.stat_result) -> Signature:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

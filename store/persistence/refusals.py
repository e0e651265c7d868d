"""The record of refused sign-ins: counted by key, address and cause, bounded, and no activity."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.persistence.counted import CountedFile
from store.persistence.folder import REFUSALS_FILE
from store.persistence.late_writer import LateWriter
from store.times import is_time

if TYPE_CHECKING:
    from store.sign_ins import RefusedSignIn

# How long the file is left alone after it was written, in seconds: anybody can be refused without
# end, and the whole file is written.
BETWEEN_WRITES = 10.0


class RefusalsFile(CountedFile["RefusedSignIn"]):
    """The refused sign-ins of a store. Any thread may ask, and note.

    Args:
        folder: The store's folder.
        writer: Writes the file, among others.
    """

    def __init__(self, folder: Path, writer: LateWriter) -> None:
        path = folder / REFUSALS_FILE
        super().__init__(path, writer, _refused_of, between_writes=BETWEEN_WRITES)

    def of(self, access_keys: Iterable[str]) -> tuple[RefusedSignIn, ...]:
        """The refused sign-ins with these access keys, newest first."""
        wanted = set(access_keys)
        return tuple(one for one in self.newest_first() if one.access_key in wanted)


def _refused_of(found: dict[str, Any]) -> RefusedSignIn:
    from store.sign_ins import RefusedSignIn, Verdict

    access_key, address = found["access_key"], found["address"]
    first_at, last_at, count = found["first_at"], found["last_at"], found["count"]
    if not (isinstance(access_key, str) and isinstance(address, str) and isinstance(count, int)):
        raise ValueError(found)
    if not (is_time(first_at) and is_time(last_at)):
        raise ValueError(found)
    cause = Verdict(str(found["cause"]))
    return RefusedSignIn(access_key, address, cause, count, str(first_at), str(last_at))

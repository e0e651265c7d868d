"""The record of who signed in for whom: counted by agent, credential, owner and address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.persistence.counted import CountedFile
from store.persistence.folder import IMPERSONATIONS_FILE
from store.persistence.late_writer import LateWriter
from store.times import is_time

if TYPE_CHECKING:
    from store.impersonation import Impersonation

# How long the file is left alone after it was written, in seconds.
BETWEEN_WRITES = 0.3


class ImpersonationsFile(CountedFile["Impersonation"]):
    """The impersonated sign-ins of a store. Any thread may ask, and note.

    Args:
        folder: The store's folder.
        writer: Writes the file, among others.
    """

    def __init__(self, folder: Path, writer: LateWriter) -> None:
        path = folder / IMPERSONATIONS_FILE
        super().__init__(path, writer, _impersonation_of, between_writes=BETWEEN_WRITES)


def _impersonation_of(found: dict[str, Any]) -> Impersonation:
    from store.impersonation import Impersonation

    one = Impersonation(**found)
    texts = (one.agent, one.access_key, one.owner, one.address, one.worker)
    if not (all(isinstance(text, str) for text in texts) and isinstance(one.count, int)):
        raise ValueError(found)
    if not (is_time(one.first_at) and is_time(one.last_at)):
        raise ValueError(found)
    return one

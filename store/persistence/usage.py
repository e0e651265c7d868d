"""The file of usage: when each credential was used last (ARCHITECTURE, The store is a folder)."""

from __future__ import annotations

from pathlib import Path

from store.usage import Usage

USAGE_FILE = "usage.json"


class UsageFile:
    """The usage of a store's credentials.

    Args:
        folder: The store's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / USAGE_FILE
        # As of the last look; it is replaced, never changed.
        self.known = Usage()
        # Grows whenever `known` is replaced, so that screens see that there is something new.
        self.number = 0

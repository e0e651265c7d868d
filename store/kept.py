"""What is kept at hand because it is asked for again: no more of it than fits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by their keys, of which those go first that nobody has asked for longest.

    Args:
        most_bytes: How much is kept; the newest value always is.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._bytes = 0
        self._mutex = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value, or None where it is not kept."""
        with self._mutex:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def keep(self, key: K, value: V, size: int) -> None:
        """Keep a value.

        Args:
            key: What it is asked for by.
            value: The value, which nobody changes.
            size: How many bytes of the whole it counts for.
        """
        with self._mutex:
            _, former = self._values.pop(key, (None, 0))
            self._values[key] = value, size
            self._bytes += size - former
            while self._bytes > self._most_bytes and len(self._values) > 1:
                _, (_, oldest) = self._values.popitem(last=False)
                self._bytes -= oldest

    def forget(self) -> None:
        """Keep nothing of what is kept now."""
        with self._mutex:
            self._values.clear()
            self._bytes = 0

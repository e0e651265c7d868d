"""Read-only views of a sequence of keys, in the shapes that a table keeps its rows in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

from textual.widgets.data_table import RowKey

Item = TypeVar("Item")


class PlacedKey(RowKey):
    """A row's key that remembers its index, so that drawing the row needs no search."""

    def __init__(self, value: str, index: int) -> None:
        super().__init__(value)
        self.index = index


class Made(Sequence[Item], Generic[Item]):
    """A sequence whose items are made when they are asked for; its slices are such sequences."""

    def __init__(self, span: range, make: Callable[[int], Item]) -> None:
        self._span = span
        self._make = make

    def __len__(self) -> int:
        return len(self._span)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Made[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Made[Item]:
        if isinstance(index, slice):
            return Made(self._span[index], self._make)
        return self._make(self._span[index])


class Locations:
    """Where each row is: what the stock table keeps in a ``TwoWayDict`` of all rows."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self._indices: dict[str, int] | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[RowKey]:
        return (PlacedKey(key, index) for index, key in enumerate(self.keys))

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None

    def get(self, key: object) -> int | None:
        """Return the index of the row with this key, or None when there is no such row."""
        value = key.value if isinstance(key, RowKey) else key
        # A key may come from a message that was sent before other rows were shown.
        if isinstance(key, PlacedKey) and self._is_at(key.index, key.value):
            return key.index
        if not isinstance(value, str):
            return None
        if self._indices is None:
            self._indices = {key: index for index, key in enumerate(self.keys)}
        return self._indices.get(value)

    def get_key(self, index: int) -> RowKey | None:
        """Return the key of the row at this index, or None when there is no such row."""
        return self.place(index) if 0 <= index < len(self.keys) else None

    def place(self, index: int) -> RowKey:
        """Return the key of the row at an index that is known to exist."""
        return PlacedKey(self.keys[index], index)

    def find(self, key: str, hint: int) -> int | None:
        """Return the index of one row without making the dictionary of all of them."""
        if self._is_at(hint, key):
            return hint
        try:
            return self.keys.index(key)
        except ValueError:
            return None

    def _is_at(self, index: int, value: str | None) -> bool:
        return 0 <= index < len(self.keys) and self.keys[index] == value


class ByKey(Mapping[RowKey, Item], Generic[Item]):
    """A read-only mapping from the keys of the rows to something that is made when asked for."""

    def __init__(self, locations: Locations, make: Callable[[int], Item]) -> None:
        self._locations = locations
        self._make = make

    def __getitem__(self, key: RowKey | str) -> Item:
        index = self._locations.get(key)
        if index is None:
            raise KeyError(key)
        return self._make(index)

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self._locations)

    def __len__(self) -> int:
        return len(self._locations)

"""Ids in the order of names, the first of which are known long before all of them are sorted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import compress, count, groupby, islice
from operator import eq
from typing import overload

from store.alphabet import places

# What is drawn first, on a tall terminal.
_FIRST = 120
# Fewer are sorted in less time than a person could notice.
_FEW = 2_000


class OrderedIds(Sequence[str]):
    """Ids in the order of their names, as `name_key` has it.

    The first ones are there at once. The others are sorted when one of them is asked for.

    Args:
        ids: The ids.
        names: The name of each.
    """

    def __init__(self, ids: Sequence[str], names: Sequence[str]) -> None:
        self._ids = ids
        self._names = names
        self._places = places(names)
        self.first = self._least() if len(ids) > _FEW else self.all[:_FIRST]

    def _least(self) -> list[str]:
        least = nsmallest(_FIRST, zip(self._places, self._names, self._ids, strict=True))
        return [key for *_, key in least]

    @property
    def is_sorted(self) -> bool:
        """Whether all of them were sorted already."""
        return "all" in self.__dict__

    @cached_property
    def all(self) -> list[str]:
        """All of them, sorted when it is first asked for."""
        place_of = self._places
        numbers = sorted(range(len(self._ids)), key=place_of.__getitem__)
        # Comparing names and ids, too, takes three times as long, and hardly any share a place.
        for start, end in _runs([place_of[number] for number in numbers]):
            numbers[start:end] = sorted(numbers[start:end], key=self._name_and_id)
        return [self._ids[number] for number in numbers]

    def _name_and_id(self, number: int) -> tuple[str, str]:
        return self._names[number], self._ids[number]

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self.all)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, int) and 0 <= index < len(self.first):
            return self.first[index]
        return self.all[index]

    def index(self, value: str, start: int = 0, stop: int | None = None) -> int:
        """Where an id is; raises ValueError where it is not."""
        return self.all.index(value, start, len(self) if stop is None else stop)


def _runs(places: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where one place comes several times, in places that are in order."""
    alike = compress(count(), map(eq, places, islice(places, 1, None)))
    for _, run in groupby(enumerate(alike), lambda one: one[1] - one[0]):
        first, *others = (number for _, number in run)
        yield first, first + len(others) + 2

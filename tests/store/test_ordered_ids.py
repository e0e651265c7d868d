"""Ids in the order of their names, of which the first are there at once."""

from __future__ import annotations

import random

import pytest

from store.alphabet import name_key
from store.ordered_ids import OrderedIds


@pytest.mark.parametrize("size", [0, 1, 7, 119, 120, 121, 2_000, 2_001, 5_000])
def test_they_are_in_the_order_of_their_names(size: int) -> None:
    chance = random.Random(size)
    # Many names are the same, or share a place.
    names = {
        f"id{number}": f"{chance.choice(('name', 'Näme'))}{chance.randrange(size // 3 + 1)}"
        for number in range(size)
    }
    wanted = sorted(names, key=lambda key: name_key(names[key], key))
    ids = OrderedIds(list(names), list(names.values()))
    assert [ids[number] for number in range(min(size, 150))] == wanted[:150]
    ids = OrderedIds(list(names), list(names.values()))
    assert ids.first == wanted[:120]
    assert len(ids) == size
    assert list(ids) == list(ids.all) == wanted
    assert list(reversed(ids)) == wanted[::-1]
    for part in (slice(3), slice(-5, None), slice(None, None, 7), slice(100, 130)):
        assert ids[part] == wanted[part]


def test_one_is_found_by_where_it_is_and_where_it_is_by_itself() -> None:
    numbers = list(range(3_000))
    random.Random(5).shuffle(numbers)
    ids = OrderedIds([f"id{number:04}" for number in numbers], [f"{n:04}" for n in numbers])
    assert not ids.is_sorted
    assert (ids[0], ids[119]) == ("id0000", "id0119")
    assert not ids.is_sorted
    assert (ids[120], ids[-1]) == ("id0120", "id2999")
    assert ids.is_sorted
    assert [ids.index(key) for key in ("id0000", "id0120", "id2999")] == [0, 120, 2999]
    assert "id2999" in ids
    assert "id3000" not in ids
    for beyond in (3_000, -3_001):
        with pytest.raises(IndexError):
            ids[beyond]
    with pytest.raises(ValueError, match="id3000"):
        ids.index("id3000")

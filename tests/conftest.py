"""A fresh workspace for each test that asks for one."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.persistence.store import Store
from tests.store.house import House

# Looking for garbage among what thousands of screens have left takes a sixth of the time.
gc.set_threshold(100_000, 50, 100)


def pytest_xdist_auto_num_workers() -> int:
    """How many processes run the tests, which wait for screens more than they compute."""
    return max(4, 2 * (os.cpu_count() or 1))


@pytest.fixture(autouse=True)
def _no_store_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close each store that the test has opened: a process may have so many files, and no more."""
    opened: list[Store] = []
    set_up = Store._set_up

    def noted(store: Store, path: Path, longest_wait: float) -> None:
        set_up(store, path, longest_wait)
        opened.append(store)

    monkeypatch.setattr(Store, "_set_up", noted)
    yield
    for store in opened:
        store.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A workspace of its own, with Ada as its administrator, a stopped clock and a seeded mint."""
    made = House(tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def bob(house: House) -> str:
    """The id of Bob, an active user without rights."""
    return house.add_user("bob@acme.example", "Bob")


@pytest.fixture
def pia(house: House) -> str:
    """The id of Pia, who was invited and has not joined."""
    return house.invite("pia@acme.example", name="Pia")[0]

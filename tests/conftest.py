"""A fresh workspace for each test that asks for one."""

import atexit
import gc
import itertools
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import tests.effort  # noqa: F401 - its profile is the one to begin with
from store.persistence import database
from store.persistence.store import Store
from tests.store.house import House

# Nothing of whoever starts the tests reaches them, nor the processes that they start.
# A job in a shell's background ignores interrupts, and one under nohup hang-ups.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
    signal.signal(_number, signal.SIG_DFL)
os.umask(0o022)
os.environ["HOME"] = tempfile.mkdtemp(prefix="clearml-admin-tests-")
for _kind in ("CONFIG", "STATE", "DATA", "CACHE"):
    os.environ.pop(f"XDG_{_kind}_HOME", None)
atexit.register(shutil.rmtree, os.environ["HOME"], ignore_errors=True)

# An installed program is compiled but once; so are these tests, and what they start repeatedly.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Looking for garbage among all that there is takes a sixth of the time, if it is left to itself;
# and what a program does but once, before it reads a store, tests would do many thousand times.
gc.set_threshold(100_000, 50, 100)
_LEFT_ALONE = dict.fromkeys(
    ("collect", "disable", "enable", "freeze", "unfreeze"), lambda *_generation: None
)
setattr(database, "gc", SimpleNamespace(isenabled=gc.isenabled, **_LEFT_ALONE))  # noqa: B010
_TESTS_TO_A_COLLECTION = 300
_ended = itertools.count(1)


def pytest_runtest_teardown() -> None:
    """Collect now and then what the screens of many tests have left."""
    if next(_ended) % _TESTS_TO_A_COLLECTION == 0:
        # The program freezes what it starts with, and with it what earlier tests have left.
        gc.unfreeze()
        gc.collect()


def pytest_xdist_auto_num_workers() -> int:
    """How many processes run the tests: some wait for a terminal or a process meanwhile."""
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

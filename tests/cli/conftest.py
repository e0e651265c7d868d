"""A command with a home of its own for each test, and a workspace to open with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.console import Console
from tests.store.house import House


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of whoever runs the tests reaches the command."""
    for name in ("SUDO_USER", "SUDO_UID", "CLEARML_ADMIN_STORE", "COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    """The command, with nothing but empty folders."""
    made = Console(tmp_path)
    yield made
    made.close()


@pytest.fixture
def house(console: Console) -> Iterator[House]:
    """A workspace in the console's store, with Ada as its administrator."""
    made = House(console.store)
    yield made
    made.close()

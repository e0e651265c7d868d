"""What one change costs: against a plain TinyDB, and after a hundred thousand earlier ones.

Run it from the repository's root: `python -m benchmarks.commit`. Ratios alone are judged, since
the machine counts in both alike; the two sides alternate, so that a machine that grows slower or
faster meanwhile does so for both.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from unittest.mock import patch

from tinydb import TinyDB

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.operations.users import UserEdit
from store.persistence.activity import ActivityLog
from store.persistence.database import Database
from store.persistence.folder import ACTIVITY_FOLDER, WORKSPACE_FILE
from store.persistence.store import Store
from store.state import Changes
from store.workspace import Workspace

SIZES = (1_000, 10_000, 100_000)
ROUNDS = {1_000: 101, 10_000: 41, 100_000: 11}
# Plain TinyDB's time over ours: the least that is wanted.
WANTED = {10_000: 5.0, 100_000: 5.0}
ENTRIES = 100_000
# The size of the workspace with that much activity: small, so that what it costs would show.
SIZE_WITH_ACTIVITY = 1_000

Action = Callable[[], object]


@dataclass(frozen=True)
class Compared:
    """The medians of two actions that alternated, in milliseconds."""

    what: str
    ours: float
    other: float

    def line(self, ratio: float, wanted: str) -> str:
        """A line of the table."""
        return f"{self.what:<34}{self.ours:>10.2f}{self.other:>10.2f}{ratio:>8.2f}   {wanted}"


def compare(what: str, ours: Action, other: Action, rounds: int) -> Compared:
    """Time two actions in turns, each first as often, after one of each that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    both = list(zip((ours, other), times, strict=True))
    for number in range(rounds + 1):
        both.reverse()
        for action, taken in both:
            began = time.perf_counter()
            action()
            if number:
                taken.append((time.perf_counter() - began) * 1_000)
    return Compared(what, median(times[0]), median(times[1]))


@contextmanager
def renaming(store: Path) -> Iterator[Action]:
    """An action that gives a user of the workspace another name, in the administrator's name."""
    opened = Store(store)
    here = Workspace.open(opened, who=ADMINISTRATOR)
    numbers = count()

    def rename() -> None:
        revision = here.user_details(here.actor).revision
        here.edit_user(UserEdit(here.actor, revision, name=f"Morgan {next(numbers)}"))

    yield rename
    opened.close()


def against_plain_tinydb(size: int, folder: Path) -> Compared:
    """A change of ours and one of TinyDB with its JSONStorage, on the same documents."""
    store = workspace_of(size, folder)
    copy = folder / f"plain-{size}.json"
    shutil.copy(store / WORKSPACE_FILE, copy)
    numbers = count()
    with renaming(store) as rename, TinyDB(copy) as plain:
        users = plain.table("users")

        def update() -> None:
            users.update({"name": f"Morgan {next(numbers)}"}, doc_ids=[1])

        return compare(f"commit, {size:,} users", rename, update, ROUNDS[size])


def add_activity(store: Path, entries: int) -> None:
    """Let a workspace look back on so many changes, without waiting for the disk for each."""
    database, log = Database(store / WORKSPACE_FILE), ActivityLog(store / ACTIVITY_FOLDER)
    state, last = database.load()
    (actor,) = state.index("email")[ADMINISTRATOR]
    with patch("os.fsync"):
        for number in range(entries):
            entry = {
                "at": "2026-03-02T09:30:00Z",
                "actor": actor,
                "operation": "edit_user",
                "targets": [actor],
                "changed": {"name": [f"Morgan {number}", f"Morgan {number + 1}"]},
            }
            last = log.append(last, entry)
    database.write(Changes(), state.commit + entries, last)
    database.close()
    # Or the writing of all this would slow down what is measured next.
    os.sync()


def after_much_activity(folder: Path) -> list[Compared]:
    """A commit and a start of a workspace with much activity and of one with none."""
    fresh = workspace_of(SIZE_WITH_ACTIVITY, folder / "fresh")
    busy = workspace_of(SIZE_WITH_ACTIVITY, folder / "busy")
    add_activity(busy, ENTRIES)
    # Starts first: each commit adds an entry to both.
    starts = compare(
        f"start, {ENTRIES:,} entries and none",
        lambda: Store(busy).close(),
        lambda: Store(fresh).close(),
        401,
    )
    with renaming(busy) as rename_busy, renaming(fresh) as rename_fresh:
        what = f"commit, {ENTRIES:,} entries and none"
        return [compare(what, rename_busy, rename_fresh, 401), starts]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table with what is wanted beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", choices=SIZES, default=SIZES)
    sizes = parser.parse_args(arguments).sizes
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        print(f"{'medians, ms':<34}{'ours':>10}{'TinyDB':>10}{'ratio':>8}   wanted")
        for size in sizes:
            found = against_plain_tinydb(size, folder)
            wanted = f"at least {WANTED[size]:.1f}" if size in WANTED else "-"
            print(found.line(found.other / found.ours, wanted), flush=True)
        print(f"\n{'medians, ms':<34}{'much':>10}{'none':>10}{'ratio':>8}   wanted")
        for found in after_much_activity(folder):
            print(found.line(found.ours / found.other, "about 1.0"))


if __name__ == "__main__":
    main()

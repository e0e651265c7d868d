"""Writers that are killed at any moment, writers that compete, and readers meanwhile."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest

from store.listing import Query
from store.workspace import Workspace
from tests.effort import effort
from tests.store.chain import checked_chain, lines_of
from tests.store.house import ADA, House
from tests.store.writers import INVITES_EVERY, change, email_of

ROOT = Path(__file__).parents[2]
ROUNDS = effort(110)


class Writers:
    """The warm process and what its children say."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.writers", str(folder), ADA],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._output = self._process.stdin, self._process.stdout
        self._unread = b""
        self.alive: set[int] = set()

    def __enter__(self) -> Writers:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        # Its children are of its group.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def start(self, order: str) -> int:
        """Start a child and return its process number."""
        self._orders.write(f"{order}\n".encode())
        self._orders.flush()
        return int(self.wait_for("started")[1])

    def kill(self, child: int) -> list[int]:
        """Kill a child; the changes that it acknowledged and nobody has read yet."""
        os.kill(child, signal.SIGKILL)
        done: list[int] = []
        while child in self.alive:
            words = self.next_line()
            if words[0] == "done":
                done.append(int(words[1]))
        return done

    def kill_while_it_writes(
        self, order: str, chance: random.Random, *, most: int, pause: float
    ) -> int:
        """Start a child and kill it anywhere in what it writes.

        Args:
            order: What the child is told.
            chance: What the moment is chosen by.
            most: It is let go on until it has acknowledged fewer changes than these.
            pause: And then for so many seconds at most, without a sign from it.

        Returns:
            The number of the last change that it acknowledged, or 0.
        """
        child, acknowledged = self.start(order), 0
        for _ in range(chance.randrange(most)):
            acknowledged = int(self.wait_for("done")[1])
        time.sleep(chance.uniform(0, pause))
        return max([acknowledged, *self.kill(child)])

    def wait_for(self, word: str) -> list[str]:
        """The next line that begins with the word; the others are dropped."""
        while (words := self.next_line())[0] != word:
            pass
        return words

    def look(self) -> None:
        """Read what they have said, without waiting for more."""
        while b"\n" in self._unread or select.select([self._output], [], [], 0)[0]:
            self.next_line()

    def next_line(self, longest_wait: float = 20) -> list[str]:
        """The words of the next line. One that says that something is bad fails the test."""
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._output], [], [], longest_wait)
            assert ready, "the writers have said nothing"
            self._unread += os.read(self._output.fileno(), 65_536)
        line, self._unread = self._unread.split(b"\n", 1)
        words = line.decode().split()
        assert words[0] != "bad", line
        if words[0] == "started":
            self.alive.add(int(words[1]))
        elif words[0] == "ended":
            self.alive.discard(int(words[1]))
        return words


@pytest.fixture
def writers(house: House) -> Iterator[Writers]:
    """Processes that write to the house's folder."""
    with Writers(house.folder) as made:
        yield made


# Two tests of so many rounds each, so that both processors are used.
@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_acknowledged_outlasts_the_killing_of_its_writer(
    house: House, writers: Writers, seed: int
) -> None:
    chance = random.Random(seed)
    base, acknowledged, torn = house.admin.commit, 0, 0
    for _ in range(ROUNDS):
        order = f"series {acknowledged + 1}"
        done = writers.kill_while_it_writes(order, chance, most=4, pause=0.02)
        acknowledged = max(acknowledged, done)

        here = house.as_user()
        last = here.commit - base
        # The change that was being committed may be there, whole, though nobody was told.
        assert last in (acknowledged, acknowledged + 1)
        see_changes(here, last)
        torn += len(lines_of(house.folder)) > len(checked_chain(house.folder))
        change(here, last + 1)
        assert len(lines_of(house.folder)) == len(checked_chain(house.folder)) == here.commit
        acknowledged = last + 1
        house.close()
    assert acknowledged > 2 * ROUNDS
    assert len(list((house.folder / "activity").glob("aside-*"))) == torn


def see_changes(here: Workspace, last: int) -> None:
    """See that a workspace holds each change of a series up to the last, and none beyond."""
    assert here.read_only_reason == ""
    emails = {here.user_details(user).email for user in here.list_users(Query()).ids}
    invited = {email_of("series", n).email for n in range(INVITES_EVERY, last + 1, INVITES_EVERY)}
    assert emails == {ADA, *invited}
    edits = [number for number in range(1, last + 1) if number % INVITES_EVERY]
    wanted = f"Change {edits[-1]}" if edits else "Ada Lindqvist"
    assert here.user_row(here.actor).called == wanted


def finish(writers: Writers, children: int) -> None:
    """Wait until so many children have done what they were told."""
    for _ in range(children):
        writers.wait_for("done")


def invited(house: House) -> set[str | None]:
    """The emails of all users, read anew."""
    here = house.as_user()
    return {here.user_details(user).email for user in here.list_users(Query()).ids}


def test_two_writers_lose_nothing(house: House, writers: Writers) -> None:
    for name in ("a", "b"):
        writers.start(f"changes {name} 300")
    finish(writers, 2)

    wanted = {email_of(name, n).email for name in ("a", "b") for n in range(300)}
    assert invited(house) == {ADA, *wanted}
    entries = checked_chain(house.folder)
    assert len(entries) == len(lines_of(house.folder)) == 601
    told = [email for entry in entries[1:] for email in entry["changed"]["emails"]]
    assert sorted(told) == sorted(wanted)


def test_nothing_acknowledged_is_lost_where_the_lock_is_removed_meanwhile(
    house: House, writers: Writers
) -> None:
    names, each, chance = "abcdefgh", effort(40), random.Random(1)
    for name in names:
        writers.start(f"changes {name} {each}")
    removed = 0
    while writers.alive:
        # One that says it is bad fails the test as its line is read.
        writers.look()
        with contextlib.suppress(FileNotFoundError):
            (house.folder / "lock").unlink()
            removed += 1
        time.sleep(chance.uniform(0, 0.05))

    wanted = {email_of(name, n).email for name in names for n in range(each)}
    assert invited(house) == {ADA, *wanted}
    assert removed > 10
    assert house.as_user().read_only_reason == ""
    assert len(checked_chain(house.folder)) == len(names) * each + 1


def test_two_writers_take_turns(house: House, writers: Writers) -> None:
    # Each of these commits is made on what the other store has just written.
    here, there = house.as_user(), house.as_user()
    for number in range(100):
        change(here, 2 * number + 1)
        there.refresh()
        change(there, 2 * number + 2)
        here.refresh()
    see_changes(here, 200)
    see_changes(there, 200)
    checked_chain(house.folder)


def test_a_reader_never_sees_a_damaged_store(house: House, writers: Writers) -> None:
    reader = writers.start("read")
    writers.wait_for("done")
    for name in ("a", "b"):
        writers.start(f"changes {name} 150")
    finish(writers, 2)
    # Whatever the reader found bad has failed the test as its line was read.
    assert reader in writers.alive
    assert writers.kill(reader) == []
    assert len(invited(house)) == 301

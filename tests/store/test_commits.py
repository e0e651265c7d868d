"""A commit is whole or not at all, alone, and noticed by everyone else."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store.errors import StoreBusy, StoreFailed
from store.persistence.store import Outcome, Store
from store.rules import Act
from store.state import INDEXES, Changes, State
from store.terms import CREDENTIALS_TABLE, USERS_TABLE, Document
from tests.store.chain import checked_chain
from tests.store.house import House, edit_of


def _anything(_: State) -> None:
    """The check of a commit whose outcome no rule is asked about."""


@contextmanager
def holding(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store's lock until it is killed."""
    script = (
        "import sys; from pathlib import Path; from store.persistence.lock import StoreLock\n"
        "with StoreLock(Path(sys.argv[1]) / 'lock').held():\n"
        "    print('held', flush=True); sys.stdin.readline()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


class TestLock:
    """One writer at a time."""

    def test_who_waits_in_vain_is_told_for_whom(self, house: House, bob: str) -> None:
        store = house.store(longest_wait=0.3)
        with holding(house.folder) as holder, house.refuses(StoreBusy, says=f"{holder.pid}"):
            store.commit(lambda _: Outcome(None), _anything)
        store.commit(lambda _: Outcome(None), _anything)

    def test_it_is_released_when_its_holder_is_killed(self, house: House) -> None:
        with holding(house.folder) as holder:
            holder.kill()
            holder.wait()
            house.invite("bob@acme.example")

    def test_reading_needs_no_lock(self, house: House, bob: str) -> None:
        with holding(house.folder):
            here = house.as_user()
            assert here.refresh() is False
            assert here.user_row(bob).called == "Bob"

    def test_a_second_creation_waits_for_it(self, house: House, tmp_path: Path) -> None:
        (tmp_path / "new").mkdir()
        with holding(tmp_path / "new"), pytest.raises(StoreBusy):
            Store.create(tmp_path / "new", Changes(), {}, longest_wait=0.1)

    def test_a_lock_that_cannot_be_signed(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: Any) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "pwrite", full)
        with house.refuses(StoreFailed, says="No space left"):
            house.invite("bob@acme.example")


class TestNoticing:
    """A reader sees another's commit, and takes its own for no news."""

    def test_anothers_is_news_once(self, house: House, bob: str) -> None:
        reader = house.as_user()
        house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        assert reader.user_row(bob).called == "Bob"
        assert reader.refresh() is True
        assert reader.user_row(bob).called == "Robert"
        assert reader.refresh() is False

    def test_ones_own_is_none(self, house: House, bob: str) -> None:
        house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        assert house.admin.refresh() is False

    def test_a_commit_of_the_same_size_at_the_same_time_is_news(
        self, house: House, bob: str
    ) -> None:
        file = house.folder / "workspace.json"
        reader = house.as_user()
        stamp = file.stat()
        for name in ("Rob", "Bab", "Bub"):
            house.admin.edit_user(edit_of(house.admin, bob, name=name))
            os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
            assert reader.refresh() is True
            assert reader.user_row(bob).called == name


def fail_on(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, error: int = errno.ENOSPC
) -> None:
    """Let one call of a function of `os` fail, the first or a later one."""
    real = getattr(os, name)
    calls = iter(range(1_000))

    def failing(*arguments: Any, **named: Any) -> Any:
        if next(calls) == number:
            raise OSError(error, os.strerror(error))
        return real(*arguments, **named)

    monkeypatch.setattr(os, name, failing)


class TestFailures:
    """What cannot be written changes nothing, and the next commit works."""

    # The calls of a commit in order: the activity's entry, then workspace.json.
    @pytest.mark.parametrize(
        ("name", "number"),
        [("writev", 0), ("writev", 1), ("fsync", 0), ("fsync", 1), ("rename", 0)],
    )
    @pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
    def test_a_call_that_fails(
        self,
        house: House,
        bob: str,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        number: int,
        error: int,
    ) -> None:
        before = (house.folder / "workspace.json").read_bytes()
        chain = checked_chain(house.folder)
        with monkeypatch.context() as failing:
            fail_on(failing, name, number, error)
            with pytest.raises(StoreFailed, match=os.strerror(error)) as raised:
                house.admin.edit_user(edit_of(house.admin, bob, name="Lost"))
        assert type(raised.value) is StoreFailed
        assert (house.folder / "workspace.json").read_bytes() == before
        assert checked_chain(house.folder) == chain
        assert house.admin.user_row(bob).called == "Bob"
        assert not (house.folder / "workspace.json.new").exists()

        house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        assert house.user(bob).name == "Robert"
        assert len(checked_chain(house.folder)) == len(chain) + 1
        assert house.as_user().read_only_reason == ""

    def test_half_a_write_is_no_entry(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = iter(range(9))

        def half(descriptor: int, pieces: Any) -> int:
            if next(calls) == 0:
                return os.write(descriptor, b"".join(pieces)[:20])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as failing:
            failing.setattr(os, "writev", half)
            with pytest.raises(StoreFailed):
                house.admin.edit_user(edit_of(house.admin, bob, name="Lost"))
        house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        assert checked_chain(house.folder)[-1]["changed"] == {"name": ["Bob", "Robert"]}

    def test_writes_that_take_a_little_at_a_time(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def little(descriptor: int, pieces: Any) -> int:
            return os.write(descriptor, b"".join(pieces)[:100])

        with monkeypatch.context() as slow:
            slow.setattr(os, "writev", little)
            house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        assert house.user(bob).name == "Robert"
        checked_chain(house.folder)

    def test_a_commit_that_cannot_be_told_durable_is_still_told_right(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        open_files = len(os.listdir("/proc/self/fd"))
        with monkeypatch.context() as failing:
            # The folder's own flush, after the rename has made the change.
            fail_on(failing, "fsync", 2)
            with pytest.raises(StoreFailed):
                house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        house.admin.refresh()
        assert house.admin.user_row(bob).called == house.user(bob).name
        assert len(os.listdir("/proc/self/fd")) <= open_files + 1
        checked_chain(house.folder)

    def test_a_document_that_cannot_be_written(self, house: House, bob: str) -> None:
        house.add_credential(bob, "A" * 30)
        store = house.store()
        entry = Act(bob, house.at).entry("put", [])
        kept: dict[str, Any] = {"id": "A" * 30, "revision": 2, "member": bob, "label": "again"}
        bad: dict[str, Any] = {USERS_TABLE: {bob: {"id": bob, "name": "\ud83d"}}}
        gone: dict[str, Any] = {
            CREDENTIALS_TABLE: {"A" * 30: None, "B" * 30: kept | {"id": "B" * 30}}
        }
        before = (house.folder / "workspace.json").read_bytes()
        with pytest.raises(TypeError):
            store.commit(lambda _: Outcome(None, Changes({**gone, **bad}), entry), _anything)
        assert (house.folder / "workspace.json").read_bytes() == before

        changes = Changes({CREDENTIALS_TABLE: {"A" * 30: kept}})
        store.commit(lambda _: Outcome(None, changes, entry), _anything)
        assert house.store().state.table(CREDENTIALS_TABLE) == {"A" * 30: kept}

    def test_an_operation_that_raises_changes_nothing(self, house: House) -> None:
        def broken(_: State) -> Outcome[None]:
            raise ZeroDivisionError

        before = house.bytes()
        with pytest.raises(ZeroDivisionError):
            house.store().commit(broken, _anything)
        assert house.bytes() == before
        house.invite("bob@acme.example")


def test_an_index_that_is_made_while_another_commits_keeps_nobody_from_it(
    house: House, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = house.as_user()
    state = here._store.state
    rule = INDEXES["email"]
    state.index("email")

    def keys(user: Document) -> Iterable[str]:
        # As a reader in another thread does in the middle of a commit.
        state.index("login name")
        return rule.keys(user)

    monkeypatch.setitem(INDEXES, "email", replace(rule, keys=keys))
    here.edit_user(edit_of(here, bob, email="robert@acme.example"))
    assert "robert@acme.example" in here._store.state.index("email")


def test_many_commits_by_one_store_keep_few_files_open(house: House, bob: str) -> None:
    open_files = len(os.listdir("/proc/self/fd"))
    for number in range(30):
        house.admin.edit_user(edit_of(house.admin, bob, name=f"Bob {number}"))
        house.admin.refresh()
    assert len(os.listdir("/proc/self/fd")) == open_files


def test_a_closed_store_leaves_no_file_open(house: House) -> None:
    open_files = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        store = Store(house.folder)
        store.refresh()
        store.close()
    assert len(os.listdir("/proc/self/fd")) == open_files

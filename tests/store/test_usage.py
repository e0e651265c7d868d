"""When credentials were used last: noted in memory, written late, by several at once."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from store.persistence import usage as usage_module
from store.persistence.followed import FollowedFile
from store.persistence.store import Store
from store.sign_ins import RefusedSignIn, Verdict
from store.usage import NEVER, Used
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House
from tests.store.keyring import (
    KEY,
    SECRET,
    add_credentials,
    change_credential,
    change_service_account,
    flush,
    used_on_disk,
    wait_until,
)

ROOT = Path(__file__).parents[2]
OTHER = "OTHERS" * 5
# A process that signs in as it is told on its standard input, and says so.
SIGNING_IN = f"""
import sys
from pathlib import Path
from store.persistence.store import Store
from store.workspace import Workspace
workspace = Workspace.open(Store(Path(sys.argv[1])), who="ada@acme.example")
for line in sys.stdin:
    for number, key in enumerate(line.split()):
        workspace.authenticate(key, {SECRET!r}, worker=key)
        if number % 20 == 19:
            workspace._store.usage.flush()
    print("done", flush=True)
workspace.close()
"""


@pytest.fixture
def bot(house: House) -> Iterator[str]:
    """The id of a service account with two credentials."""
    account = house.add_service_account("bot")
    add_credentials(house, account, KEY, OTHER)
    yield account
    house.admin.close()


def sign_in(workspace: Workspace, access_key: str = KEY, worker: str = "gpu-07") -> None:
    """A sign-in from a machine."""
    workspace.authenticate(access_key, SECRET, worker=worker, address="192.0.2.17")


def used(workspace: Workspace, access_key: str = KEY) -> Used:
    """The last use of a credential, as the workspace knows it."""
    return workspace._store.usage.known.of(access_key)


def start(house: House) -> subprocess.Popen[str]:
    """A process that signs in."""
    return subprocess.Popen(
        [sys.executable, "-c", SIGNING_IN, str(house.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )


def pipe(stream: IO[str] | None) -> IO[str]:
    """The stream, which is there."""
    assert stream is not None
    return stream


def tell(process: subprocess.Popen[str], *access_keys: str) -> None:
    """Have a process sign in with these keys."""
    pipe(process.stdin).write(" ".join(access_keys) + "\n")
    pipe(process.stdin).flush()


class TestWhatIsNoted:
    def test_time_worker_and_address(self, house: House, bot: str) -> None:
        assert used(house.admin) == NEVER
        sign_in(house.admin)
        assert used(house.admin) == Used(house.at, "gpu-07", "192.0.2.17")
        flush(house.admin)
        there = house.as_user()
        assert used(there) == used(house.admin)
        assert used(there, OTHER) == NEVER

    @pytest.mark.parametrize("worker", [*HOSTILE_NAMES, "\ud83d!", "x" * 1_000_000, "é" * 300])
    def test_of_a_worker_s_name_what_is_safe(self, house: House, bot: str, worker: str) -> None:
        house.admin.authenticate(KEY, SECRET, worker=worker, address=worker)
        flush(house.admin)
        kept = used(house.as_user())
        assert kept == used(house.admin)
        assert len(kept.worker) <= 200
        assert len(kept.address) <= 100
        assert kept.worker[:100] == kept.address[:100]
        assert not any("\ud800" <= letter <= "\udfff" for letter in kept.worker)

    def test_no_earlier_use_over_a_later_one(self, house: House, bot: str) -> None:
        here, there = house.as_user(), house.as_user()
        house.clock.advance(seconds=10)
        sign_in(here, worker="later")
        later = house.at
        house.clock.advance(seconds=-10)
        sign_in(there, worker="earlier")
        sign_in(here, worker="earlier")
        for workspace in (here, there):
            flush(workspace)
        assert used_on_disk(house)[KEY]["worker"] == "later"
        assert used(there).at == used(here).at == later


class TestWhenItIsWritten:
    def test_the_first_use_within_a_second(self, house: House, bot: str) -> None:
        sign_in(house.admin)
        wait_until(lambda: KEY in used_on_disk(house))
        sign_in(house.admin, OTHER)
        wait_until(lambda: OTHER in used_on_disk(house))

    def test_the_first_use_outlasts_a_kill(self, house: House, bot: str) -> None:
        process = start(house)
        tell(process, KEY)
        assert pipe(process.stdout).readline() == "done\n"
        time.sleep(1)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert used_on_disk(house)[KEY]["worker"] == KEY

    def test_later_uses_later(
        self, house: House, bot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert usage_module.LATER_USE_WITHIN < 300
        sign_in(house.admin)
        wait_until(lambda: KEY in used_on_disk(house))
        first = used_on_disk(house)
        house.clock.advance(seconds=1)
        sign_in(house.admin)
        time.sleep(3 * usage_module.FIRST_USE_WITHIN)
        assert used_on_disk(house) == first
        flush(house.admin)
        monkeypatch.setattr(usage_module, "LATER_USE_WITHIN", 0.1)
        house.clock.advance(seconds=1)
        sign_in(house.admin)
        wait_until(lambda: used_on_disk(house)[KEY]["at"] == house.at)

    def test_at_the_end(self, house: House, bot: str) -> None:
        here = house.as_user()
        sign_in(here)
        house.clock.advance(seconds=1)
        sign_in(here)
        here.close()
        assert used_on_disk(house)[KEY]["at"] == house.at

    def test_not_where_nothing_was_noted(self, house: House, bot: str) -> None:
        here = house.as_user()
        here.refresh()
        assert used(here) == NEVER
        here.close()
        assert not (house.folder / "usage.json").exists()
        assert not (house.folder / "usage.lock").exists()

    def test_not_by_who_only_reads(self, house: House, bot: str) -> None:
        before = sorted(house.folder.iterdir())
        here = house.as_user(read_only=True)
        sign_in(here)
        flush(here)
        here.close()
        assert used(here).at == house.at
        assert sorted(house.folder.iterdir()) == before

    def test_for_the_owner_alone(self, house: House, bot: str) -> None:
        former = os.umask(0)
        try:
            sign_in(house.admin)
            flush(house.admin)
        finally:
            os.umask(former)
        for name in ("usage.json", "usage.lock"):
            assert stat.S_IMODE((house.folder / name).stat().st_mode) == 0o600
        assert not (house.folder / "usage.json.new").exists()

    def test_again_after_the_disk_was_full(
        self, house: House, bot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("store.persistence.late_writer._BEFORE_ANOTHER_TRY", 0.1)
        with monkeypatch.context() as failing:
            failing.setattr("os.fsync", full)
            sign_in(house.admin)
            flush(house.admin)
            assert used_on_disk(house) == {}
        wait_until(lambda: KEY in used_on_disk(house))

    @pytest.mark.parametrize("odd", [{7}, 2**64, "\ud800", object()])
    def test_whatever_cannot_be_written_is_not_noted(
        self, house: House, bot: str, odd: Any
    ) -> None:
        sign_in(house.admin)
        store = house.admin._store
        with pytest.raises(TypeError):
            store.usage.note(OTHER, Used(house.at, odd, ""))
        with pytest.raises(TypeError):
            store.usage.note(7, Used(house.at))  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            store.refusals.note(RefusedSignIn(KEY, odd, Verdict.CLOCK, 1, house.at, house.at))
        flush(house.admin)
        assert set(used_on_disk(house)) == {KEY}
        assert not store.refusals.has_unwritten


class TestSeveralAtOnce:
    def test_processes_lose_nothing(self, house: House, bot: str) -> None:
        keys = [f"{number:030}" for number in range(400)]
        add_credentials(house, bot, *keys)
        processes = [start(house), start(house)]
        for number, process in enumerate(processes):
            tell(process, *keys[number::2])
        for process in processes:
            process.communicate()
            assert process.returncode == 0
        assert sorted(used_on_disk(house)) == keys
        assert all(use["worker"] == key for key, use in used_on_disk(house).items())

    def test_what_another_has_written_is_noticed(self, house: House, bot: str) -> None:
        here, there = house.as_user(), house.as_user()
        commit, number = here.version
        assert here.refresh() is False
        sign_in(there)
        assert there.version > (commit, number)
        flush(there)
        assert here.refresh() is True
        assert here.version == (commit, number + 1)
        assert used(here) == used(there)
        assert here.refresh() is False

    def test_own_notes_are_known_at_once_and_written_without_news(
        self, house: House, bot: str
    ) -> None:
        here = house.as_user()
        sign_in(here)
        version = here.version
        flush(here)
        assert here.refresh() is False
        assert here.version == version

    def test_what_another_has_written_stays_known_where_own_notes_follow(
        self, house: House, bot: str
    ) -> None:
        here, there = house.as_user(), house.as_user()
        sign_in(here)
        sign_in(there, OTHER)
        flush(there)
        flush(here)
        assert set(used_on_disk(house)) == {KEY, OTHER}
        assert used(here, OTHER).at == house.at


class TestWhatIsThrownAway:
    def test_the_use_of_members_that_were_removed(self, house: House, bot: str) -> None:
        other = house.add_service_account("other")
        add_credentials(house, other, "X" * 30)
        sign_in(house.admin, "X" * 30)
        sign_in(house.admin)
        flush(house.admin)
        change_credential(house, KEY, revoked_at=house.at)
        change_service_account(house, other, removed_at=house.at)
        house.admin.refresh()
        sign_in(house.admin, OTHER)
        flush(house.admin)
        # A revoked one counts for when its member was last active.
        assert set(used_on_disk(house)) == {KEY, OTHER}

    def test_nothing_by_who_has_not_seen_the_newest_commit(self, house: House, bot: str) -> None:
        here, there = house.as_user(), house.as_user()
        sign_in(here)
        add_credentials(house, bot, "NEWKEY" * 5)
        sign_in(there, "NEWKEY" * 5)
        flush(there)
        flush(here)
        assert set(used_on_disk(house)) == {KEY, "NEWKEY" * 5}

    def test_the_tokens_that_a_former_program_kept_there(self, house: House, bot: str) -> None:
        path = house.folder / "usage.json"
        use = {"at": house.at, "worker": "w", "address": ""}
        former = {"format": 1, "used": {OTHER: use}, "logged_out": {"t": "2026"}}
        path.write_text(json.dumps(former))
        here = house.as_user()
        sign_in(here)
        flush(here)
        assert set(used_on_disk(house)) == {KEY, OTHER}
        assert "logged_out" not in json.loads(path.read_text())


DAMAGE = (
    b"{",
    b"[]",
    b"null",
    b"\xff\x00",
    b"[" * 100_000,
    b'{"format":1}',
    b'{"format":"1","used":{}}',
    b'{"format":1,"used":[]}',
    b'{"format":1,"used":{"K":null}}',
    b'{"format":1,"used":{"K":{"at":"soon","worker":"","address":""}}}',
    b'{"format":1,"used":{"K":{"at":null,"worker":"","address":""}}}',
    b'{"format":1,"used":{"K":{"at":"2026-03-02T09:30:00Z","worker":1,"address":""}}}',
)


class TestADamagedFile:
    @pytest.mark.parametrize("content", DAMAGE)
    def test_keeps_nobody_out_and_is_moved_aside(
        self, house: House, bot: str, content: bytes
    ) -> None:
        path = house.folder / "usage.json"
        path.write_bytes(content)
        here = house.as_user()
        here.refresh()
        assert used(here) == NEVER
        sign_in(here)
        flush(here)
        assert set(used_on_disk(house)) == {KEY}
        assert path.with_name("usage.json.damaged").read_bytes() == content

    def test_costs_a_running_program_nothing_of_what_it_knows(self, house: House, bot: str) -> None:
        here = house.as_user()
        sign_in(here)
        flush(here)
        (house.folder / "usage.json").write_bytes(b"{")
        here.refresh()
        assert used(here).at == house.at
        sign_in(here, OTHER)
        flush(here)
        assert set(used_on_disk(house)) == {KEY, OTHER}

    def test_of_a_newer_format_is_left_alone(self, house: House, bot: str) -> None:
        path = house.folder / "usage.json"
        path.write_bytes(b'{"format":3}')
        here = house.as_user()
        sign_in(here)
        here.close()
        assert path.read_bytes() == b'{"format":3}'
        assert used(here).at == house.at

    def test_that_cannot_be_read_any_more_loses_no_use(self, house: House, bot: str) -> None:
        here = house.as_user()
        path = house.folder / "usage.json"
        sign_in(here)
        path.mkdir()
        flush(here)
        assert used(here).at == house.at
        path.rmdir()
        flush(here)
        assert set(used_on_disk(house)) == {KEY}


def test_a_start_does_not_read_it(house: House, bot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(house.admin)
    flush(house.admin)

    def read(_: FollowedFile) -> bytes:
        raise AssertionError("it was read")

    with monkeypatch.context() as watched:
        watched.setattr(FollowedFile, "read", read)
        here = house.as_user()
        assert here.refresh() is False
    assert used(here).at == house.at


def test_a_closed_store_leaves_no_file_open(house: House, bot: str) -> None:
    sign_in(house.admin)
    house.admin.close()
    house.close()
    open_files = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        store = Store(house.folder)
        here = Workspace(store, house.admin.actor, clock=house.clock)
        house.clock.advance(seconds=1)
        sign_in(here)
        here.close()
        here.close()
    assert len(os.listdir("/proc/self/fd")) == open_files


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_member_was_active_when_any_of_its_credentials_was_used_last(
    house: House, order: tuple[int, int]
) -> None:
    first = house.admin.add_service_account("bot", False)
    issued = (first, house.admin.create_credentials(first.member))
    for number in order:
        house.clock.advance(days=1)
        used = issued[number]
        house.admin.authenticate(used.access_key, used.secret_key)
    assert house.admin.service_account_row(first.member).last_active_at == house.at

"""The former texts of vaults: kept, restored, purged, and whole whenever their writer dies."""

from __future__ import annotations

import errno
import os
import random
import stat
from pathlib import Path
from typing import Any

import pytest

from store.errors import NotAllowed, NotFound, StoreFailed, StoreReadOnly, StoreUnreadable
from store.operations.administrator_vaults import AdministratorVaultEdit
from store.persistence import vault_texts
from store.persistence.vault_texts import FORMER_TEXTS, digest_of
from store.terms import DELETED_VAULTS_TABLE, VAULTS_TABLE
from store.vaults.delivering import WRITING
from store.workspace import Workspace
from tests.effort import effort
from tests.store.chain import checked_chain
from tests.store.house import House, vault_edit
from tests.store.keyring import put
from tests.store.test_crashes import Writers
from tests.store.writers import text_of

BOB = "bob@acme.example"
LEAKED = '{"sdk": {"aws": {"s3": {"secret": "hunter2"}}}}'


def save_many(house: House, member: str, numbers: range) -> str:
    """Save a series of texts, a minute after each other; the vault's id."""
    for number in numbers:
        house.clock.advance(seconds=60)
        key = house.save_vault(member, text_of(number))
    return key


def shown(here: Workspace, vault: str) -> list[str]:
    """The texts of a vault, newest first."""
    return [here.vault_text_of(vault, one.revision) for one in here.vault_history(vault)]


def files(house: House) -> list[str]:
    """The names of the files of texts."""
    return sorted(path.name for path in (house.folder / "vault-texts").iterdir())


def kept_of(text: str) -> list[str]:
    """The names of the files of a text in JSON: itself, and what clients get of it."""
    digest = digest_of(text.encode())
    return [digest, f"{digest}.json-{WRITING}"]


class TestHistory:
    """Each save keeps the former text."""

    def test_newest_first(self, house: House, bob: str) -> None:
        key = save_many(house, bob, range(1, 4))
        here = house.as_user(BOB)
        history = here.vault_history(key)
        assert [one.revision for one in history] == [3, 2, 1]
        assert [one.is_present for one in history] == [True, False, False]
        assert shown(here, key) == [text_of(3), text_of(2), text_of(1)]
        assert history[0].saved_at == house.at > history[1].saved_at > history[2].saved_at
        assert {(one.saved_by, one.format, one.size, one.lines) for one in history} == {
            ("Ada Lindqvist", "json", len(text_of(1)), 1)
        }

    def test_only_texts_count(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, LEAKED)
        house.admin.set_vault_enabled(bob, False, 1, key)
        house.save_vault(bob, LEAKED, enabled=True)
        assert [one.revision for one in house.admin.vault_history(key)] == [1]
        house.save_vault(bob, LEAKED, format="yaml")
        assert [one.format for one in house.admin.vault_history(key)] == ["yaml", "json"]
        assert house.texts() == {LEAKED}

    def test_of_an_administrator_vault(self, house: House) -> None:
        key = house.add_vault("AWS", text=LEAKED)
        house.admin.edit_administrator_vault(key, 1, "GCP", [house.group("Admins")])
        house.admin.save_administrator_vault(AdministratorVaultEdit(key, 2, "{}", "json", True))
        assert shown(house.as_user(), key) == ["{}", LEAKED]

    def test_restoring_is_a_save(self, house: House, bob: str) -> None:
        key = save_many(house, bob, range(1, 3))
        house.save_vault(bob, house.admin.vault_text_of(key, 1))
        assert shown(house.as_user(), key) == [text_of(1), text_of(2), text_of(1)]
        assert house.as_user().vault_details(bob).text == text_of(1)

    def test_the_last_hundred_are_kept(self, house: House, bob: str) -> None:
        last = FORMER_TEXTS + 35
        key = save_many(house, bob, range(1, last + 1))
        here = house.as_user()
        kept = list(range(last, last - FORMER_TEXTS - 1, -1))
        assert [one.revision for one in here.vault_history(key)] == kept
        assert shown(here, key) == [text_of(number) for number in kept]
        with pytest.raises(NotFound, match="is not kept any more"):
            here.vault_text_of(key, kept[-1] - 1)
        # The disk keeps a few more, for a while.
        assert len(house.texts()) == FORMER_TEXTS + 1 + 5
        assert not (house.folder / "vault-texts" / "unused").exists()

    def test_what_others_have_or_had_outlasts_the_hundred(self, house: House, bob: str) -> None:
        house.save_vault(house.admin.actor, text_of(1))
        house.save_vault(house.admin.actor, text_of(2))
        gone = house.add_vault("gone", text=text_of(3))
        house.admin.delete_administrator_vaults([gone])
        key = save_many(house, bob, range(1, FORMER_TEXTS + 11))
        first = {text_of(number) for number in range(1, 10)}
        assert house.texts() & first == {text_of(1), text_of(2), text_of(3)}
        history = house.admin.vault_history(house.admin.vault_details(house.admin.actor).id)
        assert [one.revision for one in history] == [2, 1]
        assert len(shown(house.as_user(), key)) == FORMER_TEXTS + 1

    def test_an_erasure_of_the_oldest_that_fails_is_made_up_for(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        save_many(house, bob, range(1, FORMER_TEXTS + 10))
        with monkeypatch.context() as failing:
            failing.setattr(Path, "unlink", full)
            save_many(house, bob, range(FORMER_TEXTS + 10, FORMER_TEXTS + 11))
        assert len(house.texts()) == FORMER_TEXTS + 10
        save_many(house, bob, range(FORMER_TEXTS + 11, FORMER_TEXTS + 21))
        assert len(house.texts()) == FORMER_TEXTS + 1

    def test_a_text_that_never_was(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, LEAKED)
        for revision in (0, 2, -1):
            with pytest.raises(NotFound):
                house.admin.vault_text_of(key, revision)

    def test_a_lost_former_text_leaves_the_others(self, house: House, bob: str) -> None:
        key = save_many(house, bob, range(1, 4))
        (house.folder / "vault-texts" / digest_of(text_of(2).encode())).unlink()
        here = house.as_user()
        with pytest.raises(StoreUnreadable, match="Text 2 of the vault of Bob is lost"):
            here.vault_text_of(key, 2)
        assert here.vault_text_of(key, 1) == text_of(1)
        assert here.vault_details(bob).problem == ""

    @pytest.mark.parametrize(
        "rest",
        [
            b'\n{"number": 2, "dig',
            b"\n",
            b"\n[]",
            b"\n\x00\x00\x00",
            b'\n{"number": "2"}',
            # What a commit left that never came about.
            b'\n{"number":2,"digest":"' + b"0" * 64 + b'","format":"json","size":1,"lines":1,'
            b'"at":"2026-03-02T09:30:00Z","by":"x"}',
        ],
    )
    def test_what_a_crash_left_does_not_count(self, house: House, bob: str, rest: bytes) -> None:
        key = house.save_vault(bob, text_of(1))
        with (house.folder / "vault-texts" / f"history-{key}.jsonl").open("ab") as file:
            file.write(rest)
        assert shown(house.as_user(), key) == [text_of(1)]
        house.admin.set_vault_enabled(bob, False, 1, key)
        assert shown(house.as_user(), key) == [text_of(1)]
        house.save_vault(bob, text_of(2))
        assert shown(house.as_user(), key) == [text_of(2), text_of(1)]
        house.save_vault(bob, text_of(3))
        assert shown(house.as_user(), key) == [text_of(3), text_of(2), text_of(1)]

    def test_without_its_list_the_present_text_is_known(self, house: House, bob: str) -> None:
        key = save_many(house, bob, range(1, 4))
        (house.folder / "vault-texts" / f"history-{key}.jsonl").unlink()
        (only,) = house.as_user().vault_history(key)
        assert (only.revision, only.is_present, only.saved_at) == (3, True, house.at)
        house.save_vault(bob, text_of(4))
        assert shown(house.as_user(), key)[0] == text_of(4)

    def test_a_list_that_cannot_be_read(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, LEAKED)
        path = house.folder / "vault-texts" / f"history-{key}.jsonl"
        path.unlink()
        path.mkdir()
        with pytest.raises(StoreUnreadable, match="former texts"):
            house.as_user().vault_history(key)
        with pytest.raises(StoreFailed, match=rf"{path.name} is a folder"):
            house.save_vault(bob, "{}")
        assert house.as_user().vault_details(bob).text == LEAKED


class TestPurging:
    """What leaked is gone from the disk."""

    def test_former_texts_are_erased(self, house: House, bob: str) -> None:
        house.save_vault(bob, LEAKED)
        key = save_many(house, bob, range(1, 4))
        assert house.admin.purge_history(key) == 3
        assert house.texts() == {text_of(3)}
        here = house.as_user()
        assert shown(here, key) == [text_of(3)]
        assert here.vault_details(bob).text == text_of(3)
        left = b"".join(
            path.read_bytes() for path in house.folder.rglob("*") if path.is_file()
        ).decode()
        assert "hunter2" not in left
        assert digest_of(LEAKED.encode()) not in left
        entry = checked_chain(house.folder)[-1]
        assert (entry["operation"], entry["targets"]) == ("purge_history", [key])
        house.save_vault(bob, text_of(5))
        assert [one.revision for one in house.admin.vault_history(key)] == [5, 4]

    def test_nothing_to_purge_is_no_commit(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, LEAKED)
        before = house.bytes()
        assert house.admin.purge_history(key) == 0
        assert house.bytes() == before
        with house.refuses(NotFound):
            house.admin.purge_history("f" * 32)

    def test_what_another_vault_has_or_had_stays(self, house: House, bob: str) -> None:
        aws = house.add_vault("AWS", text=LEAKED)
        gone = house.add_service_account("bot")
        house.save_vault(gone, text_of(2))
        key = house.save_vault(bob, LEAKED)
        save_many(house, bob, range(1, 4))
        house.admin.save_administrator_vault(AdministratorVaultEdit(aws, 1, "{}", "json", True))
        house.admin.delete_service_accounts([gone])
        assert house.admin.purge_history(key) == 1
        assert house.texts() == {LEAKED, "{}", text_of(2), text_of(3)}
        assert shown(house.as_user(), aws) == ["{}", LEAKED]
        assert house.admin.purge_history(aws) == 1
        assert LEAKED not in house.texts()

    def test_what_a_crash_left_goes_too(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, LEAKED)
        folder = house.folder / "vault-texts"
        (folder / ("a" * 64)).write_text("of no commit")
        (folder / ("b" * 64 + ".new")).write_text("half of a te")
        (folder / ("c" * 64 + ".json-1")).write_text("what clients got of no commit")
        (folder / ("d" * 64 + ".yaml-1.new")).write_text("half of that")
        (folder / "notes.txt").write_text("mine")
        assert house.admin.purge_history(key) == 0
        assert files(house) == sorted([*kept_of(LEAKED), f"history-{key}.jsonl", "notes.txt"])

    def test_only_its_own_texts_are_counted(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine = house.save_vault(house.admin.actor, LEAKED)
        house.save_vault(house.admin.actor, "{}")
        key = save_many(house, bob, range(1, 3))
        with monkeypatch.context() as failing:
            failing.setattr(Path, "unlink", full)
            with pytest.raises(StoreFailed, match="could be erased"):
                house.admin.purge_history(mine)
        # It erases what is left of the other, too.
        with monkeypatch.context() as failing:
            failing.setattr("store.persistence.store.VaultTexts.has_unused", False)
            assert house.admin.purge_history(key) == 1
        assert house.texts() == {"{}", text_of(2)}

    @pytest.mark.parametrize("kind", ["member", "administrator vault"])
    def test_of_a_deleted_vault_nothing_stays(self, house: House, bob: str, kind: str) -> None:
        house.save_vault(house.admin.actor, text_of(1))
        if kind == "member":
            house.save_vault(bob, LEAKED)
            key = save_many(house, bob, range(1, 3))
            house.admin.remove_users([bob])
        else:
            key = house.add_vault("AWS", text=LEAKED)
            for number in (1, 2):
                edit = AdministratorVaultEdit(key, number, text_of(number), "json")
                house.admin.save_administrator_vault(edit)
            house.admin.delete_administrator_vaults([key])
        house.add_user("eve@acme.example", "Eve")
        with house.refuses(NotAllowed, says="dministrator"):
            house.as_user("eve@acme.example").purge_history(key)
        with pytest.raises(NotFound):
            house.admin.vault_history(key)
        assert house.admin.purge_history(key) == 2
        assert house.texts() == {text_of(1)}
        assert len(files(house)) == 1 + len(kept_of(text_of(1)))
        entry = checked_chain(house.folder)[-1]
        assert (entry["operation"], entry["targets"]) == ("purge_history", [key])
        assert house.store().state.table(DELETED_VAULTS_TABLE) == {}
        with house.refuses(NotFound):
            house.admin.purge_history(key)

    def test_a_purge_that_was_cut_short_is_finished_by_the_next_commit(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = save_many(house, bob, range(1, 3))
        with monkeypatch.context() as failing:
            failing.setattr(Path, "unlink", full)
            with pytest.raises(StoreFailed, match="could be erased"):
                house.admin.purge_history(key)
        assert house.texts() == {text_of(1), text_of(2)}
        assert shown(house.as_user(), key) == [text_of(2)]
        house.invite("new@acme.example")
        assert house.texts() == {text_of(2)}
        assert files(house) == sorted([*kept_of(text_of(2)), f"history-{key}.jsonl"])

    def test_a_reader_of_an_older_commit_turns_to_the_newest(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, text_of(1))
        readers = [house.as_user() for _ in range(3)]
        house.save_vault(bob, text_of(2))
        house.admin.purge_history(key)
        assert readers[0].vault_details(bob).text == text_of(2)
        assert [layer.text for layer in readers[1].layers_of(bob)] == [text_of(2)]
        with pytest.raises(NotFound):
            readers[2].vault_text_of(key, 1)

    def test_a_damaged_vault_keeps_all(self, house: House, bob: str) -> None:
        key = save_many(house, bob, range(1, 3))
        mine = house.save_vault(house.admin.actor, LEAKED)
        document = house.store().state.table(VAULTS_TABLE)[mine]
        put(house, VAULTS_TABLE, document | {"text_hash": 7})
        with pytest.raises(StoreUnreadable, match="damaged"):
            house.as_user().purge_history(key)
        assert house.texts() == {text_of(1), text_of(2), LEAKED}

    def test_a_read_only_store_refuses(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, LEAKED)
        with house.refuses(StoreReadOnly):
            house.as_user(read_only=True).purge_history(key)


def full(*_: Any, **__: Any) -> None:
    """What a disk answers that takes nothing."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


class TestDeletion:
    """Texts go 30 days after their vault, with whatever is committed next."""

    def deleted(self, house: House, bob: str) -> None:
        """Delete a vault of each kind, and keep one."""
        house.save_vault(bob, LEAKED)
        save_many(house, bob, range(1, 3))
        aws = house.add_vault("AWS", text='{"sdk": {"aws": 1}}')
        house.save_vault(house.admin.actor, text_of(2))
        house.admin.remove_users([bob])
        house.admin.delete_administrator_vaults([aws])

    def test_they_stay_for_a_month(self, house: House, bob: str) -> None:
        self.deleted(house, bob)
        before = house.texts()
        house.clock.advance(days=29.9)
        house.invite("new@acme.example")
        assert house.texts() == before
        assert LEAKED in before

    def test_and_go_then(self, house: House, bob: str) -> None:
        self.deleted(house, bob)
        house.clock.advance(days=30)
        assert len(house.texts()) == 4
        commit = house.admin.commit
        house.invite("new@acme.example")
        assert house.admin.commit == commit + 1
        assert house.texts() == {text_of(2)}
        assert len(files(house)) == 1 + len(kept_of(text_of(2)))
        state = house.store().state
        assert (state.table(DELETED_VAULTS_TABLE), len(state.table(VAULTS_TABLE))) == ({}, 1)
        assert house.as_user().vault_details(house.admin.actor).text == text_of(2)

    def test_each_at_its_own_time(self, house: House, bob: str) -> None:
        first, second = house.add_vault("first", text=LEAKED), house.add_vault("second")
        house.admin.delete_administrator_vaults([first])
        house.clock.advance(days=10)
        house.admin.delete_administrator_vaults([second])
        house.clock.advance(days=20)
        third = house.add_vault("third", text=text_of(3))
        assert house.texts() == {"{}", text_of(3)}
        house.clock.advance(days=10)
        house.admin.delete_administrator_vaults([third])
        assert house.texts() == {text_of(3)}
        assert len(house.store().state.table(DELETED_VAULTS_TABLE)) == 1

    @pytest.mark.parametrize("values", [{"deleted_at": 7}, {"deleted_at": None}, {"text_hash": []}])
    def test_a_damaged_rest_keeps_nobody_from_working(
        self, house: House, bob: str, values: dict[str, Any]
    ) -> None:
        self.deleted(house, bob)
        (first, *_) = house.store().state.table(DELETED_VAULTS_TABLE).values()
        put(house, DELETED_VAULTS_TABLE, first | values)
        house.clock.advance(days=31)
        house.admin.refresh()
        house.invite("new@acme.example")
        assert house.as_user().vault_details(house.admin.actor).text == text_of(2)

    def test_an_erasure_that_fails_keeps_nobody_from_working(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.deleted(house, bob)
        house.clock.advance(days=31)
        with monkeypatch.context() as failing:
            failing.setattr(Path, "unlink", full)
            house.invite("new@acme.example")
        assert LEAKED in house.texts()
        house.invite("another@acme.example")
        assert house.texts() == {text_of(2)}

    def test_somebody_who_comes_back_gets_nothing_back(self, house: House, bob: str) -> None:
        self.deleted(house, bob)
        house.invite(BOB)
        key = house.save_vault(bob, "{}")
        assert shown(house.as_user(), key) == ["{}"]
        house.clock.advance(days=31)
        house.invite("new@acme.example")
        assert house.texts() == {text_of(2), "{}"}
        assert shown(house.as_user(), key) == ["{}"]


class TestFailures:
    """What cannot be written changes nothing, and the next save works."""

    # The calls of a save in order: the text, the list, the activity's entry, workspace.json.
    @pytest.mark.parametrize(
        ("name", "number"),
        [*(("writev", n) for n in range(4)), *(("fsync", n) for n in range(5)), ("rename", 0)],
    )
    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_call_that_fails(
        self,
        house: House,
        bob: str,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        number: int,
        is_first: bool,
    ) -> None:
        if not is_first:
            house.save_vault(bob, text_of(1))
        before = house.admin.vault_details(bob)
        with monkeypatch.context() as failing:
            real, calls = getattr(os, name), iter(range(1_000))

            def failing_call(*arguments: Any, **named: Any) -> Any:
                if next(calls) == number:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return real(*arguments, **named)

            failing.setattr(os, name, failing_call)
            with pytest.raises(StoreFailed, match="No space left"):
                house.save_vault(bob, LEAKED)
        assert house.as_user().vault_details(bob) == house.admin.vault_details(bob) == before
        key = house.save_vault(bob, text_of(2))
        wanted = [text_of(2)] if is_first else [text_of(2), text_of(1)]
        assert shown(house.as_user(), key) == wanted
        house.admin.purge_history(key)
        assert house.texts() == {text_of(2)}

    def test_everything_is_for_the_owner_alone(self, house: House, bob: str) -> None:
        former = os.umask(0)
        try:
            key = save_many(house, bob, range(1, 3))
            house.admin.purge_history(key)
        finally:
            os.umask(former)
        for path in house.folder.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_neither_a_start_nor_a_commit_reads_what_was_saved(
    house: House, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = save_many(house, bob, range(1, 30))

    def looked(path: Path, **_: Any) -> bytes:
        raise AssertionError(path)

    monkeypatch.setattr(vault_texts, "read_file", looked)
    here = house.as_user()
    house.invite("new@acme.example")
    assert here.administrator_vault_count() == 0
    monkeypatch.undo()
    assert len(shown(here, key)) == 29


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_acknowledged_outlasts_the_killing_of_its_writer(
    house: House, bob: str, seed: int
) -> None:
    chance, rounds = random.Random(seed), effort(60)
    key, acknowledged = house.save_vault(bob, text_of(0)), 0
    with Writers(house.folder) as writers:
        for _ in range(rounds):
            order = f"texts {bob} {acknowledged + 1}"
            done = writers.kill_while_it_writes(order, chance, most=3, pause=0.01)
            acknowledged = max(acknowledged, done)

            here = house.as_user()
            assert here.read_only_reason == ""
            history = here.vault_history(key)
            last = history[0].revision - 1
            # The text that was being saved may be there, whole, though nobody was told.
            assert last in (acknowledged, acknowledged + 1)
            oldest = max(last - FORMER_TEXTS, 0)
            assert [one.revision - 1 for one in history] == list(range(last, oldest - 1, -1))
            assert shown(here, key) == [text_of(one.revision - 1) for one in history]
            here.save_vault(vault_edit(here, bob, text_of(last + 1)))
            assert here.vault_details(bob).text == text_of(last + 1)
            checked_chain(house.folder)
            acknowledged = last + 1
            house.close()
    assert acknowledged > rounds * 3 // 2

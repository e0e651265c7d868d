"""How a workspace lies in its folder: files, damage, formats, paths, and the lock."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from store.errors import (
    AlreadyExists,
    StoreFailed,
    StoreMissing,
    StoreReadOnly,
    StoreUnreadable,
)
from store.listing import Query
from store.persistence import database
from store.persistence.folder import check_folder
from store.persistence.formats import FORMAT, Tables, migrate
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.chain import checked_chain, meta_of
from tests.store.house import FIRST, House, edit_of


class TestFiles:
    """What is in the folder, and for whom."""

    def test_a_plain_tinydb_reads_the_tables(self, house: House, bob: str) -> None:
        with TinyDB(house.folder / "workspace.json") as plain:
            assert plain.tables() >= {"meta", "workspace", "users", "groups"}
            users = plain.table("users").all()
            assert {user["id"] for user in users} == {house.admin.actor, bob}
            assert [user.doc_id for user in users] == [1, 2]
            (meta,) = plain.table("meta").all()
            assert (meta["format"], meta["commit"]) == (FORMAT, house.admin.commit)

    def test_what_a_plain_tinydb_wrote_is_read(self, house: House, bob: str) -> None:
        with TinyDB(house.folder / "workspace.json") as plain:
            plain.table("users").update({"name": "Robert"}, doc_ids=[2])
        assert house.as_user().user_row(bob).called == "Robert"
        house.invite("pia@acme.example")
        assert house.user(bob).name == "Robert"

    def test_everything_is_for_the_owner_alone(self, tmp_path: Path) -> None:
        former = os.umask(0)
        try:
            house = House(tmp_path / "new")
            house.invite("bob@acme.example")
        finally:
            os.umask(former)
        for path in [house.folder, *house.folder.rglob("*")]:
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path

    def test_nothing_is_left_beside_the_files(self, house: House, bob: str) -> None:
        names = sorted(path.name for path in house.folder.iterdir())
        assert names == ["activity", "lock", "workspace.json"]
        assert [path.name for path in (house.folder / "activity").iterdir()] == ["000001.jsonl"]

    def test_opening_writes_nothing(self, house: House) -> None:
        (house.folder / "lock").unlink()
        before = house.bytes()
        house.as_user(read_only=True).refresh()
        assert house.bytes() == before
        assert not (house.folder / "lock").exists()


def _broken(house: House, table: str, document: Any) -> bytes:
    tables = json.loads((house.folder / "workspace.json").read_bytes())
    tables[table] = document
    return json.dumps(tables).encode()


RUBBISH = {
    "empty": b"",
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "no tables": b"{}",
    "binary": bytes(range(256)) * 8,
    "zeros": bytes(4096),
    "too deep": b"[" * 100_000,
    "no end": b'{"meta": {"1": {"format": 1',
    "a list of tables": b'[{"meta": {}}]',
}
META: dict[str, Any] = {"format": 1, "commit": 1, "activity_number": 0, "activity_hash": "0" * 64}
BROKEN_TABLES = {
    "no meta": ("meta", {}),
    "meta twice": ("meta", {"1": META, "2": META}),
    "meta a list": ("meta", [META]),
    "meta without commit": ("meta", {"1": {**META, "commit": None}}),
    "a format that is text": ("meta", {"1": {**META, "format": "1"}}),
    "a format that is true": ("meta", {"1": {**META, "format": True}}),
    "format 0": ("meta", {"1": {**META, "format": 0}}),
    "a hash that is a number": ("meta", {"1": {**META, "activity_hash": 0}}),
    "users a list": ("users", [{"id": "x"}]),
    "users a text": ("users", "x"),
    "a user without id": ("users", {"1": {"name": "x"}}),
    "a user that is a text": ("users", {"1": "id"}),
    "an id that is a list": ("users", {"1": {"id": []}}),
    "an id that is a number": ("users", {"1": {"id": 7}}),
    "no workspace": ("workspace", {}),
}


class TestDamage:
    """A damaged file is refused and left as it was."""

    def refused(self, house: House, content: bytes) -> None:
        """See that neither opening nor going on works, and that no byte changes."""
        file = house.folder / "workspace.json"
        running = house.as_user()
        file.write_bytes(content)
        with pytest.raises(StoreUnreadable, match=r"workspace\.json"):
            Store(house.folder)
        for _ in range(2):
            with pytest.raises(StoreUnreadable):
                running.refresh()
            with pytest.raises(StoreUnreadable):
                running.edit_user(edit_of(running, running.actor, name="New"))
        assert file.read_bytes() == content
        assert running.user_row(running.actor).called == "Ada Lindqvist"

    @pytest.mark.parametrize("kind", sorted(RUBBISH))
    def test_rubbish(self, house: House, kind: str) -> None:
        self.refused(house, RUBBISH[kind])

    @pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 1.0])
    def test_cut_short(self, house: House, bob: str, part: float) -> None:
        whole = (house.folder / "workspace.json").read_bytes()
        self.refused(house, whole[: int((len(whole) - 1) * part)])

    @pytest.mark.parametrize("kind", sorted(BROKEN_TABLES))
    def test_a_broken_table(self, house: House, kind: str) -> None:
        self.refused(house, _broken(house, *BROKEN_TABLES[kind]))

    def test_a_newer_format(self, house: House) -> None:
        meta = {"1": {**meta_of(house.folder), "format": FORMAT + 1}}
        content = _broken(house, "meta", meta)
        self.refused(house, content)
        with pytest.raises(StoreUnreadable, match="newer"):
            Store(house.folder)

    def test_a_folder_in_its_place(self, house: House) -> None:
        (house.folder / "workspace.json").unlink()
        (house.folder / "workspace.json").mkdir()
        with pytest.raises(StoreUnreadable):
            Store(house.folder)

    @pytest.mark.parametrize(
        "spoilt",
        [{"status": "Gone"}, {"revision": "x"}, {"extra": 1}, {"email": None}, {"name": 7}],
    )
    def test_an_invalid_user_when_asked_for(
        self, house: House, bob: str, spoilt: dict[str, Any]
    ) -> None:
        with TinyDB(house.folder / "workspace.json") as plain:
            plain.table("users").update(spoilt, doc_ids=[2])
        before = house.bytes()
        with pytest.raises(StoreUnreadable, match="damaged"):
            house.as_user().remove_users([bob])
        assert house.bytes() == before

    @pytest.mark.parametrize("missing", ["status", "email"])
    def test_an_invalid_user_in_the_list(self, house: House, bob: str, missing: str) -> None:
        tables = json.loads((house.folder / "workspace.json").read_bytes())
        del tables["users"]["2"][missing]
        (house.folder / "workspace.json").write_text(json.dumps(tables))
        with pytest.raises(StoreUnreadable, match="damaged"):
            house.as_user().list_users(Query("b", "status"))
        if missing == "status":
            here = house.as_user()
            assert bob in here.list_users(Query()).ids
            with pytest.raises(StoreUnreadable, match=bob):
                here.user_row(bob)
            with pytest.raises(StoreUnreadable, match=bob):
                here.user_details(bob)

    def test_a_preset_group_that_is_gone(self, house: House) -> None:
        content = _broken(house, "groups", {})
        (house.folder / "workspace.json").write_bytes(content)
        with pytest.raises(StoreUnreadable, match="pre-configured"):
            assert house.as_user().is_administrator

    def test_a_store_that_is_gone(self, house: House) -> None:
        shutil.rmtree(house.folder)
        with pytest.raises(StoreMissing):
            house.admin.refresh()
        with pytest.raises(StoreFailed):
            house.invite("bob@acme.example")
        assert not house.folder.exists()

    def test_a_store_that_came_back_is_shown_again(self, house: House, bob: str) -> None:
        file = house.folder / "workspace.json"
        whole = file.read_bytes()
        running = house.as_user()
        file.write_bytes(b"{}")
        with pytest.raises(StoreUnreadable):
            running.refresh()
        file.write_bytes(whole)
        running.refresh()
        running.edit_user(edit_of(running, bob, name="Back"))
        assert house.user(bob).name == "Back"


def _greeting(tables: Tables) -> Tables:
    users = {
        number: {**user, "name": f"Dear {user['name']}"} for number, user in tables["users"].items()
    }
    return {**tables, "users": users}


class TestFormats:
    """Older formats are brought up to date in memory; the next commit writes them."""

    def test_steps_follow_each_other(self) -> None:
        def step(mark: str, tables: Tables) -> Tables:
            return {**tables, mark: {}}

        steps = {1: partial(step, "a"), 2: partial(step, "b"), 3: partial(step, "c")}
        assert list(migrate({}, 2, wanted=4, migrations=steps)) == ["b", "c"]
        assert list(migrate({}, 4, wanted=4, migrations=steps)) == []

    def test_a_step_that_is_missing(self) -> None:
        with pytest.raises(StoreUnreadable, match="format 2 is unknown"):
            migrate({}, 1, wanted=3, migrations={1: dict})

    def test_a_copy_is_kept_before_the_first_write(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        former = (house.folder / "workspace.json").read_bytes()
        copy = house.folder / f"workspace.format-{FORMAT}.json"
        self.bring_a_newer_format(monkeypatch)
        here = house.as_user()
        assert here.user_row(bob).called == "Dear Bob"
        assert (house.folder / "workspace.json").read_bytes() == former
        assert not copy.exists()

        here.edit_user(edit_of(here, here.actor, name="Ada"))
        assert copy.read_bytes() == former
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert meta_of(house.folder)["format"] == FORMAT + 1
        again = house.as_user()
        assert [again.user_row(user).called for user in (bob, here.actor)] == ["Dear Bob", "Ada"]
        here.edit_user(edit_of(here, here.actor, name="Ada L"))
        assert copy.read_bytes() == former

    def test_nothing_is_written_where_the_copy_cannot_be_kept(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (house.folder / f"workspace.format-{FORMAT}.json").mkdir()
        self.bring_a_newer_format(monkeypatch)
        former = (house.folder / "workspace.json").read_bytes()
        here = house.as_user()
        with pytest.raises(StoreFailed):
            here.edit_user(edit_of(here, here.actor, name="Ada"))
        assert (house.folder / "workspace.json").read_bytes() == former

    def bring_a_newer_format(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the program know one format more than it does, with a step to it."""
        newer = partial(migrate, wanted=FORMAT + 1, migrations={FORMAT: _greeting})
        monkeypatch.setattr(database, "FORMAT", FORMAT + 1)
        monkeypatch.setattr(database, "migrate", newer)


class TestPaths:
    """Which paths can be a store, and which cannot."""

    def test_a_place_for_a_new_one(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "cut short" / "activity").mkdir(parents=True)
        (tmp_path / "cut short" / "lock").touch()
        for name in ("new", "empty", "cut short", "deep/er/still"):
            with pytest.raises(StoreMissing):
                check_folder(tmp_path / name)
            with pytest.raises(StoreMissing):
                Store(tmp_path / name)
        House(tmp_path / "cut short").close()
        check_folder(tmp_path / "cut short")

    @pytest.mark.parametrize(
        "name", ["file", "file/below", "full", "nul\0", "long" * 100, "half\ud83d", "/dev/null"]
    )
    def test_what_cannot_be_one(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").write_text("mine")
        (tmp_path / "full").mkdir(mode=0o755)
        (tmp_path / "full" / "letter.txt").write_text("mine")
        before = sorted(tmp_path.rglob("*"))
        for opened in (check_folder, Store, partial(Workspace.create, first=FIRST)):
            with pytest.raises(StoreUnreadable) as raised:
                opened(tmp_path / name)
            assert type(raised.value) is StoreUnreadable
        assert sorted(tmp_path.rglob("*")) == before
        assert stat.S_IMODE((tmp_path / "full").stat().st_mode) == 0o755

    @pytest.mark.skipif(not Path("/proc/sys").is_dir(), reason="needs a folder that refuses all")
    def test_a_place_where_nobody_may_write(self) -> None:
        # Not even root may make a folder in here.
        with pytest.raises((StoreUnreadable, StoreFailed)):
            Workspace.create(Path("/proc/sys/store"), FIRST)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_may_not_be_written(self, house: House) -> None:
        house.folder.chmod(0o500)
        try:
            with pytest.raises(StoreReadOnly, match="may not be written"):
                house.as_user().invite_users([], [])
        finally:
            house.folder.chmod(0o700)

    def test_only_one_of_two_creations_wins(self, tmp_path: Path) -> None:
        script = (
            "import sys; from pathlib import Path\n"
            "from store.errors import AlreadyExists\n"
            "from store.workspace import Workspace\n"
            "from tests.store.house import FIRST\n"
            "print('ready', flush=True); sys.stdin.readline()\n"
            "try: print(Workspace.create(Path(sys.argv[1]), FIRST).actor)\n"
            "except AlreadyExists: print('already')\n"
        )
        command = [sys.executable, "-c", script, str(tmp_path / "new")]
        both = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for one in both:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in both:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        said = [one.communicate(timeout=20)[0].strip() for one in both]
        assert said.count("already") == 1
        (creator,) = [line for line in said if line != "already"]
        assert Workspace.open(Store(tmp_path / "new"), who=FIRST.email).actor == creator
        assert len(checked_chain(tmp_path / "new")) == 1

    def test_a_second_creation_is_refused(self, house: House) -> None:
        with house.refuses(AlreadyExists):
            Workspace.create(house.folder, FIRST)

"""What the file holds after any series of commits, of which each renders only what it changes."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks.workspaces import workspace_of
from store.errors import StoreFailed
from store.persistence.database import Database
from store.persistence.store import Outcome, Store
from store.rules import Act
from store.state import Changes, Documents
from store.terms import CREDENTIALS_TABLE, GROUPS_TABLE, TABLES, USERS_TABLE
from tests.store.house import House, edit_of


def put(store: Store, tables: dict[str, Documents]) -> None:
    """Commit these documents."""
    entry = Act("nobody", "2026-03-02T09:30:00Z").entry("put", [])
    store.commit(lambda _: Outcome(None, Changes(tables), entry), lambda _: None)


def see_file(store: Store) -> None:
    """See that the file holds what the store does, and nothing else."""
    tables = json.loads((store.path / "workspace.json").read_bytes())
    del tables["meta"]
    for name in {*TABLES, *tables} - {"meta"}:
        documents = {one["id"]: one for one in tables.get(name, {}).values()}
        assert len(documents) == len(tables.get(name, {}))
        assert documents == store.state.table(name)


@pytest.mark.parametrize("seed", range(3))
def test_the_file_holds_what_the_commits_have_made(tmp_path: Path, seed: int) -> None:
    path = workspace_of(1_200, tmp_path)
    chance = random.Random(seed)
    # What one of them writes, the other reads before it goes on.
    stores = [Store(path), Store(path)]
    for number in range(30):
        store = chance.choice(stores)
        store.refresh()
        tables: dict[str, Documents] = {}
        for name in chance.sample([USERS_TABLE, CREDENTIALS_TABLE, GROUPS_TABLE], 2):
            ids = list(store.state.table(name))
            some = chance.sample(ids, min(len(ids), chance.choice([1, 3, 300])))
            kept = {key: {"id": key, "name": f"{number} ✓ \x00"} for key in some[1:]}
            # The ids of those that are gone come back, too.
            new = {f"{chance.randrange(400):032}" for _ in range(chance.choice([0, 1, 300]))}
            added = {key: {"id": key, "name": "new"} for key in sorted(new)}
            tables[name] = {some[0]: None, **kept, **added}
        put(store, tables)
        see_file(store)
    for store in stores:
        store.close()


def test_a_table_that_has_lost_all_and_gains_again(tmp_path: Path) -> None:
    store = Store(workspace_of(700, tmp_path))
    keys = list(store.state.table(CREDENTIALS_TABLE))
    put(store, {CREDENTIALS_TABLE: dict.fromkeys(keys)})
    see_file(store)
    put(store, {CREDENTIALS_TABLE: {"A" * 30: {"id": "A" * 30}}})
    see_file(store)
    assert list(store.state.table(CREDENTIALS_TABLE)) == ["A" * 30]
    store.close()


@pytest.mark.parametrize("call", ["writev", "fsync", "rename"])
def test_what_could_not_be_written_does_not_come_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    store = Store(workspace_of(600, tmp_path))
    users = list(store.state.table(USERS_TABLE))
    put(store, {USERS_TABLE: {users[300]: {"id": users[300], "name": "first"}}})

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(os, call, full)
        lost: dict[str, Documents] = {
            USERS_TABLE: {
                users[300]: {"id": users[300], "name": "lost"},
                users[10]: None,
                "0" * 32: {"id": "0" * 32, "name": "lost"},
            }
        }
        with pytest.raises(StoreFailed, match="No space left"):
            put(store, lost)
    see_file(store)
    put(store, {USERS_TABLE: {users[301]: {"id": users[301], "name": "next"}}})
    see_file(store)
    assert b"lost" not in (store.path / "workspace.json").read_bytes()
    store.close()


@pytest.mark.parametrize("number", ["007", "-1", "+3", " 4", "\u0663"])
def test_a_document_under_a_number_of_another_form_is_kept(
    house: House, bob: str, number: str
) -> None:
    path = house.folder / "workspace.json"
    tables = json.loads(path.read_bytes())
    tables["users"][number] = {**tables["users"]["2"], "id": "f" * 32, "email": "x@acme.example"}
    path.write_text(json.dumps(tables))
    here = house.as_user()
    for name in ("Robert", "Rob"):
        here.edit_user(edit_of(here, bob, name=name))
        assert house.user("f" * 32).email == "x@acme.example"
        assert house.user(bob).name == name


def test_what_tinydb_itself_changes_is_in_the_file(tmp_path: Path) -> None:
    path = workspace_of(300, tmp_path) / "workspace.json"
    database = Database(path)
    _, last = database.load()
    database.write(Changes(), 2, last)
    database.table("users").update({"name": "Changed in place"}, doc_ids=[7])
    database.table("users").remove(doc_ids=[8])
    database.close()
    users = json.loads(path.read_bytes())["users"]
    assert users["7"]["name"] == "Changed in place"
    assert "8" not in users
    assert len(users) == 299

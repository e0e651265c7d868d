"""What lies in a file's place and is none is told within a second, and nothing is touched."""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.credential_views import IssuedCredential
from store.errors import StoreFailed, StoreReadOnly, StoreUnreadable, WorkspaceError
from store.persistence import files, folder
from store.persistence.files import append_to_file, new_file, read_file, replace_file
from store.persistence.lock import LockLost, StoreLock
from store.persistence.odd_files import OddFile
from store.persistence.signing_secret import SigningSecret
from store.persistence.store import Outcome, Store
from store.persistence.vault_texts import SavedText, TextRecord, digest_of
from store.rules import Act
from store.sessions import Session
from store.state import Changes, State
from store.terms import USERS_TABLE
from store.usage import Used
from tests.store.house import House, edit_of
from tests.store.odd import ABSURD, KINDS, Place, looks, within_a_second

ROOT = Path(__file__).parents[2]
TEXT = '{"sdk": {"a": 1}}'
TOP = sorted(folder.MOST_BYTES)
OF_FOLDERS = [kind for kind in KINDS if kind not in ("a folder", "unreadable")]


@pytest.fixture
def full(house: House, bob: str) -> House:
    """A house with one of every file."""
    house.save_vault(bob, TEXT)
    house.save_vault(bob, "{}")
    keys: IssuedCredential = house.admin.create_credentials(house.admin.actor)
    house.admin.sign_in(keys.access_key, keys.secret_key, address="192.0.2.7")
    secret = SigningSecret(house.folder)
    secret.load()
    secret.close()
    house.admin._store.usage.flush()
    house.admin._store.log_outs.load()
    house.admin._store.refusals.write()
    house.admin._store.impersonations.write()
    return house


@pytest.fixture
def at(tmp_path: Path) -> Callable[[Path], Place]:
    """Makes places."""
    return lambda path: Place(path, tmp_path / "outside")


def change(here: House, bob: str) -> None:
    """Anything that is committed."""
    here.admin.edit_user(edit_of(here.admin, bob, name=f"Bob {here.admin.commit}"))


def test_there_is_one_of_every_file(full: House) -> None:
    assert {path.name for path in full.folder.iterdir()} == {*TOP, *folder.FOLDERS}


class TestAtAStart:
    """A store in which something is odd is not opened, whoever asks."""

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("name", TOP)
    def test_every_file(
        self, full: House, tmp_path: Path, at: Callable[[Path], Place], name: str, kind: str
    ) -> None:
        at(full.folder / name).put(kind)
        before = looks(tmp_path)
        for read_only in (False, True):
            with within_a_second(), pytest.raises(StoreUnreadable, match=rf"{name} (is|has|may)"):
                Store(full.folder, read_only=read_only)
        assert looks(tmp_path) == before

    @pytest.mark.parametrize("kind", [*OF_FOLDERS, "a file"])
    @pytest.mark.parametrize("name", folder.FOLDERS)
    def test_every_folder(
        self, full: House, tmp_path: Path, at: Callable[[Path], Place], name: str, kind: str
    ) -> None:
        place = at(full.folder / name)
        place.put("an absurd size" if kind == "a file" else kind)
        before = looks(tmp_path)
        with within_a_second(), pytest.raises(StoreUnreadable, match=f"{name} is .* a folder be"):
            Store(full.folder)
        assert looks(tmp_path) == before

    def test_the_words_say_what_to_do(self, full: House, at: Callable[[Path], Place]) -> None:
        at(full.folder / "usage.json").put("a named pipe")
        with pytest.raises(StoreUnreadable) as raised:
            Store(full.folder)
        assert raised.value.message == (
            f"{full.folder} cannot be used as a store: usage.json is a named pipe, where a file "
            "belongs; move it away, and put the right one back if there was one."
        )

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_segment_of_the_activity_leaves_it_read_only_until_it_is_right(
        self, full: House, bob: str, tmp_path: Path, at: Callable[[Path], Place], kind: str
    ) -> None:
        place = at(full.folder / "activity" / "000001.jsonl")
        place.put(kind)
        before = looks(tmp_path)
        with within_a_second():
            here = full.as_user()
        assert "000001.jsonl" in here.read_only_reason
        with pytest.raises(StoreReadOnly, match=r"000001\.jsonl"):
            here.invite_users([], [])
        with within_a_second(), pytest.raises(StoreUnreadable, match=r"000001\.jsonl"):
            here.activity()
        assert looks(tmp_path) == before
        place.put_right()
        assert here.refresh()
        assert here.read_only_reason == ""
        change(full, bob)

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_place_for_a_first_start(
        self, tmp_path: Path, at: Callable[[Path], Place], kind: str
    ) -> None:
        at(tmp_path / "new" / "lock").put(kind)
        before = looks(tmp_path)
        with within_a_second(), pytest.raises(StoreFailed, match="lock"):
            House(tmp_path / "new")
        assert looks(tmp_path) == before

    def test_the_folder_may_be_reached_by_a_link(self, house: House, bob: str) -> None:
        elsewhere = house.folder.with_name("elsewhere")
        house.folder.rename(elsewhere)
        house.folder.symlink_to(elsewhere)
        house.admin.refresh()
        change(house, bob)
        assert house.folder.is_symlink()
        assert house.as_user().user_row(bob).called.startswith("Bob ")


class TestAProgramThatIsOpen:
    """It changes nothing while something is odd, and goes on when it is right again."""

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unreadable"])
    @pytest.mark.parametrize("name", [*TOP, "activity/000001.jsonl", *folder.FOLDERS])
    def test_every_file(
        self,
        full: House,
        bob: str,
        tmp_path: Path,
        at: Callable[[Path], Place],
        name: str,
        kind: str,
    ) -> None:
        if name in folder.FOLDERS and kind == "a folder":
            kind = "an absurd size"
        full.admin.refresh()
        place = at(full.folder / name)
        place.put(kind)
        before = looks(tmp_path)
        with within_a_second(), pytest.raises(StoreFailed, match=Path(name).name):
            change(full, bob)
        if "/" not in name:
            with within_a_second(), pytest.raises(StoreUnreadable, match=name):
                full.admin.refresh()
        assert looks(tmp_path) == before
        place.put_right()
        full.admin.refresh()
        change(full, bob)
        assert full.as_user().user_row(bob).called == full.admin.user_row(bob).called

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_text_of_a_vault(
        self, full: House, bob: str, tmp_path: Path, at: Callable[[Path], Place], kind: str
    ) -> None:
        text = full.folder / "vault-texts" / digest_of(b"{}")
        at(text).put(kind)
        before = looks(tmp_path)
        with within_a_second():
            problem = full.admin.vault_details(bob).problem
        assert text.name in problem
        assert "save a text anew" in problem
        assert looks(tmp_path) == before
        if kind == "a folder":
            with pytest.raises(StoreFailed, match="could not be written"):
                full.save_vault(bob, "{}")
        else:
            full.save_vault(bob, "{}")
            assert full.admin.vault_details(bob).text == "{}"
        assert (tmp_path / "outside" / "precious").read_text() == "precious"
        assert not (tmp_path / "outside" / "nowhere").exists()

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_list_of_a_vaults_texts(
        self, full: House, bob: str, tmp_path: Path, at: Callable[[Path], Place], kind: str
    ) -> None:
        key = full.admin.vault_details(bob).id
        place = at(full.folder / "vault-texts" / f"history-{key}.jsonl")
        place.put(kind)
        before = looks(tmp_path)
        with within_a_second(), pytest.raises(StoreUnreadable, match=place.path.name):
            full.admin.vault_history(key)
        with within_a_second(), pytest.raises(StoreFailed, match=place.path.name):
            full.save_vault(bob, TEXT)
        assert looks(tmp_path) == before
        place.put_right()
        full.save_vault(bob, TEXT)
        assert len(full.admin.vault_history(key)) == 3

    @pytest.mark.parametrize("kind", KINDS)
    def test_what_clients_get_of_a_text(
        self, full: House, bob: str, tmp_path: Path, at: Callable[[Path], Place], kind: str
    ) -> None:
        text = "sdk:\n  a: 1\n"
        full.save_vault(bob, text, format="yaml")
        (form,) = full.folder.glob(f"vault-texts/{digest_of(text.encode())}.yaml-*")
        delivered = full.admin._store.vault_form(digest_of(text.encode()), "yaml")
        at(form).put(kind)
        before = looks(tmp_path)
        with within_a_second():
            assert full.admin._store.vault_form(digest_of(text.encode()), "yaml") is None
        assert looks(tmp_path) == before
        full.save_vault(bob, TEXT)
        if kind == "a folder":
            with pytest.raises(StoreFailed, match=r"\.yaml-\d+ is a folder"):
                full.save_vault(bob, text, format="yaml")
        else:
            full.save_vault(bob, text, format="yaml")
            assert full.admin._store.vault_form(digest_of(text.encode()), "yaml") == delivered
        assert (tmp_path / "outside" / "precious").read_text() == "precious"

    @pytest.mark.parametrize("name", [f"{'0' * 64}.yaml-1", "0" * 64, "1.new"])
    def test_what_cannot_be_erased_keeps_no_other_from_it(
        self, full: House, bob: str, name: str
    ) -> None:
        key = full.admin.vault_details(bob).id
        (full.folder / "vault-texts" / name).mkdir()
        with pytest.raises(StoreFailed, match=f"{name}: "):
            full.admin.purge_history(key)
        assert not (full.folder / "vault-texts" / digest_of(TEXT.encode())).exists()
        (full.folder / "vault-texts" / name).rmdir()
        full.admin.purge_history(key)
        assert not full.admin._store._texts.has_unused

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "a folder"])
    @pytest.mark.parametrize("name", ["workspace.json", "usage.json", "token.secret"])
    def test_what_a_crash_has_left_is_replaced_and_not_written_through(
        self,
        full: House,
        bob: str,
        tmp_path: Path,
        at: Callable[[Path], Place],
        name: str,
        kind: str,
    ) -> None:
        at(full.folder / f"{name}.new").put(kind)
        outside = looks(tmp_path / "outside")
        with within_a_second():
            os.close(replace_file(full.folder / name, (full.folder / name).read_bytes()))
            change(full, bob)
        assert looks(tmp_path / "outside") == outside
        assert not os.path.lexists(full.folder / f"{name}.new")

    def test_a_folder_in_the_place_of_what_is_written_beside(self, full: House, bob: str) -> None:
        (full.folder / "workspace.json.new").mkdir()
        with pytest.raises(StoreFailed, match=r"workspace\.json\.new is in the way; move it away"):
            change(full, bob)

    def test_an_activity_that_was_taken_away_is_missed_until_it_is_back(
        self, full: House, bob: str
    ) -> None:
        activity, away = full.folder / "activity", full.folder.with_name("away")
        activity.rename(away)
        with pytest.raises(StoreReadOnly, match="is missing"):
            change(full, bob)
        assert full.admin.read_only_reason
        away.rename(activity)
        change(full, bob)
        assert full.admin.read_only_reason == ""

    def test_uses_wait_until_their_file_is_right(
        self, full: House, bob: str, at: Callable[[Path], Place]
    ) -> None:
        place = at(full.folder / "sign-ins.jsonl")
        place.put("a named pipe")
        with pytest.raises(WorkspaceError), within_a_second():
            full.admin.sign_in("A" * 30, "x", address="192.0.2.7")
        with within_a_second():
            full.admin._store.refusals._writer.write_now()
        assert full.admin._store.refusals.has_unwritten
        place.put_right()
        full.admin._store.refusals._writer.write_now()
        assert not full.admin._store.refusals.has_unwritten


class TestTheHelpers:
    """What all opening goes through."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_odd_is_opened(
        self, tmp_path: Path, at: Callable[[Path], Place], kind: str
    ) -> None:
        place = at(tmp_path / "file")
        place.put(kind)
        before = looks(tmp_path)
        for use in (
            lambda: read_file(place.path, most=100),
            lambda: append_to_file(place.path, b"x" * 101, most=100),
            lambda: StoreLock(place.path).held().__enter__(),
        ):
            with within_a_second(), pytest.raises((OddFile, StoreFailed), match="file "):
                use()
        with within_a_second(), pytest.raises(FileExistsError):
            new_file(place.path)
        assert looks(tmp_path) == before

    def test_what_is_put_there_just_after_the_look_is_not_opened_either(
        self, tmp_path: Path, at: Callable[[Path], Place], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "file"
        path.touch()
        status = path.lstat()
        for kind in ("a named pipe", "a socket", "a link", "a dangling link", "a folder"):
            place = at(path)
            place.put(kind)
            with monkeypatch.context() as late:
                late.setattr(os, "lstat", lambda _: status)
                for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR):
                    with within_a_second(), pytest.raises(OddFile, match="file is"):
                        files.open_file(path, flags)
            place.put_right()
        assert files.read_file(path) == b""

    def test_nothing_is_written_that_could_not_be_read(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        append_to_file(path, b"x" * 100, most=100)
        with pytest.raises(OddFile, match="would have 101 bytes"):
            append_to_file(path, b"x", most=100)
        with pytest.raises(OddFile, match="would have 101 bytes"):
            replace_file(path, b"x" * 100, b"x", most=100)
        assert read_file(path, most=100) == b"x" * 100
        assert [one.name for one in tmp_path.iterdir()] == ["file"]

    def test_a_file_of_several_names_is_none_the_worse(self, house: House, bob: str) -> None:
        # A snapshot that is made of links, as `cp -al` makes it.
        linked = house.folder.with_name("linked")
        house.save_vault(bob, TEXT)
        shutil.copytree(house.folder, linked, copy_function=os.link)
        before = looks(linked)
        change(house, bob)
        house.save_vault(bob, "{}")
        assert {name: one[-1] for name, one in looks(linked).items()} == {
            name: one[-1] for name, one in before.items()
        }
        assert house.as_user().read_only_reason == ""
        assert len(house.admin.vault_history(house.admin.vault_details(bob).id)) == 2

    def test_nothing_is_written_into_what_has_other_names(self, tmp_path: Path) -> None:
        precious, path = tmp_path / "precious", tmp_path / "file"
        for write in (
            lambda: append_to_file(path, b"more"),
            lambda: files.truncate_file(path, 1),
            lambda: StoreLock(path).held().__enter__(),
        ):
            precious.write_bytes(b"precious")
            os.link(precious, path)
            write()
            assert precious.read_bytes() == b"precious"
            path.unlink()

    @pytest.mark.parametrize("name", TOP)
    def test_a_file_of_another_account_is_told_with_who_gives_it_back(
        self, full: House, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        real = os.lstat

        def lstat(path: Any, **named: Any) -> os.stat_result:
            status = real(path, **named)
            if Path(path).name != name:
                return status
            return os.stat_result([*status[:4], 54321, *status[5:]])

        if name == "workspace.json":
            pytest.skip("whose that is decides whose the store is")
        monkeypatch.setattr(os, "lstat", lstat)
        with pytest.raises(StoreUnreadable, match=rf"{name} belongs to #54321, .*sudo chown"):
            Store(full.folder)


@pytest.fixture
def in_the_middle(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Does something once in the middle of a commit, where its files were flushed so often."""

    def arrange(act: Callable[[], object], *, at_flush: int) -> None:
        real, calls = os.fsync, iter(range(1_000_000))

        def fsync(descriptor: int) -> None:
            real(descriptor)
            if next(calls) == at_flush:
                act()

        monkeypatch.setattr(os, "fsync", fsync)

    return arrange


# The activity's entry, and workspace.json.
@pytest.mark.parametrize("at_flush", [0, 1])
class TestInTheMiddleOfACommit:
    """What was acknowledged is there, whatever is taken away meanwhile."""

    def test_the_lock_is_removed_and_another_commits(
        self, house: House, bob: str, in_the_middle: Callable[..., None], at_flush: int
    ) -> None:
        other = house.as_user()
        thread = threading.Thread(
            target=lambda: other.edit_user(edit_of(other, other.actor, name="Other"))
        )

        def act() -> None:
            (house.folder / "lock").unlink()
            thread.start()
            thread.join(0.1)
            assert thread.is_alive(), "two were writing at once"

        in_the_middle(act, at_flush=at_flush)
        house.admin.edit_user(edit_of(house.admin, bob, name="Mine"))
        thread.join()
        here = house.as_user()
        assert [here.user_row(user).called for user in (bob, here.actor)] == ["Mine", "Other"]
        assert here.read_only_reason == ""

    def test_the_folder_is_replaced_by_a_copy(
        self, house: House, bob: str, in_the_middle: Callable[..., None], at_flush: int
    ) -> None:
        moved = house.folder.with_name("moved")

        def act() -> None:
            house.folder.rename(moved)
            shutil.copytree(moved, house.folder)

        in_the_middle(act, at_flush=at_flush)
        former = (house.folder / "workspace.json").read_bytes()
        house.admin.edit_user(edit_of(house.admin, bob, name="Mine"))
        assert house.as_user().user_row(bob).called == "Mine"
        assert house.as_user().read_only_reason == ""
        assert (moved / "workspace.json").read_bytes() == former

    def test_the_folder_is_moved_away(
        self, house: House, bob: str, in_the_middle: Callable[..., None], at_flush: int
    ) -> None:
        moved = house.folder.with_name("moved")
        in_the_middle(lambda: house.folder.rename(moved), at_flush=at_flush)
        former = (house.folder / "workspace.json").read_bytes()
        with pytest.raises(StoreFailed):
            house.admin.edit_user(edit_of(house.admin, bob, name="Mine"))
        assert not house.folder.exists()
        assert (moved / "workspace.json").read_bytes() == former
        moved.rename(house.folder)
        house.admin.refresh()
        house.admin.edit_user(edit_of(house.admin, bob, name="Again"))
        assert house.as_user().user_row(bob).called == "Again"

    def test_the_folder_is_moved_away_and_not_begun_anew(
        self, house: House, bob: str, at_flush: int
    ) -> None:
        moved = house.folder.with_name("moved")

        def operation(state: State) -> Outcome[None]:
            house.folder.rename(moved)
            changed = Changes({USERS_TABLE: {bob: {**state.table(USERS_TABLE)[bob], "name": "B"}}})
            record = TextRecord(1, digest_of(b"{}"), "json", 2, 1, house.at, bob)
            texts = (SavedText("0" * 32, "{}", record),) if at_flush else ()
            return Outcome(None, changed, Act(bob, house.at).entry("put", []), texts)

        with pytest.raises(StoreFailed, match="Nothing was changed"):
            house.store().commit(operation, lambda _: None)
        assert not house.folder.exists()
        moved.rename(house.folder)
        assert house.as_user().user_row(bob).called == "Bob"

    def test_another_program_writes_the_workspace_meanwhile(
        self, house: House, bob: str, in_the_middle: Callable[..., None], at_flush: int
    ) -> None:
        path = house.folder / "workspace.json"
        newer = path.read_bytes().replace(b"Ada Lindqvist", b"Ada Lindquist")

        def act() -> None:
            path.write_bytes(newer)

        in_the_middle(act, at_flush=at_flush)
        house.admin.edit_user(edit_of(house.admin, bob, name="Mine"))
        here = house.as_user()
        assert here.user_row(bob).called == "Mine"
        assert here.user_row(here.actor).called == "Ada Lindquist"


class TestLocks:
    """A lock is that on the file at the path."""

    def test_who_has_waited_for_one_that_is_gone_takes_the_new_one(self, tmp_path: Path) -> None:
        path, order = tmp_path / "lock", list[str]()
        waiting = StoreLock(path)

        def wait() -> None:
            with waiting.held():
                order.append("who has waited")

        first, third = StoreLock(path), StoreLock(path)
        with contextlib.ExitStack() as holding:
            holding.enter_context(first.held())
            thread = threading.Thread(target=wait)
            thread.start()
            thread.join(0.1)
            path.unlink()
            with pytest.raises(LockLost):
                first.check()
            with third.held():
                holding.close()
                thread.join(0.1)
                order.append("who has come later")
        thread.join()
        assert order == ["who has come later", "who has waited"]

    def test_it_is_lost_where_it_is_replaced_over_and_over(self, house: House, bob: str) -> None:
        lock = house.folder / "lock"

        def operation(state: State) -> Outcome[None]:
            lock.unlink()
            changed = Changes({USERS_TABLE: {bob: {**state.table(USERS_TABLE)[bob], "name": "B"}}})
            return Outcome(None, changed, Act(bob, house.at).entry("put", []))

        with pytest.raises(StoreFailed, match="again and again"):
            house.store(longest_wait=0.1).commit(operation, lambda _: None)
        assert house.as_user().user_row(bob).called == "Bob"

    @pytest.mark.parametrize("name", ["usage.json", "token.secret", "logged-out.json"])
    def test_what_is_written_beside_commits_is_not_written_without_it(
        self, full: House, bob: str, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lock = f"{name.partition('.')[0]}.lock"
        session = Session(bob, "A" * 30)
        before = (full.folder / name).read_bytes()
        real = os.fsync

        def fsync(descriptor: int) -> None:
            real(descriptor)
            (full.folder / lock).unlink(missing_ok=True)

        monkeypatch.setattr(os, "fsync", fsync)
        if name == "token.secret":
            with pytest.raises(StoreFailed, match=r"token\.lock was removed"):
                SigningSecret(full.folder).rotate()
        elif name == "logged-out.json":
            with pytest.raises(StoreFailed, match=r"logged-out\.lock was removed"):
                full.admin.log_out(session, full.admin.new_mark(session))
        else:
            full.admin._store.usage.note(session.access_key, Used(full.at, "192.0.2.8", ""))
            full.admin._store.usage.flush()
            assert full.admin._store.usage.has_unwritten
        assert (full.folder / name).read_bytes() == before
        monkeypatch.undo()
        full.admin._store.usage.flush()
        assert not full.admin._store.usage.has_unwritten


OPENING = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "touch", "mkfifo"}
# What is no file of a store: the name of a process. And the one place where files are opened.
MAY_OPEN = {("lock.py", "read_text"), ("files.py", "open")}


def test_nothing_in_a_store_is_opened_but_by_one_module() -> None:
    opened = set()
    for path in sorted((ROOT / "store" / "persistence").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else None
                name = called.id if isinstance(called, ast.Name) else name
                if name in OPENING:
                    opened.add((path.name, name))
    assert opened == MAY_OPEN


def test_every_file_has_a_bound_that_is_far_from_what_is_absurd() -> None:
    bounds = [*folder.MOST_BYTES.values(), folder.MOST_OF_A_SEGMENT, folder.MOST_OF_A_TEXT]
    assert max(bounds) < ABSURD / 100

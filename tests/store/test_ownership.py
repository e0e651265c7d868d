"""A store belongs to the account that owns workspace.json; others may look, where it lets them."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.errors import StoreForeign, StoreReadOnly, StoreUnreadable, WorkspaceError
from store.persistence import ownership
from store.persistence.odd_files import name_of_account
from store.persistence.signing_secret import SigningSecret
from store.persistence.store import Store
from store.workspace import Workspace
from tests.store.house import ADA, FIRST, House, edit_of
from tests.store.odd import looks

NOBODY = 65_534
UNNAMED = 54_321
ME = name_of_account(os.geteuid())
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")


@contextmanager
def of_another_account() -> Iterator[None]:
    """Let the program run in another account than that which owns what it makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ownership, "account", lambda: UNNAMED)
        yield


def in_account(number: int, act: Callable[[], object]) -> str:
    """What comes of something in a process of another account: what it returns, or its error."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        said = "it was cut short"
        try:
            os.setgroups([])
            os.setgid(number)
            os.setuid(number)
            said = str(act())
        except WorkspaceError as error:
            said = f"{type(error).__name__}: {error.message}"
        except BaseException:
            said = traceback.format_exc()
        finally:
            os.write(writes, said.encode())
            os._exit(0)
    os.close(writes)
    with open(reads, "rb") as told:
        said = told.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def anywhere() -> Iterator[Path]:
    """A folder that every account may enter, as those of the tests are not."""
    folder = Path(tempfile.mkdtemp(prefix="clearml-admin-accounts-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def shared(anywhere: Path) -> Iterator[House]:
    """A house in such a folder."""
    made = House(anywhere / "store")
    yield made
    made.close()


def give(folder: Path, account: int) -> None:
    """Give a store to another account."""
    for path in [folder, *folder.rglob("*")]:
        os.lchown(path, account, account)


class TestTheDecision:
    """Whose it is, by workspace.json alone."""

    def test_another_account_is_told_whose_it_is(self, house: House) -> None:
        before = looks(house.folder)
        with of_another_account(), pytest.raises(StoreForeign) as raised:
            Store(house.folder)
        assert raised.value.message == (
            f"The store in {house.folder} belongs to {ME}. Run it in that account: "
            f"sudo -u {ME} clearml-admin, or only look at it with --read-only."
        )
        assert looks(house.folder) == before

    def test_it_may_look_and_creates_nothing(self, house: House, bob: str) -> None:
        (house.folder / "lock").unlink()
        before = looks(house.folder)
        with of_another_account():
            here = house.as_user(read_only=True)
            assert here.user_row(bob).called == "Bob"
            here.refresh()
            with pytest.raises(StoreReadOnly):
                here.invite_users([], [])
            with pytest.raises(WorkspaceError):
                here.authenticate("A" * 30, "x", address="192.0.2.7")
            here.close()
            for secret in (
                SigningSecret(house.folder),
                SigningSecret(house.folder, read_only=True),
            ):
                with pytest.raises((StoreForeign, StoreReadOnly)):
                    secret.load()
        assert looks(house.folder) == before

    def test_it_rotates_no_secret(self, house: House) -> None:
        SigningSecret(house.folder).load()
        before = looks(house.folder)
        with of_another_account(), pytest.raises(StoreForeign, match="sudo -u"):
            SigningSecret(house.folder).rotate()
        assert looks(house.folder) == before

    def test_it_is_asked_again_before_each_commit(self, house: House, bob: str) -> None:
        before = looks(house.folder)
        with of_another_account():
            for change in (
                lambda: house.admin.edit_user(edit_of(house.admin, bob, name="Taken")),
                lambda: house.admin._store.erase_unused_texts("x"),
            ):
                with pytest.raises(StoreForeign, match="sudo -u"):
                    change()
            with pytest.raises(WorkspaceError):
                house.admin.authenticate("A" * 30, "x", address="192.0.2.7")
            house.admin._store.refusals._writer.write_now()
            assert house.admin._store.refusals.has_unwritten
        assert looks(house.folder) == before
        house.admin.edit_user(edit_of(house.admin, bob, name="Mine"))
        house.admin._store.refusals._writer.write_now()
        assert house.as_user().user_row(bob).called == "Mine"
        assert not house.admin._store.refusals.has_unwritten

    def test_where_there_is_none_it_is_whose_makes_it(self, tmp_path: Path) -> None:
        with of_another_account():
            Workspace.create(tmp_path / "new", FIRST)
        Store(tmp_path / "new")


@as_root
class TestRealAccounts:
    """As above, where other accounts can be had."""

    @pytest.mark.parametrize(
        ("account", "called"), [(NOBODY, name_of_account(NOBODY)), (UNNAMED, f"'#{UNNAMED}'")]
    )
    def test_not_even_root_changes_it(self, house: House, account: int, called: str) -> None:
        give(house.folder, account)
        before = looks(house.folder)
        with pytest.raises(StoreForeign, match=f"sudo -u {called} clearml-admin"):
            Store(house.folder)
        with pytest.raises(StoreForeign, match=f"sudo -u {called} clearml-admin"):
            house.invite("new@acme.example")
        assert house.as_user(read_only=True).user_row(house.admin.actor).called == "Ada Lindqvist"
        assert looks(house.folder) == before

    def test_its_owner_does(self, shared: House) -> None:
        give(shared.folder, NOBODY)

        def act() -> str:
            here = Workspace.open(Store(shared.folder), who=ADA)
            here.edit_user(edit_of(here, here.actor, name="Owner"))
            return here.user_row(here.actor).called

        assert in_account(NOBODY, act) == "Owner"
        assert (shared.folder / "workspace.json").stat().st_uid == NOBODY
        shared.admin.refresh()
        assert shared.admin.user_row(shared.admin.actor).called == "Owner"

    def test_a_folder_that_is_not_ours_works(self, shared: House) -> None:
        give(shared.folder, NOBODY)
        os.chown(shared.folder, UNNAMED, NOBODY)
        shared.folder.chmod(0o770)

        def act() -> str:
            store = Store(shared.folder)
            here = Workspace.open(store, who=ADA)
            here.edit_user(edit_of(here, here.actor, name="Owner"))
            SigningSecret(shared.folder).load()
            return f"{here.user_row(here.actor).called} {store.read_only_reason}{store.notices}"

        assert in_account(NOBODY, act) == "Owner []"
        assert stat.S_IMODE(shared.folder.stat().st_mode) == 0o770

    def test_a_first_start_in_a_folder_that_is_not_ours(self, anywhere: Path) -> None:
        (anywhere / "mount").mkdir()
        (anywhere / "mount").chmod(0o777)
        folder = anywhere / "mount"
        assert in_account(NOBODY, lambda: Workspace.create(folder, FIRST).commit) == "1"
        assert in_account(NOBODY, lambda: Store(folder).notices) == "[]"

    def test_whoever_may_not_enter_is_told_whose_it_is(self, shared: House) -> None:
        for read_only in (False, True):
            said = in_account(NOBODY, lambda mode=read_only: Store(shared.folder, read_only=mode))  # type: ignore[misc]
            assert said == (
                f"StoreForeign: The store in {shared.folder} belongs to root. "
                "Run it in that account: sudo -u root clearml-admin."
            )

    def test_whoever_may_enter_but_not_read_is_told_who_may(self, shared: House) -> None:
        shared.folder.chmod(0o755)
        said = in_account(NOBODY, lambda: Store(shared.folder, read_only=True))
        assert "workspace.json may be opened by root alone" in said

    def test_whoever_may_enter_and_read_may_look(self, shared: House) -> None:
        for path in [shared.folder, *shared.folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        before = looks(shared.folder)

        def act() -> str:
            here = Workspace.open(Store(shared.folder, read_only=True), who=ADA)
            return f"{here.user_row(here.actor).called}. {here.read_only_reason}"

        assert in_account(NOBODY, act).startswith("Ada Lindqvist. It")
        assert looks(shared.folder) == before

    def test_an_open_program_goes_on_once_it_has_its_store_back(self, shared: House) -> None:
        here = shared.as_user()
        os.chown(shared.folder / "workspace.json", NOBODY, NOBODY)
        with pytest.raises(StoreForeign, match=r"take it back: sudo chown root .*workspace\.json"):
            here.edit_user(edit_of(here, here.actor, name="Lost"))
        os.chown(shared.folder / "workspace.json", 0, 0)
        here.edit_user(edit_of(here, here.actor, name="Back"))

    @pytest.mark.parametrize("name", ["lock", "token.secret", "vault-texts", "activity"])
    def test_what_another_has_put_into_it_is_told(self, house: House, bob: str, name: str) -> None:
        house.save_vault(bob, "{}")
        SigningSecret(house.folder).load()
        os.chown(house.folder / name, NOBODY, NOBODY)
        whose = name_of_account(NOBODY)
        with pytest.raises(
            StoreUnreadable, match=f"{name} belongs to {whose}, and .* sudo chown root .*{name}"
        ):
            Store(house.folder)


class TestModes:
    """What others could do is taken from them, and told once."""

    @pytest.mark.parametrize("mode", [0o644, 0o620, 0o604, 0o666, 0o755])
    def test_all_of_it(self, house: House, bob: str, mode: int) -> None:
        house.save_vault(bob, "{}")
        SigningSecret(house.folder).load()
        house.close()
        paths = [house.folder, *house.folder.rglob("*")]
        for path in paths:
            path.chmod(mode | 0o111 if path.is_dir() else mode)
        store = house.store()
        for path in paths:
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path
        told = " ".join(store.notices)
        assert "were open to others" in told
        assert f"and {len(paths) - 5} more" in told
        assert "rotate-token-secret" in told
        assert house.store().notices == []

    @pytest.mark.parametrize("name", ["workspace.json", "lock", "activity/000001.jsonl"])
    def test_one_file(self, house: House, name: str) -> None:
        (house.folder / name).chmod(0o640)
        assert house.store().notices == [
            f"Files of the store in {house.folder} were open to others, and are not any more: "
            f"{Path(name).name}."
        ]
        assert stat.S_IMODE((house.folder / name).stat().st_mode) == 0o600

    def test_a_folder_that_a_link_leads_to(self, house: House) -> None:
        link = house.folder.with_name("link")
        link.symlink_to(house.folder)
        house.folder.chmod(0o755)
        (told,) = Store(link).notices
        assert told.endswith("not any more: store.")
        assert stat.S_IMODE(house.folder.stat().st_mode) == 0o700

    def test_the_secret_with_what_is_to_be_done(self, house: House) -> None:
        SigningSecret(house.folder).load()
        (house.folder / "token.secret").chmod(0o604)
        assert house.store(read_only=True).notices[1:] == [
            "Whoever has read token.secret can be anyone: "
            "end all tokens with clearml-admin rotate-token-secret."
        ]

    def test_a_text_behind_a_closed_folder_when_it_is_read(self, house: House, bob: str) -> None:
        house.save_vault(bob, "{}")
        (text,) = (house.folder / "vault-texts").glob("?" * 64)
        text.chmod(0o644)
        here = house.as_user()
        assert here.vault_details(bob).text == "{}"
        assert stat.S_IMODE(text.stat().st_mode) == 0o600

    @pytest.mark.parametrize("how", ["refused", "without effect"])
    def test_where_that_fails_it_is_refused(
        self, house: House, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        path = house.folder / "workspace.json"
        path.chmod(0o644)

        def fchmod(_: int, __: int) -> None:
            if how == "refused":
                raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "fchmod", fchmod)
        with pytest.raises(StoreUnreadable, match=r"\(mode 644\), .* chmod go= .*workspace\.json"):
            house.store()
        assert house.as_user(read_only=True).user_row(house.admin.actor)

    def test_what_others_own_is_left_to_them(self, house: House) -> None:
        (house.folder / "lock").chmod(0o644)
        with of_another_account():
            assert house.store(read_only=True).notices == []
        assert stat.S_IMODE((house.folder / "lock").stat().st_mode) == 0o644

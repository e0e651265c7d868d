"""The configuration vaults of members: saved, enabled, seen, and gone with their members."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from store.credential_views import IssuedCredential
from store.errors import Conflict, InvalidInput, NotAllowed, NotFound, StoreUnreadable
from store.operations.vaults import VaultEdit
from store.persistence.vault_texts import digest_of
from store.terms import VAULTS_TABLE
from store.vaults.checking import CheckedText
from store.vaults.formats import Format
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import ADA, House, edit_of, vault_edit
from tests.store.keyring import put

BOB = "bob@acme.example"
SECRET = "hunter2-of-the-vault"
GIT = f'{{"agent": {{"git_pass": "{SECRET}"}}}}\n'
OTHER = '{"sdk": {"development": {"worker": {"log_stdout": false}}}}'

# What is asked of and done to a member's vault, which has an id.
Request = Callable[[Workspace, str, str], object]
LOOKS: tuple[Request, ...] = (
    lambda here, member, _: here.vault_details(member),
    lambda here, member, _: here.layers_of(member),
    lambda here, member, _: here.effective_configuration(member),
    lambda here, _, vault: here.vault_history(vault),
    lambda here, _, vault: here.vault_text_of(vault, 1),
)
CHANGES: tuple[Request, ...] = (
    lambda here, member, vault: here.save_vault(VaultEdit(member, 1, "{}", "json", vault)),
    lambda here, member, vault: here.set_vault_enabled(member, False, 1, vault),
    lambda here, _, vault: here.purge_history(vault),
)


@pytest.fixture
def bot(house: House) -> IssuedCredential:
    """The first credential of a service account."""
    return house.admin.add_service_account("bot", False)


class TestSaving:
    """A text is kept as it was typed, after its check."""

    def test_a_member_has_none_at_first(self, house: House, bob: str) -> None:
        vault = house.admin.vault_details(bob)
        assert (vault.id, vault.text, vault.revision, vault.size, vault.lines) == ("", "", 0, 0, 0)
        assert (vault.member, vault.applied, vault.may_edit) == (bob, (), True)
        assert not (house.folder / "vault-texts").exists()

    @pytest.mark.parametrize(
        ("text", "format"),
        [
            ("agent {\r\n\tgit_user = ${USER}  # mine\r\n}", "hocon"),
            ("# nothing\n\n\n", "hocon"),
            ("", "json"),
            ('{"sdk": {"é": "界\\u0301"}}', "json"),
            ("sdk:\n  a: [1, 2]\n", "yaml"),
        ],
    )
    def test_it_is_kept_as_typed(
        self,
        house: House,
        bob: str,
        text: str,
        format: Format,  # noqa: A002
    ) -> None:
        house.clock.advance(seconds=5)
        key = house.save_vault(bob, text, format=format, enabled=False)
        vault = house.as_user(BOB).vault_details(bob)
        assert (vault.id, vault.text, vault.format, vault.enabled) == (key, text, format, False)
        assert (vault.revision, vault.size) == (1, len(text.encode()))
        assert (vault.updated_at, vault.updated_by) == (house.at, "Ada Lindqvist")
        assert vault.problem == ""

    @pytest.mark.parametrize(
        ("text", "lines"), [("", 0), ("{}", 1), ("{}\n", 1), ("{\n}", 2), ("{\n}\n\n", 3)]
    )
    def test_its_lines_are_counted(self, house: House, bob: str, text: str, lines: int) -> None:
        house.save_vault(bob, text)
        assert house.admin.vault_details(bob).lines == lines

    def test_a_service_account_has_one_too(self, house: House, bot: IssuedCredential) -> None:
        key = house.save_vault(bot.member, GIT)
        assert house.as_member(bot.member).vault_details(bot.member).text == GIT
        assert checked_chain(house.folder)[-1]["targets"] == [bot.member, key]

    def test_the_activity_says_how_much_and_never_what(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT)
        assert checked_chain(house.folder)[-1]["changed"] == {
            "text": [0, len(GIT)],
            "format": ["", "json"],
            "enabled": [False, True],
        }
        house.save_vault(bob, OTHER, format="yaml", enabled=False)
        assert checked_chain(house.folder)[-1]["changed"] == {
            "text": [len(GIT), len(OTHER)],
            "format": ["json", "yaml"],
            "enabled": [True, False],
        }
        kept = b"".join(house.bytes().values()).decode()
        assert SECRET not in kept
        assert digest_of(GIT.encode()) not in json.dumps(checked_chain(house.folder))

    def test_the_same_again_is_no_commit(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT)
        before = house.bytes(), sorted((house.folder / "vault-texts").iterdir())
        house.save_vault(bob, GIT)
        assert (house.bytes(), sorted((house.folder / "vault-texts").iterdir())) == before

    @pytest.mark.parametrize("change", [{"format": "yaml"}, {"enabled": False}, {"text": OTHER}])
    def test_anything_else_is_one(self, house: House, bob: str, change: dict[str, Any]) -> None:
        house.save_vault(bob, GIT)
        house.admin.save_vault(replace(vault_edit(house.admin, bob, GIT), **change))
        vault = house.as_user().vault_details(bob)
        assert vault.revision == 2
        for field, value in change.items():
            assert getattr(vault, field) == value
        assert set(checked_chain(house.folder)[-1]["changed"]) == set(change)

    def test_its_id_stays(self, house: House, bob: str) -> None:
        first = house.save_vault(bob, GIT)
        assert house.save_vault(bob, OTHER) == first

    @pytest.mark.parametrize(
        ("text", "format", "where"),
        [
            ('{\n  "a": }', "json", "Line 2, column 8"),
            ("agent {\n", "hocon", "Line "),
            ("a: [1\n", "yaml", "Line "),
            ("\ud800", "json", "Line 1, column 1"),
            ('{"sdk": 7}', "json", "sdk"),
            ("x" * 300_000, "yaml", "bytes"),
        ],
    )
    def test_a_bad_text_is_refused_with_its_place(
        self,
        house: House,
        bob: str,
        text: str,
        format: Format,  # noqa: A002
        where: str,
    ) -> None:
        house.save_vault(bob, GIT)
        with house.refuses(InvalidInput, field="text", says=where):
            house.save_vault(bob, text, format=format)
        assert house.texts() == {GIT}

    def test_the_lock_is_free_while_a_text_is_checked(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        is_checking, may_go_on = threading.Event(), threading.Event()

        def slow(*_: object) -> CheckedText:
            is_checking.set()
            assert may_go_on.wait(10)
            return CheckedText({})

        monkeypatch.setattr("store.vaults.checking.check_vault_text", slow)
        saving = threading.Thread(target=house.save_vault, args=(bob, GIT))
        saving.start()
        assert is_checking.wait(10)
        other = house.as_user(BOB)
        other.edit_user(edit_of(other, bob, name="Robert"))
        house.admin.refresh()
        may_go_on.set()
        saving.join(10)
        assert house.as_user().vault_details(bob).text == GIT

    @pytest.mark.parametrize("began_with", ["nothing", "a vault"])
    def test_what_another_saved_meanwhile_is_not_overwritten(
        self, house: House, bob: str, began_with: str
    ) -> None:
        if began_with == "a vault":
            house.save_vault(bob, "{}")
        mine = house.as_user(BOB)
        late = vault_edit(mine, bob, OTHER)
        house.save_vault(bob, GIT)
        with house.refuses(Conflict, says="Bob was changed"):
            mine.save_vault(late)
        # Both texts can be shown, and the later one saved on top of what is there.
        assert (mine.vault_details(bob).text, late.text) == (GIT, OTHER)
        now = mine.vault_details(bob)
        mine.save_vault(replace(late, revision=now.revision, vault=now.id))
        assert house.as_user().vault_details(bob).text == OTHER

    def test_a_vault_that_went_meanwhile_is_a_conflict(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT)
        late = vault_edit(house.admin, bob, OTHER)
        house.admin.remove_users([bob])
        with house.refuses(NotFound, says="removed"):
            house.admin.save_vault(late)
        house.add_user(BOB, "Bob")
        with house.refuses(Conflict, says="deleted"):
            house.admin.save_vault(late)
        house.save_vault(bob, "{}")
        assert house.admin.vault_details(bob).revision == late.revision
        with house.refuses(Conflict, says="there is another one"):
            house.admin.save_vault(late)
        with house.refuses(Conflict):
            house.admin.save_vault(replace(late, vault=""))

    def test_texts_are_for_the_owner_alone(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT)
        folder = house.folder / "vault-texts"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert (folder / digest_of(GIT.encode())).read_text() == GIT

    def test_one_text_of_two_vaults_is_one_file(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT)
        house.save_vault(house.admin.actor, GIT)
        assert house.texts() == {GIT}


class TestEnabling:
    """One switch."""

    def test_there_and_back(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, GIT)
        for number, enabled in enumerate((False, True), start=1):
            house.admin.set_vault_enabled(bob, enabled, number, key)
            vault = house.as_user().vault_details(bob)
            assert (vault.enabled, vault.revision, vault.text) == (enabled, number + 1, GIT)
            entry = checked_chain(house.folder)[-1]
            assert entry["operation"] == "set_vault_enabled"
            assert entry["targets"] == [bob, key]
            assert entry["changed"] == {"enabled": [not enabled, enabled]}

    def test_as_it_is_already_is_no_commit(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, GIT)
        before = house.bytes()
        house.admin.set_vault_enabled(bob, True, 1, key)
        assert house.bytes() == before

    def test_of_none_and_of_another_revision(self, house: House, bob: str) -> None:
        with house.refuses(NotFound, says="Bob has no vault"):
            house.admin.set_vault_enabled(bob, True, 0, "")
        key = house.save_vault(bob, GIT)
        with house.refuses(Conflict):
            house.admin.set_vault_enabled(bob, False, 2, key)

    def test_of_another_vault(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, GIT)
        house.admin.remove_users([bob])
        house.invite(BOB)
        with house.refuses(NotFound, says="no vault"):
            house.admin.set_vault_enabled(bob, False, 1, key)
        house.save_vault(bob, OTHER)
        with house.refuses(Conflict, says="there is another one"):
            house.admin.set_vault_enabled(bob, False, 1, key)
        with house.refuses(Conflict):
            house.admin.set_vault_enabled(bob, False, 1, "")

    def test_saving_a_text_leaves_the_switch_as_another_set_it(
        self, house: House, bob: str
    ) -> None:
        key = house.save_vault(bob, GIT)
        mine = house.as_user(BOB)
        edit = vault_edit(mine, bob, OTHER, enabled=None)
        house.admin.set_vault_enabled(bob, False, 1, key)
        with house.refuses(Conflict):
            mine.save_vault(edit)
        mine.save_vault(replace(edit, revision=mine.vault_details(bob).revision))
        vault = house.as_user().vault_details(bob)
        assert (vault.text, vault.enabled) == (OTHER, False)
        assert set(checked_chain(house.folder)[-1]["changed"]) == {"text"}

    def test_a_new_vault_is_enabled(self, house: House, bob: str) -> None:
        house.admin.save_vault(VaultEdit(bob, 0, GIT, "json"))
        assert house.as_user().vault_details(bob).enabled
        assert checked_chain(house.folder)[-1]["changed"]["enabled"] == [False, True]


class TestRights:
    """A member's vault is for the member and for administrators."""

    def test_a_member_has_their_own(self, house: House, bob: str) -> None:
        here = house.as_user(BOB)
        assert here.vault_refusal(bob) == ""
        here.save_vault(vault_edit(here, bob, GIT))
        key = here.vault_details(bob).id
        here.set_vault_enabled(bob, False, 1, key)
        assert [text.saved_by for text in here.vault_history(key)] == ["Bob"]
        assert here.vault_text_of(key, 1) == GIT
        assert here.purge_history(key) == 0

    def test_and_no_others(self, house: House, bob: str, bot: IssuedCredential) -> None:
        house.add_user("eve@acme.example", "Eve")
        key = house.save_vault(bob, GIT)
        for here in (house.as_user("eve@acme.example"), house.as_member(bot.member)):
            for look in LOOKS:
                with pytest.raises(NotAllowed, match="administrator") as refused:
                    look(here, bob, key)
                assert SECRET not in str(refused.value)
            for change in CHANGES:
                with house.refuses(NotAllowed, says="dministrator"):
                    change(here, bob, key)
            assert "dministrator" in here.vault_refusal(bob)
            shown = [here.user_details(bob), here.user_row(bob), here.activity()]
            assert key not in repr(shown)

    def test_a_service_account_sees_its_own_and_changes_none(
        self, house: House, bot: IssuedCredential
    ) -> None:
        key = house.save_vault(bot.member, GIT)
        machine = house.as_member(bot.member)
        vault = machine.vault_details(bot.member)
        assert (vault.text, vault.may_edit) == (GIT, False)
        assert [layer.text for layer in machine.layers_of(bot.member)] == [GIT]
        with house.refuses(NotAllowed, says="service account"):
            machine.save_vault(vault_edit(machine, bot.member, OTHER))
        with house.refuses(NotAllowed):
            machine.set_vault_enabled(bot.member, False, 1, key)

    def test_who_may_not_is_refused_before_the_check(
        self, house: House, bob: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def checked(*_: object) -> CheckedText:
            raise AssertionError("the text was checked")

        monkeypatch.setattr("store.vaults.checking.check_vault_text", checked)
        with house.refuses(NotAllowed):
            house.as_user(BOB).save_vault(VaultEdit(house.admin.actor, 0, GIT, "json"))

    def test_why_not_is_told_before(self, house: House, bob: str) -> None:
        assert "--read-only" in house.as_user(read_only=True).vault_refusal(bob)
        assert "f" * 32 in house.admin.vault_refusal("f" * 32)

    def test_a_suspended_member_keeps_it(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT)
        house.admin.suspend_users([bob])
        assert house.admin.vault_details(bob).text == GIT
        house.save_vault(bob, OTHER)

    def test_a_pending_one_has_one_ready(self, house: House, pia: str) -> None:
        house.save_vault(pia, GIT)
        assert house.admin.vault_details(pia).text == GIT

    @pytest.mark.parametrize("member", ["f" * 32, ""])
    def test_of_nobody(self, house: House, member: str) -> None:
        for look in (house.admin.vault_details, house.admin.layers_of):
            with pytest.raises(NotFound):
                look(member)
        with pytest.raises(NotFound):
            house.admin.vault_history(member)


class TestGoing:
    """A vault goes with its member, in the same commit, and does not come back."""

    def test_with_a_removed_user(self, house: House, bob: str) -> None:
        key = house.save_vault(bob, GIT)
        commit = house.admin.commit
        house.admin.remove_users([bob])
        assert house.admin.commit == commit + 1
        assert house.store().state.table(VAULTS_TABLE) == {}
        for look in (house.admin.vault_history, house.admin.vault_details):
            with pytest.raises(NotFound):
                look(key)
        (again,) = house.invite(BOB)
        assert again == bob
        assert house.admin.vault_details(bob).id == ""
        assert house.save_vault(bob, OTHER) != key

    def test_with_a_deleted_service_account(self, house: House, bot: IssuedCredential) -> None:
        other = house.add_service_account("other")
        house.save_vault(bot.member, GIT)
        key = house.save_vault(other, OTHER)
        house.admin.delete_service_accounts([bot.member])
        assert list(house.store().state.table(VAULTS_TABLE)) == [key]
        with pytest.raises(NotFound, match="removed"):
            house.admin.vault_details(bot.member)


class TestLostTexts:
    """Of what is lost the vault tells, and the rest works."""

    def lose(self, house: House, text: str, how: str) -> None:
        """Take the file of a text away, or alter it."""
        path = house.folder / "vault-texts" / digest_of(text.encode())
        if how == "missing":
            path.unlink()
        elif how == "a folder":
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(path.read_bytes()[:-1] if how == "cut" else b"\xff{}")

    @pytest.mark.parametrize("how", ["missing", "cut", "altered", "a folder"])
    def test_its_own_details_say_so_and_others_work(self, house: House, bob: str, how: str) -> None:
        key = house.save_vault(bob, GIT)
        mine = house.save_vault(house.admin.actor, OTHER)
        self.lose(house, GIT, how)
        here = house.as_user()
        vault = here.vault_details(bob)
        assert (vault.text, vault.size, vault.enabled) == ("", len(GIT), True)
        assert "The text of the vault of Bob is lost" in vault.problem
        assert "copy of the store" in vault.problem
        for look in (
            lambda: here.layers_of(bob),
            lambda: here.vault_text_of(key, 1),
            lambda: here.effective_configuration(bob),
        ):
            with pytest.raises(StoreUnreadable, match="vault of Bob is lost"):
                look()
        assert here.vault_details(here.actor).text == here.vault_text_of(mine, 1) == OTHER
        assert [text.revision for text in here.vault_history(key)] == [1]
        house.invite("new@acme.example")

    @pytest.mark.parametrize("how", ["missing", "cut", "altered"])
    @pytest.mark.parametrize("text", [GIT, OTHER])
    def test_saving_mends_it(self, house: House, bob: str, how: str, text: str) -> None:
        house.save_vault(bob, GIT)
        self.lose(house, GIT, how)
        house.save_vault(bob, text)
        vault = house.as_user().vault_details(bob)
        assert (vault.text, vault.problem) == (text, "")
        assert vault.revision == (1 if text == GIT else 2)

    @pytest.mark.parametrize(
        "values",
        [
            {"text_hash": None},
            {"format": None},
            {"format": "toml"},
            {"enabled": "yes"},
            {"size": "x"},
            {"lines": None},
            {"updated_at": "yesterday"},
            {"updated_by": 7},
            {"member": []},
        ],
    )
    def test_a_damaged_document_is_told_of(
        self, house: House, bob: str, values: dict[str, Any]
    ) -> None:
        key = house.save_vault(bob, GIT)
        document = house.store().state.table(VAULTS_TABLE)[key]
        left = {name: value for name, value in document.items() if name not in values}
        put(house, VAULTS_TABLE, left | {k: v for k, v in values.items() if v is not None})
        here = house.as_user()
        with pytest.raises(StoreUnreadable, match=r"vaults of workspace\.json is damaged"):
            here.vault_details(bob)
        assert here.user_row(bob).called == "Bob"


def test_a_store_from_before_there_were_vaults(house: House, bob: str) -> None:
    house.close()
    file = house.folder / "workspace.json"
    tables = json.loads(file.read_bytes())
    left = {name: table for name, table in tables.items() if "vault" not in name}
    file.write_bytes(json.dumps(left).encode())
    house.admin.refresh()
    assert house.admin.vault_details(bob).id == ""
    assert house.admin.administrator_vault_count() == 0
    house.add_vault("first")
    house.save_vault(bob, GIT)
    assert len(house.as_user(BOB).layers_of(bob)) == 2
    assert house.user(bob).name == "Bob"


def test_anyone_who_is_no_member_is_refused(house: House, bob: str) -> None:
    house.save_vault(bob, GIT)
    here = house.as_user(BOB)
    house.admin.suspend_users([bob])
    here._store.refresh()
    for look in (here.vault_details, here.layers_of):
        with pytest.raises(NotAllowed, match="suspended"):
            look(bob)
    assert house.as_user(ADA).vault_details(bob).text == GIT

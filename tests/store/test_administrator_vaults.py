"""Administrator vaults: added, edited, enabled, deleted, listed, and seen by whom they reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from store.errors import (
    AlreadyExists,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StoreUnreadable,
)
from store.listing import Query
from store.models import AdministratorVault
from store.operations.administrator_vaults import AdministratorVaultEdit, vaults_without_groups
from store.state import Changes
from store.terms import ADMINISTRATOR_VAULTS_TABLE, GROUPS_TABLE
from store.vault_listing import VaultColumn
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, edit_of
from tests.store.keyring import put

COLUMNS: tuple[VaultColumn, ...] = get_args(VaultColumn)
BOB = "bob@acme.example"
TEXT = '{\n  "agent": {"docker_login": "hunter2"}\n}\n'
VAULTS = ADMINISTRATOR_VAULTS_TABLE
NOBODY = "f" * 32


@pytest.fixture
def aws(house: House) -> str:
    """The id of an administrator vault for everybody."""
    return house.add_vault("AWS scaler", text=TEXT)


def names(here: Workspace, text: str = "", sort: str = "", descending: bool = False) -> list[str]:
    """The names of the vaults that the workspace's actor finds."""
    ids = here.list_administrator_vaults(Query(text, sort, descending)).ids
    return [here.administrator_vault_row(key).name for key in ids]


def kept(house: House, vault: str) -> AdministratorVault:
    """The vault as the file has it now."""
    return AdministratorVault.of(house.store().state.table(VAULTS)[vault])


class TestAdding:
    """A name, groups and a text."""

    def test_it_is_there(self, house: House) -> None:
        vision = house.add_group("Vision")
        house.clock.advance(seconds=7)
        groups = [vision, house.group("Admins"), vision]
        key = house.admin.add_administrator_vault("  MLOps ", groups, TEXT, "yaml", True)
        vault = house.as_user().administrator_vault_details(key)
        row = vault.row
        assert (row.id, row.name, row.groups) == (key, "MLOps", ("Admins", "Vision"))
        assert vault.group_ids == (house.group("Admins"), vision)
        assert (row.enabled, row.format, row.size, row.lines) == (True, "yaml", len(TEXT), 3)
        assert (vault.text, vault.revision, vault.problem) == (TEXT, 1, "")
        assert (vault.created_at, row.updated_at) == (house.at, house.at)
        assert (vault.updated_by, vault.may_edit) == ("Ada Lindqvist", True)
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [key]
        assert entry["changed"] == {
            "name": ["", "MLOps"],
            "groups": [[], [vision, house.group("Admins")]],
            "text": [0, len(TEXT)],
            "format": ["", "yaml"],
            "enabled": [False, True],
        }

    def test_it_begins_empty_and_disabled(self, house: House) -> None:
        key = house.admin.add_administrator_vault("New", [house.group("Users")])
        vault = house.admin.administrator_vault_details(key)
        assert (vault.text, vault.row.enabled, vault.row.lines) == ("", False, 0)

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        key = house.add_vault(name)
        assert kept(house, key).name == name
        assert names(house.as_user()) == [name]

    @pytest.mark.parametrize("name", ["", "  ", "x" * 1_001, "a\udc00"])
    def test_a_bad_name_is_refused_at_its_field(self, house: House, aws: str, name: str) -> None:
        users = house.group("Users")
        with house.refuses(InvalidInput, field="name"):
            house.add_vault(name)
        with house.refuses(InvalidInput, field="name"):
            house.admin.edit_administrator_vault(aws, 1, name, [users])

    @pytest.mark.parametrize("name", ["Straße", "STRASSE", " strasse", "\uff33trasse"])
    def test_a_taken_name_is_refused_at_its_field(self, house: House, aws: str, name: str) -> None:
        key = house.add_vault("Straße")
        users = house.group("Users")
        with house.refuses(AlreadyExists, field="name", says="Straße"):
            house.add_vault(name)
        with house.refuses(AlreadyExists, field="name", says="Straße"):
            house.admin.edit_administrator_vault(aws, 1, name, [users])
        house.admin.delete_administrator_vaults([key])
        house.add_vault(name)

    def test_groups_that_are_none(self, house: House, aws: str) -> None:
        with house.refuses(InvalidInput, field="groups"):
            house.admin.add_administrator_vault("New", [])
        with house.refuses(NotFound, field="groups"):
            house.admin.add_administrator_vault("New", [house.group("Users"), NOBODY])
        with house.refuses(InvalidInput, field="groups"):
            house.admin.edit_administrator_vault(aws, 1, "New", [])
        with house.refuses(NotFound, field="groups"):
            house.admin.edit_administrator_vault(aws, 1, "New", [NOBODY])

    def test_a_bad_text_is_refused_with_its_place(self, house: House, aws: str) -> None:
        with house.refuses(InvalidInput, field="text", says="Line 1, column 2"):
            house.add_vault("New", text="{")
        edit = AdministratorVaultEdit(aws, 1, "{", "json", True)
        with house.refuses(InvalidInput, field="text", says="Line 1, column 2"):
            house.admin.save_administrator_vault(edit)

    def test_the_groups_to_choose_from(self, house: House) -> None:
        house.add_group("Vision")
        groups = [group.name for group in house.admin.groups_for_vaults()]
        assert groups == ["Users", "Admins", "Queue admins", "Vision"]


class TestEditing:
    """Name and groups, the text, and the switch."""

    def test_name_and_groups(self, house: House, aws: str) -> None:
        users, admins = house.group("Users"), house.group("Admins")
        house.clock.advance(seconds=9)
        house.admin.edit_administrator_vault(aws, 1, " GCP ", [admins, users])
        vault = kept(house, aws)
        assert (vault.name, vault.groups, vault.revision) == ("GCP", [admins, users], 2)
        assert vault.updated_at == house.at != vault.created_at
        assert checked_chain(house.folder)[-1]["changed"] == {
            "name": ["AWS scaler", "GCP"],
            "groups": [[users], [admins, users]],
        }
        # Its own name is free for it; other cases and orders of the same change what they say.
        house.admin.edit_administrator_vault(aws, 2, "gcp", [users, admins])
        assert checked_chain(house.folder)[-1]["changed"] == {"name": ["GCP", "gcp"]}

    def test_the_text(self, house: House, aws: str) -> None:
        edit = AdministratorVaultEdit(aws, 1, "sdk: {}", "yaml", False)
        house.admin.save_administrator_vault(edit)
        vault = house.as_user().administrator_vault_details(aws)
        assert (vault.text, vault.row.format, vault.row.enabled) == ("sdk: {}", "yaml", False)
        entry = checked_chain(house.folder)[-1]
        assert entry["operation"] == "save_administrator_vault"
        assert entry["changed"] == {
            "text": [len(TEXT), 7],
            "format": ["json", "yaml"],
            "enabled": [True, False],
        }

    def test_the_same_is_no_commit(self, house: House, aws: str) -> None:
        before = house.bytes()
        here = house.admin
        here.edit_administrator_vault(aws, 1, "AWS scaler", [house.group("Users")])
        here.save_administrator_vault(AdministratorVaultEdit(aws, 1, TEXT, "json", True))
        assert here.set_administrator_vaults_enabled([aws, aws], True) == 0
        assert house.bytes() == before

    def test_switching_several(self, house: House, aws: str) -> None:
        off = house.add_vault("Off", enabled=False)
        assert house.admin.set_administrator_vaults_enabled([aws, off, aws], False) == 1
        assert checked_chain(house.folder)[-1]["targets"] == [aws]
        assert house.admin.set_administrator_vaults_enabled([aws, off], True) == 2
        assert kept(house, off).enabled

    def test_what_another_changed_meanwhile_is_a_conflict(self, house: House, aws: str) -> None:
        here = house.as_user()
        users = house.group("Users")
        house.admin.edit_administrator_vault(aws, 1, "early", [users])
        with house.refuses(Conflict, says="early"):
            here.edit_administrator_vault(aws, 1, "late", [users])
        edit = AdministratorVaultEdit(aws, 1, "{}", "json", True)
        with house.refuses(Conflict, says="early"):
            here.save_administrator_vault(edit)
        here.save_administrator_vault(replace(edit, revision=2))

    def test_a_text_leaves_the_switch_as_another_set_it(self, house: House, aws: str) -> None:
        here = house.as_user()
        edit = AdministratorVaultEdit(aws, 1, "{}", "json")
        house.admin.set_administrator_vaults_enabled([aws], False)
        with house.refuses(Conflict):
            here.save_administrator_vault(edit)
        here.save_administrator_vault(replace(edit, revision=2))
        vault = house.as_user().administrator_vault_details(aws)
        assert (vault.text, vault.row.enabled) == ("{}", False)
        assert set(checked_chain(house.folder)[-1]["changed"]) == {"text"}

    def test_of_two_who_take_one_name_the_later_is_refused(self, house: House) -> None:
        here, there = house.as_user(), house.as_user()
        users = [house.group("Users")]
        here.add_administrator_vault("same", users)
        with house.refuses(AlreadyExists, field="name"):
            there.add_administrator_vault("SAME", users)


class TestDeleting:
    """All or none, after a look at what goes."""

    def test_a_preview_and_then_gone(self, house: House, bob: str, aws: str) -> None:
        off = house.add_vault("Off", "Admins", enabled=False)
        found = house.admin.preview_vault_deletion([aws, off])
        assert [(one.id, one.name, one.groups, one.reach, one.enabled) for one in found] == [
            (aws, "AWS scaler", ("Users",), 2, True),
            (off, "Off", ("Admins",), 1, False),
        ]
        assert house.admin.delete_administrator_vaults([aws, off, aws]) == 2
        here = house.as_user()
        assert (names(here), here.administrator_vault_count()) == ([], 0)
        assert here.layers_of(bob) == ()
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [aws, off]
        assert entry["changed"] == {"names": ["AWS scaler", "Off"]}
        for look in (here.administrator_vault_row, here.administrator_vault_details):
            with pytest.raises(NotFound):
                look(aws)
        with pytest.raises(NotFound):
            here.vault_history(aws)
        with pytest.raises(NotFound):
            here.preview_vault_deletion([aws])


class TestReach:
    """Every living member of its groups, each once."""

    def test_each_counts_once(self, house: House, bob: str, pia: str) -> None:
        bot = house.add_service_account("bot")
        house.add_group("Vision", bob, bot)
        house.add_group("Audio", bob, pia)
        house.add_group("Nobody")
        for groups, reach in [
            (("Vision",), 2),
            (("Vision", "Audio"), 3),
            (("Vision", "Admins", "Nobody"), 3),
            (("Users",), 4),
            (("Users", "Vision"), 4),
            (("Nobody",), 0),
        ]:
            key = house.add_vault("-".join(groups), *groups)
            assert house.admin.administrator_vault_row(key).reach == reach

    def test_removed_members_do_not_count(self, house: House, bob: str) -> None:
        bot = house.add_service_account("bot")
        house.add_group("Vision", bob, bot)
        keys = [house.add_vault("some", "Vision"), house.add_vault("all")]
        house.admin.remove_users([bob])
        house.admin.delete_service_accounts([bot])
        assert [house.admin.administrator_vault_row(key).reach for key in keys] == [0, 1]

    def test_a_deleted_group_is_taken_out(self, house: House, bob: str) -> None:
        vision, audio = house.add_group("Vision", bob), house.add_group("Audio", bob)
        both, one = house.add_vault("Both", "Vision", "Audio"), house.add_vault("One", "Vision")
        other = house.add_vault("Other", "Audio")
        state = house.store().state
        documents = vaults_without_groups(state, [vision])
        assert set(documents) == {both, one}
        after = state.changed(Changes({VAULTS: documents, GROUPS_TABLE: {vision: None}}))
        left = {key: document["groups"] for key, document in after.table(VAULTS).items()}
        assert left == {both: [audio], one: [], other: [audio]}
        put(house, VAULTS, *(document for document in documents.values() if document))
        here = house.as_user()
        row = here.administrator_vault_row(one)
        assert (row.groups, row.reach) == ((), 0)
        # It stays as it is until somebody gives it others.
        here.edit_administrator_vault(one, 2, "Renamed", [])
        assert names(here, "renamed") == ["Renamed"]


class TestRights:
    """Others than administrators see those applied to them, and no more."""

    @pytest.fixture
    def seen(self, house: House, bob: str) -> dict[str, str]:
        """The ids of vaults by name; to Bob are applied `All` and `Vision`."""
        house.add_group("Vision", bob)
        house.add_group("Audio")
        return {
            "All": house.add_vault("All"),
            "Vision": house.add_vault("Vision", "Vision", "Audio", text=TEXT),
            "Audio": house.add_vault("Audio", "Audio"),
            "Admins": house.add_vault("Admins", "Admins"),
            "Off": house.add_vault("Off", enabled=False),
        }

    def test_what_is_applied(self, house: House, seen: dict[str, str]) -> None:
        here = house.as_user(BOB)
        assert names(here) == ["All", "Vision"]
        assert here.list_administrator_vaults(Query()).total == 2
        assert here.administrator_vault_count() == 2
        vault = here.administrator_vault_details(seen["Vision"])
        assert (vault.text, vault.row.groups, vault.row.reach) == (TEXT, ("Vision",), None)
        assert (len(vault.group_ids), vault.may_edit) == (1, False)
        applied = here.vault_details(here.actor).applied
        assert {(one.name, one.groups) for one in applied} == {
            ("All", ("Users",)),
            ("Vision", ("Vision",)),
        }

    @pytest.mark.parametrize("name", ["Audio", "Admins", "Off"])
    def test_what_is_not(self, house: House, seen: dict[str, str], name: str) -> None:
        here = house.as_user(BOB)
        for look in (here.administrator_vault_row, here.administrator_vault_details):
            with pytest.raises(NotAllowed, match="administrator"):
                look(seen[name])
        for text in (name, name[:4], seen[name], "disabled"):
            found = here.list_administrator_vaults(Query(text)).ids
            assert seen[name] not in found

    def test_no_filter_and_no_order_tells_of_other_groups(
        self, house: House, seen: dict[str, str]
    ) -> None:
        here = house.as_user(BOB)
        assert names(here, "audio") == []
        assert names(here, "vision") == ["Vision"]
        assert names(here, sort="groups") == ["All", "Vision"]

    @pytest.mark.parametrize("name", ["All", "Audio"])
    def test_former_texts_are_for_administrators(
        self, house: House, seen: dict[str, str], name: str
    ) -> None:
        for here in (house.as_user(BOB), house.as_member(house.add_service_account("bot"))):
            for look in (here.vault_history, lambda key, here=here: here.vault_text_of(key, 1)):
                with pytest.raises(NotAllowed, match="dministrator"):
                    look(seen[name])
            with house.refuses(NotAllowed):
                here.purge_history(seen[name])
            with house.refuses(NotAllowed):
                here.preview_vault_deletion([seen[name]])
            with pytest.raises(NotAllowed):
                here.vault_history(NOBODY)

    def test_joining_makes_it_seen(self, house: House, bob: str, seen: dict[str, str]) -> None:
        here = house.as_user(BOB)
        house.admin.edit_user(edit_of(house.admin, bob, joining=(house.group("Audio"),)))
        here.refresh()
        assert names(here) == ["All", "Audio", "Vision"]
        assert here.administrator_vault_row(seen["Vision"]).groups == ("Audio", "Vision")


class TestListing:
    """Filtered and sorted, and never older than what is known."""

    @pytest.fixture
    def here(self, house: House, bob: str) -> Workspace:
        """A workspace with three vaults."""
        house.add_group("MLOps", bob)
        house.add_vault("default", "Users", text='{"sdk": {}}')
        house.clock.advance(days=1)
        house.add_vault("Émile's", "MLOps", text=TEXT, enabled=False)
        house.clock.advance(days=1)
        house.add_vault("AWS", "MLOps", "Admins")
        return house.admin

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("", ["AWS", "default", "Émile's"]),
            ("a", ["AWS", "default"]),
            ("aws", ["AWS"]),
            ("mlop", ["AWS", "Émile's"]),
            ("users", ["default"]),
            ("mlops admins", ["AWS"]),
            ("enab", ["AWS", "default"]),
            ("enabled", ["AWS", "default"]),
            ("disa", ["Émile's"]),
            ("disabled mlops", ["Émile's"]),
            ("dis", []),
            ("ena", []),
            ("É", ["default", "Émile's"]),
            ("emi", ["Émile's"]),
            ("nothing", []),
        ],
    )
    def test_a_filter(self, here: Workspace, text: str, wanted: list[str]) -> None:
        assert names(here, text) == wanted

    @pytest.mark.parametrize(
        ("sort", "wanted"),
        [
            ("", ["AWS", "default", "Émile's"]),
            ("name", ["AWS", "default", "Émile's"]),
            ("active", ["AWS", "default", "Émile's"]),
            ("groups", ["AWS", "Émile's", "default"]),
            ("content", ["AWS", "default", "Émile's"]),
            ("updated", ["default", "Émile's", "AWS"]),
        ],
    )
    def test_an_order(self, here: Workspace, sort: str, wanted: list[str]) -> None:
        assert names(here, sort=sort) == wanted
        backwards = ["Émile's", "AWS", "default"] if sort == "active" else wanted[::-1]
        assert names(here, sort=sort, descending=True) == backwards

    def test_by_id(self, here: Workspace) -> None:
        ids = here.list_administrator_vaults(Query(sort="id")).ids
        assert ids == sorted(ids)
        assert here.list_administrator_vaults(Query(ids[1])).ids == [ids[1]]
        assert here.list_administrator_vaults(Query(ids[1][:6])).ids == [ids[1]]

    @pytest.mark.parametrize("column", COLUMNS)
    def test_a_list_follows_what_is_committed(
        self, house: House, here: Workspace, column: str
    ) -> None:
        query = Query("", column, True)
        for change in (
            lambda key: here.set_administrator_vaults_enabled([key], False),
            lambda key: here.edit_administrator_vault(
                key, here.administrator_vault_details(key).revision, "zz", [house.group("Users")]
            ),
            lambda key: here.delete_administrator_vaults([key]),
            lambda _: here.add_administrator_vault("brand new", [house.group("Users")]),
        ):
            _then(change, here.list_administrator_vaults(query).ids[0])
            fresh = house.as_user()
            for text in ("", "zz", "mlops", "disabled"):
                asked = replace(query, filter=text)
                wanted = fresh.list_administrator_vaults(asked)
                assert here.list_administrator_vaults(asked) == wanted

    def test_a_damaged_one_is_told_of(self, house: House, bob: str, here: Workspace) -> None:
        (key,) = here.list_administrator_vaults(Query("default")).ids
        document = house.store().state.table(VAULTS)[key]
        for values in ({"name": None}, {"groups": [NOBODY]}, {"enabled": None}):
            left = {**document, **values}
            put(house, VAULTS, {name: value for name, value in left.items() if value is not None})
            late = house.as_user()
            with pytest.raises(StoreUnreadable, match=r"administrator.vault"):
                late.administrator_vault_details(key)
            assert late.user_row(bob).called == "Bob"
        put(house, VAULTS, document)
        here.refresh()
        assert "default" in names(here)


def _then(change: Callable[[str], object], key: str) -> None:
    change(key)


def test_a_lost_text_is_told_of(house: House, bob: str, aws: str) -> None:
    (path,) = [path for path in (house.folder / "vault-texts").iterdir() if len(path.name) == 64]
    path.unlink()
    here = house.as_user()
    vault = here.administrator_vault_details(aws)
    assert (vault.text, vault.row.size) == ("", len(TEXT))
    assert "The text of the administrator vault AWS scaler is lost" in vault.problem
    with pytest.raises(StoreUnreadable, match="AWS scaler"):
        here.layers_of(bob)
    assert here.vault_details(bob).problem == ""
    here.save_administrator_vault(AdministratorVaultEdit(aws, 1, TEXT, "json", True))
    assert here.layers_of(bob)[0].text == TEXT

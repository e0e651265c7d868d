"""What holds for every operation alike: it is kept, or refused without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

import pytest

from store.errors import AccessEnded, NotAllowed, NotFound, StoreReadOnly
from store.listing import Query
from store.operations.access_rules import RuleDraft, RuleEdit
from store.operations.administrator_vaults import AdministratorVaultEdit, VaultMove
from store.operations.credentials import CredentialEdit
from store.operations.groups import GroupEdit
from store.operations.resources import ResourceDraft, ResourceEdit
from store.operations.service_accounts import ServiceAccountEdit
from store.operations.users import UserEdit
from store.operations.vaults import VaultEdit
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    CREDENTIALS_TABLE,
    DELETED_VAULTS_TABLE,
    ENDED_LINKS_TABLE,
    GROUPS_TABLE,
    READ_MODIFY,
    READ_ONLY,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    TABLES,
    USERS_TABLE,
    VAULTS_TABLE,
    WORKSPACE_TABLE,
)
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import House, account_edit, edit_of, invitee, lasting_folder, settings_edit

NOBODY = "f" * 32
DAY = timedelta(days=1)
ACCOUNTS, KEYS = SERVICE_ACCOUNTS_TABLE, CREDENTIALS_TABLE
FOR_GROUPS = ADMINISTRATOR_VAULTS_TABLE
TEXT = '{"sdk": {"new": true}}'
RULE = RuleDraft("queue", None, READ_ONLY)
LINE = '{"type": "queue", "id": "q9", "name": "night"}'


@dataclass(frozen=True)
class Change:
    """An operation, on whom or what, and the tables that it changes.

    Attributes:
        run: Does it.
        on: The name of what it is done to, among those of the fixture; "" where it is to nothing.
        tables: What it changes.
    """

    run: Callable[[Workspace, str], object]
    on: str = ""
    tables: tuple[str, ...] = (USERS_TABLE,)


def vault_of(here: Workspace, member: str) -> str:
    """The id of a member's vault as the workspace has it, whoever looks."""
    document = here._store.state.vault_of(member)
    return "" if document is None else str(document["id"])


CHANGES: dict[str, Change] = {
    "invite_users": Change(lambda here, _: here.invite_users([invitee("new@acme.example")], [])),
    "send_invitations_again": Change(
        lambda here, key: here.send_invitations_again([key]),
        "pia",
        (USERS_TABLE, ENDED_LINKS_TABLE),
    ),
    "remove_users": Change(
        lambda here, key: here.remove_users([key]), "bob", (USERS_TABLE, GROUPS_TABLE)
    ),
    "suspend_users": Change(lambda here, key: here.suspend_users([key]), "bob"),
    "let_users_back_in": Change(lambda here, key: here.let_users_back_in([key]), "sam"),
    "edit_user": Change(
        lambda here, key: here.edit_user(edit_of(here, key, email="x@acme.example")), "bob"
    ),
    "edit_settings": Change(
        lambda here, _: here.edit_settings(settings_edit(here, name="New")),
        tables=(WORKSPACE_TABLE,),
    ),
    "add_service_account": Change(
        lambda here, _: here.add_service_account("new-bot", True), tables=(ACCOUNTS, KEYS)
    ),
    "edit_service_account": Change(
        lambda here, key: here.edit_service_account(account_edit(here, key, name="other")),
        "bot",
        (ACCOUNTS,),
    ),
    "delete_service_accounts": Change(
        lambda here, key: here.delete_service_accounts([key]), "bot", (ACCOUNTS, KEYS)
    ),
    "suspend_service_accounts": Change(
        lambda here, key: here.suspend_service_accounts([key]), "bot", (ACCOUNTS,)
    ),
    "let_service_accounts_back_in": Change(
        lambda here, key: here.let_service_accounts_back_in([key]), "idle bot", (ACCOUNTS,)
    ),
    "create_credentials": Change(lambda here, key: here.create_credentials(key), "bot", (KEYS,)),
    "edit_credential": Change(
        lambda here, key: here.edit_credential(CredentialEdit(key, 1, "New", None)), "key", (KEYS,)
    ),
    "rotate_credential": Change(lambda here, key: here.rotate_credential(key, DAY), "key", (KEYS,)),
    "cancel_rotation": Change(lambda here, key: here.cancel_rotation(key), "rotated key", (KEYS,)),
    "suspend_credentials": Change(
        lambda here, key: here.suspend_credentials([key]), "key", (KEYS,)
    ),
    "let_credentials_back_in": Change(
        lambda here, key: here.let_credentials_back_in([key]), "suspended key", (KEYS,)
    ),
    "revoke_credentials": Change(lambda here, key: here.revoke_credentials([key]), "key", (KEYS,)),
    "save_vault": Change(
        lambda here, key: here.save_vault(VaultEdit(key, 0, TEXT, "json")),
        "pia",
        (VAULTS_TABLE,),
    ),
    "set_vault_enabled": Change(
        lambda here, key: here.set_vault_enabled(key, False, 1, vault_of(here, key)),
        "idle bot",
        (VAULTS_TABLE,),
    ),
    "add_administrator_vault": Change(
        lambda here, _: here.add_administrator_vault("New", [here.groups_for_vaults()[0].id]),
        tables=(FOR_GROUPS,),
    ),
    "edit_administrator_vault": Change(
        lambda here, key: here.edit_administrator_vault(
            key, 2, "Other", [here.groups_for_vaults()[0].id]
        ),
        "vault",
        (FOR_GROUPS,),
    ),
    "save_administrator_vault": Change(
        lambda here, key: here.save_administrator_vault(
            AdministratorVaultEdit(key, 2, TEXT, "json", True)
        ),
        "vault",
        (FOR_GROUPS,),
    ),
    "move_administrator_vault": Change(
        lambda here, key: here.move_administrator_vault(
            VaultMove(key, 2, here.list_administrator_vaults(Query(sort="order")).ids[-1], False)
        ),
        "vault",
        (FOR_GROUPS,),
    ),
    "set_administrator_vaults_enabled": Change(
        lambda here, key: here.set_administrator_vaults_enabled([key], False),
        "vault",
        (FOR_GROUPS,),
    ),
    "delete_administrator_vaults": Change(
        lambda here, key: here.delete_administrator_vaults([key]),
        "vault",
        (FOR_GROUPS, DELETED_VAULTS_TABLE),
    ),
    "purge_history": Change(lambda here, key: here.purge_history(key), "vault", (FOR_GROUPS,)),
    "add_group": Change(lambda here, _: here.add_group("New", "", []), tables=(GROUPS_TABLE,)),
    "edit_group": Change(
        lambda here, key: here.edit_group(GroupEdit(key, 1, "Other", "")), "group", (GROUPS_TABLE,)
    ),
    "delete_groups": Change(lambda here, key: here.delete_groups([key]), "group", (GROUPS_TABLE,)),
    "regroup_members": Change(
        lambda here, key: here.regroup_members([key], [here.choosable_groups()[0].id], []),
        "bob",
        (GROUPS_TABLE,),
    ),
    "add_access_rule": Change(
        lambda here, _: here.add_access_rule(RULE), tables=(ACCESS_RULES_TABLE,)
    ),
    "edit_access_rule": Change(
        lambda here, key: here.edit_access_rule(
            RuleEdit(key, 1, replace(RULE, permission=READ_MODIFY))
        ),
        "rule",
        (ACCESS_RULES_TABLE,),
    ),
    "delete_access_rules": Change(
        lambda here, key: here.delete_access_rules([key]), "rule", (ACCESS_RULES_TABLE,)
    ),
    "add_resource": Change(
        lambda here, _: here.add_resource(ResourceDraft("queue", "q2", "gpu")),
        tables=(RESOURCES_TABLE,),
    ),
    "edit_resource": Change(
        lambda here, key: here.edit_resource(ResourceEdit(key, 1, "other", None)),
        "resource",
        (RESOURCES_TABLE,),
    ),
    "delete_resources": Change(
        lambda here, key: here.delete_resources([key]), "resource", (RESOURCES_TABLE,)
    ),
    "import_resources": Change(
        lambda here, _: here.import_resources(LINE), tables=(RESOURCES_TABLE,)
    ),
}
# Those whose request begins from what is shown, ready to be run on another id.
EDITS: dict[str, Callable[[Workspace, str, str], Callable[[], object]]] = {
    "edit_user": lambda here, shown, key: partial(
        here.edit_user, replace(edit_of(here, shown, email="x@acme.example"), user=key)
    ),
    "edit_service_account": lambda here, shown, key: partial(
        here.edit_service_account, replace(account_edit(here, shown, name="other"), account=key)
    ),
}
ON_SOMETHING = sorted(name for name, change in CHANGES.items() if change.on)
ON_SEVERAL: dict[str, Callable[[Workspace, list[str]], object]] = {
    "send_invitations_again": lambda here, keys: here.send_invitations_again(keys),
    "remove_users": lambda here, keys: here.remove_users(keys),
    "suspend_users": lambda here, keys: here.suspend_users(keys),
    "let_users_back_in": lambda here, keys: here.let_users_back_in(keys),
    "delete_service_accounts": lambda here, keys: here.delete_service_accounts(keys),
    "suspend_service_accounts": lambda here, keys: here.suspend_service_accounts(keys),
    "let_service_accounts_back_in": lambda here, keys: here.let_service_accounts_back_in(keys),
    "suspend_credentials": lambda here, keys: here.suspend_credentials(keys),
    "let_credentials_back_in": lambda here, keys: here.let_credentials_back_in(keys),
    "revoke_credentials": lambda here, keys: here.revoke_credentials(keys),
    "set_administrator_vaults_enabled": lambda here, keys: here.set_administrator_vaults_enabled(
        keys, False
    ),
    "delete_administrator_vaults": lambda here, keys: here.delete_administrator_vaults(keys),
    "delete_groups": lambda here, keys: here.delete_groups(keys),
    "regroup_members": lambda here, keys: here.regroup_members(
        keys, [here.choosable_groups()[0].id], []
    ),
    "delete_access_rules": lambda here, keys: here.delete_access_rules(keys),
    "delete_resources": lambda here, keys: here.delete_resources(keys),
}
every_change = pytest.mark.parametrize("operation", sorted(CHANGES))


@cache
def furnished() -> tuple[House, dict[str, str]]:
    """A workspace that has something for each operation; by its name, what that is."""
    house = House(lasting_folder() / "store")
    bob = house.add_user("bob@acme.example", "Bob")
    (pia,) = house.invite("pia@acme.example", name="Pia")
    house.add_administrator("eve@acme.example", "Eve")
    sam = house.add_user("sam@acme.example", "Sam")
    house.admin.suspend_users([sam])
    bot, idle = (house.admin.add_service_account(name, False) for name in ("bot", "idle-bot"))
    house.admin.suspend_service_accounts([idle.member])
    rotated = house.admin.create_credentials(bot.member)
    suspended = house.admin.rotate_credential(rotated.access_key, DAY)
    house.admin.suspend_credentials([suspended.access_key])
    house.save_vault(idle.member, "{}")
    vault = house.add_vault("AWS")
    house.add_vault("GCP")
    house.admin.save_administrator_vault(
        AdministratorVaultEdit(vault, 1, '{"sdk": {}}', "json", True)
    )
    house.admin.add_resource(ResourceDraft("queue", "q1", "default"))
    targets = {
        "": "",
        "bob": bob,
        "pia": pia,
        "sam": sam,
        "bot": bot.member,
        "idle bot": idle.member,
        "key": bot.access_key,
        "rotated key": rotated.access_key,
        "suspended key": suspended.access_key,
        "vault": vault,
        "group": house.admin.add_group("Vision", "", [bob]),
        "rule": house.admin.add_access_rule(RULE),
        "resource": "q1",
    }
    house.close()
    return house, targets


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The workspace, which also has a second administrator."""
    made = furnished()[0].copied_to(tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def target(operation: str) -> str:
    """What the operation is about."""
    return furnished()[1][CHANGES[operation].on]


@every_change
def test_it_is_there_when_the_folder_is_opened_anew(
    house: House, target: str, operation: str
) -> None:
    before = house.store().state
    CHANGES[operation].run(house.admin, target)

    after = house.store().state
    assert after.commit == before.commit + 1 == house.admin.commit
    changed = [table for table in TABLES if after.table(table) != before.table(table)]
    assert sorted(changed) == sorted(CHANGES[operation].tables)
    newest = checked_chain(house.folder)[-1]
    assert newest["operation"] == operation
    assert (newest["actor"], newest["at"]) == (house.admin.actor, house.at)
    if target:
        assert target in newest["targets"]


@every_change
def test_a_plain_user_is_refused(house: House, target: str, operation: str) -> None:
    plain = house.as_user("bob@acme.example")
    with house.refuses(NotAllowed, says="dministrator"):
        CHANGES[operation].run(plain, target)


@every_change
def test_a_read_only_store_refuses(house: House, target: str, operation: str) -> None:
    reader = house.as_user(read_only=True)
    with house.refuses(StoreReadOnly, says="--read-only"):
        CHANGES[operation].run(reader, target)


@every_change
@pytest.mark.parametrize("end", ["remove_users", "suspend_users"])
def test_an_actor_whose_access_ended_meanwhile_is_refused(
    house: House, target: str, operation: str, end: str
) -> None:
    eve = house.as_user("eve@acme.example")
    CHANGES[end].run(house.admin, eve.actor)
    with house.refuses(AccessEnded, says="You were (removed|suspended)"):
        CHANGES[operation].run(eve, target)
    with pytest.raises(AccessEnded):
        eve.refresh()


@every_change
def test_an_actor_who_lost_the_right_meanwhile_is_refused(
    house: House, target: str, operation: str
) -> None:
    eve = house.as_user("eve@acme.example")
    admins = (house.group("Admins"),)
    house.admin.edit_user(edit_of(house.admin, eve.actor, leaving=admins))
    with house.refuses(NotAllowed):
        CHANGES[operation].run(eve, target)


@every_change
def test_what_another_process_committed_meanwhile_stays(
    house: House, target: str, operation: str
) -> None:
    mine, theirs = house.as_user(), house.as_user("eve@acme.example")
    (late,) = theirs.invite_users([invitee("late@acme.example", "Late")], [])
    CHANGES[operation].run(mine, target)

    assert house.user(late.user).name == "Late"
    assert mine.user_row(late.user).called == "Late"
    assert [entry["operation"] for entry in checked_chain(house.folder)][-2:] == [
        "invite_users",
        operation,
    ]


def take_away(here: Workspace, operation: str, target: str) -> None:
    """Remove, delete or revoke what the operation is about."""
    if "key" in CHANGES[operation].on:
        here.revoke_credentials([target])
    elif "bot" in CHANGES[operation].on:
        here.delete_service_accounts([target])
    elif CHANGES[operation].on == "vault":
        here.delete_administrator_vaults([target])
        if operation == "purge_history":
            # The texts of a deleted vault can be purged, once.
            here.purge_history(target)
    elif CHANGES[operation].on == "group":
        here.delete_groups([target])
    elif CHANGES[operation].on == "rule":
        here.delete_access_rules([target])
    elif CHANGES[operation].on == "resource":
        here.delete_resources([target])
    else:
        here.remove_users([target])


@pytest.mark.parametrize("operation", ON_SOMETHING)
@pytest.mark.parametrize("kind", ["never there", "removed", "removed by another process"])
def test_what_is_missing_is_not_found(house: House, target: str, operation: str, kind: str) -> None:
    here = house.as_user()
    key = NOBODY if kind == "never there" else target
    change: Callable[[], object] = partial(CHANGES[operation].run, here, key)
    if operation in EDITS:
        change = EDITS[operation](here, target, key)
    if kind == "removed":
        take_away(here, operation, target)
    elif kind != "never there":
        take_away(house.admin, operation, target)
    with house.refuses(NotFound):
        change()


@pytest.mark.parametrize("operation", sorted(ON_SEVERAL))
def test_one_missing_among_several_leaves_all_as_they_are(
    house: House, target: str, operation: str
) -> None:
    with house.refuses(NotFound):
        ON_SEVERAL[operation](house.admin, [target, NOBODY])


@pytest.mark.parametrize("operation", sorted(ON_SEVERAL))
def test_nothing_to_do_it_to_is_no_commit(house: House, target: str, operation: str) -> None:
    before = house.bytes()
    ON_SEVERAL[operation](house.admin, [])
    assert house.bytes() == before


@pytest.mark.parametrize("operation", ["edit_user"])
def test_nothing_to_change_is_no_commit(house: House, target: str, operation: str) -> None:
    before = house.bytes()
    house.admin.edit_user(edit_of(house.admin, target, name="Bob", email="bob@acme.example"))
    house.admin.edit_settings(settings_edit(house.admin))
    house.admin.let_users_back_in([target])
    house.admin.edit_user(UserEdit(target, house.user(target).revision))
    assert house.bytes() == before


@pytest.mark.parametrize("operation", ["purge_history"])
def test_nothing_to_change_of_a_vault_is_no_commit(
    house: House, target: str, operation: str
) -> None:
    here = house.admin
    vault = here.administrator_vault_details(target)
    here.purge_history(target)
    before = house.bytes()
    edit = AdministratorVaultEdit(target, 3, vault.text, vault.row.format, vault.row.enabled)
    here.save_administrator_vault(edit)
    here.edit_administrator_vault(target, 3, vault.row.name, list(vault.group_ids))
    here.set_administrator_vaults_enabled([target], vault.row.enabled)
    here.purge_history(target)
    assert house.bytes() == before


@pytest.mark.parametrize("operation", ["edit_service_account"])
def test_nothing_to_change_of_a_service_account_is_no_commit(
    house: House, target: str, operation: str
) -> None:
    here = house.admin
    (key, *_) = here.service_account_details(target).credentials or ()
    before = house.bytes()
    here.edit_service_account(account_edit(here, target, name="bot", allow_impersonation=False))
    here.edit_service_account(ServiceAccountEdit(target, 1))
    here.let_service_accounts_back_in([target])
    here.let_credentials_back_in([key.access_key])
    here.edit_credential(CredentialEdit(key.access_key, key.revision, key.label, key.expires_at))
    assert house.bytes() == before

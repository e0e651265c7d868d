"""The made-up workspaces: the demo, and those that are timed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.workspaces import ADMINISTRATOR, first_row, workspace_of
from store.demo import demo_workspace
from store.listing import Query
from store.models import AccessRule, Credential, Group, Resource, ServiceAccount, User
from store.persistence.store import Store
from store.state import State
from store.terms import (
    ACCESS_RULES_TABLE,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    READ_MODIFY,
    READ_ONLY,
    RESOURCE_TYPES,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
)
from store.vaults.checking import check_vault_text
from store.workspace import Workspace
from tests.store.house import shown


def see_every_entity(state: State) -> None:
    """See that each document makes a model, and that what must be unique is."""
    users = [User.of(document) for document in state.table(USERS_TABLE).values()]
    accounts = [ServiceAccount.of(one) for one in state.table(SERVICE_ACCOUNTS_TABLE).values()]
    members = {member.id for member in (*users, *accounts)}
    for document in state.table(GROUPS_TABLE).values():
        assert set(Group.of(document).members) <= members
    for document in state.table(CREDENTIALS_TABLE).values():
        credential = Credential.of(document)
        assert credential.member in members
        assert credential.replaced_by in (None, *state.table(CREDENTIALS_TABLE))
    resources = {key: Resource.of(one) for key, one in state.table(RESOURCES_TABLE).items()}
    assert all(one.project is None or one.project in resources for one in resources.values())
    for document in state.table(ACCESS_RULES_TABLE).values():
        rule = AccessRule.of(document)
        assert rule.resource is None or resources[rule.resource].type == rule.type
        assert set(rule.members) <= members
        assert set(rule.groups) <= set(state.table(GROUPS_TABLE))
    assert all(len(owners) == 1 for owners in state.index("service account").values())
    assert max(Counter(user.email for user in users).values()) == 1
    logins = Counter(user.login_name for user in users if user.login_name)
    assert max(logins.values()) == 1
    assert all(len(owners) == 1 for owners in state.index("email").values())
    assert state.user_count == len(users)


def test_the_demo_is_the_same_each_time(tmp_path: Path) -> None:
    both = [demo_workspace(tmp_path / name) for name in ("one", "two")]
    texts = [sorted((here.path / "vault-texts").iterdir()) for here in both]
    assert [path.read_bytes() for path in texts[0]] == [path.read_bytes() for path in texts[1]]
    for name in ("workspace.json", "usage.json"):
        files = [here.path / name for here in both]
        assert files[0].read_bytes() == files[1].read_bytes()
    assert both[0].actor == both[1].actor


def test_the_demo_is_a_workspace_like_any_other(tmp_path: Path) -> None:
    here = demo_workspace(tmp_path / "demo")
    store = Store(tmp_path / "demo")
    see_every_entity(store.state)
    store.close()
    assert here.is_administrator
    statuses = {here.user_row(user).status for user in here.list_users(Query()).ids}
    assert statuses == {"Active", "Pending", "Suspended"}
    pending = list(here.list_users(Query(filter="pending")).ids)
    assert here.send_invitations_again(pending[:1])
    assert here.remove_users(pending[1:]) == 0


@pytest.mark.parametrize("read_only", [False, True])
def test_the_demo_shows_service_accounts_of_every_kind(tmp_path: Path, read_only: bool) -> None:
    here = demo_workspace(tmp_path / "demo", read_only=read_only)
    ids = here.list_service_accounts(Query()).ids
    rows = [here.service_account_row(key) for key in ids]
    assert {row.name: row.credentials for row in rows} == {
        "devops-bot": 3,
        "inference-bot": 1,
        "mlops-bot": 2,
        "model-manager": 1,
    }
    assert {row.name: row.last_active_at for row in rows} == {
        "devops-bot": "2026-03-02T06:30:00Z",
        "inference-bot": "2026-03-02T07:30:00Z",
        "mlops-bot": "2026-03-02T00:30:00Z",
        "model-manager": "2026-02-28T09:30:00Z",
    }
    assert [row.groups for row in rows if row.name == "mlops-bot"] == [
        ("Queue admins", "MLOps", "Users")
    ]
    assert sum("Service Accounts" in row.groups for row in rows) == 3
    details = [here.service_account_details(key) for key in ids]
    assert [one.row.name for one in details if one.allow_impersonation] == ["mlops-bot"]
    keys = [key for one in details for key in one.credentials or ()]
    for kind in ("is_stale", "is_suspended", "replaced_by", "expires_at"):
        assert any(getattr(key, kind) for key in keys), kind
    assert here.summary().service_account_limit == 5


def test_the_demo_shows_vaults_of_every_kind(tmp_path: Path) -> None:
    here = demo_workspace(tmp_path / "demo")
    ids = here.list_administrator_vaults(Query()).ids
    vaults = [here.administrator_vault_details(key) for key in ids]
    assert [(vault.row.name, vault.row.groups, vault.row.enabled) for vault in vaults] == [
        ("Agents running docker", ("Users",), True),
        ("autoscaler credentials", ("Admins",), False),
        ("AWS scaler docker login", ("Users",), True),
    ]
    assert [vault.row.lines for vault in vaults] == [1, 9, 28]
    texts = [(vault.text, vault.row.format) for vault in vaults]
    own = {}
    for name in ("devops-bot", "model-manager"):
        (key,) = here.list_service_accounts(Query(name)).ids
        own[name] = here.vault_details(key)
        assert [one.name for one in own[name].applied] == [
            "Agents running docker",
            "AWS scaler docker login",
        ]
    own["Ada"] = here.vault_details(here.actor)
    assert [vault.enabled for vault in own.values()] == [True, False, True]
    history = here.vault_history(own["Ada"].id)
    assert [one.revision for one in history] == [3, 2, 1]
    texts += [(here.vault_text_of(own["Ada"].id, one.revision), one.format) for one in history]
    texts += [(vault.text, vault.format) for vault in own.values()]
    for text, written_as in texts:
        assert check_vault_text(text, written_as).problems == ()
    found = here.effective_configuration(own["devops-bot"].member)
    assert any(value.overrode for value in found.values)
    assert found.skipped == ()


def test_the_demo_shows_access_rules_of_every_kind(tmp_path: Path) -> None:
    here = demo_workspace(tmp_path / "demo")
    resources = [here.resource_row(key) for key in here.list_resources(Query()).ids]
    assert {row.type for row in resources} == set(RESOURCE_TYPES)
    assert any(row.type == "project" and row.path for row in resources)
    rules = [here.access_rule_row(key) for key in here.list_access_rules(Query()).ids]
    assert any(not rule.grantees for rule in rules)
    assert any(rule.resource is None for rule in rules)
    on_vision = {rule.permission for rule in rules if rule.resource_name == "Vision"}
    assert on_vision == {READ_ONLY, READ_MODIFY}
    kinds = {grantee.kind for rule in rules for grantee in rule.grantees}
    assert kinds == {"group", "user", "service account"}
    queues = {
        here.member_name(key).called: here.unreachable_queues(key)
        for key in here.list_service_accounts(Query()).ids
    }
    assert queues == {
        "devops-bot": ("gpu-h100", "serving-eu"),
        "inference-bot": ("gpu-a100", "gpu-h100"),
        "mlops-bot": (),
        "model-manager": ("gpu-a100", "gpu-h100", "serving-eu"),
    }


@pytest.mark.parametrize("size", [2, 10, 4_500])
def test_a_workspace_to_measure(tmp_path: Path, size: int) -> None:
    path = workspace_of(size, tmp_path)
    store = Store(path)
    see_every_entity(store.state)
    here = Workspace.open(store, login="admin")
    assert Workspace.open(store, who=ADMINISTRATOR).actor == here.actor
    assert here.is_administrator
    summary = here.summary()
    assert (summary.name, summary.users, summary.user_limit) == ("Acme", size, None)
    assert shown(here)[0] == first_row(size) == "Ada Abara"
    assert workspace_of(size, tmp_path) == path
    assert here.commit == 1
    if size > 1_000:
        statuses = {here.user_row(user).status for user in here.list_users(Query()).ids}
        assert statuses == {"Active", "Pending", "Suspended"}
        unnamed = [user for user in store.state.table(USERS_TABLE).values() if "name" not in user]
        assert unnamed
    store.close()


def test_a_workspace_to_measure_is_the_same_each_time(tmp_path: Path) -> None:
    tables = [
        json.loads((workspace_of(50, tmp_path / name) / "workspace.json").read_bytes())
        for name in ("one", "two")
    ]
    assert tables[0] == tables[1]

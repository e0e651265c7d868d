"""The demo workspace: realistic, and the same each time (SPEC, Text, time, ids)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.demo_access import demo_access
from store.demo_vaults import demo_vaults
from store.minting import Mint, hash_of_token
from store.models import Credential, Entity, Group, Invitation, ServiceAccount, Settings, User
from store.operations.workspace_settings import preset_groups
from store.persistence.store import Store
from store.rules import Act
from store.state import Changes, Documents
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    PRESET_NAMES,
    QUEUE_ADMINS,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
    VAULTS_TABLE,
    WORKSPACE_TABLE,
)
from store.times import from_text, to_text
from store.usage import Used
from store.workspace import Workspace

DEMO_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_SEED = 20260302
_DOMAIN = "acme.example"

_ADMINISTRATORS = ("Ada Lindqvist", "Noor Haddad", "Tomás Rivera")
_ACTIVE = (
    "Aiko Tanaka",
    "Amara Okafor",
    "Anders Holm",
    "Beatriz Costa",
    "Björn Ek",
    "Chen Wei",
    "Daniela Rossi",
    "Dmitri Volkov",
    "Elif Yavuz",
    "Emeka Nwosu",
    "Femke de Vries",
    "Gabriel Moreau",
    "Hana Kim",
    "Ingrid Solberg",
    "Iris Papadopoulou",
    "Jonas Weber",
    "Kavya Iyer",
    "Laszlo Kovács",
    "Leila Mansour",
    "Marek Nowak",
    "Mei-Ling Wu",
    "Oluwaseun Adebayo",
    "Priya Raman",
    "Quentin Lefèvre",
    "Rosa Jiménez",
    "Sanna Virtanen",
    "Yuki 佐藤",
    "Zofia Zielińska",
)
_SUSPENDED = ("Ruben Castellanos", "Viktor Petrov")
# Whom an invitation was sent to, and how many days ago; a link lives for 14.
_INVITED = (
    ("Greta Nyström", 2),
    ("", 3),
    ("Omar Benali", 6),
    ("", 9),
    ("", 16),
    ("Wendy Achterberg", 41),
)
_INVITED_LOCAL = ("g.nystrom", "p.duarte", "omar.benali", "s.ishikawa", "l.fontaine", "wendy.a")
_GROUPS = (
    ("Data Platform", "Pipelines, datasets and storage keys", 9),
    ("Inference", "Model serving", 6),
    ("MLOps", "Agents, autoscalers and queues", 7),
    ("Research", "Experiments on the shared GPU pool", 14),
    ("Vision", "Perception models", 8),
)
_SERVICE_ACCOUNT_GROUP = ("Service Accounts", "Agents, autoscalers and CI jobs")


@dataclass(frozen=True)
class _Key:
    """A credential of a service account: made and used so long before the demo's now."""

    label: str
    made_days: int
    used_hours: float | None
    worker: str = ""
    expires_days: int | None = None
    suspended: bool = False
    # Whether the next one of the account takes its place.
    rotated: bool = False


@dataclass(frozen=True)
class _Account:
    """A service account, with the groups that it is in by name."""

    name: str
    groups: tuple[str, ...]
    keys: tuple[_Key, ...]
    allow_impersonation: bool = False


_SERVICE_ACCOUNTS = (
    _Account(
        "devops-bot",
        ("Service Accounts",),
        (
            _Key("Default Credentials", 412, 3, "ci-runner-02"),
            _Key("Credential 2", 300, 24 * 131, "ci-runner-legacy"),
            _Key("Nightly build", 85, 11, "ci-runner-04", expires_days=5),
        ),
    ),
    _Account(
        "inference-bot",
        ("Service Accounts", "Inference"),
        (_Key("Default Credentials", 190, 2, "serving-eu-1"),),
    ),
    _Account(
        "mlops-bot",
        (PRESET_NAMES[QUEUE_ADMINS], "MLOps"),
        (
            _Key("Default Credentials", 265, 26, "agent-gpu-07", expires_days=6, rotated=True),
            _Key("Credential 2", 1, 9, "agent-gpu-11"),
        ),
        allow_impersonation=True,
    ),
    _Account(
        "model-manager",
        ("Service Accounts",),
        (
            _Key("Default Credentials", 150, 24 * 2, "registry-sync"),
            _Key("Registry import", 40, 24 * 33, "registry-import", suspended=True),
        ),
    ),
)


def demo_workspace(folder: Path, *, read_only: bool = False) -> Workspace:
    """A realistic workspace in that folder, in the name of its administrator.

    Args:
        folder: An empty folder, or one that is not there yet.
        read_only: Whether nothing may be changed.
    """
    chance = random.Random(_SEED)
    mint = Mint(chance.randbytes)
    users = _users(mint, chance)
    administrator = users[0].id
    settings = Settings(
        id=mint.new_id(),
        name="Acme",
        user_limit=45,
        service_account_limit=5,
        web_url="https://app.clearml.acme.example",
        api_url="https://api.clearml.acme.example",
        files_url="https://files.clearml.acme.example",
    )
    accounts = [_account(mint.new_id(), account) for account in _SERVICE_ACCOUNTS]
    groups = _groups(mint, chance, users)
    credentials = _credentials_of_users(chance, users)
    for account, described in zip(accounts, _SERVICE_ACCOUNTS, strict=True):
        credentials += _credentials_of(mint, chance, account, described)
    groups = _with_service_accounts(mint, groups, accounts)
    for_groups, vaults, texts = demo_vaults(
        Mint(random.Random(_SEED).randbytes), DEMO_NOW, [*users, *accounts], groups
    )
    tables: dict[str, Documents] = {
        WORKSPACE_TABLE: {settings.id: settings.document()},
        USERS_TABLE: _documents(users),
        SERVICE_ACCOUNTS_TABLE: _documents(accounts),
        GROUPS_TABLE: _documents(groups),
        CREDENTIALS_TABLE: _documents(credentials),
        ADMINISTRATOR_VAULTS_TABLE: _documents(for_groups),
        VAULTS_TABLE: _documents(vaults),
        **_access([*users, *accounts], groups),
    }
    entry = Act(administrator, to_text(DEMO_NOW)).entry("create_workspace", [settings.id])
    store = Store.create(folder, Changes(tables), entry, texts=texts)
    _note_usage(store, credentials, accounts)
    if read_only:
        store.close()
        store = Store(folder, read_only=True)
    return Workspace(store, administrator, clock=lambda: DEMO_NOW, mint=mint)


def _access(members: Sequence[User | ServiceAccount], groups: list[Group]) -> dict[str, Documents]:
    # From a source of its own, so that what is made of the other is as it was.
    mint = Mint(random.Random(_SEED + 1).randbytes)
    resources, rules = demo_access(mint, DEMO_NOW, members, groups)
    return {RESOURCES_TABLE: _documents(resources), ACCESS_RULES_TABLE: _documents(rules)}


def _users(mint: Mint, chance: random.Random) -> list[User]:
    joined = [*_ADMINISTRATORS, *_ACTIVE, *_SUSPENDED]
    users = [
        User(
            id=mint.new_id(),
            name=name,
            email=f"{_local_part(name)}@{_DOMAIN}",
            login_name=_local_part(name).split(".")[0],
            status="Active",
            suspended=name in _SUSPENDED,
            joined_at=to_text(DEMO_NOW - timedelta(days=chance.randint(20, 900))),
        )
        for name in joined
    ]
    return users + [
        _invited(mint, name, local, days)
        for (name, days), local in zip(_INVITED, _INVITED_LOCAL, strict=True)
    ]


def _invited(mint: Mint, name: str, local: str, days: int) -> User:
    sent = DEMO_NOW - timedelta(days=days)
    invitation = Invitation(
        token_hash=hash_of_token(mint.new_token()), expires_at=to_text(sent + timedelta(days=14))
    )
    return User(
        id=mint.new_id(),
        name=name,
        email=f"{local}@{_DOMAIN}",
        status="Pending",
        invited_at=to_text(sent),
        invitation=invitation,
    )


def _local_part(name: str) -> str:
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = decomposed.encode("ascii", "ignore").decode()
    return ".".join(plain.replace("-", " ").split())


def _groups(mint: Mint, chance: random.Random, users: list[User]) -> list[Group]:
    ids = [user.id for user in users]
    administrators = ids[: len(_ADMINISTRATORS)]
    groups = preset_groups(mint.new_ids(3), administrators=administrators)
    groups[2] = groups[2].model_copy(update={"members": ids[1:4]})
    for name, description, size in _GROUPS:
        members = chance.sample(ids, size)
        groups.append(Group(id=mint.new_id(), name=name, description=description, members=members))
    return groups


def _with_service_accounts(
    mint: Mint, groups: list[Group], accounts: list[ServiceAccount]
) -> list[Group]:
    name, description = _SERVICE_ACCOUNT_GROUP
    groups = [*groups, Group(id=mint.new_id(), name=name, description=description)]
    return [
        group.model_copy(update={"members": [*group.members, *_ids_in(group, accounts)]})
        for group in groups
    ]


def _ids_in(group: Group, accounts: list[ServiceAccount]) -> list[str]:
    described = zip(accounts, _SERVICE_ACCOUNTS, strict=True)
    return [account.id for account, wanted in described if group.name in wanted.groups]


def _account(key: str, described: _Account) -> ServiceAccount:
    return ServiceAccount(
        id=key, name=described.name, allow_impersonation=described.allow_impersonation
    )


def _credentials_of_users(chance: random.Random, users: list[User]) -> list[Credential]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return [
        Credential(
            id="".join(chance.choices(letters, k=30)),
            member=user.id,
            # No secret has this hash: what the demo shows cannot sign in anywhere.
            secret_hash=chance.randbytes(32).hex(),
            label="Default Credentials" if number == 0 else f"Credential {number + 1}",
            created_at=_days_ago(chance.randint(1, 400)),
        )
        for user in users
        if user.status == "Active"
        for number in range(chance.choice((0, 1, 1, 1, 2, 3)))
    ]


def _credentials_of(
    mint: Mint, chance: random.Random, account: ServiceAccount, described: _Account
) -> list[Credential]:
    ids = [mint.new_access_key() for _ in described.keys]
    return [
        Credential(
            id=ids[number],
            member=account.id,
            # As above: nobody has the secret.
            secret_hash=chance.randbytes(32).hex(),
            label=key.label,
            created_at=_days_ago(key.made_days),
            expires_at=None if key.expires_days is None else _days_ago(-key.expires_days),
            suspended=key.suspended,
            replaced_by=ids[number + 1] if key.rotated else None,
        )
        for number, key in enumerate(described.keys)
    ]


def _note_usage(
    store: Store, credentials: list[Credential], accounts: list[ServiceAccount]
) -> None:
    chance = random.Random(_SEED)
    bots = {account.id for account in accounts}
    keys = iter([key for account in _SERVICE_ACCOUNTS for key in account.keys])
    for number, credential in enumerate(credentials, start=1):
        if credential.member in bots:
            key = next(keys)
            hours, worker = key.used_hours, key.worker
        else:
            hours, worker = _use_of_person(chance, credential)
        if hours is not None:
            at = to_text(DEMO_NOW - timedelta(hours=hours))
            store.usage.note(credential.id, Used(at, worker, f"192.0.2.{number}"))
    store.usage.flush()


def _use_of_person(chance: random.Random, credential: Credential) -> tuple[float | None, str]:
    age = DEMO_NOW - from_text(credential.created_at)
    hours = chance.choice((None, 0.4, 3, 20, 70, 24 * 12, 24 * 45, 24 * 140))
    if hours is None or timedelta(hours=hours) > age:
        return None, ""
    return hours, f"{chance.choice(('laptop', 'workstation', 'notebook'))}-{chance.randint(10, 99)}"


def _days_ago(days: int) -> str:
    return to_text(DEMO_NOW - timedelta(days=days))


def _documents(entities: Sequence[Entity]) -> Documents:
    return {entity.id: entity.document() for entity in entities}

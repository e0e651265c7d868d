"""The demo workspace: realistic, and the same each time (SPEC, Text, time, ids)."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.minting import Mint, hash_of_token
from store.models import Credential, Group, Invitation, ServiceAccount, Settings, User
from store.operations.workspace_settings import preset_groups
from store.persistence.store import Store
from store.rules import Act
from store.state import Changes, Documents
from store.terms import (
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
    WORKSPACE_TABLE,
)
from store.times import to_text
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
_SERVICE_ACCOUNTS = ("devops-bot", "inference-bot", "mlops-bot", "model-manager")


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
    accounts = [ServiceAccount(id=mint.new_id(), name=name) for name in _SERVICE_ACCOUNTS]
    tables: dict[str, Documents] = {
        WORKSPACE_TABLE: {settings.id: settings.document()},
        USERS_TABLE: {user.id: user.document() for user in users},
        SERVICE_ACCOUNTS_TABLE: {account.id: account.document() for account in accounts},
        GROUPS_TABLE: {group.id: group.document() for group in _groups(mint, chance, users)},
        CREDENTIALS_TABLE: {
            credential.id: credential.document()
            for credential in _credentials(chance, [*users, *accounts])
        },
    }
    entry = Act(administrator, to_text(DEMO_NOW)).entry("create_workspace", [settings.id])
    store = Store.create(folder, Changes(tables), entry)
    if read_only:
        store = Store(folder, read_only=True)
    return Workspace(store, administrator, clock=lambda: DEMO_NOW, mint=mint)


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


def _credentials(chance: random.Random, members: list[User | ServiceAccount]) -> list[Credential]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return [
        Credential(
            id="".join(chance.choices(letters, k=30)),
            member=member.id,
            # No secret has this hash: what the demo shows cannot sign in anywhere.
            secret_hash=chance.randbytes(32).hex(),
            label="Default Credentials" if number == 0 else f"Credential {number + 1}",
            created_at=to_text(DEMO_NOW - timedelta(days=chance.randint(1, 400))),
        )
        for member in members
        if not isinstance(member, User) or member.status == "Active"
        for number in range(chance.choice((0, 1, 1, 1, 2, 3)))
    ]

"""Workspaces of any size, realistic and the same each time, for what is timed.

The administrator is Morgan Zielinska, with the email `admin@acme.example` and the login name
`admin`. In the usual order the first row is `FIRST_ROW`, whatever the size.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from store.minting import Mint, hash_of_token
from store.models import Credential, Group, Invitation, Settings, User
from store.operations.workspace_settings import preset_groups
from store.persistence.store import Store
from store.rules import Act
from store.state import Changes, Documents
from store.terms import CREDENTIALS_TABLE, GROUPS_TABLE, USERS_TABLE, WORKSPACE_TABLE
from store.times import to_text

ADMINISTRATOR = "admin@acme.example"
# Nobody's name sorts before it, and an unnamed user is called by an email that does not either.
FIRST_ROW = "Ada Abara"
_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_SEED = 20260302
_DOMAIN = "acme.example"
_FIRST_NAMES = (
    "Ada Aiko Amara Anders Beatriz Bruno Camille Chen Chiara Daniela Dmitri Elif Emeka Esther "
    "Fatima Femke Gabriel Goran Greta Hana Hanna Ibrahim Ingrid Iris Jelena Jonas Kavya Keiko "
    "Laszlo Leila Lucia Marek Mateo Mei Nadia Niamh Noor Oluwaseun Omar Priya Quentin Rosa Ruben "
    "Sanna Tariq Tomas Uma Viktor Wendy Yuki Zofia"
)
_LAST_NAMES = (
    "Abara Achterberg Adebayo Benali Bianchi Brandt Castellanos Chen Choi Costa Donati Duarte Ek "
    "Evstafiev Farouk Fontaine Fraser Gallagher Grosvenor Gupta Haddad Holm Horvat Ishikawa Ivanov "
    "Iyer Jansen Jimenez Juarez Kim Kovacs Kowalczyk Larsen Lefevre Lindqvist Mansour Mbeki Moreau "
    "Nakamura Nowak Nwosu Nystrom Okafor Olsen Ortiz Papadopoulou Petrov Popescu Quist Raman "
    "Reyes Rivera Rossi Sato Schmidt Silva Solberg Tanaka Thorne Turner Ueda Ulrich Vargas "
    "Virtanen Volkov Vries Wagner Weber Wu Xu Yamada Yavuz Yilmaz Zamora Zhang Zimmer"
)
_TEAMS = "Vision Speech Research Robotics Platform Annotation Inference Safety Ranking Forecasting"
_KINDS = ("", " Berlin", " Austin", " Interns", " Leads")
# Of a hundred: the rest is Active.
_PENDING, _UNNAMED, _SUSPENDED = 8, 2, 3


def workspace_of(size: int, folder: Path) -> Path:
    """Make a workspace named Acme with so many users, if it is not there already.

    Args:
        size: How many users, the administrator among them; at least two.
        folder: Where its folder is made.

    Returns:
        The workspace's folder.
    """
    path = folder / f"acme-{size}"
    if not (path / "workspace.json").exists():
        changes, administrator = _documents(size)
        entry = Act(administrator, to_text(_NOW)).entry("create_workspace", [administrator])
        Store.create(path, changes, entry).close()
    return path


def first_row(size: int) -> str:
    """What the first user is called in the usual order, in a workspace of that size."""
    if size < 2:
        raise ValueError("A workspace to measure has at least two users.")
    return FIRST_ROW


def _documents(size: int) -> tuple[Changes, str]:
    chance = random.Random(_SEED)
    mint = Mint(chance.randbytes)
    users = _users(size, mint, chance)
    settings = Settings(
        id=mint.new_id(),
        name="Acme",
        web_url="https://app.clearml.acme.example",
        api_url="https://api.clearml.acme.example",
        files_url="https://files.clearml.acme.example",
    )
    groups, credentials = _groups(mint, chance, users), _credentials(chance, users)
    tables: dict[str, Documents] = {
        WORKSPACE_TABLE: {settings.id: settings.document()},
        USERS_TABLE: {user.id: user.document() for user in users},
        GROUPS_TABLE: {group.id: group.document() for group in groups},
        CREDENTIALS_TABLE: {one.id: one.document() for one in credentials},
    }
    return Changes(tables), users[0].id


def _users(size: int, mint: Mint, chance: random.Random) -> list[User]:
    administrator = User(
        id=mint.new_id(),
        name="Morgan Zielinska",
        email=ADMINISTRATOR,
        login_name="admin",
        status="Active",
        joined_at=to_text(_NOW - timedelta(days=900)),
    )
    first, *others = islice(_names(chance), size - 1)
    # The first row is there whatever chance makes of the others: Active and with its name.
    users = [administrator, _joined(mint, first, chance)]
    return users + [_anyone(mint, name, chance) for name in others]


def _names(chance: random.Random) -> Iterator[str]:
    """Unique names: `Ada Abara` first, the plain ones in any order, then those with initials."""
    pairs = [(first, last) for first in _FIRST_NAMES.split() for last in _LAST_NAMES.split()]
    chance.shuffle(pairs)
    pairs.remove(("Ada", "Abara"))
    yield FIRST_ROW
    yield from (f"{first} {last}" for first, last in pairs)
    # From B on: "Ada A. Zhang" would sort before "Ada Abara".
    for initial in "BCDEFGHIJKLMNOPQRSTUVWXYZ":
        yield from (f"{first} {initial}. {last}" for first, last in pairs)
    for number in count(2):
        yield from (f"{first} {last} {number}" for first, last in pairs)


def _anyone(mint: Mint, name: str, chance: random.Random) -> User:
    throw = chance.randrange(100)
    if throw < _PENDING:
        return _invited(mint, name, chance, is_named=throw >= _UNNAMED)
    return _joined(mint, name, chance, is_suspended=throw < _PENDING + _SUSPENDED)


def _joined(mint: Mint, name: str, chance: random.Random, *, is_suspended: bool = False) -> User:
    return User(
        id=mint.new_id(),
        name=name,
        email=_email(name),
        login_name=_local_part(name) if chance.random() < 0.5 else "",
        status="Active",
        suspended=is_suspended,
        joined_at=to_text(_NOW - timedelta(minutes=chance.randint(1_440, 1_296_000))),
    )


def _invited(mint: Mint, name: str, chance: random.Random, *, is_named: bool) -> User:
    sent = _NOW - timedelta(minutes=chance.randint(10, 57_600))
    return User(
        id=mint.new_id(),
        name=name if is_named else "",
        email=_email(name),
        status="Pending",
        invited_at=to_text(sent),
        invitation=Invitation(
            token_hash=hash_of_token(mint.new_token()),
            expires_at=to_text(sent + timedelta(days=14)),
        ),
    )


def _email(name: str) -> str:
    return f"{_local_part(name)}@{_DOMAIN}"


def _local_part(name: str) -> str:
    return ".".join(name.lower().replace(".", "").split())


def _groups(mint: Mint, chance: random.Random, users: list[User]) -> list[Group]:
    ids = [user.id for user in users]
    active = [user.id for user in users[1:] if user.status == "Active" and not user.suspended]
    administrators = [ids[0], *active[1 : 1 + min(20, len(ids) // 200)]]
    groups = preset_groups(mint.new_ids(3), administrators=administrators)
    teams = [f"{team}{kind}" for kind in _KINDS for team in _TEAMS.split()]
    for number, name in enumerate(teams[: min(len(teams), 3 + len(ids) // 200)]):
        # A few large groups and many small ones, as organisations have them.
        wanted = len(ids) // (8 + 4 * number) + chance.randint(1, 9)
        members = chance.sample(ids, min(wanted, len(ids)))
        group = Group(id=mint.new_id(), name=name, description=f"Team {name}", members=members)
        groups.append(group)
    return groups


def _credentials(chance: random.Random, users: list[User]) -> list[Credential]:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return [
        Credential(
            id="".join(chance.choices(letters, k=30)),
            member=user.id,
            # No secret has this hash.
            secret_hash=chance.randbytes(32).hex(),
            label="Default Credentials",
            created_at=to_text(_NOW - timedelta(days=chance.randint(1, 400))),
        )
        for user in users
        if user.status == "Active" and chance.random() < 0.2
    ]

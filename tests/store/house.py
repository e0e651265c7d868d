"""A workspace of its own for each test, the people in it, and what its files hold."""

from __future__ import annotations

import atexit
import copy
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

from store.errors import WorkspaceError
from store.listing import Query
from store.minting import Mint
from store.models import Credential, Group, Invitation, User
from store.operations.invitations import Invitee
from store.operations.service_accounts import ServiceAccountEdit
from store.operations.users import UserEdit
from store.operations.vaults import VaultEdit
from store.operations.workspace_settings import FirstStart, SettingsEdit
from store.persistence.store import Outcome, Store
from store.rules import Act, check_administrator_left
from store.state import Changes
from store.terms import CREDENTIALS_TABLE, GROUPS_TABLE, USERS_TABLE
from store.times import to_text
from store.vaults.formats import Format
from store.workspace import Workspace

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ADA = "ada@acme.example"
FIRST = FirstStart("Acme", "Ada Lindqvist", ADA, "ada", "clearml")

# Names that a terminal, a markup parser or a careless comparison would trip over.
HOSTILE_NAMES = (
    "[/red]",
    "[@click=app.quit]x",
    "\x1b[2J\x1b]52;c;aGk=\x07",
    "a\x00b",
    "\u202egnp.exe",
    "界" * 300,
    "a\nb\ttail",
    "\\[bold]$x[/]",
    "👩‍👩‍👧‍👦 e\u0301".replace("e\u0301", "é"),
)


class StoppedClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """The time that the clock shows."""
        return self.now

    def advance(self, *, days: float = 0, seconds: float = 0) -> None:
        """Move the clock on."""
        self.now += timedelta(days=days, seconds=seconds)


def lasting_folder() -> Path:
    """A folder for what is made once, of which tests have copies; it goes with the process."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


class House:
    """A folder with a workspace whose administrator is Ada, and ways to look at it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StoppedClock()
        self.mint = Mint(random.Random(7).randbytes)
        self._opened: list[Store] = []
        self.admin = Workspace.create(folder, FIRST, clock=self.clock, mint=self.mint)

    def copied_to(self, folder: Path) -> Self:
        """The same house in another folder: as it is now, and as random from now on.

        What takes many commits to make is made once, and copied for each test that changes it.
        """
        shutil.copytree(self.folder, folder)
        copied = copy.copy(self)
        copied.folder = folder
        copied.clock, copied.mint = copy.deepcopy((self.clock, self.mint))
        copied._opened = []
        copied.admin = copied.as_member(self.admin.actor)
        return copied

    def close(self) -> None:
        """Let go of every store that was opened."""
        while self._opened:
            self._opened.pop().close()

    def store(self, *, read_only: bool = False, longest_wait: float = 5) -> Store:
        """The folder opened anew, as another process would."""
        store = Store(self.folder, read_only=read_only, longest_wait=longest_wait)
        self._opened.append(store)
        return store

    def as_user(self, who: str = ADA, *, read_only: bool = False) -> Workspace:
        """The workspace in somebody's name, over a store of its own."""
        store = self.store(read_only=read_only)
        return Workspace.open(store, who=who, clock=self.clock, mint=self.mint)

    def as_member(self, key: str) -> Workspace:
        """The workspace in the name of a member by id, as the endpoint opens it."""
        return Workspace(self.store(), key, clock=self.clock, mint=self.mint)

    def invite(self, *emails: str, name: str = "", groups: tuple[str, ...] = ()) -> list[str]:
        """Invite them in Ada's name; the ids of the pending users."""
        links = self.admin.invite_users([invitee(email, name) for email in emails], list(groups))
        return [link.user for link in links]

    def add_user(self, email: str, name: str, *, groups: tuple[str, ...] = ()) -> str:
        """Somebody who was invited and has joined."""
        (user,) = self.invite(email, name=name, groups=groups)
        self.as_user(email).activate(name)
        self.admin.refresh()
        return user

    def add_administrator(self, email: str, name: str) -> str:
        """Another active administrator."""
        return self.add_user(email, name, groups=(self.group("Admins"),))

    def group(self, name: str) -> str:
        """The id of the group with that name."""
        groups = self.store(read_only=True).state.table(GROUPS_TABLE).values()
        return next(str(group["id"]) for group in groups if group["name"] == name)

    def add_group(self, name: str, *members: str) -> str:
        """A group with those members, written as an operation would."""
        group = Group(id=self.mint.new_id(), name=name, members=list(members))
        self._put(Changes({GROUPS_TABLE: {group.id: group.document()}}))
        return group.id

    def add_service_account(self, name: str) -> str:
        """The id of a new service account, which has a credential."""
        return self.admin.add_service_account(name, False).member

    def add_credential(self, member: str, access_key: str) -> None:
        """A credential of a member, written as an operation would."""
        credential = Credential(
            id=access_key, member=member, secret_hash="0" * 64, label="Laptop", created_at=self.at
        )
        self._put(Changes({CREDENTIALS_TABLE: {access_key: credential.document()}}))

    def save_vault(
        self,
        member: str,
        text: str,
        *,
        format: Format = "json",  # noqa: A002
        enabled: bool = True,
    ) -> str:
        """Save a member's vault in Ada's name; the vault's id. JSON is checked soonest."""
        edit = vault_edit(self.admin, member, text, format=format, enabled=enabled)
        self.admin.save_vault(edit)
        return self.admin.vault_details(member).id

    def add_vault(
        self,
        name: str,
        *groups: str,
        text: str = "{}",
        format: Format = "json",  # noqa: A002
        enabled: bool = True,
    ) -> str:
        """The id of a new administrator vault for groups of those names; for Users if for none."""
        keys = [self.group(group) for group in groups or ("Users",)]
        return self.admin.add_administrator_vault(name, keys, text, format, enabled)

    def texts(self) -> set[str]:
        """The texts of vaults that are on the disk."""
        folder = self.folder / "vault-texts"
        names = [path for path in folder.glob("*") if len(path.name) == 64]
        return {path.read_text() for path in names}

    def credential(self, access_key: str) -> Credential:
        """The credential as the file has it now."""
        table = self.store(read_only=True).state.table(CREDENTIALS_TABLE)
        return Credential.of(table[access_key])

    def user(self, key: str) -> User:
        """The user as the file has it now."""
        return User.of(self.store(read_only=True).state.table(USERS_TABLE)[key])

    def invitation(self, key: str) -> Invitation:
        """The invitation of a pending user as the file has it now."""
        invitation = self.user(key).invitation
        assert invitation is not None
        return invitation

    def shown(self, filter_text: str = "") -> list[str]:
        """What the users are called that Ada finds, in the usual order, opened anew."""
        return shown(self.as_user(), filter_text)

    @property
    def at(self) -> str:
        """The time as the store writes it."""
        return to_text(self.clock())

    def bytes(self) -> dict[str, bytes]:
        """What the workspace and its activity hold, byte for byte."""
        files = [self.folder / "workspace.json", *sorted((self.folder / "activity").iterdir())]
        return {file.name: file.read_bytes() for file in files}

    @contextmanager
    def refuses(
        self, error: type[WorkspaceError], *, field: str | None = None, says: str | None = None
    ) -> Iterator[None]:
        """See that the block raises this error, about that field, and changes no byte."""
        before = self.bytes()
        with pytest.raises(error, match=says) as raised:
            yield
        assert type(raised.value) is error
        assert raised.value.field == field
        assert raised.value.message.strip()
        assert self.bytes() == before

    def _put(self, changes: Changes) -> None:
        entry = Act(self.admin.actor, self.at).entry("put", [])
        self.store().commit(lambda _: Outcome(None, changes, entry), check_administrator_left)
        self.admin.refresh()


def invitee(email: str, name: str = "") -> Invitee:
    """Somebody to invite."""
    return Invitee(email, email, name)


def shown(workspace: Workspace, filter_text: str = "") -> list[str]:
    """What the users are called that the workspace's actor finds, in the usual order."""
    listed = workspace.list_users(Query(filter=filter_text)).ids
    return [workspace.user_row(user).called for user in listed]


def edit_of(
    workspace: Workspace,
    user: str,
    *,
    name: str | None = None,
    email: str | None = None,
    login_name: str | None = None,
    joining: tuple[str, ...] = (),
    leaving: tuple[str, ...] = (),
) -> UserEdit:
    """An edit that begins from what the workspace shows of the user now."""
    revision = workspace.user_details(user).revision
    return UserEdit(user, revision, name, email, login_name, joining, leaving)


def account_edit(
    workspace: Workspace,
    account: str,
    *,
    name: str | None = None,
    allow_impersonation: bool | None = None,
    joining: tuple[str, ...] = (),
    leaving: tuple[str, ...] = (),
) -> ServiceAccountEdit:
    """An edit that begins from what the workspace shows of the service account now."""
    revision = workspace.service_account_details(account).revision
    return ServiceAccountEdit(account, revision, name, allow_impersonation, joining, leaving)


def vault_edit(
    workspace: Workspace,
    member: str,
    text: str,
    *,
    format: Format = "json",  # noqa: A002
    enabled: bool | None = True,
) -> VaultEdit:
    """An edit that begins from what the workspace shows of the member's vault now."""
    now = workspace.vault_details(member)
    return VaultEdit(member, now.revision, text, format, now.id, enabled)


def settings_edit(
    workspace: Workspace,
    *,
    name: str | None = None,
    user_limit: int | None = None,
    service_account_limit: int | None = None,
    web_url: str | None = None,
    api_url: str | None = None,
    files_url: str | None = None,
) -> SettingsEdit:
    """An edit of the settings that the workspace shows now; no limit where none is named."""
    now = workspace.settings()
    return SettingsEdit(
        revision=now.revision,
        name=now.name if name is None else name,
        user_limit=user_limit,
        service_account_limit=service_account_limit,
        web_url=now.web_url if web_url is None else web_url,
        api_url=now.api_url if api_url is None else api_url,
        files_url=now.files_url if files_url is None else files_url,
    )

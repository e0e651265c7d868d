"""What a viewer gets to see of the entities. The store decides this, not the screens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.alphabet import name_key
from store.errors import NotFound
from store.state import DAMAGE, State, damaged
from store.terms import (
    GROUPS_TABLE,
    PRESET_NAMES,
    SUSPENDED,
    USERS,
    USERS_TABLE,
    Document,
)
from store.usage import Usage

if TYPE_CHECKING:
    from store.credential_views import CredentialRow

INVITED_USER = "invited user"


@dataclass(frozen=True)
class Viewer:
    """Who is looking.

    Attributes:
        member: The id of the member.
        is_administrator: Whether everything is shown to them.
    """

    member: str
    is_administrator: bool

    def may_see_all_of(self, member: str) -> bool:
        """Whether the emails, access keys and the like of that member are shown."""
        return self.is_administrator or member == self.member


@dataclass(frozen=True)
class WorkspaceSummary:
    """What the header says: the workspace's name, and its members against their limits."""

    name: str
    users: int
    user_limit: int | None
    service_accounts: int
    service_account_limit: int | None


@dataclass(frozen=True)
class GroupName:
    """A group as a choice or a chip."""

    id: str
    name: str
    preset: str


@dataclass(frozen=True)
class UserRow:
    """One line of the Users tab."""

    id: str
    called: str
    status: str
    pending_since: str | None
    link_expires_at: str | None
    groups: tuple[str, ...]
    is_administrator: bool
    is_viewer: bool


@dataclass(frozen=True)
class UserDetails:
    """All that the viewer may see of a user; None is what they may not."""

    row: UserRow
    revision: int
    name: str
    email: str | None
    login_name: str | None
    is_pending: bool
    is_suspended: bool
    invited_at: str | None
    joined_at: str | None
    groups: tuple[GroupName, ...]
    credentials: tuple[CredentialRow, ...] | None


def called(user: Document, viewer: Viewer) -> str:
    """What a user is called: the name, else the email to those who may see it."""
    if user.get("name"):
        return str(user["name"])
    return str(user["email"]) if viewer.may_see_all_of(user["id"]) else INVITED_USER


def status_of(user: Document) -> str:
    """The status as it is shown: suspended hides Active and Pending."""
    return SUSPENDED if user.get("suspended") else str(user["status"])


def user_row(state: State, viewer: Viewer, key: str) -> UserRow:
    """The user's line.

    Raises:
        NotFound: There is no such user.
        StoreUnreadable: The user's document is damaged.
    """
    user = state.find(USERS_TABLE, key, what="user")
    try:
        return _user_row(state, viewer, key, user)
    except DAMAGE as error:
        raise damaged(USERS_TABLE, key, error) from error


def _user_row(state: State, viewer: Viewer, key: str, user: Document) -> UserRow:
    pending = user.get("invitation") if user["status"] != "Active" else None
    return UserRow(
        id=key,
        called=called(user, viewer),
        status=status_of(user),
        pending_since=user.get("invited_at") if user["status"] != "Active" else None,
        link_expires_at=pending["expires_at"] if pending else None,
        groups=tuple(group.name for group in group_names_of(state, key)),
        is_administrator=state.is_administrator(key),
        is_viewer=key == viewer.member,
    )


def user_details(state: State, usage: Usage, viewer: Viewer, key: str, now: str) -> UserDetails:
    """All that the viewer may see of a living user.

    Raises:
        NotFound: There is no such user.
        StoreUnreadable: The user's document is damaged.
    """
    user = state.find(USERS_TABLE, key, what="user")
    if user.get("removed_at"):
        raise NotFound(f"{user.get('name') or 'This user'} was removed from the workspace.")
    try:
        return _user_details(state, usage, viewer, user, now)
    except DAMAGE as error:
        raise damaged(USERS_TABLE, key, error) from error


def _user_details(
    state: State, usage: Usage, viewer: Viewer, user: Document, now: str
) -> UserDetails:
    # The table of users, which comes first, shows no credentials.
    from store.credential_views import credential_rows

    key = user["id"]
    sees_all = viewer.may_see_all_of(key)
    return UserDetails(
        row=user_row(state, viewer, key),
        revision=user["revision"],
        name=user.get("name", ""),
        email=user["email"] if sees_all else None,
        login_name=user.get("login_name", "") if sees_all else None,
        is_pending=user["status"] != "Active",
        is_suspended=bool(user.get("suspended")),
        invited_at=user.get("invited_at"),
        joined_at=user.get("joined_at"),
        groups=group_names_of(state, key),
        credentials=credential_rows(state, usage, key, now) if sees_all else None,
    )


def group_names_of(state: State, member: str) -> tuple[GroupName, ...]:
    """The groups of a member by name, `Users` last, for all are in it."""
    groups = [_group_name(state.table(GROUPS_TABLE)[key]) for key in state.groups_of(member)]
    everybody = _group_name(state.preset_group(USERS))
    return (*_in_order(state, groups), everybody)


def choosable_groups(state: State) -> tuple[GroupName, ...]:
    """The groups that members can be put into, by name: all but `Users`."""
    groups = [_group_name(document) for document in state.table(GROUPS_TABLE).values()]
    return tuple(_in_order(state, [group for group in groups if group.preset != USERS]))


def groups_named(state: State, keys: Iterable[str]) -> tuple[GroupName, ...]:
    """The groups with those ids, the pre-configured ones first, then by name."""
    groups = state.table(GROUPS_TABLE)
    return tuple(_in_order(state, [_group_name(groups[key]) for key in keys]))


def group_place(state: State, group: GroupName) -> str:
    """What a group's name is sorted by."""
    return _order_key(state, group)[1]


def _in_order(state: State, groups: list[GroupName]) -> list[GroupName]:
    return sorted(groups, key=lambda group: _order_key(state, group))


def _order_key(state: State, group: GroupName) -> tuple[int, str, str, str]:
    # The same groups are asked for with each of a hundred thousand members.
    kept = state.once(_no_keys_yet, GROUPS_TABLE)
    if group.id not in kept:
        presets = list(PRESET_NAMES)
        first = presets.index(group.preset) if group.preset else len(presets)
        kept[group.id] = (first, *name_key(group.name, group.id))
    return kept[group.id]


def _no_keys_yet(_: State) -> dict[str, tuple[int, str, str, str]]:
    return {}


def _group_name(document: Document) -> GroupName:
    return GroupName(document["id"], document["name"], document.get("preset", ""))

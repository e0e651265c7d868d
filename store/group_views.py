"""What a viewer gets to see of user groups."""

from __future__ import annotations

from dataclasses import dataclass

from store.alphabet import name_key
from store.member_views import called_member, members_by_name
from store.state import DAMAGE, State, damaged
from store.terms import ADMINISTRATOR_VAULTS_TABLE, GROUPS_TABLE, USERS, Document
from store.vault_reach import groups_by_which, visible_administrator_vaults
from store.views import Viewer

# So many names are given with a line of the table: more than the widest screen shows.
MOST_NAMED = 12


@dataclass(frozen=True)
class GroupRow:
    """One line of the User Groups tab.

    Attributes:
        id: The id.
        name: The name.
        description: The description.
        preset: The mark of a pre-configured group, or "".
        member_count: How many members it has.
        first_members: What the first of them are called, by name; none of `Users`, which has all.
    """

    id: str
    name: str
    description: str
    preset: str
    member_count: int
    first_members: tuple[str, ...]


@dataclass(frozen=True)
class GroupDetails:
    """All that the viewer may see of a user group.

    Attributes:
        row: Its line.
        revision: The revision that an edit begins from.
        members: The ids of its members, by name; none of `Users`, which has all.
        rules: The ids of the access rules that name it.
        vaults: The ids and names of the administrator vaults for it that the viewer may see.
        name_refusal: Why it cannot be renamed, whoever asks, or "".
        members_refusal: Why its members and description cannot be changed, or "".
        deletion_refusal: Why it cannot be deleted, or "".
    """

    row: GroupRow
    revision: int
    members: tuple[str, ...]
    rules: tuple[str, ...]
    vaults: tuple[tuple[str, str], ...]
    name_refusal: str
    members_refusal: str
    deletion_refusal: str


def group_row(state: State, viewer: Viewer, key: str) -> GroupRow:
    """The group's line.

    Raises:
        NotFound: There is no such group.
        StoreUnreadable: Its document is damaged.
    """
    group = state.find(GROUPS_TABLE, key, what="user group")
    try:
        first = members_by_name(state, viewer).first(MOST_NAMED, group.get("members", []))
        return GroupRow(
            id=key,
            name=group["name"],
            description=group.get("description", ""),
            preset=group.get("preset", ""),
            member_count=member_count(state, group),
            first_members=tuple(called_member(state, viewer, one) for one in first),
        )
    except DAMAGE as error:
        raise damaged(GROUPS_TABLE, key, error) from error


def group_details(state: State, viewer: Viewer, key: str) -> GroupDetails:
    """All that the viewer may see of a group.

    Raises:
        NotFound: There is no such group.
        StoreUnreadable: Its document is damaged.
    """
    row = group_row(state, viewer, key)
    group = state.table(GROUPS_TABLE)[key]
    try:
        return GroupDetails(
            row=row,
            revision=group["revision"],
            members=tuple(members_by_name(state, viewer).in_order(group.get("members", []))),
            rules=state.index("rules of group").get(key, ()),
            vaults=_vaults(state, viewer, key),
            name_refusal=name_refusal(group),
            members_refusal=members_refusal(group),
            deletion_refusal=deletion_refusal(group),
        )
    except DAMAGE as error:
        raise damaged(GROUPS_TABLE, key, error) from error


def member_count(state: State, group: Document) -> int:
    """How many members a group has; `Users` has all that are not removed."""
    if group.get("preset") == USERS:
        return state.user_count + state.service_account_count
    return len(group.get("members", []))


def name_refusal(group: Document) -> str:
    """Why a group cannot be renamed, or ""."""
    if group.get("preset"):
        return f"{group['name']} is a pre-configured group and keeps its name."
    return ""


def members_refusal(group: Document) -> str:
    """Why the members and the description of a group cannot be changed, or ""."""
    if group.get("preset") == USERS:
        return "The group Users holds every member by itself and cannot be changed."
    return ""


def deletion_refusal(group: Document) -> str:
    """Why a group cannot be deleted, or ""."""
    if group.get("preset"):
        return f"{group['name']} is a pre-configured group and cannot be deleted."
    return ""


def _vaults(state: State, viewer: Viewer, group: str) -> tuple[tuple[str, str], ...]:
    if viewer.is_administrator:
        keys = state.index("vaults of group").get(group, ())
        vaults = [state.table(ADMINISTRATOR_VAULTS_TABLE)[key] for key in keys]
    else:
        # Of a vault that is applied to them others learn only through which of their own groups.
        vaults = [
            vault
            for vault in visible_administrator_vaults(state, viewer)
            if group in groups_by_which(state, vault, viewer.member)
        ]
    return tuple(
        (vault["id"], vault["name"])
        for vault in sorted(vaults, key=lambda vault: name_key(vault["name"], vault["id"]))
    )

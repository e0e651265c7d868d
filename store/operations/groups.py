"""Adding, editing and deleting user groups, and who is in them (SPEC, Rules, User groups)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store.errors import AlreadyExists, InvalidInput, NotFound, RefusedByRule
from store.group_views import deletion_refusal, members_refusal, name_refusal
from store.models import Group
from store.operations.administrator_vaults import vaults_without_groups
from store.operations.grantees import rules_without
from store.operations.lookups import editable_group, refuse_stale, with_members
from store.persistence.store import Outcome
from store.rules import Act, living_member, require_administrator
from store.state import Changes, State
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    ADMINS,
    GROUPS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
)
from store.text import clean_description, clean_name, fold

if TYPE_CHECKING:
    from store.access.impacts import Impact


@dataclass(frozen=True)
class GroupEdit:
    """What an edit wants of a user group.

    Attributes:
        group: The id.
        revision: The revision that the edit began from.
        name: What is to be its name.
        description: What is to be its description.
        joining: The ids of members to put into it.
        leaving: The ids of members to take out of it.
    """

    group: str
    revision: int
    name: str
    description: str
    joining: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


@dataclass(frozen=True)
class AffectedGroup:
    """One user group of a deletion, before it is done.

    Attributes:
        id: The id.
        name: The name.
        member_count: How many members it has.
        reason: Why it will not be deleted, or "".
    """

    id: str
    name: str
    member_count: int
    reason: str = ""


@dataclass(frozen=True)
class GroupDeletion:
    """What deleting user groups would do.

    Attributes:
        groups: The groups, and which of them may not be deleted.
        rules: The ids of the access rules that name one that would be.
        rules_left_to_nobody: The ids of those that name nobody else who is there.
        vaults: The names of the administrator vaults for one that would be.
        vaults_reaching_nobody: The names of those that would reach nobody any more.
        impact: Who would lose and gain what.
    """

    groups: tuple[AffectedGroup, ...]
    rules: tuple[str, ...]
    rules_left_to_nobody: tuple[str, ...]
    vaults: tuple[str, ...]
    vaults_reaching_nobody: tuple[str, ...]
    impact: Impact


def add_group(
    state: State, act: Act, *, group: str, name: str, description: str, members: Sequence[str]
) -> Outcome[None]:
    """Add a user group.

    Args:
        state: The newest state.
        act: Who adds it, and when.
        group: The id that it gets.
        name: Its name.
        description: Its description, or "".
        members: The ids of its members.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: The name or the description is none.
        AlreadyExists: Another group has the name.
        NotFound: One of the members is gone.
    """
    require_administrator(state, act.actor, "add user groups")
    added = Group(
        id=group,
        name=_clean_name(state, name),
        description=_clean_description(description),
        members=_members(state, members),
    )
    changed = {
        "name": ["", added.name],
        "description": ["", added.description],
        "joined": added.members,
    }
    entry = act.entry("add_group", [group], changed)
    return Outcome(None, Changes({GROUPS_TABLE: {group: added.document()}}), entry)


def edit_group(state: State, act: Act, *, edit: GroupEdit) -> Outcome[None]:
    """Change a group's name, description and members.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The group or one of the members is gone.
        Conflict: Somebody has changed the group meanwhile.
        InvalidInput: The name or the description is none.
        AlreadyExists: Another group has the name.
        RefusedByRule: The group is pre-configured and keeps what would be changed.
    """
    require_administrator(state, act.actor, "edit user groups")
    group = _group(state, edit.group)
    refuse_stale(group, edit.revision, f"The user group {group.name}")
    values = _new_values(state, group, edit)
    joined, left = _moves(state, group, edit)
    if not values and not joined and not left:
        return Outcome(None)
    changed: dict[str, Any] = {
        field: [getattr(group, field), value] for field, value in values.items()
    }
    if joined or left:
        changed |= {"joined": joined, "left": left}
        values["members"] = with_members(group, joined, left).members
    document = group.changed(**values).document()
    entry = act.entry("edit_group", [group.id], changed)
    return Outcome(None, Changes({GROUPS_TABLE: {group.id: document}}), entry)


def _new_values(state: State, group: Group, edit: GroupEdit) -> dict[str, Any]:
    document = group.document()
    values: dict[str, Any] = {}
    if edit.name != group.name:
        if reason := name_refusal(document):
            raise RefusedByRule(reason, field="name")
        values["name"] = _clean_name(state, edit.name, but=group.id)
    if edit.description != group.description:
        if reason := members_refusal(document):
            raise RefusedByRule(reason, field="description")
        values["description"] = _clean_description(edit.description)
    return {field: value for field, value in values.items() if value != getattr(group, field)}


def _moves(state: State, group: Group, edit: GroupEdit) -> tuple[list[str], list[str]]:
    """Who of the edit was not in the group yet, and who was."""
    if not edit.joining and not edit.leaving:
        return [], []
    if reason := members_refusal(group.document()):
        raise RefusedByRule(reason, field="members")
    here = set(group.members)
    joining = _members(state, edit.joining)
    joined = [key for key in joining if key not in here]
    left = [key for key in dict.fromkeys(edit.leaving) if key in here]
    _refuse_service_accounts(state, group, joined, field="members")
    _refuse_both(joining, edit.leaving, "member", field="members")
    return joined, left


def regroup_members(
    state: State,
    act: Act,
    *,
    members: Sequence[str],
    joining: Sequence[str],
    leaving: Sequence[str],
) -> Outcome[int]:
    """Put all of these members into groups, and take them out of others, as one change.

    Returns:
        How many of them were not so before.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of the members or groups is gone.
        RefusedByRule: One of the groups is `Users`, or a service account would join `Admins`.
        InvalidInput: A group is to be joined and left.
    """
    require_administrator(state, act.actor, "change who is in a user group")
    keys = [str(living_member(state, key)["id"]) for key in dict.fromkeys(members)]
    _refuse_both(joining, leaving, "group", field="groups")
    joined = _joined(state, keys, joining)
    left = _left(state, keys, leaving)
    moved = {key for members_of in (*joined.values(), *left.values()) for key in members_of}
    groups = {
        key: with_members(
            Group.of(state.table(GROUPS_TABLE)[key]), joined.get(key, ()), left.get(key, ())
        ).document()
        for key in (*joined, *left)
    }
    changed = {"joined": joined, "left": left}
    entry = act.entry("regroup_members", [key for key in keys if key in moved], changed)
    return Outcome(len(moved), Changes({GROUPS_TABLE: groups}), entry)


def _joined(state: State, members: list[str], joining: Sequence[str]) -> dict[str, list[str]]:
    """Who joins each of the groups, without whom it has already."""
    joined = {}
    for group in (editable_group(state, key) for key in dict.fromkeys(joining)):
        here = set(group.members)
        joined[group.id] = [key for key in members if key not in here]
        _refuse_service_accounts(state, group, joined[group.id], field="groups")
    return {group: members for group, members in joined.items() if members}


def _left(state: State, members: list[str], leaving: Sequence[str]) -> dict[str, list[str]]:
    """Who leaves each of the groups, without whom it does not have."""
    left = {}
    for group in (editable_group(state, key) for key in dict.fromkeys(leaving)):
        here = set(group.members)
        left[group.id] = [key for key in members if key in here]
    return {group: members for group, members in left.items() if members}


def preview_group_deletion(state: State, act: Act, groups: Sequence[str]) -> GroupDeletion:
    """What deleting these groups would do, and which of them may not be deleted.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    from store.access.comparing import impact_of
    from store.vault_reach import reach_of

    require_administrator(state, act.actor, "delete user groups")
    affected = [_affected(state, _group(state, key)) for key in dict.fromkeys(groups)]
    changes = _deletion(state, [group.id for group in affected if not group.reason])
    rules = changes.tables.get(ACCESS_RULES_TABLE, {})
    vaults = [one for one in changes.tables.get(ADMINISTRATOR_VAULTS_TABLE, {}).values() if one]
    impact = impact_of(state, changes)
    return GroupDeletion(
        groups=tuple(affected),
        rules=tuple(rules),
        rules_left_to_nobody=tuple(
            key
            for key, rule in rules.items()
            if key in impact.rules_left_to_nobody
            or (rule is not None and not rule.get("members") and not rule.get("groups"))
        ),
        vaults=tuple(vault["name"] for vault in vaults),
        vaults_reaching_nobody=tuple(
            vault["name"] for vault in vaults if not reach_of(state, vault["groups"])
        ),
        impact=impact,
    )


def delete_groups(state: State, act: Act, *, groups: Sequence[str]) -> Outcome[int]:
    """Delete all of them, or none, and take them out of access rules and administrator vaults.

    Returns:
        How many were deleted.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
        RefusedByRule: One of them is pre-configured.
    """
    require_administrator(state, act.actor, "delete user groups")
    deleted = [_group(state, key) for key in dict.fromkeys(groups)]
    for group in deleted:
        if reason := deletion_refusal(group.document()):
            raise RefusedByRule(reason)
    keys = [group.id for group in deleted]
    changes = _deletion(state, keys)
    changed = {
        "names": [group.name for group in deleted],
        "access rules": list(changes.tables[ACCESS_RULES_TABLE]),
        "administrator vaults": list(changes.tables[ADMINISTRATOR_VAULTS_TABLE]),
    }
    return Outcome(len(keys), changes, act.entry("delete_groups", keys, changed))


def _deletion(state: State, groups: list[str]) -> Changes:
    return Changes(
        {
            GROUPS_TABLE: dict.fromkeys(groups),
            ACCESS_RULES_TABLE: rules_without(state, groups=groups),
            ADMINISTRATOR_VAULTS_TABLE: vaults_without_groups(state, groups),
        }
    )


def _affected(state: State, group: Group) -> AffectedGroup:
    from store.group_views import member_count

    document = group.document()
    return AffectedGroup(
        id=group.id,
        name=group.name,
        member_count=member_count(state, document),
        reason=deletion_refusal(document),
    )


def _group(state: State, key: str) -> Group:
    return Group.of(state.find(GROUPS_TABLE, key, what="user group"))


def _members(state: State, members: Sequence[str]) -> list[str]:
    keys = list(dict.fromkeys(members))
    for key in keys:
        try:
            living_member(state, key)
        except NotFound as error:
            raise NotFound(error.message, field="members") from error
    return keys


def _refuse_service_accounts(
    state: State, group: Group, members: Sequence[str], *, field: str
) -> None:
    accounts = state.table(SERVICE_ACCOUNTS_TABLE)
    named = [accounts[key]["name"] for key in members if key in accounts]
    if group.preset == ADMINS and named:
        raise RefusedByRule(
            f"{named[0]} is a service account, which may be in any group but Admins. Leave it out.",
            field=field,
        )


def _refuse_both(joining: Sequence[str], leaving: Sequence[str], what: str, *, field: str) -> None:
    if set(joining) & set(leaving):
        raise InvalidInput(
            f"A {what} is to be put in and taken out at once. Choose one.", field=field
        )


def _clean_name(state: State, name: str, *, but: str = "") -> str:
    name = clean_name(name, field="name", what="The name")
    for owner in state.index("group").get(fold(name), ()):
        if owner != but:
            other = state.table(GROUPS_TABLE)[owner]["name"]
            raise AlreadyExists(f"There is a user group {other} already.", field="name")
    return name


def _clean_description(text: str) -> str:
    return clean_description(text, field="description", what="The description")

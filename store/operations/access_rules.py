"""Adding, editing and deleting access rules (SPEC, Access)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.errors import InvalidInput, NotFound
from store.models import AccessRule
from store.operations.lookups import refuse_stale
from store.persistence.store import Outcome
from store.rules import Act, living_member, require_administrator
from store.state import Changes, State
from store.terms import (
    ACCESS_RULES_TABLE,
    GROUPS_TABLE,
    READ_MODIFY,
    READ_ONLY,
    RESOURCE_TYPES,
    RESOURCES_TABLE,
    Permission,
    ResourceType,
)

# Stands for the id that a rule will get, while only its impact is asked for.
ID_OF_A_DRAFT = ""


@dataclass(frozen=True)
class RuleDraft:
    """What an access rule is to be.

    Attributes:
        type: What it is about.
        resource: The id of the resource; None for all of the type.
        permission: What it gives.
        members: The ids of the members that it names.
        groups: The ids of the groups that it names. With no member either, it is for nobody.
    """

    type: ResourceType
    resource: str | None
    permission: Permission
    members: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleEdit:
    """What an edit wants of an access rule.

    Attributes:
        rule: The id.
        revision: The revision that the edit began from.
        draft: What it is to be.
    """

    rule: str
    revision: int
    draft: RuleDraft


def add_access_rule(state: State, act: Act, *, rule: str, draft: RuleDraft) -> Outcome[None]:
    """Add an access rule.

    Args:
        state: The newest state.
        act: Who adds it, and when.
        rule: The id that it gets.
        draft: What it is to be.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: The type or the permission is none, or the resource is of another type.
        NotFound: The resource, or a member or group, is gone.
    """
    require_administrator(state, act.actor, "add access rules")
    values = _values(state, draft)
    added = AccessRule(id=rule, created_at=act.at, **values)
    changed = {field: [None, value] for field, value in values.items()}
    entry = act.entry("add_access_rule", [rule], changed)
    return Outcome(None, Changes({ACCESS_RULES_TABLE: {rule: added.document()}}), entry)


def edit_access_rule(state: State, act: Act, *, edit: RuleEdit) -> Outcome[None]:
    """Change what an access rule is about, what it gives, and to whom.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The rule, the resource, or a member or group, is gone.
        Conflict: Somebody has changed the rule meanwhile.
        InvalidInput: The type or the permission is none, or the resource is of another type.
    """
    require_administrator(state, act.actor, "edit access rules")
    rule = _rule(state, edit.rule)
    refuse_stale(rule, edit.revision, "The access rule")
    values = {
        field: value
        for field, value in _values(state, edit.draft).items()
        if _is_other(value, getattr(rule, field))
    }
    if not values:
        return Outcome(None)
    changed = {field: [getattr(rule, field), value] for field, value in values.items()}
    entry = act.entry("edit_access_rule", [rule.id], changed)
    document = rule.changed(**values).document()
    return Outcome(None, Changes({ACCESS_RULES_TABLE: {rule.id: document}}), entry)


def delete_access_rules(state: State, act: Act, *, rules: Sequence[str]) -> Outcome[int]:
    """Delete all of them, or none. What no other rule covers is open to every member then.

    Returns:
        How many were deleted.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "delete access rules")
    deleted = [_rule(state, key) for key in dict.fromkeys(rules)]
    keys = [rule.id for rule in deleted]
    entry = act.entry("delete_access_rules", keys, {"rules": [_told(rule) for rule in deleted]})
    return Outcome(len(keys), Changes({ACCESS_RULES_TABLE: dict.fromkeys(keys)}), entry)


def _rule(state: State, key: str) -> AccessRule:
    return AccessRule.of(state.find(ACCESS_RULES_TABLE, key, what="access rule"))


def _told(rule: AccessRule) -> dict[str, Any]:
    """What the activity keeps of a rule that goes."""
    fields = ("type", "resource", "permission", "members", "groups")
    return {field: getattr(rule, field) for field in fields}


def _is_other(value: Any, former: Any) -> bool:
    # Whom a rule names has no order.
    return set(value) != set(former) if isinstance(former, list) else bool(value != former)


def _values(state: State, draft: RuleDraft) -> dict[str, Any]:
    if draft.type not in RESOURCE_TYPES:
        raise InvalidInput("Choose a resource type.", field="type")
    if draft.permission not in (READ_ONLY, READ_MODIFY):
        raise InvalidInput(f"Choose {READ_ONLY} or {READ_MODIFY}.", field="permission")
    return {
        "type": draft.type,
        "resource": _resource(state, draft),
        "permission": draft.permission,
        "members": _members(state, draft.members),
        "groups": _groups(state, draft.groups),
    }


def _resource(state: State, draft: RuleDraft) -> str | None:
    if draft.resource is None:
        return None
    resource = state.table(RESOURCES_TABLE).get(draft.resource)
    if resource is None:
        raise NotFound(
            f"There is no resource {draft.resource} in the catalogue any more. Choose another.",
            field="resource",
        )
    if resource["type"] != draft.type:
        raise InvalidInput(
            f"{resource['name']} is a {resource['type']}, not a {draft.type}. Choose another.",
            field="resource",
        )
    return draft.resource


def _members(state: State, members: Sequence[str]) -> list[str]:
    keys = list(dict.fromkeys(members))
    for key in keys:
        try:
            living_member(state, key)
        except NotFound as error:
            raise NotFound(error.message, field="members") from error
    return keys


def _groups(state: State, groups: Sequence[str]) -> list[str]:
    keys = list(dict.fromkeys(groups))
    if any(key not in state.table(GROUPS_TABLE) for key in keys):
        raise NotFound("One of the groups was deleted meanwhile. Choose again.", field="groups")
    return keys

"""What a viewer gets to see of the catalogue of resources and of access rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.catalogue import catalogue_of
from store.member_views import called_member, members_by_name
from store.state import DAMAGE, State, damaged
from store.terms import (
    ACCESS_RULES_TABLE,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    Document,
    Permission,
    ResourceType,
)
from store.views import Viewer, groups_named

# What a rule is called that names nobody.
NOBODY = "nobody"


@dataclass(frozen=True)
class Grantee:
    """A group or member that an access rule names."""

    id: str
    name: str
    kind: Literal["group", "user", "service account"]


@dataclass(frozen=True)
class RuleRow:
    """One line of the Access Rules tab.

    Attributes:
        id: The id.
        type: What the rule is about.
        resource: The id of the resource; None for all of the type.
        resource_name: The name of the resource, or `All tasks` and the like.
        path: The project that the resource lies in, with those around it, or "".
        permission: What the rule gives.
        grantees: Whom it names: groups, then service accounts, then users, each by name. None of
            them: nobody.
    """

    id: str
    type: ResourceType
    resource: str | None
    resource_name: str
    path: str
    permission: Permission
    grantees: tuple[Grantee, ...]


@dataclass(frozen=True)
class RuleDetails:
    """All of an access rule.

    Attributes:
        row: Its line.
        revision: The revision that an edit begins from.
        created_at: When it was added.
        covers: How many resources of the catalogue it covers.
    """

    row: RuleRow
    revision: int
    created_at: str
    covers: int


@dataclass(frozen=True)
class ResourceRow:
    """One line of the catalogue.

    Attributes:
        id: The id.
        type: What it is.
        name: The name.
        path: The project that it lies in, with those around it, or "".
        rules: How many access rules are about it alone, without those that cover it from above.
        contents: How many resources a project holds, with those in its sub-projects.
    """

    id: str
    type: ResourceType
    name: str
    path: str
    rules: int
    contents: int


@dataclass(frozen=True)
class ResourceDetails:
    """All of a resource.

    Attributes:
        row: Its line.
        revision: The revision that an edit begins from.
        project: The id of the project that it lies in, or None.
        rules: The ids of the access rules about it alone.
    """

    row: ResourceRow
    revision: int
    project: str | None
    rules: tuple[str, ...]


def access_rule_row(state: State, viewer: Viewer, key: str) -> RuleRow:
    """The rule's line.

    Raises:
        NotFound: There is no such rule.
        StoreUnreadable: Its document is damaged.
    """
    rule = state.find(ACCESS_RULES_TABLE, key, what="access rule")
    try:
        resource = rule.get("resource")
        return RuleRow(
            id=key,
            type=rule["type"],
            resource=resource,
            resource_name=named_resource(state, rule),
            path="" if resource is None else catalogue_of(state).path(resource),
            permission=rule["permission"],
            grantees=_grantees(state, viewer, rule),
        )
    except DAMAGE as error:
        raise damaged(ACCESS_RULES_TABLE, key, error) from error


def access_rule_details(state: State, viewer: Viewer, key: str) -> RuleDetails:
    """All of a rule.

    Raises:
        NotFound: There is no such rule.
        StoreUnreadable: Its document is damaged.
    """
    row = access_rule_row(state, viewer, key)
    rule = state.table(ACCESS_RULES_TABLE)[key]
    try:
        return RuleDetails(
            row=row,
            revision=rule["revision"],
            created_at=rule["created_at"],
            covers=len(catalogue_of(state).covered_by(row.type, row.resource)),
        )
    except DAMAGE as error:
        raise damaged(ACCESS_RULES_TABLE, key, error) from error


def resource_row(state: State, key: str) -> ResourceRow:
    """The resource's line.

    Raises:
        NotFound: There is no such resource.
        StoreUnreadable: Its document is damaged.
    """
    resource = state.find(RESOURCES_TABLE, key, what="resource")
    try:
        return ResourceRow(
            id=key,
            type=resource["type"],
            name=resource["name"],
            path=catalogue_of(state).path(key),
            rules=len(state.rules_of_resource(key)),
            contents=len(catalogue_of(state).contents(key)),
        )
    except DAMAGE as error:
        raise damaged(RESOURCES_TABLE, key, error) from error


def resource_details(state: State, key: str) -> ResourceDetails:
    """All of a resource.

    Raises:
        NotFound: There is no such resource.
        StoreUnreadable: Its document is damaged.
    """
    row = resource_row(state, key)
    resource = state.table(RESOURCES_TABLE)[key]
    try:
        return ResourceDetails(
            row=row,
            revision=resource["revision"],
            project=resource.get("project"),
            rules=state.rules_of_resource(key),
        )
    except DAMAGE as error:
        raise damaged(RESOURCES_TABLE, key, error) from error


def named_resource(state: State, rule: Document) -> str:
    """What a rule is about: the resource's name, or all of a type."""
    resource = rule.get("resource")
    if resource is None:
        return f"All {rule['type']}s"
    return str(state.table(RESOURCES_TABLE)[resource]["name"])


def _grantees(state: State, viewer: Viewer, rule: Document) -> tuple[Grantee, ...]:
    groups = groups_named(state, rule.get("groups", ()))
    members = members_by_name(state, viewer).in_order(rule.get("members", ()))
    accounts = state.table(SERVICE_ACCOUNTS_TABLE)
    members = sorted(members, key=lambda key: key not in accounts)
    return (
        *(Grantee(group.id, group.name, "group") for group in groups),
        *(_member(state, viewer, key) for key in members),
    )


def _member(state: State, viewer: Viewer, key: str) -> Grantee:
    is_account = key in state.table(SERVICE_ACCOUNTS_TABLE)
    name = called_member(state, viewer, key)
    return Grantee(key, name, "service account" if is_account else "user")

"""SPEC's Access section read word by word, as slowly and simply as it can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from store.access.grants import Grant
from store.terms import Permission

Tables = dict[str, dict[str, dict[str, Any]]]


def members_of(tables: Tables) -> list[str]:
    """The members that were not removed."""
    everybody = {**tables["users"], **tables["service_accounts"]}
    return [key for key, member in everybody.items() if not member.get("removed_at")]


def is_suspended(tables: Tables, member: str) -> bool:
    """Whether it has no access meanwhile."""
    return bool({**tables["users"], **tables["service_accounts"]}[member].get("suspended"))


def is_in(tables: Tables, member: str, group: str) -> bool:
    """Whether a member is in a group; `Users` holds every member."""
    document = tables["groups"][group]
    return document.get("preset") == "users" or member in document.get("members", [])


def is_in_preset(tables: Tables, member: str, preset: str) -> bool:
    """Whether a member is in the pre-configured group with that mark."""
    return any(
        is_in(tables, member, key)
        for key, group in tables["groups"].items()
        if group.get("preset") == preset
    )


def around(tables: Tables, resource: str) -> Iterator[str]:
    """The projects that a resource lies in, however deep."""
    project = tables["resources"][resource].get("project")
    while project is not None:
        yield project
        project = tables["resources"][project].get("project")


def covers(tables: Tables, rule: dict[str, Any], resource: str) -> bool:
    """Whether a rule covers a resource."""
    if rule.get("resource") == resource:
        return True
    if rule["type"] == "project" and rule.get("resource") is not None:
        return rule["resource"] in around(tables, resource)
    if rule.get("resource") is not None:
        return False
    if rule["type"] == "project" and list(around(tables, resource)):
        return True
    return bool(rule["type"] == tables["resources"][resource]["type"])


def covering(tables: Tables, resource: str) -> list[str]:
    """The rules that cover a resource."""
    rules = tables["access_rules"].items()
    return [key for key, rule in rules if covers(tables, rule, resource)]


def grants(tables: Tables, member: str, resource: str, *, built_in: bool = True) -> set[Grant]:
    """Everything that gives a member a permission on a resource."""
    if member not in members_of(tables) or is_suspended(tables, member):
        return set()
    found = set()
    if built_in and is_in_preset(tables, member, "admins"):
        found.add(Grant("administrator", "Read & Modify"))
    is_queue = tables["resources"][resource]["type"] == "queue"
    if built_in and is_queue and is_in_preset(tables, member, "queue admins"):
        found.add(Grant("queue administrator", "Read Only"))
    rules = covering(tables, resource)
    if not rules:
        found.add(Grant("uncovered", "Read & Modify"))
    for key in rules:
        rule = tables["access_rules"][key]
        if member in rule.get("members", []):
            found.add(Grant("rule", rule["permission"], key))
        for group in rule.get("groups", []):
            if is_in(tables, member, group):
                found.add(Grant("rule", rule["permission"], key, group))
    return found


def permission(
    tables: Tables, member: str, resource: str, *, built_in: bool = True
) -> Permission | None:
    """The highest of what a member is given."""
    given = {grant.permission for grant in grants(tables, member, resource, built_in=built_in)}
    if "Read & Modify" in given:
        return "Read & Modify"
    return "Read Only" if given else None


def defines_queues(tables: Tables, member: str) -> bool:
    """Whether a member may create, delete and rename queues."""
    is_there = member in members_of(tables) and not is_suspended(tables, member)
    return is_there and is_in_preset(tables, member, "queue admins")


def powers(tables: Tables) -> set[tuple[str, str]]:
    """Who has which power that no rule gives."""
    standing = [key for key in members_of(tables) if not is_suspended(tables, key)]
    return {
        *((key, "defines queues") for key in standing if defines_queues(tables, key)),
        *((key, "administers this workspace") for key in standing if _administers(tables, key)),
        *(
            (key, "may act for owners of tasks")
            for key in standing
            if tables["service_accounts"].get(key, {}).get("allow_impersonation")
        ),
    }


def _administers(tables: Tables, member: str) -> bool:
    return is_in_preset(tables, member, "admins")


def reaching_somebody(tables: Tables) -> set[str]:
    """The rules that name a member, or a group with one."""
    members = members_of(tables)
    return {
        key
        for key, rule in tables["access_rules"].items()
        if set(members) & set(rule.get("members", []))
        or any(
            tables["groups"][group].get("preset") == "users"
            or any(is_in(tables, member, group) for member in members)
            for group in rule.get("groups", [])
        )
    }

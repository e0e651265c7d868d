"""The access rules that a change leaves with nobody to reach (SPEC, Access)."""

from __future__ import annotations

from store.state import Changes, State
from store.terms import (
    ACCESS_RULES_TABLE,
    GROUPS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS,
    USERS_TABLE,
    Document,
)


def rules_left_to_nobody(state: State, later: State, changes: Changes) -> tuple[str, ...]:
    """The ids of the rules that reach somebody before a change, and nobody after it.

    A rule reaches nobody that names nobody, or only groups without members. One that the change
    deletes is not among them.

    Args:
        state: The state before the change.
        later: The state after it.
        changes: What is changed.
    """
    tables = changes.tables
    members = [
        key
        for table in (USERS_TABLE, SERVICE_ACCOUNTS_TABLE)
        for key, document in tables.get(table, {}).items()
        if document is None or document.get("removed_at")
    ]
    by_member, by_group = state.index("rules of member"), state.index("rules of group")
    concerned = dict.fromkeys(tables.get(ACCESS_RULES_TABLE, ()))
    for index, keys in ((by_member, members), (by_group, tables.get(GROUPS_TABLE, ()))):
        concerned |= dict.fromkeys(sorted(rule for key in keys for rule in index.get(key, ())))
    return tuple(key for key in concerned if _reaches(state, key) and _is_left(later, key))


def _is_left(state: State, rule: str) -> bool:
    return rule in state.table(ACCESS_RULES_TABLE) and not _reaches(state, rule)


def _reaches(state: State, key: str) -> bool:
    rule = state.table(ACCESS_RULES_TABLE).get(key)
    if rule is None:
        return False
    groups = (state.table(GROUPS_TABLE).get(group) for group in rule.get("groups") or ())
    return any(state.is_living(member) for member in rule.get("members") or ()) or any(
        _has_members(state, group) for group in groups if group is not None
    )


def _has_members(state: State, group: Document) -> bool:
    # Everybody is in `Users`, which lists nobody.
    listed = group.get("members") or ()
    return group.get("preset") == USERS or any(state.is_living(key) for key in listed)

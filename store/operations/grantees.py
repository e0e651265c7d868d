"""Whom access rules name, and what is left of a rule when one of them goes (SPEC, Access)."""

from __future__ import annotations

from collections.abc import Collection

from store.models import AccessRule
from store.state import State
from store.terms import ACCESS_RULES_TABLE, Document


def rules_naming(
    state: State, *, members: Collection[str] = (), groups: Collection[str] = ()
) -> list[AccessRule]:
    """The access rules that name one of those members or groups, each once."""
    by_member, by_group = state.index("rules of member"), state.index("rules of group")
    keys = {key for member in members for key in by_member.get(member, ())}
    keys |= {key for group in groups for key in by_group.get(group, ())}
    return [AccessRule.of(state.table(ACCESS_RULES_TABLE)[key]) for key in sorted(keys)]


def rules_without(
    state: State, *, members: Collection[str] = (), groups: Collection[str] = ()
) -> dict[str, Document | None]:
    """The documents of every access rule that names one of them, without them.

    A rule that loses its last grantee stays, for nobody: it still keeps all others out.
    """
    gone_members, gone_groups = set(members), set(groups)
    return {
        rule.id: rule.changed(
            members=[key for key in rule.members if key not in gone_members],
            groups=[key for key in rule.groups if key not in gone_groups],
        ).document()
        for rule in rules_naming(state, members=gone_members, groups=gone_groups)
    }

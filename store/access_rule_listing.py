"""The access rules as a list (SPEC, Access)."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

from store.access_views import NOBODY, named_resource
from store.alphabet import place, plain
from store.catalogue import catalogue_of
from store.listing import Listed, Look, Names, apart
from store.member_views import SERVICE_ACCOUNT, MembersByName, members_by_name
from store.state import State
from store.terms import (
    ACCESS_RULES_TABLE,
    GROUPS_TABLE,
    RESOURCE_TYPES,
    RESOURCES_TABLE,
    USERS_TABLE,
    Document,
)
from store.views import Viewer, group_place, groups_named

RuleColumn = Literal["type", "resource", "permission", "who"]

# What a word of the filter can be bound to, as in `type:queue who:vision`.
TYPE, RESOURCE, WHO = "type", "resource", "who"

# So many of a rule's members settle its place in the column of who.
_MOST_COMPARED = 8


class ListedAccessRules(Listed):
    """The access rules, by what they are about."""

    table: ClassVar[str] = ACCESS_RULES_TABLE
    what: ClassVar[str] = "An access rule"
    name_column: ClassVar[str] = "resource"
    bound: ClassVar[frozenset[str]] = frozenset({TYPE, RESOURCE, WHO})

    def prepare(self, state: State) -> None:
        """Nothing is to be made for a line beyond what its facade keeps."""

    def names(self, state: State, viewer: Viewer) -> Names:
        """What the rules are about, by id: all of a type before one resource."""
        return apart(
            {
                key: f"{int(rule.get('resource') is not None)} {named_resource(state, rule)}"
                for key, rule in state.table(ACCESS_RULES_TABLE).items()
            }
        )

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each rule is sorted by in another column; the groups of who come first."""
        rules = look.state.table(ACCESS_RULES_TABLE)
        if column == "type":
            return {key: str(RESOURCE_TYPES.index(rules[key]["type"])) for key in ids}
        if column == "permission":
            return {key: rules[key]["permission"] for key in ids}
        order = members_by_name(look.state, look.viewer)
        return {key: _who_key(look.state, order, rules[key]) for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """What the rule says by itself; who and what it names is looked for elsewhere."""
        parts = [document["id"], document["type"], document["permission"]]
        if document.get("resource") is None:
            parts.append(f"All {document['type']}s")
        if not document.get("members") and not document.get("groups"):
            parts.append(NOBODY)
        return plain("\n".join(parts))

    def in_groups(self, look: Look, word: str) -> set[str]:
        """Those that name a group, a member or a resource with the word in it."""
        return _about(look, word) | _naming(look, word)

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """None, for rules have no status."""
        return set()

    def in_bound(self, look: Look, to: str, word: str, ids: Collection[str]) -> set[str]:
        """Those whose type begins with the word, that are about such a resource, or name such."""
        rules = look.state.table(ACCESS_RULES_TABLE)
        if to == TYPE:
            return {key for key in ids if rules[key]["type"].startswith(word)}
        if to == RESOURCE:
            # A word apiece: `resource:all` finds those about all of a type.
            of_all = {key for key in ids if rules[key].get("resource") is None}
            of_all = {key for key in of_all if word in f"all {rules[key]['type']}s"}
            return _about(look, word) | of_all
        return _naming(look, word)


def _about(look: Look, word: str) -> set[str]:
    """The rules about a resource with the word in its name, its id or its path."""
    rules_of = look.state.index("rules of resource")
    resources = look.state.table(RESOURCES_TABLE)
    names, paths = catalogue_of(look.state).plain_names, catalogue_of(look.state).plain_paths
    return {
        rule
        for key, rules in rules_of.items()
        if word in names[key]
        or word in paths.get(resources[key].get("project", ""), "")
        or word in key.casefold()
        for rule in rules
    }


def _naming(look: Look, word: str) -> set[str]:
    """The rules that name a group or a member with the word in the name, or nobody."""
    state = look.state
    groups, of_group = state.table(GROUPS_TABLE), state.index("rules of group")
    found = {
        rule
        for key, rules in of_group.items()
        if word in plain(groups[key]["name"])
        for rule in rules
    }
    names = members_by_name(state, look.viewer).names
    for key, rules in state.index("rules of member").items():
        if word in names[key] or word in _beside(state, look.viewer, key):
            found.update(rules)
    if word in NOBODY:
        found.update(_of_nobody(state))
    return found


def _beside(state: State, viewer: Viewer, key: str) -> str:
    """What stands beside a member's name, as it is compared."""
    user = state.table(USERS_TABLE).get(key)
    if user is None:
        return SERVICE_ACCOUNT
    return plain(user["email"]) if viewer.may_see_all_of(key) else ""


def _of_nobody(state: State) -> set[str]:
    rules = state.table(ACCESS_RULES_TABLE).items()
    return {key for key, rule in rules if not rule.get("members") and not rule.get("groups")}


def _who_key(state: State, order: MembersByName, rule: Document) -> str:
    names = [group_place(state, group) for group in groups_named(state, rule.get("groups", ()))]
    first = order.first(_MOST_COMPARED, rule.get("members", ()))
    return "\n".join([*names, *(place(order.called[key]) for key in first)])

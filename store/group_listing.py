"""The user groups as a list, and the members that can be put into them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal

from store.alphabet import place, plain
from store.group_views import member_count
from store.listing import Listed, Look, Names, apart
from store.member_views import SERVICE_ACCOUNT, members_by_name
from store.state import State
from store.terms import GROUPS_TABLE, PRESET_NAMES, SERVICE_ACCOUNTS_TABLE, USERS_TABLE, Document
from store.views import Viewer, called

GroupColumn = Literal["name", "description", "members", "id"]

# What a word of the filter can be bound to: `who:ada` finds the groups that Ada is in.
WHO = "who"


class ListedGroups(Listed):
    """The user groups, the pre-configured ones first."""

    table: ClassVar[str] = GROUPS_TABLE
    what: ClassVar[str] = "A user group"
    name_column: ClassVar[str] = "name"
    bound: ClassVar[frozenset[str]] = frozenset({WHO})

    def prepare(self, state: State) -> None:
        """Count the members for `Users`, and make the index that the details ask for."""
        state.index("rules of group")
        # They are kept.
        state.user_count  # noqa: B018
        state.service_account_count  # noqa: B018

    def names(self, state: State, viewer: Viewer) -> Names:
        """The names, by id, with what puts the pre-configured groups first."""
        presets = list(PRESET_NAMES)
        return apart(
            {
                key: f"0 {presets.index(group['preset'])}"
                if group.get("preset")
                else f"1 {group['name']}"
                for key, group in state.table(GROUPS_TABLE).items()
            }
        )

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each group is sorted by in another column."""
        groups = look.state.table(GROUPS_TABLE)
        if column == "id":
            return {key: key for key in ids}
        if column == "members":
            return {key: f"{member_count(look.state, groups[key]):09}" for key in ids}
        return {key: place(groups[key].get("description", "")) for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """The name and the description."""
        return plain(f"{document['name']}\n{document.get('description', '')}")

    def in_groups(self, look: Look, word: str) -> set[str]:
        """None: a short part of a name is in some member of every large group."""
        return set()

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """None, for groups have no status."""
        return set()

    def in_bound(self, look: Look, to: str, word: str, ids: Collection[str]) -> set[str]:
        """Those that list a member of a name with the word in it."""
        names = members_by_name(look.state, look.viewer).names
        of_member = look.state.index("groups of member")
        members = (key for key, name in names.items() if word in name)
        return {group for key in members for group in of_member.get(key, ())}


class ListedMembers(Listed):
    """The living users and service accounts."""

    table: ClassVar[str] = USERS_TABLE
    what: ClassVar[str] = "A member"
    name_column: ClassVar[str] = "name"

    def documents(self, state: State) -> Mapping[str, Document]:
        """The users and the service accounts, by id."""
        return {**state.table(USERS_TABLE), **state.table(SERVICE_ACCOUNTS_TABLE)}

    def prepare(self, state: State) -> None:
        """Nothing is to be made for a line."""

    def names(self, state: State, viewer: Viewer) -> Names:
        """What they are called, in order already."""
        return apart(members_by_name(state, viewer).called)

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """The name: there is no other column."""
        rank = members_by_name(look.state, look.viewer).rank
        return {key: f"{rank[key]:09}" for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """What the member is called, and what stands beside it."""
        if "email" not in document:
            return plain(f"{document['name']}\n{SERVICE_ACCOUNT}")
        parts = [called(document, viewer)]
        if viewer.may_see_all_of(document["id"]):
            parts.append(document["email"])
        return plain("\n".join(parts))

    def in_groups(self, look: Look, word: str) -> set[str]:
        """None: they are looked for by name."""
        return set()

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """None: they are looked for by name."""
        return set()

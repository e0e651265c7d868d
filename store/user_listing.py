"""The users as a list: which of them match a filter, in which order, for a workspace of any size.

What sorting and filtering need of each user is worked out once and kept from commit to commit for
those that did not change. Call it from a thread: at a hundred thousand users it takes a while.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

from store.state import State
from store.terms import ACTIVE, CREDENTIALS_TABLE, GROUPS_TABLE, PENDING, USERS_TABLE, Document
from store.text import fold
from store.views import Viewer, called, group_names_of, status_of

SortColumn = Literal["user", "status", "pending_since", "groups"]

_STATUS_ORDER = {ACTIVE: 0, PENDING: 1}


@dataclass(frozen=True)
class Query:
    """What is asked of a list.

    Attributes:
        filter: Words that must all be found in a row.
        sort: The column to sort by.
        descending: Whether the last comes first.
    """

    filter: str = ""
    sort: SortColumn = "user"
    descending: bool = False


@dataclass(frozen=True)
class Selection:
    """The ids that match, in order, out of how many."""

    ids: list[str]
    total: int


class UserListing:
    """The list of users for one viewer."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._state: State | None = None
        self._viewer: Viewer | None = None
        self._names: dict[str, str] = {}
        self._haystacks: dict[str, str] = {}
        self._ordered: tuple[tuple[SortColumn, bool], list[str]] | None = None

    def select(self, state: State, viewer: Viewer, query: Query) -> Selection:
        """The living users that match, in order."""
        with self._guard:
            # Drawing the rows asks for these on the event loop, where nothing large is to be made.
            state.index("groups of member")
            state.index("credentials of member")
            self._follow(state, viewer)
            ordered = self._in_order(state, query.sort, query.descending)
            words = fold(query.filter).split()
            if not words:
                return Selection(ordered, len(ordered))
            self._make_haystacks(state, viewer)
            for word in words:
                ordered = self._matching(state, viewer, ordered, word)
            return Selection(ordered, len(self._names))

    def prepare(self, state: State, viewer: Viewer) -> None:
        """Work out what the first filter will need, before somebody types it."""
        with self._guard:
            self._follow(state, viewer)
            self._make_haystacks(state, viewer)

    def _follow(self, state: State, viewer: Viewer) -> None:
        if self._state is state and self._viewer == viewer:
            return
        users = state.table(USERS_TABLE)
        former = self._state.table(USERS_TABLE) if self._state is not None else {}
        if viewer != self._viewer:
            self._names, self._haystacks, former = {}, {}, {}
        for key, user in users.items():
            if former.get(key) is not user:
                self._note(key, user, viewer)
        for key in former.keys() - users.keys():
            self._drop(key)
        # Sorting the former order anew is nearly free where little has changed.
        self._ordered = None
        self._state, self._viewer = state, viewer

    def _note(self, key: str, user: Document, viewer: Viewer) -> None:
        if user.get("removed_at"):
            self._drop(key)
            return
        # The id settles the order of those who are called the same, whatever came when.
        self._names[key] = f"{fold(called(user, viewer))}\0{key}"
        self._haystacks.pop(key, None)

    def _drop(self, key: str) -> None:
        self._names.pop(key, None)
        self._haystacks.pop(key, None)

    def _in_order(self, state: State, column: SortColumn, descending: bool) -> list[str]:
        wanted = (column, descending)
        if self._ordered is None or self._ordered[0] != wanted:
            ordered = sorted(self._names, key=self._names.__getitem__)
            if column == "user":
                if descending:
                    ordered.reverse()
            else:
                keys = self._sort_keys(state, column)
                ordered.sort(key=keys.__getitem__, reverse=descending)
            self._ordered = (wanted, ordered)
        return self._ordered[1]

    def _sort_keys(self, state: State, column: SortColumn) -> dict[str, str]:
        users = state.table(USERS_TABLE)
        if column == "status":
            return {key: _status_key(users[key]) for key in self._names}
        if column == "pending_since":
            return {key: _pending_key(users[key]) for key in self._names}
        return {key: _groups_key(state, key) for key in self._names}

    def _make_haystacks(self, state: State, viewer: Viewer) -> None:
        if len(self._haystacks) == len(self._names):
            return
        users = state.table(USERS_TABLE)
        for key in self._names:
            if key not in self._haystacks:
                self._haystacks[key] = _haystack(users[key], viewer)

    def _matching(self, state: State, viewer: Viewer, keys: list[str], word: str) -> list[str]:
        haystacks = self._haystacks
        elsewhere = _members_found_elsewhere(state, viewer, word)
        if not elsewhere:
            return [key for key in keys if word in haystacks[key]]
        return [key for key in keys if word in haystacks[key] or key in elsewhere]


def _status_key(user: Document) -> str:
    return str(_STATUS_ORDER.get(status_of(user), 2))


def _pending_key(user: Document) -> str:
    return str(user.get("invited_at") or "") if user["status"] != ACTIVE else ""


def _groups_key(state: State, key: str) -> str:
    return "\n".join(fold(group.name) for group in group_names_of(state, key))


def _haystack(user: Document, viewer: Viewer) -> str:
    parts = [called(user, viewer), user["id"], status_of(user)]
    if viewer.may_see_all_of(user["id"]):
        parts += [user["email"], user.get("login_name", "")]
    return fold("\n".join(parts))


def _members_found_elsewhere(state: State, viewer: Viewer, word: str) -> set[str]:
    """The members whose group's name or access key holds the word."""
    found: set[str] = set()
    for group in state.table(GROUPS_TABLE).values():
        if word in fold(group["name"]):
            found.update(group.get("members", ()))
    for credential in state.table(CREDENTIALS_TABLE).values():
        if word in credential["id"].casefold() and viewer.may_see_all_of(credential["member"]):
            found.add(credential["member"])
    return found

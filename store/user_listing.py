"""The users as a list: which of them match a filter, in which order, for a workspace of any size.

What sorting and filtering need of each user is worked out once and kept from commit to commit for
those that did not change. Call it from a thread: at a hundred thousand users it takes a while.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from store.errors import StoreUnreadable
from store.state import DAMAGE, State
from store.terms import (
    ACTIVE,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    PENDING,
    SUSPENDED,
    USERS_TABLE,
    Document,
)
from store.text import fold, fold_all
from store.views import Viewer, called, group_names_of, status_of

SortColumn = Literal["user", "status", "pending_since", "groups"]

_STATUS_ORDER = {ACTIVE: 0, PENDING: 1}
# Shorter words would be found in the ids of nearly everybody, and in the word Active.
_SHORTEST_OF_ID = 6
_SHORTEST_OF_STATUS = 4


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


@dataclass(frozen=True)
class _Ordered:
    """The living users in one order, with what a filter looks through, once one was typed."""

    by: tuple[SortColumn, bool]
    ids: list[str]
    haystacks: list[str]


class UserListing:
    """The list of users for one viewer."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._state: State | None = None
        self._viewer: Viewer | None = None
        self._names: dict[str, str] = {}
        # What a filter looks through, and the document that it was made of.
        self._haystacks: dict[str, tuple[Document, str]] = {}
        self._ordered: _Ordered | None = None

    def select(self, state: State, viewer: Viewer, query: Query) -> Selection:
        """The living users that match, in order.

        Raises:
            StoreUnreadable: A user's document is damaged.
        """
        with self._guard, self._damage_told():
            self._follow(state, viewer)
            ordered = self._in_order(state, query.sort, query.descending)
            words = fold(query.filter).split()
            ids = ordered.ids
            if words:
                ids = self._matching(state, viewer, words, ordered)
            return Selection(ids, len(self._names))

    def prepare(self, state: State, viewer: Viewer) -> None:
        """Work out what the first filter will need, before somebody types it.

        Raises:
            StoreUnreadable: A user's document is damaged.
        """
        with self._guard, self._damage_told():
            self._follow(state, viewer)
            state.index("credentials of member")
            if self._ordered is not None:
                self._haystacks_in(self._ordered, state, viewer)

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except DAMAGE as error:
            # What was noted so far is of no state; the next look begins afresh.
            self._state = self._viewer = None
            raise StoreUnreadable(
                f"A user in workspace.json is damaged: {error!r}. Restore a copy of the store."
            ) from error

    def _follow(self, state: State, viewer: Viewer) -> None:
        if self._state is state and self._viewer == viewer:
            return
        # Drawing asks for these on the event loop, where nothing large is to be made.
        state.index("groups of member")
        state.user_count  # noqa: B018 - it is kept
        # In the order of the table, which settles it between users of one name.
        living = {
            key: user.get("name") or _order_of_nameless(user, viewer)
            for key, user in state.table(USERS_TABLE).items()
            if not user.get("removed_at")
        }
        self._names = dict(zip(living, fold_all(list(living.values())), strict=True))
        if viewer != self._viewer:
            self._haystacks = {}
        self._ordered = None
        self._state, self._viewer = state, viewer

    def _in_order(self, state: State, column: SortColumn, descending: bool) -> _Ordered:
        by = (column, descending)
        if self._ordered is None or self._ordered.by != by:
            ids = sorted(self._names, key=self._names.__getitem__)
            if column != "user":
                ids.sort(key=self._sort_keys(state, column).__getitem__, reverse=descending)
            elif descending:
                ids.reverse()
            self._ordered = _Ordered(by, ids, [])
        return self._ordered

    def _sort_keys(self, state: State, column: SortColumn) -> dict[str, str]:
        users = state.table(USERS_TABLE)
        if column == "status":
            return {key: _status_key(users[key]) for key in self._names}
        if column == "pending_since":
            return {key: _pending_key(users[key]) for key in self._names}
        return {key: _groups_key(state, key) for key in self._names}

    def _haystacks_in(self, ordered: _Ordered, state: State, viewer: Viewer) -> list[str]:
        if not ordered.haystacks:
            users = state.table(USERS_TABLE)
            former = self._haystacks
            self._haystacks = {
                key: former[key]
                if key in former and former[key][0] is users[key]
                else (users[key], _haystack(users[key], viewer))
                for key in ordered.ids
            }
            ordered.haystacks.extend(text for _, text in self._haystacks.values())
        return ordered.haystacks

    def _matching(
        self, state: State, viewer: Viewer, words: list[str], ordered: _Ordered
    ) -> list[str]:
        ids, haystacks = ordered.ids, self._haystacks_in(ordered, state, viewer)
        for word in words:
            elsewhere = self._found_elsewhere(state, viewer, word)
            rows = zip(ids, haystacks, strict=True)
            if elsewhere:
                ids = [key for key, text in rows if word in text or key in elsewhere]
            else:
                ids = [key for key, text in rows if word in text]
            if len(words) > 1:
                haystacks = [self._haystacks[key][1] for key in ids]
        return ids

    def _found_elsewhere(self, state: State, viewer: Viewer, word: str) -> set[str]:
        """The users whose group, status, id or access key matches the word."""
        found = _members_of_groups_like(state, word)
        if len(word) >= _SHORTEST_OF_STATUS:
            found |= self._with_status_like(state, word)
        if len(word) >= _SHORTEST_OF_ID:
            found.update(key for key in self._names if word in key)
            found |= _owners_of_credentials_like(state, viewer, word)
        return found

    def _with_status_like(self, state: State, word: str) -> set[str]:
        statuses = {name for name in (ACTIVE, PENDING, SUSPENDED) if fold(name).startswith(word)}
        if not statuses:
            return set()
        users = state.table(USERS_TABLE)
        return {key for key in self._names if status_of(users[key]) in statuses}


def _order_of_nameless(user: Document, viewer: Viewer) -> str:
    # By id where they all are called the same: the order of inviting might be that of the emails.
    return f"{called(user, viewer)}\x01{user['id']}"


def _status_key(user: Document) -> str:
    return str(_STATUS_ORDER.get(status_of(user), 2))


def _pending_key(user: Document) -> str:
    return str(user.get("invited_at") or "") if user["status"] != ACTIVE else ""


def _groups_key(state: State, key: str) -> str:
    return "\n".join(fold(group.name) for group in group_names_of(state, key))


def _haystack(user: Document, viewer: Viewer) -> str:
    parts = [called(user, viewer)]
    # Looked at here, off the event loop and after the first rows, to find damage before it is met.
    if user["status"] not in (ACTIVE, PENDING) or not isinstance(user["email"], str):
        raise TypeError(f"status or email of {user['id']}")
    if viewer.may_see_all_of(user["id"]):
        parts += [user["email"], user.get("login_name", "")]
    return fold("\n".join(parts))


def _members_of_groups_like(state: State, word: str) -> set[str]:
    groups = state.table(GROUPS_TABLE).values()
    matching = (group for group in groups if word in fold(group["name"]))
    return {member for group in matching for member in group.get("members", ())}


def _owners_of_credentials_like(state: State, viewer: Viewer, word: str) -> set[str]:
    wanted = word.upper()
    return {
        credential["member"]
        for key, credential in state.table(CREDENTIALS_TABLE).items()
        if wanted in key and viewer.may_see_all_of(credential["member"])
    }

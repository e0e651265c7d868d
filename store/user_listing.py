"""The users as a list (SPEC, Rules, Users)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar, Literal

from store.alphabet import plain
from store.listing import Listed, Look, Names, groups_key
from store.state import State
from store.terms import ACTIVE, PENDING, SUSPENDED, USERS_TABLE, Document
from store.views import Viewer, called, status_of

SortColumn = Literal["user", "status", "pending_since", "groups"]

_STATUS_ORDER = {ACTIVE: 0, PENDING: 1}


class ListedUsers(Listed):
    """The living users."""

    table: ClassVar[str] = USERS_TABLE
    what: ClassVar[str] = "A user"
    name_column: ClassVar[str] = "user"

    def prepare(self, state: State) -> None:
        """Make the index of groups."""
        state.index("groups of member")

    def prepare_first(self, state: State, ids: Sequence[str]) -> None:
        """Look for these users alone in the groups, which takes a quarter of the time."""
        state.find_groups_of(ids)

    def names(self, state: State, viewer: Viewer) -> Names:
        """What the users are called."""
        ids: list[str] = []
        names: list[str] = []
        for key, user in state.table(USERS_TABLE).items():
            if not user.get("removed_at"):
                ids.append(key)
                names.append(user.get("name") or called(user, viewer))
        # The header tells it, and must not go through them all again.
        state.note_user_count(len(ids))
        return ids, names

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each user is sorted by in another column."""
        users = look.state.table(USERS_TABLE)
        if column == "status":
            return {key: _status_key(users[key]) for key in ids}
        if column == "pending_since":
            return {key: _pending_key(users[key]) for key in ids}
        return {key: groups_key(look.state, key) for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """What the user is called, and to those who may see it the email and login name."""
        parts = [called(document, viewer)]
        # Looked at here, off the event loop and after the first rows, to find damage before it is
        # met.
        if document["status"] not in (ACTIVE, PENDING) or not isinstance(document["email"], str):
            raise TypeError(f"status or email of {document['id']}")
        if viewer.may_see_all_of(document["id"]):
            parts += [document["email"], document.get("login_name", "")]
        return plain("\n".join(parts))

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """Those whose status begins with the word."""
        statuses = {name for name in (ACTIVE, PENDING, SUSPENDED) if plain(name).startswith(word)}
        if not statuses:
            return set()
        users = look.state.table(USERS_TABLE)
        return {key for key in ids if status_of(users[key]) in statuses}


def _status_key(user: Document) -> str:
    return str(_STATUS_ORDER.get(status_of(user), 2))


def _pending_key(user: Document) -> str:
    return str(user.get("invited_at") or "") if user["status"] != ACTIVE else ""

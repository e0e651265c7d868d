"""A table as a list: what matches a filter, in which order, for a workspace of any size.

What sorting and filtering need of each row is worked out once and kept from commit to commit for
those that did not change. Call it from a thread: at a hundred thousand rows it takes a while.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import compress
from typing import Any, ClassVar

from store.alphabet import plain
from store.errors import StoreUnreadable
from store.ordered_ids import OrderedIds
from store.state import DAMAGE, State
from store.terms import CREDENTIALS_TABLE, GROUPS_TABLE, Document
from store.usage import Usage
from store.views import Viewer, group_names_of, group_place

# Shorter words would be found in the ids of nearly everything, and in the word Active.
_SHORTEST_OF_ID = 6
_SHORTEST_OF_STANDING = 4
# So much of what was found is kept for the next letter, or for taking one back.
_MOST_KEPT = 8


@dataclass(frozen=True)
class Query:
    """What is asked of a list.

    Attributes:
        filter: Words that must all be found in a row.
        sort: The column to sort by; "" is the column of the names.
        descending: Whether the last comes first.
    """

    filter: str = ""
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True)
class Selection:
    """The ids that match, in order, out of how many."""

    ids: Sequence[str]
    total: int


# Ids, and the name of each.
Names = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True)
class Look:
    """What a list is made of: the state and the usage, who looks, and when."""

    state: State
    usage: Usage
    viewer: Viewer
    now: str


class Listed(ABC):
    """What is listed.

    Attributes:
        table: The table.
        what: What one row is, to begin a sentence.
        name_column: The column of the names, by which equal rows are in order, too.
        moving_columns: The columns whose order changes with the usage and the time.
        bound: What a word of the filter can be bound to, as in `type:task`.
    """

    table: ClassVar[str]
    what: ClassVar[str]
    name_column: ClassVar[str]
    moving_columns: ClassVar[frozenset[str]] = frozenset()
    bound: ClassVar[frozenset[str]] = frozenset()

    def documents(self, state: State) -> Mapping[str, Document]:
        """The documents of what is listed, by id."""
        return state.table(self.table)

    @abstractmethod
    def prepare(self, state: State) -> None:
        """Make what drawing a row asks for on the event loop, where nothing large is to be made."""

    def prepare_first(self, state: State, ids: Sequence[str]) -> None:
        """Make what drawing these rows asks for; all others are prepared after they are drawn."""
        self.prepare(state)

    @abstractmethod
    def names(self, state: State, viewer: Viewer) -> Names:
        """The ids of what is listed, and the name of each to sort by."""

    @abstractmethod
    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each of the ids is sorted by in another column."""

    @abstractmethod
    def haystack(self, document: Document, viewer: Viewer) -> str:
        """The plain text of one that a filter looks through."""

    def in_groups(self, look: Look, word: str) -> set[str]:
        """Those that belong to a group of a name with the word in it."""
        groups = look.state.table(GROUPS_TABLE).values()
        matching = (group for group in groups if word in plain(group["name"]))
        return {member for group in matching for member in group.get("members", ())}

    @abstractmethod
    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """Those of the ids whose status, or the like, begins with the word."""

    def in_bound(self, look: Look, to: str, word: str, ids: Collection[str]) -> set[str]:
        """Those of the ids that match a word which was bound to one of `bound`."""
        raise NotImplementedError(to)


@dataclass(frozen=True)
class _Rows:
    """Some of what is listed, each with what a filter looks through."""

    ids: list[str]
    haystacks: list[str]

    def having(self, word: str, others: Collection[str]) -> _Rows:
        """Those that have the word in them, and those others that are among them."""
        if others:
            rows = zip(self.ids, self.haystacks, strict=True)
            chosen = [word in text or key in others for key, text in rows]
        else:
            chosen = [word in text for text in self.haystacks]
        return self._chosen(chosen)

    def among(self, ids: set[str]) -> _Rows:
        """Those with one of these ids."""
        return self._chosen([key in ids for key in self.ids])

    def _chosen(self, chosen: list[bool]) -> _Rows:
        return _Rows(list(compress(self.ids, chosen)), list(compress(self.haystacks, chosen)))


@dataclass(frozen=True)
class _Ordered:
    """What is listed in one order, and what was found in it for some words, the latest last."""

    by: tuple[Any, ...]
    ids: Sequence[str]
    found: dict[tuple[str, ...], _Rows]


class Listing:
    """A list for one viewer.

    Args:
        listed: What is listed.
    """

    def __init__(self, listed: Listed) -> None:
        self._listed = listed
        self._guard = threading.Lock()
        self._state: State | None = None
        self._viewer: Viewer | None = None
        self._by_name = OrderedIds((), ())
        # What a filter looks through, and the document that it was made of.
        self._haystacks: dict[str, tuple[Document, str]] = {}
        self._ordered: _Ordered | None = None

    def select(self, look: Look, query: Query) -> Selection:
        """What matches, in order.

        Raises:
            StoreUnreadable: A document is damaged.
        """
        with self._guard, self._damage_told():
            # Nothing was drawn yet: the first rows by name will be, and nobody is further down.
            by_name = (Query(), Query(sort=self._listed.name_column))
            self._follow(look, is_first=self._state is None and query in by_name)
            ordered = self._in_order(look, query.sort, query.descending)
            words = tuple(plain(query.filter).split())
            ids = self._matching(look, words, ordered).ids if words else ordered.ids
            return Selection(ids, len(self._by_name))

    def prepare(self, look: Look) -> None:
        """Work out what the first filter will need, and all rows but the first ones.

        Raises:
            StoreUnreadable: A document is damaged.
        """
        with self._guard, self._damage_told():
            self._follow(look)
            self._listed.prepare(look.state)
            look.state.index("credentials of member")
            if self._ordered is not None:
                self._all_rows(self._ordered, look)

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        try:
            yield
        except DAMAGE as error:
            # What was noted so far is of no state; the next look begins afresh.
            self._state = self._viewer = None
            raise StoreUnreadable(
                f"{self._listed.what} in workspace.json is damaged: {error!r}. "
                "Restore a copy of the store."
            ) from error

    def _follow(self, look: Look, *, is_first: bool = False) -> None:
        if self._state is look.state and self._viewer == look.viewer:
            return
        ids, names = self._listed.names(look.state, look.viewer)
        self._by_name = OrderedIds(ids, names)
        if is_first:
            self._listed.prepare_first(look.state, self._by_name.first)
        else:
            self._listed.prepare(look.state)
            # The rows far down may be shown, and the event loop is no place to sort them.
            self._by_name.all  # noqa: B018 - it is kept
        if look.viewer != self._viewer:
            self._haystacks = {}
        self._ordered = None
        self._state, self._viewer = look.state, look.viewer

    def _in_order(self, look: Look, column: str, descending: bool) -> _Ordered:
        by: tuple[Any, ...] = (column, descending)
        if column in self._listed.moving_columns:
            by += (look.usage, look.now)
        if self._ordered is None or self._ordered.by != by:
            self._ordered = _Ordered(by, self._ids_by(look, column, descending), {})
        return self._ordered

    def _ids_by(self, look: Look, column: str, descending: bool) -> Sequence[str]:
        by_name = self._by_name
        if column not in ("", self._listed.name_column):
            keys = self._listed.sort_keys(look, column, by_name.all)
            return sorted(by_name.all, key=keys.__getitem__, reverse=descending)
        if descending:
            return by_name.all[::-1]
        return by_name.all if by_name.is_sorted else by_name

    def _all_rows(self, ordered: _Ordered, look: Look) -> _Rows:
        if () not in ordered.found:
            documents = self._listed.documents(look.state)
            former, haystack = self._haystacks, self._listed.haystack
            self._haystacks = {
                key: former[key]
                if key in former and former[key][0] is documents[key]
                else (documents[key], haystack(documents[key], look.viewer))
                for key in ordered.ids
            }
            texts = [text for _, text in self._haystacks.values()]
            ordered.found[()] = _Rows(list(ordered.ids), texts)
        return ordered.found[()]

    def _matching(self, look: Look, words: tuple[str, ...], ordered: _Ordered) -> _Rows:
        found = ordered.found
        every = self._all_rows(ordered, look)
        plain = [word for word in words if not self._is_bound(word)]
        elsewhere = {word: self._found_elsewhere(look, word) for word in plain}
        # What is found elsewhere, or is bound, comes and goes with the time, and with a letter.
        is_lasting = len(plain) == len(words) and not any(elsewhere.values())
        if is_lasting and words in found:
            return found[words]
        wider = [some for key, some in found.items() if is_lasting and _narrows(words, key)]
        rows = min(wider, key=lambda some: len(some.ids), default=every)
        for word in words:
            if word in elsewhere:
                others = self._listed.in_groups(look, word) | elsewhere[word]
                rows = rows.having(word, others)
            else:
                rows = rows.among(self._bound(look, word, rows.ids))
        if is_lasting:
            _keep(found, words, rows)
        return rows

    def _is_bound(self, word: str) -> bool:
        to, colon, _ = word.partition(":")
        return bool(colon) and to in self._listed.bound

    def _bound(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        to, _, rest = word.partition(":")
        return self._listed.in_bound(look, to, rest, ids) if rest else set(ids)

    def _found_elsewhere(self, look: Look, word: str) -> set[str]:
        """Those whose standing, id or access key matches the word."""
        found: set[str] = set()
        if len(word) >= _SHORTEST_OF_STANDING:
            found |= self._listed.in_standing(look, word, self._by_name.all)
        if len(word) >= _SHORTEST_OF_ID:
            found.update(key for key in self._by_name.all if word in key)
            found |= _owners_of_credentials_like(look, word)
        return found


def _keep(found: dict[tuple[str, ...], _Rows], words: tuple[str, ...], rows: _Rows) -> None:
    found[words] = rows
    if len(found) > _MOST_KEPT:
        # The oldest but the first, which is everything.
        del found[next(key for key in found if key)]


def _narrows(words: tuple[str, ...], former: tuple[str, ...]) -> bool:
    """Whether all that has these words has the former ones, too."""
    return all(any(one in word for word in words) for one in former)


def apart(names: Mapping[str, str]) -> Names:
    """Ids and names out of the names by id."""
    return list(names), list(names.values())


def groups_key(state: State, member: str) -> str:
    """What a member is sorted by in the column of groups."""
    return "\n".join(group_place(state, group) for group in group_names_of(state, member))


def _owners_of_credentials_like(look: Look, word: str) -> set[str]:
    wanted = word.upper()
    return {
        credential["member"]
        for key, credential in look.state.table(CREDENTIALS_TABLE).items()
        if wanted in key and look.viewer.may_see_all_of(credential["member"])
    }

"""Members as others see them: what they are called, and in which order they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from store.alphabet import plain_all
from store.errors import NotFound
from store.ordered_ids import OrderedIds
from store.state import DAMAGE, State, Table, damaged
from store.terms import SERVICE_ACCOUNTS_TABLE, USERS_TABLE, Document
from store.views import Viewer, called

SERVICE_ACCOUNT = "service account"

# So many of all members are walked past in the time that one of them takes to be sorted.
_WALKED_PER_SORTED = 8


@dataclass(frozen=True)
class MemberName:
    """A member as a choice or a line of a list.

    Attributes:
        id: The id.
        called: The name, or else the email, to those who may see it.
        email: The email of a user; None where the viewer may not see it, and of service accounts.
        is_service_account: Whether it is one.
        is_suspended: Whether the member is suspended.
    """

    id: str
    called: str
    email: str | None
    is_service_account: bool
    is_suspended: bool

    @property
    def beside(self) -> str:
        """What tells the member from others of the name: the email, or `service account`."""
        if self.is_service_account:
            return SERVICE_ACCOUNT
        # Who has no name is called by the email already.
        return self.email if self.email and self.email != self.called else ""


def member_name(state: State, viewer: Viewer, key: str) -> MemberName:
    """What a member is called, a removed one too.

    Raises:
        NotFound: There never was such a member.
        StoreUnreadable: The member's document is damaged.
    """
    document = state.find_member(key)
    if document is None:
        raise NotFound(f"There is no member {key} in this workspace any more.")
    table = USERS_TABLE if key in state.table(USERS_TABLE) else SERVICE_ACCOUNTS_TABLE
    try:
        is_user = table == USERS_TABLE
        return MemberName(
            id=key,
            called=called_member(state, viewer, key),
            email=document["email"] if is_user and viewer.may_see_all_of(key) else None,
            is_service_account=not is_user,
            is_suspended=bool(document.get("suspended")),
        )
    except DAMAGE as error:
        raise damaged(table, key, error) from error


def called_member(state: State, viewer: Viewer, key: str) -> str:
    """What a member that is there, or was, is called."""
    user = state.table(USERS_TABLE).get(key)
    if user is not None:
        return called(user, viewer)
    return str(state.table(SERVICE_ACCOUNTS_TABLE)[key]["name"])


def members_by_name(state: State, viewer: Viewer) -> MembersByName:
    """The living members by name, made once for as long as no member changes."""
    kept = state.once(_no_order_yet, USERS_TABLE, SERVICE_ACCOUNTS_TABLE)
    # Two threads may both make it: it is the same.
    if viewer not in kept:
        users, accounts = state.table(USERS_TABLE), state.table(SERVICE_ACCOUNTS_TABLE)
        kept[viewer] = MembersByName(viewer, users, accounts)
    return kept[viewer]


def _no_order_yet(_: State) -> dict[Viewer, MembersByName]:
    return {}


@dataclass(frozen=True)
class MembersByName:
    """The living members by name.

    Attributes:
        viewer: Who looks.
        users: The users that it was made of.
        accounts: The service accounts that it was made of.
    """

    viewer: Viewer
    users: Table = field(repr=False)
    accounts: Table = field(repr=False)

    @cached_property
    def called(self) -> Mapping[str, str]:
        """What each is called, by id, and in order; the nameless by id among themselves."""
        names = {
            **{key: called(user, self.viewer) for key, user in _living(self.users)},
            **{key: str(account["name"]) for key, account in _living(self.accounts)},
        }
        ids = OrderedIds(list(names), list(names.values())).all
        return {key: names[key] for key in ids}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What a filter looks through of what each is called, by id, and in order."""
        return dict(zip(self.called, plain_all(list(self.called.values())), strict=True))

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """The place of each, by id."""
        return {key: place for place, key in enumerate(self.called)}

    def in_order(self, members: Collection[str]) -> list[str]:
        """Those of the members that are there, by name."""
        if len(members) * _WALKED_PER_SORTED > len(self.called):
            wanted = set(members)
            return [key for key in self.called if key in wanted]
        return sorted(filter(self.rank.__contains__, members), key=self.rank.__getitem__)

    def first(self, count: int, members: Collection[str]) -> list[str]:
        """The first so many of the members, without sorting the others."""
        if len(members) * _WALKED_PER_SORTED > len(self.called):
            # Of many, the first are met soon.
            wanted = set(members)
            return list(islice((key for key in self.called if key in wanted), count))
        return self.in_order(members)[:count]


def _living(table: Table) -> Iterable[tuple[str, Document]]:
    return ((key, one) for key, one in table.items() if not one.get("removed_at"))

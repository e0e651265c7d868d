"""The service accounts as a list (SPEC, Rules, Service accounts)."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

from store.alphabet import plain
from store.listing import Listed, Look, Names, apart, groups_key
from store.service_account_views import good_credentials, has_stale_credentials, last_active_at
from store.state import State
from store.terms import SERVICE_ACCOUNTS_TABLE, SUSPENDED, Document
from store.views import Viewer

ServiceAccountColumn = Literal["name", "groups", "id", "credentials", "last_active"]

# Found by this word are those of which a credential was never used, or not for 90 days.
STALE = "stale"


class ListedServiceAccounts(Listed):
    """The living service accounts."""

    table: ClassVar[str] = SERVICE_ACCOUNTS_TABLE
    what: ClassVar[str] = "A service account"
    name_column: ClassVar[str] = "name"
    moving_columns: ClassVar[frozenset[str]] = frozenset({"credentials", "last_active"})

    def prepare(self, state: State) -> None:
        """Make the indexes of groups and credentials, and count the accounts for the header."""
        for index in ("groups of member", "credentials of member", "every credential of member"):
            state.index(index)
        state.service_account_count  # noqa: B018 - it is kept

    def names(self, state: State, viewer: Viewer) -> Names:
        """The names, by id."""
        accounts = state.table(SERVICE_ACCOUNTS_TABLE).items()
        return apart({key: one["name"] for key, one in accounts if not one.get("removed_at")})

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each account is sorted by; one that was never active is the oldest."""
        if column == "id":
            return {key: key for key in ids}
        if column == "groups":
            return {key: groups_key(look.state, key) for key in ids}
        key_of = _credentials_key if column == "credentials" else _active_key
        # The order would tell what the row does not.
        seen = look.viewer.may_see_all_of
        return {key: key_of(look, key) if seen(key) else "" for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """The name."""
        return plain(document["name"])

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """Those that are suspended or, for administrators, stale, where the word means that."""
        found: set[str] = set()
        if plain(SUSPENDED).startswith(word):
            accounts = look.state.table(SERVICE_ACCOUNTS_TABLE)
            found.update(key for key in ids if accounts[key].get("suspended"))
        if STALE.startswith(word) and look.viewer.is_administrator:
            found.update(
                key for key in ids if has_stale_credentials(look.state, look.usage, key, look.now)
            )
        return found


def _credentials_key(look: Look, key: str) -> str:
    return f"{good_credentials(look.state, key, look.now):09}"


def _active_key(look: Look, key: str) -> str:
    return last_active_at(look.state, look.usage, key) or ""

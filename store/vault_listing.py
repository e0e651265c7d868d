"""The administrator vaults as a list (SPEC, Rules, Vaults)."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

from store.alphabet import place, plain
from store.listing import Listed, Look, Names, apart
from store.state import State
from store.terms import ADMINISTRATOR_VAULTS_TABLE, Document
from store.vault_reach import places_of, visible_administrator_vaults
from store.vault_views import administrator_vault_row
from store.views import Viewer

VaultColumn = Literal["order", "active", "name", "groups", "id", "content", "updated"]

# Words that a filter finds vaults by.
ENABLED = "enabled"
DISABLED = "disabled"


class ListedAdministratorVaults(Listed):
    """The administrator vaults; to others than administrators those applied to them."""

    table: ClassVar[str] = ADMINISTRATOR_VAULTS_TABLE
    what: ClassVar[str] = "An administrator vault"
    name_column: ClassVar[str] = "name"

    def prepare(self, state: State) -> None:
        """Make the indexes of groups, and count the members for `Users`."""
        state.index("groups of member")
        state.index("vaults of group")
        # They are kept, for the reach of a vault for everybody.
        state.user_count  # noqa: B018
        state.service_account_count  # noqa: B018

    def names(self, state: State, viewer: Viewer) -> Names:
        """The names, by id."""
        vaults = visible_administrator_vaults(state, viewer)
        return apart({vault["id"]: vault["name"] for vault in vaults})

    def sort_keys(self, look: Look, column: str, ids: Collection[str]) -> dict[str, str]:
        """What each vault is sorted by."""
        vaults = look.state.table(ADMINISTRATOR_VAULTS_TABLE)
        if column == "order":
            places = places_of(look.state)
            return {key: f"{places[key]:09}" for key in ids}
        if column == "id":
            return {key: key for key in ids}
        if column == "active":
            return {key: "0" if vaults[key]["enabled"] else "1" for key in ids}
        if column == "content":
            return {key: f"{vaults[key]['size']:012}" for key in ids}
        if column == "updated":
            return {key: vaults[key]["updated_at"] for key in ids}
        return {key: "\n".join(map(place, _groups(look, key))) for key in ids}

    def haystack(self, document: Document, viewer: Viewer) -> str:
        """The name."""
        return plain(document["name"])

    def in_groups(self, look: Look, word: str) -> set[str]:
        """Those for a group of a name with the word in it, as far as the viewer sees which."""
        vaults = visible_administrator_vaults(look.state, look.viewer)
        groups = {vault["id"]: _groups(look, vault["id"]) for vault in vaults}
        return {key for key, names in groups.items() if any(word in plain(one) for one in names)}

    def in_standing(self, look: Look, word: str, ids: Collection[str]) -> set[str]:
        """Those that are enabled, or disabled, where the word means that."""
        vaults = look.state.table(ADMINISTRATOR_VAULTS_TABLE)
        wanted = {enabled for enabled, name in _STANDINGS.items() if name.startswith(word)}
        return {key for key in ids if vaults[key]["enabled"] in wanted} if wanted else set()


_STANDINGS = {True: ENABLED, False: DISABLED}


def _groups(look: Look, key: str) -> tuple[str, ...]:
    return administrator_vault_row(look.state, look.viewer, key).groups

"""Whom administrator vaults reach, and by which of their groups (SPEC, Rules, Vaults)."""

from __future__ import annotations

from collections.abc import Mapping

from store.state import DAMAGE, State, damaged, in_order
from store.terms import ADMINISTRATOR_VAULTS_TABLE, GROUPS_TABLE, USERS, Document
from store.views import Viewer


def places_of(state: State) -> Mapping[str, int]:
    """The how-manieth each administrator vault is folded, from 1, by id and in that order.

    Raises:
        StoreUnreadable: The document of one of them is damaged.
    """
    return state.once(_numbered, ADMINISTRATOR_VAULTS_TABLE)


def _numbered(state: State) -> Mapping[str, int]:
    vaults = in_order(state.table(ADMINISTRATOR_VAULTS_TABLE).values())
    return {vault["id"]: place for place, vault in enumerate(vaults, start=1)}


def place_seen(state: State, viewer: Viewer, key: str) -> tuple[int, int]:
    """The how-manieth of the vaults that the viewer may see one is folded, and of how many.

    Others than administrators learn neither of vaults that are not theirs nor how many there are.
    """
    if viewer.is_administrator:
        places = places_of(state)
        return places[key], len(places)
    theirs = [vault["id"] for vault in enabled_vaults_for(state, viewer.member)]
    return theirs.index(key) + 1, len(theirs)


def visible_administrator_vaults(state: State, viewer: Viewer) -> list[Document]:
    """The administrator vaults that the viewer may see: others than administrators, theirs."""
    if viewer.is_administrator:
        return list(state.table(ADMINISTRATOR_VAULTS_TABLE).values())
    return enabled_vaults_for(state, viewer.member)


def reach_of(state: State, groups: list[str]) -> int:
    """How many members these groups have, each counted once."""
    if state.preset_group(USERS)["id"] in groups:
        return state.user_count + state.service_account_count
    members = [state.table(GROUPS_TABLE)[key].get("members", []) for key in groups]
    return len(members[0]) if len(members) == 1 else len(set().union(*members))


def enabled_vaults_for(state: State, member: str) -> list[Document]:
    """The administrator vaults that a member's clients get, in order.

    Raises:
        StoreUnreadable: The document of one of them is damaged.
    """
    try:
        return [vault for vault in state.administrator_vaults_for(member) if vault["enabled"]]
    except DAMAGE as error:
        raise damaged(ADMINISTRATOR_VAULTS_TABLE, f"for {member}", error) from error


def groups_by_which(state: State, vault: Document, member: str) -> list[str]:
    """Those of a vault's groups that a member is in."""
    if state.find_member(member) is None:
        return []
    own = {*state.groups_of(member), state.preset_group(USERS)["id"]}
    return [key for key in vault["groups"] if key in own]

"""The texts of vaults as a viewer gets them: what clients get, and what was saved before."""

from __future__ import annotations

from store.errors import NotAllowed, NotFound
from store.persistence.vault_texts import TextRecord
from store.rules import living_member
from store.state import DAMAGE, State, damaged
from store.terms import ADMINISTRATOR_VAULTS_TABLE, OWN_VAULT, VAULTS_TABLE, Document
from store.vault_reach import enabled_vaults_for
from store.vault_views import (
    FormerText,
    ReadText,
    VaultLayer,
    check_may_see_vault,
    check_whole,
    text_of,
    who,
)
from store.views import Viewer


def layers_of(state: State, viewer: Viewer, read: ReadText, member: str) -> tuple[VaultLayer, ...]:
    """The vaults that a member's clients get, in the order in which they are folded.

    Raises:
        NotAllowed: The viewer is neither an administrator nor the member.
        NotFound: There is no such member.
        StoreUnreadable: The text of one of them cannot be read, or its document is damaged.
    """
    check_may_see_vault(viewer, member)
    living_member(state, member)
    own = state.vault_of(member)
    try:
        vaults = enabled_vaults_for(state, member)
        if own is not None and own["enabled"]:
            vaults.append(own)
        return tuple(_layer(state, read, vault) for vault in vaults)
    except DAMAGE as error:
        raise damaged("the vaults", f"of {member}", error) from error


def _layer(state: State, read: ReadText, vault: Document) -> VaultLayer:
    check_whole(vault)
    return VaultLayer(
        id=vault["id"],
        name=vault.get("name", OWN_VAULT),
        is_own="member" in vault,
        text=text_of(state, read, vault),
        format=vault["format"],
    )


def vault_whose_texts_may_be_seen(state: State, viewer: Viewer, key: str) -> Document:
    """The document of a vault of either kind, the former texts of which the viewer may see.

    Raises:
        NotFound: There is no such vault.
        NotAllowed: It is another member's, or an administrator vault, and the viewer is no
            administrator.
    """
    vault = state.table(VAULTS_TABLE).get(key) or state.table(ADMINISTRATOR_VAULTS_TABLE).get(key)
    # One that they may not see and one that there is not are told in the same words.
    if not viewer.may_see_all_of(vault.get("member", "") if vault else ""):
        raise NotAllowed(
            "Only administrators may see the former texts of this vault. Ask a member of Admins."
        )
    if vault is None:
        raise NotFound(f"There is no vault {key} in this workspace any more.")
    return vault


def former_texts(
    state: State, viewer: Viewer, vault: Document, records: list[TextRecord]
) -> tuple[FormerText, ...]:
    """What is told of the texts that a vault has and had, newest first."""
    return tuple(
        FormerText(
            revision=record.number,
            saved_at=record.at,
            saved_by=who(state, viewer, record.by),
            format=record.format,
            size=record.size,
            lines=record.lines,
            is_present=record.number == vault.get("text_number", 1),
        )
        for record in records
    )

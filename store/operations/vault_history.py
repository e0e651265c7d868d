"""Purging the former texts of a vault of either kind (SPEC, Rules, Vaults)."""

from __future__ import annotations

from store.errors import NotFound
from store.models import AdministratorVault, DeletedVault, Vault
from store.persistence.store import Outcome
from store.rules import Act, check_may_edit_vault, require_administrator
from store.state import Changes, State
from store.terms import ADMINISTRATOR_VAULTS_TABLE, DELETED_VAULTS_TABLE, VAULTS_TABLE


def purge_history(state: State, act: Act, *, vault: str) -> Outcome[None]:
    """Forget the former texts of a vault; the present one stays. Of a deleted vault forget all.

    Raises:
        NotAllowed: The actor may not change the vault.
        NotFound: There is no such vault any more.
    """
    kept = _editable(state, act, vault)
    if isinstance(kept, DeletedVault):
        changes = Changes({kept.table: {vault: None}})
    elif kept.history_from == kept.text_number:
        return Outcome(None)
    else:
        purged = kept.changed(history_from=kept.text_number)
        changes = Changes({kept.table: {vault: purged.document()}})
    return Outcome(None, changes, act.entry("purge_history", [vault]), frees_texts=True)


def _editable(state: State, act: Act, key: str) -> Vault | AdministratorVault | DeletedVault:
    document = state.table(VAULTS_TABLE).get(key)
    # To others, one that is somebody's and one that there is not are told in the same words.
    if document is not None and (
        document.get("member") == act.actor or state.is_administrator(act.actor)
    ):
        vault = Vault.of(document)
        check_may_edit_vault(state, act.actor, vault.member)
        return vault
    require_administrator(state, act.actor, "purge the history of this vault")
    document = state.table(ADMINISTRATOR_VAULTS_TABLE).get(key)
    if document is not None:
        return AdministratorVault.of(document)
    document = state.table(DELETED_VAULTS_TABLE).get(key)
    if document is None:
        raise NotFound(f"There is no vault {key} in this workspace any more.")
    return DeletedVault.of(document)

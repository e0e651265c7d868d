"""Saving and enabling the configuration vaults of members (SPEC, Rules, Vaults)."""

from __future__ import annotations

from dataclasses import dataclass

from store.errors import Conflict, NotFound
from store.models import Vault
from store.operations.lookups import refuse_stale
from store.operations.vault_texts import (
    GoodText,
    outcome_of_text,
    updated,
    what_is_new,
    with_text,
)
from store.persistence.store import Outcome
from store.rules import Act, check_may_edit_vault, living_member, name_of
from store.state import Changes, State
from store.terms import VAULTS_TABLE
from store.vaults.formats import Format


@dataclass(frozen=True)
class VaultEdit:
    """What is to be a member's vault.

    Attributes:
        member: The id of the member.
        revision: The revision that the edit began from; 0 where there was no vault yet.
        text: The text.
        format: Its format.
        vault: The id of the vault that the edit began from; "" where there was none yet.
        enabled: Whether clients get it; None leaves that as it is, and lets them get a new one.
    """

    member: str
    revision: int
    text: str
    format: Format
    vault: str = ""
    enabled: bool | None = None


def save_vault(
    state: State, act: Act, *, edit: VaultEdit, good: GoodText, vault: str
) -> Outcome[None]:
    """Save a member's vault.

    Args:
        state: The newest state.
        act: Who saves it, and when.
        edit: What is to be the vault.
        good: The edit's text, checked.
        vault: The id that it gets if there is none yet.

    Raises:
        NotAllowed: The actor is neither an administrator nor the member.
        NotFound: The member is gone.
        Conflict: Somebody has changed the vault meanwhile, or it is another one.
    """
    check_may_edit_vault(state, act.actor, edit.member)
    document = state.vault_of(edit.member)
    former = None if document is None else Vault.of(document)
    _refuse_stale(state, former, edit.member, edit.vault, edit.revision)
    if former is None:
        saved = _first(act, edit, good, vault)
        changed = what_is_new(good, enabled=saved.enabled)
    else:
        saved, changed = with_text(former, good, act, enabled=edit.enabled)
    entry = act.entry("save_vault", [edit.member, saved.id], changed)
    return outcome_of_text(former, saved, good, entry)


def _first(act: Act, edit: VaultEdit, good: GoodText, vault: str) -> Vault:
    return Vault(
        id=vault,
        member=edit.member,
        format=good.format,
        text_hash=good.digest,
        size=good.size,
        lines=good.lines,
        enabled=edit.enabled is not False,
        updated_at=act.at,
        updated_by=act.actor,
    )


def set_vault_enabled(
    state: State, act: Act, *, member: str, enabled: bool, revision: int, vault: str
) -> Outcome[None]:
    """Let clients get a member's vault, or not.

    Args:
        state: The newest state.
        act: Who does it, and when.
        member: The id of the member.
        enabled: Whether clients are to get it.
        revision: The revision of the vault that was seen.
        vault: The id of the vault that was seen.

    Raises:
        NotAllowed: The actor is neither an administrator nor the member.
        NotFound: The member is gone, or has no vault.
        Conflict: Somebody has changed the vault meanwhile, or it is another one.
    """
    check_may_edit_vault(state, act.actor, member)
    former = _vault(state, member)
    _refuse_stale(state, former, member, vault, revision)
    if former.enabled == enabled:
        return Outcome(None)
    entry = act.entry(
        "set_vault_enabled", [member, former.id], {"enabled": [former.enabled, enabled]}
    )
    changed = updated(former, act, enabled=enabled)
    return Outcome(None, Changes({VAULTS_TABLE: {former.id: changed.document()}}), entry)


def _vault(state: State, member: str) -> Vault:
    document = state.vault_of(member)
    if document is None:
        raise NotFound(f"{name_of(living_member(state, member))} has no vault yet.")
    return Vault.of(document)


def _refuse_stale(
    state: State, former: Vault | None, member: str, vault: str, revision: int
) -> None:
    called = f"The vault of {name_of(living_member(state, member))}"
    if former is None:
        if vault or revision:
            raise Conflict(f"{called} was deleted while you were editing. Nothing was saved.")
        return
    if vault and vault != former.id:
        raise Conflict(
            f"{called} was deleted while you were editing, and there is another one now. "
            "Nothing was saved; look at it again."
        )
    # Whoever began from none has not seen this one, of whatever revision it is.
    refuse_stale(former, revision if vault else 0, called)

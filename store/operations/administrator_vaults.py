"""Adding, editing, enabling and deleting administrator vaults (SPEC, Rules, Vaults)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.errors import AlreadyExists, Conflict, InvalidInput, NotFound
from store.models import AdministratorVault
from store.operations.lookups import refuse_stale
from store.operations.vault_texts import (
    GoodText,
    deletions,
    outcome_of_text,
    updated,
    what_is_new,
    with_text,
)
from store.persistence.store import Outcome
from store.rules import Act, require_administrator
from store.state import Changes, State, in_order
from store.terms import ADMINISTRATOR_VAULTS_TABLE, GROUPS_TABLE, Document
from store.text import clean_name, fold
from store.vault_reach import places_of, reach_of
from store.vaults.formats import Format
from store.views import groups_named


@dataclass(frozen=True)
class AdministratorVaultEdit:
    """What is to be the text of an administrator vault.

    Attributes:
        vault: The id.
        revision: The revision that the edit began from.
        text: The text.
        format: Its format.
        enabled: Whether clients get it; None leaves that as it is.
    """

    vault: str
    revision: int
    text: str
    format: Format
    enabled: bool | None = None


@dataclass(frozen=True)
class VaultMove:
    """An administrator vault that is to change places with the one before it, or after it.

    Attributes:
        vault: The id.
        revision: The revision that was seen.
        past: The id of the one that was seen beside it.
        is_earlier: Whether it is to be folded before that one, and after it if not.
    """

    vault: str
    revision: int
    past: str
    is_earlier: bool


@dataclass(frozen=True)
class AffectedVault:
    """One administrator vault of a deletion, before it is done.

    Attributes:
        id: The id.
        name: The name.
        groups: The names of its groups.
        reach: How many members it reaches.
        enabled: Whether clients get it now.
    """

    id: str
    name: str
    groups: tuple[str, ...]
    reach: int
    enabled: bool


def add_administrator_vault(
    state: State,
    act: Act,
    *,
    vault: str,
    name: str,
    groups: list[str],
    good: GoodText,
    enabled: bool,
) -> Outcome[None]:
    """Add an administrator vault.

    Args:
        state: The newest state.
        act: Who adds it, and when.
        vault: The id that it gets.
        name: Its name.
        groups: The ids of the groups that it applies to.
        good: Its text, checked.
        enabled: Whether clients get it.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: The name is none, or there is no group.
        AlreadyExists: Another administrator vault has the name.
        NotFound: One of the groups is gone.
    """
    require_administrator(state, act.actor, "add administrator vaults")
    added = AdministratorVault(
        id=vault,
        name=_clean_name(state, name),
        groups=_clean_groups(state, groups),
        order=_next_order(state),
        created_at=act.at,
        format=good.format,
        text_hash=good.digest,
        size=good.size,
        lines=good.lines,
        enabled=enabled,
        updated_at=act.at,
        updated_by=act.actor,
    )
    changed = {"name": ["", added.name], "groups": [[], added.groups]}
    changed |= what_is_new(good, enabled=enabled)
    entry = act.entry("add_administrator_vault", [vault], changed)
    return outcome_of_text(None, added, good, entry)


def edit_administrator_vault(
    state: State, act: Act, *, vault: str, revision: int, name: str, groups: list[str]
) -> Outcome[None]:
    """Change the name and the groups of an administrator vault.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The vault or one of the groups is gone.
        Conflict: Somebody has changed the vault meanwhile.
        InvalidInput: The name is none, or there is no group.
        AlreadyExists: Another administrator vault has the name.
    """
    require_administrator(state, act.actor, "edit administrator vaults")
    kept = _vault(state, vault)
    refuse_stale(kept, revision, f"The administrator vault {kept.name}")
    values: dict[str, Any] = {"name": _clean_name(state, name, but=vault)}
    # One that lost its groups stays so until it is given others.
    if set(groups) != set(kept.groups):
        values["groups"] = _clean_groups(state, groups)
    values = {field: value for field, value in values.items() if value != getattr(kept, field)}
    if not values:
        return Outcome(None)
    changed = {field: [getattr(kept, field), value] for field, value in values.items()}
    entry = act.entry("edit_administrator_vault", [vault], changed)
    return Outcome(None, _changes(updated(kept, act, **values)), entry)


def save_administrator_vault(
    state: State, act: Act, *, edit: AdministratorVaultEdit, good: GoodText
) -> Outcome[None]:
    """Save the text of an administrator vault.

    Args:
        state: The newest state.
        act: Who saves it, and when.
        edit: What is to be its text.
        good: The edit's text, checked.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The vault is gone.
        Conflict: Somebody has changed the vault meanwhile.
    """
    require_administrator(state, act.actor, "edit administrator vaults")
    former = _vault(state, edit.vault)
    refuse_stale(former, edit.revision, f"The administrator vault {former.name}")
    saved, changed = with_text(former, good, act, enabled=edit.enabled)
    entry = act.entry("save_administrator_vault", [edit.vault], changed)
    return outcome_of_text(former, saved, good, entry)


def move_administrator_vault(state: State, act: Act, *, move: VaultMove) -> Outcome[None]:
    """Fold an administrator vault before the one that is before it now, or after the next one.

    Neither counts as changed: who edits one meanwhile has seen all of what they save.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The vault is gone.
        Conflict: Somebody has changed the vault or the order meanwhile.
    """
    require_administrator(state, act.actor, "order administrator vaults")
    moved = _vault(state, move.vault)
    places = places_of(state)
    place, wanted = places[moved.id], places[moved.id] + (-1 if move.is_earlier else 1)
    is_changed = moved.revision != move.revision
    if is_changed or places.get(move.past) != wanted:
        what = "administrator vault" if is_changed else "order of the vaults beside"
        raise Conflict(
            f"The {what} {moved.name} was changed by somebody else meanwhile. "
            "Nothing was moved; look at it again."
        )
    past = _vault(state, move.past)
    entry = act.entry("move_administrator_vault", [moved.id, past.id], {"place": [place, wanted]})
    changes = _changes(moved.placed(past.order), past.placed(moved.order))
    return Outcome(None, changes, entry)


def set_administrator_vaults_enabled(
    state: State, act: Act, *, vaults: list[str], enabled: bool
) -> Outcome[int]:
    """Let clients get all of these vaults, or none of them; each keeps its place.

    Returns:
        How many were not so before.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of the vaults is gone.
    """
    require_administrator(state, act.actor, "enable and disable administrator vaults")
    kept = [_vault(state, key) for key in dict.fromkeys(vaults)]
    changed = [updated(vault, act, enabled=enabled) for vault in kept if vault.enabled != enabled]
    entry = act.entry(
        "set_administrator_vaults_enabled",
        [vault.id for vault in changed],
        {"enabled": [not enabled, enabled]},
    )
    return Outcome(len(changed), _changes(*changed), entry)


def preview_vault_deletion(state: State, act: Act, vaults: list[str]) -> list[AffectedVault]:
    """What deleting these vaults would do.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "delete administrator vaults")
    return [_affected(state, _vault(state, key)) for key in vaults]


def delete_administrator_vaults(state: State, act: Act, *, vaults: list[str]) -> Outcome[int]:
    """Delete all of them, or none. Their texts go for good after 30 days.

    Returns:
        How many were deleted.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "delete administrator vaults")
    kept = [_vault(state, key) for key in dict.fromkeys(vaults)]
    changes = Changes(deletions(act, ADMINISTRATOR_VAULTS_TABLE, kept))
    names = {"names": [vault.name for vault in kept]}
    entry = act.entry("delete_administrator_vaults", [vault.id for vault in kept], names)
    return Outcome(len(kept), changes, entry)


def vaults_without_groups(state: State, groups: list[str]) -> dict[str, Document | None]:
    """The documents of every administrator vault that applies to one of the groups, without it."""
    of_group = state.index("vaults of group")
    touched = {key for group in groups for key in of_group.get(group, ())}
    kept = [_vault(state, key) for key in sorted(touched)]
    return {
        vault.id: vault.changed(
            groups=[group for group in vault.groups if group not in groups]
        ).document()
        for vault in kept
    }


def _vault(state: State, key: str) -> AdministratorVault:
    return AdministratorVault.of(
        state.find(ADMINISTRATOR_VAULTS_TABLE, key, what="administrator vault")
    )


def _changes(*vaults: AdministratorVault) -> Changes:
    return Changes({ADMINISTRATOR_VAULTS_TABLE: {vault.id: vault.document() for vault in vaults}})


def _next_order(state: State) -> int:
    """The number of a new vault, which is folded after all others."""
    vaults = in_order(state.table(ADMINISTRATOR_VAULTS_TABLE).values())
    return int(vaults[-1]["order"]) + 1 if vaults else 1


def _affected(state: State, vault: AdministratorVault) -> AffectedVault:
    return AffectedVault(
        id=vault.id,
        name=vault.name,
        groups=tuple(group.name for group in groups_named(state, vault.groups)),
        reach=reach_of(state, vault.groups),
        enabled=vault.enabled,
    )


def _clean_name(state: State, name: str, *, but: str = "") -> str:
    name = clean_name(name, field="name", what="The name")
    for owner in state.index("administrator vault").get(fold(name), ()):
        if owner != but:
            other = state.table(ADMINISTRATOR_VAULTS_TABLE)[owner]["name"]
            raise AlreadyExists(f"There is an administrator vault {other} already.", field="name")
    return name


def _clean_groups(state: State, groups: list[str]) -> list[str]:
    groups = list(dict.fromkeys(groups))
    if not groups:
        raise InvalidInput("Choose a user group; Users is everybody.", field="groups")
    if any(group not in state.table(GROUPS_TABLE) for group in groups):
        raise NotFound("One of the groups was deleted meanwhile. Choose again.", field="groups")
    return groups

"""What a viewer gets to see of vaults. The store decides this, not the screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from store.errors import NotAllowed, StoreUnreadable, WorkspaceError
from store.rules import check_may_edit_vault, living_member, name_of
from store.state import DAMAGE, State, damaged
from store.terms import (
    ADMINISTRATOR_VAULTS_TABLE,
    VAULTS_TABLE,
    Document,
)
from store.times import is_time
from store.vault_reach import enabled_vaults_for, groups_by_which, place_seen, reach_of
from store.vaults.formats import FORMATS, Format
from store.views import GroupName, Viewer, called, groups_named

_KINDS: Mapping[str, type] = {
    "revision": int,
    "format": str,
    "text_hash": str,
    "size": int,
    "lines": int,
    "enabled": bool,
    "updated_by": str,
}


class ReadText(Protocol):
    """Reads the text with a hash; what it is of begins the sentence of an error."""

    def __call__(self, digest: str, *, what: str) -> str: ...


@dataclass(frozen=True)
class AppliedVault:
    """An enabled administrator vault that a member gets, and by which groups, by their names."""

    id: str
    name: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class VaultDetails:
    """A member's vault, and what is applied to the member besides.

    Attributes:
        member: The id of the member.
        id: The id of the vault, or "" where there is none yet; most of the rest is empty then.
        text: The text; "" where it cannot be read.
        format: Its format.
        enabled: Whether clients get it.
        revision: The revision that an edit begins from; 0 where there is no vault yet.
        size: The bytes of the text.
        lines: The lines of the text.
        updated_at: When it was changed last, or "".
        updated_by: What who changed it last is called, or "".
        applied: The enabled administrator vaults that the member gets, in order.
        may_edit: Whether the viewer may change it.
        problem: Why the text cannot be read, or "".
    """

    member: str
    id: str
    text: str
    format: Format
    enabled: bool
    revision: int
    size: int
    lines: int
    updated_at: str
    updated_by: str
    applied: tuple[AppliedVault, ...]
    may_edit: bool
    problem: str = ""


@dataclass(frozen=True)
class AdministratorVaultRow:
    """One line of the Administrator Vaults tab.

    Attributes:
        id: The id.
        name: The name.
        groups: The names of its groups; to others than administrators, those that they are in.
        enabled: Whether clients get it.
        format: The format of its text.
        size: The bytes of its text.
        lines: The lines of its text.
        updated_at: When it was changed last.
        revision: The revision that an edit begins from.
        place: The how-manieth it is folded of those that the viewer may see, from 1.
        places: How many these are.
        reach: How many members its groups have, or None to others than administrators.
    """

    id: str
    name: str
    groups: tuple[str, ...]
    enabled: bool
    format: Format
    size: int
    lines: int
    updated_at: str
    revision: int
    place: int
    places: int
    reach: int | None


@dataclass(frozen=True)
class AdministratorVaultDetails:
    """All that the viewer may see of an administrator vault.

    Attributes:
        row: Its line.
        group_ids: The ids of its groups, as far as `row` has their names, in the same order.
        text: The text; "" where it cannot be read.
        created_at: When it was added.
        updated_by: What who changed it last is called.
        may_edit: Whether the viewer may change it.
        problem: Why the text cannot be read, or "".
    """

    row: AdministratorVaultRow
    group_ids: tuple[str, ...]
    text: str
    created_at: str
    updated_by: str
    may_edit: bool
    problem: str = ""

    @property
    def revision(self) -> int:
        """The revision that an edit begins from."""
        return self.row.revision


@dataclass(frozen=True)
class VaultLayer:
    """One of the vaults that a client of a member gets.

    Attributes:
        id: The id of the vault.
        name: The name of an administrator vault; the member's own has one that all share.
        is_own: Whether it is the member's own.
        text: The text as it was typed.
        format: Its format.
    """

    id: str
    name: str
    is_own: bool
    text: str
    format: Format


@dataclass(frozen=True)
class FormerText:
    """A text that a vault had, or has.

    Attributes:
        revision: The how-manieth text of the vault it is, from 1.
        saved_at: When it was saved.
        saved_by: What who saved it is called.
        format: Its format.
        size: Its bytes.
        lines: Its lines.
        is_present: Whether it is the present one.
    """

    revision: int
    saved_at: str
    saved_by: str
    format: Format
    size: int
    lines: int
    is_present: bool


def vault_details(state: State, viewer: Viewer, read: ReadText, member: str) -> VaultDetails:
    """A member's vault.

    Raises:
        NotAllowed: The viewer is neither an administrator nor the member.
        NotFound: There is no such member.
        StoreUnreadable: A document is damaged.
    """
    check_may_see_vault(viewer, member)
    living_member(state, member)
    applied = applied_vaults(state, member)
    may_edit = not edit_refusal(state, viewer.member, member)
    vault = state.vault_of(member)
    if vault is None:
        return VaultDetails(member, "", "", "hocon", True, 0, 0, 0, "", "", applied, may_edit)
    try:
        check_whole(vault)
        text, problem = _text_or_problem(state, read, vault)
        return VaultDetails(
            member=member,
            id=vault["id"],
            text=text,
            format=vault["format"],
            enabled=vault["enabled"],
            revision=vault["revision"],
            size=vault["size"],
            lines=vault["lines"],
            updated_at=vault["updated_at"],
            updated_by=who(state, viewer, vault["updated_by"]),
            applied=applied,
            may_edit=may_edit,
            problem=problem,
        )
    except DAMAGE as error:
        raise damaged(VAULTS_TABLE, vault["id"], error) from error


def edit_refusal(state: State, actor: str, member: str) -> str:
    """Why the actor may not change a member's vault, or ""."""
    try:
        check_may_edit_vault(state, actor, member)
    except WorkspaceError as error:
        return error.message
    return ""


def administrator_vault_row(state: State, viewer: Viewer, key: str) -> AdministratorVaultRow:
    """An administrator vault's line.

    Raises:
        NotFound: There is no such vault.
        NotAllowed: It is not applied to the viewer, who is no administrator.
        StoreUnreadable: Its document is damaged.
    """
    vault = _visible(state, viewer, key)
    try:
        check_whole(vault)
        return _row(state, viewer, vault)
    except DAMAGE as error:
        raise damaged(ADMINISTRATOR_VAULTS_TABLE, key, error) from error


def administrator_vault_details(
    state: State, viewer: Viewer, read: ReadText, key: str
) -> AdministratorVaultDetails:
    """All that the viewer may see of an administrator vault.

    Raises:
        NotFound: There is no such vault.
        NotAllowed: It is not applied to the viewer, who is no administrator.
        StoreUnreadable: Its document is damaged.
    """
    vault = _visible(state, viewer, key)
    try:
        check_whole(vault)
        text, problem = _text_or_problem(state, read, vault)
        return AdministratorVaultDetails(
            row=_row(state, viewer, vault),
            group_ids=tuple(group.id for group in _groups_shown(state, viewer, vault)),
            text=text,
            created_at=vault["created_at"],
            updated_by=who(state, viewer, vault["updated_by"]),
            may_edit=viewer.is_administrator,
            problem=problem,
        )
    except DAMAGE as error:
        raise damaged(ADMINISTRATOR_VAULTS_TABLE, key, error) from error


def applied_vaults(state: State, member: str) -> tuple[AppliedVault, ...]:
    """The enabled administrator vaults that a member gets, in order.

    Raises:
        StoreUnreadable: The document of one of them is damaged.
    """
    vaults = enabled_vaults_for(state, member)
    try:
        return tuple(_applied(state, vault, member) for vault in vaults)
    except DAMAGE as error:
        raise damaged(ADMINISTRATOR_VAULTS_TABLE, f"for {member}", error) from error


def check_may_see_vault(viewer: Viewer, member: str) -> None:
    """See that the viewer may see a member's vault, and whatever tells of its text.

    Raises:
        NotAllowed: The viewer is neither an administrator nor the member.
    """
    if not viewer.may_see_all_of(member):
        raise NotAllowed("You may see your own vault only; for others, ask an administrator.")


def check_whole(vault: Document) -> None:
    """See that what is shown of a vault is there and of its kind.

    Raises:
        KeyError: Something is missing.
        TypeError: Something is not what it should be.
    """
    for field, kind in _KINDS.items():
        if type(vault[field]) is not kind:
            raise TypeError(field)
    if vault["format"] not in FORMATS or not is_time(vault["updated_at"]):
        raise TypeError("format or updated_at")


def text_of(state: State, read: ReadText, vault: Document) -> str:
    """The text of a vault.

    Raises:
        StoreUnreadable: It is missing, was altered or cannot be read.
    """
    return read(vault["text_hash"], what=f"The text of {vault_called(state, vault)}")


def vault_called(state: State, vault: Document) -> str:
    """What a vault is called in a sentence."""
    if "name" in vault:
        return f"the administrator vault {vault['name']}"
    owner = state.find_member(vault["member"])
    return f"the vault of {name_of(owner) if owner else vault['member']}"


def who(state: State, viewer: Viewer, member: str) -> str:
    """What a member is called who did something."""
    document = state.find_member(member)
    return "somebody who is not known here" if document is None else called(document, viewer)


def _text_or_problem(state: State, read: ReadText, vault: Document) -> tuple[str, str]:
    # What else there is to see of the vault is seen nevertheless, and a new text can be saved.
    try:
        return text_of(state, read, vault), ""
    except StoreUnreadable as error:
        return "", error.message


def _applied(state: State, vault: Document, member: str) -> AppliedVault:
    groups = groups_named(state, groups_by_which(state, vault, member))
    return AppliedVault(vault["id"], vault["name"], tuple(group.name for group in groups))


def _groups_shown(state: State, viewer: Viewer, vault: Document) -> tuple[GroupName, ...]:
    if viewer.is_administrator:
        return groups_named(state, vault["groups"])
    return groups_named(state, groups_by_which(state, vault, viewer.member))


def _visible(state: State, viewer: Viewer, key: str) -> Document:
    if viewer.is_administrator:
        return state.find(ADMINISTRATOR_VAULTS_TABLE, key, what="administrator vault")
    # One that is not theirs and one that there is not are told in the same words.
    for vault in enabled_vaults_for(state, viewer.member):
        if vault["id"] == key:
            return vault
    raise NotAllowed(
        "You may see the administrator vaults that are applied to you only. Ask an administrator."
    )


def _row(state: State, viewer: Viewer, vault: Document) -> AdministratorVaultRow:
    place, places = place_seen(state, viewer, vault["id"])
    return AdministratorVaultRow(
        id=vault["id"],
        name=vault["name"],
        groups=tuple(group.name for group in _groups_shown(state, viewer, vault)),
        enabled=vault["enabled"],
        format=vault["format"],
        size=vault["size"],
        lines=vault["lines"],
        updated_at=vault["updated_at"],
        revision=vault["revision"],
        place=place,
        places=places,
        reach=reach_of(state, vault["groups"]) if viewer.is_administrator else None,
    )

"""What several operations look up, and the changes that several of them make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from store.errors import AlreadyExists, Conflict, NotFound, RefusedByRule
from store.models import Credential, Entity, Group, ServiceAccount, User, Vault
from store.operations.grantees import rules_without
from store.operations.vault_texts import deletions
from store.rules import Act, name_of
from store.state import Changes, Documents, State
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINS,
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS,
    USERS_TABLE,
    VAULTS_TABLE,
    Document,
)
from store.text import fold


def living_user(state: State, key: str) -> User:
    """The user with that id.

    Raises:
        NotFound: There is none, or they were removed.
    """
    user = User.of(state.find(USERS_TABLE, key, what="user"))
    if user.removed_at is not None:
        raise NotFound(f"{user.name or user.email} was removed from the workspace meanwhile.")
    return user


def living_service_account(state: State, key: str) -> ServiceAccount:
    """The service account with that id.

    Raises:
        NotFound: There is none, or it was deleted.
    """
    account = ServiceAccount.of(state.find(SERVICE_ACCOUNTS_TABLE, key, what="service account"))
    if account.removed_at is not None:
        raise NotFound(f"The service account {account.name} was deleted meanwhile.")
    return account


def living_credential(state: State, access_key: str) -> Credential:
    """The credential with that access key.

    Raises:
        NotFound: There is none, or it was revoked.
    """
    credential = Credential.of(state.find(CREDENTIALS_TABLE, access_key, what="credential"))
    if credential.revoked_at is not None:
        raise NotFound(f"The credential {access_key} was revoked meanwhile.")
    return credential


def editable_group(state: State, key: str, *, field: str = "groups") -> Group:
    """The group with that id, whose members can be changed.

    Raises:
        NotFound: There is none.
        RefusedByRule: It is `Users`.
    """
    document = state.table(GROUPS_TABLE).get(key)
    if document is None:
        raise NotFound("One of the groups was deleted meanwhile. Choose again.", field=field)
    group = Group.of(document)
    if group.preset == USERS:
        raise RefusedByRule("The group Users holds every member by itself.", field=field)
    return group


def refuse_taken_email(state: State, email: str, *, but: str = "", field: str = "email") -> None:
    """Refuse an email that a living user has.

    Raises:
        AlreadyExists: Somebody other than `but` has it.
    """
    for owner in state.index("email").get(fold(email), ()):
        if owner != but:
            raise AlreadyExists(f"{email} belongs to {_called(state, owner)}.", field=field)


def refuse_taken_login(state: State, login: str, *, but: str = "") -> None:
    """Refuse a login name that a living user has.

    Raises:
        AlreadyExists: Somebody other than `but` has it.
    """
    for owner in state.index("login name").get(fold(login), ()):
        if owner != but:
            raise AlreadyExists(
                f"The login name {login} belongs to {_called(state, owner)}.", field="login_name"
            )


def refuse_taken_account_name(state: State, name: str, *, but: str = "") -> None:
    """Refuse a name that a living service account has.

    Raises:
        AlreadyExists: One other than `but` has it.
    """
    for owner in state.index("service account").get(fold(name), ()):
        if owner != but:
            other = state.table(SERVICE_ACCOUNTS_TABLE)[owner]["name"]
            raise AlreadyExists(f"There is a service account {other} already.", field="name")


def _called(state: State, key: str) -> str:
    return name_of(state.table(USERS_TABLE)[key])


def refuse_stale(entity: Entity, revision: int, called: str) -> None:
    """Refuse an edit that began from a former revision.

    Raises:
        Conflict: Somebody has changed the entity meanwhile.
    """
    if entity.revision != revision:
        raise Conflict(
            f"{called} was changed by somebody else while you were editing. "
            "Nothing was saved; look at it again."
        )


def with_members(group: Group, joining: Iterable[str] = (), leaving: Iterable[str] = ()) -> Group:
    """The group with those members more and less, in order of joining."""
    gone = set(leaving)
    members = [member for member in group.members if member not in gone]
    here = set(members)
    members += [member for member in joining if member not in here]
    return group.changed(members=members)


def regrouped(
    state: State, member: str, joining: Iterable[str], leaving: Iterable[str]
) -> dict[str, Document | None]:
    """The documents of the groups that a member joins and leaves.

    Raises:
        NotFound: One of the groups is gone.
        RefusedByRule: One of them is `Users`, or a service account would join `Admins`.
    """
    joined = [editable_group(state, key) for key in joining]
    left = [editable_group(state, key) for key in leaving]
    if member in state.table(SERVICE_ACCOUNTS_TABLE):
        for group in joined:
            _refuse_admins(group)
    return {
        **{group.id: with_members(group, joining=[member]).document() for group in joined},
        **{group.id: with_members(group, leaving=[member]).document() for group in left},
    }


def _refuse_admins(group: Group) -> None:
    if group.preset == ADMINS:
        raise RefusedByRule(
            "A service account may be in any group but Admins. Choose another.", field="groups"
        )


def groups_without(state: State, members: list[str]) -> dict[str, Document | None]:
    """The documents of every group that lists one of the members, without them."""
    touched = {key for member in members for key in state.groups_of(member)}
    groups = (Group.of(state.table(GROUPS_TABLE)[key]) for key in sorted(touched))
    return {group.id: with_members(group, leaving=members).document() for group in groups}


def revoked_credentials(state: State, act: Act, members: list[str]) -> dict[str, Document | None]:
    """The documents of all the members' credentials, revoked by this act."""
    keys = [key for member in members for key in state.credentials_of(member)]
    credentials = (Credential.of(state.table(CREDENTIALS_TABLE)[key]) for key in keys)
    return {
        credential.id: credential.changed(revoked_at=act.at, revoked_by=act.actor).document()
        for credential in credentials
    }


def with_suspension(
    entities: Sequence[User | ServiceAccount | Credential], *, suspended: bool
) -> dict[str, Document | None]:
    """The documents of those whose suspension this begins or ends."""
    return {
        entity.id: entity.changed(suspended=suspended).document()
        for entity in entities
        if entity.suspended != suspended
    }


def removal(
    state: State, act: Act, removed: Sequence[User | ServiceAccount]
) -> tuple[Changes, int]:
    """What takes members out of the workspace: credentials revoked, in no group or rule, no vault.

    Args:
        state: The newest state.
        act: Who removes them, and when.
        removed: The members, as they are to be.

    Returns:
        The changes, and how many credentials they revoke.
    """
    keys = [member.id for member in removed]
    credentials = revoked_credentials(state, act, keys)
    changes: dict[str, Documents] = {
        CREDENTIALS_TABLE: credentials,
        GROUPS_TABLE: groups_without(state, keys),
        ACCESS_RULES_TABLE: rules_without(state, members=keys),
    }
    changes |= deletions(act, VAULTS_TABLE, _vaults_of(state, keys))
    for member in removed:
        changes[member.table] = {**changes.get(member.table, {}), member.id: member.document()}
    return Changes(changes), len(credentials)


def _vaults_of(state: State, members: list[str]) -> list[Vault]:
    vaults = (state.vault_of(member) for member in members)
    return [Vault.of(vault) for vault in vaults if vault is not None]

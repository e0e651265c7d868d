"""What several operations look up, and the changes that several of them make."""

from __future__ import annotations

from collections.abc import Iterable

from store.errors import AlreadyExists, Conflict, NotFound, RefusedByRule
from store.models import Credential, Entity, Group, User
from store.rules import Act
from store.state import State
from store.terms import CREDENTIALS_TABLE, GROUPS_TABLE, USERS, USERS_TABLE, Document
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


def _called(state: State, key: str) -> str:
    user = state.table(USERS_TABLE)[key]
    return str(user.get("name") or user["email"])


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

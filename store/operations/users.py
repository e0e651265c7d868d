"""Editing, suspending and removing users (SPEC, Rules, Users)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.emails import clean_email
from store.errors import NotAllowed, RefusedByRule
from store.models import User
from store.operations.ended_links import ended_links
from store.operations.lookups import (
    living_user,
    refuse_stale,
    refuse_taken_email,
    refuse_taken_login,
    regrouped,
    removal,
    with_suspension,
)
from store.persistence.store import Outcome
from store.rules import (
    Act,
    acting_member,
    check_administrator_left,
    name_of,
    require_administrator,
)
from store.state import Changes, State
from store.terms import (
    ACTIVE,
    ENDED_LINKS_TABLE,
    GROUPS_TABLE,
    PENDING,
    USERS_TABLE,
    Document,
)
from store.text import clean_name


@dataclass(frozen=True)
class UserEdit:
    """What an edit wants of a user. What is None stays as it is.

    Attributes:
        user: The user's id.
        revision: The revision that the edit began from.
        name: The new name.
        email: The new email.
        login_name: The new login name; "" takes it away.
        joining: The ids of groups to join.
        leaving: The ids of groups to leave.
    """

    user: str
    revision: int
    name: str | None = None
    email: str | None = None
    login_name: str | None = None
    joining: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


@dataclass(frozen=True)
class Affected:
    """One user of a removal or suspension, before it is done.

    Attributes:
        member: The user's id.
        called: The name, or else the email.
        credentials: How many of their credentials are not revoked.
        groups: How many groups list them.
        pending: Whether they have not joined yet.
        suspended: Whether they are suspended.
        reason: Why it will not be done to this one, or "".
    """

    member: str
    called: str
    credentials: int
    groups: int
    pending: bool
    suspended: bool
    reason: str = ""


def preview_removal(state: State, act: Act, users: list[str]) -> list[Affected]:
    """What removing these users would do, and which of them may not be removed.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    require_administrator(state, act.actor, "remove users")
    return [_affected(state, act, key, "remove") for key in users]


def preview_suspension(state: State, act: Act, users: list[str]) -> list[Affected]:
    """What suspending these users would do, and which of them may not be suspended.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    require_administrator(state, act.actor, "suspend users")
    return [_affected(state, act, key, "suspend") for key in users]


def _affected(state: State, act: Act, key: str, verb: str) -> Affected:
    document = state.find(USERS_TABLE, key, what="user")
    return Affected(
        member=key,
        called=name_of(document),
        credentials=len(state.credentials_of(key)),
        groups=len(state.groups_of(key)),
        pending=document["status"] == PENDING,
        suspended=bool(document.get("suspended")),
        reason=_refusal(state, act, document, verb),
    )


def _refusal(state: State, act: Act, user: Document, verb: str) -> str:
    if user.get("removed_at"):
        return "was removed already"
    if user["id"] == act.actor:
        return f"nobody may {verb} themselves"
    if verb == "suspend" and user.get("suspended"):
        return "is suspended already"
    if not state.is_administrator(user["id"]):
        return ""
    after = state.changed(Changes({USERS_TABLE: {user["id"]: user | {"suspended": True}}}))
    try:
        check_administrator_left(after)
    except RefusedByRule:
        return "is the last active administrator"
    return ""


def remove_users(state: State, act: Act, *, users: list[str]) -> Outcome[int]:
    """Remove all of them, or none: credentials revoked, out of every group; id and name stay.

    Returns:
        How many credentials were revoked.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
        RefusedByRule: One of them is the actor.
    """
    require_administrator(state, act.actor, "remove users")
    users = list(dict.fromkeys(users))
    living = [living_user(state, key) for key in users]
    _refuse_oneself(act, users, "remove")
    removed = [
        user.changed(removed_at=act.at, suspended=False, login_name="", invitation=None)
        for user in living
    ]
    changes, revoked = removal(state, act, removed)
    ended = ended_links(state, act, living, "withdrawn")
    changes = Changes({**changes.tables, ENDED_LINKS_TABLE: ended})
    entry = act.entry("remove_users", users, {"credentials revoked": revoked})
    return Outcome(revoked, changes, entry)


def suspend_users(state: State, act: Act, *, users: list[str]) -> Outcome[int]:
    """Suspend all of them, or none: sign-in ends at once, everything else stays.

    Returns:
        How many were not suspended before.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
        RefusedByRule: One of them is the actor.
    """
    require_administrator(state, act.actor, "suspend users")
    _refuse_oneself(act, users, "suspend")
    return _set_suspended(state, act, users, suspended=True)


def let_users_back_in(state: State, act: Act, *, users: list[str]) -> Outcome[int]:
    """End the suspension of all of them, or none.

    Returns:
        How many were suspended before.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "let suspended users back in")
    return _set_suspended(state, act, users, suspended=False)


def _set_suspended(state: State, act: Act, users: list[str], *, suspended: bool) -> Outcome[int]:
    living = [living_user(state, key) for key in users]
    documents = with_suspension(living, suspended=suspended)
    entry = act.entry("suspend_users" if suspended else "let_users_back_in", list(documents))
    return Outcome(len(documents), Changes({USERS_TABLE: documents}), entry)


def _refuse_oneself(act: Act, users: list[str], verb: str) -> None:
    if act.actor in users:
        raise RefusedByRule(f"Nobody may {verb} themselves. Ask another administrator.")


def edit_user(state: State, act: Act, *, edit: UserEdit) -> Outcome[None]:
    """Change a user's name, email, login name and groups.

    Raises:
        NotAllowed: The actor is neither an administrator nor, for the name alone, the user.
        NotFound: The user or one of the groups is gone.
        Conflict: Somebody has changed the user meanwhile.
        InvalidInput: A value has the wrong shape.
        AlreadyExists: The email or login name belongs to another.
    """
    _check_right_to_edit(state, act, edit)
    user = living_user(state, edit.user)
    refuse_stale(user, edit.revision, user.name or user.email)
    values = _new_values(state, user, edit)
    changed: dict[str, Any] = {
        field: [getattr(user, field), value] for field, value in values.items()
    }
    groups = regrouped(state, edit.user, edit.joining, edit.leaving)
    if edit.joining or edit.leaving:
        changed |= {"joined": list(edit.joining), "left": list(edit.leaving)}
    documents: dict[str, Document | None] = {}
    if values:
        documents[user.id] = user.changed(**values).document()
    changes = Changes({USERS_TABLE: documents, GROUPS_TABLE: groups})
    return Outcome(None, changes, act.entry("edit_user", [user.id], changed))


def _check_right_to_edit(state: State, act: Act, edit: UserEdit) -> None:
    acting_member(state, act.actor)
    only_the_name = (
        edit.email is None and edit.login_name is None and not edit.joining and not edit.leaving
    )
    if state.is_administrator(act.actor) or (edit.user == act.actor and only_the_name):
        return
    if edit.user == act.actor:
        raise NotAllowed("Of your own account you may change the name only. Ask an administrator.")
    raise NotAllowed("Only administrators may edit other users. Ask a member of Admins.")


def _new_values(state: State, user: User, edit: UserEdit) -> dict[str, str]:
    values: dict[str, str] = {}
    if edit.name is not None and (edit.name.strip() or user.status == ACTIVE):
        values["name"] = clean_name(edit.name, field="name", what="The name")
    elif edit.name is not None:
        values["name"] = ""
    if edit.email is not None:
        values["email"] = clean_email(edit.email)
        refuse_taken_email(state, values["email"], but=user.id)
    if edit.login_name is not None:
        values["login_name"] = ""
        if edit.login_name.strip():
            login = clean_name(edit.login_name, field="login_name", what="The login name")
            refuse_taken_login(state, login, but=user.id)
            values["login_name"] = login
    return {field: value for field, value in values.items() if value != getattr(user, field)}

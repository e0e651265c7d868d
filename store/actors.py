"""In whose name the program runs (SPEC, Who may do what)."""

from __future__ import annotations

from itertools import chain

from store.errors import NotAllowed, NotFound
from store.rules import acting_member
from store.state import State
from store.terms import SERVICE_ACCOUNTS_TABLE, USERS_TABLE
from store.text import fold

NO_INTERFACE = "Service accounts cannot be used to access the interface."


def find_actor(state: State, who: str) -> str:
    """The id of the user that an email or an id names.

    Raises:
        NotFound: It names nobody.
        NotAllowed: It names a service account, by id or name, or somebody suspended.
    """
    who = who.strip()
    key = fold(who)
    user = key if key in state.table(USERS_TABLE) else _user_with(state, "email", who)
    # A service account may be named like somebody's email; that must not lock the person out.
    if user is None:
        if key in state.table(SERVICE_ACCOUNTS_TABLE) or key in state.index("service account"):
            raise NotAllowed(NO_INTERFACE)
        raise NotFound(
            f"--as {who}: nobody in the workspace {state.settings['name']} has this email or id."
        )
    acting_member(state, user)
    return user


def _user_with(state: State, field: str, text: str) -> str | None:
    # Walks, for an index of all of them would take longer than the rest of opening the workspace.
    users, folded = state.table(USERS_TABLE).values(), fold(text)
    exact = (user for user in users if user.get(field) == text)
    alike = (user for user in users if fold(str(user.get(field, ""))) == folded)
    for user in chain(exact, alike):
        if not user.get("removed_at"):
            return str(user["id"])
    return None


def find_actor_by_login(state: State, login: str) -> str:
    """The id of the user with that login name.

    Raises:
        NotFound: Nobody has it.
        NotAllowed: The user is suspended.
    """
    user = _user_with(state, "login_name", login) if login else None
    if user is None:
        raise NotFound(
            f"Nobody in the workspace {state.settings['name']} has the login name {login}. "
            "Ask an administrator to set it, or say who you are with --as EMAIL."
        )
    acting_member(state, user)
    return user

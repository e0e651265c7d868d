"""Sessions: what somebody who has signed in goes on with, and whether it is still good.

A session belongs to the credential that it was begun with. Whoever acts for another has a session
in that one's name, which belongs to the credential of whoever acts.
"""

from __future__ import annotations

from dataclasses import dataclass

from store.impersonation import impersonation_verdict, may_impersonate
from store.sign_ins import Verdict, verdict_on_credential
from store.state import DAMAGE, State, damaged
from store.terms import CREDENTIALS_TABLE, SERVICE_ACCOUNTS_TABLE
from store.views import Viewer, called


@dataclass(frozen=True)
class Session:
    """In whose name calls are made, and by which credential.

    Attributes:
        member: The id of the member in whose name.
        access_key: The access key of the credential.
        agent: The id of the member who acts for that one, or "" where nobody does.
    """

    member: str
    access_key: str
    agent: str = ""

    @property
    def holder(self) -> str:
        """The id of the member whose credential it is."""
        return self.agent or self.member


@dataclass(frozen=True)
class Rights:
    """What a session may do beyond its member's own things; with other rights now, it ends.

    Attributes:
        is_administrator: Whether it has an administrator's rights.
        is_service_account: Whether it is in the name of a service account.
        may_impersonate: Whether that account may act for the owners of tasks.
    """

    is_administrator: bool
    is_service_account: bool
    may_impersonate: bool


def rights_of(state: State, session: Session) -> Rights:
    """The rights of a session. Whoever acts for another has a plain user's."""
    is_account = session.member in state.table(SERVICE_ACCOUNTS_TABLE)
    if session.agent:
        return Rights(False, is_account, False)
    is_acting = is_account and may_impersonate(state, session.member)
    return Rights(state.is_administrator(session.member), is_account, is_acting)


def verdict_on_session(state: State, session: Session, now: str) -> Verdict:
    """What a call in a session comes to, its token being genuine.

    Args:
        state: The state.
        session: The session.
        now: The time.

    Raises:
        StoreUnreadable: A document is damaged.
    """
    document = state.table(CREDENTIALS_TABLE).get(session.access_key)
    try:
        if document is None or document["member"] != session.holder:
            return Verdict.UNKNOWN
        verdict = verdict_on_credential(state, document, now)
    except DAMAGE as error:
        raise damaged(CREDENTIALS_TABLE, session.access_key, error) from error
    if verdict is Verdict.GOOD and session.agent:
        return impersonation_verdict(state, session.agent, session.member)
    return verdict


@dataclass(frozen=True)
class Identity:
    """What a session's member and the workspace are called.

    Attributes:
        workspace: The id of the workspace.
        workspace_name: The name of the workspace.
        name: What the member is called, as far as whoever holds the session may know it.
    """

    workspace: str
    workspace_name: str
    name: str


def identity_of(state: State, session: Session) -> Identity:
    """What a session's member and the workspace are called.

    Raises:
        StoreUnreadable: The member's document is damaged.
    """
    holder = Viewer(session.holder, state.is_administrator(session.holder))
    member = state.find_member(session.member) or {}
    try:
        name = called(member, holder) if member else ""
    except DAMAGE as error:
        raise damaged("the members", session.member, error) from error
    return Identity(state.settings["id"], state.settings["name"], name)

"""What a viewer gets to see of refused sign-ins: whose key it was, and what the workspace knows."""

from __future__ import annotations

from dataclasses import dataclass

from store.credential_views import has_expired
from store.sign_ins import RefusedSignIn, Verdict, verdict_on_credential
from store.state import DAMAGE, State, damaged
from store.terms import CREDENTIALS_TABLE, Document
from store.usage import Used
from store.views import Viewer, called


@dataclass(frozen=True)
class Grounds:
    """Why a credential was refused, and what the workspace says of that now.

    Attributes:
        cause: Why.
        at: When the credential was revoked or expired, or its member was removed, where it is that.
        by: What whoever revoked it, or removed the member, is called, or "".
        is_over: Whether what can end, a suspension or an expiry, holds no longer.
    """

    cause: Verdict
    at: str | None = None
    by: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class RefusedRow:
    """One line of refused sign-ins.

    Attributes:
        sign_ins: Those with one access key, from one address, for one cause.
        member: The id of the member whose access key it is, or "" for an unknown one.
        called: What the member is called, or "".
        label: What the credential is called, or "".
        grounds: Why they were refused.
    """

    sign_ins: RefusedSignIn
    member: str
    called: str
    label: str
    grounds: Grounds


@dataclass(frozen=True)
class Contact:
    """What has become of a credential since it was handed out.

    Attributes:
        now: The time.
        used: Its last use; `NEVER` where it has not signed in yet.
        refused: The latest sign-ins with it that were refused, or None.
        ending: Why it cannot sign in now, or None where it can.
    """

    now: str
    used: Used
    refused: RefusedRow | None
    ending: Grounds | None


def refused_row(state: State, viewer: Viewer, sign_ins: RefusedSignIn, now: str) -> RefusedRow:
    """What a viewer gets to see of refused sign-ins.

    Args:
        state: The state.
        viewer: Who is looking.
        sign_ins: The sign-ins.
        now: The time.

    Raises:
        StoreUnreadable: The document of the credential, or of a member, is damaged.
    """
    cause, access_key = sign_ins.cause, sign_ins.access_key
    credential = state.table(CREDENTIALS_TABLE).get(access_key)
    if credential is None or cause is Verdict.UNKNOWN:
        return RefusedRow(sign_ins, "", "", "", Grounds(cause))
    try:
        member = credential["member"]
        name, label = _called(state, viewer, member), credential["label"]
        return RefusedRow(
            sign_ins, member, name, label, _grounds(state, viewer, cause, credential, now)
        )
    except DAMAGE as error:
        raise damaged(CREDENTIALS_TABLE, access_key, error) from error


def ending_of(state: State, viewer: Viewer, credential: Document, now: str) -> Grounds | None:
    """Why a credential cannot sign in now, or None where it can.

    Raises:
        StoreUnreadable: The document of the credential, or of a member, is damaged.
    """
    try:
        cause = verdict_on_credential(state, credential, now)
        if cause is Verdict.GOOD:
            return None
        return _grounds(state, viewer, cause, credential, now)
    except DAMAGE as error:
        raise damaged(CREDENTIALS_TABLE, credential["id"], error) from error


def _grounds(
    state: State, viewer: Viewer, cause: Verdict, credential: Document, now: str
) -> Grounds:
    member = state.find_member(credential["member"]) or {}
    match cause:
        case Verdict.REVOKED | Verdict.REMOVED:
            revoked_at = credential.get("revoked_at")
            removed_at = member.get("removed_at") if cause is Verdict.REMOVED else None
            # Whoever removed the member has revoked the credentials by that.
            is_by_them = removed_at in (None, revoked_at)
            by = _called(state, viewer, credential.get("revoked_by") or "") if is_by_them else ""
            return Grounds(cause, removed_at or revoked_at, by)
        case Verdict.EXPIRED if has_expired(credential, now):
            return Grounds(cause, credential["expires_at"])
        case Verdict.EXPIRED:
            return Grounds(cause, is_over=True)
        case Verdict.SUSPENDED:
            return Grounds(cause, is_over=not credential.get("suspended"))
        case Verdict.MEMBER_SUSPENDED:
            return Grounds(cause, is_over=not member.get("suspended"))
    return Grounds(cause)


def _called(state: State, viewer: Viewer, key: str) -> str:
    member = state.find_member(key)
    return "" if member is None else called(member, viewer)

"""`auth`: signing in and out, also for the owner of a task."""

from __future__ import annotations

from api import tokens
from api.authentication import (
    BASIC,
    IMPERSONATE_HEADERS,
    has_ended,
    shown_by,
    sign_in_by_keys,
    sign_in_by_token,
    token_of,
)
from api.call import Call, Data
from api.refusals import CallRefused, forbidden, impersonation_error
from store.errors import NotAllowed, RefusedByRule, StoreFailed
from store.sessions import Session
from store.sign_ins import Verdict

_TENANT_HEADER = "x-clearml-tenant"


async def login(call: Call) -> Data:
    """Sign in with keys or with a token, in one's own name or in that of a task's owner."""
    kind, text = shown_by(call)
    session = (sign_in_by_keys if kind == BASIC else sign_in_by_token)(call, text)
    # No more than a wish: however long it is, the client renews its token when it ends.
    life = call.arguments.whole_number(
        "expiration_sec", least=1, most=tokens.LONGEST_LIFE, is_cut=True
    )
    session = _for_owner(call, session)
    if not session.agent:
        await _activate(call, session)
    return {"token": _given(call, session, life or tokens.USUAL_LIFE)}


async def logout(call: Call) -> Data:
    """End the token that the call was made with; the credential stays good."""
    await call.served.log_outs.take(call.served.door.log_out, call.session, call.shown.mark)
    return {}


async def validate_token(call: Call) -> Data:
    """Say whether a token is good: one's own, and to administrators any."""
    try:
        token = token_of(call, call.arguments.text("token"))
    except CallRefused as refused:
        if refused.status != 401:
            raise
        return {"valid": False, "msg": refused.message}
    if token.session.member != call.session.member and not call.workspace.is_administrator:
        raise forbidden()
    door = call.served.door
    verdict = door.verdict_on_session(token.session, token.mark, token.rights)
    if has_ended(call, token) or verdict is not Verdict.GOOD:
        return {"valid": False, "msg": "Invalid token"}
    identity = door.identity_of(token.session)
    return {"valid": True, "user": token.session.member, "company": identity.workspace}


def _for_owner(call: Call, session: Session) -> Session:
    """The session in the name of the owner that is asked for, or the same one."""
    tenant = call.headers.get(_TENANT_HEADER)
    if tenant is not None and tenant != call.served.door.identity_of(session).workspace:
        raise impersonation_error("There is no such company.")
    owners = [call.headers[name] for name in IMPERSONATE_HEADERS if name in call.headers]
    if not owners:
        return session
    try:
        return call.served.door.impersonate(
            session, owners[0], worker=call.worker, address=call.address
        )
    except (NotAllowed, RefusedByRule) as error:
        raise impersonation_error(error.message) from None


async def _activate(call: Call, session: Session) -> None:
    """Make a user Active at the first sign-in, who may go on where that cannot be written now."""
    workspace = call.served.open_for(session)
    if workspace.is_pending:
        try:
            await call.served.changes.take(workspace.join)
        except StoreFailed:
            return


def _given(call: Call, session: Session, life: int) -> str:
    door, now = call.served.door, call.served.seconds
    rights, mark = door.rights_of(session), door.new_mark(session)
    token = tokens.Token(mark, session, rights, now, now + life)
    # The line of the request says who it was.
    call.token = token
    return tokens.signed(token, door.identity_of(session), call.served.secret)

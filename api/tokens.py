"""Tokens: signed claims that clients read without checking, and that are checked here at each call.

A token is bound to the credential that it was given for. What it says is believed only as far as
the store says the same now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from api.paths import API_VERSION
from store.sessions import Identity, Rights, Session

# What clients take the server to be, fixed: it is not the version of this program.
SERVER_VERSION = "3.24.0"
# Without it clients ask for no vaults, and pass none on to containers.
FEATURE_SET = "advanced"

# Agents renew a token with less than half a day left: a shorter life is a sign-in at each call.
USUAL_LIFE = 30 * 86_400
LONGEST_LIFE = 365 * 86_400

_ALGORITHM = "HS256"
# The header is read before the signature is checked, and nested deeper it would exhaust the stack.
_LONGEST_HEADER = 200

ADMIN_ROLE, USER_ROLE = "admin", "user"
_PERSON, _SERVICE_ACCOUNT, _IMPERSONATING_ACCOUNT = 0, 1, 2


class TokenRefused(Exception):
    """A text that is no token of ours."""


@dataclass(frozen=True)
class Token:
    """What a token says.

    Attributes:
        id: Its own id.
        session: The session that it is for.
        rights: The rights of the session when it was given.
        expires_at: When it ends, in seconds since 1970.
    """

    id: str
    session: Session
    rights: Rights
    expires_at: int


def role_of(rights: Rights) -> str:
    """The role that clients are told."""
    return ADMIN_ROLE if rights.is_administrator else USER_ROLE


def signed(token: Token, identity: Identity, secret: bytes, now: int) -> str:
    """A token as text.

    Args:
        token: What it says.
        identity: What its member and the workspace are called.
        secret: The signing secret.
        now: The time, in seconds since 1970.
    """
    claims: dict[str, Any] = {
        "identity": {
            "user": token.session.member,
            "company": identity.workspace,
            "role": role_of(token.rights),
            "service_account_type": _account_type(token.rights),
            "user_name": identity.name,
            "company_name": identity.workspace_name,
        },
        "tenant": identity.workspace,
        "api_version": API_VERSION,
        "server_version": SERVER_VERSION,
        "feature_set": FEATURE_SET,
        "iat": now,
        "exp": token.expires_at,
        "session_id": token.id,
        "credential": token.session.access_key,
    }
    if token.session.agent:
        claims["impersonator"] = token.session.agent
    return jwt.encode(claims, secret, _ALGORITHM)


def read(text: str, secret: bytes) -> Token:
    """What a text says that is a token of ours, be its time over or not.

    Raises:
        TokenRefused: It is none.
    """
    if len(text.partition(".")[0]) > _LONGEST_HEADER:
        raise TokenRefused
    try:
        # Whether its time is over is asked of the workspace's clock, not here.
        claims = jwt.decode(
            text, secret, [_ALGORITHM], options={"verify_exp": False, "verify_iat": False}
        )
        identity = claims["identity"]
        session = Session(identity["user"], claims["credential"], claims.get("impersonator", ""))
        rights = _rights(identity["role"], identity["service_account_type"])
        return Token(claims["session_id"], session, rights, claims["exp"])
    except (jwt.PyJWTError, KeyError, TypeError) as error:
        raise TokenRefused from error


def _account_type(rights: Rights) -> int:
    if not rights.is_service_account:
        return _PERSON
    return _IMPERSONATING_ACCOUNT if rights.may_impersonate else _SERVICE_ACCOUNT


def _rights(role: str, account_type: int) -> Rights:
    is_account = account_type != _PERSON
    return Rights(role == ADMIN_ROLE, is_account, account_type == _IMPERSONATING_ACCOUNT)

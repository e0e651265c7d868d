"""Tokens: signed claims that clients read without checking, and that are checked here at each call.

A token is bound to the credential that it was given for. What it says is believed only as far as
the store says the same now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import jwt
from pydantic import BaseModel, ConfigDict, Field

from api.paths import API_VERSION
from store.log_outs import Mark
from store.sessions import Identity, Rights, Session

# What clients take the server to be, fixed: it is not the version of this program.
SERVER_VERSION = "3.24.0"
# Without it clients ask for no vaults, and pass none on to containers.
FEATURE_SET = "advanced"

# Agents renew a token with less than half a day left: a shorter life is a sign-in at each call.
USUAL_LIFE = 30 * 86_400
LONGEST_LIFE = 365 * 86_400

_ALGORITHM = "HS256"
_SIGNER = jwt.PyJWS()
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
        mark: By what it can be ended.
        session: The session that it is for.
        rights: The rights of the session when it was given.
        given_at: When it was given, in seconds since 1970.
        expires_at: When it ends, likewise.
    """

    mark: Mark
    session: Session
    rights: Rights
    given_at: int
    expires_at: int


def role_of(rights: Rights) -> str:
    """The role that clients are told."""
    return ADMIN_ROLE if rights.is_administrator else USER_ROLE


# Of ids and access keys; the series of a token has its number behind a dot.
_Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
_Series = Annotated[str, Field(pattern=r"^[0-9a-f]{32}\.[0-9]{1,19}$")]
_Seconds = Annotated[int, Field(ge=0, lt=2**40)]
_Strict = ConfigDict(strict=True, extra="forbid", frozen=True)


class _WhoseToken(BaseModel):
    """What a token says of its member. Clients read it."""

    model_config = _Strict

    user: _Id
    company: _Id
    role: Literal["admin", "user"]
    service_account_type: Annotated[int, Field(ge=_PERSON, le=_IMPERSONATING_ACCOUNT)]
    user_name: str
    company_name: str


class _Claims(BaseModel):
    """All that a token says, as `signed` makes it: nothing else is a token of ours."""

    model_config = _Strict

    identity: _WhoseToken
    tenant: _Id
    api_version: str
    server_version: str
    feature_set: str
    iat: _Seconds
    exp: _Seconds
    session_id: _Id
    series: _Series
    credential: _Id
    # Left out where nobody acts for another, and never null.
    impersonator: _Id = ""


def signed(token: Token, identity: Identity, secret: bytes) -> str:
    """A token as text.

    Args:
        token: What it says.
        identity: What its member and the workspace are called.
        secret: The signing secret.
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
        "iat": token.given_at,
        "exp": token.expires_at,
        "session_id": token.mark.id,
        "series": token.mark.series,
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
        claims = _Claims.model_validate_json(_SIGNER.decode(text, secret, [_ALGORITHM]))
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused from error
    # Whether its time is over is asked of the workspace's clock, not here.
    if not 0 < claims.exp - claims.iat <= LONGEST_LIFE or claims.tenant != claims.identity.company:
        raise TokenRefused
    identity = claims.identity
    return Token(
        Mark(claims.session_id, claims.series),
        Session(identity.user, claims.credential, claims.impersonator),
        _rights(identity.role, identity.service_account_type),
        claims.iat,
        claims.exp,
    )


def _account_type(rights: Rights) -> int:
    if not rights.is_service_account:
        return _PERSON
    return _IMPERSONATING_ACCOUNT if rights.may_impersonate else _SERVICE_ACCOUNT


def _rights(role: str, account_type: int) -> Rights:
    is_account = account_type != _PERSON
    return Rights(role == ADMIN_ROLE, is_account, account_type == _IMPERSONATING_ACCOUNT)

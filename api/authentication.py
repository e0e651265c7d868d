"""Who calls: by keys at a sign-in, by a token at each other call."""

from __future__ import annotations

import base64
import binascii

from api import tokens
from api.call import Call
from api.refusals import (
    bad_header_type,
    invalid_credentials,
    invalid_token,
    malformed_credentials,
    missing_credentials,
    too_many_failed_sign_ins,
)
from store.errors import SessionEnded, SignInRefused
from store.sessions import Session
from store.sign_ins import Verdict

IMPERSONATE_HEADERS = ("x-clearml-impersonate-as", "x-trains-impersonate-as")

BASIC, BEARER = "basic", "bearer"


def shown_by(call: Call) -> tuple[str, str]:
    """How a caller says who it is, and what it shows.

    Raises:
        CallRefused: It shows nothing, or something of another kind.
    """
    header = call.headers.get("authorization", "").strip()
    if not header:
        raise missing_credentials()
    kind, _, rest = header.partition(" ")
    if kind.lower() not in (BASIC, BEARER):
        raise bad_header_type()
    return kind.lower(), rest.strip()


def authenticate(call: Call) -> None:
    """See that a call shows a good token, and note the use of its credential.

    Raises:
        CallRefused: It does not.
        SessionEnded: The token is ours, and not good any more.
    """
    kind, text = shown_by(call)
    if kind != BEARER:
        raise bad_header_type()
    token = token_of(call, text)
    if has_ended(call, token):
        raise SessionEnded
    call.served.door.use_session(
        token.session, token.mark, token.rights, worker=call.worker, address=call.address
    )
    call.token = token


def sign_in_by_token(call: Call, text: str) -> Session:
    """The session of whoever signs in with a token; a refusal is recorded.

    Raises:
        CallRefused: The token is not good.
    """
    token = token_of(call, text)
    door = call.served.door
    verdict = Verdict.CLOCK
    if not has_ended(call, token):
        verdict = door.verdict_on_session(token.session, token.mark, token.rights)
    if verdict is not Verdict.GOOD:
        door.note_refusal(token.session.access_key, call.address, verdict)
        raise invalid_token()
    door.note_use(token.session.access_key, call.worker, call.address)
    return token.session


def sign_in_by_keys(call: Call, text: str) -> Session:
    """The session of whoever signs in with an access key and a secret key.

    Raises:
        CallRefused: The keys are not good, or cannot be read.
    """
    access_key, secret_key = _keys(text)
    try:
        signed_in = call.served.door.sign_in(
            access_key, secret_key, worker=call.worker, address=call.address
        )
    except SignInRefused:
        # Only now: whoever has good keys is let in, however many others have failed.
        if call.served.failed_sign_ins.is_one_too_many(access_key, call.address):
            raise too_many_failed_sign_ins() from None
        raise invalid_credentials() from None
    return Session(signed_in.member, signed_in.access_key)


def token_of(call: Call, text: str) -> tokens.Token:
    """What a text says that is a token of ours.

    Raises:
        CallRefused: It is none.
    """
    try:
        return tokens.read(text, call.served.secret)
    except tokens.TokenRefused:
        raise invalid_token() from None


def has_ended(call: Call, token: tokens.Token) -> bool:
    """Whether the time of a token is over."""
    return token.expires_at <= call.served.seconds


def _keys(text: str) -> tuple[str, str]:
    try:
        access_key, colon, secret_key = (
            base64.b64decode(text, validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        raise malformed_credentials() from None
    if not colon:
        raise malformed_credentials()
    return access_key, secret_key

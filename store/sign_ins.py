"""Signing in with a credential: what is good, and what becomes of what is not (SPEC, Secrets)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum

from store.credential_views import has_expired
from store.minting import is_secret_key
from store.state import DAMAGE, State, damaged
from store.terms import CREDENTIALS_TABLE, Document

# What is kept of texts that a client gave.
LONGEST_WORKER = 200
LONGEST_ADDRESS = 100
# Of an unknown access key no more: it may be a secret that was put in the wrong field.
LONGEST_UNKNOWN_KEY = 4

# Of so many characters NFC makes one; more of them in a row are nobody's name.
_LONGEST_COMPOSED = 4
# Compared with where there is no credential, so that it takes as long. No secret has this hash.
_HASH_OF_NOTHING = "0" * 64


class Verdict(StrEnum):
    """What becomes of an access key and a secret key; all but the first are refused."""

    GOOD = "good"
    UNKNOWN = "unknown"
    WRONG_SECRET = "wrong secret"
    REMOVED = "member removed"
    REVOKED = "revoked"
    MEMBER_SUSPENDED = "member suspended"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    # Of tokens: their time is over by the clock here, they were logged out, or their member has
    # other rights now.
    CLOCK = "clock"
    LOGGED_OUT = "logged out"
    OTHER_RIGHTS = "other rights"
    # Of acting for the owner of a task: the member may not, or the owner is none or suspended.
    IMPERSONATION = "impersonation"
    OWNER_GONE = "owner gone"
    OWNER_SUSPENDED = "owner suspended"


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in.

    Attributes:
        member: The id of the member.
        access_key: The access key of the credential.
    """

    member: str
    access_key: str


@dataclass(frozen=True)
class RefusedSignIn:
    """Sign-ins with one access key, from one address, that were refused for one cause.

    Attributes:
        access_key: The access key; of an unknown one only the first four characters.
        address: The network address that they came from, or "".
        cause: Why they were refused.
        count: How many there were.
        first_at: When the first was.
        last_at: When the last was.
    """

    access_key: str
    address: str
    cause: Verdict
    count: int
    first_at: str
    last_at: str

    @property
    def kind(self) -> tuple[str, str, str]:
        """What is counted as one: key, address and cause."""
        return self.access_key, self.address, self.cause

    @property
    def is_anybodys(self) -> bool:
        """Whether it takes no access key of the workspace to be refused so."""
        return self.cause is Verdict.UNKNOWN

    def with_others(self, others: RefusedSignIn) -> RefusedSignIn:
        """These sign-ins and others with the same key, address and cause."""
        return replace(
            self,
            count=self.count + others.count,
            first_at=min(self.first_at, others.first_at),
            last_at=max(self.last_at, others.last_at),
        )


def strangers_text(text: str, longest: int) -> str:
    """What is kept of a text that anybody may have sent: NFC, cut, and such as JSON can hold."""
    if len(text) <= longest and text.isascii():
        return text
    # Cut first, for normalising a megabyte takes long.
    whole = text[: longest * _LONGEST_COMPOSED].encode(errors="replace").decode()
    return unicodedata.normalize("NFC", whole)[:longest]


def verdict_on(state: State, access_key: str, secret_key: str, now: str) -> Verdict:
    """What a sign-in with these keys comes to. Nothing is kept of it.

    Whoever has not the secret learns nothing more of a credential. The time that it takes depends
    neither on the number of credentials nor on whether the access key is known.

    Args:
        state: The state.
        access_key: What was given as the access key.
        secret_key: What was given as the secret key.
        now: The time.

    Raises:
        StoreUnreadable: The credential's document is damaged.
    """
    document = state.table(CREDENTIALS_TABLE).get(access_key)
    try:
        kept = _HASH_OF_NOTHING if document is None else document["secret_hash"]
        is_right = is_secret_key(secret_key, kept)
        if document is None:
            return Verdict.UNKNOWN
        return verdict_on_credential(state, document, now) if is_right else Verdict.WRONG_SECRET
    except DAMAGE as error:
        raise damaged(CREDENTIALS_TABLE, access_key, error) from error


def verdict_on_credential(state: State, document: Document, now: str) -> Verdict:
    """What using a credential comes to, of which it is known that it is the caller's.

    Raises:
        KeyError, TypeError, AttributeError: A document is damaged.
    """
    member = state.find_member(document["member"])
    # The first that holds is told: what can be undone comes after what cannot.
    holds = {
        Verdict.REMOVED: member is None or member.get("removed_at"),
        Verdict.REVOKED: document.get("revoked_at"),
        Verdict.MEMBER_SUSPENDED: member is not None and member.get("suspended"),
        Verdict.SUSPENDED: document.get("suspended"),
        Verdict.EXPIRED: has_expired(document, now),
    }
    return next((verdict for verdict, is_so in holds.items() if is_so), Verdict.GOOD)

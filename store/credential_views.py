"""What a viewer gets to see of credentials: never a secret, nor its hash."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from store.state import State
from store.terms import CREDENTIALS_TABLE, Document
from store.times import from_text, is_past, to_text
from store.usage import Usage

# One that was not used for so long is stale, but a new one only after a while.
STALE_AFTER = timedelta(days=90)
STALE_FROM = timedelta(days=7)


@dataclass(frozen=True)
class CredentialRow:
    """One credential that was not revoked.

    Attributes:
        access_key: The access key.
        member: The id of the member that it belongs to.
        label: What it is called.
        revision: The revision that an edit begins from.
        created_at: When it was made.
        expires_at: When it ends, or None for never.
        is_suspended: Whether it is suspended by itself, whatever its member is.
        is_expired: Whether its end is past.
        can_sign_in: Whether it is good now; its member counts, too.
        is_stale: Whether it was not used for 90 days, or in its first week, though it has not
            expired.
        replaced_by: The access key of the one that it was rotated to, while that can be cancelled.
        last_used_at: When it was used last, or None for never.
        worker: The name of the machine that used it last, or "".
        address: The address that it was used from last, or "".
    """

    access_key: str
    member: str
    label: str
    revision: int
    created_at: str
    expires_at: str | None
    is_suspended: bool
    is_expired: bool
    can_sign_in: bool
    is_stale: bool
    replaced_by: str | None
    last_used_at: str | None
    worker: str
    address: str


@dataclass(frozen=True)
class IssuedCredential:
    """A credential that was just made: the only thing that ever holds a secret key.

    Attributes:
        member: The id of the member that it belongs to.
        called: What the member is called.
        access_key: The access key.
        secret_key: The secret key, of which the store keeps a hash only.
        label: Its label.
        revision: The revision that changing the label begins from.
        expires_at: When it ends, or None for never.
    """

    member: str
    called: str
    access_key: str
    secret_key: str = field(repr=False)
    label: str
    revision: int
    expires_at: str | None = None


def credential_rows(state: State, usage: Usage, member: str, now: str) -> tuple[CredentialRow, ...]:
    """The credentials of a member that were not revoked, oldest first.

    Args:
        state: The state.
        usage: When each was used.
        member: The id of the member.
        now: The time.
    """
    documents = [state.table(CREDENTIALS_TABLE)[key] for key in state.credentials_of(member)]
    documents.sort(key=lambda document: (document["created_at"], document["id"]))
    is_out = not state.is_in_good_standing(member)
    return tuple(_row(document, usage, now, is_out=is_out) for document in documents)


def can_sign_in(document: Document, now: str) -> bool:
    """Whether a credential by itself is good, whatever its member is."""
    return not (
        document.get("revoked_at") or document.get("suspended") or has_expired(document, now)
    )


def has_expired(document: Document, now: str) -> bool:
    """Whether a credential's end is past."""
    expires_at = document.get("expires_at")
    return expires_at is not None and is_past(expires_at, now)


def is_stale(document: Document, usage: Usage, now: str) -> bool:
    """Whether a credential that has not expired was not used for 90 days, or in its first week."""
    if has_expired(document, now):
        return False
    used_at = usage.of(document["id"]).at
    since, after = (
        (document["created_at"], STALE_FROM) if used_at is None else (used_at, STALE_AFTER)
    )
    return since <= to_text(from_text(now) - after)


def _row(document: Document, usage: Usage, now: str, *, is_out: bool) -> CredentialRow:
    used = usage.of(document["id"])
    return CredentialRow(
        access_key=document["id"],
        member=document["member"],
        label=document["label"],
        revision=document["revision"],
        created_at=document["created_at"],
        expires_at=document.get("expires_at"),
        is_suspended=bool(document.get("suspended")),
        is_expired=has_expired(document, now),
        can_sign_in=not is_out and can_sign_in(document, now),
        is_stale=is_stale(document, usage, now),
        replaced_by=document.get("replaced_by"),
        last_used_at=used.at,
        worker=used.worker,
        address=used.address,
    )

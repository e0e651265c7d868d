"""What a viewer gets to see of service accounts."""

from __future__ import annotations

from dataclasses import dataclass

from store.credential_views import (
    CredentialRow,
    can_sign_in,
    credential_rows,
    is_stale,
)
from store.errors import NotFound
from store.state import DAMAGE, State, damaged
from store.terms import CREDENTIALS_TABLE, SERVICE_ACCOUNTS_TABLE, Document
from store.usage import Usage
from store.views import GroupName, Viewer, group_names_of


@dataclass(frozen=True)
class ServiceAccountRow:
    """One line of the Service Accounts tab; None is what the viewer may not see.

    Attributes:
        id: The id.
        name: The name.
        is_suspended: Whether it is suspended.
        groups: The names of its groups, `Users` last.
        credentials: How many of its credentials can sign in now.
        has_stale: Whether one of its credentials is stale.
        last_active_at: When one of its credentials, revoked ones too, was used last. A viewer who
            may not see it gets None, as for one that never was.
    """

    id: str
    name: str
    is_suspended: bool
    groups: tuple[str, ...]
    credentials: int | None
    has_stale: bool
    last_active_at: str | None


@dataclass(frozen=True)
class ServiceAccountDetails:
    """All that the viewer may see of a service account; None is what they may not."""

    row: ServiceAccountRow
    revision: int
    allow_impersonation: bool
    groups: tuple[GroupName, ...]
    credentials: tuple[CredentialRow, ...] | None


def service_account_row(
    state: State, usage: Usage, viewer: Viewer, key: str, now: str
) -> ServiceAccountRow:
    """The service account's line.

    Raises:
        NotFound: There is no such service account.
        StoreUnreadable: Its document is damaged.
    """
    account = state.find(SERVICE_ACCOUNTS_TABLE, key, what="service account")
    try:
        return _row(state, usage, viewer, account, now)
    except DAMAGE as error:
        raise damaged(SERVICE_ACCOUNTS_TABLE, key, error) from error


def service_account_details(
    state: State, usage: Usage, viewer: Viewer, key: str, now: str
) -> ServiceAccountDetails:
    """All that the viewer may see of a living service account.

    Raises:
        NotFound: There is no such service account.
        StoreUnreadable: Its document is damaged.
    """
    account = state.find(SERVICE_ACCOUNTS_TABLE, key, what="service account")
    if account.get("removed_at"):
        raise NotFound(f"The service account {account['name']} was deleted.")
    try:
        sees_all = viewer.may_see_all_of(key)
        return ServiceAccountDetails(
            row=_row(state, usage, viewer, account, now),
            revision=account["revision"],
            allow_impersonation=bool(account.get("allow_impersonation")),
            groups=group_names_of(state, key),
            credentials=credential_rows(state, usage, key, now) if sees_all else None,
        )
    except DAMAGE as error:
        raise damaged(SERVICE_ACCOUNTS_TABLE, key, error) from error


def last_active_at(state: State, usage: Usage, member: str) -> str | None:
    """When one of the member's credentials was used last, or None for never."""
    return usage.latest(state.every_credential_of(member))


def has_stale_credentials(state: State, usage: Usage, member: str, now: str) -> bool:
    """Whether one of the member's credentials is stale: not used for long, or never."""
    documents = state.table(CREDENTIALS_TABLE)
    return any(is_stale(documents[key], usage, now) for key in state.credentials_of(member))


def good_credentials(state: State, member: str, now: str) -> int:
    """How many of the member's credentials can sign in now."""
    if not state.is_in_good_standing(member):
        return 0
    documents = state.table(CREDENTIALS_TABLE)
    return sum(can_sign_in(documents[key], now) for key in state.credentials_of(member))


def _row(
    state: State, usage: Usage, viewer: Viewer, account: Document, now: str
) -> ServiceAccountRow:
    key = account["id"]
    sees_all = viewer.may_see_all_of(key)
    return ServiceAccountRow(
        id=key,
        name=account["name"],
        is_suspended=bool(account.get("suspended")),
        groups=tuple(group.name for group in group_names_of(state, key)),
        credentials=good_credentials(state, key, now) if sees_all else None,
        has_stale=sees_all and has_stale_credentials(state, usage, key, now),
        last_active_at=last_active_at(state, usage, key) if sees_all else None,
    )

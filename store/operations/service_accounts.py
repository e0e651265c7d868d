"""Adding, editing, suspending and deleting service accounts (SPEC, Rules, Service accounts)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.errors import LimitReached
from store.models import ServiceAccount
from store.operations.credentials import MadeCredential, NewKey, made_credential
from store.operations.lookups import (
    living_service_account,
    refuse_stale,
    refuse_taken_account_name,
    regrouped,
    removal,
    with_suspension,
)
from store.persistence.store import Outcome
from store.rules import Act, require_administrator, service_account_limit_reached
from store.service_account_views import last_active_at
from store.state import Changes, State
from store.terms import (
    CREDENTIALS_TABLE,
    GROUPS_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS,
    Document,
)
from store.text import clean_name
from store.usage import Usage
from store.views import group_names_of


@dataclass(frozen=True)
class ServiceAccountEdit:
    """What an edit wants of a service account. What is None stays as it is.

    Attributes:
        account: The id.
        revision: The revision that the edit began from.
        name: The new name.
        allow_impersonation: Whether it may run tasks in the name of their owners.
        joining: The ids of groups to join.
        leaving: The ids of groups to leave.
    """

    account: str
    revision: int
    name: str | None = None
    allow_impersonation: bool | None = None
    joining: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


@dataclass(frozen=True)
class AffectedServiceAccount:
    """One service account of a deletion or suspension, before it is done.

    Attributes:
        member: The id.
        called: The name.
        credentials: How many of its credentials are not revoked.
        groups: The names of its groups, without `Users`.
        last_active_at: When one of its credentials was used last, or None for never.
        suspended: Whether it is suspended.
        reason: Why it will not be done to this one, or "".
    """

    member: str
    called: str
    credentials: int
    groups: tuple[str, ...]
    last_active_at: str | None
    suspended: bool
    reason: str = ""


def preview_deletion(
    state: State, act: Act, usage: Usage, accounts: list[str]
) -> list[AffectedServiceAccount]:
    """What deleting these service accounts would do.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them never was.
    """
    require_administrator(state, act.actor, "delete service accounts")
    return [_affected(state, usage, key) for key in accounts]


def preview_service_account_suspension(
    state: State, act: Act, usage: Usage, accounts: list[str]
) -> list[AffectedServiceAccount]:
    """What suspending these service accounts would do.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them never was.
    """
    require_administrator(state, act.actor, "suspend service accounts")
    return [_affected(state, usage, key, "is suspended already") for key in accounts]


def _affected(
    state: State, usage: Usage, key: str, while_suspended: str = ""
) -> AffectedServiceAccount:
    document = state.find(SERVICE_ACCOUNTS_TABLE, key, what="service account")
    suspended = bool(document.get("suspended"))
    reason = while_suspended if suspended else ""
    return AffectedServiceAccount(
        member=key,
        called=document["name"],
        credentials=len(state.credentials_of(key)),
        groups=tuple(group.name for group in group_names_of(state, key) if group.preset != USERS),
        last_active_at=last_active_at(state, usage, key),
        suspended=suspended,
        reason="was deleted already" if document.get("removed_at") else reason,
    )


def add_service_account(
    state: State, act: Act, key: NewKey, *, account: str, name: str, allow_impersonation: bool
) -> Outcome[MadeCredential]:
    """Add a service account, with a first credential.

    Args:
        state: The newest state.
        act: Who adds it, and when.
        key: The credential's keys.
        account: The id that it gets.
        name: Its name.
        allow_impersonation: Whether it may run tasks in the name of their owners.

    Raises:
        NotAllowed: The actor is no administrator.
        LimitReached: There is no place left.
        InvalidInput: The name is none.
        AlreadyExists: Another service account has the name.
        RefusedByRule: The access key was used before.
    """
    require_administrator(state, act.actor, "add service accounts")
    if reason := service_account_limit_reached(state):
        raise LimitReached(reason, field="name")
    added = ServiceAccount(
        id=account,
        name=_clean_name(state, name),
        allow_impersonation=allow_impersonation,
    )
    credential = made_credential(state, act, key, account)
    changes = Changes(
        {
            SERVICE_ACCOUNTS_TABLE: {account: added.document()},
            CREDENTIALS_TABLE: {credential.id: credential.document()},
        }
    )
    changed = {
        "name": ["", added.name],
        "allow_impersonation": [False, allow_impersonation],
        "label": ["", credential.label],
    }
    entry = act.entry("add_service_account", [account, credential.id], changed)
    return Outcome(MadeCredential(credential, added.name), changes, entry)


def edit_service_account(state: State, act: Act, *, edit: ServiceAccountEdit) -> Outcome[None]:
    """Change a service account's name, its right to impersonate, and its groups.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The service account or one of the groups is gone.
        Conflict: Somebody has changed it meanwhile.
        InvalidInput: The name is none.
        AlreadyExists: Another service account has the name.
        RefusedByRule: It may not join one of the groups.
    """
    require_administrator(state, act.actor, "edit service accounts")
    account = living_service_account(state, edit.account)
    refuse_stale(account, edit.revision, account.name)
    values = _new_values(state, account, edit)
    changed: dict[str, Any] = {
        field: [getattr(account, field), value] for field, value in values.items()
    }
    groups = regrouped(state, account.id, edit.joining, edit.leaving)
    if groups:
        changed |= {"joined": list(edit.joining), "left": list(edit.leaving)}
    documents: dict[str, Document | None] = {}
    if values:
        documents[account.id] = account.changed(**values).document()
    changes = Changes({SERVICE_ACCOUNTS_TABLE: documents, GROUPS_TABLE: groups})
    return Outcome(None, changes, act.entry("edit_service_account", [account.id], changed))


def _new_values(state: State, account: ServiceAccount, edit: ServiceAccountEdit) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if edit.name is not None:
        values["name"] = _clean_name(state, edit.name, but=account.id)
    if edit.allow_impersonation is not None:
        values["allow_impersonation"] = edit.allow_impersonation
    return {field: value for field, value in values.items() if value != getattr(account, field)}


def _clean_name(state: State, name: str, *, but: str = "") -> str:
    name = clean_name(name, field="name", what="The name")
    refuse_taken_account_name(state, name, but=but)
    return name


def delete_service_accounts(state: State, act: Act, *, accounts: list[str]) -> Outcome[int]:
    """Delete all of them, or none: credentials revoked, out of every group; id and name stay.

    Returns:
        How many credentials were revoked.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "delete service accounts")
    living = _living(state, accounts)
    removed = [account.changed(removed_at=act.at, suspended=False) for account in living]
    changes, revoked = removal(state, act, removed)
    keys = [account.id for account in removed]
    entry = act.entry("delete_service_accounts", keys, {"credentials revoked": revoked})
    return Outcome(revoked, changes, entry)


def suspend_service_accounts(state: State, act: Act, *, accounts: list[str]) -> Outcome[int]:
    """Suspend all of them, or none: sign-in ends at once, everything else stays.

    Returns:
        How many were not suspended before.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "suspend service accounts")
    documents = with_suspension(_living(state, accounts), suspended=True)
    entry = act.entry("suspend_service_accounts", list(documents))
    return Outcome(len(documents), Changes({SERVICE_ACCOUNTS_TABLE: documents}), entry)


def let_service_accounts_back_in(state: State, act: Act, *, accounts: list[str]) -> Outcome[int]:
    """End the suspension of all of them, or none.

    Returns:
        How many were suspended before.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of them is gone.
    """
    require_administrator(state, act.actor, "let suspended service accounts back in")
    documents = with_suspension(_living(state, accounts), suspended=False)
    entry = act.entry("let_service_accounts_back_in", list(documents))
    return Outcome(len(documents), Changes({SERVICE_ACCOUNTS_TABLE: documents}), entry)


def _living(state: State, accounts: list[str]) -> list[ServiceAccount]:
    return [living_service_account(state, key) for key in dict.fromkeys(accounts)]

"""Making, editing, rotating, suspending and revoking credentials (SPEC, Rules, Credentials)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from store.credential_views import has_expired
from store.errors import InvalidInput, NotAllowed, RefusedByRule
from store.models import Credential
from store.operations.lookups import living_credential, refuse_stale, with_suspension
from store.persistence.store import Outcome
from store.rules import (
    Act,
    check_may_make_credentials,
    check_place_for_credential,
    check_right_to_credentials,
    name_of,
)
from store.state import Changes, State
from store.terms import CREDENTIALS_TABLE, SERVICE_ACCOUNTS_TABLE
from store.text import clean_name, fold
from store.times import from_text, to_text

_FIRST_LABEL = "Default Credentials"


@dataclass(frozen=True)
class NewKey:
    """What is minted for a credential: its access key, and the hash of its secret key."""

    access_key: str
    secret_hash: str


@dataclass(frozen=True)
class EditedCredential:
    """What a credential is after an edit: its label as it is kept, and its revision."""

    label: str
    revision: int


@dataclass(frozen=True)
class MadeCredential:
    """A credential that was just made, and what its member is called."""

    credential: Credential
    called: str


@dataclass(frozen=True)
class CredentialEdit:
    """What an edit wants of a credential, beginning from that revision.

    Attributes:
        access_key: The access key.
        revision: The revision that the edit began from.
        label: The label.
        expires_at: When it ends, or None for never.
    """

    access_key: str
    revision: int
    label: str
    expires_at: str | None


def create_credentials(
    state: State,
    act: Act,
    key: NewKey,
    *,
    member: str,
    label: str,
    life: timedelta | None = None,
) -> Outcome[MadeCredential]:
    """Make a credential for a member.

    Args:
        state: The newest state.
        act: Who makes it, and when.
        key: Its keys.
        member: The id of the member.
        label: Its label; "" for the usual one.
        life: How long it is good; None for without end.

    Raises:
        NotAllowed: The actor may make none for the member.
        NotFound: The member is gone.
        LimitReached: The member has too many.
        RefusedByRule: The member is suspended, or the access key was used before.
        InvalidInput: The label is none, or the life is too long for any time.
    """
    check_may_make_credentials(state, act.actor, member)
    credential = made_credential(state, act, key, member, label)
    changed: dict[str, Any] = {"label": ["", credential.label]}
    if life is not None:
        end = _end_of(life, act, what="The life of a credential", field="life")
        credential = credential.model_copy(update={"expires_at": end})
        changed["expires_at"] = [None, end]
    entry = act.entry("create_credentials", _targets(credential), changed)
    return Outcome(_made(state, credential), _changes(credential), entry)


def made_credential(
    state: State, act: Act, key: NewKey, member: str, label: str = "", *, ending: str = ""
) -> Credential:
    """A new credential of a member, whom it may be for.

    Args:
        state: The newest state.
        act: Who makes it, and when.
        key: Its keys.
        member: The id of the member.
        label: Its label; "" for the usual one.
        ending: The access key of one that ends at once as this begins, or "".

    Raises:
        LimitReached: The member has too many.
        RefusedByRule: The access key was used before, be it by one that was revoked.
        InvalidInput: The label is none.
    """
    if key.access_key in state.table(CREDENTIALS_TABLE):
        raise RefusedByRule("This made a key that exists already; try again.")
    check_place_for_credential(state, member, act.at, ending=ending)
    return Credential(
        id=key.access_key,
        member=member,
        secret_hash=key.secret_hash,
        label=_clean_label(label) if label.strip() else _usual_label(state, member),
        created_at=act.at,
    )


def _usual_label(state: State, member: str) -> str:
    if not state.every_credential_of(member):
        return _FIRST_LABEL
    documents = state.table(CREDENTIALS_TABLE)
    taken = {fold(documents[key]["label"]) for key in state.credentials_of(member)}
    labels = (f"Credential {number}" for number in count(2))
    return next(label for label in labels if fold(label) not in taken)


def _clean_label(label: str) -> str:
    return clean_name(label, field="label", what="The label")


def edit_credential(state: State, act: Act, *, edit: CredentialEdit) -> Outcome[EditedCredential]:
    """Change a credential's label and expiry. Another expiry ends its rotation.

    Raises:
        NotAllowed: The actor may not.
        NotFound: The credential is gone.
        Conflict: Somebody has changed it meanwhile.
        InvalidInput: The label is none, or the expiry is no time to come.
        LimitReached: It had expired, and its member has too many that have not.
    """
    _check_right(state, act, edit.access_key, "edit credentials", by_service_accounts=True)
    credential = living_credential(state, edit.access_key)
    refuse_stale(credential, edit.revision, f"The credential {credential.label}")
    values: dict[str, Any] = {"label": _clean_label(edit.label)}
    if edit.expires_at != credential.expires_at:
        _check_may_set_expiry(state, act)
        if has_expired(credential.document(), act.at):
            check_place_for_credential(state, credential.member, act.at)
        values["expires_at"] = _clean_expiry(edit.expires_at, act)
    changed = {
        field: [getattr(credential, field), value]
        for field, value in values.items()
        if value != getattr(credential, field)
    }
    if not changed:
        return Outcome(EditedCredential(credential.label, credential.revision))
    if "expires_at" in changed:
        values |= {"replaced_by": None, "former_expires_at": None}
    entry = act.entry("edit_credential", _targets(credential), changed)
    edited = credential.changed(**values)
    return Outcome(EditedCredential(edited.label, edited.revision), _changes(edited), entry)


def _check_may_set_expiry(state: State, act: Act) -> None:
    # What has leaked must not make itself last longer.
    if act.actor in state.table(SERVICE_ACCOUNTS_TABLE):
        raise NotAllowed("A service account may change labels only. Ask an administrator.")


def _clean_expiry(expires_at: str | None, act: Act) -> str | None:
    if expires_at is None:
        return None
    try:
        moment = from_text(expires_at)
        text = to_text(moment)
    except (ValueError, OverflowError) as error:
        raise _no_expiry("must be a time such as 2027-01-31T09:30:00Z.") from error
    # Without a zone it would mean another time on another machine.
    if moment.tzinfo is None:
        raise _no_expiry("must be a time such as 2027-01-31T09:30:00Z.")
    if moment <= from_text(act.at):
        raise _no_expiry("must be in the future. To end it now, revoke it.")
    return text


def _no_expiry(reason: str) -> InvalidInput:
    return InvalidInput(f"The expiry {reason}", field="expires_at")


def rotate_credential(
    state: State, act: Act, key: NewKey, *, access_key: str, grace: timedelta
) -> Outcome[MadeCredential]:
    """Make a new credential in place of one that ends after a grace period.

    Args:
        state: The newest state.
        act: Who rotates it, and when.
        key: The new one's keys.
        access_key: The access key of the old one.
        grace: How long the old one stays good; none for no longer.

    Raises:
        NotAllowed: The actor may make none for the member.
        NotFound: The old one is gone.
        LimitReached: The member has too many; with no grace period the old one does not count.
        RefusedByRule: It has expired, is being rotated already, or its member is suspended.
        InvalidInput: The grace period is none.
    """
    _check_right(state, act, access_key, "rotate credentials")
    old = living_credential(state, access_key)
    check_may_make_credentials(state, act.actor, old.member)
    _check_may_rotate(old, act)
    end = _end_of(grace, act, what="The grace period", field="grace")
    new = made_credential(state, act, key, old.member, ending="" if grace else old.id)
    ending = old.changed(
        expires_at=_sooner(old.expires_at, end),
        replaced_by=new.id,
        former_expires_at=old.expires_at,
    )
    changed = {"label": ["", new.label], "expires_at": [old.expires_at, ending.expires_at]}
    entry = act.entry("rotate_credential", [*_targets(old), new.id], changed)
    return Outcome(_made(state, new), _changes(ending, new), entry)


def _check_may_rotate(credential: Credential, act: Act) -> None:
    if has_expired(credential.document(), act.at):
        raise RefusedByRule(f"{credential.label} has expired. Make a new one.")
    if credential.replaced_by is not None:
        raise RefusedByRule(
            f"{credential.label} is being rotated already. Cancel that first, or wait for its end."
        )


def _end_of(span: timedelta, act: Act, *, what: str, field: str) -> str:
    if span < timedelta(0):
        raise InvalidInput(f"{what} must not be negative.", field=field)
    try:
        return to_text(from_text(act.at) + span)
    except OverflowError as error:
        raise InvalidInput(f"{what} is too long.", field=field) from error


def _sooner(present: str | None, end: str) -> str:
    return end if present is None else min(present, end)


def cancel_rotation(state: State, act: Act, *, access_key: str) -> Outcome[None]:
    """Give a credential that is being rotated its former expiry back. The new one stays.

    Raises:
        NotAllowed: The actor may not.
        NotFound: The credential is gone.
        RefusedByRule: It is not being rotated, or has ended.
    """
    _check_right(state, act, access_key, "rotate credentials")
    credential = living_credential(state, access_key)
    if credential.replaced_by is None:
        raise RefusedByRule(f"{credential.label} is not being rotated.")
    if has_expired(credential.document(), act.at):
        raise RefusedByRule(f"{credential.label} has ended by now. Make a new one.")
    values = {"expires_at": credential.former_expires_at}
    changed = {"expires_at": [credential.expires_at, credential.former_expires_at]}
    again = credential.changed(**values, replaced_by=None, former_expires_at=None)
    entry = act.entry("cancel_rotation", _targets(credential), changed)
    return Outcome(None, _changes(again), entry)


def suspend_credentials(state: State, act: Act, *, keys: list[str]) -> Outcome[int]:
    """Suspend all of them, or none.

    Returns:
        How many were not suspended before.

    Raises:
        NotAllowed: The actor may not suspend one of them.
        NotFound: One of them is gone.
    """
    chosen = _chosen(state, act, keys, "suspend credentials")
    return _set_suspended(act, "suspend_credentials", chosen, suspended=True)


def let_credentials_back_in(state: State, act: Act, *, keys: list[str]) -> Outcome[int]:
    """End the suspension of all of them, or none.

    Returns:
        How many were suspended before.

    Raises:
        NotAllowed: The actor may not for one of them.
        NotFound: One of them is gone.
    """
    chosen = _chosen(state, act, keys, "end the suspension of credentials")
    return _set_suspended(act, "let_credentials_back_in", chosen, suspended=False)


def _set_suspended(
    act: Act, operation: str, chosen: list[Credential], *, suspended: bool
) -> Outcome[int]:
    documents = with_suspension(chosen, suspended=suspended)
    touched = [credential for credential in chosen if credential.id in documents]
    entry = act.entry(operation, _targets(*touched))
    return Outcome(len(touched), Changes({CREDENTIALS_TABLE: documents}), entry)


def revoke_credentials(state: State, act: Act, *, keys: list[str]) -> Outcome[int]:
    """Revoke all of them, or none, for ever.

    Returns:
        How many were revoked.

    Raises:
        NotAllowed: The actor may not revoke one of them.
        NotFound: One of them is gone.
    """
    chosen = _chosen(state, act, keys, "revoke credentials", by_service_accounts=True)
    revoked = [credential.changed(revoked_at=act.at, revoked_by=act.actor) for credential in chosen]
    entry = act.entry("revoke_credentials", _targets(*revoked))
    return Outcome(len(revoked), _changes(*revoked), entry)


def _chosen(
    state: State, act: Act, keys: list[str], to_do: str, *, by_service_accounts: bool = False
) -> list[Credential]:
    once = list(dict.fromkeys(keys))
    for key in once:
        _check_right(
            state, act, key, to_do, of_persons=True, by_service_accounts=by_service_accounts
        )
    return [living_credential(state, key) for key in once]


def _check_right(
    state: State,
    act: Act,
    access_key: str,
    to_do: str,
    *,
    of_persons: bool = False,
    by_service_accounts: bool = False,
) -> None:
    # One that is not there is nobody's: whoever may see their own only, learns of no other key.
    document = state.table(CREDENTIALS_TABLE).get(access_key)
    check_right_to_credentials(
        state,
        act.actor,
        document["member"] if document else None,
        to_do,
        of_persons=of_persons,
        by_service_accounts=by_service_accounts,
    )


def _made(state: State, credential: Credential) -> MadeCredential:
    member = state.find_member(credential.member)
    return MadeCredential(credential, name_of(member) if member else "")


def _changes(*credentials: Credential) -> Changes:
    return Changes({CREDENTIALS_TABLE: {one.id: one.document() for one in credentials}})


def _targets(*credentials: Credential) -> list[str]:
    members = dict.fromkeys(credential.member for credential in credentials)
    return [*members, *(credential.id for credential in credentials)]

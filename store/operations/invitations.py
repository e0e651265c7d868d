"""Inviting users, and what becomes of an invitation (SPEC, Rules, Users)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from store.emails import clean_email, same_email, split_emails, structure_in
from store.errors import AlreadyExists, InvalidInput, LinkEnded, RefusedByRule
from store.minting import hash_of_token
from store.models import Invitation, User
from store.operations.credentials import MadeCredential, NewKey, made_credential
from store.operations.ended_links import ended_links
from store.operations.lookups import (
    editable_group,
    living_user,
    refuse_taken_email,
    with_members,
)
from store.persistence.store import Outcome
from store.rules import Act, check_place_for, require_administrator
from store.state import Changes, Documents, State
from store.terms import (
    ACTIVE,
    CREDENTIALS_TABLE,
    ENDED_LINKS_TABLE,
    GROUPS_TABLE,
    PENDING,
    USERS_TABLE,
    Document,
)
from store.text import clean_name
from store.times import from_text, is_past, to_text

LIFE_OF_A_LINK = timedelta(days=14)


@dataclass(frozen=True)
class Invitee:
    """One address of a paste, and why it cannot be invited.

    Attributes:
        text: The address as it was typed.
        email: The address as it would be kept; "" where it is none.
        name: The display name beside it, or "".
        problem: Why it cannot be invited, or "".
    """

    text: str
    email: str
    name: str
    problem: str = ""


@dataclass(frozen=True)
class InvitationLink:
    """The link that lets one user in. It is not kept and cannot be shown again."""

    user: str
    email: str
    link: str = field(repr=False)


def check_invitees(state: State, act: Act, text: str) -> list[Invitee]:
    """The addresses of a paste, each once, with what is wrong with it.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    require_administrator(state, act.actor, "invite users")
    return _each_once([_checked(state, pasted.text, pasted.name) for pasted in split_emails(text)])


def _each_once(invitees: list[Invitee]) -> list[Invitee]:
    found: dict[str, Invitee] = {}
    for invitee in invitees:
        found.setdefault(same_email(invitee.email or invitee.text), invitee)
    return list(found.values())


def _checked(state: State, text: str, name: str) -> Invitee:
    try:
        email = clean_email(text, field="emails")
        if sign := structure_in(text):
            raise InvalidInput(f"The {sign} is of something else. Type the email alone.")
    except InvalidInput as error:
        return Invitee(text, "", name, error.message)
    try:
        refuse_taken_email(state, email, field="emails")
        _clean_name(name)
    except (AlreadyExists, InvalidInput) as error:
        return Invitee(text, email, name, error.message)
    return Invitee(text, email, name)


def invite_users(
    state: State,
    act: Act,
    *,
    invitees: list[Invitee],
    groups: list[str],
    ids: list[str],
    tokens: list[str],
) -> Outcome[list[InvitationLink]]:
    """Invite all of them, or none. Who is named twice is invited once.

    Args:
        state: The newest state.
        act: Who invites, and when.
        invitees: Whom to invite.
        groups: The ids of the groups that they join.
        ids: An id for each, used where the email was never known here.
        tokens: The secret part of each one's link.

    Raises:
        NotAllowed: The actor is no administrator.
        InvalidInput: There is nobody to invite, or one of the emails is none.
        AlreadyExists: One of the emails belongs to a user.
        LimitReached: There are not as many places left.
        NotFound: One of the groups is gone.
    """
    require_administrator(state, act.actor, "invite users")
    if not invitees:
        raise InvalidInput("Nobody was invited: there is no email to invite.", field="emails")
    once = _each_once(invitees)
    check_place_for(state, len(once))
    users = [
        _invited(state, act, invitee, key, token)
        for invitee, key, token in zip(once, ids, tokens, strict=False)
    ]
    joined = [editable_group(state, key) for key in groups]
    keys = [user.id for user in users]
    changes: dict[str, Documents] = {
        USERS_TABLE: _documents(users),
        GROUPS_TABLE: {group.id: with_members(group, keys).document() for group in joined},
    }
    entry = act.entry(
        "invite_users", keys, {"emails": [user.email for user in users], "groups": groups}
    )
    return Outcome(_links(state, users, tokens), Changes(changes), entry)


def _invited(state: State, act: Act, invitee: Invitee, key: str, token: str) -> User:
    email = clean_email(invitee.email, field="emails")
    refuse_taken_email(state, email, field="emails")
    name = _clean_name(invitee.name)
    new = User(
        id=key,
        email=email,
        status="Pending",
        name=name,
        invited_at=act.at,
        invitation=_invitation(act, token),
    )
    former = state.index("removed email").get(same_email(email))
    if former is None:
        return new
    # Whoever had the email last gets their id back, and with it what they own.
    known = max(
        (User.of(state.table(USERS_TABLE)[owner]) for owner in former),
        key=lambda user: user.removed_at or "",
    )
    return new.model_copy(
        update={"id": known.id, "name": name or known.name, "revision": known.revision + 1}
    )


def _clean_name(name: str) -> str:
    return clean_name(name, field="emails", what="The name") if name else ""


def _invitation(act: Act, token: str) -> Invitation:
    expires = from_text(act.at) + LIFE_OF_A_LINK
    return Invitation(
        token_hash=hash_of_token(token), expires_at=to_text(expires), invited_by=act.actor
    )


def send_invitations_again(
    state: State, act: Act, *, users: list[str], tokens: list[str]
) -> Outcome[list[InvitationLink]]:
    """Make new links for pending users; the old ones end.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: One of the users is gone.
        RefusedByRule: One of them has joined.
    """
    require_administrator(state, act.actor, "invite users")
    former, invited = [], []
    users = list(dict.fromkeys(users))
    for key, token in zip(users, tokens, strict=False):
        user = living_user(state, key)
        if user.status != PENDING:
            raise RefusedByRule(f"{user.name or user.email} has joined and needs no link.")
        former.append(user)
        invited.append(user.changed(invitation=_invitation(act, token)))
    entry = act.entry("send_invitations_again", users)
    ended = ended_links(state, act, former, "replaced")
    changes = Changes({USERS_TABLE: _documents(invited), ENDED_LINKS_TABLE: ended})
    return Outcome(_links(state, invited, tokens), changes, entry)


def activate_user(state: State, act: Act, *, user: str, name: str) -> Outcome[None]:
    """Let a pending user in who has signed in for the first time; their link ends.

    Args:
        state: The newest state.
        act: The user themselves, and when.
        user: The user's id.
        name: The name to take where the invitation gave none.

    Raises:
        NotFound: The user is gone.
    """
    pending = living_user(state, user)
    if pending.status == ACTIVE:
        return Outcome(None)
    active = _active(pending, act, pending.name or name)
    entry = act.entry("activate_user", [user], {"name": [pending.name, active.name]})
    changes: dict[str, Documents] = {
        USERS_TABLE: _documents([active]),
        ENDED_LINKS_TABLE: ended_links(state, act, [pending], "joined"),
    }
    return Outcome(None, Changes(changes), entry)


def join_by_link(
    state: State, act: Act, key: NewKey, *, token_hash: str, name: str
) -> Outcome[MadeCredential]:
    """Let a pending user in who has opened their link, with a first credential; the link ends.

    Args:
        state: The newest state.
        act: The user themselves, and when.
        key: The keys of the credential.
        token_hash: The hash of the link's token.
        name: The name to be called by; "" for the one that the invitation gave.

    Raises:
        NotFound: The user is gone.
        LinkEnded: The link has expired, was used or is not this user's.
        InvalidInput: The name is none.
    """
    pending = living_user(state, act.actor)
    link = pending.invitation
    if link is None or not hmac.compare_digest(link.token_hash, token_hash):
        raise LinkEnded
    if is_past(link.expires_at, act.at):
        raise LinkEnded
    active = _active(pending, act, name if name.strip() else pending.name)
    credential = made_credential(state, act, key, active.id)
    changes: dict[str, Documents] = {
        USERS_TABLE: _documents([active]),
        CREDENTIALS_TABLE: {credential.id: credential.document()},
        ENDED_LINKS_TABLE: ended_links(state, act, [pending], "used"),
    }
    entry = act.entry(
        "join_by_link",
        [active.id, credential.id],
        {"name": [pending.name, active.name], "label": ["", credential.label]},
    )
    return Outcome(MadeCredential(credential, active.name), Changes(changes), entry)


def _active(pending: User, act: Act, name: str) -> User:
    name = clean_name(name, field="name", what="The name")
    return pending.changed(status=ACTIVE, name=name, joined_at=act.at, invitation=None)


def _documents(users: list[User]) -> dict[str, Document | None]:
    return {user.id: user.document() for user in users}


def _links(state: State, users: list[User], tokens: list[str]) -> list[InvitationLink]:
    server = state.settings["api_url"].rstrip("/")
    return [
        InvitationLink(user.id, user.email, f"{server}/join/{token}")
        for user, token in zip(users, tokens, strict=False)
    ]

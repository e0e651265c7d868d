"""The links of invitations: what somebody is told who opens one (SPEC, Rules, Users)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from store.minting import hash_of_token, is_token
from store.state import DAMAGE, State, damaged
from store.terms import ENDED_LINKS_TABLE, USERS_TABLE, Document
from store.times import is_past

# Compared with where there is no such link, so that it takes as long. No token has this hash.
_HASH_OF_NOTHING = "0" * 64


class LinkStatus(StrEnum):
    """What becomes of a link; all but the first let nobody in."""

    GOOD = "good"
    # Nobody can tell whether there ever was one: of an ended link so much is kept for a while.
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    USED = "used"
    # The user has become Active in another way.
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    # The invitation was sent again.
    REPLACED = "replaced"


@dataclass(frozen=True)
class OpenedLink:
    """A link that somebody has opened. Of an unknown one nothing is told.

    Attributes:
        status: What becomes of it.
        workspace: The name of the workspace.
        user: The id of the user who is invited, as long as they are.
        email: The user's email, where the link is good.
        name: The name that the invitation gave, where the link is good.
        inviter: The name of whoever sent the link, as far as that was kept.
    """

    status: LinkStatus
    workspace: str = ""
    user: str = ""
    email: str = ""
    name: str = ""
    inviter: str = ""


def opened_link(state: State, token: str, now: str) -> OpenedLink:
    """What somebody is told who opens a link. Nothing is kept of it.

    The time that it takes depends neither on the number of links nor on whether this one is known.

    Args:
        state: The state.
        token: What was given as its token.
        now: The time.

    Raises:
        StoreUnreadable: A document is damaged.
    """
    digest = hash_of_token(token)
    ended = state.table(ENDED_LINKS_TABLE).get(digest)
    user = next(iter(state.index("invitation").get(digest, ())), "")
    try:
        invited = state.table(USERS_TABLE)[user] if user else None
        kept = _HASH_OF_NOTHING if invited is None else invited["invitation"]["token_hash"]
        is_right = is_token(token, kept)
        if invited is not None and is_right:
            return _of_invited(state, invited, now)
    except DAMAGE as error:
        raise damaged(USERS_TABLE, user, error) from error
    if ended is None:
        return OpenedLink(LinkStatus.UNKNOWN)
    return OpenedLink(_how(ended), state.settings["name"])


def _of_invited(state: State, user: Document, now: str) -> OpenedLink:
    invitation, workspace = user["invitation"], state.settings["name"]
    sender = state.find_member(invitation.get("invited_by", "")) or {}
    inviter = str(sender.get("name", ""))
    status = LinkStatus.GOOD
    if is_past(invitation["expires_at"], now):
        status = LinkStatus.EXPIRED
    elif user.get("suspended"):
        status = LinkStatus.SUSPENDED
    if status is not LinkStatus.GOOD:
        return OpenedLink(status, workspace, user["id"], inviter=inviter)
    return OpenedLink(
        status, workspace, user["id"], user["email"], user.get("name", ""), inviter=inviter
    )


def _how(ended: Document) -> LinkStatus:
    try:
        return LinkStatus(ended["how"])
    except (ValueError, *DAMAGE) as error:
        raise damaged(ENDED_LINKS_TABLE, str(ended.get("id")), error) from error

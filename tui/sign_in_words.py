"""Why sign-ins are refused, in words."""

from __future__ import annotations

from store.refusal_views import Grounds
from store.sign_ins import Verdict
from tui.dates import day_and_time
from tui.text import shortened

_BY_CELLS = 40

# In a few words, and what that means in a sentence.
_WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.GOOD: ("", ""),
    Verdict.UNKNOWN: (
        "unknown key",
        "No credential has this access key. Only its first four characters are kept.",
    ),
    Verdict.WRONG_SECRET: (
        "wrong secret",
        "The access key is one of this workspace, but the secret key is not the one to it.",
    ),
    Verdict.REMOVED: ("member removed", "Whoever it belonged to is no member any more."),
    Verdict.REVOKED: ("revoked", "A revoked credential stays so: the client needs a new one."),
    Verdict.MEMBER_SUSPENDED: (
        "member suspended",
        "It is the member who is suspended, not this credential alone.",
    ),
    Verdict.SUSPENDED: ("credential suspended", "It is this credential alone, not the member."),
    Verdict.EXPIRED: ("credential expired", "Another expiry, or a new credential, lets it in."),
    Verdict.CLOCK: (
        "token too old by the clock here",
        "The clock of its machine may be slow, or it has only a token and did not renew it in "
        "time.",
    ),
    Verdict.LOGGED_OUT: (
        "token logged out",
        "It, or a copy of it, was logged out, by itself or with all others of its credential.",
    ),
    Verdict.OTHER_RIGHTS: (
        "token from before a change of rights",
        "Its member has become an administrator or is none any more, or may impersonate or not.",
    ),
    Verdict.IMPERSONATION: (
        "may not act for others",
        "It wanted to run a task for its owner, which takes Allow impersonation.",
    ),
    Verdict.OWNER_GONE: (
        "task's owner is no member",
        "It wanted to run a task for an owner who was removed, or never was a member.",
    ),
    Verdict.OWNER_SUSPENDED: (
        "task's owner suspended",
        "It wanted to run a task for an owner who is suspended.",
    ),
}
_NO_LONGER = {
    Verdict.MEMBER_SUSPENDED: ("member was suspended", "The member was let back in since."),
    Verdict.SUSPENDED: ("credential was suspended", "It was let back in since."),
    Verdict.EXPIRED: ("credential had expired", "It was given another expiry since."),
}


def why(grounds: Grounds) -> str:
    """Why, in a few words, such as `revoked by Ada Lindqvist on Mar 2, 2026 09:30`."""
    words, _ = _of(grounds)
    if grounds.by:
        words += f" by {shortened(grounds.by, _BY_CELLS)}"
    return f"{words} on {day_and_time(grounds.at)}" if grounds.at else words


def meaning(grounds: Grounds) -> str:
    """What that means, in a sentence."""
    return _of(grounds)[1]


def times(count: int) -> str:
    """How often, such as `once` or `3 times`."""
    return "once" if count == 1 else f"{count:,} times"


def _of(grounds: Grounds) -> tuple[str, str]:
    if grounds.is_over and grounds.cause in _NO_LONGER:
        return _NO_LONGER[grounds.cause]
    return _WORDS[grounds.cause]

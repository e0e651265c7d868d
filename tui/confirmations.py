"""What confirmations say: object, effect, refused. Here of users, and what all nouns share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from store.operations.users import Affected
from tui.dialogs.confirmation import Confirmation, typeable
from tui.text import shortened

NAME_CELLS = 40
_MOST_NAMES = 6


class Named(Protocol):
    """Somebody or something that an operation is about."""

    @property
    def called(self) -> str:
        """What it is called."""

    @property
    def reason(self) -> str:
        """Why the operation will not be done to it, or ""."""


def removal_confirmation(affected: Sequence[Affected], email: str) -> Confirmation:
    """Asks before users are removed.

    Args:
        affected: The users, and why it will not be done to some of them.
        email: The email of the user, where there is only one.
    """
    going = [one for one in affected if not one.reason]
    if not going:
        return nothing_to_do("Remove", affected)
    if len(affected) == 1:
        expected, what = typeable(going[0].called, email, going[0].member)
    else:
        expected, what = str(len(going)), "their number"
    is_withdrawal = all(one.pending for one in going)
    return Confirmation(
        f"{'Withdraw' if is_withdrawal else 'Remove'} {_whom(going, is_withdrawal)}?",
        _removal_effects(going, is_withdrawal),
        verb="Withdraw" if is_withdrawal else "Remove",
        expected=expected,
        what=what,
        refused=refused_lines(affected, "Not removed"),
    )


def suspension_confirmation(affected: Sequence[Affected]) -> Confirmation:
    """Asks before users are suspended."""
    going = [one for one in affected if not one.reason]
    if not going:
        return nothing_to_do("Suspend", affected)
    return Confirmation(
        f"Suspend {_whom(going, False)}?",
        [
            *names(going),
            "Sign-in ends at once, also in open programs, until they are let back in.",
            f"Credentials that stop working meanwhile: {_credentials(going)}.",
            "Groups and everything else stay.",
        ],
        verb="Suspend",
        refused=refused_lines(affected, "Not suspended"),
    )


def nothing_to_do(verb: str, affected: Sequence[Named]) -> Confirmation:
    """Says why a thing is done to none of them.

    Args:
        verb: What is not done, such as `Remove`.
        affected: All of them, each with the reason.
    """
    refused = refused_lines(affected, f"Not {verb.lower()}{'d' if verb[-1] == 'e' else 'ed'}")
    return Confirmation(f"{verb}: none of these", [], verb="", refused=refused)


def names(going: Sequence[Named]) -> list[str]:
    """A line with the names of several, or none for one, whose name is in the title."""
    if len(going) == 1:
        return []
    shown = ", ".join(shortened(one.called, NAME_CELLS) for one in going[:_MOST_NAMES])
    more = len(going) - _MOST_NAMES
    return [f"{shown} and {more:,} more" if more > 0 else shown]


def refused_lines(affected: Sequence[Named], what: str) -> list[str]:
    """A line for each that it will not be done to, with the reason.

    Args:
        affected: All of them.
        what: What is not done to them, such as `Not removed`.
    """
    refused = [one for one in affected if one.reason]
    lines = [f"{what}: {shortened(one.called, NAME_CELLS)} ({one.reason})" for one in refused]
    return first_of(lines)


def first_of(lines: Sequence[str]) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(lines) - _MOST_NAMES
    return [*lines[:_MOST_NAMES], f"and {more:,} more"] if more > 0 else list(lines)


def _removal_effects(going: Sequence[Affected], is_withdrawal: bool) -> list[str]:
    if is_withdrawal:
        end = "The invitation ends and its link" if len(going) == 1 else "The invitations end and"
        links = "stops working." if len(going) == 1 else "their links stop working."
        return [*names(going), f"{end} {links}", "Inviting the same email again is possible."]
    return [
        *names(going),
        "Access to the workspace ends at once, also in open programs.",
        f"Credentials revoked for good: {_credentials(going)}.",
        f"Taken out of groups: {_groups(going)}.",
        "Their configuration vault, if any, deleted."
        if len(going) == 1
        else "Their configuration vaults, if any, deleted.",
        "What they own stays, under their names. Only inviting them again lets them back.",
    ]


def _whom(going: Sequence[Affected], is_withdrawal: bool) -> str:
    if len(going) == 1:
        called = shortened(going[0].called, 2 * NAME_CELLS)
        return f"the invitation of {called}" if is_withdrawal else called
    noun = "invitations" if is_withdrawal else "users"
    return f"{len(going):,} {noun}"


def _credentials(going: Sequence[Affected]) -> str:
    return f"{sum(one.credentials for one in going):,}"


def _groups(going: Sequence[Affected]) -> str:
    return f"{sum(one.groups for one in going):,}"

"""What the confirmations of removing and suspending users say: object, effect, refused."""

from __future__ import annotations

from collections.abc import Sequence

from store.operations.users import Affected
from tui.dialogs.confirmation import Confirmation, typeable
from tui.text import shortened

_MOST_NAMES = 6
_NAME_CELLS = 40


def removal_confirmation(affected: Sequence[Affected], email: str) -> Confirmation:
    """Asks before users are removed.

    Args:
        affected: The users, and why it will not be done to some of them.
        email: The email of the user, where there is only one.
    """
    going = [one for one in affected if not one.reason]
    if not going:
        return _nothing_to_do("Remove", affected)
    if len(affected) == 1:
        expected, what = typeable(going[0].called, email, going[0].user)
    else:
        expected, what = str(len(going)), "their number"
    is_withdrawal = all(one.pending for one in going)
    return Confirmation(
        f"{'Withdraw' if is_withdrawal else 'Remove'} {_whom(going, is_withdrawal)}?",
        _removal_effects(going, is_withdrawal),
        verb="Withdraw" if is_withdrawal else "Remove",
        expected=expected,
        what=what,
        refused=_refused(affected, "Not removed"),
    )


def suspension_confirmation(affected: Sequence[Affected]) -> Confirmation:
    """Asks before users are suspended."""
    going = [one for one in affected if not one.reason]
    if not going:
        return _nothing_to_do("Suspend", affected)
    return Confirmation(
        f"Suspend {_whom(going, False)}?",
        [
            *_names(going),
            "Sign-in ends at once, also in open programs, until they are let back in.",
            f"Credentials that stop working meanwhile: {_credentials(going)}.",
            "Groups and everything else stay.",
        ],
        verb="Suspend",
        refused=_refused(affected, "Not suspended"),
    )


def _removal_effects(going: Sequence[Affected], is_withdrawal: bool) -> list[str]:
    if is_withdrawal:
        end = "The invitation ends and its link" if len(going) == 1 else "The invitations end and"
        links = "stops working." if len(going) == 1 else "their links stop working."
        return [*_names(going), f"{end} {links}", "Inviting the same email again is possible."]
    return [
        *_names(going),
        "Access to the workspace ends at once, also in open programs.",
        f"Credentials revoked for good: {_credentials(going)}.",
        f"Taken out of groups: {_groups(going)}.",
        "What they own stays, under their names. Only inviting them again lets them back.",
    ]


def _nothing_to_do(verb: str, affected: Sequence[Affected]) -> Confirmation:
    refused = _refused(affected, f"Not {verb.lower()}d" if verb[-1] == "e" else f"Not {verb}ed")
    return Confirmation(f"{verb}: none of these", [], verb="", refused=refused)


def _whom(going: Sequence[Affected], is_withdrawal: bool) -> str:
    if len(going) == 1:
        called = shortened(going[0].called, 2 * _NAME_CELLS)
        return f"the invitation of {called}" if is_withdrawal else called
    noun = "invitations" if is_withdrawal else "users"
    return f"{len(going):,} {noun}"


def _names(going: Sequence[Affected]) -> list[str]:
    if len(going) == 1:
        return []
    shown = ", ".join(shortened(one.called, _NAME_CELLS) for one in going[:_MOST_NAMES])
    more = len(going) - _MOST_NAMES
    return [f"{shown} and {more:,} more" if more > 0 else shown]


def _refused(affected: Sequence[Affected], what: str) -> list[str]:
    refused = [one for one in affected if one.reason]
    lines = [
        f"{what}: {shortened(one.called, _NAME_CELLS)} ({one.reason})"
        for one in refused[:_MOST_NAMES]
    ]
    more = len(refused) - _MOST_NAMES
    return [*lines, f"and {more:,} more"] if more > 0 else lines


def _credentials(going: Sequence[Affected]) -> str:
    return f"{sum(one.credentials for one in going):,}"


def _groups(going: Sequence[Affected]) -> str:
    return f"{sum(one.groups for one in going):,}"

"""What the confirmations of deleting and suspending service accounts say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.confirmations import DONE_TO, NAME_CELLS, first_of, names, nothing_to_do, refused_lines
from tui.dates import ago
from tui.dialogs.confirmation import Confirmation, typeable
from tui.text import shortened
from tui.whole_lists import Line

if TYPE_CHECKING:
    from store.operations.service_accounts import AffectedServiceAccount


def deletion_confirmation(
    affected: Sequence[AffectedServiceAccount], now: str, losses: Sequence[Line] = ()
) -> Confirmation:
    """Asks before service accounts are deleted.

    Args:
        affected: The service accounts, and why it will not be done to some of them.
        now: The time.
        losses: What is lost with those that go, a line each.
    """
    going = [one for one in affected if not one.reason]
    if not going:
        return nothing_to_do("Delete", affected)
    if len(affected) == 1:
        expected, what = typeable(going[0].called, "", going[0].member)
    else:
        expected, what = str(len(going)), "their number"
    return Confirmation(
        f"Delete {_whom(going)}?",
        _deletion_effects(going, now, losses),
        verb="Delete",
        expected=expected,
        what=what,
        refused=refused_lines(affected, "Not deleted"),
    )


def account_suspension_confirmation(affected: Sequence[AffectedServiceAccount]) -> Confirmation:
    """Asks before service accounts are suspended."""
    going = [one for one in affected if not one.reason]
    if not going:
        return nothing_to_do("Suspend", affected)
    return Confirmation(
        f"Suspend {_whom(going)}?",
        [
            *names(going),
            f"Agents that use {_its(going)} credentials fail until "
            f"{'it is' if len(going) == 1 else 'they are'} let back in.",
            f"Credentials that stop working meanwhile: {_credentials(going)}.",
            "Groups and everything else stay.",
        ],
        verb="Suspend",
        refused=refused_lines(affected, "Not suspended"),
    )


def _deletion_effects(
    going: Sequence[AffectedServiceAccount], now: str, losses: Sequence[Line]
) -> list[Line]:
    return [
        *_activity(going, now),
        f"Agents that use {_its(going)} credentials fail at once.",
        f"Credentials revoked for good: {_credentials(going)}.",
        *losses,
        f"What {'it owns' if len(going) == 1 else 'they own'} stays, under "
        f"{'its name' if len(going) == 1 else 'their names'}. This cannot be undone.",
    ]


def _activity(going: Sequence[AffectedServiceAccount], now: str) -> list[Line]:
    if len(going) == 1:
        return [f"Last active: {ago(going[0].last_active_at, now)}."]
    # Those that are in use come first, for they are what somebody might have overlooked.
    recent_first = sorted(going, key=lambda one: one.last_active_at or "", reverse=True)
    return first_of(
        DONE_TO,
        [
            f"{shortened(one.called, NAME_CELLS)} (last active: {ago(one.last_active_at, now)})"
            for one in recent_first
        ],
    )


def _whom(going: Sequence[AffectedServiceAccount]) -> str:
    if len(going) == 1:
        return shortened(going[0].called, 2 * NAME_CELLS)
    return f"{len(going):,} service accounts"


def _its(going: Sequence[AffectedServiceAccount]) -> str:
    return "its" if len(going) == 1 else "their"


def _credentials(going: Sequence[AffectedServiceAccount]) -> str:
    return f"{sum(one.credentials for one in going):,}"

"""What the confirmations of revoking and suspending credentials say."""

from __future__ import annotations

from collections.abc import Sequence

from store.credential_views import CredentialRow
from tui.confirmations import DONE_TO, NAME_CELLS, first_of
from tui.credential_texts import last_use
from tui.dates import day_and_time, until
from tui.dialogs.confirmation import Confirmation
from tui.text import short_id, shortened
from tui.whole_lists import Line


def revocation_confirmation(
    rows: Sequence[CredentialRow],
    called: str,
    now: str,
    *,
    replaced: Sequence[CredentialRow] = (),
    rotate: str = "",
) -> Confirmation:
    """Asks before credentials are revoked; several by their number.

    Args:
        rows: The credentials.
        called: What the member is called that they belong to.
        now: The time.
        replaced: Those that they are taking the place of, which end nevertheless.
        rotate: What is pressed to take a rotation back.
    """
    fail = "Agents and programs that use {} fail at once. This cannot be undone."
    is_one = len(rows) == 1
    return Confirmation(
        f"Revoke {_which(rows, called)}?",
        [
            *_uses(rows, now),
            fail.format("it" if is_one else "them"),
            *(_still_ending(row, now, rotate) for row in replaced),
        ],
        verb="Revoke",
        expected="" if is_one else str(len(rows)),
        what="" if is_one else "their number",
    )


def credential_suspension_confirmation(
    rows: Sequence[CredentialRow], called: str, now: str
) -> Confirmation:
    """Asks before credentials are suspended.

    Args:
        rows: The credentials.
        called: What the member is called that they belong to.
        now: The time.
    """
    if len(rows) == 1:
        fail = "Agents and programs that use it fail until it is let back in."
    else:
        fail = "Agents and programs that use them fail until they are let back in."
    return Confirmation(
        f"Suspend {_which(rows, called)}?", [*_uses(rows, now), fail], verb="Suspend"
    )


def rotation_confirmation(
    row: CredentialRow, chosen_for: CredentialRow, end: str, now: str
) -> Confirmation | None:
    """Asks before a credential is rotated that is not what it was when its end was chosen.

    Args:
        row: The credential as it is.
        chosen_for: The credential as it was.
        end: When the old one was chosen to end.
        now: The time.
    """
    if _known_of(row) == _known_of(chosen_for):
        return None
    expires = f"It expires {day_and_time(row.expires_at) or 'never'}"
    suspended = ", and is suspended" if row.is_suspended else ""
    return Confirmation(
        f"Rotate {shortened(row.label, NAME_CELLS)}, as it is now?",
        [
            "It was changed while you chose.",
            f"Access key {short_id(row.access_key)}, {last_use(row, now)}.",
            f"{expires} by itself{suspended}.",
            f"You have chosen that it ends {day_and_time(end)}.",
        ],
        verb="Rotate",
    )


def _known_of(row: CredentialRow) -> tuple[object, ...]:
    return row.label, row.expires_at, row.is_suspended, row.replaced_by


def cancelling_confirmation(row: CredentialRow, replacement: str) -> Confirmation:
    """Asks before a rotation is taken back.

    Args:
        row: The credential that is being replaced.
        replacement: The access key of the one that replaces it.
    """
    return Confirmation(
        f"Take the rotation of {shortened(row.label, NAME_CELLS)} back?",
        [
            f"{short_id(row.access_key)} keeps the expiry that it had before it was rotated.",
            f"{short_id(replacement)}, which was made in its place, stays: revoke it by itself.",
        ],
        verb="Take it back",
    )


def _still_ending(row: CredentialRow, now: str, rotate: str) -> str:
    label = shortened(row.label, NAME_CELLS)
    return (
        f"{label} ({short_id(row.access_key)}), which it replaces, still ends "
        f"{until(row.expires_at, now)}: take its rotation back ({rotate}) to keep it."
    )


def _which(rows: Sequence[CredentialRow], called: str) -> str:
    whose = shortened(called, NAME_CELLS)
    if len(rows) == 1:
        return f"{shortened(rows[0].label, NAME_CELLS)} of {whose}"
    return f"{len(rows):,} credentials of {whose}"


def _uses(rows: Sequence[CredentialRow], now: str) -> list[Line]:
    # Those in use come first, for they are what somebody might have overlooked.
    recent_first = sorted(rows, key=lambda row: row.last_used_at or "", reverse=True)
    return first_of(
        DONE_TO,
        [
            f"{shortened(row.label, NAME_CELLS)} ({short_id(row.access_key)}): "
            f"{last_use(row, now)}."
            for row in recent_first
        ],
    )

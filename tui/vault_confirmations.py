"""What the confirmations say before vaults are deleted, or their former texts purged."""

from __future__ import annotations

from collections.abc import Sequence

from store.operations.administrator_vaults import AffectedVault
from store.vault_views import FormerText
from tui.confirmations import DONE_TO, NAME_CELLS, first_of
from tui.dates import day_and_time
from tui.dialogs.confirmation import Confirmation, typeable
from tui.text import shortened


def vault_deletion_confirmation(affected: Sequence[AffectedVault]) -> Confirmation:
    """Asks before administrator vaults are deleted; one by its name, several by their number."""
    if len(affected) == 1:
        expected, what = typeable(affected[0].name, "", affected[0].id)
        title = f"Delete {shortened(affected[0].name, 2 * NAME_CELLS)}?"
    else:
        expected, what = str(len(affected)), "their number"
        title = f"Delete {len(affected):,} administrator vaults?"
    return Confirmation(
        title,
        [
            *first_of(DONE_TO, [_line(vault) for vault in affected]),
            "Clients go on without what is in it from their next sign-in on.",
            "The former texts stay on the disk for 30 days.",
        ],
        verb="Delete",
        expected=expected,
        what=what,
    )


def purge_confirmation(versions: Sequence[FormerText]) -> Confirmation:
    """Asks before the former texts of a vault are erased.

    Args:
        versions: What was saved, newest first; the first is the present text.
    """
    present, former = versions[0], versions[1:]
    if not former:
        return Confirmation("There is no former text any more", [_saved(present)], verb="")
    count = "1 former text is" if len(former) == 1 else f"{len(former):,} former texts are"
    return Confirmation(
        "Purge the history?",
        [
            f"{count} erased from the disk, of which the latest was",
            f"  {_saved(former[0])}",
            "The present text stays. It was",
            f"  {_saved(present)}",
        ],
        verb="Purge",
    )


def _saved(version: FormerText) -> str:
    saved_by = shortened(version.saved_by, NAME_CELLS)
    return f"saved {day_and_time(version.saved_at)} by {saved_by}"


def _line(vault: AffectedVault) -> str:
    name = shortened(vault.name, NAME_CELLS)
    if not vault.enabled:
        return f"{name}: disabled, so nobody loses anything"
    members = "1 member loses" if vault.reach == 1 else f"{vault.reach:,} members lose"
    return f"{name}: {members} it ({', '.join(vault.groups) or 'no group'})"

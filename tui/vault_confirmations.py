"""What the confirmation of deleting administrator vaults says."""

from __future__ import annotations

from collections.abc import Sequence

from store.operations.administrator_vaults import AffectedVault
from tui.confirmations import DONE_TO, NAME_CELLS, first_of
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


def _line(vault: AffectedVault) -> str:
    name = shortened(vault.name, NAME_CELLS)
    if not vault.enabled:
        return f"{name}: disabled, so nobody loses anything"
    members = "1 member loses" if vault.reach == 1 else f"{vault.reach:,} members lose"
    return f"{name}: {members} it ({', '.join(vault.groups) or 'no group'})"

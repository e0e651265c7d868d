"""What dialogs say of a credential: its last use."""

from __future__ import annotations

from store.credential_views import CredentialRow
from tui.dates import ago
from tui.text import shortened

_WORKER_CELLS = 40


def last_use(row: CredentialRow, now: str) -> str:
    """When and from where it was last used, such as `last used 2 hours ago from gpu-1 (10.0.0.5)`.

    Args:
        row: The credential.
        now: The time.
    """
    if not row.last_used_at:
        return "never used"
    used = f"last used {ago(row.last_used_at, now)}"
    place = shortened(row.worker, _WORKER_CELLS)
    address = shortened(row.address, _WORKER_CELLS)
    if place and address:
        return f"{used} from {place} ({address})"
    return f"{used} from {place or address}" if place or address else used

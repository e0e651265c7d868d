"""What listing the rows of a tab gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Listed(Protocol):
    """What listing gives."""

    @property
    def ids(self) -> Sequence[str]:
        """The keys of the rows that match, in order."""

    @property
    def total(self) -> int:
        """Out of how many."""

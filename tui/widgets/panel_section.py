"""A part of the details panel that keys can go to."""

from __future__ import annotations

from textual.containers import Vertical


class PanelSection(Vertical):
    """Something in the panel below the lines, such as the credentials."""

    @property
    def can_be_entered(self) -> bool:
        """Whether there is anything to go to."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take the focus."""
        raise NotImplementedError

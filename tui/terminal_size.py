"""Screens that follow the size of the terminal."""

from __future__ import annotations

from textual import events
from textual.dom import DOMNode


class FollowsTerminal(DOMNode):
    """A screen that takes no size but the one that the terminal has now.

    With each layout Textual posts a screen's own size back to it. Where two sizes are under way at
    once, as when a window is being dragged, each would undo the other without end.
    """

    def on_resize(self, event: events.Resize) -> None:
        """Leave out a size that is over; the present one has been posted, too."""
        if event.size != self.app.size:
            event.prevent_default()

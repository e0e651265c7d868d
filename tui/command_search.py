"""The search among all commands."""

from __future__ import annotations

from contextlib import ExitStack

from textual import on
from textual.command import CommandPalette
from textual.widgets import OptionList

# If no command has been found by then, it is shown without, in seconds.
_PATIENCE = 0.3


class CommandSearch(CommandPalette):
    """Textual's, but drawn once with its commands, and not first without them."""

    def __init__(self) -> None:
        super().__init__(id="--command-palette")
        self._one_frame = ExitStack()

    def on_mount(self) -> None:
        """Wait with drawing for the commands."""
        self._one_frame.enter_context(self.app.batch_update())
        self.set_timer(_PATIENCE, self._one_frame.close)

    def on_unmount(self) -> None:
        """Let others draw, also where it was left before a command was found."""
        self._one_frame.close()

    @on(OptionList.OptionHighlighted)
    def _found(self) -> None:
        self._one_frame.close()
        self.check_idle()

"""A part of the details panel that keys can go to."""

from __future__ import annotations

from textual.containers import Vertical

from tui.keymap import keymap_of

_FOR_THE_ROW = "This key is for the row of the table: escape goes back to it."


class PanelSection(Vertical):
    """Something in the panel below the lines, such as the credentials."""

    @property
    def can_be_entered(self) -> bool:
        """Whether there is anything to go to."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take the focus."""
        raise NotImplementedError

    def take_keys(self, group: str) -> None:
        """Take the keys of that group, and those of the tab that are not meant for it here."""
        keymap = keymap_of(self.app)
        keymap.apply_to(self, group)
        for key, action in keymap.not_for(group).items():
            self._bindings.bind(key, f"not_here('{action}')", show=False)

    def action_not_here(self, action: str) -> None:
        """Say that the tab's action is not done from here."""
        self.notify(_FOR_THE_ROW, severity="warning", markup=False)

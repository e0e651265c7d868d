"""The details panel of a tab: beside the table where there is room for both, else over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import WorkspaceError
from tui.tabs.tab import Tab

if TYPE_CHECKING:
    from tui.widgets.details_panel import DetailsPanel

# From this width on, in cells, the panel is beside the table.
_WIDE = 110


class DetailsTab(Tab):
    """A tab with a panel that comes when it is first asked for."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - every Textual widget calls it so
        super().__init__(id=id)
        # Whom the panel shows, or None while it is closed.
        self.details_key: str | None = None
        self._panel: DetailsPanel | None = None

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """Fill the panel with what is to be known of a row."""
        raise NotImplementedError

    def make_panel(self) -> DetailsPanel:
        """The panel, when it is first asked for."""
        raise NotImplementedError

    def focus_rows(self) -> None:
        """Put the focus where the rows are."""
        raise NotImplementedError

    async def open_details(self, key: str) -> None:
        """Show the panel for that row, beside the table or over it."""
        if self._panel is None:
            self._panel = self.make_panel()
            await self.mount(self._panel)
        self.details_key = key
        self.follow_details()
        if self.details_key is not None:
            self.add_class("-details")
            self._fit_details()
            # Its sections have keys of their own: whoever wants them goes on into them.
            if self.has_class("-narrow"):
                self._panel.focus()
            self.refresh_bindings()

    def on_resize(self) -> None:
        """Show the panel beside the table where there is room for both."""
        self._fit_details()

    def _fit_details(self) -> None:
        self.set_class(self.size.width < _WIDE, "-narrow")

    def enter_details(self) -> None:
        """Go to the first section of the panel."""
        if self._panel is not None:
            self._panel.enter()

    def leave_details(self) -> bool:
        """Go from a section of the panel back to where one came from, if one is in one."""
        if self._panel is None or not self.is_in_details:
            return False
        if self.has_class("-narrow"):
            self._panel.focus()
        else:
            self.focus_rows()
        return True

    @property
    def is_in_details(self) -> bool:
        """Whether the keys go to a section of the panel."""
        focused = self.screen.focused
        return (
            focused is not None and focused is not self._panel and self._panel in focused.ancestors
        )

    @property
    def reason_against_entering(self) -> str:
        """Why one cannot go into the panel, or ""."""
        if self.details_key is None or self._panel is None:
            return "The details are closed."
        if self.is_in_details or not self._panel.can_be_entered:
            return "The details are open."
        return ""

    def close_details(self) -> bool:
        """Hide the panel; say whether it was open."""
        if self.details_key is None:
            return False
        self.details_key = None
        self.remove_class("-details")
        self.focus_rows()
        self.refresh_bindings()
        return True

    def follow_details(self) -> None:
        """Show whom the panel is for as they are now."""
        if self.details_key is not None and self._panel is not None:
            try:
                self.show_details(self.details_key, self._panel)
            except WorkspaceError:
                # Whoever it was of is gone, and with them what there was to show.
                self.close_details()

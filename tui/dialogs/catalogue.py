"""The catalogue of resources, over the whole screen."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from store.workspace import Workspace
from tui.dialogs.dialog import Dialog
from tui.tabs.resources_tab import ResourcesTab
from tui.text import content
from tui.widgets.key_bar import KeyBar


class Catalogue(Dialog[None]):
    """Shows all resources, as a tab of its own.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "rule_dialogs.tcss"]  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "Help", key_display="?", id="program.help"),
        Binding("q", "back", "Back", key_display="q", id="program.back"),
    ]

    def __init__(self, workspace: Workspace) -> None:
        super().__init__("Catalogue of resources")
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """Where one is, the resources, and the keys."""
        with Vertical(classes="dialog"):
            yield Static(content("SETTINGS / Access Rules / Catalogue"), classes="catalogue-title")
            yield ResourcesTab(self._workspace)
            yield KeyBar()

    def on_mount(self) -> None:
        """Begin among the rows."""
        self.tab.focus_rows()

    @property
    def tab(self) -> ResourcesTab:
        """The resources."""
        return self.query_one(ResourcesTab)

    @on(ResourcesTab.Left)
    def _left(self, event: ResourcesTab.Left) -> None:
        event.stop()
        self.dismiss(None)

    def action_back(self) -> None:
        """Close the panel, or go back to the access rules."""
        if not self.tab.close_details():
            self.dismiss(None)

    def action_help(self) -> None:
        """Show all keys."""
        from tui.dialogs.help import HelpDialog

        self.app.push_screen(HelpDialog())

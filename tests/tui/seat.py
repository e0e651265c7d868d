"""Somebody at the program: what they press, paste and click, and what they then see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button

from store.errors import NotFound
from store.workspace import Workspace
from tests.tui.driver import BESIDE as BESIDE
from tests.tui.driver import OVER as OVER
from tests.tui.driver import Driver
from tests.tui.loop import rest
from tui.app import AdminApp
from tui.launch import Launch
from tui.tabs.member_tab import MemberTab
from tui.tabs.table_tab import TableTab
from tui.widgets.credentials_table import CredentialsTable
from tui.widgets.vault_view import VaultView


class Seat(Driver[AdminApp]):
    """A running program, driven as a person would.

    Args:
        app: The program.
        pilot: What presses its keys.
        workspace: The workspace that it shows; a first start has none to begin with.
    """

    def __init__(self, app: AdminApp, pilot: Pilot[None], workspace: Workspace | None) -> None:
        super().__init__(app, pilot)
        self.workspace = workspace

    @property
    def tab(self) -> TableTab:
        """The tab that is shown, or else the one beneath the dialogs."""
        return self._tabs[0]

    @property
    def _tabs(self) -> list[TableTab]:
        # The catalogue is a dialog with a tab of its own.
        screens = reversed(self.app.screen_stack)
        return [tab for screen in screens for tab in screen.query(TableTab) if tab.display]

    @property
    def rows(self) -> list[str]:
        """What the rows are called, in the order shown."""
        return [self._called(tab, key) for tab in self._tabs[:1] for key in _keys(tab)]

    @property
    def row(self) -> str:
        """What the row at the cursor is called."""
        key = self.tab.table.cursor_key
        return "" if key is None else self.called(key)

    def called(self, key: str) -> str:
        """What whatever has that id is called; a rule is called as what it is about."""
        return self._called(self.tab, key)

    def _called(self, tab: TableTab, key: str) -> str:
        if isinstance(tab, MemberTab):
            return tab.called(key)
        workspace = self.workspace
        assert workspace is not None
        try:
            match tab.id:
                case "user-groups":
                    return workspace.group_row(key).name
                case "access-rules":
                    return workspace.access_rule_row(key).resource_name
                case "resources":
                    return workspace.resource_row(key).name
            return workspace.administrator_vault_row(key).name
        except NotFound:
            # Gone, but for the moment until the rows are listed anew.
            return ""

    @property
    def heading(self) -> str:
        """What the tab says it shows."""
        return str(self.tab.query_one(".heading-text").render())

    @property
    def is_in_credentials(self) -> bool:
        """Whether the keys go to the credentials in the details."""
        return self._is_in(CredentialsTable)

    @property
    def is_in_vault(self) -> bool:
        """Whether the keys go to the vault in the details."""
        return self._is_in(VaultView)

    def _is_in(self, section: type[Widget]) -> bool:
        focused = self.app.screen_stack[0].focused
        return focused is not None and any(
            isinstance(node, section) for node in focused.ancestors_with_self
        )

    async def until_said(self, words: str) -> None:
        """Wait until the program has said something that holds these words."""
        await self.until(lambda: any(words in message for message in self.said))

    async def go_to(self, called: str) -> None:
        """Put the cursor on the row of whatever is called so."""
        tab = self.tab
        for key in _keys(tab):
            if self._called(tab, key) == called:
                assert tab.table.move_to(key)
                await self.pilot.pause(0)
                return
        raise AssertionError(f"{called} is not among {self.rows}")

    async def click_button(self, label: str) -> None:
        """Click the button that says this, on the screen on top."""
        for one in self.app.screen.query(Button):
            if str(one.label) == label:
                # It is clicked where it stands before, and the dialog may be about to grow.
                await rest()
                await self.pilot.click(one)
                return
        raise AssertionError(f"there is no button {label}")


def _keys(tab: TableTab) -> list[str]:
    return [str(key.value) for key in tab.table.rows]


Scenario = Callable[[Seat], Awaitable[None]]


def sit(
    workspace: Workspace | None,
    scenario: Scenario,
    *,
    size: tuple[int, int] = BESIDE,
    launch: Launch | None = None,
    log_folder: Path | None = None,
) -> AdminApp:
    """Run a scenario in the program with this workspace; the program as it ended."""
    app = make_app(launch or Launch(workspace), log_folder)

    async def main() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            seat = Seat(app, pilot, workspace)
            if workspace is not None:
                await seat.until(lambda: bool(seat.tab.table.row_count))
                await pilot.pause()
            await scenario(seat)

    asyncio.run(main())
    return app


def make_app(launch: Launch, log_folder: Path | None = None) -> AdminApp:
    """The program as every test builds it."""
    return AdminApp(launch, log_folder=log_folder or Path.home() / "log")

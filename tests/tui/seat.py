"""Somebody at the program: what they press, paste and click, and what they then see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Input, TextArea

from store.errors import NotFound
from store.workspace import Workspace
from tui.app import AdminApp
from tui.launch import Launch
from tui.tabs.member_tab import MemberTab
from tui.tabs.table_tab import TableTab
from tui.widgets.field import Field

BESIDE, OVER = (120, 40), (80, 24)
_PATIENCE = 5.0


class Seat:
    """A running program, driven as a person would.

    Args:
        app: The program.
        pilot: What presses its keys.
        workspace: The workspace that it shows; a first start has none to begin with.
    """

    def __init__(self, app: AdminApp, pilot: Pilot[None], workspace: Workspace | None) -> None:
        self.app = app
        self.pilot = pilot
        self.workspace = workspace

    @property
    def tab(self) -> TableTab:
        """The tab that is shown."""
        return next(tab for tab in self.app.screen_stack[0].query(TableTab) if tab.display)

    @property
    def text(self) -> str:
        """All that the screen shows, or the dialog on top of it, line by line."""
        screen = self.app.screen
        box = screen.query(".dialog").first().region if screen.query(".dialog") else screen.region
        every = screen._compositor.render_strips()
        strips = [strip.crop(box.x, box.right) for strip in every[box.y : box.bottom]]
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def words(self) -> str:
        """All that the screen on top shows, with single blanks in the place of line ends."""
        return " ".join(self.text.replace("│", " ").split())

    @property
    def dialog(self) -> str:
        """The name of the dialog on top, or "" for none."""
        return type(self.app.screen).__name__ if len(self.app.screen_stack) > 1 else ""

    @property
    def focused(self) -> str:
        """The id or class of what has the focus."""
        focused = self.app.screen.focused
        return "" if focused is None else focused.id or type(focused).__name__

    @property
    def rows(self) -> list[str]:
        """What the rows are called, in the order shown."""
        return [self.called(key) for key in self._keys]

    @property
    def row(self) -> str:
        """What the row at the cursor is called."""
        key = self.tab.table.cursor_key
        return "" if key is None else self.called(key)

    @property
    def _keys(self) -> list[str]:
        tabs = self.app.screen_stack[0].query(TableTab) if self.app.screen_stack else ()
        return [str(key.value) for tab in tabs if tab.display for key in tab.table.rows]

    def called(self, key: str) -> str:
        """What the member or the administrator vault with that id is called."""
        if isinstance(self.tab, MemberTab):
            return self.tab.called(key)
        assert self.workspace is not None
        try:
            return self.workspace.administrator_vault_row(key).name
        except NotFound:
            # Gone, but for the moment until the rows are listed anew.
            return ""

    @property
    def heading(self) -> str:
        """What the tab says it shows."""
        return str(self.tab.query_one(".heading-text").render())

    @property
    def said(self) -> list[str]:
        """The words that the program has said beside the screen."""
        return [notice.message for notice in self.app._notifications]

    def error_at(self, field: str) -> str:
        """What a field of the dialog says is wrong with it, or ""."""
        for one in self.app.screen.query(Field):
            if one.field_name == field and one.has_class("-invalid"):
                return str(one.query_one(".field-note").render())
        return ""

    @property
    def problem(self) -> str:
        """What the dialog says is wrong with the whole, or ""."""
        line = self.app.screen.query_one(".dialog-error")
        return str(line.render()) if line.display else ""

    def input(self, field: str) -> Input:
        """The input of a dialog's field."""
        return self.app.screen.query_one(f"#field-{field.replace('_', '-')} Input", Input)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text as a paste, which is quicker than key by key."""
        focused = self.app.screen.focused
        assert isinstance(focused, Input | TextArea), focused
        self.app.post_message(events.Paste(text))
        await self.pilot.pause(0)

    async def fill(self, field: str, text: str) -> None:
        """Type into a field in the place of what it holds."""
        control = self.input(field)
        control.focus()
        control.value = ""
        await self.pilot.pause(0)
        await self.type(text)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + _PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"not so: {self.dialog}\n{self.said}\n{self.text}"
            await self.pilot.pause(0.01)

    async def until_said(self, words: str) -> None:
        """Wait until the program has said something that holds these words."""
        await self.until(lambda: any(words in message for message in self.said))

    async def until_shown(self, words: str) -> None:
        """Wait until the screen on top shows these words."""
        await self.until(lambda: words in self.words)

    async def until_dialog(self, name: str) -> None:
        """Wait until the dialog of that class is on top, and takes keys; "" for none."""
        await self.until(lambda: self.dialog == name and self.app.screen.is_mounted)
        await self.pilot.pause(0)

    async def go_to(self, called: str) -> None:
        """Put the cursor on the row of whatever is called so."""
        for key in self._keys:
            if self.called(key) == called:
                assert self.tab.table.move_to(key)
                await self.pilot.pause(0)
                return
        raise AssertionError(f"{called} is not among {self.rows}")

    async def click_button(self, label: str) -> None:
        """Click the button that says this, on the screen on top."""
        for one in self.app.screen.query(Button):
            if str(one.label) == label:
                await self.pilot.click(one)
                return
        raise AssertionError(f"there is no button {label}")


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

"""The screen that holds all tabs: header, tabs, footer; and what is true of the whole program."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.keymap import keymap_of
from tui.keys import APP, EVERYWHERE, MOVING, Key, bindings
from tui.keys import TABS as TAB_KEYS
from tui.launch import Launch
from tui.tables import table_class
from tui.tabs.table_tab import TableTab
from tui.terminal_size import FollowsTerminal
from tui.text import content, visible
from tui.widgets.key_bar import KeyBar
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from store.workspace import Workspace
    from tui.app import AdminApp


@dataclass(frozen=True)
class TabEntry:
    """A tab: the key that goes to it, and what it is called where there is no room."""

    key: Key
    short: str

    @property
    def group(self) -> str:
        """What its keys and its table are called in the configuration."""
        return self.key.name

    @property
    def name(self) -> str:
        """Its id."""
        return self.group.replace("_", "-")

    @property
    def title(self) -> str:
        """What it is called."""
        return self.key.label


# A later one is added here, in `tui/tables.py` and to the table of keys, which has their order.
_SHORT = ("Users", "Accounts", "Groups", "Vaults", "Rules")
TABS = tuple(TabEntry(*each) for each in zip(TAB_KEYS, _SHORT, strict=True))


class MainScreen(FollowsTerminal, Screen[None]):
    """Everything but the dialogs.

    Args:
        launch: What the program was started with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("tabs", TAB_KEYS),
        *bindings("program", APP),
    ]

    def __init__(self, launch: Launch) -> None:
        super().__init__()
        self._launch = launch
        self._workspace = launch.workspace
        self._tab_number = 0

    def compose(self) -> ComposeResult:
        """The header, the tabs and the footer; without a workspace, the header alone."""
        with Horizontal(id="header"):
            yield Static(id="breadcrumb")
            yield Static(id="where")
        if self._workspace is not None:
            yield from self._tabs(self._workspace)
        yield KeyBar(id="keys")

    def _tabs(self, workspace: Workspace) -> list[Widget]:
        # No container around the pages: each would be drawn beneath them with every frame. The
        # other tabs are made when they are first shown.
        keys = keymap_of(self.app).group("tabs")
        titles = [(key.shown, tab.title, tab.short) for key, tab in zip(keys, TABS, strict=True)]
        return [TabBar(titles, id="tabs"), _make_tab(TABS[0], workspace)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether a key may do anything: not before there is a workspace."""
        return self._workspace is not None

    def on_mount(self) -> None:
        """Show where one is, and begin with the first tab's table."""
        keymap_of(self.app).apply_to(self, *EVERYWHERE)
        self.show_header()
        if self._workspace is not None:
            self._tab.table.focus()

    async def open_workspace(self, workspace: Workspace) -> None:
        """Show the workspace that a first start has made."""
        self._workspace = workspace
        self.show_header()
        await self.mount_all(self._tabs(workspace), before="#keys")
        self._tab.table.focus()
        self.refresh_bindings()

    def show_header(self) -> None:
        """Say which tab this is, and of which workspace, in whose name, in which store."""
        title = TABS[self._tab_number].title
        if self._workspace is None:
            title = "First start"
        breadcrumb = Content.assemble(("SETTINGS / ", "$text-muted"), (title, "bold $accent"))
        self.query_one("#breadcrumb", Static).update(breadcrumb)
        self.query_one("#where", Static).update(self._where())

    def _where(self) -> Content:
        workspace = self._workspace
        if workspace is None:
            return Content("")
        parts = [content(workspace.summary().name).stylize("bold")]
        parts.append(content(workspace.actor_called))
        if workspace.read_only_reason:
            parts.append(Content.styled("READ-ONLY", "bold $text-warning"))
        if self._launch.is_demo:
            parts.append(Content.styled("DEMO, gone when you quit", "bold $text-warning"))
        else:
            parts.append(content(_short_path(str(workspace.path))).stylize("$text-muted"))
        return Content(" · ").join(parts)

    @property
    def _tab_name(self) -> str:
        return TABS[self._tab_number].name

    @property
    def _tab(self) -> TableTab:
        return self.query_one(f"#{self._tab_name}", TableTab)

    def reload(self, *, is_awaited: bool = True) -> None:
        """Show what has been committed, here or, where no key waits for it, by somebody else."""
        self.show_header()
        for tab in self.query(TableTab):
            tab.reload(is_awaited=is_awaited)

    def commands(self) -> Iterable[SystemCommand]:
        """What the command palette offers: all keys' actions that apply here."""
        if self._workspace is None:
            return
        tab, keymap = self._tab, keymap_of(self.app)
        own, rows = keymap.group(TABS[self._tab_number].group), keymap.group("rows")[len(MOVING) :]
        for node, keys in ((tab, own), (tab, rows), (self, keymap.group("program"))):
            for key in keys:
                if key.action in ("command_palette", "clear", "mark"):
                    continue
                title = f"{key.label} ({key.shown})" if key.shown else key.label
                yield SystemCommand(title, key.tooltip, self._runner(node, key.action))

    def _runner(
        self, node: TableTab | MainScreen, action: str
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        async def run() -> None:
            await node.run_action(action)

        return run

    # Actions

    async def action_show_tab(self, number: int) -> None:
        """Show the tab with that number, from 0 on."""
        if self._workspace is None or number == self._tab_number:
            return
        former, name = self._tab, TABS[number].name
        if not self.query(f"#{name}"):
            await self.mount(_make_tab(TABS[number], self._workspace), before="#keys")
        # A tab that is not shown must not get the focus that something else has lost.
        former.display, former.disabled = False, True
        self._tab_number = number
        self._tab.display, self._tab.disabled = True, False
        self.query_one(TabBar).shown = number
        self.show_header()
        self._tab.focus_rows()

    async def action_next_tab(self) -> None:
        """Show the next tab, after the last the first."""
        await self._step_tab(1)

    async def action_previous_tab(self) -> None:
        """Show the tab before, before the first the last."""
        await self._step_tab(-1)

    async def _step_tab(self, step: int) -> None:
        await self.action_show_tab((self._tab_number + step) % len(TABS))

    def action_back(self) -> None:
        """Close the panel, or quit."""
        if not self._tab.close_details():
            self.app.exit()

    def action_help(self) -> None:
        """Show all keys."""
        from tui.dialogs.help import HelpDialog

        self.app.push_screen(HelpDialog())

    def action_command_palette(self) -> None:
        """Search all commands."""
        self.app.action_command_palette()

    def action_theme(self) -> None:
        """Choose the theme."""
        self.admin_app.search_themes()

    async def action_my_account(self) -> None:
        """Open one's own details."""
        if self._workspace is not None:
            await self.action_show_tab(0)
            tab = self._tab
            tab.table.move_to(self._workspace.actor)
            await tab.open_details(self._workspace.actor)

    def action_refused(self) -> None:
        """Show the sign-ins that were refused."""
        workspace = self._workspace
        if workspace is None:
            return
        if not workspace.is_administrator:
            self._tab.refuse("Only administrators may see the refused sign-ins of others.")
            return
        from tui.tabs.sign_in_flows import show_refused_sign_ins

        self._tab.begin(show_refused_sign_ins(self._tab, workspace))

    def action_settings(self) -> None:
        """Show the workspace's name, limits and server URLs, to be edited by who may."""
        self._tab.begin(self._editing_settings())

    async def _editing_settings(self) -> None:
        from tui.dialogs.workspace_settings import WorkspaceSettings

        workspace = self._workspace
        if workspace is None:
            return
        tab = self._tab
        refusal = workspace.change_refusal
        if not workspace.is_administrator:
            refusal = "Only administrators may change the workspace settings."
        dialog = WorkspaceSettings(
            workspace.settings(),
            save=lambda edit: self.admin_app.operate(workspace.edit_settings, edit),
            refusal=refusal,
        )
        if await self.app.push_screen_wait(dialog):
            tab.say("Saved.")
        self.reload()

    @property
    def admin_app(self) -> AdminApp:
        """The program."""
        from tui.app import AdminApp

        assert isinstance(self.app, AdminApp)
        return self.app


def _make_tab(tab: TabEntry, workspace: Workspace) -> TableTab:
    # The first screen needs none of the others.
    make = cast("Callable[[Workspace], TableTab]", table_class(tab.group))
    return make(workspace)


def _short_path(path: str) -> str:
    from pathlib import Path

    home = str(Path.home())
    shown = "~" + path[len(home) :] if path.startswith(home + "/") else path
    return visible(shown)

"""The program: what surrounds the screens, from its look to how it ends."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from platformdirs import user_log_path
from rich.console import RenderableType
from textual import work
from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.events import Event, InputEvent, Key, MouseMove, Paste, Resize
from textual.filter import LineFilter
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import WorkerFailed

from store.errors import AccessEnded, StoreFailed, StoreUnreadable, WorkspaceError
from store.joiners import JOINER, NON_JOINER
from tui.clipboard import Clipboard
from tui.defects import log_defect
from tui.key_queue import BESIDE, KeyQueue
from tui.keymap import Keymap
from tui.launch import Launch
from tui.main_screen import MainScreen
from tui.painted import Painted
from tui.remembered import Remembered
from tui.table_view import TableView
from tui.tabs.table_tab import TableTab
from tui.text import ControlCharacterFilter, visible
from tui.themes import THEME_WORDS, THEMES

T = TypeVar("T")

# Often enough that a removed person's program ends within a second, in seconds.
_BETWEEN_LOOKS = 0.4
# How long what may hold secrets can be pasted from tmux, in seconds.
_A_MINUTE = 60.0
# A key makes some thousand objects, most of which go by themselves.
_BETWEEN_COLLECTIONS = 20_000


class AdminApp(App[None]):
    """The admin console.

    Args:
        launch: What it is started with.
        log_folder: Where the log of a defect goes.
        ansi_color: Whether the terminal's own 16 colours are used.
    """

    TITLE = "clearml-admin"
    # The dialogs bring their own, read when the first of them opens.
    CSS_PATH: ClassVar[list[str | Path]] = [  # type: ignore[assignment]
        "main_screen.tcss",
        "tabs/table_tab.tcss",
    ]

    def __init__(
        self, launch: Launch, *, log_folder: Path | None = None, ansi_color: bool | None = None
    ) -> None:
        super().__init__(ansi_color=ansi_color)
        self._configuration = launch.configuration
        self._remembered = launch.remembered or Remembered()
        self.keymap = Keymap(self._configuration.keys)
        if "ctrl+p" not in self.keymap.key("program", "command_palette").all_keys:
            # Textual's own, which would go before what the person has put there.
            self._bindings.key_to_bindings.pop("ctrl+p", None)
        self._begin_with_theme()
        self._launch = launch
        self._workspace = launch.workspace
        self._log_folder = log_folder
        self._painted = Painted()
        self._characters = ControlCharacterFilter()
        self._typed = KeyQueue(self, super().on_event)
        self._copier: Clipboard | None = None
        self._forgetting: Timer | None = None
        self._shown_version = (-1, -1)
        self._is_looking = False
        self._last_trouble = ""
        self._has_told_of_choices = False
        self._has_told_of_configuration = False
        # Why the program ended, to be said when the terminal is as it was.
        self.last_words = ""

    def get_default_screen(self) -> Screen[Any]:
        """The screen with the tabs."""
        return MainScreen(self._launch)

    def get_driver_class(self) -> type[Driver]:
        """The driver of the terminal, which keeps what is pasted together."""
        driver = super().get_driver_class()
        if driver.__module__ == "textual.drivers.linux_driver":
            from tui.bracketed_paste import keep_pastes_whole

            keep_pastes_whole()
        return driver

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing that steers a terminal is drawn, whatever a widget was given."""
        return [*super().get_line_filters(), self._characters]

    def _load_screen_css(self, screen: Screen[Any]) -> None:
        """Read the sheets of a dialog, which are about nothing that is there before it.

        Textual would parse all sheets anew, and style by them all that there is.
        """
        for path in screen.css_path:
            if not self.stylesheet.has_source(str(path), ""):
                self.stylesheet.read(path)
        if screen.CSS:
            super()._load_screen_css(screen)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            renderable = self._painted.changes(renderable)
        super()._display(screen, renderable)

    async def on_event(self, event: Event) -> None:
        """Give what is typed to the focus, in its order."""
        if isinstance(event, Resize):
            # Terminals do not agree on what they leave of what they showed.
            self._painted.forget()
        if isinstance(event, Key) and event.character in (JOINER, NON_JOINER):
            # By itself it is not printable, which no widget takes for text.
            event = Paste(event.character)
        is_typed = isinstance(event, InputEvent | Paste) and not isinstance(event, MouseMove)
        if is_typed and not event.is_forwarded:
            self._typed.put(event)
        else:
            await super().on_event(event)

    async def push_screen_wait(  # type: ignore[override]
        self, screen: Screen[T], *, mode: str | None = None
    ) -> T:
        """Ask the person something, and wait for the answer. Workers alone may."""
        with self._typed.asking(screen):
            return await super().push_screen_wait(screen, mode=mode)

    @property
    def has_typed(self) -> bool:
        """Whether there are keys that wait for what those before them have set off."""
        return not self._typed.is_empty

    def on_notify(self) -> None:
        """What is said takes the place of what was said before: an error, of its being mended."""
        self._notifications.clear()

    def action_help_quit(self) -> None:
        """Tell who presses ctrl+c how to leave, which it does not do here."""
        back = self.keymap.named("program", "back")
        self.notify(f"{back} leaves the program. ctrl+c copies what is selected.", markup=False)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the command palette offers. No screenshot: a secret might be shown."""
        if isinstance(screen, MainScreen):
            yield from screen.commands()

    def action_command_palette(self) -> None:
        """Search all commands."""
        from tui.command_search import CommandSearch

        if not isinstance(self.screen, CommandSearch):
            self.push_screen(CommandSearch())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key may do it: dialogs have no commands, and `ctrl+p` goes up in a text."""
        if action == "command_palette":
            return isinstance(self.screen, MainScreen)
        return super().check_action(action, parameters)

    async def on_mount(self) -> None:
        """Follow what others commit; without a workspace, make one."""
        self.app_resume_signal.subscribe(self, lambda _app: self.action_redraw())
        if self._workspace is None:
            self._first_start()
        else:
            self._follow_commits()

    def action_redraw(self) -> None:
        """Draw the whole screen anew, as after something else has written on it."""
        self._painted.forget()
        self.screen.refresh(layout=True)

    @work(group="first start")
    async def _first_start(self) -> None:
        from tui.dialogs.first_start import FirstStartDialog

        assert self._launch.first_start is not None
        workspace = await self.push_screen_wait(FirstStartDialog(self._launch.first_start))
        if workspace is None:
            self.end("No workspace was created.", 0)
            return
        self._workspace = workspace
        await self._main_screen.open_workspace(workspace)
        self._follow_commits()

    @property
    def _main_screen(self) -> MainScreen:
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    # The store

    async def operate(self, call: Callable[..., T], *arguments: Any) -> T:
        """Run a method of the workspace in a thread. Who has lost access leaves the program.

        Raises:
            WorkspaceError: What the method raises.
        """
        try:
            return await asyncio.to_thread(call, *arguments)
        except AccessEnded as error:
            self.end(error.message, 1)
            raise

    def show_error(self, error: WorkspaceError) -> None:
        """Show what the store refused; where the store itself failed, until it has been read."""
        if isinstance(error, StoreFailed):
            from tui.dialogs.message import MessageDialog

            self.push_screen(MessageDialog(error.title, error.message))
        else:
            self.notify(visible(error.message), title=error.title, severity="error", markup=False)

    def _follow_commits(self) -> None:
        assert self._workspace is not None
        self._shown_version = self._workspace.version
        if self._launch.joined:
            self.notify("Welcome: you are an active user now.", markup=False)
        reason, notices = self._workspace.read_only_reason, self._workspace.notices
        if reason or notices:
            told = visible(" ".join(filter(None, [reason, *notices])))
            title = "Read-only" if reason else "Mended"
            seconds = _A_MINUTE if notices else 10
            self.notify(told, title=title, severity="warning", markup=False, timeout=seconds)
        self.set_interval(_BETWEEN_LOOKS, self._look_soon)
        if self.may_use_files:
            self.run_worker(_sweep, thread=True, group=BESIDE)

    def _look_soon(self) -> None:
        if not self._is_looking:
            self._look()

    @work(group=BESIDE)
    async def _look(self) -> None:
        await self.look_for_commits()

    async def look_for_commits(self) -> None:
        """Load what others have committed, and show it and what was committed here."""
        if self._workspace is None:
            return
        self._is_looking = True
        try:
            await self.operate(self._workspace.refresh)
            self._last_trouble = ""
        except AccessEnded:
            return
        except WorkspaceError as error:
            self._show_trouble(error)
        finally:
            self._is_looking = False
        if self._workspace.version != self._shown_version:
            self._shown_version = self._workspace.version
            self._show_commit()

    def _show_commit(self) -> None:
        # Looking may come to its end while the program is ending and its screens are taken down.
        for screen in self.screen_stack[:1]:
            if isinstance(screen, MainScreen) and screen.query("#where"):
                screen.reload(is_awaited=False)
        # The catalogue is over it.
        for screen in self.screen_stack[1:]:
            for tab in screen.query(TableTab):
                tab.reload(is_awaited=False)

    def _show_trouble(self, error: WorkspaceError) -> None:
        # Looking goes on, and says the same only once.
        if error.message != self._last_trouble:
            self._last_trouble = error.message
            self.show_error(error)

    def note_loaded(self) -> None:
        """Collect garbage from now on, where starting has put it off, but not among what is loaded.

        That stays as long as the program: looking through it would hold a key up for a tenth of a
        second, where there are a hundred thousand users, and find nothing.
        """
        if not gc.isenabled():
            gc.freeze()
            gc.set_threshold(_BETWEEN_COLLECTIONS)
            gc.enable()

    # What a person chooses

    def _begin_with_theme(self) -> None:
        for theme in THEMES.values():
            self.register_theme(theme)
        name = self._configuration.theme or self._remembered.theme
        chosen = THEMES.get(name, THEMES["dark"])
        # Nothing is drawn yet, so nothing has to be drawn anew, which setting it would do.
        self.set_reactive(App.theme, chosen.name)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def search_themes(self) -> None:
        """Offer the themes; Textual would offer many more."""
        self.run_worker(self._choosing_theme(), group="theme")

    async def _choosing_theme(self) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        present = next((name for name, theme in THEMES.items() if theme.name == self.theme), "")
        choices = [Choice(name, words) for name, words in THEME_WORDS.items()]
        chosen = await self.push_screen_wait(ChoiceDialog("Theme", choices, present=present))
        if chosen is not None:
            self.theme = THEMES[chosen].name
            self._remembered.choose_theme(chosen)
            self._keep_choices(bool(self._configuration.theme))

    def table_view(self, table: str) -> TableView:
        """How a table is to be shown: as the person has written down, else as it was last."""
        return self._configured_view(table).over(self._remembered.table(table))

    def remember_columns(self, table: str, hidden: frozenset[str]) -> None:
        """Remember which columns of a table are hidden."""
        self._remembered.hide(table, hidden)
        self._keep_choices(self._configured_view(table).hidden is not None)

    def remember_sort(self, table: str, column: str, *, descending: bool) -> None:
        """Remember what a table is sorted by."""
        self._remembered.sort(table, column, descending=descending)
        view = self._configured_view(table)
        self._keep_choices(view.sort_by is not None or view.descending is not None)

    def _configured_view(self, table: str) -> TableView:
        return self._configuration.tables.get(table, TableView())

    @work(group=BESIDE)
    async def _keep_choices(self, is_configured: bool) -> None:
        if is_configured and not self._has_told_of_configuration:
            self._has_told_of_configuration = True
            self.notify("Until you quit: your configuration says otherwise.", markup=False)
        trouble = await asyncio.to_thread(self._remembered.write)
        if trouble and not self._has_told_of_choices:
            self._has_told_of_choices = True
            self.notify(visible(trouble), severity="warning", markup=False)

    # The terminal

    @property
    def may_use_files(self) -> bool:
        """Whether files may be read and written for the person."""
        return not self._launch.is_restricted

    @property
    def keeps_drafts(self) -> bool:
        """Whether what is not saved is kept for the person, should the program end."""
        return self.may_use_files and not self._launch.is_demo

    def copy_to_clipboard(self, text: str) -> None:
        """Copy to the clipboard of the person's terminal, also from inside tmux and screen."""
        if self._forgetting is not None:
            # What it would forget is in the clipboard no longer.
            self._forgetting.stop()
        self._clipboard = text
        if self._driver is not None:
            self._copier = self._copier or Clipboard(
                self._driver.write, os.environ, may_run_tmux=not self._launch.is_restricted
            )
            self.run_worker(partial(self._copier.copy, text), thread=True, group=BESIDE)

    def copy_for_a_minute(self, text: str) -> None:
        """Copy what may hold secrets, where no dialog is there that could take it back."""
        self.copy_to_clipboard(text)
        self._forgetting = self.set_timer(_A_MINUTE, self.forget_copied)

    async def forget_copied(self) -> None:
        """Take a secret back out of where it was copied through."""
        self._clipboard = ""
        if self._copier is not None:
            await asyncio.to_thread(self._copier.forget)

    async def on_unmount(self) -> None:
        """Leave no secret behind and keep what was chosen, however the program ends."""
        await self.forget_copied()
        await asyncio.to_thread(self._remembered.write)

    async def action_quit(self) -> None:
        """Quit; from within a dialog leave that first, which may ask."""
        if len(self.screen_stack) > 1 and hasattr(self.screen, "action_cancel"):
            await self.run_action("screen.cancel")
        else:
            self.exit()

    def action_suspend_program(self) -> None:
        """Suspend the program to the shell that started it."""
        if self._launch.is_restricted:
            self.notify("The shell is not open in a restricted program.", severity="warning")
        else:
            self.action_suspend_process()

    def end(self, sentence: str, return_code: int) -> None:
        """End the program in order, with a last sentence for the person."""
        self.last_words = sentence
        self.exit(return_code=return_code)

    def say_at_end(self, sentence: str) -> None:
        """Say something besides, when the terminal is as it was."""
        self.last_words = f"{self.last_words} {sentence}".strip()

    def _handle_exception(self, error: Exception) -> None:
        # A screen that is being mounted or taken down when the program ends lacks its widgets; what
        # comes of that is no defect, and must not take the place of the exit status.
        if not self._running or self._exit:
            return
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, StoreUnreadable | AccessEnded):
            # Documents are read as they are drawn, so that damage, or that the person has lost
            # access, may be found anywhere.
            self.end(cause.message, 1)
        else:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would print a traceback with local variables, and a secret may be among them.
        error = self._exception or RuntimeError("unknown")
        folder = self._log_folder or user_log_path("clearml-admin")
        self.last_words = log_defect(error, folder)
        self._close_messages_no_wait()


def _sweep() -> None:
    from tui.drafts import sweep_drafts
    from tui.private_copies import sweep_copies

    sweep_copies()
    sweep_drafts()

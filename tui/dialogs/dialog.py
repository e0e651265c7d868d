"""What all dialogs share: the box, its title and buttons, and how errors are shown in it."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static
from textual.worker import NoActiveWorker, Worker, get_current_worker

from store.errors import WorkspaceError
from tui.keymap import keymap_of
from tui.terminal_size import FollowsTerminal
from tui.text import content, shortened
from tui.widgets.field import Field
from tui.widgets.plain_button import PlainButton

T = TypeVar("T")
R = TypeVar("R")

# Terminals with fewer lines, or columns, have no room for what is only pleasant.
_LOW, _NARROW = 20, 72
# Two lines of a dialog on the narrowest terminal.
_TITLE_CELLS = 130


class Dialog(FollowsTerminal, ModalScreen[T | None]):
    """A box over the screen. It leaves only by `dismiss`; escape gives None.

    Args:
        title: What it is about; it may hold text from people.
    """

    CSS_PATH = "dialogs.tcss"
    # What is dimmed while something is being done.
    WAITING_PARTS = ".dialog-buttons"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="dialog.cancel"),
        Binding("ctrl+l", "app.redraw", show=False, id="program.app.redraw"),
        Binding("ctrl+z", "app.suspend_program", show=False, id="program.app.suspend_program"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._is_busy = False

    def on_resize(self, event: Resize) -> None:
        """Keep the buttons in sight, however small the terminal is."""
        self._take_size(event.size)

    def _take_size(self, size: Size) -> None:
        self.set_class(size.height < _LOW, "-cramped")
        self.set_class(size.width < _NARROW, "-slim")

    def _take_first_size(self, size: Size) -> None:
        """Have the classes of that size before the first frame, which would be drawn anew."""
        self._take_size(size)
        for length, breakpoints in (
            (size.width, self.HORIZONTAL_BREAKPOINTS),
            (size.height, self.VERTICAL_BREAKPOINTS),
        ):
            self.add_class(*self._get_breakpoint_classes(length, breakpoints or []))

    def compose(self) -> ComposeResult:
        """The title, the body, what stays below it, a line for errors and the buttons."""
        self._take_first_size(self.app.size)
        with Vertical(classes="dialog"):
            title = shortened(self._title, _TITLE_CELLS)
            yield Static(content(title), classes="dialog-title")
            with VerticalScroll(classes="dialog-body", can_focus=False):
                yield from self.compose_body()
            yield from self.compose_foot()
            yield Static(classes="dialog-error")
            with Horizontal(classes="dialog-buttons"):
                yield from self.compose_buttons()

    def compose_body(self) -> Iterable[Widget]:
        """What is between the title and the buttons."""
        return ()

    def compose_foot(self) -> Iterable[Widget]:
        """What is below the body and stays in sight, however that is scrolled."""
        return ()

    def compose_buttons(self) -> Iterable[Button]:
        """The buttons, the one to leave by first."""
        yield button("Close", "cancel")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether a key may do anything: not before there is what it would be done to."""
        return self.is_mounted

    def on_mount(self) -> None:
        """Begin at the top, also where the first input takes the focus before there is a layout."""
        keymap_of(self.app).apply_to(self)
        for body in self.query(".dialog-body"):
            self.call_after_refresh(body.scroll_home, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave by the button to cancel. Textual calls this besides a subclass's own."""
        event.stop()
        if event.button.id == "cancel":
            self.action_cancel()

    def action_cancel(self) -> None:
        """Leave without a result, unless something is being done."""
        if not self._is_busy:
            self.dismiss(None)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave, once: a second press may come before the first has closed the dialog."""
        if not self.is_current:
            return AwaitComplete()
        self._stop_looking()
        return super().dismiss(result)

    def _stop_looking(self) -> None:
        # What it still looks up would be shown in widgets that are taken down before it is.
        leaving = _current_worker()
        for worker in self.workers:
            if worker is not leaving and self in worker.node.ancestors_with_self:
                worker.cancel()

    def show_problem(self, message: str | Content) -> None:
        """Say what is wrong with the whole, above the buttons."""
        line = self.query_one(".dialog-error", Static)
        line.update(message if isinstance(message, Content) else content(message))
        line.display = bool(message)
        # The buttons and the message stay in sight, and the body gives way.
        self.set_class(line.display, "-with-problem")

    def show_error(self, error: WorkspaceError) -> None:
        """Show an error of the store at its field, or else above the buttons."""
        for field in self.query(Field):
            if error.field == field.field_name:
                field.show_error(error.message)
                field.control.focus()
                # The focus brings the input into view, but not what is said below it.
                self.call_after_refresh(field.scroll_visible, animate=False)
                return
        self.show_problem(error.message)

    def clear_errors(self) -> None:
        """Take back what was said to be wrong."""
        self.show_problem("")
        for field in self.query(Field):
            field.clear_error()

    async def attempt(self, doing: Awaitable[R]) -> R | None:
        """Wait for an operation; an error of the store is shown and the draft kept.

        Returns:
            Its result, or None where it failed or another is still being done.
        """
        self.clear_errors()
        self._set_busy(True)
        try:
            return await doing
        except WorkspaceError as error:
            self.show_error(error)
            return None
        finally:
            self._set_busy(False)

    @property
    def is_busy(self) -> bool:
        """Whether an operation is under way, so that no second one is begun."""
        return self._is_busy

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        # Not on the dialog, all of which would be styled anew, twice for each thing that is done.
        for part in self.query(self.WAITING_PARTS):
            part.set_class(is_busy, "-waiting")


def _current_worker() -> Worker[Any] | None:
    """The worker in which this is called, or None outside of any."""
    try:
        return get_current_worker()
    except NoActiveWorker:
        return None


def button(label: str, name: str, variant: str = "default") -> Button:
    """A button one line high, whose id is the given name."""
    classes = f"dialog-button -{variant}"
    return PlainButton(label, id=name, classes=classes)

"""A vault's text over the whole screen, checked as it changes; the editor adds what changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import ActiveBinding, Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Static, TextArea

from store.errors import InvalidInput, Stopped, WorkspaceError
from store.vaults.checking import CheckedText, Problem
from store.vaults.formats import FORMATS, SHOWN, Format
from store.vaults.recognising import Difference, Guess, guessed, is_settled, weighed
from tui.background_check import BackgroundCheck, Check
from tui.dialogs.dialog import Dialog, button
from tui.dialogs.editor_keys import EditorKeys
from tui.key_queue import BESIDE, SEARCH
from tui.keys import ALWAYS
from tui.text import content, shortened
from tui.widgets.editor_status import CHECKING, NOT_CHECKED, STILL_READING, EditorStatus
from tui.widgets.find_bar import FindBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.line_bar import LineBar, place_named
from tui.widgets.vault_editor import VaultEditor

# The text is checked when no key has come for so many seconds.
_PATIENCE = 0.3
# With what was waited before, the person is told after two seconds that it takes longer.
_A_WHILE = 1.5
_TITLE_CELLS = 60


@dataclass(frozen=True)
class SavedText:
    """What is saved of a vault.

    Attributes:
        text: The text.
        format: Its format.
        revision: What an edit of it begins from; 0 where nothing is saved yet.
        by: Who saved it and when, in words, such as "Ada, 2 min ago", or "".
    """

    text: str
    format: Format
    revision: int
    by: str = ""


class VaultText(Dialog[bool]):
    """Shows the text of a vault, what is wrong with it, and finds words in it.

    Args:
        title: Whose vault it is.
        saved: What is saved.
        enabled: Whether clients get it.
        check: Checks a text.
        read_only: Why nothing can be changed, or "".
        notice: What else is to be said of the vault, or "".
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "vault_dialogs.tcss"]  # type: ignore[assignment]
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-narrow"),
        (100, "-wide"),
    ]

    def __init__(
        self,
        title: str,
        saved: SavedText,
        *,
        enabled: bool,
        check: Check,
        read_only: str,
        notice: str,
    ) -> None:
        super().__init__(title)
        self._saved = saved
        self._enabled = enabled
        self._read_only = read_only
        self._notice = notice
        self._checks = BackgroundCheck(check, self._present)
        self._timer: Timer | None = None
        # What is said in the place of what is known of the text.
        self._checking = CHECKING
        # The format follows the text until somebody has said which it is. An administrator vault
        # is added without a text, in the format that everything begins with.
        self._is_recognising = not saved.text and saved.format == FORMATS[0]
        # What the lines of a text say of its format; whether both readings of it were weighed, and
        # in what they differ where nobody but the person can tell which is meant.
        self._guess: tuple[str, Guess] | None = None
        self._is_weighed = False
        self.differences: tuple[Difference, ...] = ()
        self._is_leaving = False
        # The text. It is asked for when the program ends, too, when widgets are found no more.
        self.editor = VaultEditor(saved.text, text_format=saved.format, read_only=bool(read_only))

    def compose(self) -> ComposeResult:
        """The title and the format, the text, what is to be said of it, and the keys."""
        with Vertical(classes="dialog"):
            with Horizontal(classes="editor-head"):
                yield Static(content(shortened(self._title, _TITLE_CELLS)), classes="editor-title")
                yield button(self._format_label(self._saved.format), "format")
            if note := self._note():
                lines = [content(line) for line in note.split("\n")]
                yield Static(Content("\n").join(lines), classes="editor-note")
            yield self.editor
            yield FindBar()
            yield LineBar()
            yield EditorStatus()
            yield Static(classes="dialog-error")
            yield _Keys()

    def on_mount(self) -> None:
        """Begin with the text."""
        self.editor.focus()
        self._begin_check()

    @property
    def _is_changed(self) -> bool:
        return self._present() != (self._saved.text, self._saved.format)

    def _present(self) -> tuple[str, Format]:
        return self.editor.text, self.editor.text_format

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        if action.startswith("problem") and not self.editor.problems:
            return "Nothing is wrong with the text."
        return ""

    def label_of(self, action: str) -> str:
        """What an action does now, where that is not what its key says."""
        return ""

    def _may(self, action: str) -> bool:
        if reason := self.reason_against(action):
            self.notify(reason, markup=False)
        return not reason and not self.is_busy

    def text_changed(self) -> None:
        """See that the text has become another, before it is checked."""

    # What is said of the text

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        # To say nothing anew would lay out the whole screen at each key.
        if self.has_class("-with-problem"):
            self.clear_errors()
        self.text_changed()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PATIENCE, self._begin_check)
        self._show_status()

    @on(TextArea.SelectionChanged)
    def _moved(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        self._show_status()

    def _begin_check(self) -> None:
        self._show_status()
        self._check_present()

    def recognise(self) -> None:
        """Take the text for what it looks like, unless somebody has said which format it is."""
        text = self.editor.text
        if not self._is_recognising or (self._guess is not None and self._guess[0] == text):
            return
        self._guess = text, guessed(text)
        self._is_weighed, self.differences = False, ()
        self._show_as(self._guess[1].format)

    def forget_guess(self) -> None:
        """Look anew at what the text is meant in, or leave it at what somebody has said."""
        if self.differences:
            self._checks.keep(self._present(), None)
        self._guess, self.differences = None, ()

    async def checked(self) -> CheckedText:
        """Check the text in the format that it is meant in.

        Raises:
            WorkspaceError: What the check raises.
        """
        while True:
            self.recognise()
            answer = await self._checks.run()
            if not self._is_recognising or self._guess is None or self._is_weighed:
                return answer
            text, guess = self._guess
            if guess.other is None or is_settled(guess, answer):
                return answer
            other = await self._checks.check_as(text, guess.other)
            # Somebody may have typed meanwhile, or said which format it is.
            if self._is_recognising and self.editor.text == text:
                return self._weigh(guess, answer, other)

    def _weigh(self, guess: Guess, answer: CheckedText, other: CheckedText) -> CheckedText:
        found, self.differences = weighed(guess, answer, other)
        self._is_weighed = True
        if found != guess.format:
            answer = other
        elif self.differences and guess.other is not None:
            words = f"{SHOWN[found]} and {SHOWN[guess.other]} read this differently"
            doubt = Problem(1, 1, f"{words}. Choose which it is.", is_error=False)
            answer = replace(answer, problems=(doubt, *answer.problems))
        self._show_as(found)
        self._checks.keep(self._present(), answer)
        return answer

    @work(group=BESIDE)
    async def _check_present(self) -> None:
        self._say_checking(CHECKING)
        telling = self.set_timer(_A_WHILE, partial(self._say_checking, STILL_READING))
        try:
            answer = await self.checked()
        except Stopped:
            self._say_checking(NOT_CHECKED)
            return
        except WorkspaceError as error:
            self.show_error(error)
            return
        finally:
            telling.stop()
        # The dialog may have been left meanwhile.
        if self.is_attached and not self._is_leaving:
            self.editor.show_problems(answer.problems)
            self._show_status()
            self.refresh_bindings()

    def _say_checking(self, words: str) -> None:
        if self.is_attached and not self._is_leaving:
            self._checking = words
            self._show_status()

    def _show_status(self) -> None:
        self.query_one(EditorStatus).show(
            self.editor,
            self._checks.answer,
            is_changed=self._is_changed,
            checking=self._checking,
        )

    def _note(self) -> str:
        state = "" if self._enabled else "○ disabled: clients do not get it"
        notes = (self._notice, self._read_only or state)
        return "\n".join(note for note in notes if note)

    def _format_label(self, text_format: Format) -> str:
        if self.in_doubt:
            return " or ".join(SHOWN[one] for one in self.in_doubt) + "? ▾"
        hint = ", recognised" if self._is_recognising else ""
        return f"{SHOWN[text_format]}{hint} ▾"

    @property
    def in_doubt(self) -> tuple[Format, ...]:
        """The formats that the text may be meant in, where that is to be asked."""
        if not (self._is_recognising and self.differences and self._guess):
            return ()
        text, guess = self._guess
        if guess.other is None or text != self.editor.text:
            return ()
        return guess.format, guess.other

    def _show_as(self, text_format: Format) -> None:
        self.editor.text_format = text_format
        shown, label = self.query_one("#format", Button), self._format_label(text_format)
        if str(shown.label) != label:
            shown.label = label
            # A longer name takes more room.
            shown.refresh(layout=True)

    # Finding

    def action_find(self) -> None:
        """Find words in the text."""
        self.open_find_bar()

    def open_find_bar(self, *, is_replacing: bool = False) -> None:
        """Let the person type what is sought, beginning with what is selected.

        Args:
            is_replacing: Whether it is to be replaced.
        """
        self.close_bars()
        words = self.editor.selected_text
        self.query_one(FindBar).open("" if "\n" in words else words, is_replacing=is_replacing)

    def close_bars(self) -> bool:
        """End finding or going to a line, and come back to the text; whether there was a bar."""
        found, line = self.query_one(FindBar), self.query_one(LineBar)
        is_open = bool(found.display or line.display)
        if found.display:
            self.editor.seek("")
        found.close()
        line.close()
        if is_open:
            self.editor.focus()
        return is_open

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        event.stop()
        self.editor.seek(event.words)
        self._find(1, is_here_enough=True)

    @on(FindBar.Stepped)
    def _stepped(self, event: FindBar.Stepped) -> None:
        event.stop()
        self.action_step(event.direction)

    def action_step(self, direction: int) -> None:
        """Go to the next place of what is sought, or to the one before."""
        if self.editor.knows_places:
            self._go_to_found(direction)
        else:
            self._find(direction)

    @work(group=SEARCH, exclusive=True)
    async def _find(self, direction: int, *, is_here_enough: bool = False) -> None:
        await self.editor.look_for_places()
        self._go_to_found(direction, is_here_enough=is_here_enough)

    def _go_to_found(self, direction: int, *, is_here_enough: bool = False) -> None:
        found = self.editor.find_next(direction, is_here_enough=is_here_enough)
        self.query_one(FindBar).show_count(*found)

    # Going elsewhere

    def action_go_to_line(self) -> None:
        """Go to a line by its number."""
        self.close_bars()
        self.query_one(LineBar).open()

    @on(LineBar.Entered)
    def _line_entered(self, event: LineBar.Entered) -> None:
        event.stop()
        try:
            place = place_named(event.typed, self.editor.document.line_count)
        except InvalidInput as error:
            self.query_one(LineBar).show_error(error.message)
            return
        self.close_bars()
        self.editor.move_cursor(self.editor.clamp_visitable(place), center=True)

    def action_keys(self) -> None:
        """Show all keys."""
        self.app.push_screen(EditorKeys())

    def action_problem(self, direction: int) -> None:
        """Go to the next problem, or to the one before."""
        if self._may("problem"):
            self.editor.go_to_problem(direction)
            self.editor.focus()

    def show_error(self, error: WorkspaceError) -> None:
        """Show an error below the text."""
        self.show_problem(error.message)
        self.editor.focus()

    def dismiss(self, result: bool | None = None) -> AwaitComplete:
        """Leave, and let go of the text: there may be secrets in it."""
        if self.is_current:
            self._is_leaving = True
            self._guess, self.differences = None, ()
            with self.prevent(TextArea.Changed):
                self.editor.load_text("")
        return super().dismiss(result)


_ALWAYS_SHOWN = {"editor.keys", "dialog.cancel"}


class _Keys(KeyBar):
    """The keys in the order in which the dialog has them, whatever the focus is on."""

    def importance_of(self, binding: Binding) -> int:
        """How soon a key is left out: how to leave, and how to see all keys, never."""
        return ALWAYS if binding.id in _ALWAYS_SHOWN else super().importance_of(binding)

    def _shown(self) -> list[ActiveBinding]:
        order = [
            binding.id for binding in type(self.screen).BINDINGS if isinstance(binding, Binding)
        ]
        shown = [active for active in super()._shown() if active.binding.id in order]
        return sorted(shown, key=lambda active: order.index(active.binding.id))

"""The editor of a vault, over the whole screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Button, Static, TextArea

from store.errors import Conflict, WorkspaceError
from store.vaults.converting import Conversion
from store.vaults.formats import FORMATS, SHOWN, Format, recognised
from tui.background_check import BackgroundCheck, Check
from tui.dialogs.choice import Choice, ChoiceDialog
from tui.dialogs.confirmation import Confirmation
from tui.dialogs.dialog import Dialog, button
from tui.dialogs.editor_keys import EditorKeys
from tui.dialogs.text_difference import TextDifference
from tui.dialogs.vault_conflict import VaultConflict
from tui.dialogs.vault_file import ExportText, ImportText, Read, Write
from tui.differences import difference
from tui.external_editor import suffix_of
from tui.text import content, shortened
from tui.widgets.editor_status import EditorStatus
from tui.widgets.find_bar import FindBar
from tui.widgets.key_bar import KeyBar
from tui.widgets.vault_editor import VaultEditor

# The text is checked when no key has come for so many seconds.
_PATIENCE = 0.3
_TITLE_CELLS = 60
_MORE_KEYS = (
    ("^z", "Undo; ^y does it again"),
    ("^c", "Copy; ^x cuts, ^v puts in"),
    ("tab", "Put in blanks; shift+tab leaves the text"),
    ("esc", "Leave"),
)

Convert = Callable[[str, Format, Format], Awaitable[Conversion]]
External = Callable[[str, Format], Awaitable[str]]


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


def _key(keys: str, action: str, shown: str, label: str, tooltip: str) -> Binding:
    # Before the keys of the text area, two of which are the same.
    name = f"editor.{action.partition('(')[0]}"
    return Binding(keys, action, label, key_display=shown, tooltip=tooltip, priority=True, id=name)


class EditVault(Dialog[bool]):
    """Edits the text of a vault. Gives True where it was saved.

    Args:
        title: Whose vault it is.
        saved: What is saved.
        enabled: Whether clients get it.
        check: Checks a text.
        save: Saves a text in a format over the given revision; raises Conflict where another
            has saved meanwhile.
        reload: Gives what is saved by now.
        convert: Writes a text of one format in another.
        read: Reads a file of that path; None where no file is read for the person.
        write: Writes to a new file of that path that text; None where no file is written.
        external: Lets the person edit a text with an editor of their own; None where none is run.
        read_only: Why nothing can be changed, or "".
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "vault_dialogs.tcss"]  # type: ignore[assignment]
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-narrow"),
        (100, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("ctrl+s", "save", "^s", "Save", "Show what is different, and save"),
        _key("ctrl+f", "find", "^f", "Find", "Find words; f3 and shift+f3 go on"),
        _key(
            "f8",
            "problem(1)",
            "f8",
            "Problem",
            "Go to the next problem; shift+f8 goes back",
        ),
        _key("ctrl+t", "format", "^t", "Format", "Choose the format, or convert to another"),
        _key("ctrl+d", "difference", "^d", "Diff", "Show the difference to what is saved"),
        _key("ctrl+e", "export", "^e", "Export", "Write the text to a file"),
        _key("ctrl+o", "import", "^o", "Import", "Take the text from a file"),
        _key("f4", "external", "f4", "$EDITOR", "Edit the text with $EDITOR, and come back"),
        _key("f1", "keys", "f1", "Keys", "Show all keys"),
        Binding("escape", "cancel", "Leave", key_display="esc", id="dialog.cancel"),
        # Terminals send these two as the function keys twelve further on.
        Binding("shift+f8,f20", "problem(-1)", show=False, id="editor.previous_problem"),
        Binding("f3", "step(1)", show=False, id="editor.next"),
        Binding("shift+f3,f15", "step(-1)", show=False, id="editor.previous"),
    ]

    def __init__(
        self,
        *,
        title: str,
        saved: SavedText,
        enabled: bool,
        check: Check,
        save: Callable[[str, Format, int], Awaitable[object]],
        reload: Callable[[], Awaitable[SavedText]],
        convert: Convert,
        read: Read | None = None,
        write: Write | None = None,
        external: External | None = None,
        read_only: str = "",
    ) -> None:
        super().__init__(title)
        self._saved = saved
        self._enabled = enabled
        self._save = save
        self._reload = reload
        self._convert = convert
        self._read = read
        self._write = write
        self._external = external
        self._read_only = read_only
        self._checks = BackgroundCheck(check, self._present)
        self._timer: Timer | None = None
        # The format follows the text until somebody has said which it is.
        self._is_recognising = not saved.revision and not saved.text
        # Texts and what their formats were, for whoever takes a conversion back.
        self._converted: list[tuple[str, Format]] = []
        self._is_leaving = False

    def compose(self) -> ComposeResult:
        """The title and the format, the text, what is to be said of it, and the keys."""
        with Vertical(classes="dialog"):
            with Horizontal(classes="editor-head"):
                yield Static(content(shortened(self._title, _TITLE_CELLS)), classes="editor-title")
                yield Static(content(self._note()), classes="editor-note")
                yield button(self._format_label(self._saved.format), "format")
            yield VaultEditor(
                self._saved.text,
                text_format=self._saved.format,
                read_only=bool(self._read_only),
            )
            yield FindBar()
            yield EditorStatus()
            yield Static(classes="dialog-error")
            yield _Keys()

    def on_mount(self) -> None:
        """Begin with the text."""
        self.editor.focus()
        self._begin_check()

    @property
    def editor(self) -> VaultEditor:
        """The text."""
        return self.query_one(VaultEditor)

    @property
    def _is_changed(self) -> bool:
        return self._present() != (self._saved.text, self._saved.format)

    def _present(self) -> tuple[str, Format]:
        return self.editor.text, self.editor.text_format

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        name = action.partition("(")[0]
        if self._read_only and name in ("save", "format", "import", "external"):
            return self._read_only
        needed = {"import": self._read, "export": self._write, "external": self._external}
        if name in needed and needed[name] is None:
            return "A restricted program reads and writes no files, and runs no editor."
        if name == "problem" and not self.editor.problems:
            return "Nothing is wrong with the text."
        return ""

    def _may(self, action: str) -> bool:
        if reason := self.reason_against(action):
            self.notify(reason, markup=False)
        return not reason and not self.is_busy

    # What is said of the text

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        # To say nothing anew would lay out the whole screen at each key.
        if self.has_class("-with-problem"):
            self.clear_errors()
        self._take_format_back()
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
        self.run_worker(self._check_present(), group="check")

    async def _check_present(self) -> None:
        if self._is_recognising:
            self._show_as(recognised(self.editor.text))
        try:
            answer = await self._checks.run()
        except WorkspaceError as error:
            self.show_error(error)
            return
        # The dialog may have been left meanwhile.
        if self.is_attached and not self._is_leaving:
            self.editor.show_problems(answer.problems)
            self._show_status()
            self.refresh_bindings()

    def _show_status(self) -> None:
        self.query_one(EditorStatus).show(
            self.editor, self._checks.answer, is_changed=self._is_changed
        )

    def _note(self) -> str:
        if self._read_only:
            return self._read_only
        return "" if self._enabled else "○ disabled: clients do not get it"

    def _format_label(self, text_format: Format) -> str:
        hint = ", recognised" if self._is_recognising else ""
        return f"{SHOWN[text_format]}{hint} ▾"

    def _show_as(self, text_format: Format) -> None:
        self.editor.text_format = text_format
        self.query_one("#format", Button).label = self._format_label(text_format)

    # The format

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Choose the format."""
        event.stop()
        if event.button.id == "format":
            self.action_format()

    @work(group="format")
    async def action_format(self) -> None:
        """Choose the format, and whether the text is to be converted."""
        if not self._may("format"):
            return
        text, present = self._present()
        others = [one for one in FORMATS if one != present]
        choices = [Choice(f"read {one}", f"It is {SHOWN[one]}: the text stays") for one in others]
        if text.strip():
            choices = [
                *(Choice(f"convert {one}", f"Convert it to {SHOWN[one]}") for one in others),
                *choices,
            ]
        title = f"The text is {SHOWN[present]}"
        chosen = await self.app.push_screen_wait(ChoiceDialog(title, choices, again="ctrl+t"))
        if chosen is not None:
            target = next(one for one in FORMATS if one == chosen.partition(" ")[2])
            if chosen.startswith("read"):
                self._take_format(target)
            else:
                await self._convert_to(target)

    def _take_format(self, text_format: Format) -> None:
        self._is_recognising = False
        self._show_as(text_format)
        self._begin_check()

    async def _convert_to(self, target: Format) -> None:
        text, present = self._present()
        conversion = await self.attempt(self._convert(text, present, target))
        if conversion is None:
            return
        if conversion.dropped:
            title = f"Convert to {SHOWN[target]}?"
            effects = ["It will not hold any more:", *(f"- {one}" for one in conversion.dropped)]
            asking = Confirmation(title, effects, verb="Convert")
            if not await self.app.push_screen_wait(asking):
                return
        self._converted += [(text, present), (conversion.text, target)]
        self.editor.replace_all(conversion.text)
        self._take_format(target)

    def _take_format_back(self) -> None:
        """Follow whoever takes a conversion back, or makes it anew."""
        present = self.editor.text if self._converted else ""
        for text, text_format in self._converted:
            if text == present:
                self._show_as(text_format)

    # Saving

    @work(group="save")
    async def action_save(self) -> None:
        """Check the text, show what is different, and save it."""
        if not self._may("save"):
            return
        if not self._is_changed:
            self.notify("There is nothing to save: nothing has changed.", markup=False)
            return
        checked = await self.attempt(self._checks.run())
        if checked is None:
            return
        self.editor.show_problems(checked.problems)
        if not checked.is_good:
            first = checked.errors[0]
            self.editor.move_cursor(self.editor.place_of(first), center=True)
            self.show_problem(f"Not saved: {_errors(len(checked.errors))} to mend first.")
            return
        notes = [f"! {_place(one.line, one.column)}: {one.message}" for one in checked.warnings]
        if not self._saved.revision or await self._shows_difference("Save", notes):
            await self._save_present()

    async def _save_present(self) -> None:
        done = await self.attempt(self._save_over(self._saved.revision))
        if done == "saved":
            self._is_leaving = True
            self.dismiss(True)
        elif done == "conflict":
            await self._show_conflict()

    async def _save_over(self, revision: int) -> str:
        try:
            await self._save(*self._present(), revision)
        except Conflict:
            return "conflict"
        return "saved"

    async def _show_conflict(self) -> None:
        theirs = await self.attempt(self._reload())
        if theirs is None:
            return
        dialog = VaultConflict(
            theirs=(theirs.text, theirs.format), by=theirs.by, mine=self._present()
        )
        choice = await self.app.push_screen_wait(dialog)
        self._saved = theirs
        if choice == "theirs":
            self._converted += [self._present(), (theirs.text, theirs.format)]
            self.editor.replace_all(theirs.text)
            self._take_format(theirs.format)
        self._show_status()

    @work(group="difference")
    async def action_difference(self) -> None:
        """Show what is different from what is saved."""
        if self._may("difference"):
            await self._shows_difference("", [])

    async def _shows_difference(self, verb: str, notes: list[str]) -> bool:
        text, text_format = self._present()
        if text_format != self._saved.format:
            notes = [f"{SHOWN[self._saved.format]} becomes {SHOWN[text_format]}.", *notes]
        lines = difference(self._saved.text, text)
        title = "Save these changes?" if verb else "Difference to what is saved"
        dialog = TextDifference(title, lines, notes=notes, verb=verb)
        return await self.app.push_screen_wait(dialog) is True

    # Files, and the person's own editor

    @work(group="file")
    async def action_import(self) -> None:
        """Take the text from a file."""
        if self._may("import") and self._read is not None:
            text = await self.app.push_screen_wait(ImportText(self._read))
            if text is not None:
                self._take_text(text)
                self._is_recognising = True
                self._begin_check()

    @work(group="file")
    async def action_export(self) -> None:
        """Write the text to a file."""
        if self._may("export") and self._write is not None:
            text, text_format = self._present()
            dialog = ExportText(text, suffix_of(text_format), self._write)
            path = await self.app.push_screen_wait(dialog)
            if path is not None:
                self.notify(f"Exported to {path}.", markup=False)

    @work(group="external")
    async def action_external(self) -> None:
        """Edit the text with the person's own editor."""
        if self._may("external") and self._external is not None:
            text = await self.attempt(self._external(*self._present()))
            if text is not None:
                self._take_text(text)
            self.editor.focus()

    def _take_text(self, text: str) -> None:
        if text != self.editor.text:
            self.editor.replace_all(text)

    # Finding

    def action_find(self) -> None:
        """Find words in the text."""
        words = self.editor.selected_text
        self.query_one(FindBar).open("" if "\n" in words else words)

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        event.stop()
        self.query_one(FindBar).show_count(*self.editor.seek(event.words))

    @on(FindBar.Stepped)
    def _stepped(self, event: FindBar.Stepped) -> None:
        event.stop()
        self.action_step(event.direction)

    def action_step(self, direction: int) -> None:
        """Go to the next place of what is sought, or to the one before."""
        self.query_one(FindBar).show_count(*self.editor.find_next(direction))

    def action_keys(self) -> None:
        """Show all keys."""
        own = [one for one in self.BINDINGS if isinstance(one, Binding) and one.tooltip]
        keys = [(one.key_display or one.key, one.tooltip) for one in own]
        self.app.push_screen(EditorKeys([*keys, *_MORE_KEYS]))

    def action_problem(self, direction: int) -> None:
        """Go to the next problem, or to the one before."""
        if self._may("problem"):
            self.editor.go_to_problem(direction)
            self.editor.focus()

    # Leaving

    def action_cancel(self) -> None:
        """End finding, or leave; whoever has changed something is asked."""
        bar = self.query_one(FindBar)
        if bar.display:
            bar.close()
            self.editor.seek("")
            self.editor.focus()
        elif not self.is_busy and not self._is_leaving:
            self._leave()

    @work(group="leave")
    async def _leave(self) -> None:
        if self._is_changed and not self._read_only:
            self._is_leaving = True
            effects = ["What you have changed since the last save is lost."]
            asking = Confirmation("Leave without saving?", effects, verb="Leave")
            answer = await self.app.push_screen_wait(asking)
            self._is_leaving = False
            if not answer:
                return
        self.dismiss(None)

    def show_error(self, error: WorkspaceError) -> None:
        """Show an error below the text."""
        self.show_problem(error.message)
        self.editor.focus()

    def dismiss(self, result: bool | None = None) -> AwaitComplete:
        """Leave, and let go of the text: there may be secrets in it."""
        if self.is_current:
            self._is_leaving = True
            with self.prevent(TextArea.Changed):
                self.editor.load_text("")
        return super().dismiss(result)


class _Keys(KeyBar):
    """The keys in the order in which the dialog has them, whatever the focus is on."""

    def _shown(self) -> list[Binding]:
        order = [binding.id for binding in EditVault.BINDINGS if isinstance(binding, Binding)]
        shown = [binding for binding in super()._shown() if binding.id in order]
        return sorted(shown, key=lambda binding: order.index(binding.id))


def _errors(number: int) -> str:
    return f"{number:,} {'error' if number == 1 else 'errors'}"


def _place(line: int, column: int) -> str:
    return f"Line {line:,}, column {column:,}"

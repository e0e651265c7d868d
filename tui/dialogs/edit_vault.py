"""The editor of a vault, over the whole screen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Button

from store.errors import Conflict
from store.vaults.checking import CheckedText
from store.vaults.concealing import concealed
from store.vaults.converting import Conversion
from store.vaults.formats import FORMATS, SHOWN, Format
from store.vaults.recognising import Difference
from tui.background_check import Check
from tui.dialogs.choice import Choice, ChoiceDialog
from tui.dialogs.confirmation import Confirmation
from tui.dialogs.drafted_text import DraftedText
from tui.dialogs.editor_keys import editor_bindings
from tui.dialogs.text_difference import TextDifference
from tui.dialogs.under_way import watched
from tui.dialogs.vault_conflict import VaultConflict
from tui.dialogs.vault_file import ExportText, ImportText, Read, Write
from tui.dialogs.vault_text import SavedText
from tui.differences import vault_difference
from tui.drafts import Drafts
from tui.external_editor import suffix_of
from tui.widgets.find_bar import FindBar

# Of what two formats make of a text, so much is enough to tell which one is meant.
_MOST_DIFFERENCES = 4

__all__ = ["EditVault", "SavedText"]

_READING = "Reading the text"

Convert = Callable[[str, Format, Format], Awaitable[Conversion]]
External = Callable[[str, Format], Awaitable[str]]


class EditVault(DraftedText):
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
        notice: What else is to be said of the vault, or "".
        drafts: Where drafts are kept; None where none are.
        say_at_end: Says something when the program has ended.
    """

    WAITING_PARTS = ".dialog-buttons, VaultEditor"
    BINDINGS: ClassVar[list[BindingType]] = [
        *editor_bindings(),
        Binding("escape", "cancel", "Leave", key_display="esc", id="dialog.cancel"),
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
        notice: str = "",
        drafts: Drafts | None = None,
        say_at_end: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(
            title,
            saved,
            enabled=enabled,
            check=check,
            read_only=read_only,
            notice=notice,
            drafts=drafts,
            say_at_end=say_at_end,
        )
        self._save = save
        self._reload = reload
        self._convert = convert
        self._read = read
        self._write = write
        self._external = external
        # Texts, their formats and whether those were recognised, for whoever takes a change back.
        self._formats: dict[str, tuple[Format, bool]] = {}

    def reason_against(self, action: str) -> str:
        """Why an action does not apply now, or ""."""
        name = action.partition("(")[0]
        if self._read_only and name in ("save", "format", "replace", "external"):
            return self._read_only
        needed = {"file": self._read or self._write, "external": self._external}
        if name in needed and needed[name] is None:
            return "A restricted program reads and writes no files, and runs no editor."
        return super().reason_against(action)

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
        if self.in_doubt:
            await self._settle()
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

    async def _settle(self) -> bool:
        """Ask which format is meant, where two read the text differently; whether that is known."""
        formats, text = self.in_doubt, self.editor.text
        choices = [
            Choice(
                one, f"It is {SHOWN[one]}, in which clients have", _told(self.differences, place)
            )
            for place, one in enumerate(formats)
        ]
        title = f"Is it {' or '.join(SHOWN[one] for one in formats)}?"
        chosen = await self.app.push_screen_wait(ChoiceDialog(title, choices, again="ctrl+t"))
        target = next((one for one in formats if one == chosen), None)
        if target is None or self.editor.text != text:
            return False
        self._take_format(target)
        return True

    def _take_format(self, text_format: Format) -> None:
        self._is_recognising = False
        self.forget_guess()
        text = self.editor.text
        if text in self._formats:
            self._formats[text] = text_format, False
        self._show_as(text_format)
        self._begin_check()

    async def _convert_to(self, target: Format) -> None:
        text, present = self._present()
        converting = self._convert(text, present, target)
        conversion = await self.attempt(watched(self.app, _READING, converting))
        if conversion is None:
            return
        if conversion.dropped:
            title = f"Convert to {SHOWN[target]}?"
            effects = ["It will not hold any more:", *(f"- {one}" for one in conversion.dropped)]
            asking = Confirmation(title, effects, verb="Convert")
            if not await self.app.push_screen_wait(asking):
                return
        self._change_to(conversion.text, target)

    def _change_to(self, text: str, text_format: Format) -> None:
        """Put a text of another format in the place of all, so that both can be taken back."""
        self._note_format()
        self.editor.replace_all(text)
        self._take_format(text_format)
        self._note_format()

    def take_up(self, text: str, text_format: Format) -> None:
        """Put the text of a draft into the editor, so that it can be undone."""
        self._change_to(text, text_format)
        self.editor.focus()

    def _note_format(self) -> None:
        text, text_format = self._present()
        self._formats[text] = text_format, self._is_recognising

    def text_changed(self) -> None:
        """Follow whoever takes a conversion back, or makes it anew, and say so."""
        super().text_changed()
        if not self._formats or (text := self.editor.text) not in self._formats:
            return
        text_format, self._is_recognising = self._formats[text]
        if text_format != self.editor.text_format:
            self.notify(f"The text is {SHOWN[text_format]} again.", markup=False)
        self._show_as(text_format)

    # Saving

    @work(group="save")
    async def action_save(self) -> None:
        """Check the text, show what is different, and save it."""
        if not self._may("save"):
            return
        # Whoever saves at once is quicker than the check.
        self.recognise()
        if not self._is_changed:
            self.notify("There is nothing to save: nothing has changed.", markup=False)
            return
        checked = await self._checked_in_sight()
        if checked is not None and self.in_doubt:
            checked = await self._checked_in_sight() if await self._settle() else None
        if checked is None:
            return
        self.editor.show_problems(checked.problems)
        if checked.is_unknown:
            self.show_problem(f"Not saved. {checked.errors[0].message}")
            return
        if not checked.is_good:
            first = checked.errors[0]
            self.editor.move_cursor(self.editor.place_of(first), center=True)
            self.show_problem(f"Not saved: {_errors(len(checked.errors))} to mend first.")
            return
        notes = [f"! {_place(one.line, one.column)}: {one.message}" for one in checked.warnings]
        if not self._saved.revision or await self._shows_difference("Save", notes):
            await self._save_present()

    async def _checked_in_sight(self) -> CheckedText | None:
        checking = watched(self.app, _READING, self.checked(), stop=self._checks.stop)
        return await self.attempt(checking)

    async def _save_present(self) -> None:
        saving = self._save_over(self._saved.revision)
        done = await self.attempt(watched(self.app, _READING, saving))
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
        both = (theirs.text, theirs.format), self._present()
        hidden = await asyncio.to_thread(lambda: [concealed(*text) for text in both])
        dialog = VaultConflict(theirs=both[0], by=theirs.by, mine=both[1], hidden=hidden)
        choice = await self.app.push_screen_wait(dialog)
        self._saved = theirs
        if choice == "theirs":
            self._change_to(theirs.text, theirs.format)
        self._show_status()

    @work(group="difference")
    async def action_difference(self) -> None:
        """Show what is different from what is saved."""
        if self._may("difference"):
            await self._shows_difference("", [])

    async def _shows_difference(self, verb: str, notes: list[str]) -> bool:
        while True:
            text, text_format = self._present()
            saved = self._saved.text, self._saved.format
            found = await self.attempt(
                asyncio.to_thread(vault_difference, saved, (text, text_format))
            )
            if found is None:
                return False
            # What was typed meanwhile is shown as well, for all of it would be saved.
            if (text, text_format) == self._present():
                break
        if text_format != self._saved.format:
            notes = [f"{SHOWN[self._saved.format]} becomes {SHOWN[text_format]}.", *notes]
        title = "Save these changes?" if verb else "Difference to what is saved"
        dialog = TextDifference(title, found, notes=notes, verb=verb)
        return await self.app.push_screen_wait(dialog) is True

    # Replacing

    def action_replace(self) -> None:
        """Find words, and put others in their place."""
        if self._may("replace"):
            self.open_find_bar(is_replacing=True)

    @on(FindBar.Replaced)
    def _replaced(self, event: FindBar.Replaced) -> None:
        event.stop()
        if self._may("replace"):
            self._replace(event.words, is_all=event.is_all)

    @work(group="replace")
    async def _replace(self, words: str, *, is_all: bool) -> None:
        if not is_all:
            found = await self.editor.replace_found(words)
            self.query_one(FindBar).show_count(*found)
            return
        count = await self.attempt(self.editor.replace_every(words))
        if count:
            places = "1 place" if count == 1 else f"{count:,} places"
            self.notify(f"Replaced in {places}. ctrl+z takes that back.", markup=False)
            await self.editor.look_for_places()
            self.query_one(FindBar).show_count(*self.editor.find_next(1, is_here_enough=True))
        elif count == 0:
            self.notify("Nothing was found to be replaced.", markup=False)

    # Files, and the person's own editor

    @work(group="file")
    async def action_file(self) -> None:
        """Take the text from a file, or write it to one: `ctrl+o` is known for either."""
        if not self._may("file"):
            return
        choices = []
        if self._read is not None and not self._read_only:
            choices.append(Choice("import", "Import: take the text from a file"))
        if self._write is not None:
            choices.append(Choice("export", "Export: write the text to a new file"))
        chosen = await self.app.push_screen_wait(ChoiceDialog("File", choices, again="ctrl+o"))
        if chosen == "import" and self._read is not None:
            await self._import(self._read)
        elif chosen == "export" and self._write is not None:
            await self._export(self._write)

    async def _import(self, read: Read) -> None:
        text = await self.app.push_screen_wait(ImportText(read))
        if text is not None:
            self._note_format()
            self._take_text(text)
            self._is_recognising = True
            self.recognise()
            self._note_format()
            self._begin_check()

    async def _export(self, write: Write) -> None:
        text, text_format = self._present()
        dialog = ExportText(text, f"~/clearml-vault{suffix_of(text_format)}", write)
        path = await self.app.push_screen_wait(dialog)
        if path is not None:
            self.notify(f"Exported to {path}.", markup=False)

    @work(group="external")
    async def action_external(self) -> None:
        """Edit the text with the person's own editor."""
        if self._may("external") and self._external is not None:
            # While the other editor is there, nothing here could write it any more.
            await self.keep_draft()
            text = await self.attempt(self._external(*self._present()))
            if text is not None:
                self._take_text(text)
            self.editor.focus()

    def _take_text(self, text: str) -> None:
        if text != self.editor.text:
            self.editor.replace_all(text)

    # Leaving

    def action_cancel(self) -> None:
        """End finding, or leave; whoever has changed something is asked."""
        if not self.close_bars() and not self.is_busy and not self._is_leaving:
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


def _told(differences: tuple[Difference, ...], place: int) -> tuple[str, ...]:
    """The first differences, as one of the two formats has them."""
    lines = [
        f"{one.name} {(one.first, one.second)[place] or 'nowhere'}"
        for one in differences[:_MOST_DIFFERENCES]
    ]
    more = len(differences) - len(lines)
    return (*lines, f"and {more:,} more that differ") if more else tuple(lines)


def _errors(number: int) -> str:
    return f"{number:,} {'error' if number == 1 else 'errors'}"


def _place(line: int, column: int) -> str:
    return f"Line {line:,}, column {column:,}"

"""The editor of a vault by keys: checking, formats, saving, conflicts, files and leaving."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from store.errors import Conflict, InvalidInput, NotAllowed
from store.vaults.checking import CheckedText, Problem
from store.vaults.converting import Conversion
from store.vaults.formats import Format
from tests.tui.dialog_seat import DialogSeat, Taker, open_dialog
from tui.dialogs.edit_vault import EditVault, SavedText
from tui.private_files import read_text, write_private
from tui.widgets.vault_editor import VaultEditor

TEXT = "api {\n  key: 1\n}\n"
SIZES = [(120, 40), (80, 24)]
GOOD = CheckedText({}, size=20)


class Checker:
    """Finds an error wherever `bad` stands, and a warning wherever `odd` does."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Format]] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.under_way = 0
        self.most_under_way = 0

    async def __call__(self, text: str, text_format: Format) -> CheckedText:
        """Check."""
        self.asked.append((text, text_format))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.may_answer.wait()
        self.under_way -= 1
        problems = [
            Problem(number, line.index(word) + 1, f"{word} is [/red].\x1b[2J", word == "bad")
            for number, line in enumerate(text.split("\n"), 1)
            for word in ("bad", "odd")
            if word in line
        ]
        is_good = "bad" not in text
        return CheckedText({} if is_good else None, tuple(problems), size=len(text))


class Vault:
    """What an editor is opened on, and what it hands over."""

    def __init__(self, text: str = TEXT, revision: int = 3, text_format: Format = "hocon") -> None:
        self.saved = SavedText(text, text_format, revision)
        self.check = Checker()
        self.save = Taker()
        self.theirs = SavedText("their text\n", "yaml", 9, "Bo [/red], 2 min ago")
        self.convert = Taker(answer=Conversion("api:\n  key: 1\n"))

    async def reload(self) -> SavedText:
        """What is saved by now."""
        return self.theirs

    def editor(self, **other: Any) -> EditVault:
        """The dialog."""
        given = {"read": None, "write": None, "external": None, "enabled": True} | other
        return EditVault(
            title="Vault of Ada [/red]",
            saved=self.saved,
            check=self.check,
            save=self.save,
            reload=self.reload,
            convert=self.convert,
            **given,
        )


def area(seat: DialogSeat) -> VaultEditor:
    return seat.app.screen_stack[1].query_one(VaultEditor)


def format_shown(seat: DialogSeat) -> str:
    return str(seat.app.screen_stack[1].query_one("#format").render())


def words_sought(seat: DialogSeat) -> str:
    return seat.app.screen.query_one(".find-words", Input).value


async def leave(seat: DialogSeat) -> None:
    await seat.press("escape")
    if not seat.has_left:
        await seat.until_dialog("Confirmation")
        await seat.choose("Leave")
    assert await seat.until_left() is None


@pytest.mark.parametrize("size", SIZES)
def test_checks_what_is_typed_and_marks_what_is_wrong(size: tuple[int, int]) -> None:
    vault = Vault()

    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("✓ good")
        assert "Vault of Ada [/red]" in seat.text
        assert "17 B as delivered" in seat.words
        await seat.press("down", "end", *"bad")
        assert "checking…" in seat.words
        assert "Line 2, column 12" in seat.words
        await seat.until_shown("✕ Line 2, column 9: bad is [/red].␛[2J")
        assert "✕ 1 error" in seat.words
        assert "● not saved" in seat.words
        assert "2✕   key: 1bad" in seat.text
        await seat.press("up", "enter")
        # What is below takes its mark along before it is checked anew.
        assert area(seat).problems[0].line == 3
        await seat.press("ctrl+s")
        await seat.until_shown("Not saved: 1 error to mend first.")
        assert area(seat).cursor_location == (2, 8)
        await leave(seat)

    open_dialog(vault.editor, scenario, size=size)
    assert vault.save.taken == []


def test_an_answer_to_a_former_text_is_dropped_and_checks_never_pile_up() -> None:
    vault = Vault()

    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("✓ good")
        vault.check.may_answer.clear()
        await seat.press(*"bad")
        await seat.until(lambda: vault.check.under_way == 1)
        await seat.press(*("backspace",) * 3, "x")
        await seat.pilot.pause(0.5)
        assert vault.check.under_way == 1
        vault.check.may_answer.set()
        await seat.until_shown("✓ good")
        assert area(seat).problems == ()
        await leave(seat)

    open_dialog(vault.editor, scenario)
    assert vault.check.most_under_way == 1
    assert vault.check.asked[-1] == (f"x{TEXT}", "hocon")


def test_goes_from_problem_to_problem() -> None:
    vault = Vault("bad\nfine\n  odd\nbad\n")

    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("✕ 2 errors ! 1 warning")
        places = []
        for key in ("f8", "f8", "f8", "f20"):
            await seat.press(key)
            places.append(area(seat).cursor_location)
        assert places == [(2, 2), (3, 0), (0, 0), (3, 0)]
        assert "✕ Line 4, column 1: bad" in seat.words
        await leave(seat)

    open_dialog(vault.editor, scenario)


@pytest.mark.parametrize("size", SIZES)
def test_saves_after_the_difference_was_seen(size: tuple[int, int]) -> None:
    vault = Vault("a\n" * 40 + TEXT)

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("ctrl+end", *"odd", "ctrl+s")
        await seat.until_dialog("TextDifference")
        assert "+ 1 line added" in seat.words
        assert "- 0 lines removed" in seat.words
        assert "! Line 44, column 1: odd is [/red].␛[2J" in seat.words
        assert "44  + odd" in seat.text
        assert "43    }" in seat.text
        assert "… 40 lines alike" in seat.text
        await seat.press("escape")
        await seat.until_dialog("EditVault")
        assert vault.save.taken == []
        await seat.press("ctrl+s")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        assert await seat.until_left() is True

    app = open_dialog(vault.editor, scenario, size=size)
    assert vault.save.taken == [("a\n" * 40 + TEXT + "odd", "hocon", 3)]
    assert not [notice for notice in app._notifications if "key" in notice.message]


def test_a_first_text_is_recognised_and_saved_at_once() -> None:
    vault = Vault("", 0)

    async def scenario(seat: DialogSeat) -> None:
        assert "HOCON, recognised" in format_shown(seat)
        await seat.press("ctrl+s")
        await seat.until(lambda: "There is nothing to save: nothing has changed." in seat.said)
        seat.app.post_message(events.Paste("sdk:\r  key: 1\r"))
        await seat.until(lambda: "YAML, recognised" in format_shown(seat))
        await seat.press("ctrl+s")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario)
    assert vault.save.taken == [("sdk:\n  key: 1\n", "yaml", 0)]


def test_a_first_text_that_is_saved_at_once_is_recognised_nevertheless() -> None:
    vault = Vault("", 1)

    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("✓ good")
        seat.app.post_message(events.Paste("sdk:\n  key: 1\n"))
        await seat.press("ctrl+s")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario)
    assert ("sdk:\n  key: 1\n", "yaml") in vault.check.asked
    assert vault.save.taken == [("sdk:\n  key: 1\n", "yaml", 1)]


class Doubtful(Checker):
    """Reads `either` otherwise in each format, and `flow` in none but YAML."""

    async def __call__(self, text: str, text_format: Format) -> CheckedText:
        """Check."""
        checked = await super().__call__(text, text_format)
        if "flow" in text and text_format == "hocon":
            return CheckedText(None, (Problem(1, 1, "This is no HOCON."),))
        if not checked.is_good or "either" not in text:
            return checked
        tree = {"agent": {"user": text_format, "git_pass": f"{text_format} s3cret"}}
        return CheckedText(tree, checked.problems, size=len(text))


@pytest.mark.parametrize("size", SIZES)
def test_who_saves_what_two_formats_read_differently_is_asked_which_is_meant(
    size: tuple[int, int],
) -> None:
    vault = Vault("", 0)
    vault.check = Doubtful()
    text = "agent: {user: either}\n"

    async def scenario(seat: DialogSeat) -> None:
        seat.app.post_message(events.Paste(text))
        await seat.until(lambda: "YAML or HOCON?" in format_shown(seat))
        await seat.until_shown("YAML and HOCON read this differently. Choose which it is.")
        await seat.press("ctrl+s")
        await seat.until_dialog("ChoiceDialog")
        shown = seat.text
        assert "Is it YAML or HOCON?" in shown
        assert 'agent.user "yaml"' in shown
        assert 'agent.user "hocon"' in shown
        assert "agent.git_pass ••••••" in shown
        assert "s3cret" not in shown
        await seat.press("escape")
        await seat.until_dialog("EditVault")
        assert vault.save.taken == []
        assert "YAML or HOCON?" in format_shown(seat)
        await seat.press("ctrl+s")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("down", "enter")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario, size=size)
    assert vault.save.taken == [(text, "hocon", 0)]
    assert vault.check.most_under_way == 1


def test_choosing_the_format_asks_first_what_is_in_doubt() -> None:
    vault = Vault("", 0)
    vault.check = Doubtful()

    async def scenario(seat: DialogSeat) -> None:
        seat.app.post_message(events.Paste("agent: {user: either}\n"))
        await seat.until(lambda: "YAML or HOCON?" in format_shown(seat))
        await seat.press("ctrl+t")
        await seat.until_dialog("ChoiceDialog")
        assert "Is it YAML or HOCON?" in seat.text
        await seat.press("ctrl+t", "enter")
        await seat.until(lambda: format_shown(seat).startswith("HOCON ▾"))
        await seat.until_shown("✓ good")
        await seat.until(lambda: "read this differently" not in seat.text)
        # It is known by now, so the others are offered.
        await seat.press("ctrl+t")
        await seat.until_dialog("ChoiceDialog")
        assert "The text is HOCON" in seat.text
        await seat.press("escape")
        # Whatever is typed, it stays.
        await seat.press("#")
        await seat.until(lambda: vault.check.asked[-1][1] == "hocon")
        assert format_shown(seat).startswith("HOCON ▾")
        await leave(seat)

    open_dialog(vault.editor, scenario)


def test_what_does_not_read_as_what_it_looks_like_is_read_as_the_other() -> None:
    vault = Vault("", 0)
    vault.check = Doubtful()
    text = "agent {\n  x: flow\n}\n"

    async def scenario(seat: DialogSeat) -> None:
        seat.app.post_message(events.Paste(text))
        await seat.until(lambda: "YAML, recognised" in format_shown(seat))
        await seat.press("ctrl+s")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario)
    assert vault.save.taken == [(text, "yaml", 0)]


def test_the_draft_is_kept_where_the_store_refuses() -> None:
    vault = Vault()
    vault.save.error = NotAllowed("You may not [/red].")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("x", "ctrl+s")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        await seat.until_shown("You may not [/red].")
        assert area(seat).text == f"x{TEXT}"
        await seat.press("ctrl+s")
        await seat.until_dialog("TextDifference")
        vault.save.error = None
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario)


@pytest.mark.parametrize("size", SIZES)
def test_a_text_that_another_saved_is_shown_and_not_overwritten(size: tuple[int, int]) -> None:
    vault = Vault()
    vault.save.error = Conflict("Changed.")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("x", "ctrl+s")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        await seat.until_dialog("VaultConflict")
        assert "Theirs, Bo [/red], 2 min ago (YAML)" in seat.words
        assert "their text" in seat.words
        assert "xapi {" in seat.words
        await seat.choose("Copy mine")
        assert seat.app.copied == [f"x{TEXT}"]
        await seat.press("escape")
        await seat.until_dialog("EditVault")
        assert area(seat).text == f"x{TEXT}"
        vault.save.error = None
        await seat.press("ctrl+s")
        await seat.until_dialog("TextDifference")
        # The difference is one to their text now.
        assert "- their text" in seat.text
        assert "YAML becomes HOCON." in seat.words
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario, size=size)
    assert [taken[2] for taken in vault.save.taken] == [3, 9]


def test_their_text_can_be_taken_and_that_undone() -> None:
    vault = Vault()
    vault.save.error = Conflict("Changed.")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("x", "ctrl+s")
        await seat.until_dialog("TextDifference")
        await seat.press("enter")
        await seat.until_dialog("VaultConflict")
        await seat.choose("Take theirs")
        await seat.until_dialog("EditVault")
        await seat.until(lambda: area(seat).text == "their text\n")
        assert "YAML" in format_shown(seat)
        assert "not saved" not in seat.words
        await seat.press("ctrl+z")
        await seat.until(lambda: area(seat).text == f"x{TEXT}")
        assert "HOCON" in format_shown(seat)
        await leave(seat)

    open_dialog(vault.editor, scenario)


def test_converting_says_first_what_is_dropped_and_can_be_undone() -> None:
    vault = Vault("# words\n" + TEXT)
    vault.convert.answer = Conversion("api:\n  key: 1\n", ("1 comment",))

    async def convert(seat: DialogSeat) -> None:
        await seat.press("ctrl+t")
        await seat.until_dialog("ChoiceDialog")
        assert "It is JSON: the text stays" in seat.words
        await seat.press("down", "enter")

    async def scenario(seat: DialogSeat) -> None:
        await convert(seat)
        await seat.until_dialog("Confirmation")
        assert "- 1 comment" in seat.words
        await seat.press("escape")
        await seat.until_dialog("EditVault")
        assert area(seat).text_format == "hocon"
        await convert(seat)
        await seat.until_dialog("Confirmation")
        await seat.choose("Convert")
        await seat.until(lambda: "YAML" in format_shown(seat))
        assert area(seat).text == "api:\n  key: 1\n"
        assert not seat.said
        await seat.press("ctrl+z")
        await seat.until(lambda: "HOCON" in format_shown(seat))
        assert area(seat).text == "# words\n" + TEXT
        assert seat.said == ["The text is HOCON again."]
        await seat.press("ctrl+y")
        await seat.until(lambda: "YAML" in format_shown(seat))
        assert seat.said[1:] == ["The text is YAML again."]
        # Who then says what it is, is not contradicted by taking back a letter.
        await seat.press("ctrl+t")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("end", "enter")
        await seat.until(lambda: "JSON" in format_shown(seat))
        await seat.press("x", "backspace")
        await seat.until(lambda: area(seat).text == "api:\n  key: 1\n")
        await seat.pilot.pause()
        assert "JSON" in format_shown(seat)
        await leave(seat)

    open_dialog(vault.editor, scenario)
    assert vault.convert.taken == [("# words\n" + TEXT, "hocon", "yaml")] * 2


def test_a_refused_conversion_is_said_and_the_format_can_be_changed_alone() -> None:
    vault = Vault()
    vault.convert.error = InvalidInput("JSON has no substitutions.")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("ctrl+t", "enter")
        await seat.until_shown("JSON has no substitutions.")
        assert "HOCON" in format_shown(seat)
        await seat.press("ctrl+t")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("down", "down", "down", "enter")
        await seat.until(lambda: "YAML" in format_shown(seat))
        assert area(seat).text == TEXT
        await seat.until(lambda: vault.check.asked[-1] == (TEXT, "yaml"))
        await seat.press("ctrl+s")
        await seat.until_dialog("TextDifference")
        assert "The texts are the same." in seat.words
        assert "HOCON becomes YAML." in seat.words
        await seat.press("enter")
        assert await seat.until_left() is True

    open_dialog(vault.editor, scenario)
    assert vault.save.taken == [(TEXT, "yaml", 3)]


def test_leaving_asks_only_whoever_has_changed_something() -> None:
    vault = Vault()

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("x", "escape")
        await seat.until_dialog("Confirmation")
        await seat.press("enter")
        await seat.until_dialog("EditVault")
        assert area(seat).text == f"x{TEXT}"
        kept.append(area(seat))
        await seat.press("backspace", "escape")
        assert await seat.until_left() is None

    kept: list[VaultEditor] = []
    open_dialog(vault.editor, scenario)
    # Nothing of it is held any longer.
    assert kept[0].text == ""
    kept[0].undo()
    assert kept[0].text == ""


def test_finds_words_on_and_back() -> None:
    vault = Vault("Key\nkey 1\nother\nKEY\n")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("down", "ctrl+f", *"key")
        await seat.until_shown("2 of 3")
        places = []
        for key in ("enter", "down", "up", "f3", "f15"):
            await seat.press(key)
            await seat.pilot.pause(0)
            places.append(min(area(seat).selection))
        assert places == [(3, 0), (0, 0), (3, 0), (0, 0), (3, 0)]
        assert area(seat).selected_text == "KEY"
        await seat.press("x")
        await seat.until_shown("nothing")
        assert isinstance(seat.app.screen.focused, Input)
        await seat.press("escape")
        assert seat.focused == "VaultEditor"
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(vault.editor, scenario)


@pytest.mark.parametrize(
    ("work", "keys", "answer"),
    [
        ("tui.widgets.vault_editor.places_of", ("ctrl+f", "k"), "1 of 1"),
        ("tui.dialogs.edit_vault.vault_difference", ("x", "f5"), "+ xe key: ••••••"),
    ],
)
def test_keys_are_taken_while_a_long_text_is_looked_through(
    monkeypatch: pytest.MonkeyPatch, work: str, keys: tuple[str, ...], answer: str
) -> None:
    may_answer = threading.Event()
    module, _, name = work.rpartition(".")
    real = getattr(import_module(module), name)

    def held(*arguments: Any, **named: Any) -> Any:
        assert may_answer.wait(5)
        return real(*arguments, **named)

    monkeypatch.setattr(work, held)

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("down", *keys)
        await seat.press("e")
        # It was typed where the keys go: into the words, or into the text.
        typed = words_sought(seat) if "ctrl+f" in keys else area(seat).text
        assert "e" in typed.replace("key", "")
        may_answer.set()
        await seat.until_shown(answer)
        await seat.press("escape")
        await leave(seat)

    open_dialog(Vault().editor, scenario)


def test_reads_and_writes_files(home: Path) -> None:
    vault = Vault()
    (home / "other.json").write_text('{"a": 1}\n')

    async def read(path: str) -> str:
        return read_text(path, 100)

    async def write(path: str, text: str) -> Path:
        return write_private(path, text)

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("ctrl+o", "ctrl+o", "enter")
        await seat.until_dialog("ExportText")
        await seat.press("enter")
        await seat.until_dialog("EditVault")
        assert (home / "clearml-vault.conf").read_text() == TEXT
        await seat.press("ctrl+o", "enter")
        await seat.until_dialog("ImportText")
        await seat.fill("path", "~/none")
        await seat.press("enter")
        await seat.until(lambda: "There is no file" in seat.error_at("path"))
        await seat.fill("path", "~/other.json")
        await seat.press("enter")
        await seat.until(lambda: area(seat).text == '{"a": 1}\n')
        await seat.until(lambda: "JSON, recognised" in format_shown(seat))
        await seat.press("ctrl+z")
        assert area(seat).text == TEXT
        await seat.until(lambda: format_shown(seat).startswith("HOCON ▾"))
        assert "The text is HOCON again." in seat.said
        await seat.press("ctrl+y")
        await seat.until(lambda: "JSON, recognised" in format_shown(seat))
        await leave(seat)

    open_dialog(lambda: vault.editor(read=read, write=write), scenario)


def test_another_editor_takes_the_text_and_gives_it_back() -> None:
    vault = Vault()
    external = Taker(answer="from outside\n")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("f4")
        await seat.until(lambda: area(seat).text == "from outside\n")
        external.error = InvalidInput("The editor vi ended with status 1.")
        await seat.press("f4")
        await seat.until_shown("The editor vi ended with status 1.")
        assert area(seat).text == "from outside\n"
        await leave(seat)

    open_dialog(lambda: vault.editor(external=external), scenario)
    assert external.taken[0] == (TEXT, "hocon")


@pytest.mark.parametrize("key", ["ctrl+o", "f4"])
def test_a_restricted_program_has_neither_files_nor_editors(key: str) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "^o" not in seat.text
        assert "$EDITOR" not in seat.text
        await seat.press(key)
        await seat.until(lambda: any("restricted" in said for said in seat.said))
        assert seat.dialog == "EditVault"
        await leave(seat)

    open_dialog(Vault().editor, scenario)


def test_what_may_only_be_read_is_not_changed() -> None:
    vault = Vault()

    async def scenario(seat: DialogSeat) -> None:
        assert "Not yours." in seat.text
        await seat.press("x", "delete", "ctrl+s", "ctrl+t")
        assert area(seat).text == TEXT
        await seat.until(lambda: "Not yours." in seat.said)
        assert seat.dialog == "EditVault"
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(lambda: vault.editor(read_only="Not yours."), scenario)


@pytest.mark.parametrize("size", SIZES)
def test_tells_its_keys(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "^s Save" in seat.words
        assert "esc Leave" in seat.words
        await seat.press("f1")
        await seat.until_dialog("EditorKeys")
        lines = [line.strip("│ ") for line in seat.text.split("\n")]
        assert "f5       Show the difference to what is saved" in lines
        assert "^a ^e    Go to the beginning or the end of the line" in lines
        await seat.press("escape")
        await leave(seat)

    open_dialog(Vault().editor, scenario, size=size)


def test_a_disabled_vault_says_so() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "○ disabled" in seat.text
        await leave(seat)

    def make() -> EditVault:
        return Vault().editor(enabled=False)

    made: Callable[[], EditVault] = make
    open_dialog(made, scenario)


@pytest.mark.parametrize(
    ("text_format", "text", "keys", "becomes"),
    [
        ("hocon", "", ("a", "{", "enter", "b", "enter", "}"), "a{\n  b\n}"),
        ("hocon", "a {\n    b: 1\n", ("end", "enter", "x"), "a {\n    x\n    b: 1\n"),
        ("hocon", "a {\n\tb: [\n", ("ctrl+end", "left", "ctrl+j", "x"), "a {\n\tb: [\n\t\tx\n"),
        ("hocon", 'a: "{"', ("end", "enter", "x"), 'a: "{"\nx'),
        ("hocon", "a # {", ("end", "enter", "x"), "a # {\nx"),
        ("hocon", "a { # why", ("end", "enter", "x"), "a { # why\n  x"),
        ("hocon", "a {}", ("end", "left", "enter"), "a {\n}"),
        ("hocon", "  a: 1", ("home", "home", "enter"), "\n  a: 1"),
        ("json", '{"a": [', ("end", "enter", "enter", "]"), '{"a": [\n  \n]'),
        ("yaml", "a:", ("end", "enter", "b", ":", "enter", "c"), "a:\n  b:\n    c"),
        ("yaml", "a: b:c", ("end", "enter", "x"), "a: b:c\nx"),
        ("yaml", "- a:", ("end", "enter", "x"), "- a:\n    x"),
        ("yaml", "a: |", ("end", "enter", "x"), "a: |\n  x"),
        # Whoever has gone back already stays there, and so does what is in a string.
        ("hocon", "a {\n  b {\n  ", ("ctrl+end", "}"), "a {\n  b {\n  }"),
        ("hocon", 'a: """\n  ', ("ctrl+end", "}"), 'a: """\n  }'),
    ],
)
def test_a_new_line_begins_where_it_belongs(
    text_format: Format, text: str, keys: tuple[str, ...], becomes: str
) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press(*keys)
        assert area(seat).text == becomes
        await leave(seat)

    open_dialog(Vault(text, text_format=text_format).editor, scenario)


def test_a_new_line_and_its_indentation_are_undone_at_once_and_pastes_are_left_alone() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("end", "enter", "ctrl+z")
        assert area(seat).text == "  a {"
        await seat.press("enter", "}", "ctrl+z")
        assert area(seat).text == "  a {\n    "
        await seat.press("ctrl+z")
        seat.app.post_message(events.Paste("\nb {\nc"))
        await seat.until(lambda: area(seat).text == "  a {\nb {\nc")
        await leave(seat)

    open_dialog(Vault("  a {").editor, scenario)


@pytest.mark.parametrize("size", SIZES)
def test_goes_to_a_line_and_says_which_there_are(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("ctrl+g", *"12:5", "enter")
        assert area(seat).cursor_location == (11, 4)
        assert seat.focused == "VaultEditor"
        for typed, said in (
            ("0", "The first line is 1."),
            ("-1", "Type a number, such as 12 or 12:5."),
            ("²", "Type a number, such as 12 or 12:5."),
            ("", "Type a number, such as 12 or 12:5."),
            ("102", "There is no such line: the last one is 101."),
            ("9" * 5_000, "There is no such line: the last one is 101."),
        ):
            await seat.press("ctrl+underscore")
            await seat.type(typed)
            await seat.press("enter")
            await seat.until_shown(said)
            assert area(seat).cursor_location == (11, 4)
        await seat.press("escape")
        assert seat.focused == "VaultEditor"
        # A column beyond the line is its end.
        await seat.press("ctrl+g", *"0100:99", "enter")
        assert area(seat).cursor_location == (99, 10)
        # Each line of its own takes the place of the other.
        await seat.press("ctrl+f", "ctrl+g", "ctrl+f")
        assert "Find" in seat.words
        assert "Go to line" not in seat.words
        await seat.press("escape", "escape")
        assert await seat.until_left() is None

    open_dialog(Vault("key: value\n" * 100).editor, scenario, size=size)


def test_replaces_one_after_the_other() -> None:
    vault = Vault("a: Key\nkey\nother key\n")

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("ctrl+f", *"key", "ctrl+r", *r"\1key")
        await seat.until_shown("1 of 3")
        await seat.press("enter")
        assert area(seat).text == "a: \\1key\nkey\nother key\n"
        # What was put there is not found again before all others.
        assert area(seat).selection.start == (1, 0)
        await seat.press("f3", "enter")
        assert area(seat).text == "a: \\1key\nkey\nother \\1key\n"
        await seat.press("escape", "ctrl+z")
        assert area(seat).text == "a: \\1key\nkey\nother key\n"
        await leave(seat)

    open_dialog(vault.editor, scenario)


def test_replaces_all_at_once_and_says_how_many() -> None:
    text = "Key\nkey key\nother\n"
    vault = Vault(text)

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("down", "down", "ctrl+r")
        # There is nothing to be replaced before something is sought.
        assert seat.app.screen.focused is seat.app.screen.query_one(".find-words")
        await seat.press(*"key", "tab", "x", "tab", "enter")
        await seat.until(lambda: bool(seat.said))
        assert seat.said == ["Replaced in 3 places. ctrl+z takes that back."]
        assert area(seat).text == "x\nx x\nother\n"
        await seat.until_shown("nothing")
        await seat.press("enter")
        await seat.until(lambda: seat.said[1:] == ["Nothing was found to be replaced."])
        await seat.press("escape", "ctrl+z")
        assert area(seat).text == text
        await leave(seat)

    open_dialog(vault.editor, scenario)


def test_a_text_that_replacing_would_swell_stays_as_it_is() -> None:
    text = "a" * 60_000

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("ctrl+r", "a", "tab")
        await seat.type("b" * 1_000)
        await seat.press("tab", "enter")
        await seat.until_shown("Replacing all would make more than 2,000,000 characters of it.")
        assert area(seat).text == text
        await seat.press("escape")
        await leave(seat)

    open_dialog(Vault(text).editor, scenario)


def test_keys_of_shells_do_what_they_do_there() -> None:
    vault = Vault("one two\nthree\n")

    async def scenario(seat: DialogSeat) -> None:
        moves: tuple[tuple[tuple[str, ...], tuple[int, int]], ...] = (
            (("ctrl+e",), (0, 7)),
            (("ctrl+a",), (0, 0)),
            (("ctrl+n", "ctrl+e"), (1, 5)),
            (("ctrl+b",), (1, 4)),
            (("up",), (0, 4)),
            (("alt+left",), (0, 0)),
            (("ctrl+a", "alt+right"), (0, 3)),
        )
        for keys, place in moves:
            await seat.press(*keys)
            assert area(seat).cursor_location == place, keys
            assert area(seat).text == vault.saved.text
        # What is pressed with alt types no letter.
        seat.app.post_message(events.Key("alt+q", "q"))
        await seat.pilot.pause()
        assert area(seat).text == vault.saved.text
        deletions: tuple[tuple[tuple[str, ...], str], ...] = (
            (("ctrl+a", "ctrl+d"), "ne two\nthree\n"),
            (("alt+d",), " two\nthree\n"),
            (("ctrl+e", "ctrl+w"), " \nthree\n"),
            (("ctrl+n", "end", "left", "ctrl+k"), " \nthre\n"),
            (("ctrl+u",), " \n\n"),
        )
        for keys, text in deletions:
            await seat.press(*keys)
            assert area(seat).text == text, keys
        await leave(seat)

    open_dialog(vault.editor, scenario)

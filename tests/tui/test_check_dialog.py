"""Checking a configuration: what is found, errors at their place, and nothing kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.widgets import TextArea

from store.operations.check import Finding
from store.parsing.hocon import HoconError
from tests.tui.dialog_seat import DialogSeat, Taker, open_dialog
from tui.dialogs.check import CheckDialog
from tui.private_files import read_text


async def read(path: str) -> str:
    return read_text(path, 100)


def area(seat: DialogSeat) -> TextArea:
    return seat.app.screen.query_one(TextArea)


FOUND = [
    Finding("good", "The key is known [/red].", "access_key"),
    Finding("warning", "The files URL is another.", "files_server"),
    Finding("bad", "It was revoked.\x1b[2J", "access_key"),
]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_checks_and_says_what_it_found_in_words_and_signs(size: tuple[int, int]) -> None:
    check = Taker(answer=FOUND)
    kept: list[TextArea] = []

    async def scenario(seat: DialogSeat) -> None:
        assert "Nothing of this is kept." in seat.text
        kept.append(area(seat))
        await seat.type("api {\n}\n")
        await seat.press("ctrl+s")
        await seat.until_shown("✓ The key is known [/red].")
        assert "! The files URL is another." in seat.text
        assert "✕ It was revoked.␛[2J" in seat.text
        await seat.press("x")
        await seat.until(lambda: "It was revoked" not in seat.text)
        await seat.choose("Check")
        await seat.until_shown("It was revoked")
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(lambda: CheckDialog(check=check, read=read), scenario, size=size)
    assert check.taken == ["api {\n}\n", "api {\n}\nx"]
    assert kept[0].text == ""
    kept[0].undo()
    assert kept[0].text == ""


def test_an_error_in_the_text_is_said_there_and_the_cursor_put_on_it() -> None:
    check = Taker(HoconError("Line 3, column 2: here a value is missing.", 3, 2))

    async def scenario(seat: DialogSeat) -> None:
        await seat.type("api {\na: 1\nb:\n}\n" + "#\n" * 30)
        await seat.press("ctrl+s")
        await seat.until(lambda: "Line 3, column 2" in seat.error_at("text"))
        assert area(seat).cursor_location == (2, 1)
        assert seat.focused == "TextArea"
        check.error = HoconError("The text is too long.")
        await seat.press("ctrl+s")
        await seat.until(lambda: seat.error_at("text") == "The text is too long.")
        assert area(seat).text.startswith("api {\na: 1")

    open_dialog(lambda: CheckDialog(check=check, read=None), scenario, size=(80, 24))


def test_reads_a_file_and_says_at_its_field_why_not(home: Path) -> None:
    (home / "clearml.conf").write_text("api {}")
    check = Taker(answer=FOUND)

    async def scenario(seat: DialogSeat) -> None:
        await seat.fill("path", "~/none.conf")
        await seat.press("enter")
        await seat.until(lambda: "There is no file" in seat.error_at("path"))
        await seat.fill("path", "~/clearml.conf")
        await seat.press("enter")
        await seat.until_shown("The key is known")
        assert area(seat).text == "api {}"

    open_dialog(lambda: CheckDialog(check=check, read=read), scenario, size=(80, 24))
    assert check.taken == ["api {}"]


def test_a_restricted_program_reads_no_file() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "file" not in seat.text

    open_dialog(lambda: CheckDialog(check=Taker(answer=FOUND), read=None), scenario)


def test_a_second_press_while_checking_does_nothing() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()
    checked: list[str] = []

    async def slow(text: str) -> list[Finding]:
        checked.append(text)
        began.set()
        await may_end.wait()
        return FOUND

    async def scenario(seat: DialogSeat) -> None:
        await seat.type("api {}")
        await seat.press("ctrl+s")
        await began.wait()
        await seat.press("ctrl+s", "ctrl+s", "escape")
        assert seat.app.screen.query_one(".dialog-buttons").has_class("-waiting")
        assert not seat.has_left
        may_end.set()
        await seat.until_shown("It was revoked")

    open_dialog(lambda: CheckDialog(check=slow, read=None), scenario)
    assert checked == ["api {}"]

"""New credentials, shown once: copied, labelled, saved, and not left by mistake."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import TextArea

from store.configuration import Configuration
from store.credential_views import IssuedCredential
from store.errors import InvalidInput, StoreReadOnly, WorkspaceError
from store.refusal_views import Contact
from store.usage import NEVER
from tests.store.house import HOSTILE_NAMES
from tests.tui.dialog_seat import NOW, DialogSeat, open_dialog
from tui.dialogs.new_credentials import NewCredentials
from tui.private_files import write_private

ACCESS_KEY = "SHAM" * 7 + "XY"
SECRET_KEY = "sham-secret_" * 5 + "sham"
SECTION = (
    f'api {{\n  # Acme: ci (Default Credentials)\n  "secret_key" = "{SECRET_KEY}"\n'
    "  last: line\n}\n"
)
SHELL, NOTEBOOK = f"export A={SECRET_KEY}\n", f"%env A={SECRET_KEY}\n"
SENT = "Sent to your terminal's clipboard."
DIALOG, ASKING, SAVING = "NewCredentials", "Confirmation", "SaveCredentials"


class Labels:
    """What the dialog wanted labels to be, and what becomes of that."""

    def __init__(self, error: WorkspaceError | None = None) -> None:
        self.wanted: list[str] = []
        self.error = error

    async def __call__(self, label: str) -> None:
        """Take the label, or refuse it."""
        self.wanted.append(label)
        if self.error is not None:
            raise self.error


class Watched:
    """What has become of the credential, as tests want it."""

    def __init__(self, **values: Any) -> None:
        self.now = Contact(NOW, NEVER, None, None)
        self.tell(**values)

    def tell(self, **values: Any) -> None:
        """Let something else have become of it."""
        self.now = replace(self.now, **values)

    async def __call__(self) -> Contact:
        """What has become of it now."""
        return self.now


async def save(path: str, text: str) -> Path:
    """Write a file."""
    return write_private(path, text)


def issued(called: str = "ci") -> IssuedCredential:
    return IssuedCredential("1" * 32, called, ACCESS_KEY, SECRET_KEY, "Default Credentials", 1)


def showing(
    relabel: Callable[[str], Awaitable[Any]] | None = None,
    *,
    called: str = "ci",
    may_save: bool = True,
    url_notice: str = "",
    notices: tuple[str, ...] = (),
    contact: Callable[[], Awaitable[Contact]] | None = None,
) -> Callable[[], NewCredentials]:
    """What makes the dialog."""

    def make() -> NewCredentials:
        return NewCredentials(
            issued(called),
            Configuration(SECTION, SHELL, NOTEBOOK, notices),
            url_notice=url_notice,
            relabel=relabel or Labels(),
            save=save if may_save else None,
            contact=contact or Watched(),
        )

    return make


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_shows_all_of_it_and_begins_at_copying(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "New credentials of ci" in seat.text
        assert "shown once and cannot be shown again" in seat.words
        assert f"Access key {ACCESS_KEY}" in seat.text
        assert f"Secret key {SECRET_KEY}" in seat.text
        assert "# Acme: ci (Default Credentials)" in seat.text
        assert "last: line" in seat.text
        for label in ("Copy the section", "Copy…", "Save…", "Done"):
            assert label in seat.text
        assert seat.focused == "copy-section"

    open_dialog(showing(), scenario, size=size)


def test_notices_and_section_are_in_reach_on_a_low_terminal() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "Prefilled URLs." in seat.text
        assert "A wizard mis-reads them." in seat.text
        assert f"Secret key {SECRET_KEY}" in seat.text
        await seat.press("pagedown")
        await seat.until_shown("last: line")
        await seat.press("pageup")
        await seat.until_shown("Prefilled URLs.")
        await seat.go_to("SectionArea")
        await seat.until_shown("last: line")
        assert "Done" in seat.text

    notices = ("A wizard mis-reads them.", "A proxy must strip the path. " * 4)
    make = showing(url_notice="Prefilled URLs.", notices=notices)
    open_dialog(make, scenario, size=(80, 24))


def test_whoever_has_copied_leaves_at_once() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("enter")
        await seat.until(lambda: SENT in seat.said)
        await seat.choose("Done")
        assert await seat.until_left() == "Default Credentials"

    assert open_dialog(showing(), scenario).copied == [SECTION]


@pytest.mark.parametrize(
    ("downs", "text", "is_enough"),
    [
        (0, SECTION, True),
        (1, ACCESS_KEY, False),
        (2, SECRET_KEY, True),
        (3, SHELL, True),
        (4, NOTEBOOK, True),
    ],
)
def test_copies_each_part(downs: int, text: str, is_enough: bool) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.choose("Copy…")
        await seat.until_dialog("ChoiceDialog")
        await seat.press(*["down"] * downs, "enter")
        await seat.until(lambda: SENT in seat.said)
        await seat.until_dialog(DIALOG)
        await seat.press("escape")
        if is_enough:
            await seat.until_left()
        else:
            await seat.until_dialog(ASKING)

    assert open_dialog(showing(), scenario).copied == [text]


def test_copies_what_is_selected_of_the_section() -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.go_to("SectionArea")
        await seat.press("shift+right", "shift+right", "shift+right", "ctrl+c")
        await seat.until(lambda: SENT in seat.said)
        await seat.press("escape")
        await seat.until_dialog(ASKING)
        await seat.press("enter")
        await seat.until_dialog(DIALOG)
        await seat.go_to("SectionArea")
        await seat.press("f7", "ctrl+c")
        await seat.until(lambda: len(seat.app.copied) == 2)
        await seat.press("escape")
        await seat.until_left()

    assert open_dialog(showing(), scenario).copied == ["api", SECTION.rstrip("\n")]


@pytest.mark.parametrize("way", ["escape", "Done"])
def test_leaving_with_nothing_in_hand_asks_once(way: str) -> None:
    async def scenario(seat: DialogSeat) -> None:
        async def leave() -> None:
            await (seat.press("escape") if way == "escape" else seat.choose("Done"))
            await seat.until_dialog(ASKING)

        await leave()
        assert "Leave without having copied or saved them?" in seat.words
        assert "The secret key cannot be shown again." in seat.words
        assert SECRET_KEY not in seat.text
        assert seat.focused == "cancel"
        await seat.press("enter")
        await seat.until_dialog(DIALOG)
        assert not seat.has_left
        await leave()
        await seat.press("tab", "enter")
        assert await seat.until_left() == "Default Credentials"

    open_dialog(showing(), scenario)


@pytest.mark.parametrize("key", ["enter", "tab", "escape"])
def test_a_changed_label_is_saved_on_leaving_it(key: str) -> None:
    labels = Labels()

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("enter")
        await seat.fill("label", " Nightly [/red] ")
        await seat.press(key)
        await seat.until(lambda: labels.wanted == [" Nightly [/red] "])
        await seat.until(lambda: "Label saved." in seat.said)
        if key != "escape":
            await seat.choose("Done")
        assert await seat.until_left() == "Nightly [/red]"

    open_dialog(showing(labels), scenario)
    assert len(labels.wanted) == 1


def test_an_untouched_label_is_not_saved() -> None:
    labels = Labels()

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("enter")
        await seat.fill("label", " Default Credentials")
        await seat.press("enter", "tab")
        await seat.choose("Done")
        assert await seat.until_left() == "Default Credentials"

    open_dialog(showing(labels), scenario)
    assert labels.wanted == []


def test_the_section_follows_the_label() -> None:
    async def relabel(label: str) -> Configuration:
        return Configuration(SECTION.replace("Default Credentials", label), SHELL, NOTEBOOK, ())

    async def scenario(seat: DialogSeat) -> None:
        await seat.fill("label", "Nightly")
        await seat.press("enter")
        await seat.until_shown("# Acme: ci (Nightly)")
        await seat.choose("Copy the section")

    copied = open_dialog(showing(relabel), scenario).copied
    assert copied == [SECTION.replace("Default Credentials", "Nightly")]


def test_a_refused_label_is_said_at_its_field_and_nothing_is_lost() -> None:
    labels = Labels(InvalidInput("The label must not be empty.", field="label"))

    async def scenario(seat: DialogSeat) -> None:
        await seat.fill("label", "x" * 2_000)
        await seat.press("enter")
        await seat.until(lambda: seat.error_at("label") == "The label must not be empty.")
        assert seat.input("label").value == "x" * 2_000
        await seat.press("y")
        await seat.until(lambda: not seat.error_at("label"))
        labels.error = None
        await seat.press("enter")
        await seat.until(lambda: "Label saved." in seat.said)

    open_dialog(showing(labels), scenario)


def test_whoever_cannot_save_the_label_can_leave_all_the_same() -> None:
    labels = Labels(StoreReadOnly("No space left."))

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("enter")
        await seat.fill("label", "Nightly")
        await seat.press("escape")
        await seat.until_dialog(ASKING)
        assert "Leave without the new label?" in seat.words
        assert "The label stays Default Credentials." in seat.words
        await seat.press("enter")
        await seat.until_dialog(DIALOG)
        assert seat.error_at("label") == "No space left."
        assert seat.input("label").value == "Nightly"
        assert seat.focused == "OneLineInput"
        await seat.press("escape")
        await seat.until_dialog(ASKING)
        await seat.press("tab", "enter")
        assert await seat.until_left() == "Default Credentials"

    open_dialog(showing(labels), scenario)


def test_a_label_under_way_is_saved_once() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()
    wanted = []

    async def slow(label: str) -> None:
        wanted.append(label)
        began.set()
        await may_end.wait()

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("enter")
        await seat.fill("label", "Nightly")
        await seat.press("enter", "tab", "escape", "escape")
        await began.wait()
        assert not seat.has_left
        may_end.set()
        assert await seat.until_left() == "Nightly"

    open_dialog(showing(slow), scenario)
    assert wanted == ["Nightly"]


def test_saves_to_a_file_that_only_the_owner_reads(home: Path) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.choose("Save…")
        await seat.until_dialog(SAVING)
        assert seat.input("path").value == "~/clearml-ci.conf"
        await seat.press("enter", "enter")
        await seat.until_dialog(DIALOG)
        assert f"Saved to {home}/clearml-ci.conf." in seat.said
        await seat.press("escape")
        await seat.until_left()

    assert not open_dialog(showing(), scenario).copied
    written = home / "clearml-ci.conf"
    assert written.read_text() == SECTION
    assert written.stat().st_mode & 0o777 == 0o600


def test_the_path_follows_the_form_until_it_is_typed(home: Path) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.choose("Save…")
        await seat.until_dialog(SAVING)
        await seat.press("down")
        assert seat.input("path").value == "~/clearml-ci.env"
        await seat.press("down")
        assert seat.input("path").value == "~/clearml-ci.txt"
        await seat.fill("path", "~/mine")
        await seat.press("shift+tab", "up")
        assert seat.input("path").value == "~/mine"
        await seat.press("ctrl+s")
        await seat.until_dialog(DIALOG)

    open_dialog(showing(), scenario)
    assert (home / "mine").read_text() == SHELL


def test_a_file_that_is_there_is_not_overwritten(home: Path) -> None:
    (home / "clearml-ci.conf").write_text("kept")

    async def scenario(seat: DialogSeat) -> None:
        await seat.choose("Save…")
        await seat.until_dialog(SAVING)
        await seat.press("ctrl+s")
        await seat.until(lambda: "nothing is overwritten" in seat.error_at("path"))
        assert seat.input("path").value == "~/clearml-ci.conf"
        await seat.press("escape")
        await seat.until_dialog(DIALOG)
        await seat.press("escape")
        await seat.until_dialog(ASKING)

    open_dialog(showing(), scenario)
    assert (home / "clearml-ci.conf").read_text() == "kept"


def test_a_restricted_program_saves_to_no_file() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert seat.button("Save…") is None
        assert "Copy the section" in seat.text

    open_dialog(showing(may_save=False), scenario)


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "..", "/etc/passwd", ""])
def test_hostile_names_are_text_and_harmless_in_paths(home: Path, name: str) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert seat.text.isprintable() or seat.text.replace("\n", "").isprintable()
        await seat.choose("Save…")
        await seat.until_dialog(SAVING)
        await seat.press("enter", "enter")
        await seat.until_dialog(DIALOG)

    open_dialog(showing(called=name), scenario)
    (written,) = home.iterdir()
    assert written.name.startswith("clearml-")
    assert written.name.isascii()


def test_the_secret_is_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    async def scenario(seat: DialogSeat) -> None:
        screen = seat.app.screen
        await seat.press("enter")
        await seat.choose("Copy…")
        await seat.until_dialog("ChoiceDialog")
        await seat.press("down", "down", "enter")
        await seat.until_dialog(DIALOG)
        seen.extend(repr(widget) for widget in screen.query("*"))
        seen.extend([repr(screen), *seat.said])
        seen.extend(str(widget.tooltip) for widget in screen.query("*"))
        seen.append(screen.query_one(TextArea).name or "")

    open_dialog(showing(), scenario)
    assert seen
    assert all(SECRET_KEY not in text for text in [*seen, caplog.text])

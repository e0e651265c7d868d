"""The first start: a dialog, and a workspace of what was typed into it."""

from __future__ import annotations

import signal
import socket
import stat
import threading

import pytest

from store.persistence.store import Store
from store.workspace import Workspace
from tests.cli.console import (
    IN_ORDER,
    Console,
    last_words,
    one_line,
    own_login,
    step,
    wait_for_table,
)
from tests.store.house import ADA
from tests.terminal import Terminal
from tests.tui.seat import Seat

TITLE = "Create a workspace"


def begun(console: Console, *arguments: str) -> Terminal:
    """A first start whose dialog is shown and takes keys."""
    terminal = console.open("--store", console.store, *arguments)
    terminal.wait_for(TITLE)
    terminal.wait_for("Create  ")
    terminal.wait_idle()
    return terminal


def fill(terminal: Terminal, workspace: str, name: str, email: str) -> None:
    """Type the three values over what stands there, ending in the last field."""
    for number, value in enumerate((workspace, name, email)):
        if number:
            step(terminal, "tab")
        terminal.press("ctrl+u")
        terminal.wait_idle(0.08)
        terminal.send(value)
        terminal.wait_for(f"▌{value.strip()}")


async def type_in(seat: Seat, workspace: str, name: str, email: str) -> None:
    """As `fill`, in this process."""
    for field, value in (("workspace", workspace), ("name", name), ("email", email)):
        await seat.fill(field, value)


def created(console: Console) -> Workspace:
    """The workspace that was made, in the name of whoever runs the tests."""
    return Workspace.open(Store(console.store), login=own_login())


class TestCreating:
    """What is typed becomes a workspace."""

    def test_the_creator_is_an_active_administrator(self, console: Console) -> None:
        terminal = begun(console)
        assert str(console.store) in terminal.text.replace("\n", "").replace("│", "").replace(
            " ", ""
        )
        assert f"login name {own_login()}" in " ".join(terminal.text.replace("│", " ").split())
        fill(terminal, "Acme", "Ada Lindqvist", ADA)
        step(terminal, "tab", "tab")
        terminal.press("enter")
        terminal.wait_for("1 USER IN Acme workspace")
        wait_for_table(terminal)
        assert "· Ada Lindqvist ·" in terminal.line(0)

        workspace = created(console)
        ada = workspace.user_details(workspace.actor)
        assert (ada.name, ada.email, ada.login_name) == ("Ada Lindqvist", ADA, own_login())
        assert workspace.is_administrator
        assert ada.row.status == "Active"
        assert not ada.is_pending
        assert workspace.commit == 1
        settings = workspace.settings()
        host = socket.gethostname()
        assert [settings.web_url, settings.api_url, settings.files_url] == [
            f"http://{host}:{port}" for port in (8080, 8008, 8081)
        ]
        assert settings.urls_prefilled
        assert (settings.name, settings.user_limit) == ("Acme", None)
        assert stat.S_IMODE(console.store.stat().st_mode) == 0o700
        for path in console.store.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path

    def test_it_is_there_at_the_next_start(self, console: Console) -> None:
        terminal = begun(console)
        fill(terminal, "Acme", "Ada", ADA)
        terminal.press("enter")
        wait_for_table(terminal)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        with console.untouched():
            again = console.open("--store", console.store)
            wait_for_table(again)
            assert "1 USER IN Acme workspace" in again.text
            assert "◆ Ada (you)" in again.text
            again.press("q")
            assert again.wait_exit() == 0

    @pytest.mark.parametrize("way", ["enter", "ctrl+s"])
    def test_an_empty_folder_will_do(self, console: Console, way: str) -> None:
        console.store.mkdir()

        async def scenario(seat: Seat) -> None:
            await type_in(seat, "Acme", "Ada", ADA)
            await seat.press(way)
            await seat.until_shown("1 USER IN Acme workspace")

        done = console.run("--store", console.store, scenario=scenario)
        assert (done.returncode, done.stderr) == (0, b"")
        assert created(console).is_administrator

    def test_an_email_after_as_is_filled_in(self, console: Console) -> None:
        async def scenario(seat: Seat) -> None:
            assert seat.input("email").value == ADA

        console.run("--store", console.store, "--as", ADA, scenario=scenario)


class TestFaults:
    """What is wrong is said at its field, and nothing is made."""

    @pytest.mark.parametrize(
        ("values", "says", "label"),
        [
            (("", "Ada", ADA), "The workspace's name must not be empty.", "Name of the workspace"),
            (("  ", "", ""), "The workspace's name must not be empty.", "Name of"),
            (("Acme", "", ""), "Your name must not be empty.", "Your name"),
            (("Acme", "Ada", ""), "An email is needed", "Your email"),
            (("Acme", "Ada", "ada"), "This is no email", "Your email"),
        ],
    )
    def test_it_is_said_below_the_field(
        self, console: Console, values: tuple[str, str, str], says: str, label: str
    ) -> None:
        async def scenario(seat: Seat) -> None:
            await type_in(seat, *values)
            await seat.press("enter")
            await seat.until(lambda: says in seat.text)
            lines = seat.text.splitlines()
            labelled = next(number for number, line in enumerate(lines) if f"  {label}" in line)
            said = next(number for number, line in enumerate(lines) if says in line)
            assert said == labelled + 2

        with console.untouched():
            console.run("--store", console.store, scenario=scenario)
        assert not console.store.exists()

    def test_the_draft_stays_and_can_be_put_right(self, console: Console) -> None:
        async def scenario(seat: Seat) -> None:
            await type_in(seat, "Acme", "Ada", "ada")
            await seat.press("enter")
            await seat.until_shown("This is no email")
            await seat.type("@acme.example")
            await seat.press("enter")
            await seat.until_shown("1 USER IN Acme workspace")

        console.run("--store", console.store, scenario=scenario)
        assert created(console).user_details(created(console).actor).email == ADA


class TestLeaving:
    """Who leaves the dialog leaves nothing behind."""

    @pytest.mark.parametrize("way", ["escape", "button", "ctrl+q"])
    def test_nothing_is_left(self, console: Console, way: str) -> None:
        async def scenario(seat: Seat) -> None:
            await seat.type("Acme")
            keys = ("tab", "tab", "tab", "enter") if way == "button" else (way,)
            await seat.press(*keys)
            await seat.until(lambda: not seat.app.is_running)

        with console.untouched():
            done = console.run("--store", console.store, scenario=scenario)
        assert done.returncode == 0
        if way != "ctrl+q":
            assert one_line(done.stderr, b"\n") == "No workspace was created."

    def test_the_terminal_is_as_it_was(self, console: Console) -> None:
        with console.untouched():
            terminal = begun(console)
            terminal.press("escape")
            assert terminal.wait_exit() == 0
        assert "No workspace was created." in last_words(terminal)
        assert terminal.modes == IN_ORDER

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_leaves_nothing(self, console: Console, number: signal.Signals) -> None:
        with console.untouched():
            terminal = begun(console)
            terminal.kill(number)
            assert terminal.wait_exit() == 128 + number
        assert terminal.modes == IN_ORDER


class TestTwoAtOnce:
    """Whoever is second opens the store of the first."""

    def test_one_after_the_other(self, console: Console) -> None:
        first, second = begun(console), begun(console)
        for terminal, name in ((first, "First"), (second, "Second")):
            fill(terminal, name, name, f"{name.lower()}@acme.example")
            terminal.press("enter")
            wait_for_table(terminal)
        for terminal in (first, second):
            assert "1 USER IN First workspace" in terminal.text
            assert "◆ First (you)" in terminal.text
        assert created(console).commit == 1

    def test_at_the_same_moment(self, console: Console) -> None:
        both = [begun(console), begun(console)]
        for number, terminal in enumerate(both):
            fill(terminal, f"Acme {number}", f"Ada {number}", f"ada{number}@acme.example")
        threads = [threading.Thread(target=terminal.press, args=["enter"]) for terminal in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for terminal in both:
            wait_for_table(terminal)
        workspace = created(console)
        name = workspace.settings().name
        assert all(f"1 USER IN {name} workspace" in terminal.text for terminal in both)
        assert workspace.commit == 1

    def test_a_second_who_is_unknown_to_the_first_is_refused(self, console: Console) -> None:
        second = begun(console, "--as", "eve@acme.example")
        first = begun(console)
        fill(first, "Acme", "Ada", ADA)
        first.press("enter")
        wait_for_table(first)
        fill(second, "Mine", "Eve", "eve@acme.example")
        second.press("enter")
        second.wait_for("nobody in the workspace Acme")
        assert created(console).summary().users == 1

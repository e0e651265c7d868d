"""How the program ends, is suspended and comes back: the terminal is as it was."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.console import (
    ALTERNATE_SCREEN,
    BRACKETED_PASTE,
    COMMAND,
    IN_ORDER,
    MOUSE,
    Console,
    last_words,
    one_line,
    step,
    wait_for_table,
)
from tests.store.house import ADA, House, settings_edit
from tests.terminal import SEQUENCE, Emulator, Terminal

DRAWING = {ALTERNATE_SCREEN, MOUSE, BRACKETED_PASTE}
SIZE = (120, 40)
# What a busy machine may take for a frame, in seconds.
PATIENCE = 30
SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def said_after(terminal: Terminal) -> str:
    """What stands on the terminal after the program's last screen."""
    rest = terminal.output.rpartition(b"\x1b[?1049l")[2].decode()
    return SEQUENCE.sub("", rest)


def wait_until_stopped(terminal: Terminal) -> None:
    """Wait until the program has given the terminal back and stands still."""
    terminal.wait_for(lambda shown: ALTERNATE_SCREEN not in shown.modes)
    terminal.wait_idle()
    assert terminal.stopped


@pytest.fixture
def bob(house: House) -> str:
    """The id of Bob, an active user without rights."""
    return house.add_user("bob@acme.example", "Bob")


@pytest.fixture
def terminal(console: Console, house: House) -> Terminal:
    """Ada's program."""
    return console.open_as(ADA)


@contextmanager
def terminal_that_goes_away(console: Console) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Ada's program, and our side of its terminal, which the block closes."""
    ours, theirs = pty.openpty()
    columns, lines = SIZE
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, "--store", console.store, "--as", ADA],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, **console.environment, "TERM": "xterm-256color"},
        cwd=console.work,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()


def read_until(terminal: int, emulator: Emulator, words: str) -> None:
    """Let the emulator draw what comes until it shows these words."""
    while not any(words in line for line in emulator.screen.display):
        ready, _, _ = select.select([terminal], [], [], PATIENCE)
        assert ready, "\n".join(emulator.screen.display)
        emulator.feed(os.read(terminal, 65536))


class TestLeaving:
    """By keys and by signals."""

    @pytest.mark.parametrize("key", ["q", "ctrl+q"])
    def test_a_key_ends_it(self, terminal: Terminal, key: str) -> None:
        assert terminal.modes >= DRAWING
        terminal.press(key)
        assert terminal.wait_exit() == 0
        assert terminal.modes == IN_ORDER
        assert said_after(terminal) == ""

    def test_q_closes_the_panel_first(self, terminal: Terminal) -> None:
        step(terminal, "enter")
        terminal.wait_for("Joined")
        step(terminal, "q")
        terminal.wait_for(lambda shown: "Joined" not in shown.text)
        terminal.press("q")
        assert terminal.wait_exit() == 0

    @pytest.mark.parametrize(
        ("number", "keys"),
        [(signal.SIGTERM, ""), (signal.SIGHUP, ""), (signal.SIGTERM, "i"), (signal.SIGHUP, "/")],
    )
    def test_a_signal_leaves_the_terminal_as_it_was(
        self, terminal: Terminal, number: signal.Signals, keys: str
    ) -> None:
        step(terminal, *keys)
        assert terminal.modes >= DRAWING
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.modes == IN_ORDER
        assert said_after(terminal) == ""

    @pytest.mark.parametrize("number", SIGNALS)
    def test_a_signal_while_it_starts(
        self, console: Console, house: House, number: signal.Signals
    ) -> None:
        terminal = console.open("--store", console.store, "--as", ADA)
        terminal.wait_for(lambda shown: ALTERNATE_SCREEN in shown.modes)
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.modes == IN_ORDER

    def test_a_terminal_that_goes_away_ends_it(self, console: Console, house: House) -> None:
        with terminal_that_goes_away(console) as (process, ours):
            read_until(ours, Emulator(*SIZE, lambda text: None), "Acme")
            os.close(ours)
            process.send_signal(signal.SIGHUP)
            assert process.wait(5) == 128 + signal.SIGHUP
        assert not (console.home / "state").exists()


class TestSuspending:
    """ctrl+z, and back."""

    def test_the_terminal_is_as_it_was_meanwhile(self, terminal: Terminal) -> None:
        terminal.press("ctrl+z")
        wait_until_stopped(terminal)
        assert terminal.modes == IN_ORDER
        terminal.kill(signal.SIGCONT)
        terminal.wait_for("1 USER IN Acme workspace")
        wait_for_table(terminal)
        assert terminal.modes >= DRAWING
        assert not terminal.stopped
        step(terminal, "?")
        terminal.wait_for("Move to the next row")
        step(terminal, "escape")
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes == IN_ORDER

    def test_from_a_dialog_as_well(self, terminal: Terminal) -> None:
        step(terminal, "w")
        terminal.wait_for("Workspace settings")
        terminal.press("ctrl+z")
        wait_until_stopped(terminal)
        terminal.kill(signal.SIGCONT)
        terminal.wait_for("Workspace settings")

    def test_restricted_it_is_refused_with_the_reason(self, console: Console, house: House) -> None:
        terminal = console.open_as(ADA, "--restricted")
        terminal.press("ctrl+z")
        terminal.wait_for("restricted")
        terminal.wait_idle()
        assert not terminal.stopped
        assert terminal.modes >= DRAWING
        terminal.press("q")
        assert terminal.wait_exit() == 0


class TestAccessEnds:
    """Whoever is removed or suspended by another process is out within a second."""

    @pytest.mark.parametrize(
        ("operation", "says", "keys"),
        [
            ("remove_users", "You were removed from", ""),
            ("suspend_users", "You were suspended in", "me"),
        ],
    )
    def test_the_program_ends_with_a_sentence(
        self, console: Console, house: House, operation: str, says: str, keys: str
    ) -> None:
        took = 9.0
        # A busy machine may hold the program up, but not each time.
        for number in range(3):
            email = f"bob{number}@acme.example"
            user = house.add_user(email, "Bob")
            terminal = console.open_as(email)
            step(terminal, *keys)
            getattr(house.admin, operation)([user])
            began = time.monotonic()
            assert terminal.wait_exit() == 1
            took = min(took, time.monotonic() - began)
            assert last_words(terminal) == f"{says} the workspace Acme."
            assert terminal.modes == IN_ORDER
            if took < 1.5:
                break
        # Half a second for a busy machine.
        assert took < 1.5

    def test_a_hostile_workspace_name_steers_no_terminal(
        self, console: Console, house: House, bob: str
    ) -> None:
        name = "Acme \x1b]52;c;aGk=\x07\n\u202ex\x9b2J"
        house.admin.edit_settings(settings_edit(house.admin, name=name))
        terminal = console.open_as("bob@acme.example")
        house.admin.suspend_users([bob])
        assert terminal.wait_exit() == 1
        assert "Acme �]52;c;aGk=���x�2J." in last_words(terminal)
        assert b"\x1b]52" not in terminal.output


RUNNER = """
import sys
from tui.tabs.users_tab import UsersTab
import cli.main


def cells(self, key):
    secret = "hun" + "ter2-the-secret"
    raise ValueError("defective cell")


def start(*arguments, **named):
    secret = "hun" + "ter2-the-secret"
    raise ValueError("defective start")


where = sys.argv.pop(1)
if where == "cells":
    UsersTab.cells = cells
elif where == "editor":
    from tui.dialogs.edit_vault import EditVault

    EditVault.action_find = start
else:
    cli.main.Store = start
sys.exit(cli.main.main())
"""


class TestDefects:
    """A defect of the program's own."""

    @pytest.mark.parametrize("where", ["cells", "start"])
    def test_it_ends_in_one_sentence_and_a_log(
        self, console: Console, house: House, where: str
    ) -> None:
        runner = console.folder / "runner.py"
        runner.write_text(RUNNER)
        before = house.bytes()
        command = (COMMAND[0], runner, where)
        terminal = console.open("--store", console.store, "--as", ADA, command=command)
        assert terminal.wait_exit() == 1
        said = last_words(terminal) if where == "cells" else one_line(terminal.output, b"\r\n")
        assert terminal.modes <= IN_ORDER
        (log,) = (console.home / "state").rglob("*.log")
        assert str(log) in said
        assert "ValueError" in said
        assert b"Traceback" not in terminal.output
        assert b"hunter2" not in terminal.output
        assert log.stat().st_mode & 0o777 == 0o600
        report = log.read_text()
        assert report.startswith("Traceback (most recent call last):")
        assert report.endswith(f"ValueError: defective {'cell' if where == 'cells' else where}\n")
        assert "hunter2" not in report
        assert house.bytes() == before

    def test_a_log_that_cannot_be_written_is_said(self, console: Console, house: House) -> None:
        runner = console.folder / "runner.py"
        runner.write_text(RUNNER)
        (console.home / "state").write_text("a file")
        command = (COMMAND[0], runner, "cells")
        terminal = console.open("--store", console.store, "--as", ADA, command=command)
        assert terminal.wait_exit() == 1
        assert "could not be written" in last_words(terminal)
        assert b"Traceback" not in terminal.output


KEPT = "Administrator vault Docker: not saved, and kept until you edit it again."
TYPED = "agent.git_user: typed"


def edit_vault(terminal: Terminal, *, until: str) -> None:
    """Open the editor of the only administrator vault."""
    step(terminal, "4")
    terminal.wait_for("ADMINISTRATOR VAULTS 1")
    step(terminal, "enter")
    terminal.wait_for("TEXT")
    step(terminal, "enter", "e")
    terminal.wait_for(until)
    terminal.wait_idle()


def write_draft(terminal: Terminal) -> None:
    """Type what is not saved, at its beginning."""
    edit_vault(terminal, until="Leave")
    terminal.paste(f"{TYPED}\r")
    terminal.wait_for("not saved")
    terminal.wait_idle()


def drafts(console: Console) -> list[Path]:
    """The files of all drafts."""
    return list((console.home / "state").rglob("draft.json"))


def see_that_it_is_offered(console: Console) -> None:
    """Open the vault anew, and take the draft up."""
    (draft,) = drafts(console)
    assert draft.stat().st_mode & 0o777 == 0o600
    terminal = console.open_as(ADA)
    edit_vault(terminal, until="A draft of yours was not saved")
    step(terminal, "enter")
    terminal.wait_for(lambda shown: TYPED in shown.text and "not saved" in shown.text)


class TestDrafts:
    """What was typed into the editor of a vault and not saved is kept, however it ends."""

    @pytest.fixture(autouse=True)
    def _vault(self, house: House) -> None:
        house.add_vault("Docker", text="agent.docker_force_pull: true\n", format="hocon")

    @pytest.mark.parametrize("number", [*SIGNALS, signal.SIGKILL])
    def test_a_signal(self, console: Console, terminal: Terminal, number: signal.Signals) -> None:
        write_draft(terminal)
        if number == signal.SIGKILL:
            # It is written some seconds after a key.
            terminal.wait_for(lambda _shown: bool(drafts(console)))
            terminal.kill(number)
            assert terminal.wait_exit() == -number
        else:
            terminal.kill(number)
            assert terminal.wait_exit() == 128 + number
            assert terminal.modes == IN_ORDER
            assert last_words(terminal) == KEPT
        see_that_it_is_offered(console)

    def test_a_terminal_that_goes_away(self, console: Console, house: House) -> None:
        with terminal_that_goes_away(console) as (process, ours):
            emulator = Emulator(*SIZE, lambda text: None)
            for keys, until in (
                ("", "Acme"),
                ("4", "ADMINISTRATOR VAULT"),
                ("\r", "TEXT"),
                ("\re", "Leave"),
                (f"\x1b[200~{TYPED}\r\x1b[201~", "not saved"),
            ):
                os.write(ours, keys.encode())
                read_until(ours, emulator, until)
            os.close(ours)
            process.send_signal(signal.SIGHUP)
            assert process.wait(5) == 128 + signal.SIGHUP
        see_that_it_is_offered(console)

    def test_a_defect(self, console: Console) -> None:
        runner = console.folder / "runner.py"
        runner.write_text(RUNNER)
        command = (COMMAND[0], runner, "editor")
        terminal = console.open_as(ADA, command=command)
        write_draft(terminal)
        terminal.press("ctrl+f")
        assert terminal.wait_exit() == 1
        said = last_words(terminal)
        assert "Ended because of a defect of its own (ValueError)." in said
        assert said.endswith(KEPT)
        see_that_it_is_offered(console)

    @pytest.mark.parametrize("beside", ["", ".save"])
    def test_a_signal_while_another_editor_has_the_text(
        self, console: Console, house: House, beside: str
    ) -> None:
        script = console.folder / "editor.py"
        script.write_text(
            "import sys, time\n"
            f"open(sys.argv[-1] + {beside!r}, 'w').write({TYPED!r})\n"
            "print('waiting', flush=True)\n"
            "time.sleep(60)\n"
        )
        editor = {"EDITOR": f"{COMMAND[0]} {script}", "VISUAL": ""}
        terminal = console.open_as(ADA, environment=editor)
        edit_vault(terminal, until="Leave")
        terminal.press("f4")
        terminal.wait_for("waiting")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        see_that_it_is_offered(console)

    def test_leaving_on_purpose_keeps_nothing(self, console: Console, terminal: Terminal) -> None:
        write_draft(terminal)
        terminal.wait_for(lambda _shown: bool(drafts(console)))
        step(terminal, "escape")
        terminal.wait_for("Leave without saving?")
        step(terminal, "ctrl+s")
        terminal.wait_for(lambda _shown: not drafts(console))
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert said_after(terminal) == ""

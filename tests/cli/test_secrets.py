"""A secret key is where a person put it, and nowhere else once its dialog is closed."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store.errors import SignInRefused
from store.listing import Query
from store.models import Credential
from tests.cli.console import COMMAND, IN_ORDER, Console, step, wait_for_table
from tests.cli.test_copying import copied
from tests.store.house import ADA, House, invitee
from tests.terminal import SEQUENCE, Terminal

SIZES = [(120, 40), (80, 24)]
NEW, PARTS = "New credentials of", "Notebook %env lines"
# tmux leaves it to the terminal which of its clipboards it is.
CLIPBOARD_OUTSIDE = re.compile(rb"\x1b\]52;c?;([A-Za-z0-9+/=]+)\x07")
SHOWN = re.compile(r"Secret key ([\w-]{64})(?![\w-])")
# So much of a secret key in one place is as good as the whole to whoever looks for it.
PIECE = 16

# A defect in the dialog, with the secret key in reach of whatever would print variables or values.
DEFECTS = """
import sys
from store.workspace import Workspace
from tui.dialogs.new_credentials import NewCredentials
import cli.main


def in_a_key(self, direction):
    secret, parts = self._issued.secret_key, self._parts()
    raise ValueError(f"defect at {self!r} {self._issued!r} {self._configuration!r}")


def in_an_operation(self, edit):
    secret = SECRETS[-1]
    try:
        raise KeyError("first")
    except KeyError as error:
        raise ValueError("defect in an operation") from error


def remembering(self, issued, *arguments, **named):
    SECRETS.append(issued.secret_key)
    former(self, issued, *arguments, **named)


SECRETS = []
former, NewCredentials.__init__ = NewCredentials.__init__, remembering
NewCredentials.action_scroll_body = in_a_key
Workspace.edit_credential = in_an_operation
sys.exit(cli.main.main())
"""


def begin_adding(terminal: Terminal) -> str:
    """Add a service account; the secret key that its dialog shows."""
    step(terminal, "2")
    terminal.wait_for("There are no service accounts yet.")
    step(terminal, "a")
    terminal.wait_for("Allow impersonation")
    terminal.wait_idle()
    terminal.send("autoscaler")
    step(terminal, "enter")
    return secret_shown(terminal)


def secret_shown(terminal: Terminal) -> str:
    """The secret key in the dialog with new credentials, which it waits for."""
    terminal.wait_for(lambda shown: NEW in shown.text and bool(SHOWN.search(shown.text)))
    terminal.wait_idle()
    found = SHOWN.search(terminal.text)
    assert found is not None
    return found[1]


def copy_everything(terminal: Terminal) -> None:
    """Copy the section, then each part of it."""
    step(terminal, "enter")
    terminal.wait_for("Sent to your terminal's")
    step(terminal, "tab")
    for downs in range(5):
        step(terminal, "enter")
        terminal.wait_for(PARTS)
        terminal.wait_idle()
        step(terminal, *["down"] * downs, "enter")
        terminal.wait_for(lambda shown: PARTS not in shown.text)
    terminal.wait_idle()


def relabel(terminal: Terminal, label: str) -> None:
    """Give the credential another label; the focus comes from the second button."""
    step(terminal, "shift+tab", "shift+tab", "shift+tab", "ctrl+u")
    terminal.send(label)
    step(terminal, "enter")
    terminal.wait_for("Label saved.")
    terminal.wait_idle()


def leave(terminal: Terminal) -> None:
    """Leave the dialog, which asks nothing of whoever has copied."""
    step(terminal, "escape")
    terminal.wait_for(lambda shown: NEW not in shown.text and "? Help" in shown.text)
    terminal.wait_idle()


def told_by(secret: str) -> list[bytes]:
    """What tells the secret key: a piece of it, another spelling, a hash that anybody can make."""
    pieces = [secret[start : start + PIECE] for start in range(len(secret) - PIECE + 1)]
    hashed = hashlib.sha256(secret.encode())
    whole = [secret.encode().hex(), hashed.hexdigest(), base64.b64encode(hashed.digest()).decode()]
    # What base64 makes of it depends on where it begins, but for the letters at its ends.
    shifted = [base64.b64encode(b"x" * by + secret.encode()).decode()[4:-4] for by in range(3)]
    return [text.encode() for text in (*pieces, secret[::-1], *whole, *shifted)]


def holders(folder: Path, secret: str) -> list[str]:
    """The files below a folder that tell the secret key, by their content or their name."""
    signs = told_by(secret)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        str(path)
        for path in files
        if any(sign in path.read_bytes() or sign in str(path).encode() for sign in signs)
    ]


def is_told(text: str, secret: str) -> bool:
    """Whether a text, which may be broken into lines, tells the secret key."""
    joined = re.sub(r"\s", "", text).encode()
    return any(sign in joined for sign in told_by(secret))


def after(terminal: Terminal) -> str:
    """All that the program said after it gave the screen back."""
    return SEQUENCE.sub("", terminal.output.rpartition(b"\x1b[?1049l")[2].decode())


def the_credential(house: House) -> Credential:
    """The only credential of the workspace, as the file has it."""
    workspace = house.as_user()
    (account,) = workspace.list_service_accounts(Query()).ids
    rows = workspace.service_account_details(account).credentials
    assert rows is not None
    (row,) = rows
    return house.credential(row.access_key)


class TestLeavingTheDialog:
    """Copied in every way, relabelled and left."""

    @pytest.mark.parametrize("size", SIZES)
    def test_nothing_tells_it_afterwards(
        self, console: Console, house: House, size: tuple[int, int]
    ) -> None:
        terminal = console.open_as(ADA, size=size)
        secret = begin_adding(terminal)
        copy_everything(terminal)
        relabel(terminal, "Nightly")
        leave(terminal)
        section, same_section, access_key, alone, shell, notebook = copied(terminal)
        assert alone == secret
        assert section == same_section
        assert all(secret in text for text in (section, shell, notebook))
        assert secret not in access_key
        assert not is_told(terminal.text, secret)
        assert holders(console.folder, secret) == []
        # The panel shows the credential, and what it shows can be copied, but not the secret key.
        step(terminal, "enter")
        terminal.wait_for("CREDENTIALS 1")
        terminal.wait_for("Nightly")
        assert not is_told(terminal.text, secret)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert terminal.modes == IN_ORDER
        assert not is_told(terminal.text, secret)
        assert not is_told(after(terminal), secret)
        assert holders(console.folder, secret) == []

    def test_what_was_copied_signs_in_and_what_is_kept_does_not(
        self, console: Console, house: House
    ) -> None:
        terminal = console.open_as(ADA)
        secret = begin_adding(terminal)
        step(terminal, "enter")
        leave(terminal)
        kept = the_credential(house)
        workspace = house.as_user()
        assert workspace.authenticate(kept.id, secret).access_key == kept.id
        hashed = hashlib.sha256(secret.encode()).hexdigest()
        for wrong in (kept.secret_hash, kept.secret_hash.upper(), hashed, secret[:-1], ""):
            with pytest.raises(SignInRefused):
                workspace.authenticate(kept.id, wrong)

    def test_while_it_asks_the_secret_is_out_of_sight(self, console: Console, house: House) -> None:
        terminal = console.open_as(ADA)
        secret = begin_adding(terminal)
        step(terminal, "escape")
        terminal.wait_for("Leave without having copied or saved them?")
        terminal.wait_idle()
        step(terminal, "tab", "enter")
        terminal.wait_for(lambda shown: NEW not in shown.text and "? Help" in shown.text)
        terminal.wait_idle()
        assert not is_told(terminal.text, secret)
        assert holders(console.folder, secret) == []

    def test_suspended_to_the_shell_the_main_screen_does_not_show_it(
        self, console: Console, house: House
    ) -> None:
        terminal = console.open_as(ADA)
        secret = begin_adding(terminal)
        terminal.press("ctrl+z")
        terminal.wait_for(lambda shown: 1049 not in shown.modes)
        terminal.wait_idle()
        assert terminal.stopped
        assert not is_told(terminal.text, secret)
        terminal.kill(signal.SIGCONT)
        assert secret_shown(terminal) == secret

    @pytest.mark.parametrize("downs", [0, 1, 2])
    def test_saved_it_is_in_that_file_alone(
        self, console: Console, house: House, downs: int
    ) -> None:
        terminal = console.open_as(ADA)
        secret = begin_adding(terminal)
        step(terminal, "tab", "tab", "enter")
        terminal.wait_for("Only you can read the file.")
        terminal.wait_idle()
        step(terminal, *["down"] * downs, "enter", "enter")
        terminal.wait_for("Saved to")
        terminal.wait_idle()
        leave(terminal)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        saved = console.home / f"clearml-autoscaler.{('conf', 'env', 'txt')[downs]}"
        assert secret in saved.read_text()
        assert saved.stat().st_mode & 0o777 == 0o600
        assert holders(console.folder, secret) == [str(saved)]
        assert copied(terminal) == []


class TestEndingWithTheDialogOpen:
    """The program ends while the secret key is on the screen."""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_a_signal_leaves_nothing(
        self, console: Console, house: House, number: signal.Signals
    ) -> None:
        terminal = console.open_as(ADA)
        secret = begin_adding(terminal)
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.modes == IN_ORDER
        assert after(terminal) == ""
        assert not is_told(terminal.text, secret)
        assert holders(console.folder, secret) == []

    def test_whoever_is_removed_meanwhile_leaves_nothing(
        self, console: Console, house: House
    ) -> None:
        bob = house.add_administrator("bob@acme.example", "Bob")
        terminal = console.open_as("bob@acme.example")
        secret = begin_adding(terminal)
        house.admin.refresh()
        house.admin.remove_users([bob])
        assert terminal.wait_exit() == 1
        assert "You were removed" in after(terminal)
        assert not is_told(after(terminal), secret)
        assert not is_told(terminal.text, secret)
        assert holders(console.folder, secret) == []

    @pytest.mark.parametrize("where", ["key", "operation"])
    def test_a_defect_tells_neither_the_log_nor_the_terminal(
        self, console: Console, house: House, where: str
    ) -> None:
        terminal = open_with_defects(console)
        secret = begin_adding(terminal)
        provoke(terminal, where)
        assert terminal.wait_exit() == 1
        assert terminal.modes == IN_ORDER
        assert "defect of its own" in after(terminal)
        assert not is_told(after(terminal), secret)
        assert not is_told(terminal.text, secret)
        (log,) = (console.home / "state").rglob("*.log")
        assert "defect" in log.read_text().splitlines()[-1]
        assert holders(console.folder, secret) == []


def open_with_defects(console: Console) -> Terminal:
    """Ada's program, with defects in the dialog."""
    terminal = console.open("--store", console.store, "--as", ADA, command=defective(console))
    wait_for_table(terminal)
    return terminal


def defective(console: Console) -> tuple[str | Path, ...]:
    """The command with defects in the dialog."""
    runner = console.folder / "runner.py"
    runner.write_text(DEFECTS)
    return (COMMAND[0], runner)


def provoke(terminal: Terminal, where: str) -> None:
    """Bring a defect about."""
    if where == "key":
        terminal.press("pagedown")
    else:
        step(terminal, "shift+tab", "shift+tab")
        terminal.send("x\r")


class Tmux:
    """A tmux of its own, whose one pane is the program, and stays when it has ended."""

    def __init__(
        self,
        console: Console,
        command: tuple[str | Path, ...] = COMMAND,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._socket = console.temp / "tmux.socket"
        settings = console.temp / "tmux.conf"
        settings.write_text("set -g remain-on-exit on\nset -g set-clipboard external\n")
        arguments = [*command, "--store", console.store, "--as", ADA]
        self.terminal = console.open(
            *("-S", self._socket, "-f", settings, "new-session", *arguments),
            environment=environment,
            command=(shutil.which("tmux") or "",),
        )
        wait_for_table(self.terminal)
        self.program = int(self.ask("list-panes", "-F", "#{pane_pid}"))

    def ask(self, *arguments: str) -> str:
        """What tmux answers."""
        command = ["tmux", "-S", str(self._socket), *arguments]
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout

    def buffers(self) -> str:
        """What every buffer holds."""
        names = self.ask("list-buffers", "-F", "#{buffer_name}").split()
        return "".join(self.ask("show-buffer", "-b", name) for name in names)

    def panes(self) -> str:
        """What the pane shows and has shown; as long as the program runs, its other screen, too."""
        alternate = self.ask("capture-pane", "-p", "-a", "-q", "-S", "-")
        return self.ask("capture-pane", "-p", "-S", "-") + alternate

    def wait_until_ended(self) -> None:
        """Wait until the program has ended."""
        self.wait_until(lambda: self.ask("list-panes", "-F", "#{pane_dead}") == "1\n")

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something that need not bring about a change of the screen."""
        deadline = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < deadline, self.terminal.text
            self.terminal.wait_idle(0.05)

    def close(self) -> None:
        """End tmux, and all that runs in it."""
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], check=False)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
class TestInTmux:
    """Within a real tmux, which has the secret key in a buffer while the dialog is open."""

    @pytest.fixture
    def opened(self, console: Console, house: House) -> Iterator[Callable[..., Tmux]]:
        """Opens a tmux with the program in it."""
        made: list[Tmux] = []

        def start(*arguments: Any) -> Tmux:
            made.append(Tmux(console, *arguments))
            return made[-1]

        yield start
        for tmux in made:
            tmux.close()

    def with_secret(self, tmux: Tmux) -> str:
        """Have a secret key shown and copied."""
        secret = begin_adding(tmux.terminal)
        step(tmux.terminal, "enter")
        tmux.terminal.wait_for("Sent to your terminal's")
        tmux.wait_until(lambda: secret in tmux.buffers())
        return secret

    def test_after_leaving_nothing_tells_it(
        self, console: Console, opened: Callable[..., Tmux]
    ) -> None:
        tmux = opened()
        secret = begin_adding(tmux.terminal)
        copy_everything(tmux.terminal)
        assert secret in tmux.buffers()
        leave(tmux.terminal)
        # It reached the clipboard of the terminal outside, which is where it was to go.
        passed_on = CLIPBOARD_OUTSIDE.findall(tmux.terminal.output)
        assert secret in [base64.b64decode(text).decode() for text in passed_on]
        tmux.wait_until(lambda: tmux.buffers() == "")
        assert not is_told(tmux.panes(), secret)
        tmux.terminal.press("ctrl+q")
        tmux.wait_until_ended()
        assert tmux.buffers() == ""
        assert not is_told(tmux.panes(), secret)
        assert not is_told(tmux.terminal.text, secret)
        assert holders(console.folder, secret) == []

    @pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP", "key", "operation"])
    def test_ending_with_the_dialog_open_leaves_nothing(
        self, console: Console, opened: Callable[..., Tmux], way: str
    ) -> None:
        tmux = opened(defective(console))
        secret = self.with_secret(tmux)
        if way.startswith("SIG"):
            os.kill(tmux.program, signal.Signals[way])
        else:
            provoke(tmux.terminal, way)
        tmux.wait_until_ended()
        assert tmux.buffers() == ""
        assert not is_told(tmux.panes(), secret)
        assert not is_told(tmux.terminal.text, secret)
        assert holders(console.folder, secret) == []

    @pytest.mark.parametrize("way", ["leaving", "ending"])
    def test_a_copy_that_is_under_way_is_taken_back_too(
        self, console: Console, opened: Callable[..., Tmux], way: str
    ) -> None:
        tmux = opened(COMMAND, slow_tmux(console))
        secret = begin_adding(tmux.terminal)
        step(tmux.terminal, "enter")
        tmux.terminal.wait_for("Sent to your terminal's")
        if way == "leaving":
            leave(tmux.terminal)
            tmux.terminal.wait_idle(1.5)
            tmux.terminal.press("ctrl+q")
        else:
            os.kill(tmux.program, signal.SIGTERM)
        tmux.wait_until_ended()
        assert CLIPBOARD_OUTSIDE.search(tmux.terminal.output)
        assert tmux.buffers() == ""
        assert holders(console.folder, secret) == []

    def test_a_copy_that_failed_does_not_hide_the_one_before(
        self, console: Console, opened: Callable[..., Tmux]
    ) -> None:
        tmux = opened(COMMAND, tmux_that_loads_once(console))
        secret = self.with_secret(tmux)
        # A button that was just pressed takes no key for a moment.
        tmux.terminal.wait_idle(0.5)
        step(tmux.terminal, "enter")
        tmux.terminal.wait_idle()
        leave(tmux.terminal)
        tmux.wait_until(lambda: secret not in tmux.buffers())


def slow_tmux(console: Console) -> dict[str, str]:
    """The environment of a tmux that takes its time to take a text."""
    return with_tmux(console, 'sleep 0.7; exec "$TMUX_PROGRAM" "$@"')


def tmux_that_loads_once(console: Console) -> dict[str, str]:
    """The environment of a tmux that takes one text, and no other after it."""
    once = f"[ ! -e {console.temp}/loaded ] && touch {console.temp}/loaded"
    return with_tmux(
        console, f'[ $1 != load-buffer ] || {{ {once}; }} && exec "$TMUX_PROGRAM" "$@"'
    )


def with_tmux(console: Console, script: str) -> dict[str, str]:
    """The environment in which `tmux` is that script."""
    folder = console.folder / "bin"
    folder.mkdir()
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    real = shutil.which("tmux") or ""
    return {"TMUX_PROGRAM": real, "PATH": f"{folder}:{os.environ['PATH']}"}


def test_the_search_finds_what_it_is_to_find(tmp_path: Path) -> None:
    secret = "Ab-_" * 16
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    coded = base64.b64encode(f"api {{ {secret} }}".encode()).decode()
    for number, text in enumerate((f"x{secret}y", secret[20:40], hashed, coded, "innocent")):
        (tmp_path / str(number)).write_text(text)
    assert sorted(holders(tmp_path, secret)) == [str(tmp_path / str(n)) for n in range(4)]
    assert is_told(f"a {secret[:30]}\n{secret[30:]} b", secret)
    assert not is_told("innocent", secret)


def test_what_holds_it_does_not_say_it(house: House) -> None:
    (link,) = house.admin.invite_users([invitee("pia@acme.example")], [])
    assert not is_told(f"{link!r} {link!s}", link.link.rpartition("/")[2])
    issued = house.admin.add_service_account("autoscaler", False)
    rotated = house.admin.rotate_credential(issued.access_key, timedelta(days=1))
    for one in (issued, rotated):
        configuration = house.admin.configuration_of(one)
        assert not is_told(f"{one!r} {one!s} {configuration!r}", one.secret_key)
        assert not is_told(repr(vars(house.admin)), one.secret_key)

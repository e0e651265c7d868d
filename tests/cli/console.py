"""The command as a person starts it, in a home of its own."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.terminal import SEQUENCE, Terminal

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "cli")
# What is on after a program has left its terminal in order: line wrap and the cursor.
IN_ORDER = {7, 25}
ALTERNATE_SCREEN, MOUSE, BRACKETED_PASTE = 1049, 1003, 2004


def own_login() -> str:
    """The login name under which the tests run."""
    return pwd.getpwuid(os.getuid()).pw_name


class Console:
    """Starts the command, with everything that it may write in one folder.

    Args:
        folder: An empty folder.
    """

    command: tuple[str, ...] = COMMAND

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.home = folder / "home"
        self.temp = folder / "temp"
        self.work = folder / "work"
        for path in (self.home, self.temp, self.work):
            path.mkdir()
        self._terminals: list[Terminal] = []

    @property
    def default_store(self) -> Path:
        """Where the command looks for a store that nobody has named."""
        return self.home / "data" / "clearml-admin"

    @property
    def environment(self) -> dict[str, str]:
        """What the command is told about where things are."""
        kinds = ("data", "config", "state", "cache")
        folders = {f"XDG_{kind.upper()}_HOME": str(self.home / kind) for kind in kinds}
        own = {"HOME": str(self.home), "TMPDIR": str(self.temp), "TZ": "UTC"}
        return {**folders, **own, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}

    def open(
        self,
        *arguments: str | Path,
        environment: Mapping[str, str] | None = None,
        size: tuple[int, int] = (120, 40),
        command: tuple[str | Path, ...] = COMMAND,
    ) -> Terminal:
        """Start the command in a terminal, which is closed at the end of the test."""
        terminal = Terminal(
            [*command, *arguments],
            {**self.environment, **(environment or {})},
            size=size,
            folder=self.work,
        )
        self._terminals.append(terminal)
        return terminal

    def open_as(self, who: str, *arguments: str | Path, **named: object) -> Terminal:
        """Start the command over the store in somebody's name, and wait until it has drawn."""
        terminal = self.open("--store", self.store, "--as", who, *arguments, **named)  # type: ignore[arg-type]
        wait_for_table(terminal)
        return terminal

    def pipe(
        self, *arguments: str | Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the command between pipes, where it has no terminal."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env={**os.environ, **self.environment, **(environment or {})},
            cwd=self.work,
            input=b"",
            capture_output=True,
            timeout=20,
            check=False,
        )

    def refusal(
        self,
        *arguments: str | Path,
        environment: Mapping[str, str] | None = None,
        status: int = 1,
    ) -> str:
        """The one line with which the command refuses, in a terminal and without, touching nothing.

        Returns:
            The line, without the command's name before it.
        """
        with self.untouched():
            between_pipes = self.pipe(*arguments, environment=environment)
            with self.open(*arguments, environment=environment) as terminal:
                ended = terminal.wait_exit()
        line = one_line(between_pipes.stderr, b"\n")
        assert between_pipes.stdout == b""
        assert between_pipes.returncode == ended == status
        assert one_line(terminal.output, b"\r\n") == line
        return line

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """See that the block changes no file, folder, mode or time below the folder."""
        before = listing(self.folder)
        yield
        assert listing(self.folder) == before

    def close(self) -> None:
        """End what still runs."""
        while self._terminals:
            self._terminals.pop().close()


def one_line(output: bytes, end: bytes) -> str:
    """The only line of an output, printable throughout, without the command's name before it."""
    line, rest = output.decode("utf-8", "strict").split(end.decode(), 1)
    assert rest == ""
    assert line.isprintable()
    name, _, said = line.partition(": ")
    assert name == "clearml-admin"
    assert said.strip()
    return said


def last_words(terminal: Terminal) -> str:
    """What an ended program has said below its last screen, which must be one line."""
    restored = terminal.output.rpartition(b"\x1b[?1049l")[2].decode()
    return one_line(SEQUENCE.sub("", restored).encode(), b"\r\n")


def listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below a folder: mode, time of the last change, bytes."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return found


def wait_for_table(terminal: Terminal) -> None:
    """Wait until the Users tab has drawn its rows and the footer, and takes keys."""
    terminal.wait_for(lambda shown: "? Help" in shown.text and "STATUS" in shown.text)
    terminal.wait_idle()


def step(terminal: Terminal, *keys: str) -> None:
    """Press keys that each change the screen, waiting for what one does before the next.

    Textual gives a key to what has the focus when it arrives, and runs bindings last: of keys that
    come together, text goes before backspace, and what follows a tab goes to the former field.
    """
    for key in keys:
        terminal.wait_idle(0.1)
        before = len(terminal.output)
        terminal.press(key)
        terminal.wait_for(partial(_has_written_since, before))


def _has_written_since(before: int, terminal: Terminal) -> bool:
    return len(terminal.output) > before

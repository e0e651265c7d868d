"""The command as a person starts it, in a home of its own: in this process or in one of its own."""

from __future__ import annotations

import asyncio
import gc
import io
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.terminal import SEQUENCE, Terminal
from tests.tui.seat import BESIDE, Scenario, Seat
from tui.app import AdminApp

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "cli")
# What is on after a program has left its terminal in order: line wrap and the cursor.
IN_ORDER = {7, 25}
ALTERNATE_SCREEN, MOUSE, BRACKETED_PASTE = 1049, 1003, 2004


def own_login() -> str:
    """The login name under which the tests run."""
    return pwd.getpwuid(os.getuid()).pw_name


@dataclass(frozen=True)
class Done:
    """What a command came to: its exit status, and what it wrote."""

    returncode: int
    stdout: bytes
    stderr: bytes


class _Stream(io.TextIOWrapper):
    """A standard stream that keeps what is written, and says whether it is a terminal."""

    def __init__(self, is_terminal: bool) -> None:
        self.written = io.BytesIO()
        self._is_terminal = is_terminal
        super().__init__(self.written, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        """Whether it is one."""
        return self._is_terminal


class Console:
    """Starts the command, with everything that it may write in one folder.

    `run`, `shown` and `refusal` run it in this process; `open` where drawing, signals or what
    another process does are the matter, and `pipe` where bytes between processes are.

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

    def run(
        self,
        *arguments: str | Path,
        environment: Mapping[str, str] | None = None,
        scenario: Scenario | None = None,
        in_terminal: bool = False,
    ) -> Done:
        """Run the command to its end, in this process.

        Args:
            arguments: What is said to it.
            environment: Variables that are set besides.
            scenario: What somebody does in the program; without, it must not come to that.
            in_terminal: Whether the standard streams are a terminal; with a scenario they are.
        """
        is_terminal = in_terminal or scenario is not None
        streams = {name: _Stream(is_terminal) for name in ("stdin", "stdout", "stderr")}
        terminal = {"TERM": "xterm-256color"} if is_terminal else {}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**self.environment, **terminal, **(environment or {})}.items():
                patch.setenv(name, value)
            patch.chdir(self.work)
            patch.setattr(tempfile, "tempdir", None)
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            failures: list[BaseException] = []

            def sit_down(app: AdminApp) -> None:
                try:
                    assert scenario is not None, "the program was started"
                    asyncio.run(_sit_before(app, scenario))
                except BaseException as failure:
                    # The command would take it for a defect of the program.
                    failures.append(failure)
                    raise

            patch.setattr(AdminApp, "run", sit_down)
            try:
                status: Any = main([str(argument) for argument in arguments])
            except SystemExit as end:
                status = end.code
            finally:
                # It collects no garbage until its first rows are shown.
                gc.enable()
        if failures:
            raise failures[0]
        return Done(status, *(streams[name].written.getvalue() for name in ("stdout", "stderr")))

    def shown(self, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> str:
        """What the program shows first, with the rows of its table."""
        screens: list[str] = []

        async def scenario(seat: Seat) -> None:
            screens.append(seat.text)

        done = self.run(*arguments, environment=environment, scenario=scenario)
        assert (done.returncode, done.stderr) == (0, b"")
        return screens[0]

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
            done = self.run(*arguments, environment=environment)
            assert self.run(*arguments, environment=environment, in_terminal=True) == done
        assert (done.returncode, done.stdout) == (status, b"")
        return one_line(done.stderr, b"\n")

    def refusal_of_processes(self, *arguments: str | Path, status: int = 1) -> str:
        """As `refusal`, by a process between pipes and one in a terminal."""
        with self.untouched():
            between_pipes = self.pipe(*arguments)
            with self.open(*arguments) as terminal:
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


async def _sit_before(app: AdminApp, scenario: Scenario) -> None:
    """Run the program without a terminal, with somebody before it."""
    async with app.run_test(size=BESIDE, notifications=True) as pilot:
        seat = Seat(app, pilot, app._workspace)
        if seat.workspace is None:
            await seat.until_dialog("FirstStartDialog")
        else:
            await seat.until(lambda: not app.is_running or bool(seat.tab.table.row_count))
        await scenario(seat)


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

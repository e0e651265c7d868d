"""The person's own editor: private copies, failures in words, and a program that stands aside."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import App

from store.errors import InvalidInput
from tests.terminal import Terminal
from tui.external_editor import edit_outside, editor_command, suffix_of
from tui.private_copies import private_copy, sweep_copies

ROOT = Path(__file__).resolve().parents[2]


class Aside(App[None]):
    """A program that stands aside without a terminal."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Let another run."""
        yield


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for private files."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is run as the editor: a script, to be filled."""
    monkeypatch.delenv("VISUAL", raising=False)
    path = tmp_path / "my editor.py"
    monkeypatch.setenv("EDITOR", f"{sys.executable} '{path}' --wait")
    return path


def edit(text: str = "a: 1\n") -> str:
    return asyncio.run(edit_outside(Aside(), text, "yaml"))


LOOKING = """
import os, pathlib, stat, sys
path = pathlib.Path(sys.argv[-1])
assert sys.argv[1] == "--wait"
said = [path.name, oct(stat.S_IMODE(path.stat().st_mode))]
said += [oct(stat.S_IMODE(path.parent.stat().st_mode)), str(path.parent.parent)]
path.with_name("vault.yaml~").write_text("a backup")
path.write_bytes(path.read_bytes() + "\\n".join(said).encode())
"""


def test_the_copy_is_private_and_nothing_of_it_is_left(runtime: Path, editor: Path) -> None:
    editor.write_text(LOOKING)
    assert edit() == f"a: 1\nvault.yaml\n0o600\n0o700\n{runtime}"
    assert list(runtime.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("raise SystemExit(3)", "ended with status 3. The text here stays as it was."),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended by signal 9"),
        ("import os, sys; os.remove(sys.argv[-1])", "left no file"),
        ("import sys; open(sys.argv[-1], 'wb').write(b'\\xff')", "no text in UTF-8"),
        ("import sys; open(sys.argv[-1], 'w').write('x' * 1_000_001)", "too much"),
    ],
)
def test_failures_are_told_and_nothing_is_left(
    runtime: Path, editor: Path, script: str, why: str
) -> None:
    editor.write_text(script)
    with pytest.raises(InvalidInput, match=why.replace("$", r"\$")):
        edit("a password\n")
    assert list(runtime.iterdir()) == []


def test_an_editor_that_is_not_there_is_named(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor -x")
    with pytest.raises(InvalidInput, match="no editor no-such-editor"):
        edit()
    monkeypatch.setenv("VISUAL", "/")
    with pytest.raises(InvalidInput, match="could not be run"):
        edit()
    assert list(runtime.iterdir()) == []


def test_what_no_file_can_hold_is_refused(runtime: Path, editor: Path) -> None:
    with pytest.raises(InvalidInput, match="half a character"):
        edit("\ud800")
    assert list(runtime.iterdir()) == []


def test_every_byte_comes_back_but_for_a_line_end_that_editors_add(editor: Path) -> None:
    editor.write_text("import sys; open(sys.argv[-1], 'ab').write(b'\\n')")
    assert edit("a\r\nb\x0c\ufeff") == "a\r\nb\x0c\ufeff"
    assert edit("a\n") == "a\n"
    editor.write_text("import sys; open(sys.argv[-1], 'ab').write(b'b\\r')")
    assert edit("a\n") == "a\nb\r"


def test_the_command_is_visual_then_editor_then_vi() -> None:
    assert editor_command({}) == ["vi"]
    assert editor_command({"EDITOR": "  "}) == ["vi"]
    assert editor_command({"EDITOR": "nano -w"}) == ["nano", "-w"]
    assert editor_command({"EDITOR": "nano", "VISUAL": "'a b' c"}) == ["a b", "c"]
    with pytest.raises(InvalidInput, match=r"\$EDITOR has a quote"):
        editor_command({"EDITOR": "'nano"})
    assert [suffix_of("hocon"), suffix_of("json"), suffix_of("yaml")] == [".conf", ".json", ".yaml"]


def test_keys_meant_for_the_editor_end_nothing_here(runtime: Path, editor: Path) -> None:
    editor.write_text("import os, signal; os.kill(os.getppid(), signal.SIGINT)")
    before = signal.getsignal(signal.SIGINT)
    assert edit() == "a: 1\n"
    assert signal.getsignal(signal.SIGINT) is before


PROGRAM = """
import sys
from textual.app import App
from textual.widgets import Static
from cli.signals import ending_in_order
from tui.external_editor import edit_outside

class Program(App):
    def compose(self):
        yield Static("the program")

    async def on_key(self, event):
        text = await edit_outside(self, "first\\n", "hocon")
        self.query_one(Static).update(f"back with {text!r}")

program = Program()
with ending_in_order(lambda said, status: program.exit(return_code=status)):
    program.run()
sys.exit(program.return_code)
"""
ASKING = """
import sys
answer = input("what else? ")
open(sys.argv[-1], "a").write(answer)
"""


def test_the_program_stands_aside_in_a_real_terminal_and_comes_back(
    runtime: Path, editor: Path
) -> None:
    editor.write_text(ASKING)
    environment = {"EDITOR": os.environ["EDITOR"], "XDG_RUNTIME_DIR": str(runtime)}
    with Terminal([sys.executable, "-c", PROGRAM], environment, folder=ROOT) as terminal:
        terminal.wait_for("the program")
        terminal.press("x")
        terminal.wait_for("what else?")
        assert 1049 not in terminal.modes
        assert len(list(runtime.glob("*/vault.conf"))) == 1
        terminal.send("more\r")
        terminal.wait_for("back with 'first\\nmore'")
        assert 1049 in terminal.modes
        assert list(runtime.iterdir()) == []


ENDING = "import time; print('waiting', flush=True); time.sleep(60)"
STUBBORN = f"""
import signal
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
{ENDING}
"""


@pytest.mark.parametrize(
    ("number", "script"), [(signal.SIGTERM, ENDING), (signal.SIGHUP, STUBBORN)]
)
def test_who_is_asked_to_end_ends_the_editor_and_leaves_nothing(
    runtime: Path, editor: Path, number: signal.Signals, script: str
) -> None:
    editor.write_text(script)
    environment = {"EDITOR": os.environ["EDITOR"], "XDG_RUNTIME_DIR": str(runtime)}
    with Terminal([sys.executable, "-c", PROGRAM], environment, folder=ROOT) as terminal:
        terminal.wait_for("the program")
        terminal.press("x")
        terminal.wait_for("waiting")
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert 1049 not in terminal.modes
    assert list(runtime.iterdir()) == []


def test_what_killed_programs_left_is_swept_and_nothing_else(runtime: Path) -> None:
    old = runtime / "clearml-admin-edit-old"
    new = runtime / "clearml-admin-edit-new"
    for folder in (old, new, runtime / "other"):
        folder.mkdir()
        (folder / "vault.conf").write_text("a password\n")
    (runtime / "clearml-admin-edit-link").symlink_to(runtime / "other")
    os.utime(old, (0, 0))
    os.utime(runtime / "other", (0, 0))
    with private_copy("a: 1\n", "vault.yaml") as used:
        os.utime(used.parent, (0, 0))
        sweep_copies()
        assert used.read_text() == "a: 1\n"
        assert not old.exists()
        left = {"clearml-admin-edit-new", "clearml-admin-edit-link", "other", used.parent.name}
        assert {path.name for path in runtime.iterdir()} == left
    assert (runtime / "other" / "vault.conf").exists()

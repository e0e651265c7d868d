"""The harness itself: what it says of a program must be so before a test may lean on it."""

import signal
import sys
from pathlib import Path

import pytest

from tests.terminal import Emulator, Terminal, key_text

PROGRAM = """
from textual.app import App
from textual.binding import Binding
from textual.widgets import Input, Static


class Tiny(App):
    BINDINGS = [("f1", "say('help')"), ("ctrl+p", "say('palette')")]
    BINDINGS += [Binding("shift+tab", "say('back')", priority=True)]
    BINDINGS += [("escape", "say('away')")]
    ENABLE_COMMAND_PALETTE = False

    def compose(self):
        yield Static("ready", id="said")
        yield Static(id="size")
        yield Input()

    def action_say(self, word):
        self.query_one("#said").update(word)

    def on_resize(self, event):
        self.query_one("#size").update(f"{event.size.width} by {event.size.height}")


Tiny().run()
"""


@pytest.fixture
def tiny(tmp_path: Path) -> list[str]:
    """The command of a tiny Textual program that says which keys it was given."""
    program = tmp_path / "tiny.py"
    program.write_text(PROGRAM)
    return [sys.executable, str(program)]


def shell(script: str, **environment: str) -> Terminal:
    """A terminal with a small script in it."""
    return Terminal(["sh", "-c", script], environment, size=(60, 10))


def shown(*pieces: bytes) -> list[str]:
    """The first lines of an emulated screen after these pieces were fed to it."""
    emulator = Emulator(40, 5, answer=lambda text: None)
    for piece in pieces:
        emulator.feed(piece)
    return [line.rstrip() for line in emulator.screen.display]


def test_exit_status_is_the_programs() -> None:
    with shell("exit 7") as terminal:
        assert terminal.wait_exit() == 7


def test_signal_is_a_negative_exit_status() -> None:
    with shell("echo ready; sleep 60") as terminal:
        terminal.wait_for("ready")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == -signal.SIGTERM


def test_waiting_for_the_end_fails_while_it_runs() -> None:
    with (
        shell("echo busy; sleep 60") as terminal,
        pytest.raises(AssertionError, match="not ended") as failure,
    ):
        terminal.wait_exit(0.2)
    assert "busy" in str(failure.value)


def test_bytes_are_recorded_as_written() -> None:
    with shell(r"printf 'a\033[31mb\377\302'; printf '\251\n'") as terminal:
        terminal.wait_exit()
        assert terminal.output == b"a\x1b[31mb\xff\xc2\xa9\r\n"
        assert terminal.line(0) == "ab\ufffd©"
        assert terminal.cells(0)[1].fg == "red"


def test_all_of_a_long_output_is_read_after_the_end() -> None:
    with shell("seq 1 20000") as terminal:
        terminal.wait_exit()
        assert terminal.output.split() == [b"%d" % number for number in range(1, 20001)]
        assert terminal.line(8) == "20000"


def test_size_is_set_before_the_program_starts() -> None:
    with shell("stty size") as terminal:
        terminal.wait_exit()
        assert terminal.line(0) == "10 60"


def test_pty_is_the_controlling_terminal() -> None:
    # A shell that waits for a command lets the next one run when that one ends by itself, so no
    # command runs beneath it when the key comes.
    with shell("echo through the terminal >/dev/tty; tty; echo ready; exec sleep 60") as terminal:
        terminal.wait_for("through the terminal")
        terminal.wait_for("/dev/")
        terminal.wait_for("ready")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == -signal.SIGINT


def test_environment_is_a_plain_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TEXTUAL_THEME", "COLORTERM", "COLUMNS", "LINES", "TMUX"):
        monkeypatch.setenv(name, "99")
    with shell("env", TEXTUAL_FPS="30") as terminal:
        terminal.wait_exit()
    names = {line.partition(b"=")[0] for line in terminal.output.splitlines()}
    assert names.isdisjoint({b"NO_COLOR", b"TEXTUAL_THEME", b"COLORTERM", b"COLUMNS", b"TMUX"})
    assert {b"TERM=xterm-256color", b"TEXTUAL_FPS=30"} <= set(terminal.output.splitlines())


def test_failing_wait_shows_the_screen() -> None:
    with (
        shell("echo something else; sleep 60") as terminal,
        pytest.raises(AssertionError, match="'hello' is not on the screen") as failure,
    ):
        terminal.wait_for("hello", timeout=0.3)
    assert "something else" in str(failure.value)
    assert "still runs" in str(failure.value)


def test_wait_fails_at_once_when_the_program_has_ended() -> None:
    with shell("echo sorry; exit 4") as terminal:
        terminal.wait_exit()
        with pytest.raises(AssertionError, match=r"ended; the program exited with 4"):
            terminal.wait_for("hello", timeout=60)


def test_wait_counts_from_the_last_send() -> None:
    with shell("read line; sleep 0.3; echo got $line") as terminal:
        terminal.wait_idle(0.4)
        assert 0.3 <= terminal.paint_time("enter", "got") < 5


def test_more_than_the_pty_holds_can_be_sent() -> None:
    with shell("stty raw -echo; echo ready; head -c 100000 | wc -c") as terminal:
        terminal.wait_for("ready")
        terminal.send(b"x" * 100_000)
        terminal.wait_for("100000")


def test_close_ends_and_reaps_what_runs() -> None:
    terminal = shell("trap '' TERM HUP INT; echo ready; while :; do sleep 1; done")
    terminal.wait_for("ready")
    terminal.close()
    terminal.close()
    assert terminal.wait_exit() == -signal.SIGKILL
    assert "ready" in terminal.text


SEQUENCES = [
    "\x1b[>25u",
    "\x1b[<u",
    "\x1b[?u",
    "\x1b[=1;1u",
    "\x1b[?2026$p",
    "\x1b[?2026h",
    "\x1b[>4;1m",
    "\x1b[4:3m",
    "\x1b[38:2::1:2:3m",
    "\x1b[2 q",
    "\x1b[!p",
    "\x1b[1;2;3;4H",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]8;id=1;http://example.com\x1b\\",
    "\x1b]22;pointer\x07",
    "\x1b]2;title\x1b\\",
    "\x1bP>|terminal\x1b\\",
    "\x1b_application\x1b\\",
    "\x1b(B",
    "\x1b*0",
    "\x1b=",
    "\x0e",
    "\x01",
    "\u200b",
    "\ufe0f",
]


def test_sequences_are_not_shown_whole_or_cut_anywhere() -> None:
    for sequence in SEQUENCES:
        data = f"a{sequence}b".encode()
        for cut in range(len(data)):
            assert shown(data[:cut], data[cut:])[0] == "ab", f"{sequence!r} cut at {cut}"


def test_malformed_sequence_does_not_eat_the_next() -> None:
    assert shown(b"a\x1b[12\x1b[31mb\x1b]0;never ended\x1b[1mc")[0] == "abc"


def test_wide_and_combined_characters_are_shown_once() -> None:
    assert shown("日本e\u0301|".encode())[0] == "日本é|"


def test_alternate_screen_gives_the_main_one_back() -> None:
    lines = shown(b"before\r\n", b"\x1b[?1049hinside", b"\x1b[?1049lafter")
    assert lines[:2] == ["before", "after"]


def test_queries_are_answered_like_a_plain_xterm() -> None:
    answers: list[str] = []
    emulator = Emulator(40, 5, answers.append)
    emulator.feed(b"ab\x1b[?2026$p\x1b[?2048$p\x1b[?u\x1b[6n\x1b[c")
    assert answers == ["\x1b[?2026;0$y", "\x1b[?2048;0$y", "\x1b[1;3R", "\x1b[?6c"]


def test_keys_are_sent_as_xterm_does() -> None:
    sent = {
        "x": "x",
        "+": "+",
        "ctrl+c": "\x03",
        "ctrl+z": "\x1a",
        "up": "\x1b[A",
        "shift+up": "\x1b[1;2A",
        "ctrl+end": "\x1b[1;5F",
        "pagedown": "\x1b[6~",
        "ctrl+delete": "\x1b[3;5~",
        "f1": "\x1bOP",
        "f5": "\x1b[15~",
        "f10": "\x1b[21~",
        "f12": "\x1b[24~",
        "alt+x": "\x1bx",
    }
    assert {name: key_text(name) for name in sent} == sent


def test_textual_program_takes_keys_paste_and_size(tiny: list[str]) -> None:
    with Terminal(tiny) as terminal:
        assert 0 < terminal.wait_for("ready") < 10
        terminal.wait_for("120 by 40")
        for key, word in (("f1", "help"), ("ctrl+p", "palette"), ("shift+tab", "back")):
            terminal.paint_time(key, word)
        terminal.paste("pasted [text]")
        terminal.wait_for("pasted [text]")
        # One at a time: Textual runs a binding after the plain characters that came with it.
        for key in ("home", "x", "delete", "escape", "y"):
            terminal.press(key)
            terminal.wait_idle()
        terminal.wait_for("xyasted [text]")
        assert terminal.line(0) == "away"
        terminal.resize(70, 20)
        terminal.wait_for("70 by 20")
        assert "2026" not in terminal.text

"""A real terminal for tests: a pty with a program in it, and an emulator of what a person sees.

The program's bytes are kept whole, and each chunk carries the time of its arrival, so that a test
can read the wire as well as the screen, and a benchmark can time the paint with the emulator's
drawing or without it.
"""

import codecs
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import perf_counter, sleep
from typing import Self
from unicodedata import combining

import pyte
from wcwidth import wcwidth

KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f", "space": " "}
KEYS |= {"shift+tab": "\x1b[Z"}
# What follows `ESC [`, where a modifier goes between the number and the last character.
CODES = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
CODES |= {"insert": "2~", "delete": "3~", "pageup": "5~", "pagedown": "6~"}
CODES |= {f"f{number}": code for number, code in enumerate("PQRS", 1)}
CODES |= {f"f{number}": f"{number + 11}~" for number in range(6, 11)}
CODES |= {"f5": "15~", "f11": "23~", "f12": "24~"}
MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4}

# What would make a program draw differently from one machine to the next; and what would have it
# compiled at each start, as no installed program is.
CLEARED = re.compile(
    r"NO_COLOR|FORCE_COLOR|COLORTERM|COLUMNS|LINES|ESCDELAY|TEXTUAL_.*|TTY_.*|SSH_.*|TMUX.*|STY|"
    r"TERM_PROGRAM.*|LC_TERMINAL.*|PYTHONDONTWRITEBYTECODE"
)

CONTROL, COMMAND, STRING = (
    r"(?:\x1b\[|\x9b)",
    r"(?:\x1b\]|\x9d)",
    r"(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])",
)
IN_COMMAND, IN_STRING = r"[^\x07\x18\x1a\x1b\x9c]*", r"[^\x18\x1a\x1b\x9c]*"
END = r"(?:\x9c|\x1b\\|(?=[\x18\x1a])|(?=\x1b[^\\]))"
SEQUENCE = re.compile(
    rf"{CONTROL}(?P<parameters>[0-?]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    rf"|(?P<kept>\x1b[0-OQ-WYZ`-~\\]|{COMMAND}[012];{IN_COMMAND}(?:\x07|\x9c|\x1b\\))"
    rf"|{COMMAND}{IN_COMMAND}(?:\x07|{END})|{STRING}{IN_STRING}{END}|\x1b[ -/]+[0-~]"
    # What is left over is malformed, and a terminal swallows it.
    rf"|{CONTROL}[ -?]*|\x1b"
)
UNFINISHED = re.compile(
    rf"(?:{CONTROL}[0-?]*[ -/]*|{COMMAND}{IN_COMMAND}\x1b?|{STRING}{IN_STRING}\x1b?|\x1b[ -/]*)\Z"
)
ALTERNATE_SCREENS = {47, 1047, 1049}
# Origin, reverse video, line wrap, visible cursor: the private modes that pyte knows rightly.
EMULATED_MODES = {5, 6, 7, 25}
# What is emulated between two looks for output, so that its arrival is noted within 1 ms.
SLICE = 512
# Textual waits this long for what may follow an escape: a key sent sooner would become alt+key.
ESCAPE_PAUSE = 0.25

Wanted = str | Callable[["Terminal"], bool]


def key_text(name: str) -> str:
    """What xterm sends for a key such as `a`, `enter`, `f1`, `ctrl+p` or `shift+up`."""
    if len(name) == 1 or name in KEYS:
        return KEYS.get(name, name)
    *modifiers, key = name.split("+")
    if key in CODES:
        number, final = CODES[key][:-1], CODES[key][-1]
        if not modifiers:
            return f"\x1b{'O' if final in 'PQRS' else '['}{CODES[key]}"
        return f"\x1b[{number or 1};{1 + sum(MODIFIERS[each] for each in modifiers)}{final}"
    if modifiers == ["ctrl"] and len(key) == 1:
        return chr(ord(key.upper()) & 0x1F)
    if modifiers == ["alt"]:
        return f"\x1b{key_text(key)}"
    raise ValueError(f"No such key: {name}")


@cache
def has_effect(character: str) -> bool:
    """Whether a character shows, changes the one before it or moves the cursor."""
    return character in "\a\b\t\n\v\f\r" or wcwidth(character) > 0 or combining(character) > 0


class Emulator:
    """A pyte screen, guarded from the sequences that pyte would show as text or stumble over.

    It has xterm's two screens, and like a plain xterm it says that it does not know synchronized
    output nor resizes that come in band, and keeps silent about the kitty keyboard.
    """

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None]) -> None:
        """Make both screens, empty; `answer` takes what the terminal replies to the program."""
        self.modes: set[int] = set()
        self._answer = answer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._main, self._alternate = (pyte.Screen(columns, rows) for _ in range(2))
        for screen in (self._main, self._alternate):
            # pyte means this method to be replaced by whoever has a process to answer to.
            screen.write_process_input = answer  # type: ignore[assignment]
        self._show(self._main)

    def _show(self, screen: pyte.Screen) -> None:
        self.screen = screen
        self._stream = pyte.Stream(screen)

    def resize(self, columns: int, rows: int) -> None:
        """Give both screens another size."""
        for screen in (self._main, self._alternate):
            screen.resize(rows, columns)

    def feed(self, data: bytes) -> None:
        """Show what the program wrote; a sequence cut in two waits for its other half."""
        text = self._held + self._decoder.decode(data)
        unfinished = UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        text, self._held = text[:end], text[end:]
        shown = 0
        for sequence in SEQUENCE.finditer(text):
            self._draw(text[shown : sequence.start()])
            self._obey(sequence)
            shown = sequence.end()
        self._draw(text[shown:])

    def _draw(self, text: str) -> None:
        # At a character without effect pyte would leave out the rest of the text.
        self._stream.feed("".join(filter(has_effect, text)))

    def _obey(self, sequence: re.Match[str]) -> None:
        if sequence["final"]:
            self._obey_control(sequence["parameters"], sequence["between"], sequence["final"])
        elif sequence["kept"]:
            self._stream.feed(sequence["kept"])

    def _obey_control(self, parameters: str, between: str, final: str) -> None:
        private = re.fullmatch(r"\?([\d;]*)", parameters)
        if private and (between, final) == ("$", "p"):
            self._answer(f"\x1b[?{private[1]};0$y")
        elif private and not between and final in "hl":
            for mode in filter(None, private[1].split(";")):
                self._set_mode(int(mode), final)
        elif not between and re.fullmatch(r"[\d;]*", parameters):
            # pyte takes each parameter as an argument; xterm ignores those that are too many.
            with suppress(TypeError):
                self._stream.feed(f"\x1b[{parameters}{final}")

    def _set_mode(self, mode: int, final: str) -> None:
        was_on, now_on = mode in self.modes, final == "h"
        self.modes = self.modes | {mode} if now_on else self.modes - {mode}
        if mode in EMULATED_MODES:
            self._stream.feed(f"\x1b[?{mode}{final}")
        elif mode in ALTERNATE_SCREENS and was_on != now_on:
            self._alternate.reset()
            self._show(self._alternate if now_on else self._main)


class Terminal:
    """A command in a pty of its own, its screen and its bytes. Use it as a context manager."""

    def __init__(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str] | None = None,
        *,
        size: tuple[int, int] = (120, 40),
        folder: Path | None = None,
        counts_drawing: bool = False,
    ) -> None:
        """Start the command in a terminal of that many columns and rows, in that folder.

        Times end when what was awaited has arrived, or with `counts_drawing`, when the emulator
        has drawn it, as a terminal has to before a person can see it.
        """
        self._counts_drawing = counts_drawing
        self._output = bytearray()
        self._chunks: deque[tuple[float, bytes]] = deque()
        self._ended = self._closed = False
        self._escaped = 0.0
        self._emulator = Emulator(*size, answer=lambda text: self._write(text.encode()))
        self._descriptor, program_side = os.openpty()
        os.set_blocking(self._descriptor, False)
        self._set_size(*size)
        self._marked = self._arrived = perf_counter()
        try:
            self._process = self._start(command, environment or {}, folder, program_side)
        except OSError:
            os.close(self._descriptor)
            raise
        finally:
            os.close(program_side)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process id of the command, which is also its session's and its group's."""
        return self._process.pid

    @property
    def output(self) -> bytes:
        """Every byte that the program has written and the terminal has read."""
        return bytes(self._output)

    @property
    def screen(self) -> pyte.Screen:
        """The emulated screen that is showing: the main one or the alternate one."""
        return self._emulator.screen

    @property
    def modes(self) -> set[int]:
        """The private modes that are on, such as 1049 (alternate screen) or 1003 (mouse)."""
        return set(self._emulator.modes)

    @property
    def text(self) -> str:
        """The lines of the screen, one below the other, without the blanks at their ends."""
        return "\n".join(self.line(number) for number in range(self._rows))

    @property
    def stopped(self) -> bool:
        """Whether the program is suspended, as by ctrl+z."""
        flags = os.WSTOPPED | os.WNOHANG | os.WNOWAIT
        return self._process.poll() is None and os.waitid(os.P_PID, self.pid, flags) is not None

    def line(self, number: int) -> str:
        """One line of the screen, from 0, without the blanks at its end."""
        return "".join(cell.data for cell in self.cells(number)).rstrip()

    def cells(self, number: int) -> tuple[pyte.screens.Char, ...]:
        """The characters of one line, from 0, each with its colours and style."""
        return tuple(map(self.screen.buffer[number].__getitem__, range(self._columns)))

    def send(self, text: str | bytes) -> None:
        """Write to the program as if it had been typed; times are counted from here."""
        data = text.encode() if isinstance(text, str) else text
        self._pump(self._escaped + ESCAPE_PAUSE)
        self._marked = perf_counter()
        self._write(data)
        if data == b"\x1b":
            self._escaped = perf_counter()

    def press(self, *keys: str) -> None:
        """Press keys by their names, one after the other: `down`, `ctrl+p`, `shift+tab`, `x`."""
        for key in keys:
            self.send(key_text(key))

    def paste(self, text: str) -> None:
        """Paste text, in the brackets by which a program tells it from typing."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, as by dragging the window; times are counted from here."""
        self._pump(0)
        self._emulator.resize(columns, rows)
        self._marked = perf_counter()
        self._set_size(columns, rows)

    def wait_for(self, wanted: Wanted, timeout: float = 30) -> float:
        """Wait for a text on the screen, or until a predicate on the terminal holds.

        Returns the seconds from the last send, or from the start, to the arrival of the chunk
        after which it first held; 0 if it held already. Raises AssertionError with the screen.
        """
        deadline = perf_counter() + timeout
        while not self._shows(wanted):
            if not self._advance(deadline - perf_counter()):
                ended = "the program ended" if self._ended else f"{timeout} s have passed"
                raise AssertionError(self._report(f"{wanted!r} is not on the screen, and {ended}"))
        return max(0.0, self._arrived - self._marked)

    def paint_time(self, key: str, wanted: Wanted, timeout: float = 30) -> float:
        """Seconds from the writing of a key to the arrival of what completes the wanted screen.

        Raises AssertionError if the screen is like that before the key.
        """
        self._pump(0)
        if self._shows(wanted):
            raise AssertionError(self._report(f"{wanted!r} holds before {key!r} is pressed"))
        self.press(key)
        return self.wait_for(wanted, timeout)

    def wait_idle(self, quiet: float = 0.15, timeout: float = 30) -> None:
        """Wait until the program has written nothing for so many seconds."""
        deadline = perf_counter() + timeout
        while self._advance(quiet):
            if perf_counter() > deadline:
                raise AssertionError(self._report(f"It still writes after {timeout} s"))

    def kill(self, number: int = signal.SIGTERM) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def wait_exit(self, timeout: float = 30) -> int:
        """Wait for the program's end; its exit status, or minus the signal that ended it."""
        deadline = perf_counter() + timeout
        while self._process.poll() is None:
            if perf_counter() > deadline:
                raise AssertionError(self._report(f"It has not ended after {timeout} s"))
            if not self._advance(0.02):
                sleep(0.001)
        self._pump(0)
        return self._process.wait()

    def close(self) -> None:
        """Kill whatever still runs in the terminal and reap it; the screen remains readable."""
        if self._process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        if not self._closed:
            self._closed = self._ended = True
            os.close(self._descriptor)

    @staticmethod
    def _start(
        command: Sequence[str | Path],
        added: Mapping[str, str],
        folder: Path | None,
        descriptor: int,
    ) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if not CLEARED.fullmatch(name)}
        return subprocess.Popen(
            command,
            stdin=descriptor,
            stdout=descriptor,
            stderr=descriptor,
            env=kept | {"TERM": "xterm-256color"} | dict(added),
            cwd=folder,
            start_new_session=True,
            # The pty, by then the standard input, becomes the session's controlling terminal.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def _set_size(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._descriptor, termios.TIOCSWINSZ, size)

    def _shows(self, wanted: Wanted) -> bool:
        return wanted in self.text if isinstance(wanted, str) else wanted(self)

    def _write(self, data: bytes) -> None:
        """Write it all, reading meanwhile: two that only write would wait for each other."""
        while data and not self._ended:
            readable, writable, _ = select.select([self._descriptor], [self._descriptor], [], 10)
            if writable:
                data = data[os.write(self._descriptor, data) :]
            if readable:
                self._read(0)
            if not readable and not writable:
                raise AssertionError(self._report("The program does not read what is sent"))

    def _read(self, wait: float) -> None:
        """Take what has arrived, or what arrives first within so many seconds."""
        if self._ended or not select.select([self._descriptor], [], [], max(0.0, wait))[0]:
            return
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:
            # On Linux the last close of the program's side is an error of input and output.
            data = b""
        arrived = perf_counter()
        self._ended = not data
        self._output += data
        self._chunks.extend([(arrived, data)] if data else [])

    def _advance(self, wait: float) -> bool:
        """Show the next chunk, waiting for one if there is none; False if none came."""
        if not self._chunks:
            self._read(wait)
        if not self._chunks:
            return False
        arrived, data = self._chunks.popleft()
        drawing = 0.0
        for start in range(0, len(data), SLICE):
            self._read(0)
            before = perf_counter()
            self._emulator.feed(data[start : start + SLICE])
            drawing += perf_counter() - before
        # A chunk that arrives while another is drawn has to wait for its turn.
        drawn = max(arrived, self._arrived) + drawing
        self._arrived = drawn if self._counts_drawing else arrived
        return True

    def _pump(self, until: float) -> None:
        """Show what arrives until that time, and at the least what is here."""
        while self._advance(until - perf_counter()):
            pass

    def _report(self, problem: str) -> str:
        # A program's side of the terminal closes a moment before the program can be reaped.
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1 if self._ended else 0)
        status, rule = self._process.returncode, "-" * self._columns
        running = "still runs" if status is None else f"exited with {status}"
        return f"{problem}; the program {running}.\n{rule}\n{self.text}\n{rule}"

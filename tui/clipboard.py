"""Copying to the clipboard of the terminal that a person sits at, also from inside tmux and screen.

Nobody can know whether it arrived, so the screens say "sent to your terminal's clipboard".
"""

from __future__ import annotations

import base64
import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Mapping

# GNU screen passes on what is wrapped for it in pieces of at most this size, in bytes.
_SCREEN_PIECE = 768 - len("\x1bP\x1b\\")
_PATIENCE = 2.0


class Clipboard:
    """The terminal's clipboard.

    Args:
        write: Writes to the terminal.
        environment: The environment of the program.
        may_run_tmux: Whether the program `tmux` may be run for the person.
    """

    def __init__(
        self, write: Callable[[str], None], environment: Mapping[str, str], *, may_run_tmux: bool
    ) -> None:
        self._write = write
        self._is_in_tmux = bool(environment.get("TMUX")) and may_run_tmux
        self._is_in_screen = bool(environment.get("STY"))
        self._buffer = f"clearml-admin-{os.getpid()}"
        self._has_buffer = False
        # One after the other: a copy that is under way is not forgotten before it has arrived.
        self._turn = threading.Lock()

    def copy(self, text: str) -> None:
        """Send a text to the clipboard."""
        if self._is_in_tmux and self._load_into_tmux(text):
            return
        encoded = base64.b64encode(text.encode()).decode()
        sequence = f"\x1b]52;c;{encoded}\x07"
        self._write(_wrapped_for_screen(sequence) if self._is_in_screen else sequence)

    def forget(self) -> None:
        """Delete the buffer that tmux was given, so that no secret stays in it."""
        with self._turn:
            if self._has_buffer:
                self._has_buffer = False
                _run(["tmux", "delete-buffer", "-b", self._buffer])

    def _load_into_tmux(self, text: str) -> bool:
        with self._turn:
            # Also where this fails there may be a buffer: of a copy before, or of one cut short.
            self._has_buffer = True
            # `-w` makes tmux pass it on to the terminal outside, which it does not do with OSC 52.
            return _run(["tmux", "load-buffer", "-w", "-b", self._buffer, "-"], text)


def _wrapped_for_screen(sequence: str) -> str:
    pieces = (
        sequence[start : start + _SCREEN_PIECE] for start in range(0, len(sequence), _SCREEN_PIECE)
    )
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _run(command: list[str], given: str = "") -> bool:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            command,
            input=given.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
        )
        return done.returncode == 0
    return False

"""A process that stands by with a parser imported, as the program sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE, PollSelector
from time import monotonic
from typing import Any

# Where the interpreter's own libraries may lie; it cannot start without them.
_NEEDED_BY_PYTHON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

_SCRIPT = Path(__file__).with_name("standby.py")
# Where `store` is found.
_ROOT = Path(__file__).parents[2]

# How much longer than a fork may run the program waits to be told of its end, in seconds.
_TELLING = 0.1
# How long whoever has stopped waiting may still be waited for, in seconds.
_BETWEEN_LOOKS = 0.05
_PIECE = 64 * 1024


class Gone(Exception):
    """The process has ended, by itself or by somebody else."""


class Standby:
    """A process that has one text at a time read in a fork of its own.

    Args:
        script: What reads.

    Raises:
        OSError: No process could be started.
    """

    def __init__(self, script: Path) -> None:
        paths = [str(_ROOT), *(entry for entry in sys.path if os.path.isabs(entry))]
        self._reports, reporting = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, *("-I", "-S", "-B"), _SCRIPT, script, str(reporting), *paths],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[reporting],
                env={name: os.environ[name] for name in _NEEDED_BY_PYTHON if name in os.environ},
                cwd="/",
                # An interrupt that is meant for the program does not reach it.
                start_new_session=True,
            )
        except OSError:
            os.close(self._reports)
            raise
        finally:
            os.close(reporting)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._texts = self._process.stdin.fileno()
        self._answers = self._process.stdout.fileno()
        for channel in (self._texts, self._answers):
            os.set_blocking(channel, False)

    def ask(
        self, asked: dict[str, Any], ends_at: float, see_that_it_is_wanted: Callable[[], None]
    ) -> tuple[int, bytes]:
        """Have a request answered.

        Args:
            asked: What is asked for, and `memory` and `work`, which the fork may have.
            ends_at: By when, on the monotonic clock.
            see_that_it_is_wanted: Raises where nobody waits for the answer any more.

        Returns:
            What the fork exited with, or 128 and the signal that ended it, and what it answered.

        Raises:
            Gone: The process has ended.
            TimeoutError: Nobody has said by then how it went.
        """
        request = json.dumps({**asked, "seconds": max(ends_at - monotonic(), 0.001)}).encode()
        # The process takes the first line for a sign that there is something to read.
        unsent = b"\n%d\n%s" % (len(request), request)
        answer = b""
        while True:
            see_that_it_is_wanted()
            ready = self._ready(ends_at + _TELLING, bool(unsent))
            if self._answers in ready:
                answer += self._written()
            if self._reports in ready:
                report = os.read(self._reports, 1)
                if not report:
                    raise Gone
                # What a fork writes is here before its end is told.
                return report[0], answer + self._written()
            if self._texts in ready:
                unsent = self._send(unsent)

    def _ready(self, ends_at: float, is_sending: bool) -> set[int]:
        with PollSelector() as channels:
            channels.register(self._reports, EVENT_READ)
            channels.register(self._answers, EVENT_READ)
            if is_sending:
                channels.register(self._texts, EVENT_WRITE)
            left = ends_at - monotonic()
            ready = {key.fd for key, _ in channels.select(min(max(left, 0.0), _BETWEEN_LOOKS))}
        if left < 0:
            raise TimeoutError
        return ready

    def _send(self, unsent: bytes) -> bytes:
        try:
            return unsent[os.write(self._texts, unsent) :]
        except BrokenPipeError as error:
            raise Gone from error

    def _written(self) -> bytes:
        written = b""
        with suppress(BlockingIOError):
            while piece := os.read(self._answers, _PIECE):
                written += piece
        return written

    def end(self) -> None:
        """End the process, and its fork with it."""
        # Until somebody has waited for it, nothing else has its number.
        if self._process.returncode is None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._reports)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

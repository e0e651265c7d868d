"""Another program that has the terminal for a time, and what becomes of signals meanwhile."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import NamedTuple

NOT_FOUND, NOT_RUN = 127, 126

_KEYS = (signal.SIGINT, signal.SIGQUIT)
_ASKED_TO_END = (signal.SIGTERM, signal.SIGHUP)
# Who was asked to end has so many seconds for it.
_PATIENCE = 2.0

Handler = Callable[[int, FrameType | None], None]


class Ended(NamedTuple):
    """How another program has ended.

    Attributes:
        status: What it ended with; below 0 for a signal, `NOT_FOUND` or `NOT_RUN` where it did not
            begin.
        was_asked: Whether that was because this program was asked to end.
    """

    status: int
    was_asked: bool


def run_in_foreground(command: Sequence[str]) -> Ended:
    """Run a program until it ends.

    Whoever asks this program to end meanwhile ends the other one first; what would have come of
    that here comes of it afterwards.

    Args:
        command: The program and its arguments.
    """
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    with _handling(_KEYS, _ignore), _handling(_ASKED_TO_END, note):
        try:
            process = subprocess.Popen(command)
        except FileNotFoundError:
            status = NOT_FOUND
        except (OSError, ValueError):
            status = NOT_RUN
        else:
            status = _wait(process, asked)
    for number in asked[:1]:
        signal.raise_signal(number)
    return Ended(status, bool(asked))


def _wait(process: subprocess.Popen[bytes], asked: list[int]) -> int:
    killing = threading.Timer(_PATIENCE, process.kill)
    killing.daemon = True

    def end(number: int, _frame: FrameType | None) -> None:
        if not asked:
            killing.start()
        asked.append(number)
        process.terminate()

    with _handling(_ASKED_TO_END, end):
        # What came before there was anything to end.
        for number in asked[:1]:
            asked.clear()
            end(number, None)
        status = process.wait()
    killing.cancel()
    return status


@contextlib.contextmanager
def _handling(numbers: Sequence[signal.Signals], handler: Handler) -> Iterator[None]:
    former = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, one in former.items():
            signal.signal(number, one)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the terminal sends ctrl+c and ctrl+\\ to all that run in it.

    What is ignored outright would be ignored by the other program, too.
    """

"""Ending in order when the system asks for it, from the first moment on."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

_ASKED_TO_END = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def ending_in_order(end: Callable[[str, int], None]) -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the program as its own keys do, so that the terminal is restored.

    Set here and not on the event loop, which is there only after the terminal was changed.

    Args:
        end: Ends the program with a last sentence and an exit status.
    """

    def ask(number: int, _frame: FrameType | None) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise SystemExit(128 + number) from None
        loop.call_soon_threadsafe(end, "", 128 + number)

    former = {number: signal.signal(number, ask) for number in _ASKED_TO_END}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

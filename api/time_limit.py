"""A limit in time that is moved often and seldom passed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_NEVER = float("inf")


class TimeLimit:
    """Calls back when a time has passed that nobody has moved on.

    Moving it is cheap: the loop is told of a new time only where that is sooner than the old one.

    Args:
        loop: The loop that calls back.
        passed: Called when the limit has passed.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, passed: Callable[[], None]) -> None:
        self._loop = loop
        self._passed = passed
        self._ends = _NEVER
        self._handle: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> None:
        """Let it pass so many seconds from now, whatever was said before."""
        self._ends = self._loop.time() + seconds
        if self._handle is not None and self._handle.when() > self._ends:
            self._handle.cancel()
            self._handle = None
        if self._handle is None:
            self._handle = self._loop.call_at(self._ends, self._look)

    def off(self) -> None:
        """Let it never pass."""
        self._ends = _NEVER

    def end(self) -> None:
        """Let it never pass, and forget whom to call."""
        self.off()
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _look(self) -> None:
        self._handle = None
        if self._loop.time() >= self._ends:
            self.off()
            self._passed()
        elif self._ends != _NEVER:
            self._handle = self._loop.call_at(self._ends, self._look)

"""An event loop that knows when it has nothing left to do, so that no test waits by the clock."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar, TypeVarTuple, Unpack

from textual._context import active_app

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

# How long work in threads may keep what waits for rest, in seconds: a test may be holding it up.
_LONGEST_WORK = 0.2
_BETWEEN_LOOKS = 0.002
# A screen that is due to be drawn again after so many times is never at rest.
_MOST_DRAWING = 20


class _AttentiveSelector(selectors.DefaultSelector):
    """Tells before it waits that nothing is left to do, and afterwards that something is."""

    def __init__(self, at_rest: Callable[[], bool], awake: Callable[[], None]) -> None:
        super().__init__()
        self._at_rest = at_rest
        self._awake = awake

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait, but for nothing where somebody has waited for just this moment."""
        if timeout is None or timeout > 0:
            if self._at_rest():
                return super().select(0)
            found = super().select(timeout)
            self._awake()
            return found
        return super().select(timeout)


class AttentiveLoop(asyncio.SelectorEventLoop):
    """An event loop in which one can wait for rest, and for the next thing that happens."""

    def __init__(self) -> None:
        super().__init__(_AttentiveSelector(self._tell, self._wake))
        self._resting: list[asyncio.Future[None]] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._jobs = 0

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[Arguments]], Result],
        *args: *Arguments,
    ) -> asyncio.Future[Result]:
        """As asyncio does, and counted."""
        job = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        job.add_done_callback(self._end_job)
        return job

    async def rest(self) -> None:
        """Wait until nothing is left to do, but for what threads take long for."""
        if self._jobs:
            deadline = self.time() + _LONGEST_WORK
            alarm = self.call_at(deadline, lambda: None)
            while self._jobs and self.time() < deadline:
                await self.change()
            alarm.cancel()
        await self._future_in(self._resting)

    async def change(self) -> None:
        """Wait until something has happened, and all that came of it is done."""
        await self._future_in(self._waiting)

    async def _future_in(self, futures: list[asyncio.Future[None]]) -> None:
        future = self.create_future()
        futures.append(future)
        await future

    def _end_job(self, _job: object) -> None:
        self._jobs -= 1

    def _tell(self) -> bool:
        told, self._resting = self._resting, []
        for future in told:
            if not future.done():
                future.set_result(None)
        return bool(told)

    def _wake(self) -> None:
        self._resting += self._waiting
        self._waiting = []


class AttentivePolicy(asyncio.DefaultEventLoopPolicy):
    """Makes such loops."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop."""
        return AttentiveLoop()


async def rest(min_sleep: float = 0.0, max_sleep: float = 0.0) -> None:
    """Wait until the program has nothing left to do and has drawn itself.

    Textual's own way is to sleep until the processor is idle, which both arguments are about.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, AttentiveLoop)
    app = active_app.get()
    for _ in range(_MOST_DRAWING):
        await loop.rest()
        while getattr(app, "has_typed", False):
            # The program itself looks again and again whether the next key's turn has come.
            await asyncio.sleep(_BETWEEN_LOOKS)
            await loop.rest()
        # What they would do at their next tick, which is a while off.
        if app._resize_timer is not None:
            app._check_resize()
            continue
        # One that has been covered meanwhile has something to call all the same.
        due = [one for one in app.screen_stack if one._update_timer._active.is_set()]
        if not due:
            return
        for screen in due:
            screen._on_timer_update()


async def change() -> None:
    """Wait until something has happened to the program."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, AttentiveLoop)
    await loop.change()

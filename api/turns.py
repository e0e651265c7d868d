"""Work that is done in a thread, one at a time, so that waiting for it takes no other thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from store.errors import StoreBusy
from store.persistence.lock import LONGEST_WAIT

P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """Lets one after the other do work that could not be done at once, in the order they came.

    Threads are few, and what loads the store for all needs one, too: whoever waits for a lock in
    one keeps others from theirs.

    Args:
        longest_wait: How long one waits for their turn, in seconds.
    """

    def __init__(self, longest_wait: float = LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._turn = asyncio.Lock()

    async def take(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What comes of the work.

        Raises:
            StoreBusy: Others were before this one all the while.
        """
        try:
            async with asyncio.timeout(self._longest_wait):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreBusy(
                f"Others were served for more than {self._longest_wait:g} seconds. "
                "Nothing was changed; try again."
            ) from None
        try:
            return await asyncio.to_thread(work, *arguments, **named)
        finally:
            self._turn.release()

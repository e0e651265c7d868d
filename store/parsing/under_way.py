"""Reading that somebody waits for: how far it is, and that it is wanted no more.

Who waits says so around the call, whatever lies between it and the readers:

    with waited_for() as reading:
        checked = await asyncio.to_thread(check_vault_text, text, "hocon")

Whoever leaves the block by an exception, as one does whose task is cancelled, ends the reading.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from store.errors import Stopped


class UnderWay:
    """Reading that is under way. Any thread may ask and tell.

    Args:
        whole: What it is a part of, and not wanted without.

    Attributes:
        done: How many texts were read.
        of: How many there are; 0 where that was not told.
    """

    def __init__(self, whole: UnderWay | None = None) -> None:
        self._stopped = threading.Event()
        self._whole = whole
        self.done = self.of = 0

    def stop(self) -> None:
        """Say that it is wanted no more."""
        self._stopped.set()

    def tell(self, done: int, of: int) -> None:
        """Say how far it is."""
        self.done, self.of = done, of

    def see_that_it_is_wanted(self) -> None:
        """Go on, or not.

        Raises:
            Stopped: It is wanted no more.
        """
        if self._stopped.is_set():
            raise Stopped
        if self._whole is not None:
            self._whole.see_that_it_is_wanted()


_present: ContextVar[UnderWay | None] = ContextVar("reading", default=None)


@contextmanager
def waited_for() -> Iterator[UnderWay]:
    """Wait for what is read within, in threads and tasks that begin there as well."""
    reading = UnderWay(_present.get())
    token = _present.set(reading)
    try:
        yield reading
    except BaseException:
        reading.stop()
        raise
    finally:
        _present.reset(token)


def under_way() -> UnderWay:
    """What is being read here; where nobody has said that they wait, it goes to its end."""
    return _present.get() or UnderWay()

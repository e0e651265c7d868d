"""What keeps one caller from keeping everybody busy."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

# No client sends as much; and nobody who has not signed in, of whom there may be many at once.
MOST_BODY = 1024 * 1024
MOST_BODY_OF_STRANGERS = 64 * 1024

# So many failed sign-ins with one key from one address are answered in so many seconds.
MOST_FAILURES = 10
WITHIN = 60.0
# Those that failed longest ago are forgotten.
_MOST_KNOWN = 10_000
_LONGEST_KEY = 64


class FailedSignIns:
    """Counts failed sign-ins by key and address. Good ones are never counted nor refused.

    Those that are refused for their number do not count: a client that asks again and again, as
    all do, gets a plain answer, and gives up, within a minute.

    Args:
        now: The time in seconds, from whenever.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def is_one_too_many(self, access_key: str, address: str) -> bool:
        """Count a failed sign-in, and say whether there were too many before it."""
        kind = (access_key[:_LONGEST_KEY], address)
        now = self._now()
        times = self._failures.setdefault(kind, deque(maxlen=MOST_FAILURES))
        self._failures.move_to_end(kind)
        if len(self._failures) > _MOST_KNOWN:
            self._failures.popitem(last=False)
        if len(times) == MOST_FAILURES and now - times[0] < WITHIN:
            return True
        times.append(now)
        return False


@dataclass(frozen=True)
class ConnectionLimits:
    """How much of a server one connection may have. Times are in seconds.

    Attributes:
        head: In which a request's line and headers have come, from their first byte or from the
            connection on.
        most_head: How many bytes these may have.
        body: For so long nothing of a body need come.
        idle: For so long a connection is kept that asks for nothing.
        taking: For so long nothing of an answer need be taken.
        leftover: In which the rest of a body has come whose answer needed none of it.
        farewell: For so long a caller is heard who was told that it speaks no HTTP; one who is
            cut off while it still sends would not get to read that.
        ending: In which running calls get their answers when the server ends.
        most: How many connections there may be; None for as many as the descriptors allow.
        most_kept: How many bytes may be kept for all of them, of bodies that have not ended and of
            answers that were not taken.
    """

    head: float = 10
    most_head: int = 32 * 1024
    body: float = 30
    idle: float = 75
    taking: float = 30
    leftover: float = 30
    farewell: float = 2
    ending: float = 6
    most: int | None = None
    most_kept: int = 128 * 1024 * 1024

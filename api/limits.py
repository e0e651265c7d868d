"""What keeps one caller from keeping everybody busy."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

# No client sends as much.
MOST_BODY = 1024 * 1024

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

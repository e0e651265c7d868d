"""When and from where credentials were used last (SPEC, Credentials). Usage is no change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Used:
    """The last use of a credential; without a time, there was none.

    Attributes:
        at: When, or None.
        worker: The name of the machine, as the client gave it, or "".
        address: The network address that the call came from, or "".
    """

    at: str | None = None
    worker: str = ""
    address: str = ""


NEVER = Used()


class Usage:
    """The last use of each credential, as of one look at it.

    Args:
        used: The last use by access key.
    """

    def __init__(self, used: Mapping[str, Used] | None = None) -> None:
        self._used = used or {}

    def of(self, access_key: str) -> Used:
        """The last use of a credential."""
        return self._used.get(access_key, NEVER)

    def latest(self, access_keys: Iterable[str]) -> str | None:
        """When one of them was used last, or None for never."""
        times = (self.of(key).at for key in access_keys)
        return max((at for at in times if at is not None), default=None)

"""How many connections there are and what is kept for them, and which makes way for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from api.addresses import Network

# Those of proxies that are trusted: each of them speaks for many.
_TRUSTED = ""
_NETWORK_OF_ONE = 64


class Guest(Protocol):
    """A connection.

    Attributes:
        whose: Who holds it, as `Room.whose` has it.
    """

    whose: str

    def make_way(self) -> None:
        """Close at once."""


class Room:
    """The connections of a server.

    Where there are as many as may be, one that waits for its caller makes way for a new one: the
    one that has waited longest, of the address that holds most of them. So whoever holds many
    closes their own, and a caller who sends a request at once is answered. Connections of trusted
    proxies make way last, for all callers behind one have its address. It is the same with the
    memory that they take.

    Args:
        most: How many there may be.
        most_kept: How many bytes may be kept for all of them.
        trusted: The proxies that are trusted.
    """

    def __init__(self, most: int, most_kept: int, trusted: Collection[Network] = ()) -> None:
        self._most = most
        self._trusted = trusted
        self._most_kept = most_kept
        self._all_kept = 0
        # How many bytes by connection, in the order in which that began.
        self._kept: dict[Guest, int] = {}
        self._inside: set[Guest] = set()
        # By whose they are, in the order in which they began to wait.
        self._waiting: dict[str, dict[Guest, None]] = {}

    def whose(self, address: str) -> str:
        """Who holds connections from an address: of version 6 one holds a network of them."""
        if any(network.holds(address) for network in self._trusted):
            return _TRUSTED
        if address and isinstance(parsed := ip_address(address), IPv6Address):
            return f"{int(parsed) >> _NETWORK_OF_ONE:x}"
        return address or "-"

    def enter(self, guest: Guest) -> bool:
        """Take a new connection in, for which another may have to make way.

        Returns:
            Whether there is room: there is none where all are at work.
        """
        if len(self._inside) >= self._most and not self._make_room():
            return False
        self._inside.add(guest)
        return True

    def waits(self, guest: Guest) -> None:
        """A connection begins to wait for its caller."""
        if guest in self._inside:
            self.works(guest)
            self._waiting.setdefault(guest.whose, {})[guest] = None

    def works(self, guest: Guest) -> None:
        """A connection does not wait for its caller any more."""
        waiting = self._waiting.get(guest.whose, {})
        if waiting.pop(guest, guest) is None and not waiting:
            del self._waiting[guest.whose]

    def keeps(self, guest: Guest, size: int) -> None:
        """So many bytes are kept for a connection now: of half a body, or of an untaken answer."""
        if guest not in self._inside:
            return
        self._all_kept += size - self._kept.get(guest, 0)
        if size:
            self._kept[guest] = size
        else:
            self._kept.pop(guest, None)
        while self._all_kept > self._most_kept:
            self._make_way(self._heaviest())

    def leave(self, guest: Guest) -> None:
        """A connection has ended, whether it was taken in or not."""
        self.keeps(guest, 0)
        self.works(guest)
        self._inside.discard(guest)

    def _make_room(self) -> bool:
        if not self._waiting:
            return False
        crowd = max(self._waiting, key=lambda one: (one != _TRUSTED, len(self._waiting[one])))
        self._make_way(next(iter(self._waiting[crowd])))
        return True

    def _heaviest(self) -> Guest:
        held: Counter[str] = Counter()
        for guest, size in self._kept.items():
            held[guest.whose] += size
        whose = max(held, key=lambda one: (one != _TRUSTED, held[one]))
        return next(guest for guest in self._kept if guest.whose == whose)

    def _make_way(self, guest: Guest) -> None:
        self.leave(guest)
        guest.make_way()

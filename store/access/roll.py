"""The members by number, so that a set of thousands of them is one large integer, a mask.

To join or to compare two sets of members is then one operation on two integers: well under a
microsecond for ten thousand members, where sets of ids would take a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice
from typing import overload

from store.state import DAMAGE, State, Table, damaged
from store.terms import SERVICE_ACCOUNTS_TABLE, USERS_TABLE

_TABLES = (USERS_TABLE, SERVICE_ACCOUNTS_TABLE)
# The digits of a binary number as what `compress` takes for no and yes.
_YES_AND_NO = bytes.maketrans(b"01", b"\0\1")
# From so many on, all are taken out of a mask at once.
_FEW = 64
_CHUNK = (1 << 480) - 1


@dataclass(frozen=True)
class Roll:
    """Who has which number, and who is in good standing.

    Attributes:
        ids: The ids of users and service accounts, removed ones too, by number.
        numbers: The number of each by id.
        standing: The mask of those who are in good standing.
        accounts: The mask of the service accounts.
    """

    ids: Sequence[str]
    numbers: Mapping[str, int]
    standing: int
    accounts: int

    def mask(self, members: Iterable[str]) -> int:
        """The set of these members; ids of nobody are left out."""
        return _mask(self.numbers, members)

    def after(self, state: State) -> Roll:
        """The roll of a later state, in which all have the numbers that they had before."""
        tables = [state.table(name) for name in _TABLES]
        ids = list(dict.fromkeys([*self.ids, *tables[0], *tables[1]]))
        gone = [key for key in self.ids if not any(key in table for table in tables)]
        return _roll(state, ids, gone)


class Members(Sequence[str]):
    """The members of a mask, looked up when they are asked for: in the order of their numbers.

    Service accounts come first, for agents stop with what they lose.

    Args:
        roll: Whose numbers they are.
        mask: The mask.
    """

    __slots__ = ("_mask", "_roll")

    def __init__(self, roll: Roll, mask: int) -> None:
        self._roll = roll
        self._mask = mask

    def __len__(self) -> int:
        return self._mask.bit_count()

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(
            compress(self._roll.ids, bin(mask)[:1:-1].encode().translate(_YES_AND_NO))
            for mask in self._parts
        )

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            return tuple(self._first(stop) if start < stop <= _FEW else self)[at]
        return tuple(self._first(at + 1) if 0 <= at < _FEW else self)[at]

    def __contains__(self, member: object) -> bool:
        number = self._roll.numbers.get(member) if isinstance(member, str) else None
        return number is not None and bool(self._mask >> number & 1)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Members | tuple | list):
            return tuple(self) == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    @property
    def _parts(self) -> tuple[int, int]:
        accounts = self._mask & self._roll.accounts
        return accounts, self._mask ^ accounts

    def _first(self, count: int) -> Iterator[str]:
        return islice(chain.from_iterable(map(self._by_number, self._parts)), count)

    def _by_number(self, mask: int) -> Iterator[str]:
        number = 0
        while mask:
            # Taking the lowest out of a short integer is quicker than out of a long one.
            some = mask & _CHUNK
            while some:
                lowest = some & -some
                some ^= lowest
                yield self._roll.ids[number + lowest.bit_length() - 1]
            mask >>= _CHUNK.bit_length()
            number += _CHUNK.bit_length()


def roll_of(state: State) -> Roll:
    """The state's roll: users in the order of the store, then service accounts.

    Raises:
        StoreUnreadable: The document of one of them is damaged.
    """
    return state.once(_first_roll, *_TABLES)


def _first_roll(state: State) -> Roll:
    return _roll(state, [each for name in _TABLES for each in state.table(name)], [])


def _roll(state: State, ids: list[str], gone: list[str]) -> Roll:
    numbers = dict(zip(ids, range(len(ids)), strict=True))
    for name in _TABLES:
        gone += _in_no_good_standing(name, state.table(name))
    standing = (1 << len(ids)) - 1 ^ _mask(numbers, gone)
    return Roll(ids, numbers, standing, _mask(numbers, state.table(SERVICE_ACCOUNTS_TABLE)))


def _in_no_good_standing(name: str, table: Table) -> list[str]:
    found, key = [], ""
    try:
        for key, member in table.items():
            if member.get("removed_at") or member.get("suspended"):
                found.append(key)
    except DAMAGE as error:
        raise damaged(name, key, error) from error
    return found


def _mask(numbers: Mapping[str, int], members: Iterable[str]) -> int:
    bits = bytearray(len(numbers) // 8 + 1)
    for number in map(numbers.get, members):
        if number is not None:
            bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")

"""What a change does to the access of members: the lines that are said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.access.catalogue import catalogue_of
from store.access.coverage import Cover
from store.access.grants import Grant
from store.access.impacts import AccessChange, AccessKept, Impact
from store.access.reach import Given, Holders
from store.access.roll import Members
from store.access.sides import Sides
from store.state import Changes, State
from store.terms import READ_MODIFY, READ_ONLY, Permission

# A permission before, one after, and the mask of those to whom that happens.
_Change = tuple[Permission | None, Permission | None, int]
_Kept = tuple[Permission, Grant, int]
_RANKS = {None: 0, READ_ONLY: 1, READ_MODIFY: 2}


def impact_of(state: State, changes: Changes) -> Impact:
    """What a change does to the access of members, on resources that are there before and after.

    Args:
        state: The state before the change.
        changes: What is changed.

    Raises:
        StoreUnreadable: A document that decides on it is damaged.
    """
    sides = Sides(state, changes)
    changed: dict[_Change, list[str]] = {}
    kept: dict[_Kept, list[str]] = {}
    stirred = sides.before.roll.standing ^ sides.after.roll.standing
    for before, after, resources in sides.alike():
        concerned = sides.concerned(before, after)
        if concerned or stirred:
            for change in _changes(sides.before.holders(before), sides.after.holders(after)):
                changed.setdefault(change, []).extend(resources)
            for line in _kept(sides, before, after, concerned):
                kept.setdefault(line, []).extend(resources)
    return _Lines(state, sides).impact(changed, kept)


def _levels(holders: Holders) -> tuple[tuple[Permission | None, int], ...]:
    readers, modifiers = holders.readers, holders.modifiers
    return (None, ~readers), (READ_ONLY, readers & ~modifiers), (READ_MODIFY, modifiers)


def _changes(before: Holders, after: Holders) -> Iterator[_Change]:
    if before == after:
        return
    for former, had in _levels(before):
        for permission, have in _levels(after):
            mask = had & have if former != permission else 0
            if mask:
                yield former, permission, mask


def _kept(sides: Sides, before: Cover, after: Cover, concerned: int) -> Iterator[_Kept]:
    """Who keeps what though something concerns them, and the highest grant that they keep it by."""
    had, have = _levels(sides.before.holders(before)), _levels(sides.after.holders(after))
    given: list[Given] = []
    for (permission, former), (_, later) in zip(had[1:], have[1:], strict=True):
        left = former & later & concerned
        if left and not given:
            given = _lasting_first(sides, before, after)
        for grant, mask in given:
            if left & mask and grant.permission == permission:
                yield permission, grant, left & mask
                left &= ~mask


def _lasting_first(sides: Sides, before: Cover, after: Cover) -> list[Given]:
    """The grants after a change: first whom they reach before it, too, then whoever they reach."""
    former, given = dict(sides.before.given_on(before)), sides.after.given_on(after)
    lasting = [(grant, mask & former[grant]) for grant, mask in given if grant in former]
    return lasting + given


class _Lines:
    """Makes the lines of an impact out of masks."""

    def __init__(self, state: State, sides: Sides) -> None:
        self._sides = sides
        self._places = catalogue_of(state).places

    def impact(self, changed: dict[_Change, list[str]], kept: dict[_Kept, list[str]]) -> Impact:
        changes = [
            AccessChange(self._ordered(resources), before, after, self._members(mask))
            for (before, after, mask), resources in changed.items()
        ]
        before, after = self._queue_administrators()
        return Impact(
            losses=tuple(one for one in changes if _RANKS[one.before] > _RANKS[one.after]),
            gains=tuple(one for one in changes if _RANKS[one.before] < _RANKS[one.after]),
            kept=tuple(
                AccessKept(self._ordered(resources), permission, self._members(mask), grant)
                for (permission, grant, mask), resources in kept.items()
            ),
            define_queues_lost=tuple(self._members(before & ~after)),
            define_queues_gained=tuple(self._members(after & ~before)),
        )

    def _queue_administrators(self) -> tuple[int, int]:
        before, after = self._sides.before, self._sides.after
        return (
            before.queue_administrators & before.roll.standing,
            after.queue_administrators & after.roll.standing,
        )

    def _ordered(self, resources: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(resources, key=self._places.__getitem__))

    def _members(self, mask: int) -> Members:
        return Members(self._sides.roll, mask)

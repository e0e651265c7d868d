"""What a change does to the access of members: the lines that are said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from store.access.catalogue import catalogue_of
from store.access.coverage import Cover
from store.access.grants import ADMINISTRATOR, QUEUE_ADMINISTRATOR, UNCOVERED
from store.access.impacts import AccessChange, AccessKept, Impact
from store.access.reach import Given, Holders
from store.access.roll import Members
from store.access.sides import Sides
from store.state import Changes, State
from store.terms import READ_MODIFY, READ_ONLY, Permission

# A permission before, one after, and the mask of those to whom that happens.
_Change = tuple[Permission | None, Permission | None, int]

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
    lines = _Lines(state, sides)
    stirred = sides.before.roll.standing ^ sides.after.roll.standing
    for before, after, resources in sides.alike():
        concerned = sides.concerned(before, after)
        if concerned or stirred:
            had, have = sides.before.holders(before), sides.after.holders(after)
            if had != have:
                lines.add_changes(had, have, resources)
            if concerned:
                kept = _Kept(sides, before, after, concerned)
                lines.add_kept(kept.of(had, have), resources)
    return lines.impact()


class _Kept:
    """Who has as much as before though something concerns them, and by which grant."""

    def __init__(self, sides: Sides, before: Cover, after: Cover, concerned: int) -> None:
        self._sides, self._covers, self._concerned = sides, (before, after), concerned

    def of(self, had: Holders, have: Holders) -> Iterator[Given]:
        """For each highest grant that is left: those who have it and are concerned.

        Args:
            had: Who had what.
            have: Who has what.
        """
        modifiers = had.modifiers & have.modifiers
        readers = had.readers & have.readers & ~(had.modifiers | have.modifiers)
        for permission, mask in ((READ_MODIFY, modifiers), (READ_ONLY, readers)):
            left = mask & self._concerned
            for grant, reached in self._lasting_first() if left else ():
                if grant.permission == permission and left & reached:
                    yield grant, left & reached
                    left &= ~reached
                    if not left:
                        break

    def _lasting_first(self) -> Iterator[Given]:
        """The grants after: first whom they reach before it, too, then whomever they reach."""
        sides, (before, after) = self._sides, self._covers
        yield ADMINISTRATOR, sides.before.administrators & sides.after.administrators
        for rule in after.rules:
            if before is after or rule in before.rules:
                yield from sides.lasting(rule)
        if not before.rules and not after.rules:
            yield UNCOVERED, sides.standing
        if after.is_queue:
            both = sides.before.queue_administrators & sides.after.queue_administrators
            yield QUEUE_ADMINISTRATOR, both
        yield from sides.after.given_on(after)


class _Lines:
    """Puts together what happens alike on several resources."""

    def __init__(self, state: State, sides: Sides) -> None:
        self._sides = sides
        self._places = catalogue_of(state).places
        self._changes: dict[_Change, list[Sequence[str]]] = {}
        self._kept: dict[Given, list[Sequence[str]]] = {}

    def add_changes(self, had: Holders, have: Holders, resources: Sequence[str]) -> None:
        """What becomes of those who had and have this on these resources."""
        for former, mask in _levels(had):
            for permission, others in _levels(have):
                changed = mask & others if former != permission else 0
                if changed:
                    self._changes.setdefault((former, permission, changed), []).append(resources)

    def add_kept(self, kept: Iterable[Given], resources: Sequence[str]) -> None:
        """Who keeps what they have on these resources, by which grants."""
        for line in kept:
            self._kept.setdefault(line, []).append(resources)

    def impact(self) -> Impact:
        """All that was added."""
        changes = [
            AccessChange(self._ordered(resources), before, after, self._members(mask))
            for (before, after, mask), resources in self._changes.items()
        ]
        before, after = self._queue_administrators()
        return Impact(
            losses=tuple(one for one in changes if _RANKS[one.before] > _RANKS[one.after]),
            gains=tuple(one for one in changes if _RANKS[one.before] < _RANKS[one.after]),
            kept=tuple(
                AccessKept(self._ordered(resources), grant.permission, self._members(mask), grant)
                for (grant, mask), resources in self._kept.items()
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

    def _ordered(self, alike: Sequence[Sequence[str]]) -> tuple[str, ...]:
        if len(alike) == 1:
            return tuple(alike[0])
        return tuple(sorted(chain(*alike), key=self._places.__getitem__))

    def _members(self, mask: int) -> Members:
        return Members(self._sides.roll, mask)


def _levels(holders: Holders) -> tuple[tuple[Permission | None, int], ...]:
    readers, modifiers = holders
    return (None, ~readers), (READ_ONLY, readers & ~modifiers), (READ_MODIFY, modifiers)

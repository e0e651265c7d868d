"""What a change does to the access of members: the lines that are said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from store.access.catalogue import catalogue_of
from store.access.impacts import AccessChange, AccessKept, Impact
from store.access.powers import PowerChange, power_changes
from store.access.reach import Given, Holders
from store.access.reaching_nobody import rules_left_to_nobody
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
    for before, after, resources in sides.alike():
        concerned = sides.concerned(before, after)
        if concerned or sides.stirred:
            had, have = sides.before.holders(before), sides.after.holders(after)
            lines.add_changes(had, have, resources)
            modifiers = had.modifiers & have.modifiers & concerned
            readers = had.readers & have.readers & concerned & ~(had.modifiers | have.modifiers)
            if modifiers or readers:
                lines.add_kept(sides.through(before, after, modifiers, readers), resources)
    return lines.impact(
        power_changes(state, sides.later, changes),
        rules_left_to_nobody(state, sides.later, changes),
    )


class _Lines:
    """Puts together what happens alike on several resources."""

    def __init__(self, state: State, sides: Sides) -> None:
        self._sides = sides
        self._places = catalogue_of(state).places
        self._changes: dict[_Change, list[Sequence[str]]] = {}
        self._kept: dict[Given, list[Sequence[str]]] = {}

    def add_changes(self, had: Holders, have: Holders, resources: Sequence[str]) -> None:
        """What becomes of those who had and have this on these resources."""
        if had == have:
            return
        lost = had.readers & ~have.readers
        gained = have.readers & ~had.readers
        for before, after, mask in (
            (READ_MODIFY, None, lost & had.modifiers),
            (READ_ONLY, None, lost & ~had.modifiers),
            (READ_MODIFY, READ_ONLY, had.modifiers & have.readers & ~have.modifiers),
            (READ_ONLY, READ_MODIFY, have.modifiers & had.readers & ~had.modifiers),
            (None, READ_MODIFY, gained & have.modifiers),
            (None, READ_ONLY, gained & ~have.modifiers),
        ):
            if mask:
                self._changes.setdefault((before, after, mask), []).append(resources)

    def add_kept(self, kept: Iterable[Given], resources: Sequence[str]) -> None:
        """Who keeps what they have on these resources, by which grants."""
        for line in kept:
            self._kept.setdefault(line, []).append(resources)

    def impact(self, powers: tuple[PowerChange, ...], rules: tuple[str, ...]) -> Impact:
        """All that was added, with powers that change and rules that are left to nobody."""
        changes = [
            AccessChange(self._ordered(resources), before, after, self._members(mask))
            for (before, after, mask), resources in self._changes.items()
        ]
        return Impact(
            losses=tuple(one for one in changes if _RANKS[one.before] > _RANKS[one.after]),
            gains=tuple(one for one in changes if _RANKS[one.before] < _RANKS[one.after]),
            kept=tuple(
                AccessKept(self._ordered(resources), grant.permission, self._members(mask), grant)
                for (grant, mask), resources in self._kept.items()
            ),
            powers=powers,
            rules_left_to_nobody=rules,
        )

    def _ordered(self, alike: Sequence[Sequence[str]]) -> tuple[str, ...]:
        if len(alike) == 1:
            return tuple(alike[0])
        return tuple(sorted(chain(*alike), key=self._places.__getitem__))

    def _members(self, mask: int) -> Members:
        return Members(self._sides.roll, mask)

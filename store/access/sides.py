"""The access before a change and after it, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.access.coverage import Cover, Coverage, coverage_of
from store.access.grants import ADMINISTRATOR, QUEUE_ADMINISTRATOR, UNCOVERED
from store.access.reach import Given, Reach, reach_of
from store.state import Changes, State
from store.terms import (
    ACCESS_RULES_TABLE,
    GROUPS_TABLE,
    READ_MODIFY,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
    Document,
)


class Sides:
    """Both sides of a change; members have the same numbers on both.

    Args:
        state: The state before the change.
        changes: What is changed.
    """

    def __init__(self, state: State, changes: Changes) -> None:
        self.later = later = state.imagined(changes)
        tables = changes.tables
        self.before = reach_of(state)
        roll = self.before.roll
        stays = not tables.get(USERS_TABLE) and not tables.get(SERVICE_ACCOUNTS_TABLE)
        self.roll = roll if stays else roll.after(later)
        self.after = Reach(later, self.roll, self.before if stays else None)
        self.standing = roll.standing & self.roll.standing
        self.stirred = roll.standing ^ self.roll.standing
        self._touched = _touched_rules(state, changes)
        self._concerns_all = bool(
            self.stirred
            or self.before.administrators ^ self.after.administrators
            or self.before.queue_administrators ^ self.after.queue_administrators
        )
        self._coverages = _coverages(state, later, changes)
        self._differing: dict[str, int] = {}
        self._by_covers: dict[Cover, int] = {}
        self._lasting_by: dict[str, list[Given]] = {}

    def alike(self) -> Iterator[tuple[Cover, Cover, Sequence[str]]]:
        """The resources that are on both sides, by their covers before and after.

        Those on whose access the change has no bearing may be left out.
        """
        before, after = self._coverages
        if before is after:
            for cover, resources in before.resources.items():
                if self._concerns_all or not self._touched.isdisjoint(cover.rules):
                    yield cover, cover, resources
            return
        found: dict[tuple[Cover, Cover], list[str]] = {}
        for key, cover in before.of_resource.items():
            if key in after.of_resource:
                found.setdefault((cover, after.of_resource[key]), []).append(key)
        for covers, resources in found.items():
            yield *covers, resources

    def concerned(self, before: Cover, after: Cover) -> int:
        """Who has not the same grants before and after, as a mask.

        Args:
            before: What decides on a resource before the change.
            after: What decides on it after that.
        """
        if bool(before.rules) != bool(after.rules):
            # That no rule covers it gave everybody something, or does so from then on.
            return self.standing
        mask = self.before.administrators ^ self.after.administrators
        if before.is_queue:
            mask |= self.before.queue_administrators ^ self.after.queue_administrators
        if before is after or before.rules == after.rules:
            mask |= before.worked_out(self._by_covers, self._by_own, 0)
        else:
            mask |= self._by_others(before.rules, after.rules)
        return mask & self.standing

    def through(self, before: Cover, after: Cover, modifiers: int, readers: int) -> list[Given]:
        """The highest grants by which members keep what they have; each is in one of them.

        Args:
            before: What decides on a resource before the change.
            after: What decides on it after that.
            modifiers: The mask of those of them who have Read & Modify on both sides.
            readers: The mask of those who have Read Only on both.
        """
        found: list[Given] = []
        for given in self._given(before, after):
            for grant, reached in given:
                modifies = grant.permission == READ_MODIFY
                kept = reached & (modifiers if modifies else readers)
                if kept:
                    found.append((grant, kept))
                    if modifies:
                        modifiers ^= kept
                    else:
                        readers ^= kept
            if not modifiers and not readers:
                break
        return found

    def _given(self, before: Cover, after: Cover) -> Iterator[list[Given]]:
        """The grants after: first whom they reach before it, too, then whomever they reach."""
        yield [(ADMINISTRATOR, self.before.administrators & self.after.administrators)]
        for rule in after.rules:
            if before is after or rule in before.rules:
                yield self._lasting(rule)
        if not before.rules and not after.rules:
            yield [(UNCOVERED, self.standing)]
        if after.is_queue:
            both = self.before.queue_administrators & self.after.queue_administrators
            yield [(QUEUE_ADMINISTRATOR, both)]
        yield self.after.given_on(after)

    def _lasting(self, rule: str) -> list[Given]:
        """The grants of a rule that it gives before and after, and whom they reach both times."""
        lasting = self._lasting_by.get(rule)
        if lasting is None:
            former, lasting = self.before.given_by(rule), self.after.given_by(rule)
            if former is not lasting:
                had = dict(former)
                lasting = [(grant, mask & had[grant]) for grant, mask in lasting if grant in had]
            self._lasting_by[rule] = lasting
        return lasting

    def _by_own(self, rules: tuple[str, ...], around: int) -> int:
        for rule in rules:
            around |= self._between(rule)
        return around

    def _by_others(self, before: tuple[str, ...], after: tuple[str, ...]) -> int:
        mask = self._by_own(tuple(rule for rule in before if rule in after), 0)
        for rule in before:
            if rule not in after:
                mask |= self.before.holders_by(rule).readers
        for rule in after:
            if rule not in before:
                mask |= self.after.holders_by(rule).readers
        return mask

    def _between(self, rule: str) -> int:
        """Who has not the same grants by a rule before and after."""
        mask = self._differing.get(rule)
        if mask is None:
            mask = self._differing[rule] = self._compare(rule) if rule in self._touched else 0
        return mask

    def _compare(self, rule: str) -> int:
        before, after = dict(self.before.given_by(rule)), dict(self.after.given_by(rule))
        mask = 0
        for grant in before.keys() | after.keys():
            mask |= before.get(grant, 0) ^ after.get(grant, 0)
        return mask


def _touched_rules(state: State, changes: Changes) -> set[str]:
    """The rules that are changed themselves, and those that name a group that is."""
    touched = set(changes.tables.get(ACCESS_RULES_TABLE, ()))
    groups = set(changes.tables.get(GROUPS_TABLE, ()))
    if groups:
        for key, rule in state.table(ACCESS_RULES_TABLE).items():
            if not groups.isdisjoint(rule.get("groups", ())):
                touched.add(key)
    return touched


def _coverages(before: State, after: State, changes: Changes) -> tuple[Coverage, Coverage]:
    coverage = coverage_of(before)
    rules = changes.tables.get(ACCESS_RULES_TABLE, {})
    former = before.table(ACCESS_RULES_TABLE)
    if not changes.tables.get(RESOURCES_TABLE) and all(
        rule is not None and key in former and _subject(rule) == _subject(former[key])
        for key, rule in rules.items()
    ):
        return coverage, coverage
    return coverage, coverage_of(after)


def _subject(rule: Document) -> tuple[str | None, str | None]:
    return rule.get("type"), rule.get("resource")

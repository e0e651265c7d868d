"""Whom the rules and the built-in powers of one state reach, as masks of members."""

from __future__ import annotations

from typing import NamedTuple

from store.access.coverage import Cover
from store.access.grants import ADMINISTRATOR, QUEUE_ADMINISTRATOR, UNCOVERED, Grant
from store.access.roll import Roll, roll_of
from store.state import DAMAGE, State, damaged
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINS,
    GROUPS_TABLE,
    QUEUE_ADMINS,
    READ_MODIFY,
    SERVICE_ACCOUNTS_TABLE,
    USERS,
    USERS_TABLE,
)

# A grant, and whom it reaches.
Given = tuple[Grant, int]


class Holders(NamedTuple):
    """Who has what.

    Attributes:
        readers: The mask of those with any permission.
        modifiers: The mask of those among them with Read & Modify.
    """

    readers: int
    modifiers: int


_NOBODY = Holders(0, 0)


class Reach:
    """Whom each grant reaches; worked out for what is asked alone, and once.

    Grants are given to the suspended, too: they count again as soon as they are let back in.

    Args:
        state: The state.
        roll: Its members by number.
        former: That of an earlier state with the same roll: what did not change is taken from it.
    """

    def __init__(self, state: State, roll: Roll, former: Reach | None = None) -> None:
        self._former = former
        self._rules = state.table(ACCESS_RULES_TABLE)
        self._groups = state.table(GROUPS_TABLE)
        self._everybody = state.preset_group(USERS)["id"]
        self._group_masks = {self._everybody: (1 << len(roll.ids)) - 1}
        self._given: dict[str, list[Given]] = {}
        self._holders_by: dict[str, Holders] = {}
        self._by_rules: dict[Cover, Holders] = {}
        self.roll = roll
        self.administrators = self.group(state.preset_group(ADMINS)["id"])
        self.queue_administrators = self.group(state.preset_group(QUEUE_ADMINS)["id"])

    def group(self, key: str) -> int:
        """The mask of a group's members; 0 if there is no such group."""
        mask = self._group_masks.get(key)
        if mask is None:
            if self._former is not None and self._has_former_group(self._former, key):
                mask = self._former.group(key)
            else:
                mask = self.roll.mask(self._groups.get(key, {}).get("members", ()))
            self._group_masks[key] = mask
        return mask

    def learn_groups(self) -> None:
        """Work out the masks of all groups, before they are asked for."""
        for key in self._groups:
            self.group(key)

    def given_by(self, rule: str) -> list[Given]:
        """The grants of a rule: those it names themselves first, then each group."""
        given = self._given.get(rule)
        if given is None:
            if self._former is not None and self._has_former_rule(self._former, rule):
                given = self._former.given_by(rule)
            else:
                given = self._made_by(rule)
            self._given[rule] = given
        return given

    def holders_by(self, rule: str) -> Holders:
        """What those have by a rule whom it names, or a group that it names."""
        holders = self._holders_by.get(rule)
        if holders is None:
            if self._former is not None and self._has_former_rule(self._former, rule):
                holders = self._former.holders_by(rule)
            else:
                holders = _joined(self.given_by(rule))
            self._holders_by[rule] = holders
        return holders

    def given_on(self, cover: Cover) -> list[Given]:
        """All grants on the resources of a cover, the highest first."""
        given = [(ADMINISTRATOR, self.administrators)]
        for rule in cover.rules:
            given += self.given_by(rule)
        if not cover.rules:
            given.append((UNCOVERED, self.group(self._everybody)))
        if cover.is_queue:
            given.append((QUEUE_ADMINISTRATOR, self.queue_administrators))
        return sorted(given, key=lambda each: each[0].rank)

    def holders(self, cover: Cover) -> Holders:
        """Who can reach the resources of a cover: none but those in good standing."""
        standing = self.roll.standing
        if not cover.rules:
            return Holders(standing, standing)
        readers, modifiers = cover.worked_out(self._by_rules, self._with_own, _NOBODY)
        readers |= self.administrators
        if cover.is_queue:
            readers |= self.queue_administrators
        return Holders(readers & standing, (modifiers | self.administrators) & standing)

    def _with_own(self, rules: tuple[str, ...], around: Holders) -> Holders:
        readers, modifiers = around
        for rule in rules:
            by_rule = self.holders_by(rule)
            readers |= by_rule.readers
            modifiers |= by_rule.modifiers
        return Holders(readers, modifiers)

    def _has_former_group(self, former: Reach, key: str) -> bool:
        return self._groups.get(key) is former._groups.get(key)

    def _has_former_rule(self, former: Reach, key: str) -> bool:
        rule = self._rules.get(key)
        return former._rules.get(key) is rule is not None and all(
            self._has_former_group(former, group) for group in rule.get("groups", ())
        )

    def _made_by(self, key: str) -> list[Given]:
        try:
            rule = self._rules[key]
            permission = rule["permission"]
            given = []
            if members := rule.get("members"):
                given.append((Grant("rule", permission, key), self.roll.mask(members)))
            for group in dict.fromkeys(rule.get("groups", ())):
                given.append((Grant("rule", permission, key, group), self.group(group)))
        except DAMAGE as error:
            raise damaged(ACCESS_RULES_TABLE, key, error) from error
        return given


def _joined(given: list[Given]) -> Holders:
    """Who has any of these grants, and who has one of Read & Modify."""
    readers = modifiers = 0
    for grant, reached in given:
        readers |= reached
        if grant.permission == READ_MODIFY:
            modifiers |= reached
    return Holders(readers, modifiers)


def reach_of(state: State) -> Reach:
    """The state's reach, kept with it: most of a workspace stays from one question to the next.

    Raises:
        StoreUnreadable: The document of a member is damaged, or a pre-configured group is missing.
    """
    return state.once(
        _first_reach, USERS_TABLE, SERVICE_ACCOUNTS_TABLE, GROUPS_TABLE, ACCESS_RULES_TABLE
    )


def _first_reach(state: State) -> Reach:
    return Reach(state, roll_of(state))

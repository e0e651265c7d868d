"""The powers that no access rule gives, and who comes by them or loses them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from store.state import Changes, State
from store.terms import (
    ADMINS,
    GROUPS_TABLE,
    QUEUE_ADMINS,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
)

Power = Literal["administers this workspace", "defines queues", "may act for owners of tasks"]

ADMINISTERS: Power = "administers this workspace"
DEFINES_QUEUES: Power = "defines queues"
ACTS_FOR_OWNERS: Power = "may act for owners of tasks"

# The groups whose members have one.
_OF_GROUPS: dict[str, Power] = {ADMINS: ADMINISTERS, QUEUE_ADMINS: DEFINES_QUEUES}
# Those that no task has which is run for its owner.
BUILT_IN_POWERS: tuple[Power, ...] = tuple(_OF_GROUPS.values())


@dataclass(frozen=True)
class PowerChange:
    """Who loses a power, and who comes by it.

    Attributes:
        power: The power, in words that go on from who has it.
        lost: The ids of the members who have it no more.
        gained: The ids of those who have it from then on.
    """

    power: Power
    lost: tuple[str, ...]
    gained: tuple[str, ...]


def powers_of_groups(state: State, groups: Iterable[str]) -> tuple[Power, ...]:
    """The powers that whoever joins these groups comes by.

    Args:
        state: The state.
        groups: The ids of the groups; those that are gone give nothing.
    """
    presets = {(state.table(GROUPS_TABLE).get(key) or {}).get("preset") for key in groups}
    return tuple(power for preset, power in _OF_GROUPS.items() if preset in presets)


def powers_once_back(state: State, members: Iterable[str]) -> tuple[Power, ...]:
    """The powers that one of these members has, suspended or not."""
    living = [key for key in members if state.is_living(key)]
    return tuple(power for power, holding in _holders(state, living).items() if holding)


def power_changes(state: State, later: State, changes: Changes) -> tuple[PowerChange, ...]:
    """What a change does to the powers of members.

    Args:
        state: The state before the change.
        later: The state after it.
        changes: What is changed.
    """
    concerned = _concerned(state, later, changes)
    # Service accounts first, for agents stop with what they lose.
    concerned.sort(key=lambda key: key not in later.table(SERVICE_ACCOUNTS_TABLE))
    before, after = (
        _holders(side, [key for key in concerned if side.is_in_good_standing(key)])
        for side in (state, later)
    )
    return tuple(
        PowerChange(power, _but(before[power], after[power]), _but(after[power], before[power]))
        for power in before
        if before[power] != after[power]
    )


def _but(members: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    gone = set(others)
    return tuple(member for member in members if member not in gone)


def _concerned(state: State, later: State, changes: Changes) -> list[str]:
    """The members whose powers the change may have to do with, in a lasting order."""
    found = [*changes.tables.get(USERS_TABLE, ()), *changes.tables.get(SERVICE_ACCOUNTS_TABLE, ())]
    for preset in _OF_GROUPS:
        if state.preset_group(preset)["id"] in changes.tables.get(GROUPS_TABLE, ()):
            # Of large groups, only those who come or go.
            found += sorted(_listed(state, preset) ^ _listed(later, preset))
    return list(dict.fromkeys(found))


def _holders(state: State, members: list[str]) -> dict[Power, list[str]]:
    """Who of these has which power, whatever their standing."""
    found: dict[Power, list[str]] = {}
    for preset, power in _OF_GROUPS.items():
        holding = _listed(state, preset)
        found[power] = [key for key in members if key in holding]
    accounts = state.table(SERVICE_ACCOUNTS_TABLE)
    found[ACTS_FOR_OWNERS] = [
        key for key in members if accounts.get(key, {}).get("allow_impersonation")
    ]
    return found


def _listed(state: State, preset: str) -> set[str]:
    return set(state.preset_group(preset).get("members") or ())

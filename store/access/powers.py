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
    Document,
)

Power = Literal["administers this workspace", "defines queues", "may act for owners of tasks"]

ADMINISTERS: Power = "administers this workspace"
DEFINES_QUEUES: Power = "defines queues"
ACTS_FOR_OWNERS: Power = "may act for owners of tasks"

# The groups whose members have one.
_OF_GROUPS: dict[str, Power] = {ADMINS: ADMINISTERS, QUEUE_ADMINS: DEFINES_QUEUES}


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


def powers_once_back(state: State, member: str) -> tuple[Power, ...]:
    """The powers that a member has, suspended or not."""
    return tuple(power for power, members in _holders(state, [member], True).items() if members)


def power_changes(state: State, changes: Changes) -> tuple[PowerChange, ...]:
    """What a change does to the powers of members.

    Args:
        state: The state before the change.
        changes: What is changed.
    """
    later = state.imagined(changes)
    concerned = _concerned(state, later, changes)
    before, after = _holders(state, concerned, False), _holders(later, concerned, False)
    return tuple(
        PowerChange(power, _but(before[power], after[power]), _but(after[power], before[power]))
        for power in before
        if before[power] != after[power]
    )


def _but(members: list[str], others: list[str]) -> tuple[str, ...]:
    return tuple(member for member in members if member not in others)


def _concerned(state: State, later: State, changes: Changes) -> list[str]:
    """The members whose powers the change may have to do with, in a lasting order."""
    found = [*changes.tables.get(USERS_TABLE, ()), *changes.tables.get(SERVICE_ACCOUNTS_TABLE, ())]
    for preset in _OF_GROUPS:
        if state.preset_group(preset)["id"] in changes.tables.get(GROUPS_TABLE, ()):
            # Of large groups, only those who come or go.
            found += sorted(_listed(state, preset) ^ _listed(later, preset))
    return list(dict.fromkeys(found))


def _holders(state: State, members: list[str], are_all_counted: bool) -> dict[Power, list[str]]:
    """Who of these has which power; of the suspended, nobody unless all are counted."""
    documents = {key: _standing(state, key, are_all_counted) for key in members}
    living = [key for key, document in documents.items() if document is not None]
    found: dict[Power, list[str]] = {}
    for preset, power in _OF_GROUPS.items():
        holding = _listed(state, preset)
        found[power] = [key for key in living if key in holding]
    found[ACTS_FOR_OWNERS] = [
        key for key in living if (documents[key] or {}).get("allow_impersonation")
    ]
    return found


def _listed(state: State, preset: str) -> set[str]:
    return set(state.preset_group(preset).get("members") or ())


def _standing(state: State, key: str, is_counted: bool) -> Document | None:
    document = state.find_member(key)
    if document is None or document.get("removed_at"):
        return None
    return None if document.get("suspended") and not is_counted else document

"""The engine against SPEC's Access section, in workspaces that chance makes up."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.access.comparing import impact_of
from store.access.effective import access_of_task, effective_access, unreachable_queues
from store.access.grants import Grant
from store.access.impacts import AccessChange
from store.access.who_can import grants_on, who_can
from store.errors import NotAllowed
from store.impersonation import accounts_acting_for_owners
from store.terms import Permission
from tests.effort import effort
from tests.store.access import reading
from tests.store.access.worlds import World, changes_between, state_of

LOOK = settings(
    max_examples=effort(200), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
CHANCE = st.randoms(use_true_random=False)
RANK = {None: 0, "Read Only": 1, "Read & Modify": 2}
Changed = dict[tuple[str, str], tuple[Permission | None, Permission | None]]


@LOOK
@given(chance=CHANCE, built_in=st.booleans())
def test_effective_access_is_what_the_rules_say(chance: Random, built_in: bool) -> None:
    tables = World(chance).tables
    state = state_of(tables)
    covered = {key for key in tables["resources"] if reading.covering(tables, key)}
    for member in reading.members_of(tables):
        access = effective_access(state, member, built_in=built_in)
        assert sorted(each.resource for each in access.covered) == sorted(covered)
        assert sorted(access.uncovered) == sorted(tables["resources"].keys() - covered)
        assert access.is_suspended == reading.is_suspended(tables, member)
        assert access.defines_queues == (built_in and reading.defines_queues(tables, member))
        for each in access.covered:
            expected = reading.grants(tables, member, each.resource, built_in=built_in)
            assert set(each.grants) == expected
            assert len(each.grants) == len(expected)
            ranks = [RANK[grant.permission] for grant in each.grants]
            assert ranks == sorted(ranks, reverse=True)
            assert each.permission == reading.permission(
                tables, member, each.resource, built_in=built_in
            )


@LOOK
@given(chance=CHANCE)
def test_who_can_is_its_inverse(chance: Random) -> None:
    tables = World(chance).tables
    state = state_of(tables)
    members = reading.members_of(tables)
    for resource in tables["resources"]:
        found = who_can(state, resource)
        assert found.is_covered == bool(reading.covering(tables, resource))
        everybody = {key: reading.permission(tables, key, resource) for key in members}
        assert found.permissions == {key: had for key, had in everybody.items() if had}
        for member in members:
            grants = grants_on(state, resource, member)
            assert set(grants) == reading.grants(tables, member, resource)
            assert len(set(grants)) == len(grants)
    queues = [key for key, each in tables["resources"].items() if each["type"] == "queue"]
    for member in members:
        closed = [key for key in queues if not reading.permission(tables, member, key)]
        assert sorted(unreachable_queues(state, member)) == sorted(closed)


@LOOK
@given(chance=CHANCE, times=st.integers(1, 2))
def test_an_impact_is_the_difference_between_before_and_after(chance: Random, times: int) -> None:
    world = World(chance)
    before = world.change()
    for _ in range(times - 1):
        world.change()
    after = world.tables
    state = state_of(before)
    found = impact_of(state, changes_between(before, after))

    differences = _differences(before, after)
    losses = {key: how for key, how in differences.items() if RANK[how[0]] > RANK[how[1]]}
    assert _flat(found.losses) == losses
    assert _flat(found.gains) == {k: v for k, v in differences.items() if k not in losses}

    had, have = reading.powers(before), reading.powers(after)
    assert {(key, one.power) for one in found.powers for key in one.lost} == had - have
    assert {(key, one.power) for one in found.powers for key in one.gained} == have - had
    reached, reaching = reading.reaching_somebody(before), reading.reaching_somebody(after)
    left = (reached - reaching) & after["access_rules"].keys()
    assert set(found.rules_left_to_nobody) == left
    assert bool(found) == bool(differences or had != have or left)

    kept = {
        (resource, member): (line.permission, line.through)
        for line in found.kept
        for resource in line.resources
        for member in line.members
    }
    assert len(kept) == sum(len(line.resources) * len(line.members) for line in found.kept)
    assert kept == _kept(before, after)


def _flat(changes: tuple[AccessChange, ...]) -> Changed:
    flat = {
        (resource, member): (change.before, change.after)
        for change in changes
        for resource in change.resources
        for member in change.members
    }
    # Nobody's access to a resource is told of twice.
    assert len(flat) == sum(len(change.resources) * len(change.members) for change in changes)
    return flat


def _on_both_sides(before: reading.Tables, after: reading.Tables) -> list[tuple[str, str]]:
    resources = before["resources"].keys() & after["resources"].keys()
    members = {*reading.members_of(before), *reading.members_of(after)}
    return [(resource, member) for resource in resources for member in members]


def _differences(before: reading.Tables, after: reading.Tables) -> Changed:
    both = {
        (resource, member): (
            reading.permission(before, member, resource),
            reading.permission(after, member, resource),
        )
        for resource, member in _on_both_sides(before, after)
    }
    return {key: how for key, how in both.items() if how[0] != how[1]}


def _kept(
    before: reading.Tables, after: reading.Tables
) -> dict[tuple[str, str], tuple[Permission, Grant]]:
    """Who has other grants than before and the same permission, and the grant that is named."""
    later = state_of(after)
    found = {}
    for resource, member in _on_both_sides(before, after):
        former = reading.grants(before, member, resource)
        permission = reading.permission(after, member, resource)
        changed = former != reading.grants(after, member, resource)
        if changed and permission == reading.permission(before, member, resource) and permission:
            # The order among equals is the engine's own.
            given = [
                grant
                for grant in grants_on(later, resource, member)
                if grant.permission == permission
            ]
            lasting = [grant for grant in given if grant in former]
            found[resource, member] = (permission, (lasting or given)[0])
    return found


@LOOK
@given(chance=CHANCE)
def test_a_task_for_its_owner_has_what_rules_give_and_no_more_than_the_owner(
    chance: Random,
) -> None:
    tables = World(chance).tables
    state = state_of(tables)
    runners = accounts_acting_for_owners(state)
    accounts = tables["service_accounts"]
    assert set(runners) == {
        key
        for key in reading.members_of(tables)
        if accounts.get(key, {}).get("allow_impersonation")
        and not reading.is_suspended(tables, key)
    }
    for runner, owner in product(runners[:2], reading.members_of(tables)):
        if reading.is_suspended(tables, owner):
            with pytest.raises(NotAllowed):
                access_of_task(state, runner, owner)
            continue
        access = access_of_task(state, runner, owner)
        assert not access.defines_queues
        own = {each.resource: each for each in effective_access(state, owner).covered}
        for each in access.covered:
            assert all(grant.kind == "rule" for grant in each.grants)
            assert set(each.grants) <= set(own[each.resource].grants)
            assert RANK[each.permission] <= RANK[own[each.resource].permission]

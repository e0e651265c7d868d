"""What a member can reach, and why (SPEC, Access)."""

from __future__ import annotations

from store.access.coverage import Cover, coverage_of
from store.access.grants import EffectiveAccess, ResourceAccess
from store.access.standing import Grants, standing_of
from store.errors import NotAllowed
from store.impersonation import impersonation_refusal
from store.state import State
from store.terms import ACCESS_RULES_TABLE, Permission


def effective_access(state: State, member: str, *, built_in: bool = True) -> EffectiveAccess:
    """What a member can reach, and every grant behind it.

    Args:
        state: The state.
        member: The id of a user or service account.
        built_in: Whether the built-in powers of `Admins` and `Queue admins` count, too.

    Raises:
        NotFound: There is no such member, or it was removed.
        StoreUnreadable: A document that decides on it is damaged.
    """
    standing = standing_of(state, member, built_in=built_in)
    coverage = coverage_of(state)
    given = standing.given_by(state, state.table(ACCESS_RULES_TABLE))
    known: dict[Cover, Grants] = {}
    found: dict[Cover, tuple[Permission | None, Grants]] = {}
    for cover in coverage.resources:
        grants = standing.grants(cover, given, known)
        found[cover] = (grants[0].permission if grants else None, grants)
    return EffectiveAccess(
        member=member,
        covered=tuple([ResourceAccess(key, *found[cover]) for key, cover in coverage.covered]),
        uncovered=coverage.uncovered,
        defines_queues=standing.is_queue_administrator and not standing.is_suspended,
        is_suspended=standing.is_suspended,
    )


def unreachable_queues(state: State, member: str) -> tuple[str, ...]:
    """The ids of the queues to which a member has no access, by name.

    Raises:
        NotFound: There is no such member, or it was removed.
        StoreUnreadable: A document that decides on it is damaged.
    """
    standing = standing_of(state, member)
    coverage = coverage_of(state)
    given = standing.given_by(state, state.table(ACCESS_RULES_TABLE))
    known: dict[Cover, Grants] = {}
    return tuple(
        key
        for key, cover in coverage.of_resource.items()
        if cover.is_queue and not standing.grants(cover, given, known)
    )


def access_of_task(state: State, runner: str, owner: str) -> EffectiveAccess:
    """What a task can reach that is run for its owner: the owner's built-in powers do not count.

    Args:
        state: The state.
        runner: The id of the service account that runs it.
        owner: The id of the member whose task it is.

    Raises:
        NotAllowed: The runner may not act for others, or not for that one.
        StoreUnreadable: A document that decides on it is damaged.
    """
    if refusal := impersonation_refusal(state, runner, owner):
        raise NotAllowed(refusal)
    return effective_access(state, owner, built_in=False)

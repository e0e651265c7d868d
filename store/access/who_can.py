"""Who can reach a resource, and by which grants (SPEC, Access)."""

from __future__ import annotations

from store.access.coverage import coverage_of
from store.access.grants import Grant, WhoCan
from store.access.reach import reach_of
from store.access.roll import Members
from store.access.standing import standing_of
from store.state import State
from store.terms import READ_MODIFY, READ_ONLY


def who_can(state: State, resource: str) -> WhoCan:
    """Who can reach a resource.

    Args:
        state: The state.
        resource: Its id.

    Raises:
        NotFound: There is no such resource.
        StoreUnreadable: A document that decides on it is damaged.
    """
    cover = coverage_of(state).cover_of(resource)
    reach = reach_of(state)
    roll, holders = reach.roll, reach.holders(cover)
    permissions = dict.fromkeys(Members(roll, holders.readers), READ_ONLY)
    permissions |= dict.fromkeys(Members(roll, holders.modifiers), READ_MODIFY)
    return WhoCan(resource, bool(cover.rules), permissions)


def grants_on(state: State, resource: str, member: str) -> tuple[Grant, ...]:
    """Every grant that a member has on a resource, the highest first; none is no access.

    Args:
        state: The state.
        resource: The id of the resource.
        member: The id of a user or service account.

    Raises:
        NotFound: There is no such resource or member, or the member was removed.
        StoreUnreadable: A document that decides on it is damaged.
    """
    cover = coverage_of(state).cover_of(resource)
    standing = standing_of(state, member)
    return standing.grants(cover, standing.given_by(state, cover.rules), {})

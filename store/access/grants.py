"""What a permission comes from, and what is said of a member's and of a resource's access."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from store.terms import READ_MODIFY, READ_ONLY, Permission

GrantKind = Literal["rule", "administrator", "queue administrator", "uncovered"]


class Grant(NamedTuple):
    """Why somebody has a permission.

    Attributes:
        kind: A rule; one of the built-in powers; or that no rule covers the resource.
        permission: What it gives.
        rule: The id of the rule, or None.
        group: The id of the group through which the rule gives it; None where the rule names the
            member itself, and where it is no rule.
    """

    kind: GrantKind
    permission: Permission
    rule: str | None = None
    group: str | None = None

    @property
    def rank(self) -> int:
        """Its place among the grants on a resource: the highest permission comes first."""
        return 0 if self.permission == READ_MODIFY else 1


ADMINISTRATOR = Grant("administrator", READ_MODIFY)
QUEUE_ADMINISTRATOR = Grant("queue administrator", READ_ONLY)
UNCOVERED = Grant("uncovered", READ_MODIFY)


class ResourceAccess(NamedTuple):
    """A member's access to a resource.

    Attributes:
        resource: The id of the resource.
        permission: What results; None is no access.
        grants: Everything that it comes from, the highest first.
    """

    resource: str
    permission: Permission | None
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True)
class EffectiveAccess:
    """What a member can reach.

    Attributes:
        member: The id of the member.
        covered: The access to every resource that a rule covers, by type, then by path.
        uncovered: The ids of the resources that no rule covers, in that order, too: Read & Modify
            for everybody in good standing.
        defines_queues: Whether the member may create, delete and rename queues.
        is_suspended: Whether the member has no access meanwhile, to the uncovered neither.
    """

    member: str
    covered: tuple[ResourceAccess, ...]
    uncovered: tuple[str, ...]
    defines_queues: bool
    is_suspended: bool


@dataclass(frozen=True)
class WhoCan:
    """Who can reach a resource.

    Attributes:
        resource: The id of the resource.
        is_covered: Whether a rule covers it; if none does, all in good standing may modify it.
        permissions: What each member with access has, by id.
    """

    resource: str
    is_covered: bool
    permissions: Mapping[str, Permission]

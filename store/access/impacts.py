"""What a change does to the access of members: who loses, who gains, and who keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.access.grants import Grant
from store.access.powers import PowerChange
from store.terms import Permission


class AccessChange(NamedTuple):
    """What changes alike for several members on several resources.

    Attributes:
        resources: The ids of the resources, by type, then by path.
        before: The permission now; None is no access.
        after: The permission after the change.
        members: The ids of the members: thousands of them cost nothing until they are looked at.
    """

    resources: tuple[str, ...]
    before: Permission | None
    after: Permission | None
    members: Sequence[str]


class AccessKept(NamedTuple):
    """Members whose permission stays though one of the grants behind it comes or goes.

    Attributes:
        resources: The ids of the resources, by type, then by path.
        permission: What they have before and after.
        members: The ids of the members: thousands of them cost nothing until they are looked at.
        through: The highest of the grants that they keep it through.
    """

    resources: tuple[str, ...]
    permission: Permission
    members: Sequence[str]
    through: Grant


@dataclass(frozen=True)
class Impact:
    """What a change does to the access of members, on resources that stay.

    Attributes:
        losses: Who has less than before; each member and resource is in one of them.
        gains: Who has more than before, likewise.
        kept: Whom the change concerns, and who has as much as before.
        powers: The powers that somebody loses or comes by, each once.
        rules_left_to_nobody: The ids of the rules that reach nobody any more.
    """

    losses: tuple[AccessChange, ...] = ()
    gains: tuple[AccessChange, ...] = ()
    kept: tuple[AccessKept, ...] = ()
    powers: tuple[PowerChange, ...] = ()
    rules_left_to_nobody: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything of it has to be said before it is done."""
        return bool(self.losses or self.gains or self.powers or self.rules_left_to_nobody)

    @property
    def takes(self) -> bool:
        """Whether anybody loses anything."""
        return bool(self.losses) or any(change.lost for change in self.powers)

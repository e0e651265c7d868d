"""What goes with members that are removed (SPEC, Confirmations)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.access.powers import Power, powers_once_back
from store.access.reaching_nobody import rules_left_to_nobody
from store.models import ServiceAccount, User
from store.operations.grantees import rules_naming
from store.operations.lookups import removal
from store.rules import Act, require_administrator
from store.service_account_views import last_active_at
from store.state import State
from store.terms import USERS, USERS_TABLE
from store.usage import Usage
from store.views import group_names_of


@dataclass(frozen=True)
class Taken:
    """What is taken away with members.

    Attributes:
        groups: The names of the groups that they are in, without `Users`.
        rules: The ids of the access rules that name one of them.
        rules_left_to_nobody: The ids of the rules that then reach nobody any more.
        vaults: How many of them have a configuration vault.
        powers: The powers that one of them has.
        last_used_at: When a credential of one of them was used last, or None for never.
    """

    groups: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rules_left_to_nobody: tuple[str, ...] = ()
    vaults: int = 0
    powers: tuple[Power, ...] = ()
    last_used_at: str | None = None


def taken_with(state: State, act: Act, usage: Usage, members: Sequence[str]) -> Taken:
    """What is taken away with these members; those who are gone already have nothing.

    Args:
        state: The state.
        act: Who would remove them, and when.
        usage: When credentials were used.
        members: Their ids.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    require_administrator(state, act.actor, "remove members")
    living = [key for key in dict.fromkeys(members) if state.is_living(key)]
    removed = [_removed(state, act, key) for key in living]
    changes, _ = removal(state, act, removed)
    used = [last_active_at(state, usage, key) for key in living]
    groups = {
        group.name
        for key in living
        for group in group_names_of(state, key)
        if group.preset != USERS
    }
    return Taken(
        groups=tuple(sorted(groups)),
        rules=tuple(rule.id for rule in rules_naming(state, members=living)),
        rules_left_to_nobody=rules_left_to_nobody(state, state.imagined(changes), changes),
        vaults=sum(state.vault_of(key) is not None for key in living),
        powers=powers_once_back(state, living),
        last_used_at=max(filter(None, used), default=None),
    )


def _removed(state: State, act: Act, key: str) -> User | ServiceAccount:
    document = state.find_member(key) or {}
    kind = User if key in state.table(USERS_TABLE) else ServiceAccount
    return kind.of(document).changed(removed_at=act.at)

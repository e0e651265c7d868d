"""A member as rules see it: by which grants each rule reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from store.access.coverage import Cover
from store.access.grants import ADMINISTRATOR, QUEUE_ADMINISTRATOR, UNCOVERED, Grant
from store.errors import NotFound
from store.state import DAMAGE, State, damaged
from store.terms import ACCESS_RULES_TABLE, ADMINS, QUEUE_ADMINS, USERS, Document

Grants = tuple[Grant, ...]


@dataclass(frozen=True)
class Standing:
    """A member, and what counts for its access.

    Attributes:
        member: Its id.
        groups: The ids of its groups, `Users` among them.
        is_administrator: Whether it has the built-in power of `Admins`.
        is_queue_administrator: Whether it has that of `Queue admins`.
        is_suspended: Whether it has no access meanwhile.
    """

    member: str
    groups: frozenset[str]
    is_administrator: bool
    is_queue_administrator: bool
    is_suspended: bool

    def given_by(self, state: State, rules: Iterable[str]) -> dict[str, Grants]:
        """The grants by which these rules reach the member, of those that do.

        Raises:
            StoreUnreadable: The document of a rule is damaged.
        """
        table = state.table(ACCESS_RULES_TABLE)
        given = {}
        for key in rules:
            try:
                grants = self._given_by_one(key, table[key])
            except DAMAGE as error:
                raise damaged(ACCESS_RULES_TABLE, key, error) from error
            if grants:
                given[key] = grants
        return given

    def grants(
        self, cover: Cover, given: Mapping[str, Grants], known: dict[Cover, Grants]
    ) -> Grants:
        """Every grant that the member has on the resources of a cover, the highest first.

        Args:
            cover: What decides on the resources.
            given: The grants of the rules that reach the member.
            known: What was worked out of other covers; it grows.
        """
        if self.is_suspended:
            return ()

        def with_own(rules: tuple[str, ...], around: Grants) -> Grants:
            own = [each for rule in rules if rule in given for each in given[rule]]
            return (*own, *around) if own else around

        by_rules = cover.worked_out(known, with_own, ())
        grants = [ADMINISTRATOR, *by_rules] if self.is_administrator else [*by_rules]
        if not cover.rules:
            grants.append(UNCOVERED)
        if cover.is_queue and self.is_queue_administrator:
            grants.append(QUEUE_ADMINISTRATOR)
        return tuple(sorted(grants, key=_rank) if len(grants) > 1 else grants)

    def _given_by_one(self, key: str, rule: Document) -> Grants:
        permission, members, groups = rule["permission"], rule.get("members"), rule.get("groups")
        is_named = members and self.member in members
        if not is_named and (not groups or self.groups.isdisjoint(groups)):
            return ()
        given = [Grant("rule", permission, key)] if is_named else []
        through = dict.fromkeys(group for group in groups or () if group in self.groups)
        return (*given, *(Grant("rule", permission, key, group) for group in through))


def standing_of(state: State, member: str, *, built_in: bool = True) -> Standing:
    """The member as rules see it.

    Args:
        state: The state.
        member: The id of a user or service account.
        built_in: Whether the built-in powers of `Admins` and `Queue admins` count.

    Raises:
        NotFound: There is no such member, or it was removed.
    """
    document = state.find_member(member)
    if document is None or document.get("removed_at"):
        raise NotFound(f"There is no member {member} in this workspace any more.")
    groups = {*state.groups_of(member), state.preset_group(USERS)["id"]}
    return Standing(
        member=member,
        groups=frozenset(groups),
        is_administrator=built_in and state.preset_group(ADMINS)["id"] in groups,
        is_queue_administrator=built_in and state.preset_group(QUEUE_ADMINS)["id"] in groups,
        is_suspended=bool(document.get("suspended")),
    )


def _rank(grant: Grant) -> int:
    return grant.rank

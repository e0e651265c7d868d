"""What is shown of a member's and of a resource's access, with names. Made in threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from store.access.powers import BUILT_IN_POWERS
from store.alphabet import name_key, plain
from store.terms import QUEUE, READ_MODIFY, READ_ONLY, Permission
from tui.access_words import (
    UNCOVERED,
    AccessNames,
    RememberedNames,
    entry_of_member,
    grant_words,
    path_words,
    permission_words,
    resource_words,
)
from tui.whole_lists import Entry

if TYPE_CHECKING:
    from store.access.grants import EffectiveAccess, Grant, WhoCan
    from store.workspace import Workspace

NOT_NAMED = "no rule that covers it names them"
WHILE_SUSPENDED = "none while suspended"
# Shorter words would be found in the ids of nearly everything.
_SHORTEST_OF_ID = 6
# More lines than most screens show at first.
_AT_FIRST = 60


@dataclass(frozen=True)
class Reason:
    """Why somebody has a permission, or none.

    Attributes:
        permission: What it gives; None is no access.
        words: The rule and through which group, or what else it is.
        group: The name of that group, or "".
    """

    permission: Permission | None
    words: str
    group: str = ""


@dataclass(frozen=True)
class AccessLine:
    """A line of a table of access.

    Attributes:
        key: The id of the resource, or of the member.
        kind: The type of the resource, or what tells the member from others of the name.
        name: What it is called.
        path: The projects that the resource lies in, or "".
        permission: What results; None is no access.
        haystack: What a filter looks through.
    """

    key: str
    kind: str
    name: str
    path: str
    permission: Permission | None
    haystack: str

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the plain words is found in it."""
        return all(
            word in self.haystack or (len(word) >= _SHORTEST_OF_ID and word in plain(self.key))
            for word in words
        )


@dataclass(frozen=True)
class InTasks:
    """That a sheet is of tasks which service accounts run for their owner, and what is other then.

    Attributes:
        runner: What the account is called that runs them, or "" for any that may.
        powers: The powers that the owner has, but none of the tasks.
        narrowed: On how many resources tasks have less than the owner.
    """

    runner: str
    powers: tuple[str, ...]
    narrowed: int


@dataclass(frozen=True)
class AccessSheet:
    """What a member can reach, or tasks can that are run for that member.

    Attributes:
        called: What the member is called.
        is_service_account: Whether it is one.
        is_suspended: Whether access is none meanwhile.
        is_administrator: Whether the member may modify everything.
        defines_queues: Whether the member may create, delete and rename queues.
        allows_impersonation: Whether tasks may run under it for their owners.
        closed_queues: The names of the queues that a service account cannot reach.
        covered: The resources that a rule covers.
        uncovered: Those that no rule covers.
        reasons: Why the member has what they have, by resource.
        runners: The accounts that may run tasks for their owners, by name.
        in_tasks: What is other in tasks; None where it is the member's own access.
    """

    called: str
    is_service_account: bool
    is_suspended: bool
    is_administrator: bool
    defines_queues: bool
    allows_impersonation: bool
    closed_queues: tuple[str, ...]
    covered: tuple[AccessLine, ...]
    uncovered: tuple[AccessLine, ...]
    reasons: Mapping[str, tuple[Reason, ...]]
    runners: tuple[Entry, ...] = ()
    in_tasks: InTasks | None = None

    @property
    def runs_for_owners(self) -> bool:
        """Whether the member is an account that may run tasks for their owners now."""
        return self.allows_impersonation and not self.is_suspended and self.in_tasks is None


@dataclass(frozen=True)
class AccessSummary:
    """The same in numbers.

    Attributes:
        modify: On how many resources with rules the member has Read & Modify.
        read: On how many Read Only.
        none: On how many none.
        uncovered: How many resources no rule covers.
        is_suspended: Whether access is none meanwhile.
        defines_queues: Whether the member may create, delete and rename queues.
        closed_queues: The names of the queues that a service account cannot reach.
    """

    modify: int
    read: int
    none: int
    uncovered: int
    is_suspended: bool
    defines_queues: bool
    closed_queues: tuple[str, ...]


@dataclass(frozen=True)
class WhoSheet:
    """Who can reach a resource.

    Attributes:
        called: The resource in words.
        is_covered: Whether a rule covers it.
        lines: Those who can, the highest permission first, then by name.
        reasons: Why the first of them can, by member; those of the others are asked for when seen.
    """

    called: str
    is_covered: bool
    lines: tuple[AccessLine, ...]
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


def access_summary(workspace: Workspace, member: str) -> AccessSummary:
    """How much a member can reach.

    Raises:
        NotFound: There is no such member.
    """
    access = workspace.effective_access(member)
    permissions = [one.permission for one in access.covered]
    return AccessSummary(
        modify=permissions.count(READ_MODIFY),
        read=permissions.count(READ_ONLY),
        none=permissions.count(None),
        uncovered=len(access.uncovered),
        is_suspended=access.is_suspended,
        defines_queues=access.defines_queues,
        closed_queues=_closed_queues(workspace, member),
    )


def access_sheet(workspace: Workspace, member: str) -> AccessSheet:
    """What a member can reach, and why.

    Raises:
        NotFound: There is no such member.
    """
    access = workspace.effective_access(member)
    name = workspace.member_name(member)
    is_account = name.is_service_account
    sheet = _sheet(workspace, access)
    covered = sheet.covered
    if is_account:
        # What an agent lacks first: it needs its queue.
        covered = _first(covered, lambda line: line.kind == QUEUE and line.permission is None)
    return replace(
        sheet,
        is_administrator=not is_account and workspace.user_row(member).is_administrator,
        allows_impersonation=is_account
        and workspace.service_account_details(member).allow_impersonation,
        closed_queues=_closed_queues(workspace, member),
        covered=covered,
    )


def task_sheet(workspace: Workspace, owner: str, runner: str | None) -> AccessSheet:
    """What tasks can reach that are run for their owner, and what the owner has beyond that.

    Args:
        workspace: The workspace.
        owner: The id of the member whose tasks they are.
        runner: The id of the service account that runs them; None for any that may.

    Raises:
        NotAllowed: The runner may not act for that owner.
        NotFound: There is no such member.
    """
    access = workspace.access_of_task(owner, runner)
    own = {one.resource: one for one in workspace.effective_access(owner).covered}
    sheet = _sheet(workspace, access)
    reasons, names = dict(sheet.reasons), RememberedNames(workspace)
    less = {
        one.resource for one in access.covered if one.permission != own[one.resource].permission
    }
    for resource in less:
        # What gives the owner more than a task has is the first grant of theirs.
        grant = own[resource].grants[0]
        ends = Reason(grant.permission, f"{grant_words(names, grant)} (not in tasks)")
        reasons[resource] = (ends, *reasons[resource])
    powers = tuple(power for power in workspace.powers_of([owner]) if power in BUILT_IN_POWERS)
    called = "" if runner is None else workspace.member_name(runner).called
    return replace(
        sheet,
        covered=_first(sheet.covered, lambda line: line.key in less),
        reasons=reasons,
        in_tasks=InTasks(called, powers, len(less)),
    )


def _sheet(workspace: Workspace, access: EffectiveAccess) -> AccessSheet:
    """What any access comes to; nothing that depends on who has it."""
    name = workspace.member_name(access.member)
    reasons = _reasons(workspace, access)
    everybodys = None if access.is_suspended else READ_MODIFY
    runners = sorted(
        workspace.accounts_acting_for_owners(),
        key=lambda key: name_key(workspace.member_name(key).called, key),
    )
    return AccessSheet(
        called=name.called,
        is_service_account=name.is_service_account,
        is_suspended=access.is_suspended,
        is_administrator=False,
        defines_queues=access.defines_queues,
        allows_impersonation=False,
        closed_queues=(),
        covered=tuple(
            _resource_line(workspace, one.resource, one.permission, reasons[one.resource])
            for one in access.covered
        ),
        uncovered=tuple(
            _resource_line(workspace, resource, everybodys, reasons[resource])
            for resource in access.uncovered
        ),
        reasons=reasons,
        runners=tuple(entry_of_member(workspace, key) for key in runners),
    )


def _first(
    lines: tuple[AccessLine, ...], is_first: Callable[[AccessLine], bool]
) -> tuple[AccessLine, ...]:
    return tuple(sorted(lines, key=lambda line: not is_first(line)))


def who_sheet(workspace: Workspace, resource: str) -> WhoSheet:
    """Who can reach a resource.

    Raises:
        NotFound: There is no such resource.
    """
    who: WhoCan = workspace.who_can(resource)
    lines = [
        _member_line(workspace, member, permission)
        for member, permission in who.permissions.items()
    ]
    lines.sort(key=lambda line: (line.permission != READ_MODIFY, *name_key(line.name, line.key)))
    called = resource_words(workspace.resource_row(resource))
    first = reasons_on(workspace, resource, [line.key for line in lines[:_AT_FIRST]])
    return WhoSheet(called, who.is_covered, tuple(lines), first)


def reasons_on(
    workspace: Workspace, resource: str, members: Iterable[str]
) -> dict[str, tuple[Reason, ...]]:
    """Why each of the members has what they have on a resource.

    Raises:
        NotFound: One of them, or the resource, is gone.
    """
    names = RememberedNames(workspace)
    return {
        member: tuple(_reason(names, grant) for grant in workspace.grants_on(resource, member))
        for member in members
    }


def _closed_queues(workspace: Workspace, member: str) -> tuple[str, ...]:
    is_account = workspace.member_name(member).is_service_account
    return workspace.unreachable_queues(member) if is_account else ()


def _reasons(workspace: Workspace, access: EffectiveAccess) -> dict[str, tuple[Reason, ...]]:
    # Many resources are reached through the same grants.
    names = RememberedNames(workspace)
    told: dict[Grant, Reason] = {}
    found: dict[str, tuple[Reason, ...]] = {}
    nothing = WHILE_SUSPENDED if access.is_suspended else NOT_NAMED
    for one in access.covered:
        for grant in one.grants:
            if grant not in told:
                told[grant] = _reason(names, grant)
        reasons = tuple(told[grant] for grant in one.grants)
        found[one.resource] = reasons or (Reason(None, nothing),)
    everybodys = (
        Reason(None, WHILE_SUSPENDED) if access.is_suspended else Reason(READ_MODIFY, UNCOVERED)
    )
    found.update((resource, (everybodys,)) for resource in access.uncovered)
    return found


def _reason(names: AccessNames, grant: Grant) -> Reason:
    group = "" if grant.group is None else names.group_row(grant.group).name
    return Reason(grant.permission, grant_words(names, grant), group)


def _resource_line(
    workspace: Workspace,
    resource: str,
    permission: Permission | None,
    reasons: Sequence[Reason],
) -> AccessLine:
    row = workspace.resource_row(resource)
    # Not by the rules, whose words would match nearly every type.
    groups = (reason.group for reason in reasons)
    words = [row.type, path_words(row.path, row.name), permission_words(permission), *groups]
    haystack = plain("\n".join(words))
    return AccessLine(resource, row.type, row.name, row.path, permission, haystack)


def _member_line(workspace: Workspace, member: str, permission: Permission) -> AccessLine:
    name = workspace.member_name(member)
    haystack = plain("\n".join([name.called, name.beside, permission]))
    return AccessLine(member, name.beside, name.called, "", permission, haystack)

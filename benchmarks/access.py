"""What a look at access costs, against one plain pass over members and rules.

Run it from the repository's root: `python -m benchmarks.access`. Ratios alone are judged: the pass
and what is measured take turns, and the processor's time counts, for neither waits for anything.
Cold is a state of which nothing is known but who is in which group, as when the program has just
started; warm is one that was asked before and has not changed since, or that the tabs of groups and
of access rules have prepared. The collector does not look through the documents, as in the program.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from store.access.comparing import impact_of
from store.access.effective import effective_access
from store.access.impacts import Impact
from store.minting import Mint
from store.models import AccessRule, Entity, Group, Resource, ServiceAccount, Settings, User
from store.operations.groups import delete_groups, preview_group_deletion
from store.operations.workspace_settings import preset_groups
from store.rules import Act
from store.state import Changes, State, Table
from store.terms import (
    ACCESS_RULES_TABLE,
    GROUPS_TABLE,
    PROJECT,
    READ_MODIFY,
    READ_ONLY,
    RESOURCE_TYPES,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
    WORKSPACE_TABLE,
)

USERS, ACCOUNTS, GROUPS, RULES = 9_500, 500, 500, 2_000
PROJECTS, OTHER_RESOURCES = 500, 4_500
LARGE_GROUP = 5_000
# Of so many rules, one names the large group.
EACH_RULE_FOR_LARGE = 100
ROUNDS = 61
LIMIT = 10.0
_AT = "2026-03-02T09:30:00Z"

Action = Callable[[], object]


@dataclass(frozen=True)
class Workspace:
    """The documents of a large workspace, and who and what is asked about.

    Attributes:
        tables: The documents of each table by id.
        administrator: The id of an administrator.
        member: The id of a user in the large group and some others.
        group: The id of the large group.
    """

    tables: dict[str, Table]
    administrator: str
    member: str
    group: str

    def state(self) -> State:
        """A state of which nothing is known but who is in which group."""
        state = State(self.tables, 1)
        state.is_administrator(self.administrator)
        return state


def large_workspace() -> Workspace:
    """The same workspace each time: 10,000 members, 500 groups, 2,000 rules, 5,000 resources."""
    chance = random.Random(20260302)
    mint = Mint(chance.randbytes)
    url = "https://clearml.acme.example"
    settings = Settings(id=mint.new_id(), name="Acme", web_url=url, api_url=url, files_url=url)
    users = [
        User(
            id=mint.new_id(),
            name=f"User {number}",
            email=f"user{number}@acme.example",
            status="Active",
            suspended=number % 40 == 39,
        )
        for number in range(USERS)
    ]
    accounts = [ServiceAccount(id=mint.new_id(), name=f"agent-{n}") for n in range(ACCOUNTS)]
    members = [member.id for member in (*users, *accounts)]
    groups = _groups(chance, mint, members)
    resources = _resources(chance, mint)
    rules = _rules(chance, mint, members, groups, resources)
    return Workspace(
        tables={
            WORKSPACE_TABLE: _table([settings]),
            USERS_TABLE: _table(users),
            SERVICE_ACCOUNTS_TABLE: _table(accounts),
            GROUPS_TABLE: _table(groups),
            RESOURCES_TABLE: _table(resources),
            ACCESS_RULES_TABLE: _table(rules),
        },
        administrator=members[0],
        member=groups[3].members[0],
        group=groups[3].id,
    )


def _groups(chance: random.Random, mint: Mint, members: list[str]) -> list[Group]:
    """The pre-configured ones, the large one, and many small ones."""
    groups = preset_groups(mint.new_ids(3), administrators=members[:20])
    sizes = [LARGE_GROUP, *(chance.choice((5, 10, 20, 40, 200)) for _ in range(GROUPS - 4))]
    for number, size in enumerate(sizes):
        named = chance.sample(members, size)
        groups.append(Group(id=mint.new_id(), name=f"Team {number}", members=named))
    return groups


def _resources(chance: random.Random, mint: Mint) -> list[Resource]:
    """Projects in projects, and what lies in them."""
    resources: list[Resource] = []
    for number in range(PROJECTS):
        outer = resources[: PROJECTS // 5]
        around = chance.choice(outer).id if outer and number % 5 else None
        name = f"Project {number}"
        resources.append(Resource(id=mint.new_id(), type=PROJECT, name=name, project=around))
    projects = [project.id for project in resources]
    for number in range(OTHER_RESOURCES):
        kind = RESOURCE_TYPES[1:][number % 5]
        around = None if kind == "queue" else chance.choice(projects)
        name = f"{kind} {number}"
        resources.append(Resource(id=mint.new_id(), type=kind, name=name, project=around))
    return resources


def _rules(
    chance: random.Random,
    mint: Mint,
    members: list[str],
    groups: list[Group],
    resources: list[Resource],
) -> list[AccessRule]:
    """A fifth on projects, a few on all of a type, the rest on one resource."""
    large, small = groups[3], groups[4:]
    rules = []
    for number in range(RULES):
        subject = chance.choice(resources[:PROJECTS] if number % 5 == 0 else resources[PROJECTS:])
        named = [group.id for group in chance.sample(small, chance.randint(1, 3))]
        if number % EACH_RULE_FOR_LARGE == 0:
            named.append(large.id)
        rules.append(
            AccessRule(
                id=mint.new_id(),
                type=subject.type,
                resource=None if number % 500 == 499 else subject.id,
                permission=chance.choice((READ_ONLY, READ_MODIFY)),
                members=chance.sample(members, chance.choice((0, 0, 1, 5))),
                groups=named,
                created_at=_AT,
            )
        )
    return rules


def _table(entities: Sequence[Entity]) -> Table:
    return {entity.id: entity.document() for entity in entities}


def plain_pass(workspace: Workspace) -> int:
    """Look at every member's standing once, and at whom every rule names."""
    touched = 0
    for table in (USERS_TABLE, SERVICE_ACCOUNTS_TABLE):
        for member in workspace.tables[table].values():
            if not member.get("removed_at") and not member.get("suspended"):
                touched += 1
    for rule in workspace.tables[ACCESS_RULES_TABLE].values():
        for _ in rule.get("members", ()):
            touched += 1
        for _ in rule.get("groups", ()):
            touched += 1
    return touched


def shown(impact: Impact) -> int:
    """What a screen takes of an impact: of the first lines how many they are of, and the first."""
    named = [line.members for line in (*impact.losses[:40], *impact.gains[:40])]
    named += [line.members for line in impact.kept[:40]]
    return sum(len(members) + len(members[:12]) for members in named)


def compare(action: Action, other: Action) -> tuple[float, float]:
    """The medians of two actions that take turns, in milliseconds."""
    times: tuple[list[float], list[float]] = ([], [])
    both = list(zip((action, other), times, strict=True))
    for number in range(ROUNDS + 1):
        both.reverse()
        for each, taken in both:
            began = time.process_time()
            each()
            if number:
                taken.append((time.process_time() - began) * 1_000)
    return median(times[0]), median(times[1])


def actions_of(workspace: Workspace) -> dict[str, Action]:
    """What is measured, by how it is called."""
    started, member = workspace.state(), workspace.member
    warm = started.changed(Changes())
    act = Act(workspace.administrator, _AT)
    deletion = delete_groups(warm, act, groups=[workspace.group]).changes

    def cold() -> State:
        # What nobody asked of the one before, it does not know either.
        return started.changed(Changes())

    return {
        "effective access, cold": lambda: effective_access(cold(), member),
        "effective access, warm": lambda: effective_access(warm, member),
        "the same of an administrator": lambda: effective_access(warm, workspace.administrator),
        "impact, cold": lambda: shown(impact_of(cold(), deletion)),
        "impact, warm": lambda: shown(impact_of(warm, deletion)),
        "the whole preview, warm": lambda: shown(
            preview_group_deletion(warm, act, [workspace.group]).impact
        ),
    }


def main() -> None:
    """Measure, and print a table with the limits beside."""
    workspace = large_workspace()
    gc.freeze()
    print(f"{'medians in milliseconds':<32}{'took':>8}{'pass':>8}{'ratio':>8}   at most")
    for what, action in actions_of(workspace).items():
        took, plain = compare(action, lambda: plain_pass(workspace))
        print(f"{what:<32}{took:>8.2f}{plain:>8.2f}{took / plain:>8.1f}   {LIMIT:g}")


if __name__ == "__main__":
    main()

"""SPEC's sentences on access, one by one, through the operations of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.access.coverage import coverage_of
from store.access.effective import access_of_task, effective_access
from store.access.grants import ADMINISTRATOR, QUEUE_ADMINISTRATOR, UNCOVERED, Grant
from store.access.impacts import AccessChange, AccessKept, Impact
from store.access.powers import DEFINES_QUEUES, PowerChange
from store.access.reach import reach_of
from store.access.who_can import who_can
from store.errors import NotAllowed, NotFound, StoreUnreadable
from store.operations.access_rules import RuleDraft, RuleEdit
from store.operations.groups import GroupEdit
from store.operations.resources import ResourceDraft, ResourceEdit
from store.state import Changes, State
from store.terms import (
    ACCESS_RULES_TABLE,
    GROUPS_TABLE,
    READ_MODIFY,
    READ_ONLY,
    RESOURCES_TABLE,
    TABLES,
    Permission,
    ResourceType,
)
from tests.store.house import House, account_edit


class Rooms(House):
    """Two people and an agent, a project in a project, a task in that, and a queue."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ada = self.admin.actor
        self.bo = self.add_user("bo@acme.example", "Bo")
        self.cy = self.add_user("cy@acme.example", "Cy")
        self.agent = self.add_service_account("agent")
        self.mlops = self.admin.add_group("MLOps", "", [self.bo])
        for draft in (
            ResourceDraft("project", "vision", "vision"),
            ResourceDraft("project", "detector", "detector", "vision"),
            ResourceDraft("task", "train", "train", "detector"),
            ResourceDraft("queue", "gpu", "gpu"),
        ):
            self.admin.add_resource(draft)

    def rule(
        self,
        kind: ResourceType,
        resource: str | None = None,
        permission: Permission = READ_ONLY,
        *,
        members: tuple[str, ...] = (),
        groups: tuple[str, ...] = (),
    ) -> str:
        """The id of a new rule."""
        return self.admin.add_access_rule(RuleDraft(kind, resource, permission, members, groups))

    def may(self, member: str, resource: str) -> Permission | None:
        """What a member may do."""
        return self.admin.who_can(resource).permissions.get(member)

    @property
    def state(self) -> State:
        """What the folder holds now."""
        return self.store(read_only=True).state


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path / "acme")
    yield rooms
    rooms.close()


def test_where_no_rule_covers_a_resource_every_member_may_modify_it(rooms: Rooms) -> None:
    for member in (rooms.ada, rooms.bo, rooms.cy, rooms.agent):
        assert rooms.may(member, "train") == READ_MODIFY
    assert rooms.admin.grants_on("train", rooms.cy) == (UNCOVERED,)
    assert "train" in rooms.admin.effective_access(rooms.cy).uncovered


def test_where_one_does_only_those_it_names_and_administrators_have_access(rooms: Rooms) -> None:
    rule = rooms.rule("task", "train", members=(rooms.cy,), groups=(rooms.mlops,))
    assert rooms.may(rooms.bo, "train") == READ_ONLY
    assert rooms.may(rooms.cy, "train") == READ_ONLY
    assert rooms.may(rooms.agent, "train") is None
    assert rooms.may(rooms.ada, "train") == READ_MODIFY
    assert rooms.admin.grants_on("train", rooms.bo) == (
        Grant("rule", READ_ONLY, rule, rooms.mlops),
    )
    assert rooms.admin.grants_on("train", rooms.ada) == (ADMINISTRATOR,)


def test_the_permission_is_the_highest_over_all_covering_rules(rooms: Rooms) -> None:
    low = rooms.rule("task", "train", members=(rooms.bo,))
    high = rooms.rule("task", None, READ_MODIFY, groups=(rooms.mlops,))
    assert rooms.may(rooms.bo, "train") == READ_MODIFY
    (access,) = rooms.admin.effective_access(rooms.bo).covered
    assert access.grants == (
        Grant("rule", READ_MODIFY, high, rooms.mlops),
        Grant("rule", READ_ONLY, low),
    )


def test_a_rule_on_a_project_covers_its_sub_projects_and_all_in_them(rooms: Rooms) -> None:
    rooms.rule("project", "vision", members=(rooms.bo,))
    assert [rooms.may(rooms.cy, each) for each in ("vision", "detector", "train")] == [None] * 3
    assert rooms.may(rooms.bo, "train") == READ_ONLY
    assert rooms.may(rooms.cy, "gpu") == READ_MODIFY
    covered = rooms.admin.effective_access(rooms.bo).covered
    assert [each.resource for each in covered] == ["vision", "detector", "train"]


def test_all_projects_covers_also_what_they_contain_but_no_more(rooms: Rooms) -> None:
    rooms.admin.add_resource(ResourceDraft("model", "loose", "loose", None))
    rooms.rule("project", members=(rooms.bo,))
    assert [rooms.may(rooms.cy, each) for each in ("vision", "detector", "train")] == [None] * 3
    assert rooms.may(rooms.cy, "loose") == READ_MODIFY


def test_the_rule_of_a_task_gives_nothing_on_its_project(rooms: Rooms) -> None:
    rooms.rule("project", "vision", groups=())
    rooms.rule("task", "train", READ_MODIFY, members=(rooms.cy,))
    assert rooms.may(rooms.cy, "train") == READ_MODIFY
    assert rooms.may(rooms.cy, "detector") is None


def test_a_rule_for_nobody_leaves_the_resource_to_administrators(rooms: Rooms) -> None:
    rooms.rule("task", "train", groups=(rooms.mlops,))
    rooms.admin.delete_groups([rooms.mlops])
    assert rooms.admin.who_can("train").permissions == {rooms.ada: READ_MODIFY}


def test_service_accounts_are_held_to_the_rules(rooms: Rooms) -> None:
    assert rooms.admin.unreachable_queues(rooms.agent) == ()
    rooms.rule("queue", members=(rooms.bo,))
    assert rooms.admin.unreachable_queues(rooms.agent) == ("gpu",)
    assert rooms.admin.unreachable_queues(rooms.bo) == ()


def test_queue_admins_see_every_queue_and_define_queues_as_administrators_do_not(
    rooms: Rooms,
) -> None:
    rooms.rule("queue", "gpu", members=(rooms.bo,))
    queue_admins = rooms.group("Queue admins")
    assert rooms.admin.impact_of_regrouping([rooms.cy], [queue_admins], []) == Impact(
        gains=(AccessChange(("gpu",), None, READ_ONLY, (rooms.cy,)),),
        powers=(PowerChange(DEFINES_QUEUES, (), (rooms.cy,)),),
    )
    rooms.admin.regroup_members([rooms.cy], [queue_admins], [])
    assert rooms.may(rooms.cy, "gpu") == READ_ONLY
    assert rooms.admin.grants_on("gpu", rooms.cy) == (QUEUE_ADMINISTRATOR,)
    assert rooms.admin.effective_access(rooms.cy).defines_queues
    assert not rooms.admin.effective_access(rooms.ada).defines_queues


def test_the_suspended_have_no_access_meanwhile(rooms: Rooms) -> None:
    rooms.rule("task", "train", members=(rooms.bo,))
    rooms.admin.suspend_users([rooms.bo])
    access = rooms.admin.effective_access(rooms.bo)
    assert access.is_suspended
    assert [each.permission for each in access.covered] == [None]
    assert rooms.may(rooms.bo, "gpu") is None
    rooms.admin.remove_users([rooms.bo])
    with pytest.raises(NotFound, match=rooms.bo):
        rooms.admin.effective_access(rooms.bo)


def test_a_task_for_its_owner_has_the_rules_of_the_owner_and_no_built_in_power(
    rooms: Rooms,
) -> None:
    admins = rooms.group("Admins")
    rooms.rule("task", "train", members=(rooms.bo,))
    rooms.rule("queue", "gpu", groups=(admins,))
    with pytest.raises(NotAllowed, match="impersonation"):
        access_of_task(rooms.state, rooms.agent, rooms.ada)
    rooms.admin.edit_service_account(
        account_edit(rooms.admin, rooms.agent, allow_impersonation=True)
    )
    access = access_of_task(rooms.state, rooms.agent, rooms.ada)
    assert [each.permission for each in access.covered] == [None, READ_ONLY]


def test_deleting_the_last_rule_of_a_resource_opens_it_and_adding_its_first_closes_it(
    rooms: Rooms,
) -> None:
    first = RuleDraft("task", "train", READ_MODIFY, (), (rooms.mlops,))
    closing = rooms.admin.impact_of_adding_rule(first)
    (loss,) = closing.losses
    assert loss == AccessChange(("train",), READ_MODIFY, None, (rooms.agent, rooms.cy))
    assert [(line.members, line.through.kind) for line in closing.kept] == [
        ((rooms.ada,), "administrator"),
        ((rooms.bo,), "rule"),
    ]
    rule = rooms.admin.add_access_rule(first)
    opening = rooms.admin.impact_of_rule_deletion([rule])
    assert opening.losses == ()
    assert opening.gains == (AccessChange(("train",), None, READ_MODIFY, (rooms.agent, rooms.cy)),)


def test_deleting_a_group_tells_who_loses_what_and_who_keeps_it_through_what(
    rooms: Rooms,
) -> None:
    other = rooms.admin.add_group("Vision", "", [rooms.bo])
    rooms.admin.regroup_members([rooms.cy], [rooms.mlops], [])
    rule = rooms.rule("task", "train", READ_MODIFY, groups=(rooms.mlops, other))
    preview = rooms.admin.preview_group_deletion([rooms.mlops])
    assert preview.impact == Impact(
        losses=(AccessChange(("train",), READ_MODIFY, None, (rooms.cy,)),),
        kept=(
            AccessKept(
                ("train",), READ_MODIFY, (rooms.bo,), Grant("rule", READ_MODIFY, rule, other)
            ),
        ),
    )
    rooms.admin.delete_groups([rooms.mlops])
    assert (rooms.may(rooms.bo, "train"), rooms.may(rooms.cy, "train")) == (READ_MODIFY, None)


def test_narrowing_moving_and_leaving_tell_what_they_take_away(rooms: Rooms) -> None:
    draft = RuleDraft("project", "vision", READ_MODIFY, (), (rooms.mlops,))
    rule = rooms.admin.add_access_rule(draft)
    narrow = RuleDraft("project", "vision", READ_ONLY, (), (rooms.mlops,))
    (loss,) = rooms.admin.impact_of_rule_edit(RuleEdit(rule, 1, narrow)).losses
    assert loss == AccessChange(
        ("vision", "detector", "train"), READ_MODIFY, READ_ONLY, (rooms.bo,)
    )
    out = ResourceEdit("train", 1, "train", None)
    (gain,) = rooms.admin.impact_of_resource_edit(out).gains
    assert gain == AccessChange(("train",), None, READ_MODIFY, (rooms.agent, rooms.cy))
    details = rooms.admin.group_details(rooms.mlops)
    edit = GroupEdit(rooms.mlops, details.revision, "MLOps", "", (), (rooms.bo,))
    assert [line.members for line in rooms.admin.impact_of_group_edit(edit).losses] == [(rooms.bo,)]
    renaming = GroupEdit(rooms.mlops, details.revision, "Ops", "")
    assert not rooms.admin.impact_of_group_edit(renaming)


def test_damage_is_told_of_the_document_that_has_it(rooms: Rooms) -> None:
    rule = rooms.rule("task", "train", members=(rooms.bo,))
    circle = {"id": "detector", "type": "project", "name": "x", "project": "detector"}
    for table, key, document in (
        (RESOURCES_TABLE, "detector", circle),
        (RESOURCES_TABLE, "train", {"id": "train", "name": "train"}),
        (ACCESS_RULES_TABLE, rule, {"id": rule, "type": "task", "resource": "train"}),
    ):
        damaged = rooms.state.changed(Changes({table: {key: document}}))
        with pytest.raises(StoreUnreadable, match=key):
            effective_access(damaged, rooms.bo)
        with pytest.raises(StoreUnreadable, match=key):
            who_can(damaged, "train")


def test_what_is_prepared_is_not_looked_up_again(rooms: Rooms) -> None:
    rooms.rule("task", "train", groups=(rooms.mlops,))
    state = State({name: dict(rooms.state.table(name)) for name in TABLES}, 1)
    expected = who_can(rooms.state, "train")
    coverage_of(state)
    reach_of(state).learn_groups()
    groups = state.table(GROUPS_TABLE)
    assert isinstance(groups, dict)
    groups[rooms.mlops] = {**groups[rooms.mlops], "members": [rooms.cy]}
    assert who_can(state, "train") == expected


def test_of_those_who_lose_service_accounts_come_first(rooms: Rooms) -> None:
    people = [rooms.add_user(f"p{n}@acme.example", f"P{n}") for n in range(9)]
    bots = [rooms.add_service_account(f"bot {n}") for n in range(2)]
    rooms.admin.refresh()
    group = rooms.add_group("Large", *people, *bots)
    rule = rooms.admin.add_access_rule(RuleDraft("queue", "gpu", READ_MODIFY, (), (group,)))
    (loss,) = rooms.admin.impact_of_group_edit(
        GroupEdit(group, 1, "Large", "", leaving=(*people, *bots))
    ).losses
    assert set(loss.members[:2]) == set(bots)
    assert list(loss.members)[:2] == list(loss.members[:2])
    assert set(loss.members) == {*people, *bots}
    assert loss.members[10] == list(loss.members)[10]
    assert rule

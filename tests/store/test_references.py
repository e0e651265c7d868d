"""After any operations no id is left that names what is gone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store.errors import WorkspaceError
from store.models import AccessRule, AdministratorVault, Group, Resource
from store.operations.access_rules import RuleDraft, RuleEdit
from store.operations.groups import GroupEdit
from store.operations.resources import ResourceDraft, ResourceEdit
from store.state import State
from store.terms import (
    ACCESS_RULES_TABLE,
    ADMINISTRATOR_VAULTS_TABLE,
    GROUPS_TABLE,
    PROJECT,
    READ_ONLY,
    RESOURCE_TYPES,
    RESOURCES_TABLE,
    SERVICE_ACCOUNTS_TABLE,
    USERS_TABLE,
)
from tests.effort import effort
from tests.store.house import House

Chance = st.DataObject


def see_no_dangling_id(state: State) -> None:
    """See that whatever a document names is there, and that the indexes say the same."""
    members = {
        key
        for table in (USERS_TABLE, SERVICE_ACCOUNTS_TABLE)
        for key, document in state.table(table).items()
        if not document.get("removed_at")
    }
    groups, resources = state.table(GROUPS_TABLE), state.table(RESOURCES_TABLE)
    for group in map(Group.of, groups.values()):
        assert set(group.members) <= members
        assert len(set(group.members)) == len(group.members)
    for vault in map(AdministratorVault.of, state.table(ADMINISTRATOR_VAULTS_TABLE).values()):
        assert set(vault.groups) <= set(groups)
    for rule in map(AccessRule.of, state.table(ACCESS_RULES_TABLE).values()):
        assert set(rule.members) <= members
        assert set(rule.groups) <= set(groups)
        assert rule.resource is None or resources[rule.resource]["type"] == rule.type
    for resource in map(Resource.of, resources.values()):
        assert resource.project is None or resources[resource.project]["type"] == PROJECT
    for name in ("rules of member", "rules of group", "rules of resource", "resources of project"):
        made = State({table: state.table(table) for table in _TABLES}, 0).index(name)
        carried = state.index(name)
        assert {key: set(ids) for key, ids in carried.items()} == {
            key: set(ids) for key, ids in made.items()
        }


_TABLES = (ACCESS_RULES_TABLE, RESOURCES_TABLE)


class Town:
    """A workspace in which whatever is drawn is done.

    Args:
        house: The workspace.
        data: What draws.
    """

    def __init__(self, house: House, data: Chance) -> None:
        self.house, self.here, self._data = house, house.admin, data
        self._number = 0
        users = house.invite("a@acme.example", "b@acme.example", "c@acme.example")
        bot = house.add_service_account("bot")
        groups = [self.here.add_group(name, "", [*users, bot]) for name in ("One", "Two")]
        house.add_vault("V", "One")
        self.here.add_resource(ResourceDraft(PROJECT, "p1", "P"))
        self.here.add_resource(ResourceDraft(PROJECT, "p2", "P", "p1"))
        self.here.add_resource(ResourceDraft("task", "t1", "T", "p2"))
        self.here.add_access_rule(RuleDraft("task", "t1", READ_ONLY, (bot,), (groups[0],)))
        self.here.add_access_rule(RuleDraft("task", None, READ_ONLY, (users[0],), (groups[1],)))

    def ids(self, table: str) -> list[str]:
        """The ids of what is in a table now, the removed members apart."""
        documents = self.here._store.state.table(table).items()
        return [key for key, document in documents if not document.get("removed_at")]

    @property
    def members(self) -> list[str]:
        """The ids of the members that there are."""
        return self.ids(USERS_TABLE) + self.ids(SERVICE_ACCOUNTS_TABLE)

    @property
    def groups(self) -> list[str]:
        """The ids of the groups that there are, as far as members can be put into them."""
        return [group.id for group in self.here.choosable_groups()]

    @property
    def resources(self) -> list[str]:
        """The ids of the resources that there are."""
        return self.ids(RESOURCES_TABLE)

    def step(self) -> None:
        """Do one operation; one that is refused changes nothing."""
        do = self._data.draw(st.sampled_from(sorted(self.steps)), label="operation")
        with suppress(WorkspaceError):
            self.steps[do](self)

    def one(self, of: list[str]) -> str:
        """One of those ids, or one that never was."""
        return self._data.draw(st.sampled_from([*of, "nothing"]))

    def some(self, of: list[str]) -> tuple[str, ...]:
        """Some of those ids."""
        return tuple(self._data.draw(st.lists(st.sampled_from(of), max_size=3)) if of else ())

    def new_name(self) -> str:
        """A name that was not used."""
        self._number += 1
        return f"new{self._number}"

    def add_group(self) -> None:
        """Add a group."""
        members = self.some(self.members)
        self.here.add_group(self.new_name(), "", members)

    def edit_group(self) -> None:
        """Rename a group and change its members."""
        key = self.one(self.groups)
        now = self.here.group_details(key)
        joining, leaving = (self.some(self.members) for _ in range(2))
        name = self.new_name() if not now.name_refusal else now.row.name
        self.here.edit_group(GroupEdit(key, now.revision, name, "", joining, leaving))

    def regroup(self) -> None:
        """Put members into groups and take them out of others."""
        members, joining, leaving = map(self.some, (self.members, self.groups, self.groups))
        self.here.regroup_members(members, joining, leaving)

    def delete_groups(self) -> None:
        """Delete groups; the first two are pre-configured."""
        self.here.delete_groups(self.some(self.groups[2:]))

    def add_resource(self) -> None:
        """Add a resource somewhere."""
        kind = self._data.draw(st.sampled_from(RESOURCE_TYPES))
        name = self.new_name()
        self.here.add_resource(ResourceDraft(kind, name, name, self.one(self.resources)))

    def move(self) -> None:
        """Move a resource."""
        key = self.one(self.resources)
        now = self.here.resource_details(key)
        project = self.one(self.resources)
        self.here.edit_resource(ResourceEdit(key, now.revision, now.row.name, project))

    def delete_resources(self) -> None:
        """Delete resources."""
        self.here.delete_resources(self.some(self.resources))

    def draft(self) -> RuleDraft:
        """What a rule may be."""
        key = self.one(self.resources)
        members, groups = self.some(self.members), self.some(self.groups)
        if key == "nothing":
            kind = self._data.draw(st.sampled_from(RESOURCE_TYPES))
            return RuleDraft(kind, None, READ_ONLY, members, groups)
        return RuleDraft(self.here.resource_row(key).type, key, READ_ONLY, members, groups)

    def add_rule(self) -> None:
        """Add a rule."""
        self.here.add_access_rule(self.draft())

    def edit_rule(self) -> None:
        """Make something else of a rule."""
        key = self.one(self.ids(ACCESS_RULES_TABLE))
        revision = self.here.access_rule_details(key).revision
        self.here.edit_access_rule(RuleEdit(key, revision, self.draft()))

    def remove(self) -> None:
        """Remove users, and delete service accounts."""
        self.here.remove_users(list(self.some(self.ids(USERS_TABLE))))
        self.here.delete_service_accounts(list(self.some(self.ids(SERVICE_ACCOUNTS_TABLE))))

    def come_back(self) -> None:
        """Invite those who were removed, and add a service account."""
        self.house.add_service_account(self.new_name())
        self.house.invite("a@acme.example")

    def import_them(self) -> None:
        """Import a task into a project, renamed if it is there."""
        line = f'{{"type": "task", "id": "i1", "name": "{self.new_name()}", "project": "p1"}}'
        self.here.import_resources(line)

    steps: ClassVar[dict[str, Callable[[Town], None]]] = {
        "add group": add_group,
        "edit group": edit_group,
        "regroup": regroup,
        "delete groups": delete_groups,
        "add resource": add_resource,
        "move": move,
        "delete resources": delete_resources,
        "add rule": add_rule,
        "edit rule": edit_rule,
        "remove": remove,
        "come back": come_back,
        "import": import_them,
    }


# Each step writes files: to look for the shortest way to a failure would take many minutes.
@settings(max_examples=effort(40), deadline=None, phases=(Phase.reuse, Phase.generate))
@given(data=st.data())
def test_no_id_dangles_after_any_operations(data: Chance) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder) / "store")
        town = Town(house, data)
        for _ in range(data.draw(st.integers(5, 25))):
            town.step()
            see_no_dangling_id(house.admin._store.state)
        see_no_dangling_id(house.store().state)
        house.close()

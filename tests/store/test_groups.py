"""User groups: added, edited, deleted, listed, and who is in them."""

from __future__ import annotations

from typing import get_args

import pytest

from store.errors import AlreadyExists, Conflict, InvalidInput, NotFound, RefusedByRule
from store.group_listing import GroupColumn
from store.group_views import MOST_NAMED
from store.listing import Query
from store.models import Group
from store.operations.access_rules import RuleDraft
from store.operations.groups import GroupEdit
from store.terms import GROUPS_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, account_edit, edit_of, invitee

COLUMNS: tuple[GroupColumn, ...] = get_args(GroupColumn)
NOBODY = "f" * 32
PRESETS = ("Users", "Admins", "Queue admins")


@pytest.fixture
def vision(house: House, bob: str) -> str:
    """The id of a group with Bob in it."""
    return house.admin.add_group("Vision", "Perception models", [bob])


@pytest.fixture
def bot(house: House) -> str:
    """The id of a service account."""
    return house.add_service_account("bot")


def names(here: Workspace, text: str = "", sort: str = "", descending: bool = False) -> list[str]:
    """The names of the groups that the workspace's actor finds."""
    ids = here.list_groups(Query(text, sort, descending)).ids
    return [here.group_row(key).name for key in ids]


def members(here: Workspace, text: str = "") -> list[str]:
    """What the members are called that can be picked."""
    return [here.member_name(key).called for key in here.list_members(Query(text)).ids]


def edit(
    here: Workspace,
    group: str,
    *,
    name: str | None = None,
    description: str | None = None,
    joining: tuple[str, ...] = (),
    leaving: tuple[str, ...] = (),
) -> GroupEdit:
    """An edit that begins from what the workspace shows of the group now."""
    now = here.group_details(group)
    return GroupEdit(
        group,
        now.revision,
        now.row.name if name is None else name,
        now.row.description if description is None else description,
        joining,
        leaving,
    )


def kept(house: House, group: str) -> Group:
    """The group as the file has it now."""
    return Group.of(house.store().state.table(GROUPS_TABLE)[group])


class TestAdding:
    """A name, a description and members."""

    def test_it_is_there(self, house: House, bob: str, pia: str, bot: str) -> None:
        key = house.admin.add_group("  MLOps ", " Agents\nand queues ", [pia, bob, bot, bob])
        group = house.as_user().group_details(key)
        row = group.row
        assert (row.id, row.name, row.description) == (key, "MLOps", "Agents\nand queues")
        assert (row.preset, row.member_count) == ("", 3)
        assert row.first_members == ("Bob", "bot", "Pia")
        assert (group.members, group.revision) == ((bob, bot, pia), 1)
        assert (group.rules, group.vaults) == ((), ())
        assert (group.name_refusal, group.members_refusal, group.deletion_refusal) == ("", "", "")
        assert kept(house, key).members == [pia, bob, bot]
        assert house.admin.user_details(bob).groups[0].name == "MLOps"
        entry = checked_chain(house.folder)[-1]
        assert entry["changed"] == {
            "name": ["", "MLOps"],
            "description": ["", "Agents\nand queues"],
            "joined": [pia, bob, bot],
        }

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        key = house.admin.add_group(name, name, [])
        group = kept(house, key)
        assert (group.name, group.description) == (name, name.strip())
        assert names(house.as_user()) == [*PRESETS, name]

    @pytest.mark.parametrize("name", ["", "  ", "x" * 1_001, "a\udc00"])
    def test_a_bad_name_is_refused_at_its_field(self, house: House, vision: str, name: str) -> None:
        with house.refuses(InvalidInput, field="name"):
            house.admin.add_group(name, "", [])
        with house.refuses(InvalidInput, field="name"):
            house.admin.edit_group(edit(house.admin, vision, name=name))

    @pytest.mark.parametrize("text", ["x" * 10_001, "a\udc00"])
    def test_a_bad_description_is_refused_at_its_field(
        self, house: House, vision: str, text: str
    ) -> None:
        with house.refuses(InvalidInput, field="description"):
            house.admin.add_group("New", text, [])
        with house.refuses(InvalidInput, field="description"):
            house.admin.edit_group(edit(house.admin, vision, description=text))

    def test_the_longest_of_both_is_kept(self, house: House) -> None:
        key = house.admin.add_group("x" * 1_000, "y" * 10_000, [])
        group = kept(house, key)
        assert (len(group.name), len(group.description)) == (1_000, 10_000)

    @pytest.mark.parametrize("name", ["Straße", "STRASSE", " strasse", "\uff33trasse", "users"])
    def test_a_taken_name_is_refused_at_its_field(
        self, house: House, vision: str, name: str
    ) -> None:
        key = house.admin.add_group("Straße", "", [])
        with house.refuses(AlreadyExists, field="name", says="Straße|Users"):
            house.admin.add_group(name, "", [])
        with house.refuses(AlreadyExists, field="name", says="Straße|Users"):
            house.admin.edit_group(edit(house.admin, vision, name=name))
        house.admin.delete_groups([key])
        if name != "users":
            house.admin.add_group(name, "", [])

    def test_members_that_are_gone(self, house: House, bob: str, vision: str) -> None:
        gone = house.add_user("zoe@acme.example", "Zoe")
        house.admin.remove_users([gone])
        for key, says in ((NOBODY, NOBODY), (gone, "Zoe was removed")):
            with house.refuses(NotFound, field="members", says=says):
                house.admin.add_group("New", "", [bob, key])
            with house.refuses(NotFound, field="members", says=says):
                house.admin.edit_group(edit(house.admin, vision, joining=(key,)))


class TestEditing:
    """Name, description and members, as far as the group is not pre-configured."""

    def test_all_of_it_at_once(self, house: House, vision: str, bob: str, bot: str) -> None:
        house.admin.edit_group(
            edit(
                house.admin,
                vision,
                name=" Sight ",
                description="",
                joining=(bot, house.admin.actor, bot),
                leaving=(bob, NOBODY),
            )
        )
        group = kept(house, vision)
        assert (group.name, group.description, group.revision) == ("Sight", "", 2)
        assert group.members == [bot, house.admin.actor]
        assert checked_chain(house.folder)[-1]["changed"] == {
            "name": ["Vision", "Sight"],
            "description": ["Perception models", ""],
            "joined": [bot, house.admin.actor],
            "left": [bob],
        }
        # Its own name is free for it.
        house.admin.edit_group(edit(house.admin, vision, name="sight"))
        assert checked_chain(house.folder)[-1]["changed"] == {"name": ["Sight", "sight"]}

    def test_nothing_to_change_is_no_commit(self, house: House, vision: str, bob: str) -> None:
        before = house.bytes()
        here = house.admin
        here.edit_group(edit(here, vision, name=" Vision", joining=(bob,), leaving=(NOBODY,)))
        here.edit_group(edit(here, house.group("Users")))
        assert here.regroup_members([bob], [vision], [house.group("Admins")]) == 0
        assert house.bytes() == before

    def test_a_former_revision_is_a_conflict(self, house: House, vision: str, bob: str) -> None:
        late = edit(house.admin, vision, name="Late")
        house.as_user().edit_user(edit_of(house.admin, bob, leaving=(vision,)))
        with house.refuses(Conflict, says="Vision was changed"):
            house.admin.edit_group(late)

    def test_users_cannot_be_changed_at_all(self, house: House, bob: str) -> None:
        here, users = house.admin, house.group("Users")
        details = here.group_details(users)
        assert (details.row.member_count, details.row.first_members) == (2, ())
        assert "keeps its name" in details.name_refusal
        assert "holds every member" in details.members_refusal
        assert "cannot be deleted" in details.deletion_refusal
        with house.refuses(RefusedByRule, field="name"):
            here.edit_group(edit(here, users, name="All"))
        with house.refuses(RefusedByRule, field="description"):
            here.edit_group(edit(here, users, description="All"))
        for joining, leaving in (((bob,), ()), ((), (bob,))):
            with house.refuses(RefusedByRule, field="members"):
                here.edit_group(edit(here, users, joining=joining, leaving=leaving))
            with house.refuses(RefusedByRule, field="groups"):
                here.regroup_members([bob], [users] if joining else [], [users] if leaving else [])

    @pytest.mark.parametrize("name", ["Admins", "Queue admins"])
    def test_other_preconfigured_groups_keep_their_name(
        self, house: House, bob: str, name: str
    ) -> None:
        here, group = house.admin, house.group(name)
        with house.refuses(RefusedByRule, field="name", says=name):
            here.edit_group(edit(here, group, name="New"))
        with house.refuses(RefusedByRule, says=name):
            here.delete_groups([group])
        here.edit_group(edit(here, group, description="Those who may", joining=(bob,)))
        details = here.group_details(group)
        assert details.row.description == "Those who may"
        assert bob in details.members
        assert (bool(details.name_refusal), details.members_refusal) == (True, "")

    def test_service_accounts_may_not_join_admins(self, house: House, bob: str, bot: str) -> None:
        here, admins = house.admin, house.group("Admins")
        with house.refuses(RefusedByRule, field="members", says="bot is a service account"):
            here.edit_group(edit(here, admins, joining=(bob, bot)))
        with house.refuses(RefusedByRule, field="groups", says="bot is a service account"):
            here.regroup_members([bob, bot], [admins], [])
        here.regroup_members([bob, bot], [house.group("Queue admins")], [])
        assert here.group_row(house.group("Queue admins")).first_members == ("Bob", "bot")

    def test_the_last_administrator_stays(self, house: House, bob: str, vision: str) -> None:
        here, admins = house.admin, house.group("Admins")
        with house.refuses(RefusedByRule, says="No active administrator"):
            here.edit_group(edit(here, admins, leaving=(here.actor,)))
        with house.refuses(RefusedByRule, says="No active administrator"):
            here.regroup_members([here.actor], [vision], [admins])
        here.edit_group(edit(here, admins, joining=(bob,), leaving=(here.actor,)))
        assert not here.is_administrator


class TestRegrouping:
    """Several members into and out of several groups, as one change."""

    def test_only_those_move_who_were_not_so(
        self, house: House, bob: str, pia: str, bot: str, vision: str
    ) -> None:
        research = house.admin.add_group("Research", "", [pia, bot])
        assert house.admin.regroup_members([bob, bot, bob], [vision], [research]) == 1
        assert kept(house, vision).members == [bob, bot]
        assert kept(house, research).members == [pia]
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [bot]
        assert entry["changed"] == {"joined": {vision: [bot]}, "left": {research: [bot]}}
        assert house.admin.regroup_members([bob, bot, pia], [], [vision, research]) == 3
        assert (kept(house, vision).members, kept(house, research).members) == ([], [])

    def test_what_is_gone_or_both(self, house: House, bob: str, vision: str) -> None:
        for joining, leaving in (([NOBODY], []), ([], [NOBODY])):
            with house.refuses(NotFound, field="groups"):
                house.admin.regroup_members([bob], joining, leaving)
        with house.refuses(InvalidInput, field="groups"):
            house.admin.regroup_members([bob], [vision], [vision])
        with house.refuses(InvalidInput, field="members"):
            house.admin.edit_group(edit(house.admin, vision, joining=(bob,), leaving=(bob,)))


class TestDeleting:
    """Out of members, rules and administrator vaults; first it is said what that does."""

    def test_what_names_it_loses_it(self, house: House, bob: str, bot: str, vision: str) -> None:
        here = house.admin
        research = here.add_group("Research", "", [])
        alone = here.add_access_rule(RuleDraft("queue", None, "Read Only", (), (vision,)))
        shared = here.add_access_rule(RuleDraft("task", None, "Read Only", (bot,), (vision,)))
        vault, other = house.add_vault("AWS", "Vision"), house.add_vault("GCP", "Vision", "Users")
        empty = house.add_vault("Empty", "Vision", "Research")
        details = here.group_details(vision)
        assert set(details.rules) == {alone, shared}
        assert details.vaults == ((vault, "AWS"), (empty, "Empty"), (other, "GCP"))

        found = here.preview_group_deletion([vision, house.group("Users"), vision])
        assert [(group.name, group.member_count, bool(group.reason)) for group in found.groups] == [
            ("Vision", 1, False),
            ("Users", 3, True),
        ]
        assert set(found.rules) == {alone, shared}
        assert found.rules_left_to_nobody == (alone,)
        assert set(found.vaults) == {"AWS", "GCP", "Empty"}
        assert set(found.vaults_reaching_nobody) == {"AWS", "Empty"}

        assert here.delete_groups([vision]) == 1
        assert names(here) == [*PRESETS, "Research"]
        assert here.access_rule_row(alone).grantees == ()
        assert [one.name for one in here.access_rule_row(shared).grantees] == ["bot"]
        assert here.administrator_vault_row(vault).groups == ()
        assert here.administrator_vault_row(other).groups == ("Users",)
        assert [group.name for group in here.user_details(bob).groups] == ["Users"]
        changed = checked_chain(house.folder)[-1]["changed"]
        assert changed["names"] == ["Vision"]
        assert set(changed["access rules"]) == {alone, shared}
        assert set(changed["administrator vaults"]) == {vault, other, empty}
        assert here.group_details(research).vaults == ((empty, "Empty"),)

    def test_a_preview_of_what_is_gone(self, house: House, vision: str) -> None:
        with house.refuses(NotFound):
            house.admin.preview_group_deletion([vision, NOBODY])


class TestListing:
    """The table of groups, and the members to pick from."""

    def test_every_column(self, house: House, bob: str, pia: str) -> None:
        here = house.admin
        here.add_group("bees", "z", [bob, pia])
        here.add_group("Ants", "y", [])
        assert names(here) == [*PRESETS, "Ants", "bees"]
        assert names(here, sort="name", descending=True) == ["bees", "Ants", *reversed(PRESETS)]
        assert names(here, sort="description", descending=True)[:2] == ["bees", "Ants"]
        assert names(here, sort="members", descending=True)[:2] == ["Users", "bees"]
        for column in COLUMNS:
            assert sorted(names(here, sort=column)) == sorted(names(here))
        assert here.group_count() == 5

    def test_what_a_filter_finds(self, house: House, bob: str, pia: str, vision: str) -> None:
        here = house.admin
        here.add_group("Research", "Bob's own", [pia])
        assert names(here, "VIS") == names(here, vision[:8]) == ["Vision"]
        assert names(here, "perception vis") == ["Vision"]
        assert names(here, "bob") == ["Research"]
        assert names(here, "who:bob") == ["Vision"]
        assert names(here, "who:pia research") == ["Research"]
        assert names(here, "who:") == names(here)
        assert names(here, "who:nobody") == []

    def test_the_first_members_follow_a_change_of_name(self, house: House, vision: str) -> None:
        here = house.admin
        ids = [
            link.user
            for link in here.invite_users(
                [invitee(f"u{number:02}@acme.example", f"U{number:02}") for number in range(20)], []
            )
        ]
        here.edit_group(edit(here, vision, joining=tuple(reversed(ids))))
        first = here.group_row(vision).first_members
        assert first == ("Bob", *(f"U{number:02}" for number in range(MOST_NAMED - 1)))
        assert here.group_details(vision).members[1:] == tuple(ids)
        here.edit_user(edit_of(here, ids[-1], name="Aaron"))
        assert here.group_row(vision).first_members[:2] == ("Aaron", "Bob")

    def test_members_by_name_with_what_stands_beside(
        self, house: House, bob: str, bot: str
    ) -> None:
        (nameless,) = house.invite("zed@acme.example")
        gone = house.add_user("gone@acme.example", "Gone")
        here = house.admin
        here.remove_users([gone])
        here.suspend_users([bob])
        assert members(here) == ["Ada Lindqvist", "Bob", "bot", "zed@acme.example"]
        assert members(here, "BO") == ["Bob", "bot"]
        assert members(here, "service acc") == ["bot"]
        assert members(here, "bob@acme") == members(here, bob[:6]) == ["Bob"]
        assert [here.member_name(key).beside for key in (bob, bot, nameless)] == [
            "bob@acme.example",
            "service account",
            "",
        ]
        assert here.member_name(bob).is_suspended
        assert here.member_name(gone).called == "Gone"
        with pytest.raises(NotFound):
            here.member_name(NOBODY)
        here.edit_service_account(account_edit(here, bot, name="zz-bot"))
        assert members(here)[-1] == "zz-bot"

    def test_others_see_names_only(self, house: House, bob: str, pia: str, vision: str) -> None:
        (nameless,) = house.invite("zed@acme.example")
        house.add_vault("Ours", "Vision")
        house.add_vault("Disabled", "Vision", enabled=False)
        research = house.admin.add_group("Research", "", [pia, nameless])
        house.add_vault("Theirs", "Research")
        plain = house.as_user("bob@acme.example")
        assert names(plain, "vision") == ["Vision"]
        assert members(plain) == ["Ada Lindqvist", "Bob", "invited user", "Pia"]
        assert members(plain, "zed") == members(plain, "pia@acme") == []
        assert plain.group_row(research).first_members == ("invited user", "Pia")
        assert [plain.member_name(key).email for key in (bob, pia)] == ["bob@acme.example", None]
        assert [name for _, name in plain.group_details(vision).vaults] == ["Ours"]
        assert plain.group_details(research).vaults == ()

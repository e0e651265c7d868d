"""Access rules: added, edited, deleted, listed, and what they would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest

from store.access_rule_listing import RuleColumn
from store.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RefusedByRule,
    StoreUnreadable,
    WorkspaceError,
)
from store.listing import Query
from store.models import AccessRule
from store.operations.access_rules import RuleDraft, RuleEdit
from store.operations.groups import GroupEdit
from store.operations.resources import ResourceDraft, ResourceEdit
from store.terms import ACCESS_RULES_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, account_edit, edit_of
from tests.store.keyring import put

COLUMNS: tuple[RuleColumn, ...] = get_args(RuleColumn)
NOBODY = "f" * 32
BOB = "bob@acme.example"


@pytest.fixture
def here(house: House) -> Workspace:
    """The workspace with a task in a project, and a queue, in Ada's name."""
    house.admin.add_resource(ResourceDraft("project", "p1", "Vision"))
    house.admin.add_resource(ResourceDraft("task", "t1", "train", "p1"))
    house.admin.add_resource(ResourceDraft("queue", "q1", "gpu"))
    return house.admin


@pytest.fixture
def bot(house: House) -> str:
    """The id of a service account."""
    return house.add_service_account("bot")


@pytest.fixture
def mlops(house: House, bot: str) -> str:
    """The id of a group with the service account in it."""
    return house.admin.add_group("MLOps", "", [bot])


@pytest.fixture
def rule(here: Workspace, bob: str, mlops: str) -> str:
    """The id of a rule on the task, for Bob and the group."""
    return here.add_access_rule(RuleDraft("task", "t1", "Read Only", (bob,), (mlops,)))


def found(here: Workspace, text: str = "", sort: str = "", descending: bool = False) -> list[str]:
    """The ids of the rules that the workspace's actor finds."""
    return list(here.list_access_rules(Query(text, sort, descending)).ids)


def kept(house: House, rule: str) -> AccessRule:
    """The rule as the file has it now."""
    return AccessRule.of(house.store().state.table(ACCESS_RULES_TABLE)[rule])


class TestAdding:
    """On one resource or all of a type, for members, groups or nobody."""

    def test_it_is_there(
        self, house: House, here: Workspace, bob: str, bot: str, mlops: str
    ) -> None:
        users = house.group("Users")
        draft = RuleDraft("task", "t1", "Read & Modify", (bot, bob, bot), (mlops, users, mlops))
        key = here.add_access_rule(draft)
        details = house.as_user().access_rule_details(key)
        row = details.row
        assert (row.id, row.type, row.resource) == (key, "task", "t1")
        assert (row.resource_name, row.path, row.permission) == ("train", "Vision", "Read & Modify")
        assert [(one.name, one.kind) for one in row.grantees] == [
            ("Users", "group"),
            ("MLOps", "group"),
            ("bot", "service account"),
            ("Bob", "user"),
        ]
        assert (details.revision, details.created_at, details.covers) == (1, house.at, 1)
        assert here.group_details(mlops).rules == (key,)
        assert here.resource_details("t1").rules == (key,)
        assert checked_chain(house.folder)[-1]["changed"] == {
            "type": [None, "task"],
            "resource": [None, "t1"],
            "permission": [None, "Read & Modify"],
            "members": [None, [bot, bob]],
            "groups": [None, [mlops, users]],
        }

    def test_what_rules_cover(self, here: Workspace) -> None:
        drafts = [
            RuleDraft("project", "p1", "Read Only"),
            RuleDraft("project", None, "Read Only"),
            RuleDraft("task", None, "Read Only"),
            RuleDraft("model", None, "Read Only"),
        ]
        details = [here.access_rule_details(here.add_access_rule(draft)) for draft in drafts]
        assert [one.covers for one in details] == [2, 2, 1, 0]
        assert [one.row.resource_name for one in details[1:]] == [
            "All projects",
            "All tasks",
            "All models",
        ]
        assert all(one.row.grantees == () for one in details)

    @pytest.mark.parametrize(
        ("wrong", "error", "field"),
        [
            ({"type": "pipeline"}, InvalidInput, "type"),
            ({"permission": "All"}, InvalidInput, "permission"),
            ({"resource": "nope"}, NotFound, "resource"),
            ({"resource": "q1"}, InvalidInput, "resource"),
            ({"members": (NOBODY,)}, NotFound, "members"),
            ({"groups": (NOBODY,)}, NotFound, "groups"),
        ],
    )
    def test_what_is_wrong_is_refused_at_its_field(
        self,
        house: House,
        here: Workspace,
        rule: str,
        wrong: dict[str, Any],
        error: type[WorkspaceError],
        field: str,
    ) -> None:
        draft = replace(RuleDraft("task", "t1", "Read Only"), **wrong)
        with house.refuses(error, field=field):
            here.add_access_rule(draft)
        with house.refuses(error, field=field):
            here.edit_access_rule(RuleEdit(rule, 1, draft))

    def test_a_removed_member_is_refused(self, house: House, here: Workspace, bob: str) -> None:
        here.remove_users([bob])
        with house.refuses(NotFound, field="members", says="Bob was removed"):
            here.add_access_rule(RuleDraft("task", None, "Read Only", (bob,)))


class TestEditing:
    """All of it, from the revision that was shown."""

    def test_all_of_it(
        self, house: House, here: Workspace, rule: str, bob: str, mlops: str
    ) -> None:
        here.edit_access_rule(RuleEdit(rule, 1, RuleDraft("queue", None, "Read & Modify", (bob,))))
        now = kept(house, rule)
        assert (now.type, now.resource, now.permission) == ("queue", None, "Read & Modify")
        assert (now.members, now.groups, now.revision) == ([bob], [], 2)
        assert checked_chain(house.folder)[-1]["changed"] == {
            "type": ["task", "queue"],
            "resource": ["t1", None],
            "permission": ["Read Only", "Read & Modify"],
            "groups": [[mlops], []],
        }
        before = house.bytes()
        here.edit_access_rule(
            RuleEdit(rule, 2, RuleDraft("queue", None, "Read & Modify", (bob, bob)))
        )
        assert house.bytes() == before

    def test_a_former_revision_is_a_conflict(
        self, house: House, here: Workspace, rule: str, mlops: str
    ) -> None:
        here.delete_groups([mlops])
        with house.refuses(Conflict):
            here.edit_access_rule(RuleEdit(rule, 1, RuleDraft("task", "t1", "Read Only")))

    def test_deleting_says_what_the_rule_was(
        self, house: House, here: Workspace, rule: str, bob: str, mlops: str
    ) -> None:
        assert here.delete_access_rules([rule, rule]) == 1
        assert here.access_rule_count() == 0
        told = {"type": "task", "resource": "t1", "permission": "Read Only"}
        assert checked_chain(house.folder)[-1]["changed"] == {
            "rules": [told | {"members": [bob], "groups": [mlops]}]
        }

    def test_a_removed_member_leaves_it(
        self, house: House, here: Workspace, rule: str, bob: str, bot: str, mlops: str
    ) -> None:
        named = here.add_access_rule(RuleDraft("queue", None, "Read Only", (bot,)))
        here.remove_users([bob])
        here.delete_service_accounts([bot])
        assert [one.name for one in here.access_rule_row(rule).grantees] == ["MLOps"]
        assert here.access_rule_row(named).grantees == ()
        (again,) = house.invite(BOB)
        assert again == bob
        assert [one.name for one in here.access_rule_row(rule).grantees] == ["MLOps"]


class TestListing:
    """The table of rules."""

    @pytest.fixture
    def rules(self, here: Workspace, rule: str, bot: str) -> dict[str, str]:
        """The ids of three rules by what they are called here."""
        return {
            "task": rule,
            "queues": here.add_access_rule(RuleDraft("queue", None, "Read & Modify", (bot,))),
            "nobody": here.add_access_rule(RuleDraft("project", "p1", "Read Only")),
        }

    def test_every_column(self, house: House, here: Workspace, rules: dict[str, str]) -> None:
        task, queues, nobody = rules["task"], rules["queues"], rules["nobody"]
        assert found(here) == [queues, task, nobody]
        assert found(here, sort="resource", descending=True) == [nobody, task, queues]
        assert found(here, sort="type") == [nobody, task, queues]
        assert found(here, sort="permission")[0] == queues
        assert found(here, sort="who") == [nobody, queues, task]
        for column in COLUMNS:
            assert found(house.as_user(BOB), sort=column) == found(here, sort=column)

    def test_what_a_filter_finds(self, here: Workspace, rules: dict[str, str]) -> None:
        task, queues, nobody = rules["task"], rules["queues"], rules["nobody"]
        for text, wanted in {
            "type:task": [task],
            "type:": [queues, task, nobody],
            "resource:vision": [task, nobody],
            "resource:t1": [task],
            "resource:all": [queues],
            "resource:mlops": [],
            "who:MLOPS": [task],
            "who:bob@": [task],
            "who:bot": [queues],
            "who:service": [queues],
            "who:nobody": [nobody],
            "who:vision": [],
            "vision": [task, nobody],
            "all queues": [queues],
            "modify": [queues],
            "bob only": [task],
            "nobody": [nobody],
            task[:8]: [task],
            "type:task who:bot": [],
        }.items():
            assert found(here, text) == wanted, text

    def test_others_find_no_emails(self, house: House, here: Workspace, rule: str) -> None:
        pia = house.invite("pia@acme.example", name="Pia")[0]
        here.add_access_rule(RuleDraft("task", None, "Read Only", (pia,)))
        plain = house.as_user(BOB)
        assert len(found(plain, "who:pia")) == 1
        assert found(plain, "who:pia@acme") == found(plain, "pia@acme") == []
        assert len(found(plain, "who:bob@acme")) == 1

    def test_it_follows_what_it_names(
        self, here: Workspace, rules: dict[str, str], bob: str, mlops: str
    ) -> None:
        found(here, "who:bob")
        here.edit_user(edit_of(here, bob, name="Robert"))
        here.edit_group(GroupEdit(mlops, 1, "Operations", ""))
        here.edit_resource(ResourceEdit("p1", 1, "Sight", None))
        assert found(here, "who:bob") == [rules["task"]]  # by the email
        assert found(here, "who:robert") == found(here, "operations") == [rules["task"]]
        assert found(here, "sight") == [rules["nobody"], rules["task"]]
        assert here.access_rule_row(rules["task"]).path == "Sight"

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_hostile_names_are_shown_as_they_are(
        self, house: House, here: Workspace, name: str
    ) -> None:
        here.add_resource(ResourceDraft("queue", "q2", name))
        group = here.add_group(name, "", [])
        key = here.add_access_rule(RuleDraft("queue", "q2", "Read Only", (), (group,)))
        row = here.access_rule_row(key)
        assert (row.resource_name, row.grantees[0].name) == (name, name)
        assert found(here, sort="who") == [key]


@pytest.mark.parametrize(
    ("wrong", "filter_text"),
    [({"resource": NOBODY}, ""), ({"groups": [NOBODY]}, "who:x"), ({"members": [NOBODY]}, "who:x")],
)
def test_a_damaged_rule_is_told_of(
    house: House, here: Workspace, rule: str, wrong: dict[str, Any], filter_text: str
) -> None:
    found(here)
    put(house, ACCESS_RULES_TABLE, kept(house, rule).document() | wrong)
    here.refresh()
    with pytest.raises(StoreUnreadable, match="Restore a copy"):
        found(here, filter_text)
    if "members" not in wrong:
        with pytest.raises(StoreUnreadable, match=f"entry {rule} in access_rules"):
            here.access_rule_row(rule)
    # Deleting it mends the list.
    here.delete_access_rules([rule])
    assert found(here, filter_text) == []


class TestImpacts:
    """What an operation would change: asked for, nothing is changed, and it errs as that would."""

    def test_a_first_rule_closes_and_the_last_opens(
        self, here: Workspace, house: House, bob: str, bot: str, mlops: str
    ) -> None:
        draft = RuleDraft("queue", "q1", "Read & Modify", (), (mlops,))
        before = house.bytes()
        impact = here.impact_of_adding_rule(draft)
        assert [(one.resources, one.after, one.members) for one in impact.losses] == [
            (("q1",), None, (bob,))
        ]
        assert {member for one in impact.kept for member in one.members} == {here.actor, bot}
        assert house.bytes() == before

        key = here.add_access_rule(draft)
        assert here.effective_access(bob).covered[0].permission is None
        assert set(here.who_can("q1").permissions) == {here.actor, bot}
        (grant,) = here.grants_on("q1", bot)
        assert (grant.kind, grant.rule, grant.group) == ("rule", key, mlops)
        assert here.unreachable_queues(bob) == ("gpu",)
        impact = here.impact_of_rule_deletion([key])
        assert [(one.before, one.members) for one in impact.gains] == [(None, (bob,))]

    def test_every_operation_that_moves_access(
        self, house: House, here: Workspace, bob: str, bot: str, mlops: str
    ) -> None:
        key = here.add_access_rule(RuleDraft("project", "p1", "Read & Modify", (), (mlops,)))
        narrow = RuleDraft("project", "p1", "Read Only", (), (mlops,))
        joining = GroupEdit(mlops, 1, "MLOps", "", joining=(bob,))
        impacts: dict[str, Any] = {
            "edit": here.impact_of_rule_edit(RuleEdit(key, 1, narrow)),
            "join": here.impact_of_group_edit(joining),
            "regroup": here.impact_of_regrouping([bob], [mlops], []),
            "user": here.impact_of_user_edit(edit_of(here, bob, joining=(mlops,))),
            "account": here.impact_of_service_account_edit(
                account_edit(here, bot, leaving=(mlops,))
            ),
            "move": here.impact_of_resource_edit(ResourceEdit("t1", 1, "train", None)),
            "import": here.impact_of_resource_import('{"type":"task","id":"t1","name":"train"}'),
            "group": here.preview_group_deletion([mlops]).impact,
            "rename": here.impact_of_group_edit(GroupEdit(mlops, 1, "Ops", "")),
            "preset": here.preview_group_deletion([house.group("Users")]).impact,
        }
        gained = {name: one.members for name, found in impacts.items() for one in found.gains}
        lost = {name: one.members for name, found in impacts.items() for one in found.losses}
        assert gained == dict.fromkeys(("join", "regroup", "user", "move", "import"), (bob,))
        assert lost == dict.fromkeys(("edit", "account", "group"), (bot,))
        assert not impacts["rename"]
        assert here.preview_resource_deletion(["p1"]).impact == impacts["preset"]

    def test_they_err_as_the_operations_do(
        self, house: House, here: Workspace, rule: str, bob: str, bot: str
    ) -> None:
        admins = house.group("Admins")
        asked: list[tuple[type[WorkspaceError], str | None, Callable[[], object]]] = [
            (
                NotFound,
                "resource",
                lambda: here.impact_of_adding_rule(RuleDraft("task", "nope", "Read Only")),
            ),
            (
                Conflict,
                None,
                lambda: here.impact_of_rule_edit(
                    RuleEdit(rule, 7, RuleDraft("task", "t1", "Read Only"))
                ),
            ),
            (RefusedByRule, "groups", lambda: here.impact_of_regrouping([bot], [admins], [])),
            (RefusedByRule, None, lambda: here.impact_of_regrouping([here.actor], [], [admins])),
            (NotAllowed, None, lambda: house.as_user(BOB).impact_of_rule_deletion([rule])),
            (NotAllowed, None, lambda: house.as_user(BOB).preview_group_deletion([])),
            (NotAllowed, None, lambda: house.as_user(BOB).preview_resource_deletion([])),
        ]
        for error, field, ask in asked:
            with house.refuses(error, field=field):
                ask()

    def test_others_may_ask_who_can_reach_what(
        self, house: House, here: Workspace, rule: str, bob: str, bot: str
    ) -> None:
        plain = house.as_user(BOB)
        assert plain.effective_access(bot) == here.effective_access(bot)
        assert plain.who_can("t1") == here.who_can("t1")
        assert plain.access_rule_row(rule) == here.access_rule_row(rule)


def test_preparing_leaves_damage_to_be_told_to_whoever_asks(
    house: House, here: Workspace, rule: str
) -> None:
    document = kept(house, rule).document()
    del document["type"]
    put(house, ACCESS_RULES_TABLE, document)
    here.refresh()
    here.prepare_access()
    with pytest.raises(StoreUnreadable, match=f"entry {rule} in access_rules"):
        here.effective_access(here.actor)

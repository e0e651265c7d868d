"""The catalogue: resources added, renamed, moved, deleted, imported and listed."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from store.errors import AlreadyExists, Conflict, InvalidInput, NotAllowed, NotFound, RefusedByRule
from store.listing import Query
from store.models import Resource
from store.operations.access_rules import RuleDraft
from store.operations.resources import ResourceDraft, ResourceEdit
from store.resource_listing import ResourceColumn
from store.terms import RESOURCE_TYPES, RESOURCES_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House

COLUMNS: tuple[ResourceColumn, ...] = get_args(ResourceColumn)
# Vision > Detector > train, with a dataset in Vision, and a queue.
LINES = (
    {"type": "task", "id": "t1", "name": "train", "project": "p2"},
    {"type": "project", "id": "p2", "name": "Detector", "project": "p1"},
    {"type": "project", "id": "p1", "name": "Vision"},
    {"type": "dataset", "id": "d1", "name": "street scenes", "project": "p1"},
    {"type": "queue", "id": "q1", "name": "gpu", "project": None},
)


def as_text(*lines: dict[str, Any]) -> str:
    """Those lines as they are pasted."""
    return "\n".join(json.dumps(line) for line in lines)


@pytest.fixture
def here(house: House) -> Workspace:
    """The workspace with the catalogue of LINES, in Ada's name."""
    house.admin.import_resources(as_text(*LINES))
    return house.admin


def found(here: Workspace, text: str = "", sort: str = "", descending: bool = False) -> list[str]:
    """The ids of the resources that the workspace's actor finds."""
    return list(here.list_resources(Query(text, sort, descending)).ids)


def kept(house: House, resource: str) -> Resource:
    """The resource as the file has it now."""
    return Resource.of(house.store().state.table(RESOURCES_TABLE)[resource])


class TestAdding:
    """A type, an id, a name and a project."""

    def test_it_is_there(self, house: House, here: Workspace) -> None:
        here.add_resource(ResourceDraft("model", " m-1:é ", " yolo ", "p2"))
        row = house.as_user().resource_row("m-1:é")
        assert (row.type, row.name, row.path) == ("model", "yolo", "Vision/Detector")
        assert (row.rules, row.contents) == (0, 0)
        assert here.resource_row("p1").contents == 4
        details = here.resource_details("m-1:é")
        assert (details.project, details.revision, details.rules) == ("p2", 1, ())
        entry = checked_chain(house.folder)[-1]
        assert entry["changed"] == {
            "type": [None, "model"],
            "name": [None, "yolo"],
            "project": [None, "p2"],
        }

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        house.admin.add_resource(ResourceDraft("project", "p", name))
        house.admin.add_resource(ResourceDraft("task", "t", name, "p"))
        assert kept(house, "t").name == house.admin.resource_row("t").path == name

    @pytest.mark.parametrize("key", ["", " ", "a b", "a\u200db", "a\tb", "x" * 101, "a\udc00"])
    def test_a_bad_id_is_refused_at_its_field(self, house: House, key: str) -> None:
        with house.refuses(InvalidInput, field="id"):
            house.admin.add_resource(ResourceDraft("task", key, "New"))

    @pytest.mark.parametrize("name", ["", " ", "x" * 1_001, "a\udc00"])
    def test_a_bad_name_is_refused_at_its_field(
        self, house: House, here: Workspace, name: str
    ) -> None:
        with house.refuses(InvalidInput, field="name"):
            here.add_resource(ResourceDraft("task", "t2", name))
        with house.refuses(InvalidInput, field="name"):
            here.edit_resource(ResourceEdit("t1", 1, name, "p2"))

    def test_an_id_is_used_once(self, house: House, here: Workspace) -> None:
        with house.refuses(AlreadyExists, field="id", says="the queue gpu"):
            here.add_resource(ResourceDraft("task", "q1", "New"))
        # Names need not be unique, and ids differ by case.
        here.add_resource(ResourceDraft("queue", "Q1", "gpu"))

    def test_a_type_that_is_none(self, house: House) -> None:
        with house.refuses(InvalidInput, field="type"):
            house.admin.add_resource(ResourceDraft("pipeline", "x", "New"))  # type: ignore[arg-type]

    def test_where_it_cannot_lie(self, house: House, here: Workspace) -> None:
        for project, error in (("nope", NotFound), ("t1", RefusedByRule)):
            with house.refuses(error, field="project"):
                here.add_resource(ResourceDraft("task", "t2", "New", project))
            with house.refuses(error, field="project"):
                here.edit_resource(ResourceEdit("d1", 1, "street scenes", project))
        with house.refuses(RefusedByRule, field="project", says="queue"):
            here.add_resource(ResourceDraft("queue", "q2", "New", "p1"))
        with house.refuses(RefusedByRule, field="project", says="queue"):
            here.edit_resource(ResourceEdit("q1", 1, "gpu", "p1"))


class TestEditing:
    """Renamed and moved; type and id are fixed."""

    def test_renamed_and_moved(self, house: House, here: Workspace) -> None:
        here.edit_resource(ResourceEdit("p2", 1, " Finder ", ""))
        assert here.resource_row("t1").path == "Finder"
        assert (here.resource_row("p1").contents, here.resource_row("p2").path) == (1, "")
        assert checked_chain(house.folder)[-1]["changed"] == {
            "name": ["Detector", "Finder"],
            "project": ["p1", None],
        }
        before = house.bytes()
        here.edit_resource(ResourceEdit("p2", 2, "Finder", None))
        assert house.bytes() == before

    def test_a_former_revision_is_a_conflict(self, house: House, here: Workspace) -> None:
        here.edit_resource(ResourceEdit("t1", 1, "other", "p2"))
        with house.refuses(Conflict, says="other was changed"):
            here.edit_resource(ResourceEdit("t1", 1, "late", "p2"))

    @pytest.mark.parametrize("into", ["p1", "p2"])
    def test_no_project_lies_in_itself(self, house: House, here: Workspace, into: str) -> None:
        with house.refuses(RefusedByRule, field="project", says="in itself"):
            here.edit_resource(ResourceEdit("p1", 1, "Vision", into))


class TestDeleting:
    """With the rules about it; a project with all that lies in it."""

    def test_a_project_takes_its_contents_and_their_rules(
        self, house: House, here: Workspace
    ) -> None:
        drafts = (
            RuleDraft("project", "p1", "Read Only"),
            RuleDraft("task", "t1", "Read Only"),
            RuleDraft("queue", "q1", "Read Only"),
            RuleDraft("task", None, "Read Only"),
        )
        rules = [here.add_access_rule(draft) for draft in drafts]
        preview = here.preview_resource_deletion(["p2", "p1"])
        assert set(preview.resources) == {"p1", "p2", "t1", "d1"}
        assert set(preview.rules) == set(rules[:2])
        assert here.delete_resources(["p2", "p1", "p2"]) == 4
        assert found(here) == ["q1"]
        assert set(here.list_access_rules(Query()).ids) == set(rules[2:])
        changed = checked_chain(house.folder)[-1]["changed"]
        assert sorted(changed["names"]) == ["Detector", "Vision", "street scenes", "train"]
        assert set(changed["access rules"]) == set(rules[:2])
        with house.refuses(NotFound):
            here.preview_resource_deletion(["p1"])


BAD_LINES = {
    "{": "not JSON",
    "[" * 100_000: "not JSON",
    "[]": "object",
    "7": "object",
    '{"type": "task", "id": "x"}': "name is missing",
    '{"type": "task", "id": 7, "name": "x"}': "id is missing, or no text",
    '{"type": "pipeline", "id": "x", "name": "x"}': "type must be one of",
    '{"type": "task", "id": "a b", "name": "x"}': "without blanks",
    '{"type": "task", "id": "x", "name": " "}': "must not be empty",
    '{"type": "task", "id": "x", "name": "\\ud800"}': "half of a character",
    '{"type": "task", "id": "x", "name": "x", "projct": "p1"}': "'projct' is none of",
    '{"type": "task", "id": "x", "name": "x", "project": ["p1"]}': "id of a project",
    '{"type": "task", "id": "x", "name": "x", "project": "nope"}': "no project nope",
    '{"type": "task", "id": "x", "name": "x", "project": "d1"}': "only projects hold",
    '{"type": "queue", "id": "x", "name": "x", "project": "p1"}': "lies in no project",
    '{"type": "queue", "id": "t1", "name": "x"}': "the task train",
    '{"type": "project", "id": "p1", "name": "x", "project": "p2"}': "in itself",
    '{"type": "project", "id": "x", "name": "x", "project": "x"}': "in itself",
}


class TestImporting:
    """JSON lines, in any order, all of them or none."""

    def test_a_catalogue(self, house: House) -> None:
        text = "\ufeff\r\n" + as_text(*LINES).replace("\n", "\r\n\n") + "\n"
        checked = house.admin.check_resources(text)
        assert (checked.new, checked.changed, checked.unchanged, checked.problems) == (5, 0, 0, ())
        assert house.admin.import_resources(text) == checked
        assert house.as_user().resource_row("t1").path == "Vision/Detector"
        entry = checked_chain(house.folder)[-1]
        assert entry["changed"] == {"new": ["t1", "p2", "p1", "d1", "q1"], "changed": {}}

    def test_what_is_there_already_gets_the_new_name_and_place(
        self, house: House, here: Workspace
    ) -> None:
        # The two projects change places, which no single edit could do.
        text = as_text(
            {"type": "project", "id": "p1", "name": "Vision", "project": "p2"},
            {"type": "project", "id": "p2", "name": "Detector"},
            {"type": "task", "id": "t1", "name": "train", "project": "p2"},
            {"type": "dataset", "id": "d1", "name": "streets\u2028", "project": "p1"},
            {"type": "model", "id": "m1", "name": "yolo", "project": "p1"},
        )
        result = here.import_resources(text)
        assert (result.new, result.changed, result.unchanged) == (1, 3, 1)
        assert here.resource_row("m1").path == "Detector/Vision"
        assert (kept(house, "p1").revision, kept(house, "t1").revision) == (2, 1)
        assert checked_chain(house.folder)[-1]["changed"] == {
            "new": ["m1"],
            "changed": {
                "p1": {"project": [None, "p2"]},
                "p2": {"project": ["p1", None]},
                "d1": {"name": ["street scenes", "streets"]},
            },
        }
        before = house.bytes()
        assert here.import_resources(text).unchanged == 5
        assert house.bytes() == before

    @pytest.mark.parametrize("line", BAD_LINES, ids=lambda line: BAD_LINES[line])
    def test_a_bad_line_is_told_by_its_number(
        self, house: House, here: Workspace, line: str
    ) -> None:
        text = "\n" + as_text({"type": "queue", "id": "q2", "name": "new"}) + f"\n\n{line}"
        checked = here.check_resources(text)
        ((number, problem),) = [(one.number, one.problem) for one in checked.problems]
        assert number == 4
        assert BAD_LINES[line] in problem
        with house.refuses(InvalidInput, field="text", says="Line 4: .* Nothing was imported"):
            here.import_resources(text)

    def test_every_bad_line_is_told(self, house: House, here: Workspace) -> None:
        again = {"type": "project", "id": "x", "name": "x", "project": "y"}
        text = as_text(again, again | {"id": "y", "project": "x"}, again, {}) + "\n{"
        problems = here.check_resources(text).problems
        assert [one.number for one in problems] == [1, 2, 3, 4, 5]
        assert "in line 1 already" in problems[2].problem
        with house.refuses(InvalidInput, field="text", says="4 more lines are bad"):
            here.import_resources(text)

    def test_nothing_to_import(self, house: House) -> None:
        assert house.admin.check_resources(" \n").new == 0
        with house.refuses(InvalidInput, field="text"):
            house.admin.import_resources(" \n")

    def test_others_may_not_even_check(self, house: House, bob: str) -> None:
        with pytest.raises(NotAllowed):
            house.as_user("bob@acme.example").check_resources("")


class TestListing:
    """The table of the catalogue."""

    def test_every_column(self, house: House, here: Workspace, bob: str) -> None:
        here.add_access_rule(RuleDraft("dataset", "d1", "Read Only"))
        assert found(here) == ["p2", "q1", "d1", "t1", "p1"]
        assert found(here, sort="name", descending=True) == ["p1", "t1", "d1", "q1", "p2"]
        assert found(here, sort="type") == ["p2", "p1", "t1", "d1", "q1"]
        assert found(here, sort="project") == ["q1", "p1", "p2", "d1", "t1"]
        assert found(here, sort="rules", descending=True)[0] == "d1"
        assert found(here, sort="id") == ["d1", "p1", "p2", "q1", "t1"]
        for column in COLUMNS:
            assert sorted(found(here, sort=column)) == sorted(found(here))
        # Anybody may read it.
        assert found(house.as_user("bob@acme.example"), "type:queue") == ["q1"]
        assert here.resource_count() == 5

    def test_what_a_filter_finds(self, here: Workspace) -> None:
        assert found(here, "type:project") == ["p2", "p1"]
        assert found(here, "TYPE:DATA") == ["d1"]
        assert found(here, "task") == ["t1"]
        assert found(here, "vision") == ["p2", "d1", "t1", "p1"]
        assert found(here, "vision/det") == ["t1"]
        assert found(here, "project:vision type:task") == ["t1"]
        assert found(here, "type:vision") == []
        assert found(here, "q1") == ["q1"]
        for kind in RESOURCE_TYPES:
            assert all(here.resource_row(key).type == kind for key in found(here, f"type:{kind}"))

    def test_it_follows_a_change(self, here: Workspace) -> None:
        found(here, "vision")
        here.edit_resource(ResourceEdit("p1", 1, "Sight", None))
        assert found(here, "vision") == []
        assert found(here, "sight") == ["p2", "p1", "d1", "t1"]

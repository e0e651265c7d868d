"""Which rules cover a resource, as the workspace tells it."""

from __future__ import annotations

import pytest

from store.errors import NotFound
from store.operations.access_rules import RuleDraft
from store.operations.resources import ResourceDraft
from store.terms import ResourceType
from tests.store.house import House


def test_its_own_those_of_its_type_and_those_around_it(house: House) -> None:
    here = house.admin
    here.add_resource(ResourceDraft("project", "p1", "Vision"))
    here.add_resource(ResourceDraft("project", "p2", "Perception", "p1"))
    here.add_resource(ResourceDraft("task", "t1", "train", "p2"))
    here.add_resource(ResourceDraft("task", "t2", "loose"))

    def add(about: ResourceType, resource: str | None) -> str:
        return here.add_access_rule(RuleDraft(about, resource, "Read Only"))

    assert here.covering_rules("t1") == ()
    around, tasks, own = add("project", "p1"), add("task", None), add("task", "t1")
    add("queue", None)
    assert here.covering_rules("t1")[0] == own
    assert set(here.covering_rules("t1")) == {own, tasks, around}
    assert here.covering_rules("t2") == (tasks,)
    assert here.covering_rules("p2") == (around,)
    with pytest.raises(NotFound):
        here.covering_rules("gone")

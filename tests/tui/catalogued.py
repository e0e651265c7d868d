"""A workspace with resources and a group for the screens of access."""

from __future__ import annotations

import json
from collections.abc import Sequence

from store.access_views import RuleRow
from store.listing import Query
from store.operations.access_rules import RuleDraft
from store.terms import READ_MODIFY, Permission, ResourceType
from tests.store.house import House
from tests.tui.seat import Seat

RESOURCES = (
    {"type": "project", "id": "p1", "name": "Vision"},
    {"type": "project", "id": "p2", "name": "Perception", "project": "p1"},
    {"type": "task", "id": "t1", "name": "train", "project": "p2"},
    {"type": "task", "id": "t2", "name": "evaluate", "project": "p2"},
    {"type": "queue", "id": "q1", "name": "gpu"},
)
CATALOGUED = ["evaluate", "gpu", "Perception", "train", "Vision"]


def lines(*resources: object) -> str:
    """Resources as JSON lines."""
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in resources)


def fill(house: House) -> None:
    """Put the resources into the catalogue, as another administrator would."""
    house.as_user().import_resources(lines(*RESOURCES))


def add_rule(
    house: House,
    resource_type: ResourceType,
    resource: str | None,
    permission: Permission = READ_MODIFY,
    members: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> str:
    """Add a rule, as another administrator would; its id."""
    draft = RuleDraft(resource_type, resource, permission, tuple(members), tuple(groups))
    return house.as_user().add_access_rule(draft)


def rules(house: House) -> list[RuleRow]:
    """The rules that the store has now."""
    here = house.as_user()
    return [here.access_rule_row(key) for key in here.list_access_rules(Query()).ids]


def given(row: RuleRow) -> list[str]:
    """What those are called that a rule is given to."""
    return [one.name for one in row.grantees]


async def to_rules(seat: Seat, *rows: str) -> None:
    """Go to the tab, and wait for these rows."""
    await seat.press("5")
    await seat.until(lambda: seat.tab.id == "access-rules" and "ACCESS RULES" in seat.heading)
    await seat.until(lambda: not rows or seat.rows == list(rows))


async def to_catalogue(seat: Seat, *rows: str) -> None:
    """Open the catalogue, and wait for these rows."""
    await to_rules(seat)
    await seat.press("b")
    await seat.until_dialog("Catalogue")
    await seat.until(lambda: not rows or seat.rows == list(rows))

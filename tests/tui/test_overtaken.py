"""Confirmations of impacts that others overtake while one reads: what is done is what was shown."""

from __future__ import annotations

import pytest

from store.listing import Query
from store.operations.groups import GroupEdit
from store.terms import READ_ONLY
from tests.store.house import House
from tests.tui.catalogued import add_rule, fill, rules, to_catalogue, to_rules
from tests.tui.seat import Seat, sit

ASKING = "ImpactConfirmation"
AGAIN = "Others have changed the workspace meanwhile"


@pytest.fixture
def mlops(house: House, bob: str) -> str:
    """A group of Bob, which alone may reach a task."""
    fill(house)
    group = house.add_group("MLOps", bob)
    add_rule(house, "task", "t1", groups=[group])
    return group


def put_in(house: House, group: str, member: str) -> None:
    """Put a member into a group, as another program would."""
    here = house.as_user()
    details = here.group_details(group)
    edit = GroupEdit(group, details.revision, details.row.name, "", joining=(member,))
    here.edit_group(edit)


def group_names(house: House) -> list[str]:
    here = house.as_user()
    return [here.group_row(key).name for key in here.list_groups(Query()).ids]


async def ask_to_delete_mlops(seat: Seat) -> None:
    await seat.press("3")
    await seat.until(lambda: "MLOps" in seat.rows)
    await seat.go_to("MLOps")
    await seat.press("d")
    await seat.until_dialog(ASKING)
    await seat.until_shown("1 member loses access to 1 resource.")


def test_a_group_is_deleted_once_who_loses_by_it_is_seen(
    house: House, mlops: str, pia: str
) -> None:
    async def scenario(seat: Seat) -> None:
        await ask_to_delete_mlops(seat)
        put_in(house, mlops, pia)
        await seat.fill("expected", "mlops")
        await seat.press("enter")
        await seat.until_said(AGAIN)
        await seat.until_shown("2 members lose access to 1 resource.")
        assert "MLOps" in group_names(house)
        await seat.fill("expected", "mlops")
        await seat.press("enter")
        await seat.until_said("1 user group deleted.")

    sit(house.as_user(), scenario)
    assert "MLOps" not in group_names(house)


def test_what_changes_nothing_of_it_is_not_asked_about_again(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await ask_to_delete_mlops(seat)
        house.as_user().add_group("Other", "", [])
        await seat.fill("expected", "mlops")
        await seat.press("enter")
        await seat.until_said("1 user group deleted.")
        assert not any(AGAIN in said for said in seat.said)

    sit(house.as_user(), scenario)


def test_members_are_saved_once_what_they_gain_is_seen(house: House, mlops: str, pia: str) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("1")
        await seat.until(lambda: "Pia" in seat.rows)
        await seat.go_to("Pia")
        await seat.press("u")
        await seat.until_dialog("RegroupDialog")
        await seat.press("end", "plus", "ctrl+s")
        await seat.until_dialog(ASKING)
        await seat.until_shown("1 member gains access to 1 resource.")
        add_rule(house, "queue", "q1", groups=[mlops])
        await seat.click_button("Save")
        await seat.until_said(AGAIN)
        await seat.until_shown("1 member gains access to 2 resources.")
        await seat.click_button("Save")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert pia in house.as_user().group_details(mlops).members


def test_a_rule_is_deleted_once_what_opens_is_seen(house: House, mlops: str) -> None:
    broad = add_rule(house, "task", None, READ_ONLY)

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "All tasks", "train")
        await seat.go_to("train")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.until_shown("1 member loses access to 1 resource.")
        house.as_user().delete_access_rules([broad])
        await seat.fill("expected", "train")
        await seat.press("enter")
        await seat.until_said(AGAIN)
        await seat.until_shown("it opens to every member")
        assert len(rules(house)) == 1
        await seat.fill("expected", "train")
        await seat.press("enter")
        await seat.until_said("1 access rule deleted.")

    sit(house.as_user(), scenario)
    assert rules(house) == []


def test_a_rule_is_saved_once_whom_it_closes_out_is_seen(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        await seat.press("e")
        await seat.until_dialog("AccessRuleForm")
        seat.app.screen.query_one("#field-permission OnePicker").focus()
        await seat.press("up", "ctrl+s")
        await seat.until_dialog(ASKING)
        await seat.until_shown("1 member loses Read & Modify on 1 resource.")
        add_rule(house, "task", "t1", groups=[mlops])
        await seat.click_button("Save")
        await seat.until_said(AGAIN)
        await seat.until_shown("No member's access changes.")
        await seat.click_button("Save")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert sorted(row.permission for row in rules(house)) == ["Read & Modify", "Read Only"]


def test_a_resource_is_deleted_once_its_rules_are_seen(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat)
        await seat.go_to("train")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        await seat.until_shown("With its rules (1):")
        add_rule(house, "task", "t1", READ_ONLY)
        await seat.fill("expected", "train")
        await seat.press("enter")
        await seat.until_said(AGAIN)
        await seat.until_shown("With its rules (2):")
        await seat.fill("expected", "train")
        await seat.press("enter")
        await seat.until_said("1 resource deleted.")

    sit(house.as_user(), scenario)
    assert rules(house) == []

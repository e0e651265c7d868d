"""Adding and editing access rules by keys, with the impact that is shown before."""

from __future__ import annotations

import json

import pytest

from store.listing import Query
from store.operations.access_rules import RuleDraft, RuleEdit
from tests.store.house import House
from tests.tui.catalogued import add_rule, fill, given, rules, to_rules
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.widgets.group_search import GroupSearch
from tui.widgets.member_picker import MemberPicker
from tui.widgets.one_picker import OnePicker
from tui.widgets.resource_picker import ResourcePicker

ASKING, FORM, RESOURCE = "ImpactConfirmation", "AccessRuleForm", "ResourceForm"


@pytest.fixture
def mlops(house: House, bob: str) -> str:
    """A group with Bob in it, and resources."""
    fill(house)
    return house.add_group("MLOps", bob)


async def open_form(seat: Seat, *rows: str, key: str = "a") -> None:
    """Open the form with a key, on the first of these rows."""
    await to_rules(seat, *rows)
    await seat.press(key)
    await seat.until_dialog(FORM)


async def to_box(seat: Seat, field: str) -> None:
    """Go to the box of a field by tab."""
    for _ in range(12):
        focused = seat.app.screen.focused
        if focused is not None and focused is seat.input(field):
            return
        await seat.press("tab")
    raise AssertionError(f"{field} cannot be reached")


async def pick(seat: Seat, field: str, words: str) -> None:
    """Type into the box of a field, and pick the best that is found."""
    await to_box(seat, field)
    await seat.type(words)
    await seat.until(lambda: not is_looking(seat))
    await seat.press("enter")
    await seat.until(lambda: seat.input(field).value == "")


def is_looking(seat: Seat) -> bool:
    """Whether a picker is still looking for what was typed."""
    return any(worker.group == "look-up" for worker in seat.app.workers if not worker.is_finished)


async def until_followed(house: House, seat: Seat) -> None:
    """Wait until the program knows what another has committed."""
    newest = house.as_user().commit
    await seat.until(lambda: seat.workspace is not None and seat.workspace.commit == newest)


async def confirm(seat: Seat, *said: str) -> None:
    """Save, see what is said before, and agree."""
    await seat.press("ctrl+s")
    await seat.until_dialog(ASKING)
    for words in said:
        await seat.until_shown(words)
    assert seat.focused == "cancel"
    await seat.press("tab", "enter")


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_adds_one_by_keys_and_says_what_it_closes(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    bot = house.add_service_account("bot")

    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        assert "nobody: administrators only" in seat.words or size == OVER
        await seat.press("down")
        await pick(seat, "resource", "perception trai")
        await seat.until_shown("train in Vision/Perception t1")
        await seat.press("tab", "up")
        await pick(seat, "members", "bot")
        await pick(seat, "groups", "mlo")
        await confirm(seat, "It is the first rule to cover train, and closes it", "LOSE")
        await seat.until_said("1 access rule added.")
        await seat.until(lambda: seat.rows == ["train"])

    sit(house.as_user(), scenario, size=size)
    (rule,) = rules(house)
    assert (rule.type, rule.resource, rule.permission) == ("task", "t1", "Read Only")
    assert [one.id for one in rule.grantees] == [mlops, bot]


def test_all_of_a_type_for_nobody(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        for _ in range(5):
            await seat.press("j")
        await seat.until_shown("[All queues]")
        await confirm(
            seat, "Read & Modify on all queues, also on those to come.", "It names nobody", "Bob"
        )
        await seat.until_said("1 access rule added.")

    sit(house.as_user(), scenario)
    (rule,) = rules(house)
    assert (rule.type, rule.resource, rule.grantees) == ("queue", None, ())


def test_who_thinks_better_of_it_loses_nothing(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await pick(seat, "resource", "perc")
        await pick(seat, "groups", "mlo")
        await seat.press("ctrl+s")
        await seat.until_dialog(ASKING)
        assert "Perception and what is in it" in seat.words
        await seat.press("escape")
        await seat.until_dialog(FORM)
        assert "Perception in Vision p2" in seat.words
        assert seat.app.screen.query_one(GroupSearch).chosen == (mlops,)
        # The first one closes the list.
        await seat.press("escape", "escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    assert rules(house) == []


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_edits_one_and_says_who_gains_and_loses(
    house: House, mlops: str, bob: str, size: tuple[int, int]
) -> None:
    bot = house.add_service_account("bot")
    add_rule(house, "queue", "q1", "Read Only", [bot], [mlops])

    async def scenario(seat: Seat) -> None:
        await open_form(seat, "gpu", key="e")
        assert "Edit the rule on gpu" in seat.words
        members = seat.app.screen.query(MemberPicker).first()
        assert members.chosen == (bot,)
        await to_box(seat, "members")
        await seat.press("escape", "tab", "d")
        await seat.until(lambda: members.chosen == ())
        await pick(seat, "groups", "users")
        await confirm(seat, "Save the rule on gpu?", "gain")
        await seat.until_said("Saved.")

    house.add_user("eve@acme.example", "Eve")
    sit(house.as_user(), scenario, size=size)
    (rule,) = rules(house)
    assert given(rule) == ["Users", "MLOps"]
    assert rule.permission == "Read Only"


def test_an_edit_to_another_resource_opens_the_former_one(house: House, mlops: str) -> None:
    add_rule(house, "queue", "q1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await open_form(seat, "gpu", key="e")
        await seat.press("up", "up", "up", "up")
        await seat.until_shown("[All tasks]")
        await pick(seat, "resource", "evaluate")
        # What was picked of the other type is still there.
        picker = seat.app.screen.query_one(ResourcePicker)
        await seat.press("shift+tab", *["down"] * 4)
        await seat.until(lambda: picker.chosen == "q1")
        await seat.press(*["up"] * 4)
        await seat.until(lambda: picker.chosen == "t2")
        await confirm(seat, "No other rule covers gpu: it opens", "first rule to cover evaluate")
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    (rule,) = rules(house)
    assert (rule.type, rule.resource) == ("task", "t2")


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_what_is_not_in_the_catalogue_is_added_right_there(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await seat.press("down")
        await to_box(seat, "resource")
        await seat.type("finetune [/red]")
        await seat.until_shown("Add “finetune [/red]” to the")
        await seat.press("enter")
        await seat.until_dialog(RESOURCE)
        assert seat.input("name").value == "finetune [/red]"
        # Its id is asked for, and a bad one is told at its field.
        await seat.type("t 9")
        await seat.press("ctrl+s")
        await seat.until(lambda: "without blanks" in seat.error_at("id"))
        await seat.fill("id", "t9")
        await pick(seat, "project", "vision perc")
        await seat.press("ctrl+s")
        await seat.until_dialog(FORM)
        await seat.until_shown("finetune [/red] in Vision/Perception t9")
        await confirm(seat, "finetune [/red]")
        await seat.until_said("1 access rule added.")

    sit(house.as_user(), scenario, size=size)
    assert house.as_user().resource_details("t9").project == "p2"
    assert [rule.resource for rule in rules(house)] == ["t9"]


def test_a_project_that_is_missing_is_added_from_there_too(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await seat.press("down")
        await to_box(seat, "resource")
        await seat.press("ctrl+n")
        await seat.until_dialog(RESOURCE)
        await seat.fill("name", "first")
        await seat.fill("id", "t9")
        await to_box(seat, "project")
        await seat.type("Speech")
        await seat.until_shown("Add “Speech”")
        await seat.press("enter")
        await seat.until(lambda: len(seat.app.screen_stack) == 4)
        await seat.fill("id", "p9")
        await seat.press("ctrl+s")
        await seat.until_shown("Speech p9")
        await seat.press("ctrl+s")
        await seat.until_dialog(FORM)
        await seat.until_shown("first in Speech t9")

    sit(house.as_user(), scenario)
    assert house.as_user().resource_row("t9").path == "Speech"


def test_a_resource_that_went_meanwhile_is_told_at_its_field(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await pick(seat, "resource", "perc")
        await pick(seat, "groups", "mlo")
        house.as_user().delete_resources(["p2"])
        await until_followed(house, seat)
        await seat.press("ctrl+s")
        await seat.until(lambda: "p2" in seat.error_at("resource"))
        assert seat.app.screen.query_one(GroupSearch).chosen == (mlops,)

    sit(house.as_user(), scenario)


def test_a_rule_that_another_has_edited_meanwhile_is_not_overwritten(
    house: House, mlops: str
) -> None:
    key = add_rule(house, "queue", "q1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await open_form(seat, "gpu", key="e")
        here = house.as_user()
        revision = here.access_rule_details(key).revision
        here.edit_access_rule(RuleEdit(key, revision, RuleDraft("queue", "q1", "Read Only")))
        await until_followed(house, seat)
        await seat.press("ctrl+s")
        await seat.until(lambda: "somebody else" in seat.problem)
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)
    (rule,) = rules(house)
    assert (rule.permission, rule.grantees) == ("Read Only", ())


def test_a_quick_enter_picks_what_the_whole_word_finds(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await seat.press("down")
        await to_box(seat, "resource")
        await seat.press(*"train", "enter")
        await seat.until_shown("train in Vision/Perception t1")

    sit(house.as_user(), scenario)


def test_among_2_000_resources_the_list_narrows(house: House, mlops: str) -> None:
    task = {"type": "task", "project": "p2"}
    text = "\n".join(
        json.dumps(task | {"id": f"x{n:05}", "name": f"experiment {n:05}"}) for n in range(2_000)
    )
    house.as_user().import_resources(text)

    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await seat.press("down")
        await to_box(seat, "resource")
        await seat.until_shown("2,002 found")
        await seat.type("01999")
        await seat.until_shown("1 found")
        await seat.press("enter")
        await seat.until_shown("experiment 01999 in Vision/Perception x01999")

    sit(house.as_user(), scenario)


def test_of_many_groups_one_is_found_by_a_part_of_its_name(house: House, mlops: str) -> None:
    here = house.as_user()
    keys = [here.add_group(f"Team {number:03}", "", []) for number in range(60)]

    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await pick(seat, "groups", "059")
        assert seat.app.screen.query_one(GroupSearch).chosen == (keys[59],)
        await seat.type("nothing like it")
        await seat.until_shown("No group's name holds this.")

    sit(house.as_user(), scenario)
    assert len(here.list_groups(Query()).ids) == 64


def test_the_list_stays_open_where_the_type_changes_after_one_has_come_to_the_box(
    house: House, mlops: str
) -> None:
    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await to_box(seat, "resource")
        await seat.until_shown("2 found")
        # As by keys that are quicker than what follows from them.
        seat.app.screen.query(OnePicker).first().highlighted = 5
        await seat.until_shown("1 found")
        assert "gpu" in seat.words

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_what_is_found_under_another_type_alone_is_said_and_picked_with_its_type(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    name = house.admin.resource_row("q1").name

    async def scenario(seat: Seat) -> None:
        await open_form(seat)
        await to_box(seat, "resource")
        await seat.type(name)
        await seat.until_shown("no project has this · enter takes its type")
        assert f"{name} a queue" in seat.words
        await pick(seat, "resource", "")
        types = seat.app.screen.query_one("#field-type OnePicker", OnePicker)
        assert types.chosen == "queue"
        await seat.until_shown(f"{name} q1")
        await seat.press("tab", "tab")
        await confirm(seat, f"Read & Modify on the queue {name}.")
        await seat.until_said("1 access rule added.")

    sit(house.as_user(), scenario, size=size)
    (rule,) = rules(house)
    assert (rule.type, rule.resource) == ("queue", "q1")


def test_a_project_to_lie_in_is_no_queue_and_can_be_added(house: House, mlops: str) -> None:
    name = house.admin.resource_row("q1").name

    async def scenario(seat: Seat) -> None:
        await to_rules(seat)
        await seat.press("b")
        await seat.until_dialog("Catalogue")
        await seat.press("a")
        await seat.until_dialog(RESOURCE)
        await to_box(seat, "project")
        await seat.type(name)
        await seat.until_shown(f"{name} a queue")
        await seat.press("enter")
        # The first is to add one of that name.
        await seat.until(lambda: len(seat.app.screen_stack) == 4)
        assert seat.input("name").value == name

    sit(house.as_user(), scenario)

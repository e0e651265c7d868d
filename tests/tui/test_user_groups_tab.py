"""The User Groups tab, driven by keys: what it shows, and what comes of each key."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.group_views import GroupDetails
from store.listing import Query
from store.operations.access_rules import RuleDraft
from store.operations.groups import GroupEdit
from store.operations.resources import ResourceDraft
from store.persistence.store import Store
from store.terms import READ_MODIFY
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.widgets.plain_lines import PlainLines

BOB = "bob@acme.example"
FORM, IMPACT = "UserGroupForm", "ImpactConfirmation"
PRESETS = ["Users", "Admins", "Queue admins"]
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def mlops(house: House, bob: str) -> str:
    """A group of Bob and a service account, which alone may reach a project, and has a vault."""
    group = house.admin.add_group("MLOps", "Agents\nand queues", [bob, bot_of(house)])
    house.admin.add_resource(ResourceDraft("project", "p1", "Vision", None))
    house.admin.add_access_rule(RuleDraft("project", "p1", READ_MODIFY, (), (group,)))
    house.add_vault("Docker login", "MLOps")
    return group


def bot_of(house: House) -> str:
    return house.add_service_account("autoscaler")


def group_of(house: House, key: str) -> GroupDetails:
    """The group as the store has it now."""
    return house.as_user().group_details(key)


def groups(house: House) -> list[str]:
    """The names of the groups as the store has them now."""
    workspace = house.as_user()
    return [workspace.group_row(key).name for key in workspace.list_groups(Query()).ids]


async def to_groups(seat: Seat, *rows: str) -> None:
    """Go to the tab, and wait for these rows after the pre-configured ones."""
    await seat.press("3")
    await seat.until(lambda: seat.tab.id == "user-groups")
    await seat.until(lambda: seat.rows == [*PRESETS, *rows])


def line_of(seat: Seat, name: str) -> str:
    """The table's line of a group."""
    return next(line for line in seat.text.splitlines()[4:] if f" {name} " in line)


async def edit(seat: Seat, name: str) -> None:
    """Open the dialog of a group."""
    await seat.go_to(name)
    await seat.press("e")
    await seat.until_dialog(FORM)


async def pick(seat: Seat, words: str) -> None:
    """Pick the first member that the words find."""
    seat.input("members").focus()
    await seat.until_shown("enter picks")
    await seat.type(words)
    await seat.until_shown(words)
    lines = seat.app.screen.query_one(".picker-list", PlainLines)
    await seat.until(lambda: lines.row_count == 1)
    await seat.press("enter")
    await seat.until(lambda: not seat.input("members").value)


@SIZES
def test_shows_who_is_in_which_group(house: House, mlops: str, size: tuple[int, int]) -> None:
    house.add_group("Empty")

    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "Empty", "MLOps")
        assert seat.heading == "USER GROUPS 5"
        tabs = seat.text.splitlines()[1]
        assert all(f" {number} " in tabs for number in range(1, 6))
        assert "◇ Users" in line_of(seat, "Users")
        assert "3 all members" in line_of(seat, "Users")
        assert "◇" not in line_of(seat, "MLOps")
        for part in ("Agents …", " autoscaler ", f"{mlops[:8]}…"):
            assert part in line_of(seat, "MLOps")
        assert "nobody" in line_of(seat, "Empty")
        await seat.press("slash", *"who:bob")
        await seat.until(lambda: seat.rows == ["MLOps"])
        await seat.press("escape", "Y")
        await seat.until_said("ID sent")

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_the_panel_says_what_a_group_is_for(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await seat.press("G", "enter")
        await seat.until_shown("MEMBERS 2")
        for words in (
            "Agents",
            "and queues",
            mlops,
            "Access rules that name it: 1",
            "Read & Modify on project Vision",
            "Administrator vaults: 1",
            "Docker login",
            "autoscaler service account",
            f"Bob {BOB}",
        ):
            assert words in seat.words, words
        await seat.press("enter", "j", "k", "G", "enter")
        assert "Open" not in seat.text.splitlines()[-1]
        # They all leave while somebody looks at them.
        if size == BESIDE:
            house.as_user().regroup_members(list(group_of(house, mlops).members), [], [mlops])
            await seat.until_shown("MEMBERS 0 Nobody is in it.")
        await seat.press("escape", "escape")
        await seat.until(lambda: seat.tab.details_key is None)
        await seat.press("g", "enter")
        await seat.until_shown("MEMBERS 3 Every member is in it.")

    sit(house.as_user(), scenario, size=size)


def test_a_plain_user_sees_names_and_changes_nothing(house: House, mlops: str) -> None:
    before = house.bytes()

    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await seat.press("G", "enter")
        await seat.until_shown("MEMBERS 2")
        assert "Docker login" in seat.words
        assert "Delete" not in seat.words
        await seat.press("j", "k", "k")
        await seat.until_shown("Ada Lindqvist")
        assert "ada@acme.example" not in seat.text
        await seat.press("a", "e", "d")
        await seat.until(lambda: len(seat.said) == 3)
        assert set(seat.said) == {"Only administrators may do this. Ask a member of Admins."}
        assert seat.dialog == ""

    sit(house.as_user(BOB), scenario)
    assert house.bytes() == before


def test_a_read_only_program_says_why_nothing_changes(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await seat.press("a", "d")
        await seat.until(lambda: sum("--read-only" in said for said in seat.said) == 3)

    sit(house.as_user(read_only=True), scenario)


@SIZES
def test_adds_a_group(house: House, bob: str, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat)
        await seat.until_shown("Only the pre-configured groups are there. Press a to add one.")
        await seat.press("a")
        await seat.until_dialog(FORM)
        await seat.type("admins")
        await seat.press("enter")
        await seat.until(lambda: bool(seat.error_at("name")))
        await seat.fill("name", "[/red] team")
        await seat.press("tab", *"two", "enter", *"lines")
        await pick(seat, BOB)
        await seat.press("ctrl+s")
        await seat.until_said("1 user group added.")
        await seat.until(lambda: seat.row == "[/red] team")

    sit(house.as_user(), scenario, size=size)
    row = group_of(house, house.group("[/red] team")).row
    assert (row.description, row.first_members) == ("two\nlines", ("Bob",))


def test_an_edit_says_who_loses_and_is_one_change(house: House, mlops: str, pia: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await edit(seat, "MLOps")
        await seat.fill("name", "Agents")
        await pick(seat, "pia@")
        # Those picked are below: Pia, who is new, the service account, and Bob.
        await seat.press("escape", "tab", "j", "j", "d")
        await seat.until_shown("2 picked, 1 new, 1 taken out")
        before = house.as_user().commit
        await seat.press("ctrl+s")
        await seat.until_dialog(IMPACT)
        assert "Put in: Pia" in seat.words
        assert "Taken out: Bob" in seat.words
        assert "Bob: Read & Modify → none" in seat.words
        assert "Pia: none → Read & Modify" in seat.words
        await seat.press("escape")
        await seat.until_dialog(FORM)
        await seat.until_shown("2 picked, 1 new, 1 taken out")
        await seat.press("ctrl+s")
        await seat.until_dialog(IMPACT)
        await seat.click_button("Save")
        await seat.until_said("Saved.")
        await seat.until(lambda: seat.rows[-1] == "Agents")
        assert house.as_user().commit == before + 1

    sit(house.as_user(), scenario)
    group = group_of(house, mlops)
    assert set(group.row.first_members) == {"Pia", "autoscaler"}
    assert group.row.description == "Agents\nand queues"


def test_an_edit_that_another_program_overtook_loses_nothing(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await edit(seat, "MLOps")
        await seat.fill("name", "Mine")
        revision = group_of(house, mlops).revision
        house.as_user().edit_group(GroupEdit(mlops, revision, "Theirs", ""))
        await seat.press("ctrl+s")
        await seat.until(lambda: "was changed by somebody else" in seat.problem)
        assert seat.input("name").value == "Mine"
        await seat.press("escape")
        await seat.until(lambda: seat.rows[-1] == "Theirs")

    sit(house.as_user(), scenario)


def test_a_description_that_is_not_touched_stays_as_it_is(house: House) -> None:
    description = "a\x0bb\rc\x1b[2J"
    key = house.admin.add_group("Odd", description, [])

    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "Odd")
        await edit(seat, "Odd")
        await seat.fill("name", "Even")
        await seat.press("ctrl+s")
        await seat.until_said("Saved.")

    sit(house.as_user(), scenario)
    assert group_of(house, key).row.description == description


def test_what_cannot_be_changed_of_a_pre_configured_group_is_said(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await seat.press("e")
        await seat.until_said("The group Users holds every member by itself")
        await seat.press("d")
        await seat.until_said("Users is a pre-configured group and cannot be deleted.")
        await edit(seat, "Admins")
        assert seat.input("name").disabled
        assert "Admins is a pre-configured group and keeps its name." in seat.words
        # No service account may be in it, so none is offered.
        seat.input("members").focus()
        await seat.until_shown("[ ] Bob")
        assert "autoscaler" not in seat.text
        # Nobody would be left to administer.
        await seat.press("escape", "tab", "d", "ctrl+s")
        await seat.until(lambda: "No active administrator would be left." in seat.problem)
        await seat.until_shown("Nobody is picked, 1 taken out")

    before = house.bytes()
    sit(house.as_user(), scenario)
    assert house.bytes() == before


@SIZES
def test_deletes_one_by_its_name_with_all_that_names_it(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps")
        await seat.press("G", "d")
        await seat.until_dialog(IMPACT)
        shown = seat.words
        await seat.press("pagedown")
        shown += seat.words
        await seat.press("pagedown")
        shown += seat.words
        for words in (
            "2 members are in it",
            "Taken out of 1 access rule:",
            "Read & Modify on project Vision (then: administrators only)",
            "Taken out of 1 administrator vault:",
            "Docker login (then: reaches nobody)",
            "2 members lose access to 1 resource.",
            "Read & Modify → none",
        ):
            assert words in shown, words
        await seat.fill("expected", "mlops")
        await seat.press("enter")
        await seat.until_said("1 user group deleted.")
        await seat.until(lambda: seat.rows == PRESETS)

    sit(house.as_user(), scenario, size=size)
    workspace = house.as_user()
    (rule,) = workspace.list_access_rules(Query()).ids
    assert workspace.access_rule_row(rule).grantees == ()
    (vault,) = workspace.list_administrator_vaults(Query()).ids
    assert workspace.administrator_vault_row(vault).groups == ()


def test_deletes_several_by_their_number_but_no_pre_configured_one(
    house: House, mlops: str
) -> None:
    house.add_group("Other")

    async def scenario(seat: Seat) -> None:
        await to_groups(seat, "MLOps", "Other")
        await seat.press("asterisk", "d")
        await seat.until_dialog(IMPACT)
        assert "Delete 2 user groups?" in seat.words
        assert "Not deleted: Admins (Admins is a pre-configured group" in seat.words
        await seat.fill("expected", "5")
        await seat.press("enter")
        await seat.until(lambda: bool(seat.error_at("expected")))
        await seat.fill("expected", "2")
        await seat.press("enter")
        await seat.until_said("2 user groups deleted.")
        await seat.until(lambda: seat.rows == PRESETS)
        await seat.press("escape", "asterisk", "d")
        await seat.until_dialog("Confirmation")
        assert "Delete: none of these" in seat.words

    sit(house.as_user(), scenario)
    assert groups(house) == PRESETS


def test_hostile_names_are_shown_as_they_are(house: House) -> None:
    people = [
        house.add_user(f"p{number}@acme.example", name) for number, name in enumerate(HOSTILE_NAMES)
    ]
    for name in HOSTILE_NAMES:
        house.admin.add_group(name, f"{name}\n{name}", people)

    async def scenario(seat: Seat) -> None:
        await seat.press("3")
        await seat.until(lambda: len(seat.rows) == len(HOSTILE_NAMES) + len(PRESETS))
        await seat.go_to("[@click=app.quit]x")
        await seat.press("enter")
        await seat.until_shown(f"MEMBERS {len(HOSTILE_NAMES)}")
        assert "[@click=app.quit]x" in seat.text
        await seat.press("e")
        await seat.until_dialog(FORM)
        await seat.press("escape", "d")
        await seat.until_dialog(IMPACT)
        assert "\x1b" not in seat.text

    sit(house.as_user(), scenario)


def test_a_group_of_thousands_is_shown_and_edited(tmp_path: Path) -> None:
    store = Store(workspace_of(10_000, tmp_path))
    workspace = Workspace.open(store, who=ADMINISTRATOR)
    everybody = workspace.list_members(Query()).ids
    group = workspace.add_group("Crowd", "", everybody[:5_000])

    async def scenario(seat: Seat) -> None:
        await seat.press("3")
        await seat.until(lambda: seat.tab.id == "user-groups" and "Crowd" in seat.rows)
        await seat.go_to("Crowd")
        await seat.press("enter")
        await seat.until_shown("MEMBERS 5,000")
        await seat.press("escape")
        await edit(seat, "Crowd")
        await seat.until_shown("5,000 picked")
        await pick(seat, ADMINISTRATOR)
        await seat.press("ctrl+s")
        await seat.until_dialog(IMPACT)
        await seat.click_button("Save")
        await seat.until_said("Saved.")

    sit(workspace, scenario, size=OVER)
    assert workspace.group_row(group).member_count == 5_001
    store.close()

"""The Access Rules tab, driven by keys: what it shows, and what comes of each key."""

from __future__ import annotations

import pytest

from store.operations.access_rules import RuleDraft, RuleEdit
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.catalogued import add_rule, fill, lines, rules, to_rules
from tests.tui.seat import BESIDE, OVER, Seat, sit

ASKING = "ImpactConfirmation"


@pytest.fixture
def mlops(house: House, bob: str) -> str:
    """A group with Bob in it, and resources."""
    fill(house)
    return house.add_group("MLOps", bob)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_an_empty_tab_says_what_rules_do(house: House, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_rules(seat)
        await seat.until_shown("No rule: every member has Read & Modify on everything.")
        assert "closes it to everybody else but administrators" in seat.words
        assert "Press a to add the first" in seat.words
        await seat.press("e", "d", "x")
        await seat.until_said("There is no access rule to do this to.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario, size=size)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("y", "There is nothing to copy."),
        ("Y", "There is nothing to copy."),
        ("space", "There is no row."),
        ("asterisk", "There is no row."),
        ("enter", "There is no row."),
    ],
)
def test_a_key_for_a_row_says_that_there_is_none(house: House, key: str, reason: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_rules(seat)
        await seat.until_shown("No rule: every member")
        seat.app.copy_to_clipboard("what was there")
        await seat.press(key)
        await seat.until_said(reason)
        assert seat.dialog == ""
        assert seat.app.clipboard == "what was there"

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_shows_what_each_gives_and_to_whom(
    house: House, mlops: str, bob: str, size: tuple[int, int]
) -> None:
    bot = house.add_service_account("bot")
    add_rule(house, "task", None, "Read Only", [bob, bot], [mlops])
    add_rule(house, "task", "t1")
    add_rule(house, "project", "p1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "All tasks", "train", "Vision")
        first, train, _vision = [line for line in seat.text.splitlines() if "Read " in line]
        assert [part for part in ("Task", "All tasks", "Read Only", " MLOps ") if part in first]
        assert first.index("MLOps") < first.index("bot") < first.index("Bob")
        assert "nobody" in train
        assert "in Vis" in train
        await seat.press("enter")
        await seat.until_shown("Read Only on all tasks for MLOps, bot, Bob.")
        for part in ("Covers 2 resources", "MLOps group", "Bob user", "bot service account"):
            assert part in seat.words
        await seat.press("escape", "j", "enter")
        await seat.until_shown("for nobody: administrators only.")
        for part in ("Vision/Perception", "t1", "Covers 1 resource", "Made Mar 2, 2026"):
            assert part in seat.words

    sit(house.as_user(), scenario, size=size)


def test_filters_by_words_and_by_what_they_are_bound_to(house: House, mlops: str, bob: str) -> None:
    add_rule(house, "task", None, "Read Only", [bob])
    add_rule(house, "task", "t1", groups=[mlops])
    add_rule(house, "queue", "q1")

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "All tasks", "gpu", "train")
        await seat.press("slash")
        await seat.until_shown("type:task resource:vision who:mlops")
        for words, left in (
            ("type:queue", ["gpu"]),
            ("type:task who:bob", ["All tasks"]),
            ("resource:vision", ["train"]),
            ("mlops", ["train"]),
            ("nobody", ["gpu"]),
            ("read only", ["All tasks"]),
        ):
            await seat.type(words)
            await seat.until(lambda left=left: seat.rows == left)  # type: ignore[misc]
            await seat.press("ctrl+a", "ctrl+k")
            await seat.until(lambda: len(seat.rows) == 3)
        await seat.press("escape")
        for column, first in (("type", "All tasks"), ("permission", "gpu"), ("who", "gpu")):
            seat.tab.sort_rows(column)
            await seat.until(lambda first=first: seat.rows[0] == first)  # type: ignore[misc]

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_deletes_one_by_its_name_and_says_what_opens(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    add_rule(house, "queue", "q1", groups=[mlops])
    house.add_service_account("bot")

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "gpu")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        assert "Delete the rule on gpu?" in seat.words
        assert "No other rule covers gpu: it opens to every member" in seat.words
        assert "bot: none → Read & Modify" in seat.words
        await seat.fill("expected", "cpu")
        await seat.press("enter")
        await seat.until(lambda: bool(seat.error_at("expected")))
        await seat.fill("expected", "GPU")
        await seat.press("enter")
        await seat.until_said("1 access rule deleted.")
        await seat.until_shown("No rule: every member")

    sit(house.as_user(), scenario, size=size)
    assert rules(house) == []


def test_deletes_the_marked_ones_as_one_change(house: House, mlops: str) -> None:
    add_rule(house, "task", None, groups=[mlops])
    add_rule(house, "task", "t1", groups=[mlops])
    add_rule(house, "queue", "q1", groups=[mlops])
    before = house.as_user().commit

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "All tasks", "gpu", "train")
        await seat.press("asterisk", "j", "space", "d")
        await seat.until_dialog(ASKING)
        assert "Delete 2 access rules?" in seat.words
        assert "Of all tasks, those that no other rule covers open" in seat.words
        assert "No other rule covers train: it opens" in seat.words
        await seat.fill("expected", "2")
        await seat.press("enter")
        await seat.until_said("2 access rules deleted.")
        await seat.until(lambda: seat.rows == ["gpu"])
        assert "marked" not in seat.heading

    sit(house.as_user(), scenario)
    assert house.as_user().commit == before + 1


def test_what_stays_covered_does_not_open(house: House, mlops: str) -> None:
    add_rule(house, "task", "t1", groups=[mlops])
    add_rule(house, "project", "p1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train", "Vision")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        assert "opens" not in seat.words
        assert "No member's access changes." in seat.words
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)


def test_copies_ids_and_names(house: House, mlops: str) -> None:
    rule = add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        for count, copied in enumerate((rule, "train", "t1", "MLOps")):
            await seat.press("y")
            await seat.until_dialog("ChoiceDialog")
            await seat.press(*["down"] * count, "enter")
            await seat.until(lambda copied=copied: seat.app.clipboard == copied)  # type: ignore[misc]

    sit(house.as_user(), scenario)


def test_x_shows_who_can_reach_the_resource(house: House, mlops: str) -> None:
    add_rule(house, "task", None)
    add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "All tasks", "train")
        await seat.press("x")
        await seat.until_said("All tasks are no single resource.")
        await seat.press("j", "x")
        await seat.until_dialog("WhoCanDialog")
        await seat.until_shown("Bob")
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario)


def test_what_another_has_deleted_meanwhile_is_told(house: House, mlops: str) -> None:
    rule = add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        house.as_user().delete_access_rules([rule])
        await seat.fill("expected", "train")
        await seat.press("enter")
        await seat.until_said("any more")
        await seat.until(lambda: seat.rows == [])

    sit(house.as_user(), scenario)


def test_a_plain_user_looks_and_changes_nothing(house: House, mlops: str) -> None:
    rule = add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        for key in ("a", "e", "d"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("Only administrators may do this.")
        await seat.press("enter")
        await seat.until_shown("MLOps group")
        assert "Edit" not in seat.words.replace("Edited", "")

    sit(house.as_user("bob@acme.example"), scenario)
    assert [row.id for row in rules(house)] == [rule]


def test_one_who_lost_the_right_meanwhile_is_refused(house: House, mlops: str) -> None:
    eve = house.add_administrator("eve@acme.example", "Eve")
    rule = add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        house.as_user().regroup_members([eve], [], [house.group("Admins")])
        await seat.fill("expected", "train")
        await seat.press("enter")
        await seat.until_said("Only administrators")

    sit(house.as_user("eve@acme.example"), scenario)
    assert [row.id for row in rules(house)] == [rule]


def test_a_read_only_program_offers_to_look_only(house: House, mlops: str) -> None:
    add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        for key in ("a", "e", "d"):
            await seat.press(key)
            assert seat.dialog == ""
        await seat.until_said("--read-only")

    sit(house.as_user(read_only=True), scenario)


def test_hostile_names_are_shown_as_text(house: House, bob: str) -> None:
    names = dict(enumerate(HOSTILE_NAMES))
    house.as_user().import_resources(
        lines(*({"type": "queue", "id": f"q{n}", "name": name} for n, name in names.items()))
    )
    for number, name in names.items():
        add_rule(house, "queue", f"q{number}", groups=[house.add_group(name, bob)])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat)
        await seat.until(lambda: len(seat.rows) == len(HOSTILE_NAMES))
        for _ in HOSTILE_NAMES:
            await seat.press("enter")
            await seat.until_shown("GIVEN TO")
            for key, dialog in (("d", ASKING), ("e", "AccessRuleForm")):
                await seat.press(key)
                await seat.until_dialog(dialog)
                await seat.see_text_alone()
                await seat.press("escape")
                await seat.until_dialog("")
            await seat.press("escape", "j")

    sit(house.as_user(), scenario)


def test_an_edit_by_another_shows_by_itself(house: House, mlops: str) -> None:
    rule = add_rule(house, "task", "t1", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_rules(seat, "train")
        await seat.press("enter")
        await seat.until_shown("MLOps group")
        here = house.as_user()
        details = here.access_rule_details(rule)
        draft = RuleDraft("task", "t1", "Read Only")
        here.edit_access_rule(RuleEdit(rule, details.revision, draft))
        await seat.until_shown("nobody: administrators only")

    sit(house.as_user(), scenario)

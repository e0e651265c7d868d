"""The catalogue of resources, driven by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from store.operations.resources import ResourceEdit
from tests.store.house import HOSTILE_NAMES, House
from tests.tui.catalogued import CATALOGUED, add_rule, fill, lines, rules, to_catalogue
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tui.launch import Launch

ASKING, FORM, IMPORT = "ImpactConfirmation", "ResourceForm", "ImportResources"
NEW = {"type": "task", "id": "t9", "name": "finetune", "project": "p1"}


@pytest.fixture
def mlops(house: House, bob: str) -> str:
    """A group with Bob in it, and resources."""
    fill(house)
    return house.add_group("MLOps", bob)


async def paste(seat: Seat, text: str) -> None:
    """Paste lines into the import."""
    await seat.until_dialog(IMPORT)
    seat.app.post_message(events.Paste(text))
    await seat.pilot.pause(0)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_from_empty_to_one_that_is_added(house: House, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat)
        await seat.until_shown("The catalogue is empty")
        await seat.press("e", "d", "x", "enter")
        await seat.until_said("There is no resource to do this to.")
        await seat.press("a")
        await seat.until_dialog(FORM)
        await seat.type("Vision [/red]")
        await seat.press("tab")
        await seat.type("p1")
        await seat.press("ctrl+s")
        await seat.until_said("1 resource added.")
        await seat.until(lambda: seat.rows == ["Vision [/red]"])
        await seat.press("q")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=size)
    assert house.as_user().resource_row("p1").type == "project"


def test_shows_filters_sorts_and_copies(house: House, mlops: str) -> None:
    add_rule(house, "project", "p1", "Read Only", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        (line,) = [line for line in seat.text.splitlines() if "train" in line]
        for part in ("Task", "Vision/Perception", "none", "t1"):
            assert part in line
        await seat.press("slash")
        await seat.type("type:task vision")
        await seat.until(lambda: seat.rows == ["evaluate", "train"])
        await seat.press("escape")
        await seat.until(lambda: seat.rows == CATALOGUED)
        seat.tab.sort_rows("rules")
        seat.tab.sort_rows("rules")
        await seat.until(lambda: seat.rows[0] == "Vision")
        # A rule of the project around it covers a resource that has none of its own.
        assert "OWN RULES ▼" in seat.text
        await seat.press("g", "enter")
        await seat.until_shown("Read Only for MLOps")
        assert "Contents 3 resources" in seat.words
        await seat.press("Y")
        await seat.until(lambda: seat.app.clipboard == "p1")
        # One thing after the other, and at last the catalogue itself.
        await seat.press("escape")
        assert seat.dialog == "Catalogue"
        await seat.press("escape")
        await seat.until_dialog("")
        assert seat.tab.id == "access-rules"

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_moves_one_after_its_impact_was_seen(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    house.as_user().import_resources(lines({"type": "project", "id": "p3", "name": "Speech"}))
    add_rule(house, "project", "p3")

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat)
        await seat.go_to("train")
        await seat.press("e")
        await seat.until_dialog(FORM)
        assert "Task t1" in seat.words
        # A name alone changes nobody's access, and is saved at once.
        await seat.fill("name", "train 2")
        await seat.press("ctrl+s")
        await seat.until_said("Saved.")
        await seat.until(lambda: "train 2" in seat.rows)
        await seat.press("e")
        await seat.until_dialog(FORM)
        seat.input("project").focus()
        await seat.type("speech")
        await seat.until_shown("1 found")
        await seat.press("enter")
        await seat.until_shown("Speech p3")
        await seat.press("ctrl+s")
        await seat.until_dialog(ASKING)
        assert "Bob: Read & Modify → none" in seat.words
        await seat.press("tab", "enter")
        await seat.until_dialog("Catalogue")

    sit(house.as_user(), scenario, size=size)
    details = house.as_user().resource_details("t1")
    assert (details.row.name, details.project) == ("train 2", "p3")


def test_errors_of_an_edit_are_told_at_their_field(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.go_to("Vision")
        await seat.press("e")
        await seat.until_dialog(FORM)
        seat.input("project").focus()
        await seat.type("perception")
        await seat.until_shown("1 found")
        await seat.press("enter", "ctrl+s")
        await seat.until(lambda: "would lie in itself" in seat.error_at("project"))
        revision = house.as_user().resource_details("p1").revision
        house.as_user().edit_resource(ResourceEdit("p1", revision, "Vision 2", None))
        await seat.until(lambda: seat.workspace is not None and "Vision 2" in seat.rows)
        await seat.press("ctrl+s")
        await seat.until(lambda: "somebody else" in seat.problem)

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_deletes_a_project_with_its_contents_and_rules(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    add_rule(house, "task", "t1", "Read Only", groups=[mlops])

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.go_to("Perception")
        await seat.press("d")
        await seat.until_dialog(ASKING)
        for words in ("With what is in it (2):", "task Vision/Perception/train", "With its rules"):
            assert words in seat.words
        await seat.fill("expected", "perception")
        await seat.press("enter")
        await seat.until_said("3 resources deleted.")
        await seat.until(lambda: seat.rows == ["gpu", "Vision"])

    sit(house.as_user(), scenario, size=size)
    assert rules(house) == []


def test_deletes_the_marked_ones_by_their_number(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.press("space", "space", "d")
        await seat.until_dialog(ASKING)
        assert "Delete 2 resources?" in seat.words
        await seat.fill("expected", "2")
        await seat.press("enter")
        await seat.until(lambda: seat.rows == ["Perception", "train", "Vision"])

    sit(house.as_user(), scenario)


@pytest.mark.parametrize("size", [BESIDE, OVER])
def test_imports_what_is_pasted_once_all_lines_are_good(
    house: House, mlops: str, size: tuple[int, int]
) -> None:
    renamed = {"type": "task", "id": "t1", "name": "train", "project": "p2"}
    good = lines(NEW, renamed, {"type": "task", "id": "t2", "name": "eval", "project": "p2"})

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.press("i")
        await paste(seat, good + '\n{"type": "tsk"}\n[/red] \x1b[2J')
        await seat.until_shown("2 lines cannot be imported, so none is.")
        for words in ("line 4:", "line 5: It is not JSON"):
            await seat.until_shown(words)
        await seat.click_button("Import")
        await seat.until(lambda: seat.focused == "TextArea")
        await seat.press("f7")
        await paste(seat, good)
        await seat.until_shown("1 new · 1 changed · 1 unchanged")
        await seat.click_button("Import")
        await seat.until_said("1 resource added, 1 changed, 1 unchanged.")
        await seat.until(lambda: "finetune" in seat.rows and "eval" in seat.rows)

    sit(house.as_user(), scenario, size=size)


def test_an_import_that_moves_says_whose_access_changes(house: House, mlops: str) -> None:
    add_rule(house, "project", "p1")

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.press("i")
        await paste(seat, lines({"type": "task", "id": "t1", "name": "train"}))
        await seat.until_shown("1 changed")
        await seat.click_button("Import")
        await seat.until_dialog(ASKING)
        assert "Bob: none → Read & Modify" in seat.words
        await seat.press("escape")
        await seat.until_dialog(IMPORT)
        await seat.press("escape")
        await seat.until_dialog("Catalogue")

    sit(house.as_user(), scenario)
    assert house.as_user().resource_details("t1").project == "p2"


def test_imports_a_file(house: House, mlops: str, home: Path) -> None:
    (home / "resources.jsonl").write_text(lines(NEW, {"type": "task"}))

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.press("i")
        await seat.until_dialog(IMPORT)
        await seat.click_button("From a file…")
        await seat.until_dialog("OpenFile")
        await seat.press("enter")
        await seat.until_shown("~/resources.jsonl: 1 line cannot be imported, so none is. line 2:")
        (home / "resources.jsonl").write_text(lines(NEW))
        await seat.click_button("From a file…")
        await seat.until_dialog("OpenFile")
        await seat.press("enter")
        await seat.until_shown("1 new · 0 changed · 0 unchanged")
        await seat.press("ctrl+s")
        await seat.until(lambda: "finetune" in seat.rows)

    sit(house.as_user(), scenario)


def test_a_restricted_program_imports_what_is_pasted_only(house: House, mlops: str) -> None:
    workspace = house.as_user()

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.press("i")
        await seat.until_dialog(IMPORT)
        assert "From a file" not in seat.words

    sit(workspace, scenario, launch=Launch(workspace, is_restricted=True))


def test_what_others_commit_shows_by_itself(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        house.as_user().delete_resources(["p1"])
        await seat.until(lambda: seat.rows == ["gpu"])

    sit(house.as_user(), scenario)


def test_x_shows_who_can_reach_it(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        await seat.press("x")
        await seat.until_dialog("WhoCanDialog")
        assert "evaluate" in seat.words
        await seat.press("escape")
        await seat.until_dialog("Catalogue")

    sit(house.as_user(), scenario)


def test_a_plain_user_looks_and_changes_nothing(house: House, mlops: str) -> None:
    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat, *CATALOGUED)
        for key in ("a", "e", "d", "i"):
            await seat.press(key)
            assert seat.dialog == "Catalogue"
        await seat.until_said("Only administrators may do this.")

    sit(house.as_user("bob@acme.example"), scenario)


def test_hostile_names_are_shown_as_text(house: House) -> None:
    # One in the other, so that paths are hostile, too.
    projects = [
        {"type": "project", "id": f"p{n}", "name": name, "project": f"p{n - 1}" if n else None}
        for n, name in enumerate(HOSTILE_NAMES)
    ]
    house.as_user().import_resources(lines(*projects))

    async def scenario(seat: Seat) -> None:
        await to_catalogue(seat)
        await seat.until(lambda: len(seat.rows) == len(HOSTILE_NAMES))
        await seat.press("enter")
        await seat.until_shown("ITS OWN RULES")
        await seat.press("escape")
        for _ in HOSTILE_NAMES:
            for key, dialog in (("e", FORM), ("d", ASKING)):
                await seat.press(key)
                await seat.until_dialog(dialog)
                await seat.see_text_alone()
                await seat.press("escape")
                await seat.until_dialog("Catalogue")
            await seat.press("j")

    sit(house.as_user(), scenario)

"""What a person has chosen is so at the next start; what is remembered harms nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.console import Console
from tests.store.house import ADA, House
from tests.tui.seat import Scenario, Seat


def choices(console: Console) -> Path:
    """Where the program remembers what was chosen."""
    return console.home / "state" / "clearml-admin" / "choices.json"


def sit_down(console: Console, scenario: Scenario, *options: str) -> None:
    """Sit at the program over the console's store."""
    done = console.run("--store", console.store, "--as", ADA, *options, scenario=scenario)
    assert (done.returncode, done.stderr) == (0, b"")


async def choose(seat: Seat) -> None:
    """Choose a theme, columns and an order."""
    await seat.press("colon", *"theme")
    await seat.until(lambda: "the terminal's own colours" in seat.text)
    await seat.press("enter")
    await seat.until_dialog("ChoiceDialog")
    await seat.press("down", "enter")
    assert seat.app.theme == "clearml-light"
    await seat.press("C", "down", "space", "ctrl+s")
    assert "PENDING SINCE" not in seat.text
    await seat.press("s", "down", "enter", "s", "enter")
    assert "STATUS ▼" in seat.text


async def see(seat: Seat) -> None:
    """See that all of it is as it was chosen."""
    assert seat.app.theme == "clearml-light"
    assert "PENDING SINCE" not in seat.text
    assert "STATUS ▼" in seat.text


async def see_nothing(seat: Seat) -> None:
    """See that nothing of it is."""
    assert seat.app.theme == "clearml-dark"
    assert "PENDING SINCE" in seat.text
    assert "USER ▲" in seat.text


def test_the_next_start_is_as_the_last_one_was_left(console: Console, house: House) -> None:
    sit_down(console, choose)
    path = choices(console)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    sit_down(console, see)


def test_each_table_has_its_own(console: Console, house: House) -> None:
    house.add_service_account("builder")

    async def scenario(seat: Seat) -> None:
        await seat.press("2")
        await seat.until(lambda: seat.tab.group == "service_accounts" and bool(seat.rows))
        await seat.press("C", "space", "ctrl+s")
        assert "GROUPS" not in seat.text
        await seat.press("1")
        await seat.until_shown("GROUPS")

    async def again(seat: Seat) -> None:
        assert "GROUPS" in seat.text
        await seat.press("2")
        await seat.until(lambda: seat.tab.group == "service_accounts" and bool(seat.rows))
        assert "GROUPS" not in seat.text

    sit_down(console, scenario)
    sit_down(console, again)


def test_what_was_chosen_at_the_last_moment_is_kept(console: Console, house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("s", "down", "enter", "q")

    sit_down(console, scenario)
    assert json.loads(choices(console).read_bytes())["tables"]["users"]["sort"] == "status"


def test_what_is_written_down_goes_before_it(console: Console, house: House) -> None:
    sit_down(console, choose)
    path = console.folder / "config.toml"
    path.write_text('[tables.users]\nhidden_columns = ["groups"]\n')

    async def scenario(seat: Seat) -> None:
        assert seat.app.theme == "clearml-light"
        assert "PENDING SINCE" in seat.text
        assert "GROUPS" not in seat.text
        assert "STATUS ▼" in seat.text

    sit_down(console, scenario, "--config", str(path))
    sit_down(console, see)


def test_a_read_only_program_remembers(console: Console, house: House) -> None:
    sit_down(console, choose, "--read-only")
    sit_down(console, see)


@pytest.mark.parametrize("option", ["--demo", "--restricted"])
def test_what_is_not_the_persons_own_remembers_nothing(
    console: Console, house: House, option: str
) -> None:
    arguments = () if option == "--demo" else ("--store", str(console.store), "--as", ADA)
    assert console.run(*arguments, option, scenario=choose).returncode == 0
    assert not choices(console).exists()
    sit_down(console, see_nothing)


def test_the_demo_begins_with_it_and_a_restricted_program_does_not(
    console: Console, house: House
) -> None:
    sit_down(console, choose)
    assert console.run("--demo", scenario=see).returncode == 0
    sit_down(console, see_nothing, "--restricted")


DAMAGED: list[bytes] = [
    b"",
    b"\x00\xff garbage",
    b"[]",
    b"{",
    b'{"theme": 3, "tables": 7}',
    b'{"theme": "solarized", "tables": {"users": [1]}}',
    b'{"tables": {"users": {"hidden": 3, "sort": 4, "descending": "x"}}}',
    b'{"tables": {"users": {"hidden": ["nothing", "user", 3], "sort": "nothing"}}}',
    b'{"tables": {"nowhere": {"sort": "x"}}, "more": {"deep": []}}',
    b'{"theme": "light", ' + b" " * 100_000 + b"}",
]


@pytest.mark.parametrize("content", DAMAGED)
def test_what_is_no_memory_is_as_none_and_is_replaced(
    console: Console, house: House, content: bytes
) -> None:
    choices(console).parent.mkdir(parents=True)
    choices(console).write_bytes(content)
    sit_down(console, see_nothing)
    assert choices(console).read_bytes() == content
    sit_down(console, choose)
    sit_down(console, see)


def test_a_folder_in_its_place_is_said_once(console: Console, house: House) -> None:
    choices(console).mkdir(parents=True)

    async def scenario(seat: Seat) -> None:
        await choose(seat)
        await seat.until_said("Your choices cannot be kept")
        assert len([one for one in seat.said if "cannot be kept" in one]) == 1

    sit_down(console, scenario)
    assert list(choices(console).iterdir()) == []
    assert [one.name for one in choices(console).parent.iterdir()] == ["choices.json"]


def test_two_programs_keep_what_either_has_chosen(console: Console, house: House) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("s", "down", "enter")
        written = json.loads(choices(console).read_bytes())
        written["theme"] = "light"
        choices(console).write_text(json.dumps(written))
        await seat.press("C", "down", "space", "ctrl+s")
        await seat.until(lambda: b"hidden" in choices(console).read_bytes())

    sit_down(console, scenario)
    kept: dict[str, Any] = json.loads(choices(console).read_bytes())
    users = {"sort": "status", "descending": False, "hidden": ["pending_since"]}
    assert kept == {"theme": "light", "tables": {"users": users}}

"""What a member's clients end up with, by keys: values, where they come from, and secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.store.house import HOSTILE_NAMES, House
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.vault_seat import saving_anything
from tui.launch import Launch
from tui.widgets.record_table import RecordTable

DIALOG = "EffectiveConfigurationDialog"
SECRET = "not-for-anybody"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])


@pytest.fixture
def bot(house: House) -> str:
    """A service account with a vault over an administrator vault."""
    bot = house.add_service_account("autoscaler")
    house.add_vault(
        "For everybody",
        text=json.dumps(
            {"agent": {"git_user": "all", "git_pass": SECRET}, "sdk": {"aws": {"region": "eu"}}}
        ),
    )
    house.save_vault(bot, json.dumps({"agent": {"git_user": "own"}}))
    return bot


def values(seat: Seat) -> RecordTable:
    """The table of the dialog."""
    return seat.app.screen.query_one(RecordTable)


def paths(seat: Seat) -> list[str]:
    """The paths that the dialog shows, in order."""
    return [path.lstrip("+~ ") for path in marked(seat)]


def marked(seat: Seat) -> list[str]:
    """The paths with the marks that say what vaults add to a file and change in it."""
    table = values(seat)
    return [str(table.get_row(key)[0]) for key in table.rows]


async def to_effective(seat: Seat, called: str = "autoscaler", tab: str = "2") -> None:
    """Show what the member's clients end up with."""
    await seat.press(tab)
    await seat.until(lambda: called in seat.rows)
    await seat.go_to(called)
    await seat.press("v")
    await seat.until_dialog(DIALOG)


@SIZES
def test_shows_each_value_its_vault_and_what_it_overrode(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        assert "Effective configuration of autoscaler" in seat.words
        assert paths(seat) == ["agent.git_user", "agent.git_pass", "sdk.aws.region"]
        for words in (
            # On a small screen, too.
            "agent.git_user from Account specific vault",
            "overrides all from For everybody",
        ):
            await seat.until_shown(words)
        await seat.press("j", "j")
        await seat.until_shown("sdk.aws.region from For everybody")
        await seat.press("k", "k")
        await seat.until_shown("agent.git_user from")
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_a_long_value_hides_nothing_and_is_a_key_away(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    long = " ".join(f"word{number}[/red]" for number in range(300))
    house.save_vault(bot, json.dumps({"agent": {"git_user": long, "git_pass": long}}))

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.until_shown("overrides all from For everybody")
        assert "enter shows all of it" in seat.words
        assert "word99" not in seat.text
        await seat.press("enter")
        await seat.until_dialog("WholeValue")
        await seat.press("end")
        await seat.until_shown("word299[/red]")
        await seat.until_shown("overrides all from For everybody")
        await seat.press("escape")
        await seat.until_dialog(DIALOG)
        await seat.press("j", "enter")
        await seat.until_dialog("WholeValue")
        assert "•••••• (hidden)" in seat.words
        for hidden in (SECRET, "word1"):
            assert hidden not in seat.text
        await seat.press("escape")
        await seat.until_dialog(DIALOG)

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_secrets_are_hidden_until_asked_for(house: House, bot: str, size: tuple[int, int]) -> None:
    house.save_vault(bot, json.dumps({"agent": {"git_pass": "own-secret", "url": "s3://u:p@h"}}))
    house.clock.advance(seconds=60)
    house.add_vault("Role", text=json.dumps({"sdk": {"aws": {"use_credentials_chain": True}}}))

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.press("j")
        for hidden in (SECRET, "own-secret"):
            assert hidden not in seat.text
        await seat.until_shown("overrides •••••• (hidden) from For everybody")
        # What can be no secret is not hidden for its name.
        assert "true" in seat.text
        await seat.press("s")
        await seat.until_shown(f"overrides {SECRET} from For everybody")
        assert "own-secret" in seat.text
        assert "Hide secrets" in seat.words
        await seat.press("s")
        await seat.until_shown("overrides •••••• (hidden) from For everybody")
        for hidden in (SECRET, "own-secret"):
            assert hidden not in seat.text

    app = sit(house.as_user(), scenario, size=size)
    assert not [one for one in app._notifications if SECRET in one.message]
    log = "".join(path.read_text() for path in (house.folder / "activity").iterdir())
    assert SECRET not in log


@SIZES
def test_filters_by_path(house: House, bot: str, size: tuple[int, int]) -> None:
    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.press("slash", *"AGENT pass")
        await seat.until(lambda: paths(seat) == ["agent.git_pass"])
        await seat.press("enter", "s")
        await seat.until_shown(SECRET)
        await seat.press("slash", *"zz")
        await seat.until_shown("No path holds these words.")
        # By values, nothing is found: a filter would tell of secrets.
        seat.app.screen.query_one(Input).value = SECRET
        await seat.until(lambda: paths(seat) == [])
        seat.app.screen.query_one(Input).value = ""
        await seat.until(lambda: len(paths(seat)) == 3)

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_over_a_clearml_conf_and_back(
    house: House, bot: str, home: Path, size: tuple[int, int]
) -> None:
    (home / "clearml.conf").write_text("agent.git_user: base\napi.web_server: base\n")
    (home / "bad.conf").write_text("a {\n")

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.press("c")
        await seat.until_dialog("OpenFile")
        await seat.fill("path", "~/none.conf")
        await seat.press("enter")
        await seat.until(lambda: "There is no file" in seat.error_at("path"))
        await seat.fill("path", "~/bad.conf")
        await seat.press("enter")
        await seat.until_dialog(DIALOG)
        await seat.until(lambda: "clearml.conf cannot be read" in seat.problem)
        assert len(paths(seat)) == 3
        await seat.press("c")
        await seat.until_dialog("OpenFile")
        await seat.press("enter")
        await seat.until_dialog(DIALOG)
        await seat.until(lambda: "api.web_server" in paths(seat))
        assert seat.problem == ""
        await seat.until_shown("overrides base from clearml.conf")
        assert "Without clearml.conf" in seat.words
        await seat.press("c")
        await seat.until(lambda: len(paths(seat)) == 3)
        assert "Over a clearml.conf…" in seat.words
        await seat.press("c")
        await seat.until_dialog("OpenFile")
        await seat.press("escape")
        await seat.until_dialog(DIALOG)
        assert len(paths(seat)) == 3

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_what_vaults_add_to_a_clearml_conf_and_change_in_it(
    house: House, bot: str, home: Path, size: tuple[int, int]
) -> None:
    (home / "clearml.conf").write_text("agent.git_user: base\napi.web_server: base\n")
    changed, added = ["~ agent.git_user"], ["+ agent.git_pass", "+ sdk.aws.region"]

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        assert "added" not in seat.words
        await seat.press("c")
        await seat.until_dialog("OpenFile")
        await seat.press("enter")
        await seat.until_dialog(DIALOG)
        await seat.until_shown("+ 2 added by vaults, ~ 1 changed, 1 as in clearml.conf")
        assert marked(seat) == [*changed, added[0], "  api.web_server", added[1]]
        await seat.press("slash", "~")
        await seat.until(lambda: marked(seat) == changed)
        await seat.press("backspace", "+")
        await seat.until(lambda: marked(seat) == added)
        await seat.press("backspace", "enter", "c")
        await seat.until(lambda: marked(seat) == paths(seat))
        assert "added" not in seat.words

    sit(house.as_user(), scenario, size=size)


def test_a_restricted_program_reads_no_file(house: House, bot: str) -> None:
    workspace = house.as_user()

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.press("c")
        await seat.until_said("A restricted program reads no file.")
        assert seat.dialog == DIALOG

    sit(workspace, scenario, launch=Launch(workspace, is_restricted=True))


@SIZES
def test_what_clients_resolve_is_marked(house: House, bot: str, size: tuple[int, int]) -> None:
    text = 'agent.home: ${HOME}/x\nsdk { include "more.conf" }\n'
    house.save_vault(bot, text, format="hocon")

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        assert "${HOME}/x" in seat.text
        for number, path in enumerate(paths(seat)):
            values(seat).move_cursor(row=number)
            await seat.until_shown(f"{path} from")
            if path == "agent.home":
                await seat.until_shown("Each client resolves what is in ${…}.")
        assert "include more.conf, read on the client" in seat.words or size == OVER
        assert "include more.conf" in seat.words

    sit(house.as_user(), scenario, size=size)


@SIZES
def test_a_vault_that_clients_leave_out_is_named(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    with saving_anything():
        house.add_vault("Broken [/red]", text="{\x1b", enabled=True)

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.until_shown("Broken [/red] is left out by clients:")
        assert len(paths(seat)) == 3

    sit(house.as_user(), scenario, size=size)


def test_a_member_whom_no_vault_reaches_is_told_so(house: House) -> None:
    house.add_service_account("lonely")
    house.add_vault("Off", enabled=False)

    async def scenario(seat: Seat) -> None:
        await to_effective(seat, "lonely")
        await seat.until_shown("No enabled vault reaches this member")
        await seat.press("j", "s", "slash")
        assert seat.dialog == DIALOG

    sit(house.as_user(), scenario)


def test_one_member_at_a_time(house: House, bot: str) -> None:
    house.add_service_account("zed")

    async def scenario(seat: Seat) -> None:
        await seat.press("2")
        await seat.until(lambda: len(seat.rows) == 2)
        await seat.press("asterisk", "v")
        await seat.until_said("Choose one service account.")
        assert seat.dialog == ""

    sit(house.as_user(), scenario)


def test_plain_users_see_their_own_alone(house: House, bot: str, bob: str) -> None:
    house.save_vault(bob, json.dumps({"sdk": {"mine": 1}}))

    async def scenario(seat: Seat) -> None:
        await seat.until(lambda: "Bob" in seat.rows)
        await seat.go_to("Ada Lindqvist")
        await seat.press("v")
        await seat.until_said("You may see your own effective configuration only.")
        assert seat.dialog == ""
        await to_effective(seat, "Bob", "1")
        assert "sdk.mine" in paths(seat)
        assert "agent.git_user" in paths(seat)

    sit(house.as_user("bob@acme.example"), scenario)


def test_disabled_vaults_do_not_count(house: House, bot: str) -> None:
    now = house.admin.vault_details(bot)
    house.admin.set_vault_enabled(bot, False, now.revision, now.id)

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        await seat.until_shown("agent.git_user from For everybody")
        assert "overrides" not in seat.words

    sit(house.as_user(), scenario)


@SIZES
def test_hostile_names_and_values_are_shown_as_text(
    house: House, bot: str, size: tuple[int, int]
) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        text = {"sdk": {f"k{number} [/red]$x": "[@click=app.quit]y [/red] \u202e", "a.b": 1}}
        house.add_vault(name, text=json.dumps(text, ensure_ascii=False))

    async def scenario(seat: Seat) -> None:
        await to_effective(seat)
        for number in range(values(seat).row_count):
            values(seat).move_cursor(row=number)
            await seat.pilot.pause(0)
            for character in "\x1b\x00\u202e\x07":
                assert character not in seat.text
        assert 'sdk."a.b"' in paths(seat)

    sit(house.as_user(), scenario, size=size)

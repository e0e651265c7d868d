"""Changed keys: what they do, on every tab, and that whatever names a key names the changed one."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.dom import DOMNode
from textual.widgets import Input

from store.demo import demo_workspace
from tests.store.house import House
from tests.tui.seat import Scenario, Seat, sit
from tui.key_conflicts import ALWAYS, RESERVED, conflict
from tui.key_names import shown_key
from tui.keymap import Keymap
from tui.keys import TABLE
from tui.keys import TABS as TAB_KEYS
from tui.launch import Configuration, Launch
from tui.main_screen import TABS
from tui.widgets.credentials_table import CredentialsTable
from tui.widgets.key_bar import KeyBar
from tui.widgets.vault_view import VaultView

Keys = dict[str, tuple[str, ...]]

NUMBERS = {tab.group: str(number) for number, tab in enumerate(TABS, start=1)}
TALL = (120, 200)


def rotated(group: str) -> Keys:
    """Each action of a group has the keys of the next one."""
    keys = [key for key in TABLE[group] if key.keys and f"{group}.{key.action}" not in ALWAYS]
    following = [*keys[1:], keys[0]]
    return {
        f"{group}.{key.action}": other.all_keys for key, other in zip(keys, following, strict=True)
    }


def with_keys(folder: Path, keys: Keys, scenario: Scenario) -> None:
    """Sit at the demo with changed keys."""
    assert conflict(keys) is None
    workspace = demo_workspace(folder / "store")
    sit(workspace, scenario, size=TALL, launch=changed(Launch(workspace), keys))


def changed(launch: Launch, keys: Keys) -> Launch:
    """The launch with changed keys."""
    return Launch(launch.workspace, configuration=Configuration(keys=keys))


def footer(seat: Seat) -> str:
    """The line of keys on the screen on top."""
    (bar,) = seat.app.screen.query(KeyBar)
    return str(bar.render())


async def go(seat: Seat, group: str) -> DOMNode:
    """Go to where the keys of a group are; what does its actions."""
    tab = {"credentials": "users", "vault": "users", "resources": "access_rules"}.get(group, group)
    if tab in NUMBERS:
        await seat.press(NUMBERS[tab])
        await seat.until(lambda: seat.tab.group == tab and bool(seat.tab.shown))
    if group == "credentials":
        await seat.press("m", "enter")
        await seat.until(lambda: seat.is_in_credentials)
        return seat.app.screen.query_one(CredentialsTable)
    if group == "vault":
        await seat.press("m", "enter", "tab")
        await seat.until(lambda: seat.is_in_vault)
        return seat.app.screen.query_one(VaultView)
    if group == "resources":
        await seat.press("b")
        await seat.until(lambda: seat.tab.group == "resources" and bool(seat.tab.shown))
    return seat.app.screen if group in ("program", "tabs") else seat.tab


def note(node: DOMNode, action: str, done: list[str]) -> None:
    """Note an action in the place of doing it."""
    owner = node.app if action.startswith("app.") else node
    name = action.removeprefix("app.").partition("(")[0]

    def noted(*arguments: object) -> None:
        done.append(f"{name}({', '.join(map(str, arguments))})" if arguments else name)

    setattr(owner, f"action_{name}", noted)


def test_each_tab_has_a_key_and_keys() -> None:
    assert [key.name for key in TAB_KEYS] == [tab.group for tab in TABS]
    assert set(NUMBERS) <= set(TABLE)


@pytest.mark.parametrize("group", TABLE)
def test_what_is_done_and_shown_follows(tmp_path: Path, group: str) -> None:
    keys = rotated(group)
    keymap = Keymap(keys)

    async def scenario(seat: Seat) -> None:
        node = await go(seat, group)
        shown = footer(seat)
        for key in keymap.group(group):
            if key.in_footer and key.shown and f" {key.label} " in shown:
                assert f" {key.shown} {key.label} " in shown
        done: list[str] = []
        for key in TABLE[group]:
            note(node, key.action, done)
        for key in keymap.group(group):
            # What the table itself does with its keys is the same.
            for one in set(key.all_keys) - set(RESERVED):
                done.clear()
                await seat.press(one)
                assert done == [key.action.removeprefix("app.")], one

    with_keys(tmp_path, keys, scenario)


def test_the_help_follows(tmp_path: Path) -> None:
    keys = {name: one for group in TABLE for name, one in rotated(group).items()}
    keymap = Keymap(keys)

    async def scenario(seat: Seat) -> None:
        await seat.press(*keymap.key("program", "help").all_keys[:1])
        await seat.until_dialog("HelpDialog")
        lines = [line.strip(" │▌") for line in seat.text.splitlines()]
        for group in TABLE:
            for key in keymap.group(group):
                if key.keys and group != "tabs":
                    shown = " ".join(map(shown_key, key.all_keys))
                    assert f"{shown:<7} {key.tooltip}" in lines

    with_keys(tmp_path, keys, scenario)


def test_the_commands_follow(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        titles = {command.title for command in seat.app.get_system_commands(seat.app.screen)}
        assert {"Invite (n)", "Help (f1)", "Workspace", "Theme (T)", "Sort (^r)"} <= titles

    keys: Keys = {
        "users.invite": ("n", "ctrl+n"),
        "program.help": ("f1", "question_mark"),
        "program.settings": (),
        "program.theme": ("T",),
        "rows.sort": ("ctrl+r",),
    }
    with_keys(tmp_path, keys, scenario)


def test_the_tabs_show_their_keys(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        bar = seat.text.splitlines()[1]
        assert " f5 Users " in bar
        assert "4 Administrator Vaults   Access Rules" in bar
        await seat.press("5", "2")
        assert seat.tab.group == "users"
        await seat.press("f6")
        await seat.until(lambda: seat.tab.group == "service_accounts")

    keys: Keys = {
        "tabs.show_tab(0)": ("f5",),
        "tabs.show_tab(1)": ("f6",),
        "tabs.show_tab(4)": (),
    }
    with_keys(tmp_path, keys, scenario)


def test_hints_name_the_keys_that_there_are(house: House) -> None:
    def said(keys: Keys, number: str) -> str:
        seen: list[str] = []

        async def scenario(seat: Seat) -> None:
            await seat.press(number)
            await seat.until(lambda: seat.tab.group == TABS[int(number) - 1].group)
            seen.append(seat.words)

        launch = changed(Launch(house.as_user()), keys)
        sit(launch.workspace, scenario, launch=launch)
        return seen[0]

    assert "Press n to invite users." in said({"users.invite": ("n",)}, "1")
    assert "Use the command Add to add the first." in said({"service_accounts.add": ()}, "2")
    assert "Press ^n to add one." in said({"user_groups.add": ("ctrl+n",)}, "3")
    assert "Press N to add the first." in said({"administrator_vaults.add": ("N",)}, "4")
    rules: Keys = {"access_rules.add": ("n",), "access_rules.catalogue": ("f9",)}
    assert "Press n to add the first, or f9 for the catalogue" in said(rules, "5")


def test_the_key_that_opened_a_list_goes_on_in_it(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("O", "O", "enter")
        assert "STATUS ▲" in seat.text
        await seat.press("s")
        assert seat.dialog == ""

    with_keys(tmp_path, {"rows.sort": ("O",)}, scenario)


def test_enter_is_another_actions_where_it_opens_nothing(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("enter")
        await seat.until_dialog("EditUser")
        await seat.press("escape", "O")
        await seat.until(lambda: seat.tab.details_key is not None)

    with_keys(tmp_path, {"rows.open": ("O",), "users.edit": ("enter", "e")}, scenario)


def test_a_letter_is_a_letter_where_one_types(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("ctrl+f", *"xyz?")
        assert seat.app.screen.query_one(Input).value == "xyz?"
        assert seat.dialog == ""
        assert "x Invite" not in footer(seat)
        await seat.press("escape", "x")
        await seat.until_dialog("InviteDialog")
        await seat.press(*"xy")
        await seat.until(lambda: "xy" in seat.text)

    keys: Keys = {"rows.filter": ("ctrl+f",), "users.invite": ("x",), "users.access": ("i",)}
    with_keys(tmp_path, keys, scenario)


def test_escape_and_the_arrows_stay() -> None:
    assert ALWAYS["rows.clear"] == "escape"
    keymap = Keymap({"rows.clear": ("ctrl+g", "escape")})
    assert keymap.key("rows", "clear").all_keys == ("ctrl+g", "escape")


def test_the_commands_leave_their_key_to_another(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("ctrl+p")
        await seat.until_dialog("InviteDialog")
        await seat.press("escape", "colon")
        await seat.until_dialog("CommandSearch")

    keys: Keys = {"users.invite": ("ctrl+p",), "program.command_palette": ("colon",)}
    with_keys(tmp_path, keys, scenario)


def test_dialogs_follow_what_is_everywhere(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        done: list[str] = []
        note(seat.tab, "app.redraw", done)
        await seat.press("5")
        await seat.until(lambda: seat.tab.group == "access_rules" and bool(seat.tab.shown))
        await seat.press("b")
        await seat.until_dialog("Catalogue")
        assert "f1 Help  Q Back" in footer(seat)
        await seat.press("f5", "ctrl+l", "q")
        assert done == ["redraw"]
        await seat.press("f1")
        await seat.until_dialog("HelpDialog")
        await seat.press("f5", "escape", "Q")
        await seat.until_dialog("")
        assert done == ["redraw", "redraw"]

    keys: Keys = {
        "program.app.redraw": ("f5",),
        "program.help": ("f1",),
        "program.back": ("Q",),
    }
    with_keys(tmp_path, keys, scenario)


class TestSections:
    """In the details a key means what is there, never whom the panel shows."""

    @pytest.mark.parametrize("section", ["credentials", "vault"])
    @pytest.mark.parametrize("action", ["users.remove", "users.suspend", "users.edit"])
    def test_the_tabs_changed_key_does_nothing_in_one(
        self, tmp_path: Path, section: str, action: str
    ) -> None:
        async def scenario(seat: Seat) -> None:
            await go(seat, section)
            await seat.press("n")
            assert seat.dialog == ""
            assert seat.said
            await seat.press("escape", "n")
            # Beside it the key is the tab's: on one's own row it says why not.
            assert seat.dialog or "themselves" in seat.said[-1]

        with_keys(tmp_path, {action: ("n",)}, scenario)

    def test_the_key_that_a_section_has_given_up_does_nothing(self, tmp_path: Path) -> None:
        async def scenario(seat: Seat) -> None:
            await go(seat, "credentials")
            await seat.press("d", "delete")
            assert seat.dialog == ""
            await seat.until_said("This key is for the row of the table")

        with_keys(tmp_path, {"credentials.revoke": ("n",)}, scenario)

    def test_moving_follows_the_rows(self, tmp_path: Path) -> None:
        done: list[str] = []

        async def scenario(seat: Seat) -> None:
            note(await go(seat, "vault"), "applied", done)
            await seat.press("n")

        keys: Keys = {"rows.cursor_down": ("n", "down")}
        with_keys(tmp_path, keys, scenario)
        assert done == ["applied(1)"]


def test_sentences_name_the_changed_keys(tmp_path: Path) -> None:
    async def scenario(seat: Seat) -> None:
        await seat.press("ctrl+c")
        await seat.until_said("Q leaves the program.")
        await seat.go_to("Hana Kim")
        await seat.press("n", "ctrl+s")
        await seat.until_said("1 user suspended.")
        await seat.press("n")
        await seat.until_said("1 user let back in. n suspends them again.")
        await seat.press("2")
        await seat.until(lambda: "devops-bot" in seat.rows)
        await seat.go_to("devops-bot")
        await seat.press("enter")
        await seat.until_shown("f2 shows what is hidden")

    keys: Keys = {
        "program.back": ("Q",),
        "users.suspend": ("n",),
        "vault.secrets": ("f2",),
    }
    with_keys(tmp_path, keys, scenario)

"""What a person writes into config.toml: used where it can be, refused with its line where not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.arguments import parse_arguments
from tests.cli.console import ROOT, Console
from tests.store.house import ADA, House
from tests.tui.seat import Seat

DOCS = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
NEARLY = '[keys.users]\n# so that nothing is invited by mistake\ninvit = "n"\n'


def written(console: Console, text: str | bytes, name: str = "mine.toml") -> Path:
    """A configuration with that text."""
    path = console.folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def usual(console: Console) -> Path:
    """Where the command looks for a configuration that nobody has named."""
    folder = console.home / "config" / "clearml-admin"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "config.toml"


def theme_of(seat: Seat) -> str:
    """What the program looks like."""
    return seat.app.theme


class TestRefused:
    """A mistake ends the program before it has begun: one line, and nothing touched."""

    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ('theme = "drak"', 1, 'did you mean "dark"?'),
            ('theme = "Light"', 1, 'did you mean "light"?'),
            ("theme = 3", 1, "dark, light, terminal"),
            ('thme = "dark"', 1, 'did you mean "theme"?'),
            (NEARLY, 3, '"invit" is no name of an action in [keys.users]; did you mean "invite"?'),
            ('[keys.user]\ninvite = "n"', 1, 'did you mean "users"?'),
            ('\n[keys.users]\ninvite = "pgdn"', 3, "moves"),
            ('[keys.users]\ninvite = "entr"', 2, 'did you mean "enter"?'),
            ('[keys.users]\ninvite = "ctl+x"', 2, 'did you mean "ctrl"?'),
            ('[keys.users]\ninvite = ""', 2, '"" is no key'),
            ('[keys.users]\ninvite = "in"', 2, '"in" is no key'),
            ('[keys.users]\ninvite = "ctrl+i"', 2, "terminals send tab"),
            ('[keys.users]\ninvite = "shift+i"', 2, "a capital is written as itself"),
            ('[keys.users]\ninvite = "escape"', 2, "leaves"),
            ("[keys.users]\ninvite = 3", 2, "a key is a text"),
            ('[keys.users]\ninvite = [\n  "n",\n  4,\n]', 2, "a key is a text"),
            ('keys.users.edit = "n"\nkeys.users.invite = "pgup"', 2, "moves"),
            ("keys = 3", 1, "[keys] is a table"),
            ("[keys]\nusers = 3", 2, "[keys.users] is a table"),
            ("[keys.program]\nhelp = []", 2, "program.help has to have a key"),
            ("[keys.program]\nback = []", 2, "program.back has to have a key"),
            ('[tables.user]\nsort = "x"', 1, 'did you mean "users"?'),
            ('[tables.users]\nsort = "stats"', 2, 'did you mean "status"?'),
            ('[tables.users]\nhide = ["status"]', 2, "hidden_columns, sort, descending"),
            ('[tables.users]\nhidden_columns = ["statu"]', 2, 'did you mean "status"?'),
            ('[tables.users]\nhidden_columns = ["user"]', 2, "cannot be hidden"),
            ('[tables.access_rules]\nhidden_columns = ["resource"]', 2, "cannot be hidden"),
            ('[tables.users]\nhidden_columns = "status"', 2, "is a list"),
            ("[tables.users]\ndescending = 1", 2, "true or false"),
            ("theme = \n", 1, "Invalid value (column 9)"),
            ('theme = "dark"\ntheme = "light"', 2, "Cannot overwrite a value"),
            ('theme = "dark', 1, "Unterminated string"),
            (b'# fine\ntheme = "\xff"', 2, "no text in UTF-8"),
        ],
    )
    def test_with_file_line_and_remedy(
        self, console: Console, text: str | bytes, line: int, says: str
    ) -> None:
        path = written(console, text)
        said = console.refusal("--demo", "--config", path, status=2)
        assert said.startswith(f"{path}, line {line}: ")
        assert says in said
        assert said.endswith((".", "?"))

    @pytest.mark.parametrize(
        ("text", "line", "both"),
        [
            ('[keys.users]\ninvite = "e"', 2, ("users.invite", "users.edit")),
            ('[keys.users]\ninvite = "s"', 2, ("users.invite", "rows.sort")),
            ('[keys.users]\ninvite = "?"', 2, ("users.invite", "program.help")),
            ('[keys.users]\ninvite = "2"', 2, ("users.invite", "tabs.service_accounts")),
            ('[keys.rows]\nsort = "i"', 2, ("rows.sort", "users.invite")),
            ('[keys.program]\nback = "e"', 2, ("program.back", "users.edit")),
            ('[keys.credentials]\nrotate = "q"', 2, ("credentials.rotate", "program.back")),
            ('[keys.vault]\nhistory = "p"', 2, ("vault.history", "vault.switch")),
            (
                '[keys.users]\ninvite = "n"\n[keys.rows]\nsort = ["o", "n"]',
                2,
                ("users.invite", "rows.sort"),
            ),
        ],
    )
    def test_two_actions_on_one_key_are_both_named(
        self, console: Console, text: str, line: int, both: tuple[str, str]
    ) -> None:
        path = written(console, text)
        said = console.refusal("--demo", "--config", path, status=2)
        assert said.startswith(f"{path}, line {line}: ")
        assert all(name in said for name in both)

    @pytest.mark.parametrize(
        "text",
        [
            "read_only = false",
            "read-only = false",
            "restricted = false",
            'as = "ada@acme.example"',
            'who = "ada@acme.example"',
            'actor = "ada@acme.example"',
            'store = "/srv/other"',
            "demo = true",
            "administrator = true",
            "[rights]\nall = true",
            "[tables.users]\nread_only = false",
            "[program]\nrestricted = false",
        ],
    )
    def test_nothing_in_it_can_lift_a_right(
        self, console: Console, house: House, text: str
    ) -> None:
        usual(console).write_text(text)
        arguments = ("--store", console.store, "--as", ADA, "--restricted", "--read-only")
        assert "is no name of a setting" in console.refusal(*arguments, status=2)

    def test_a_named_file_that_is_not_there(self, console: Console) -> None:
        path = console.folder / "none.toml"
        said = console.refusal("--demo", "--config", path, status=2)
        assert said == f"There is no file {path}."

    def test_a_folder(self, console: Console) -> None:
        assert "cannot be read" in console.refusal("--demo", "--config", console.work, status=2)

    def test_what_is_no_settings_file(self, console: Console) -> None:
        said = console.refusal("--demo", "--config", written(console, "#" * 40_000), status=2)
        assert "more than" in said

    def test_the_home_of_nobody(self, console: Console) -> None:
        path = "~nobody-of-that-name/config.toml"
        assert path in console.refusal("--demo", "--config", path, status=2)

    def test_the_usual_file_is_checked_as_well(self, console: Console, house: House) -> None:
        usual(console).write_text(NEARLY)
        said = console.refusal("--store", console.store, "--as", ADA, status=2)
        assert said.startswith(f"{usual(console)}, line 3: ")

    def test_hostile_names_are_said_without_their_control_characters(
        self, console: Console
    ) -> None:
        path = written(console, '"\\u001b[2J\\u202e" = 1')
        assert '"�[2J�" is no name' in console.refusal("--demo", "--config", path, status=2)

    def test_a_process_refuses_as_it_does_in_this_one(self, console: Console) -> None:
        arguments = ("--demo", "--config", written(console, NEARLY))
        said = console.refusal_of_processes(*arguments, status=2)
        assert said == console.refusal(*arguments, status=2)

    def test_with_a_command(self, console: Console) -> None:
        said = console.refusal("--config", "x", "serve", status=2)
        assert "--config cannot be used with serve" in said

    def test_to_name_one_under_sudo(self, console: Console) -> None:
        environment = {"SUDO_USER": "bob", "SUDO_UID": "1000"}
        said = console.refusal("--config", written(console, ""), environment=environment)
        assert "--config cannot be used under sudo" in said


class TestUsed:
    """What it says is so at the start."""

    def looks(self, console: Console, *arguments: str | Path) -> str:
        """The theme that the demo begins with."""
        themes: list[str] = []

        async def scenario(seat: Seat) -> None:
            themes.append(theme_of(seat))

        done = console.run("--demo", *arguments, scenario=scenario)
        assert (done.returncode, done.stderr) == (0, b"")
        return themes[0]

    def test_it_need_not_be_there(self, console: Console) -> None:
        assert self.looks(console) == "clearml-dark"

    @pytest.mark.parametrize("name", ["dark", "light", "terminal"])
    def test_the_theme(self, console: Console, name: str) -> None:
        usual(console).write_text(f'theme = "{name}"')
        assert self.looks(console) == f"clearml-{name}"

    def test_the_named_file_goes_before_the_usual_one(self, console: Console) -> None:
        usual(console).write_text('theme = "light"')
        assert self.looks(console, "--config", written(console, "")) == "clearml-dark"

    def test_a_relative_path_begins_at_the_working_folder(self, console: Console) -> None:
        written(console, 'theme = "light"')
        assert self.looks(console, "--config", "../mine.toml") == "clearml-light"

    def test_a_restricted_program_has_the_one_of_the_account(self, console: Console) -> None:
        usual(console).write_text('theme = "light"')
        assert self.looks(console, "--restricted") == "clearml-light"

    def test_what_is_chosen_otherwise_lasts_until_one_quits(self, console: Console) -> None:
        path = usual(console)
        path.write_text('# mine\n[tables.users]\nsort = "status"')
        before = path.read_bytes()

        async def scenario(seat: Seat) -> None:
            assert "STATUS ▲" in seat.text
            await seat.press("s", "enter")
            await seat.until_said("Until you quit: your configuration says otherwise.")
            assert "STATUS ▼" in seat.text

        for _ in range(2):
            done = console.run("--demo", scenario=scenario)
            assert (done.returncode, done.stderr) == (0, b"")
        assert path.read_bytes() == before


class TestDocumented:
    """What the page says is what there is."""

    def test_its_example_is_good(self, console: Console) -> None:
        (example,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)

        async def scenario(seat: Seat) -> None:
            assert theme_of(seat) == "clearml-light"
            assert "PENDING SINCE" not in seat.text
            assert "STATUS ▼" in seat.text
            assert "n Invite" in seat.text
            assert "D Remove" in seat.text
            await seat.press("f1")
            await seat.until_dialog("HelpDialog")

        done = console.run("--demo", "--config", written(console, example), scenario=scenario)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_the_option_is_in_the_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            parse_arguments(["--help"])
        assert "config.toml" in capsys.readouterr().out

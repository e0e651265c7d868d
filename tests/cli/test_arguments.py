"""What can be said to the command, and which store it opens."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from store.operations.workspace_settings import FirstStart
from store.workspace import Workspace
from tests.cli.console import Console, one_line, own_login, wait_for_table
from tests.store.house import ADA, House

OPTIONS = ("--store", "--as", "--demo", "--read-only", "--restricted", "--version", "--help")
INIT = ("--workspace", "Acme", "--name", "Ada", "--email", ADA)
REFUSED = "Nothing can be changed."


def workspace_at(folder: Path, name: str) -> None:
    """A workspace of that name, whose administrator is whoever runs the tests."""
    first = FirstStart(name, "Ada", ADA, own_login(), "clearml")
    Workspace.create(folder, first)


def test_help_names_every_option_and_touches_nothing(console: Console) -> None:
    with console.untouched():
        done = console.run("--help")
    assert (done.returncode, done.stderr) == (0, b"")
    for option in OPTIONS:
        assert option in done.stdout.decode()
    assert "CLEARML_ADMIN_STORE" in done.stdout.decode()


def test_version_is_that_of_the_distribution(console: Console) -> None:
    with console.untouched():
        done = console.run("--version")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"clearml-admin {version('clearml-admin')}\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--unknown",), "--unknown"),
        (("somewhere",), "somewhere"),
        (("--store",), "--store"),
        (("--as",), "--as"),
        (("--read",), "--read"),
        (("--store", ""), "--store"),
        (("--as", ""), "--as"),
        (("--demo", "\x1b[2J\nmore\u202e\x9b1m"), r"\x1b[2J\nmore\u202e\x9b1m"),
        (("serve", "--port", "65536"), "65536"),
        (("serve", "--port", "-1"), "--port"),
        (("serve", "--trusted-proxy", ""), "--trusted-proxy"),
        (("serve", "--as", "ada@acme.example"), "--as"),
        (("--demo", "--restricted", "serve"), "--demo and --restricted"),
        (("--read-only", "init", *INIT), "--read-only"),
        (("init", "--workspace", "Acme"), "--email"),
        (("init", *INIT, "--web-url", ""), "--web-url"),
        (("rotate-token-secret", "more"), "more"),
    ],
)
def test_bad_arguments_are_one_line_and_status_2(
    console: Console, arguments: tuple[str, ...], named: str
) -> None:
    said = console.refusal(*arguments, status=2)
    assert named in said
    assert "--help" in said


def test_bad_arguments_end_a_process_so_too(console: Console) -> None:
    assert "--unknown" in console.refusal_of_processes("--unknown", status=2)


def test_arguments_that_are_no_text_are_one_line(console: Console) -> None:
    with console.untouched():
        done = console.pipe("--unknown\udcff")
    assert done.returncode == 2
    assert "--unknown�" in one_line(done.stderr, b"\n")


class TestWhichStore:
    """The option before the variable, the variable before the default."""

    @pytest.fixture(autouse=True)
    def _stores(self, console: Console) -> None:
        workspace_at(console.default_store, "Default")
        workspace_at(console.folder / "variable", "Variable")
        workspace_at(console.folder / "option", "Option")

    @pytest.mark.parametrize("variable", ["", None])
    def test_the_default_lies_in_the_data_directory(
        self, console: Console, variable: str | None
    ) -> None:
        environment = {} if variable is None else {"CLEARML_ADMIN_STORE": variable}
        assert "1 USER IN Default workspace" in console.shown(environment=environment)

    def test_the_variable_goes_before_the_default(self, console: Console) -> None:
        environment = {"CLEARML_ADMIN_STORE": str(console.folder / "variable")}
        assert "1 USER IN Variable workspace" in console.shown(environment=environment)

    def test_the_option_goes_before_the_variable(self, console: Console) -> None:
        environment = {"CLEARML_ADMIN_STORE": str(console.folder / "variable")}
        shown = console.shown("--store", console.folder / "option", environment=environment)
        assert "1 USER IN Option workspace" in shown

    def test_a_relative_path_begins_at_the_working_folder(self, console: Console) -> None:
        assert "1 USER IN Option workspace" in console.shown("--store", "../option")

    @pytest.mark.parametrize("way", ["option", "variable"])
    def test_a_tilde_is_the_home(self, console: Console, way: str) -> None:
        path = "~/data/clearml-admin"
        if way == "option":
            shown = console.shown("--store", path)
        else:
            shown = console.shown(environment={"CLEARML_ADMIN_STORE": path})
        assert "1 USER IN Default workspace" in shown
        assert "~/data/clearml-admin" in shown


class TestDemo:
    """The workspace to try."""

    @pytest.mark.parametrize("arguments", [("--store", "x"), ("--as", ADA)])
    def test_it_brings_its_own_store_and_actor(
        self, console: Console, arguments: tuple[str, ...]
    ) -> None:
        said = console.refusal("--demo", *arguments)
        assert "--demo" in said
        assert arguments[0] in said

    @pytest.mark.parametrize(
        ("arguments", "ending"), [((), "q"), (("--read-only",), "ctrl+q"), ((), "SIGTERM")]
    )
    def test_it_goes_with_the_program(
        self, console: Console, arguments: tuple[str, ...], ending: str
    ) -> None:
        terminal = console.open("--demo", *arguments)
        wait_for_table(terminal)
        assert "DEMO, gone when you quit" in terminal.line(0)
        assert ("READ-ONLY" in terminal.line(0)) == bool(arguments)
        assert len(list(console.temp.iterdir())) == 1
        if ending == "SIGTERM":
            terminal.kill()
        else:
            terminal.press(ending)
        terminal.wait_exit()
        assert list(console.temp.iterdir()) == []
        assert not console.default_store.exists()


def test_read_only_says_so_and_takes_no_change(console: Console, house: House) -> None:
    house.add_user("bob@acme.example", "Bob")
    with console.untouched():
        terminal = console.open_as(ADA, "--read-only")
        assert "READ-ONLY" in terminal.line(0)
        for key in "epd":
            terminal.press(key)
            terminal.wait_for(REFUSED)
            # What is said next takes its place.
            terminal.press("Y")
            terminal.wait_for("ID sent")
            assert REFUSED not in terminal.text
        terminal.press("i")
        terminal.wait_idle()
        assert "Cancel" not in terminal.text
        terminal.press("q")
        assert terminal.wait_exit() == 0

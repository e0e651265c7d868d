"""What the command refuses to open: one line, a status that is not 0, and nothing touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from store.persistence.formats import FORMAT
from tests.cli.console import Console, last_words, one_line
from tests.store.house import ADA, House
from tests.tui.seat import Seat

Tables = dict[str, dict[str, dict[str, Any]]]
HOSTILE = "\x1b[2J\x1b]52;c;aGk=\x07\n\u202e\u200b\x9b2J\U000e0041\x7f"


def test_a_process_refuses_as_it_does_in_this_one(console: Console) -> None:
    console.store.write_text("mine")
    said = console.refusal_of_processes("--store", console.store)
    assert said == console.refusal("--store", console.store)


class TestPaths:
    """What is named is no store and cannot become one."""

    def test_a_file(self, console: Console) -> None:
        console.store.write_text("mine")
        said = console.refusal("--store", console.store)
        assert str(console.store) in said
        assert "is a file" in said

    @pytest.mark.parametrize("below", ["store", "deep/er/store"])
    def test_below_a_file(self, console: Console, below: str) -> None:
        (console.folder / "file").write_text("mine")
        said = console.refusal("--store", console.folder / "file" / below)
        assert str(console.folder / "file") in said
        assert "cannot be" in said

    def test_a_folder_with_other_files(self, console: Console) -> None:
        console.store.mkdir()
        (console.store / "thesis.tex").write_text("mine")
        assert "holds other files" in console.refusal("--store", console.store)

    def test_the_variable_is_refused_likewise(self, console: Console) -> None:
        console.store.write_text("mine")
        environment = {"CLEARML_ADMIN_STORE": str(console.store)}
        assert "is a file" in console.refusal(environment=environment)

    def test_a_name_that_no_file_can_have(self, console: Console) -> None:
        assert "cannot be used" in console.refusal("--store", console.folder / ("x" * 300))

    def test_a_loop_of_links(self, console: Console) -> None:
        console.store.symlink_to(console.store)
        assert "cannot be used" in console.refusal("--store", console.store)

    @pytest.mark.parametrize("way", ["option", "variable"])
    def test_the_home_of_nobody(self, console: Console, way: str) -> None:
        path = "~nobody-of-that-name/store"
        if way == "option":
            said = console.refusal("--store", path)
        else:
            said = console.refusal(environment={"CLEARML_ADMIN_STORE": path})
        assert path in said

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_place_that_may_not_be_written(self, console: Console) -> None:
        console.work.chmod(0o500)
        assert "may not be written" in console.refusal("--store", console.work / "store")

    @pytest.mark.parametrize("kind", ["file", "read-only"])
    def test_a_hostile_path_is_said_without_its_control_characters(
        self, console: Console, kind: str
    ) -> None:
        path = console.folder / HOSTILE.replace("/", "")
        if kind == "file":
            path.write_text("mine")
            said = console.refusal("--store", path)
        else:
            said = console.refusal("--store", path, "--read-only")
        assert "�[2J" in said

    def test_a_path_that_is_no_text(self, console: Console) -> None:
        path = os.fsdecode(os.fsencode(console.folder) + b"/\xff\xfe")
        Path(path).write_text("mine")
        assert "��" in console.refusal("--store", path)


@pytest.mark.parametrize("exists", [False, True])
def test_read_only_makes_no_store(console: Console, exists: bool) -> None:
    if exists:
        console.store.mkdir()
    said = console.refusal("--store", console.store, "--read-only")
    assert f"There is no workspace in {console.store}" in said


async def until_it_ends(seat: Seat) -> None:
    """Wait until the program has ended by itself."""
    await seat.until(lambda: not seat.app.is_running)


class TestDamage:
    """A workspace.json that is not as it was written."""

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "damaged"),
            (b"\x00\xff garbage", "damaged"),
            (b"[]", "damaged"),
            (b"{}", "damaged"),
            (b'{"meta": {}}', "damaged"),
            (b'{"meta": {"1": {"id": "meta", "format": "1", "commit": 1}}}', "damaged"),
        ],
    )
    def test_content_that_is_none(
        self, console: Console, house: House, content: bytes, says: str
    ) -> None:
        (console.store / "workspace.json").write_bytes(content)
        self.refused(console, says)

    def test_a_file_cut_short(self, console: Console, house: House) -> None:
        path = console.store / "workspace.json"
        path.write_bytes(path.read_bytes()[:-100])
        self.refused(console, "damaged")

    def test_a_folder_in_its_place(self, console: Console, house: House) -> None:
        path = console.store / "workspace.json"
        path.unlink()
        path.mkdir()
        self.refused(console, "workspace.json is a folder")

    def test_a_newer_format(self, console: Console, house: House) -> None:
        self.spoil(console, lambda tables: tables["meta"]["1"].update(format=FORMAT + 1))
        self.refused(console, "newer clearml-admin")

    @pytest.mark.parametrize(
        "change",
        [
            lambda tables: tables["meta"]["1"].update(format=0),
            lambda tables: tables.pop("workspace"),
            lambda tables: tables.update(users={"1": "Ada"}),
            lambda tables: tables["users"]["1"].pop("id"),
        ],
    )
    def test_tables_that_are_none(
        self, console: Console, house: House, change: Callable[[Tables], object]
    ) -> None:
        self.spoil(console, change)
        self.refused(console, "damaged")

    @pytest.mark.parametrize(
        ("table", "number", "field", "value"),
        [
            ("workspace", "1", "name", None),
            ("groups", "2", "preset", None),
            ("groups", "2", "name", None),
            ("groups", "3", "members", 7),
            ("users", "1", "status", None),
            ("users", "1", "name", ["Ada"]),
            ("users", "2", "status", None),
            ("users", "2", "email", None),
        ],
    )
    def test_an_entry_that_lacks_something(
        self, console: Console, house: House, table: str, number: str, field: str, value: object
    ) -> None:
        house.add_user("bob@acme.example", "Bob")

        def change(tables: Tables) -> None:
            tables[table][number][field] = value
            if value is None:
                del tables[table][number][field]

        self.spoil(console, change)
        with console.untouched():
            done = console.run("--store", console.store, "--as", ADA, scenario=until_it_ends)
        assert done.returncode == 1
        self.names_the_file(one_line(done.stderr, b"\n"))

    def test_an_entry_without_which_nothing_can_be_drawn(
        self, console: Console, house: House
    ) -> None:
        self.spoil(console, lambda tables: tables["groups"]["2"].pop("preset"))
        with console.untouched():
            terminal = console.open("--store", console.store, "--as", ADA)
            assert terminal.wait_exit() == 1
        self.names_the_file(last_words(terminal))

    @staticmethod
    def names_the_file(said: str) -> None:
        assert "workspace.json" in said
        assert "Restore a copy" in said

    @staticmethod
    def spoil(console: Console, change: Callable[[Tables], object]) -> None:
        path = console.store / "workspace.json"
        tables = orjson.loads(path.read_bytes())
        change(tables)
        path.write_bytes(orjson.dumps(tables))

    @staticmethod
    def refused(console: Console, says: str) -> None:
        said = console.refusal("--store", console.store, "--as", ADA)
        assert says in said


class TestNoTerminal:
    """The program needs a terminal that can be drawn on."""

    @pytest.mark.parametrize("arguments", [(), ("--demo",), ("--as", ADA)])
    def test_between_pipes(
        self, console: Console, house: House, arguments: tuple[str, ...]
    ) -> None:
        named = () if "--demo" in arguments else ("--store", str(console.store))
        if arguments == ():
            named = ("--store", str(console.folder / "new"))
        with console.untouched():
            done = console.run(*named, *arguments)
        assert (done.returncode, done.stdout) == (1, b"")
        assert "needs a terminal" in one_line(done.stderr, b"\n")

    def test_a_pending_user_stays_pending_without_one(self, console: Console, house: House) -> None:
        house.invite("pia@acme.example")
        with console.untouched():
            done = console.run("--store", console.store, "--as", "pia@acme.example")
        assert "needs a terminal" in one_line(done.stderr, b"\n")

    @pytest.mark.parametrize("stream", ["<", ">", "2>"])
    def test_with_one_stream_elsewhere(self, console: Console, house: House, stream: str) -> None:
        script = f'exec "$@" {stream}/dev/null'
        arguments = ("--store", console.store, "--as", ADA)
        with console.untouched():
            shell = ("sh", "-c", script, "sh")
            terminal = console.open(*arguments, command=(*shell, *console.command))
            assert terminal.wait_exit() == 1
        if stream != "2>":
            assert "needs a terminal" in one_line(terminal.output, b"\r\n")

    @pytest.mark.parametrize("term", ["dumb", ""])
    def test_one_that_cannot_be_drawn_on(self, console: Console, house: House, term: str) -> None:
        environment = {"TERM": term}
        with console.untouched():
            arguments = ("--store", console.store, "--as", ADA)
            done = console.run(*arguments, environment=environment, in_terminal=True)
        assert (done.returncode, done.stdout) == (1, b"")
        assert "TERM" in one_line(done.stderr, b"\n")

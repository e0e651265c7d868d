"""Stores of other accounts, and with what is no file in a file's place: for screen and endpoint."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from store.persistence import folder, ownership
from store.persistence.odd_files import name_of_account
from tests.cli.console import Console, one_line
from tests.store.house import ADA, House, edit_of
from tests.store.odd import KINDS, Place, looks, within_a_second
from tests.tui.seat import Seat

ME = name_of_account(os.geteuid())
EACH = (*folder.MOST_BYTES, *folder.FOLDERS)


def started(console: Console, *arguments: str | Path) -> str:
    """The one line with which the command ends."""
    with within_a_second():
        done = console.run(*arguments, in_terminal=True)
    assert (done.returncode, done.stdout) == (1, b"")
    return one_line(done.stderr, b"\n")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unreadable"])
@pytest.mark.parametrize("name", EACH)
def test_what_is_odd_is_said_in_one_line(
    console: Console, house: House, tmp_path: Path, name: str, kind: str
) -> None:
    house.close()
    is_folder = name in folder.FOLDERS
    place = Place(console.store / name, tmp_path / "outside")
    place.put("a link" if is_folder and kind == "a folder" else kind)
    before = looks(console.store), looks(tmp_path / "outside")
    screen = started(console, "--store", console.store, "--as", ADA)
    served = started(console, "serve", "--store", console.store, "--port", "0")
    assert screen == served
    assert f"{name} is" in screen or f"{name} has" in screen
    assert "move it away" in screen
    assert (looks(console.store), looks(tmp_path / "outside")) == before


def test_a_pipe_as_a_process_finds_it(console: Console, house: House) -> None:
    (console.store / "usage.json").unlink(missing_ok=True)
    os.mkfifo(console.store / "usage.json")
    said = console.refusal_of_processes("--store", console.store, "--as", ADA)
    assert "usage.json is a named pipe, where a file belongs" in said


def test_another_account_is_sent_to_the_owner(
    console: Console, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "account", lambda: 54_321)
    wanted = (
        f"The store in {console.store} belongs to {ME}. Run it in that account: "
        f"sudo -u {ME} clearml-admin, or only look at it with --read-only."
    )
    for command in ((), ("serve", "--port", "0"), ("rotate-token-secret",)):
        assert console.refusal(*command, "--store", console.store) == wanted
    with console.untouched():
        shown = console.shown("--store", console.store, "--as", ADA, "--read-only")
    assert "READ-ONLY" in shown


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize(("account", "called"), [(65_534, name_of_account(65_534)), (54_321, None)])
def test_root_is_sent_to_the_owner_too(
    console: Console, house: House, account: int, called: str | None
) -> None:
    house.close()
    for path in [console.store, *console.store.rglob("*")]:
        os.chown(path, account, account)
    name = called or f"'#{account}'"
    for command in ((), ("serve", "--port", "0"), ("rotate-token-secret",)):
        said = console.refusal_of_processes(*command, "--store", console.store)
        assert f"sudo -u {name} clearml-admin" in said


def test_modes_that_were_too_open_are_told_in_a_line(console: Console, house: House) -> None:
    console.run("rotate-token-secret", "--store", console.store)
    (console.store / "token.secret").chmod(0o644)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        lines = console.run("serve", "--store", console.store, "--port", port).stderr.splitlines()
        again = console.run("serve", "--store", console.store, "--port", port).stderr.splitlines()
    assert b"open to others, and are not any more: token.secret." in lines[0]
    assert b"end all tokens with clearml-admin rotate-token-secret." in lines[1]
    assert len(lines) == 3
    assert again == lines[2:]
    assert stat.S_IMODE((console.store / "token.secret").stat().st_mode) == 0o600


def test_modes_that_were_too_open_are_told_on_the_screen(console: Console, house: House) -> None:
    console.store.chmod(0o755)

    async def scenario(seat: Seat) -> None:
        await seat.until_said("were open to others, and are not any more: store.")

    done = console.run("--store", console.store, "--as", ADA, scenario=scenario)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_open_screen_says_it_and_goes_on_once_it_is_right(
    console: Console, house: House, bob: str, tmp_path: Path
) -> None:
    place = Place(console.store / "workspace.json", tmp_path / "outside")

    async def scenario(seat: Seat) -> None:
        place.put("a named pipe")
        await seat.until_dialog("MessageDialog")
        assert "named pipe" in seat.text
        await seat.press("escape")
        place.put_right()
        house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))
        await seat.until_shown("Robert")

    console.run("--store", console.store, "--as", ADA, scenario=scenario)


@pytest.mark.parametrize("kind", ["a named pipe", "a socket", "a device", "a folder"])
def test_a_configuration_that_is_no_file(console: Console, tmp_path: Path, kind: str) -> None:
    path = console.folder / "mine.toml"
    Place(path, tmp_path / "outside").put(kind)
    with within_a_second():
        done = console.run("--demo", "--config", path, in_terminal=True)
    assert done.returncode == 2
    assert "mine.toml is a" in one_line(done.stderr, b"\n")


def test_a_configuration_may_be_a_link(console: Console, house: House) -> None:
    (console.folder / "dotfiles.toml").write_text('theme = "light"\n')
    (console.folder / "mine.toml").symlink_to(console.folder / "dotfiles.toml")

    async def scenario(seat: Seat) -> None:
        assert "light" in seat.app.theme

    named = ("--store", console.store, "--as", ADA, "--config", console.folder / "mine.toml")
    done = console.run(*named, scenario=scenario)
    assert (done.returncode, done.stderr) == (0, b"")

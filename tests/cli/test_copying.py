"""Copying: what reaches the terminal, tmux or screen."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from tests.cli.console import Console, step
from tests.store.house import ADA, House
from tests.terminal import Terminal

CLIPBOARD = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
WRAPPED = re.compile(rb"\x1bP([^\x1b]*(?:\x1b\][^\x1b]*)?)\x1b\\")
SENT = "sent to your terminal's clipboard"

FAKE_TMUX = """#!/bin/sh
printf '%s\\n' "$*" >>"$RECORD/arguments"
cat >"$RECORD/input"
exit ${TMUX_STATUS:-0}
"""


def copied(terminal: Terminal) -> list[str]:
    """The texts that were sent to the terminal's clipboard."""
    return [base64.b64decode(text).decode() for text in CLIPBOARD.findall(terminal.output)]


def copy_email(terminal: Terminal) -> None:
    """Copy the email of the user at the cursor."""
    step(terminal, "y")
    terminal.wait_for(f"Email: {ADA}")
    step(terminal, "enter")
    terminal.wait_for(SENT)


@pytest.fixture
def tmux(console: Console) -> dict[str, str]:
    """The environment of a tmux whose program only records."""
    folder = console.folder / "bin"
    folder.mkdir()
    program = folder / "tmux"
    program.write_text(FAKE_TMUX)
    program.chmod(0o755)
    return {
        "TMUX": "/nowhere/default,1,0",
        "RECORD": str(console.folder),
        "PATH": f"{folder}:/usr/bin:/bin",
    }


def recorded(console: Console, what: str) -> str | None:
    """What the fake tmux was given, or None."""
    path: Path = console.folder / what
    return path.read_text() if path.exists() else None


def test_one_value_of_the_row(console: Console, house: House) -> None:
    terminal = console.open_as(ADA)
    copy_email(terminal)
    assert copied(terminal) == [ADA]
    assert terminal.output.count(b"\x1b]52") == 1


def test_values_of_all_marked_rows_as_text(console: Console, house: House) -> None:
    house.add_user("bob@acme.example", "[/red]\x1b[2J日本")
    terminal = console.open_as(ADA)
    step(terminal, "*", "y")
    terminal.wait_for("Name: ")
    step(terminal, "down", "enter")
    terminal.wait_for(SENT)
    assert sorted(copied(terminal)[0].split("\n")) == ["Ada Lindqvist", "[/red]\x1b[2J日本"]


def test_the_links_of_an_invitation(console: Console, house: House) -> None:
    terminal = console.open_as(ADA)
    step(terminal, "i")
    terminal.wait_for("Invite users to")
    terminal.paste("bob@acme.example carol@acme.example")
    terminal.wait_for("2 can be invited")
    step(terminal, "tab", "tab", "tab", "enter")
    terminal.wait_for("2 users invited")
    terminal.wait_for("Copy all")
    step(terminal, "enter")
    terminal.wait_for("Sent to your terminal's clipboard")
    (text,) = copied(terminal)
    lines = [line.split() for line in text.split("\n")]
    assert [email for email, _ in lines] == ["bob@acme.example", "carol@acme.example"]
    for _, link in lines:
        assert re.fullmatch(r"http://clearml:8008/join/[\w-]{43}", link)
        assert link in terminal.text
    assert text.split("/join/")[1] not in (console.store / "workspace.json").read_text()


def test_tmux_is_given_the_text(console: Console, house: House, tmux: dict[str, str]) -> None:
    terminal = console.open_as(ADA, environment=tmux)
    copy_email(terminal)
    arguments = recorded(console, "arguments") or ""
    assert re.fullmatch(r"load-buffer -w -b \S+ -\n", arguments)
    assert recorded(console, "input") == ADA
    assert copied(terminal) == []


@pytest.mark.parametrize("way", ["failing", "missing"])
def test_without_tmuxs_help_the_terminal_is_told(
    console: Console, house: House, tmux: dict[str, str], way: str
) -> None:
    changed = {"TMUX_STATUS": "1"} if way == "failing" else {"PATH": str(console.folder)}
    terminal = console.open_as(ADA, environment={**tmux, **changed})
    copy_email(terminal)
    assert copied(terminal) == [ADA]


def test_restricted_tmux_is_not_run(console: Console, house: House, tmux: dict[str, str]) -> None:
    terminal = console.open_as(ADA, "--restricted", environment=tmux)
    copy_email(terminal)
    assert recorded(console, "arguments") is None
    assert copied(terminal) == [ADA]


def test_under_sudo_tmux_is_not_run(
    console: Console, house: House, tmux: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        **tmux,
        "SUDO_USER": "ada",
        "SUDO_UID": "1",
        "XDG_DATA_HOME": str(console.folder),
    }
    console.default_store.parent.mkdir(parents=True, exist_ok=True)
    (console.folder / "clearml-admin").symlink_to(console.store)
    terminal = console.open(environment=environment)
    terminal.wait_for("Ada Lindqvist (you)")
    terminal.wait_idle()
    copy_email(terminal)
    assert recorded(console, "arguments") is None


def test_screen_is_given_pieces_of_at_most_768_bytes(console: Console, house: House) -> None:
    house.invite(*(f"user{number}@acme.example" for number in range(60)))
    terminal = console.open_as(ADA, environment={"STY": "1234.pts-0.host"})
    step(terminal, "*", "y")
    terminal.wait_for("Email: ")
    step(terminal, "enter")
    terminal.wait_for(SENT)
    pieces = list(WRAPPED.finditer(terminal.output))
    assert len(pieces) > 1
    assert max(len(piece[0]) for piece in pieces) <= 768
    text = CLIPBOARD.fullmatch(b"".join(piece[1] for piece in pieces))
    assert text is not None
    emails = base64.b64decode(text[1]).decode().split("\n")
    assert sorted(emails) == sorted([ADA, *(f"user{n}@acme.example" for n in range(60))])

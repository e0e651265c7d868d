"""Keys that reach the program in one write, as from a line that has stalled."""

from __future__ import annotations

import pytest

from tests.cli.console import Console, step
from tests.store.house import ADA, House
from tests.terminal import key_text


def keys(*names: str) -> str:
    """What a terminal sends for these keys, in one."""
    return "".join(map(key_text, names))


@pytest.fixture
def bea(house: House) -> str:
    """Somebody besides Ada."""
    return house.add_user("bea@acme.example", "Bea Patel")


def test_a_filter_holds_all_that_was_typed(console: Console, house: House, bea: str) -> None:
    terminal = console.open_as(ADA)
    terminal.send("/pat")
    terminal.wait_for("1 shown")
    terminal.send(keys("enter", "p"))
    terminal.wait_for("Suspend Bea Patel?")


def test_keys_before_the_first_frame_are_not_lost(console: Console, house: House, bea: str) -> None:
    terminal = console.open("--store", console.store, "--as", ADA)
    # The alternate screen is the first thing that the program asks for.
    terminal.wait_for(lambda shown: 1049 in shown.modes)
    terminal.send("/patel")
    terminal.wait_for("1 shown")
    terminal.wait_for("patel ")


def test_an_edit_takes_its_first_letters(console: Console, house: House, bea: str) -> None:
    terminal = console.open_as(ADA)
    terminal.send(keys("j", "e", "Z", "e", "d", "tab", "tab", "b", "p", "ctrl+s"))
    terminal.wait_for("Saved.")
    house.admin.refresh()
    user = house.admin.user_details(bea)
    assert (user.name, user.login_name) == ("Bea PatelZed", "bp")


def test_a_first_start_fills_its_fields(console: Console) -> None:
    terminal = console.open("--store", console.store)
    terminal.wait_for("Create  ")
    terminal.send("Acme\tnext")
    terminal.wait_for("Acme")
    terminal.wait_for("next")
    assert not any("Acme" in line and "next" in line for line in terminal.text.splitlines())


@pytest.mark.parametrize("many", [("enter", "tab"), ("down", "enter"), ("enter", "down")])
def test_a_picker_does_not_end_the_program(
    console: Console, house: House, bea: str, many: tuple[str, ...]
) -> None:
    terminal = console.open_as(ADA)
    step(terminal, "3")
    terminal.wait_for("Queue admins")
    terminal.send(keys("a", "X", "tab", "tab", "b", "e", *many, *many, *many))
    terminal.wait_idle()
    terminal.send(keys("escape"))
    terminal.send(keys("escape"))
    terminal.wait_for("? Help")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0


def test_a_paste_in_pieces_is_never_keys(console: Console, house: House, bea: str) -> None:
    terminal = console.open_as(ADA)
    for piece in ("\x1b[200~dp", "\rd\x1b", "[Aq\x1bq\r", "q\x1b[201", "~"):
        terminal.send(piece)
        terminal.wait_idle(0.3)
    assert "2 USERS IN" in terminal.text
    assert "Bea Patel" in terminal.text
    terminal.send("?")
    terminal.wait_for("Keys")

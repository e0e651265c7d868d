"""What the terminal shows is what the program draws, though it is sent only what is different."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from tests.cli.console import Console, step
from tests.store.house import ADA, House
from tests.terminal import Terminal


def write_over(terminal: Terminal, text: str) -> None:
    """Write to the terminal as another program would, such as `wall`.

    A program that is still drawing may draw over it at once.
    """
    deadline = monotonic() + 10
    while text not in terminal.text:
        assert monotonic() < deadline, terminal.text
        Path(f"/proc/{terminal.pid}/fd/1").write_text(f"\x1b7\x1b[6;3H{text}\x1b8")
        terminal.wait_idle()


def test_a_disturbed_screen_is_drawn_anew_by_a_key(console: Console, house: House) -> None:
    house.add_user("bob@acme.example", "Bob Stone")
    terminal = console.open_as(ADA)
    drawn = terminal.text
    write_over(terminal, "Broadcast message")
    terminal.press("ctrl+l")
    terminal.wait_for(lambda shown: shown.text == drawn)
    step(terminal, "?")
    terminal.wait_for("Close")
    terminal.wait_idle(0.5)
    over = terminal.text
    write_over(terminal, "Broadcast message")
    terminal.press("ctrl+l")
    terminal.wait_for(lambda shown: shown.text == over)


def test_another_size_draws_everything(console: Console, house: House) -> None:
    house.add_user("bob@acme.example", "Bob Stone")
    terminal = console.open_as(ADA)
    large = terminal.text
    terminal.resize(80, 24)
    terminal.wait_for(lambda shown: "GROUPS" in shown.text and shown.line(23).strip() != "")
    terminal.resize(120, 40)
    terminal.wait_for(lambda shown: shown.text == large)


def test_a_dialog_or_a_filter_sends_fifteen_thousand_bytes_at_most(console: Console) -> None:
    terminal = console.open("--demo", environment={"COLORTERM": "truecolor"})
    terminal.wait_for("USERS")
    terminal.wait_idle(0.5)
    for tab, keys in (("1", "/iepx?w:"), ("3", "ae"), ("5", "ad")):
        terminal.press(tab, "j")
        terminal.wait_idle(0.5)
        for key in keys:
            before = len(terminal.output)
            terminal.press(key)
            terminal.wait_idle(0.5)
            assert 2_000 < len(terminal.output) - before <= 15_000, (tab, key)
            step(terminal, "escape")
            terminal.wait_idle()

"""What takes longer than a moment to read says how far it is, and is ended by a key."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events

from store.parsing.apart import end_standbys
from store.vaults.checking import forget_readings
from tests.store.house import House
from tests.tui.dialog_seat import DialogSeat, open_dialog
from tests.tui.loop import change
from tests.tui.scenes.vaults import in_text
from tests.tui.seat import BESIDE, OVER, Seat, sit
from tests.tui.test_edit_vault import Vault, leave
from tests.tui.vault_seat import (
    EDITOR,
    SlowReading,
    confirm,
    saving_anything,
    slow_reading,
    write,
)
from tui.dialogs import vault_text
from tui.widgets.vault_editor import VaultEditor

UNDER_WAY = "UnderWayDialog"
EFFECTIVE = "EffectiveConfigurationDialog"
SIZES = pytest.mark.parametrize("size", [BESIDE, OVER])
VAULTS = 5
# So dense that reading it takes seconds on any machine.
LONG = "a=1\n" * 16_000


@pytest.fixture
def bot(house: House) -> str:
    """A service account with a few vaults, none of which was read."""
    bot = house.add_service_account("autoscaler")
    for number in range(VAULTS):
        house.add_vault(f"Vault {number}", text=f"sdk.a{number} = {number}\n", format="hocon")
        house.clock.advance(seconds=1)
    return bot


@pytest.fixture
def slow(bot: str) -> Iterator[SlowReading]:
    """Reading that goes on only when it is let."""
    with slow_reading() as slow:
        yield slow


async def ask(seat: Seat, *keys: str) -> None:
    """Ask for the effective configuration, and type on without waiting for it."""
    await seat.press("2")
    await seat.until(lambda: "autoscaler" in seat.rows)
    await seat.go_to("autoscaler")
    for key in ("v", *keys):
        seat.app.post_message(events.Key(key, key if len(key) == 1 else None))
    # While keys wait, the program is not at rest.
    while seat.dialog != UNDER_WAY or not seat.app.screen.is_mounted:
        await change()


@SIZES
def test_it_says_which_of_how_many_and_goes_by_itself(
    house: House, slow: SlowReading, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await ask(seat)
        assert "Reading the vaults of autoscaler" in seat.words
        await seat.until_shown(f"Vault 1 of {VAULTS}")
        slow.let_through(2)
        await seat.until_shown(f"Vault 3 of {VAULTS}")
        slow.let_through()
        await seat.until_dialog(EFFECTIVE)
        await seat.press("escape")
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=size)


def test_escape_ends_it_and_a_further_look_begins_anew(house: House, slow: SlowReading) -> None:
    async def scenario(seat: Seat) -> None:
        await ask(seat)
        await seat.press("escape")
        await seat.until_said("Reading was stopped. Nothing was changed.")
        await seat.until_dialog("")
        assert slow.stopped == slow.begun > 0
        slow.let_through()
        await seat.press("v")
        await seat.until_dialog(EFFECTIVE)

    sit(house.as_user(), scenario)


def test_a_click_ends_it(house: House, slow: SlowReading) -> None:
    async def scenario(seat: Seat) -> None:
        await ask(seat)
        await seat.click_button("Stop (esc)")
        await seat.until_dialog("")
        assert slow.stopped == slow.begun > 0

    sit(house.as_user(), scenario)


def test_what_is_typed_meanwhile_is_for_what_comes_then(house: House, slow: SlowReading) -> None:
    async def scenario(seat: Seat) -> None:
        # Enter would press whatever button has the focus, j go down a row of the tab.
        await ask(seat, "j", "j", "enter")
        assert slow.stopped == 0
        slow.let_through()
        await seat.until_dialog("WholeValue")
        assert "sdk.a2" in seat.words

    sit(house.as_user(), scenario)


def test_what_was_typed_for_what_does_not_come_is_dropped(house: House, slow: SlowReading) -> None:
    async def scenario(seat: Seat) -> None:
        # In the tab, d would ask whether the account is to be deleted.
        await ask(seat, "d", "slash")
        seat.app.post_message(events.Key("escape", None))
        await seat.until_dialog("")
        await seat.pilot.pause()
        assert (seat.dialog, seat.app.has_typed) == ("", False)
        assert seat.row == "autoscaler"

    sit(house.as_user(), scenario)


def test_who_leaves_the_program_ends_it(house: House, slow: SlowReading) -> None:
    async def scenario(seat: Seat) -> None:
        await ask(seat)
        seat.app.exit()

    sit(house.as_user(), scenario)
    assert slow.stopped == slow.begun > 0


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux")
def test_the_process_that_reads_is_ended(house: House) -> None:
    house.add_service_account("autoscaler")
    with saving_anything():
        house.add_vault("Long", text=LONG, format="hocon")
    end_standbys()
    forget_readings()

    async def scenario(seat: Seat) -> None:
        await ask(seat)
        (reader,) = readers()
        watched = os.pidfd_open(reader)
        await seat.press("escape")
        await seat.until_dialog("")
        with os.fdopen(watched):
            assert select.select([watched], [], [], 20)[0]
        assert readers() == []

    sit(house.as_user(), scenario)


def readers() -> list[int]:
    """The processes that this one has started."""
    paths = Path("/proc/self/task").glob("*/children")
    return [int(one) for path in paths for one in path.read_text().split()]


@SIZES
def test_saving_says_so_and_can_be_stopped(
    house: House, slow: SlowReading, size: tuple[int, int]
) -> None:
    async def scenario(seat: Seat) -> None:
        await in_text("Vault 0", "e")(seat)
        await seat.until_dialog(EDITOR)
        await write(seat, "sdk.mine = 1\n")
        await seat.press("ctrl+s")
        await seat.until_dialog(UNDER_WAY)
        assert "Reading the text" in seat.words
        await seat.press("escape")
        await seat.until(lambda: seat.dialog == EDITOR and "stopped" in seat.problem)
        assert "Nothing was changed." in seat.problem
        assert "not checked: reading was stopped" in seat.words
        assert seat.app.screen.query_one(VaultEditor).text == "sdk.mine = 1\n"
        slow.let_through()
        await confirm(seat)
        await seat.until_dialog("")

    sit(house.as_user(), scenario, size=size)
    assert "sdk.mine = 1\n" in house.texts()


def test_the_check_of_a_former_text_is_ended(house: House, slow: SlowReading) -> None:
    async def scenario(seat: Seat) -> None:
        await in_text("Vault 0", "e")(seat)
        await seat.until_dialog(EDITOR)
        await seat.until(lambda: slow.begun == 1)
        await write(seat, "sdk.mine = 1\n")
        await seat.until(lambda: (slow.begun, slow.stopped) == (2, 1))
        slow.let_through()
        await seat.until_shown("✓ good")

    sit(house.as_user(), scenario)


@SIZES
def test_the_editor_answers_though_the_text_is_not_read_yet(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(vault_text, "_A_WHILE", 0.05)
    vault = Vault()
    vault.check.may_answer.clear()

    async def scenario(seat: DialogSeat) -> None:
        await seat.until_shown("still reading: busy machine, or long text")
        await seat.press("x")
        assert "checking…" in seat.words or "still reading" in seat.words
        vault.check.may_answer.set()
        await seat.until_shown("✓ good")
        await leave(seat)

    open_dialog(vault.editor, scenario, size=size)


def test_a_text_of_sixty_thousand_bytes_can_be_saved(house: House) -> None:
    settings = (f"sdk.key{number}.sub = value{number}\n" for number in range(2_300))
    text = "".join(settings)
    assert 60_000 < len(text) < 64 * 1024
    house.add_vault("Large", text=text, format="hocon")
    assert text in house.texts()

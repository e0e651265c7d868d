"""The history of a vault by keys: what is compared, restored and purged, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store.errors import StoreUnreadable
from store.vault_views import FormerText
from tests.store.house import HOSTILE_NAMES
from tests.tui.dialog_seat import DialogSeat, Taker, open_dialog
from tui.dialogs.vault_history import VaultHistory

SIZES = pytest.mark.parametrize("size", [(120, 40), (80, 24)])


def version(number: int, saved_by: str = "Ada Lindqvist", *, last: int = 3) -> FormerText:
    """A text that was saved on that day."""
    at = f"2026-02-{number:02}T09:30:00Z"
    return FormerText(number, at, saved_by, "hocon", 1_000 * number, number, number == last)


VERSIONS = (version(3), version(2), version(1))


def history(
    compare: Taker,
    *,
    versions: tuple[FormerText, ...] = VERSIONS,
    purge: Any = None,
    may_restore: bool = True,
) -> Callable[[], VaultHistory]:
    """What makes the dialog."""
    return lambda: VaultHistory(
        "Docker [/red]",
        versions,
        compare=compare,
        purge=purge,
        may_restore=may_restore,
    )


@SIZES
def test_says_who_saved_what_when(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert "History of Docker [/red]" in seat.words
        (first, _, last) = [line for line in seat.text.splitlines() if "Ada Lindqvist" in line]
        assert "3 lines (2.9 KB), present" in first
        assert "Feb 3, 2026" in first
        assert "HOCON, 3 lines" in first
        assert "1 line (1000 B)" in last
        assert "present" not in last
        await seat.press("escape")
        assert await seat.until_left() is None

    open_dialog(history(Taker()), scenario, size=size)


def test_keys_that_come_before_the_dialog_is_there_do_nothing() -> None:
    made: list[VaultHistory] = []

    def make() -> VaultHistory:
        made.append(history(Taker())())
        assert not made[0].check_action("down", ())
        return made[0]

    async def scenario(seat: DialogSeat) -> None:
        assert made[0].check_action("down", ())
        await seat.press("escape")
        await seat.until_left()

    open_dialog(make, scenario)


def test_compares_with_the_present_text_or_with_the_marked_one() -> None:
    compare = Taker()

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("enter")
        await seat.until(lambda: compare.taken == [(2, 3)])
        await seat.press("j", "enter")
        await seat.until(lambda: compare.taken[1:] == [(1, 3)])
        await seat.press("space", "k", "enter")
        await seat.until(lambda: compare.taken[2:] == [(1, 2)])
        # The order of marking is of no account.
        await seat.press("space", "j", "enter")
        await seat.until(lambda: compare.taken[3:] == [(1, 2)])
        assert seat.text.count("* ") == 1
        await seat.press("k", "space")
        assert "* " not in seat.text
        await seat.press("escape")
        await seat.until_left()

    open_dialog(history(compare), scenario)


def test_a_text_is_not_compared_with_itself() -> None:
    compare = Taker()

    async def scenario(seat: DialogSeat) -> None:
        await seat.press("k", "enter")
        await seat.until(lambda: "Choose another version" in seat.problem)
        await seat.press("j", "enter")
        await seat.until(lambda: bool(compare.taken))
        assert seat.problem == ""
        await seat.press("escape")
        await seat.until_left()

    open_dialog(history(compare), scenario)


@SIZES
def test_gives_the_former_text_to_restore(size: tuple[int, int]) -> None:
    async def scenario(seat: DialogSeat) -> None:
        await seat.press("k")
        await seat.choose("Restore")
        await seat.until(lambda: "This is the present text." in seat.problem)
        assert not seat.has_left
        await seat.go_to("OptionList")
        await seat.press("j", "j")
        await seat.choose("Restore")
        assert await seat.until_left() == 1

    open_dialog(history(Taker()), scenario, size=size)


def test_purging_says_what_went_and_stays_where_one_has_left_the_question() -> None:
    erased: list[int | None] = [None, 2]

    async def scenario(seat: DialogSeat) -> None:
        await seat.choose("Purge history")
        await seat.until(lambda: erased == [2])
        assert seat.dialog == "VaultHistory"
        await seat.choose("Purge history")
        await seat.until_left()
        await seat.until(lambda: "2 former texts were erased." in seat.said)

    async def purging() -> int | None:
        return erased.pop(0)

    open_dialog(history(Taker(), purge=purging), scenario)


def test_a_refused_purge_is_said_and_the_history_stays() -> None:
    async def refused() -> int:
        raise StoreUnreadable("The disk is [/red].")

    async def scenario(seat: DialogSeat) -> None:
        await seat.choose("Purge history")
        await seat.until_shown("The disk is [/red].")
        assert seat.dialog == "VaultHistory"
        await seat.press("escape")
        await seat.until_left()

    open_dialog(history(Taker(), purge=refused), scenario)


def test_who_may_only_look_is_offered_neither() -> None:
    async def scenario(seat: DialogSeat) -> None:
        assert seat.button("Restore") is None
        assert seat.button("Purge history") is None
        await seat.press("escape")
        await seat.until_left()

    open_dialog(history(Taker(), may_restore=False), scenario)


def test_a_vault_with_one_text_has_nothing_to_compare_or_restore() -> None:
    compare = Taker()

    async def scenario(seat: DialogSeat) -> None:
        assert "There is no former text yet" in seat.words
        for label in ("Compare", "Restore", "Purge history"):
            assert seat.button(label) is None
        await seat.press("space", "enter")
        await seat.until(lambda: "no former text to compare with" in seat.problem)
        assert compare.taken == []
        await seat.press("escape")
        await seat.until_left()

    one = (version(1, last=1),)
    open_dialog(history(compare, versions=one, purge=Taker()), scenario, size=(80, 24))


@SIZES
def test_a_hundred_texts_and_hostile_names(size: tuple[int, int]) -> None:
    names = HOSTILE_NAMES * 3
    many = tuple(version(number, names[number - 1], last=27) for number in range(27, 0, -1))
    compare = Taker()

    async def scenario(seat: DialogSeat) -> None:
        for character in "\x1b\x00\u202e\x07":
            assert character not in seat.text
        assert "[/red]" in seat.text
        await seat.press("end")
        for character in "\x1b\x00\u202e\x07":
            assert character not in seat.text
        await seat.press("enter")
        await seat.until(lambda: compare.taken == [(1, 27)])
        assert seat.button("Restore") is not None
        assert "Restore" in seat.words
        await seat.press("escape")
        await seat.until_left()

    open_dialog(history(compare, versions=many), scenario, size=size)

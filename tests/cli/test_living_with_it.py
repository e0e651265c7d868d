"""Inviting, leaving, coming back: everything is as it was left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import pytest

from store.terms import USERS_TABLE
from tests.cli.console import Console, step
from tests.store.house import ADA, House, shown
from tests.terminal import Terminal
from tests.tui.seat import Scenario, Seat


def invite(terminal: Terminal, text: str, count: int) -> float:
    """Paste emails into the dialog and invite them; the seconds until the links are shown."""
    terminal.press("i")
    terminal.wait_for("Invite users to")
    terminal.wait_idle()
    terminal.paste(text)
    terminal.wait_for(f"{count:,} can be invited")
    step(terminal, "tab", "tab", "tab")
    terminal.press("enter")
    return terminal.wait_for(f"{count:,} user{'s' if count > 1 else ''} invited")


def leave_links(terminal: Terminal) -> None:
    """Close the dialog with the links, which asks whoever has not copied them."""
    step(terminal, "escape")
    terminal.wait_for("Leave without having copied or saved")
    terminal.press("ctrl+s")
    terminal.wait_for(lambda shown: "No mail is sent" not in shown.text)
    terminal.wait_idle()


@contextmanager
def unchanged(house: House) -> Iterator[None]:
    """See that the block changes no byte of the workspace."""
    before = house.bytes()
    yield
    assert house.bytes() == before


class TestInvitingAndRemoving:
    """By keys alone, over two starts."""

    def test_everything_is_as_it_was_left(self, console: Console, house: House) -> None:
        terminal = console.open_as(ADA)
        invite(terminal, "Bob Stone <bob@acme.example>, carol@acme.example;dan@localhost", 3)
        terminal.wait_for("http://clearml:8008/join/")
        leave_links(terminal)
        assert "4 USERS IN Acme workspace" in terminal.text
        terminal.press("q")
        assert terminal.wait_exit() == 0

        again = console.open_as(ADA)
        assert "4 USERS IN Acme workspace" in again.text
        for called in ("Bob Stone", "carol@acme.example", "dan@localhost"):
            (line,) = [line for line in again.text.splitlines() if called in line]
            assert "Pending" in line
        again.press("/")
        again.wait_idle()
        again.send("carol")
        again.wait_for("1 shown")
        step(again, "enter", "d")
        again.wait_for("to confirm: carol@acme.example")
        again.wait_idle()
        with unchanged(house):
            again.send("carol")
            again.press("enter")
            again.wait_for("Nothing was done.")
        again.send("@acme.example")
        again.press("enter")
        again.wait_for("1 invitation withdrawn.")
        again.press("escape")
        again.wait_for("3 USERS IN Acme workspace")
        again.press("q")
        assert again.wait_exit() == 0
        assert sorted(house.shown()) == ["Ada Lindqvist", "Bob Stone", "dan@localhost"]

    def test_two_hundred_emails_are_one_commit(self, console: Console, house: House) -> None:
        terminal = console.open_as(ADA)
        before = house.admin.commit
        emails = [f"user{number}@acme.example" for number in range(200)]
        began = perf_counter()
        until_links = invite(terminal, "\n".join(emails), 200)
        print(f"pasted to links {perf_counter() - began:.2f} s, enter to links {until_links:.2f} s")
        house.admin.refresh()
        assert house.admin.commit == before + 1
        users = house.store().state.table(USERS_TABLE).values()
        assert {user["email"] for user in users if user["status"] == "Pending"} == set(emails)
        assert len(users) == 201
        leave_links(terminal)
        assert "201 USERS IN Acme workspace" in terminal.text

    def test_the_bad_ones_stay_in_the_field(self, console: Console, house: House) -> None:
        terminal = console.open_as(ADA)
        terminal.press("i")
        terminal.wait_for("Invite users to")
        terminal.wait_idle()
        terminal.paste(f"bob@acme.example, nonsense, {ADA}")
        terminal.wait_for("1 can be invited · 2 cannot")
        terminal.wait_for(f"{ADA} belongs to Ada Lindqvist")
        step(terminal, "tab", "tab", "tab")
        terminal.press("enter")
        terminal.wait_for("1 user invited")
        step(terminal, "escape")
        terminal.wait_for("Leave without having copied or saved")
        terminal.press("ctrl+s")
        terminal.wait_for("0 can be invited · 2 cannot")
        assert house.as_user().summary().users == 2
        assert "▌ nonsense " in terminal.text
        assert f"▌ {ADA} " in terminal.text


class TestBecomingActive:
    """A pending user who opens the program has joined."""

    @pytest.fixture
    def pia(self, house: House) -> str:
        """The id of Pia, who was invited without a name."""
        return house.invite("pia.k@acme.example")[0]

    def test_opening_the_program_is_joining(self, console: Console, house: House, pia: str) -> None:
        terminal = console.open_as("pia.k@acme.example")
        assert "Welcome" in terminal.text
        assert "· pia.k ·" in terminal.line(0)
        kept = house.user(pia)
        assert (kept.status, kept.name, kept.invitation) == ("Active", "pia.k", None)
        assert kept.joined_at is not None
        assert house.as_user().commit == 3

    def test_not_with_read_only(self, console: Console, house: House, pia: str) -> None:
        with console.untouched():
            terminal = console.open_as("pia.k@acme.example", "--read-only")
            assert "Welcome" not in terminal.text
            terminal.press("q")
            assert terminal.wait_exit() == 0
        assert house.user(pia).status == "Pending"


def as_bob(console: Console, scenario: Scenario) -> None:
    """Sit at Bob's program."""
    done = console.run("--store", console.store, "--as", "bob@acme.example", scenario=scenario)
    assert done.returncode == 0


class TestWithoutRights:
    """What somebody sees and may do who is no administrator."""

    @pytest.fixture
    def others(self, house: House) -> None:
        """A workspace with Bob and others."""
        house.add_user("bob@acme.example", "Bob")
        house.add_user("carol.secret@acme.example", "Carol")
        house.invite("dan.secret@acme.example")
        house.add_credential(house.admin.actor, "SECRETKEY" + "A" * 21)

    @pytest.mark.usefixtures("others")
    def test_no_email_or_key_of_another_is_on_the_wire(self, console: Console) -> None:
        terminal = console.open_as("bob@acme.example")
        for name in ("Ada Lindqvist", "Carol", "invited user"):
            assert name in terminal.text
        step(terminal, "enter", "down", "down")
        terminal.wait_for("▊ Carol")
        step(terminal, "down")
        terminal.wait_for("▊ invited user")
        step(terminal, "y")
        terminal.wait_for("ID: ")
        step(terminal, "escape", "q", "*", "y")
        terminal.wait_for("Email: bob@acme.example")
        step(terminal, "escape", "m")
        terminal.wait_for("Email         bob@acme.example")
        assert b".secret@" not in terminal.output
        assert ADA.encode() not in terminal.output
        assert b"SECRETKEY" not in terminal.output

    @pytest.mark.usefixtures("others")
    def test_the_filter_finds_nobody_by_a_hidden_email(self, console: Console) -> None:
        async def scenario(seat: Seat) -> None:
            await seat.press("slash")
            await seat.type("secret")
            await seat.until_shown("Nothing matches")

        as_bob(console, scenario)

    @pytest.mark.usefixtures("others")
    @pytest.mark.parametrize("key", ["i", "d", "e", "p", "delete"])
    def test_the_reason_is_given(self, console: Console, house: House, key: str) -> None:
        async def scenario(seat: Seat) -> None:
            assert seat.row == "Ada Lindqvist"
            await seat.press(key)
            await seat.until_said("Only administrators may")
            assert "Cancel" not in seat.text

        with unchanged(house):
            as_bob(console, scenario)

    @pytest.mark.usefixtures("others")
    def test_ones_own_name_can_be_changed_and_nothing_else(
        self, console: Console, house: House
    ) -> None:
        async def scenario(seat: Seat) -> None:
            await seat.press("m")
            await seat.until(lambda: "Email         bob@acme.example" in seat.text)
            await seat.press("e")
            await seat.until_shown("Edit Bob")
            assert "Login name  " not in seat.text.partition("Edit Bob")[2].partition("Save")[0]
            await seat.press("end", *" Stone", "enter")
            await seat.until_said("Saved.")

        as_bob(console, scenario)
        assert "Bob Stone" in shown(house.as_user())

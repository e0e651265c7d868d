"""In whose name the program runs, and who is refused."""

from __future__ import annotations

import pytest

from cli.terminal import as_one_line
from store.actors import NO_INTERFACE
from tests.cli.console import Console, own_login
from tests.store.house import ADA, House, edit_of, settings_edit
from tests.tui.seat import Seat

HOSTILE = "\x1b]0;x\x07\u202ee\x9b1m"


@pytest.fixture
def bob(house: House) -> str:
    """The id of Bob, an active user without rights."""
    return house.add_user("bob@acme.example", "Bob")


def first_line(screen: str) -> str:
    """What stands above the tabs: in whose name the program runs, and where."""
    return screen.splitlines()[0]


def set_login(house: House, user: str, login: str) -> None:
    """Tie a user to a login name."""
    house.admin.edit_user(edit_of(house.admin, user, login_name=login))


class TestAs:
    """Whom `--as` names."""

    @pytest.mark.parametrize("who", ["bob@acme.example", " BOB@Acme.Example "])
    def test_an_email(self, console: Console, bob: str, who: str) -> None:
        assert "· Bob ·" in first_line(console.shown("--store", console.store, "--as", who))

    def test_an_id(self, console: Console, bob: str) -> None:
        shown = console.shown("--store", console.store, "--as", bob.upper())
        assert "· Bob ·" in first_line(shown)

    def test_it_goes_before_the_login_name(self, console: Console, house: House, bob: str) -> None:
        set_login(house, house.admin.actor, own_login())
        assert "· Bob ·" in first_line(console.shown("--store", console.store, "--as", bob))

    @pytest.mark.parametrize("who", ["eve@acme.example", "0" * 32, "Bob", HOSTILE])
    def test_nobody(self, console: Console, bob: str, who: str) -> None:
        said = console.refusal("--store", console.store, "--as", who)
        assert f"--as {as_one_line(who)}: nobody in the workspace Acme" in said

    def test_a_service_account_by_name_or_id(self, console: Console, house: House) -> None:
        account = house.add_service_account("ci-bot")
        for who in ("ci-bot", "CI-Bot", account):
            assert console.refusal("--store", console.store, "--as", who) == NO_INTERFACE

    def test_a_suspended_user(self, console: Console, house: House, bob: str) -> None:
        house.admin.suspend_users([bob])
        for who in ("bob@acme.example", bob):
            said = console.refusal("--store", console.store, "--as", who)
            assert said == "You were suspended in the workspace Acme."

    def test_a_removed_user(self, console: Console, house: House, bob: str) -> None:
        house.admin.remove_users([bob])
        said = console.refusal("--store", console.store, "--as", bob)
        assert said == "You were removed from the workspace Acme."
        said = console.refusal("--store", console.store, "--as", "bob@acme.example")
        assert "nobody in the workspace Acme" in said

    def test_names_in_a_refusal_steer_no_terminal(
        self, console: Console, house: House, bob: str
    ) -> None:
        edit = settings_edit(house.admin, name=f"Acme {HOSTILE}")
        house.admin.edit_settings(edit)
        house.admin.suspend_users([bob])
        said = console.refusal("--store", console.store, "--as", bob)
        assert said == "You were suspended in the workspace Acme �]0;x��e�1m."


def test_spec_names_the_words_for_service_accounts() -> None:
    assert NO_INTERFACE == "Service accounts cannot be used to access the interface."


class TestLoginName:
    """Without `--as`, the login name decides."""

    def test_the_user_tied_to_it(self, console: Console, house: House, bob: str) -> None:
        set_login(house, bob, own_login())
        assert "· Bob ·" in first_line(console.shown("--store", console.store))

    @pytest.mark.parametrize("name", ["USER", "LOGNAME", "USERNAME", "LNAME", "SUDO_USER"])
    def test_no_variable_decides(self, console: Console, house: House, name: str) -> None:
        # Ada's login name is `ada`, and nobody has that of whoever runs the tests.
        said = console.refusal("--store", console.store, environment={name: "ada"})
        assert own_login() in said

    def test_nobody_has_it(self, console: Console, house: House) -> None:
        said = console.refusal("--store", console.store)
        assert f"the login name {own_login()}." in said
        assert "Ask an administrator" in said
        assert "--as" in said

    def test_a_suspended_user_has_it(self, console: Console, house: House, bob: str) -> None:
        set_login(house, bob, own_login())
        house.admin.suspend_users([bob])
        said = console.refusal("--store", console.store)
        assert said == "You were suspended in the workspace Acme."

    def test_a_removed_user_had_it(self, console: Console, house: House, bob: str) -> None:
        set_login(house, bob, own_login())
        house.admin.remove_users([bob])
        assert f"the login name {own_login()}." in console.refusal("--store", console.store)


class TestSudo:
    """Under sudo people are who they were before, in the account's own store."""

    SUDO = {"SUDO_USER": "bob.login", "SUDO_UID": "1234"}  # noqa: RUF012 - read only

    @pytest.fixture
    def default_store(self, console: Console) -> None:
        console.store = console.default_store

    @pytest.mark.usefixtures("default_store")
    def test_the_login_name_is_that_of_whoever_ran_sudo(
        self, console: Console, house: House, bob: str
    ) -> None:
        set_login(house, bob, "bob.login")
        set_login(house, house.admin.actor, own_login())
        assert "· Bob ·" in first_line(console.shown(environment=self.SUDO))

    @pytest.mark.usefixtures("default_store")
    def test_unknown_there_is_refused(self, console: Console, house: House) -> None:
        set_login(house, house.admin.actor, own_login())
        said = console.refusal(environment=self.SUDO)
        assert "the login name bob.login." in said

    @pytest.mark.usefixtures("default_store")
    def test_it_is_restricted(self, console: Console, house: House, bob: str) -> None:
        set_login(house, bob, "bob.login")

        async def scenario(seat: Seat) -> None:
            await seat.press("ctrl+z")
            await seat.until_said("restricted")

        assert console.run(environment=self.SUDO, scenario=scenario).returncode == 0

    @pytest.mark.parametrize(
        ("arguments", "variable", "named"),
        [
            (("--as", ADA), "", ["--as"]),
            (("--store", "x"), "", ["--store"]),
            ((), "x", ["CLEARML_ADMIN_STORE"]),
            (("--as", ADA, "--store", "x", "--demo"), "x", ["--as", "--store", "CLEARML"]),
        ],
    )
    def test_neither_actor_nor_store_can_be_chosen(
        self, console: Console, arguments: tuple[str, ...], variable: str, named: list[str]
    ) -> None:
        environment = {**self.SUDO, "CLEARML_ADMIN_STORE": variable}
        said = console.refusal(*arguments, environment=environment)
        assert "cannot be used under sudo" in said
        assert "bob.login" in said
        for name in named:
            assert name in said

    @pytest.mark.usefixtures("default_store")
    def test_a_hostile_login_name_steers_no_terminal(self, console: Console, house: House) -> None:
        said = console.refusal(environment={**self.SUDO, "SUDO_USER": HOSTILE})
        assert "�]0;x��e�1m" in said

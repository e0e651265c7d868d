"""In whose name a workspace is opened."""

from __future__ import annotations

import pytest

from store.errors import AccessEnded, NotAllowed, NotFound
from store.persistence.store import Outcome
from store.rules import Act, require_administrator
from store.state import State
from store.workspace import Workspace
from tests.store.house import House, edit_of


def open_as_login(house: House, login: str) -> Workspace:
    """The workspace in the name of whom a login name belongs to."""
    return Workspace.open(house.store(), login=login, clock=house.clock, mint=house.mint)


@pytest.mark.parametrize("who", ["bob@acme.example", " BOB@Acme.Example ", "\uff42ob@acme.example"])
def test_an_email_names_a_user(house: House, bob: str, who: str) -> None:
    here = house.as_user(who)
    assert here.actor == bob
    assert not here.is_administrator


def test_an_id_names_a_user(house: House, bob: str) -> None:
    assert house.as_user(bob).actor == bob
    assert house.as_user(bob.upper()).actor == bob


@pytest.mark.parametrize("login", ["ada", "ADA", "\uff41da"])
def test_a_login_name_names_a_user(house: House, login: str) -> None:
    assert open_as_login(house, login).actor == house.admin.actor


@pytest.mark.parametrize("who", ["nobody@acme.example", "f" * 32, "ada", "Ada Lindqvist", "[/red]"])
def test_an_unknown_actor_is_not_found(house: House, who: str) -> None:
    with house.refuses(NotFound, says="--as"):
        house.as_user(who)


def test_an_unknown_login_is_named_with_the_remedy(house: House) -> None:
    with house.refuses(NotFound, says="mallory.*--as"):
        open_as_login(house, "mallory")
    with house.refuses(NotFound):
        open_as_login(house, "")


def test_a_login_name_that_was_taken_away_names_nobody(house: House, bob: str) -> None:
    house.admin.edit_user(edit_of(house.admin, bob, login_name="bob"))
    assert open_as_login(house, "bob").actor == bob
    house.admin.edit_user(edit_of(house.admin, bob, login_name=""))
    with house.refuses(NotFound):
        open_as_login(house, "bob")


def test_a_service_account_may_not_use_the_interface(house: House) -> None:
    account = house.add_service_account("Build-Bot")
    for who in (account, "build-bot", "BUILD-BOT"):
        with house.refuses(NotAllowed, says="cannot be used to access the interface"):
            house.as_user(who)


def test_a_service_account_cannot_stand_in_the_way_of_an_email(house: House, bob: str) -> None:
    house.add_service_account("bob@acme.example")
    assert house.as_user("bob@acme.example").actor == bob


def test_a_suspended_user_does_not_get_in(house: House, bob: str) -> None:
    house.admin.edit_user(edit_of(house.admin, bob, login_name="bob"))
    house.admin.suspend_users([bob])
    for who in (bob, "bob@acme.example"):
        with house.refuses(AccessEnded, says="suspended"):
            house.as_user(who)
    with house.refuses(AccessEnded):
        open_as_login(house, "bob")
    house.admin.let_users_back_in([bob])
    assert house.as_user(bob).actor == bob


def test_a_removed_user_does_not_get_in(house: House, bob: str) -> None:
    house.admin.remove_users([bob])
    with house.refuses(AccessEnded, says="removed"):
        house.as_user(bob)
    with house.refuses(NotFound):
        house.as_user("bob@acme.example")


def test_a_pending_user_has_access_at_once(house: House, pia: str) -> None:
    here = house.as_user("pia@acme.example")
    assert here.actor == pia
    assert here.user_row(pia).status == "Pending"
    here.edit_user(edit_of(here, pia, name="Pia herself"))


def test_access_ends_at_the_next_look(house: House, bob: str) -> None:
    mine = house.as_user(bob)
    assert mine.refresh() is False
    house.admin.suspend_users([bob])
    with pytest.raises(AccessEnded, match="suspended in the workspace Acme"):
        mine.refresh()
    house.admin.let_users_back_in([bob])
    assert mine.refresh() is True
    house.admin.remove_users([bob])
    with pytest.raises(AccessEnded, match="removed from the workspace Acme"):
        mine.refresh()


def test_rights_follow_the_group_at_the_next_look(house: House, bob: str) -> None:
    mine = house.as_user(bob)
    admins = (house.group("Admins"),)
    house.admin.edit_user(edit_of(house.admin, bob, joining=admins))
    assert not mine.is_administrator
    mine.refresh()
    assert mine.is_administrator


@pytest.mark.parametrize("end", ["remove_users", "suspend_users"])
@pytest.mark.parametrize("way", ["_commit", "_impact"])
def test_no_operation_is_begun_for_whoever_has_lost_access(
    house: House, bob: str, way: str, end: str
) -> None:
    """Whatever an operation checks itself: an operation that is added may forget to."""
    mine, begun = house.as_user(bob), []

    def operation(state: State, act: Act) -> Outcome[None]:
        begun.append(act.actor)
        return Outcome(None)

    getattr(mine, way)(operation)
    assert begun == [bob]
    getattr(house.admin, end)([bob])
    # A question is answered by what is loaded; a commit is made on the newest.
    mine._store.refresh()
    with house.refuses(AccessEnded, says="You were (removed|suspended)"):
        getattr(mine, way)(operation)
    assert begun == [bob]


@pytest.mark.parametrize("end", ["remove_users", "suspend_users"])
def test_an_administrator_who_lost_access_has_no_rights_left(house: House, end: str) -> None:
    eve = house.add_administrator("eve@acme.example", "Eve")
    getattr(house.admin, end)([eve])
    with pytest.raises(AccessEnded):
        require_administrator(house.store().state, eve, "invite users")

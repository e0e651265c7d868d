"""What a viewer gets to see: the store decides, not the screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest

from store.errors import NotFound
from store.workspace import Workspace
from tests.store.house import House, edit_of, shown

KEY = "PIA0SECRET0ACCESS0KEY000000000"
# What of Pia, or of her activity, must reach no other plain user.
SECRETS = ("pia@acme.example", "pia.login", KEY)
READINGS: dict[str, Callable[[Workspace, str], object]] = {
    "row": lambda here, user: asdict(here.user_row(user)),
    "details": lambda here, user: asdict(here.user_details(user)),
    "names": lambda here, _: shown(here),
    "groups": lambda here, _: here.choosable_groups(),
    "activity": lambda here, _: here.activity(),
    "settings": lambda here, _: here.settings(),
    "summary": lambda here, _: here.summary(),
}


@pytest.fixture
def nameless(house: House, bob: str) -> str:
    """A pending user without a name, but with all that is theirs alone."""
    (user,) = house.invite("pia@acme.example")
    house.add_credential(user, KEY)
    house.admin.edit_user(edit_of(house.admin, user, login_name="pia.login"))
    return user


@pytest.mark.parametrize("reading", sorted(READINGS))
def test_a_plain_user_reads_nothing_of_what_is_anothers(
    house: House, nameless: str, reading: str
) -> None:
    seen = repr(READINGS[reading](house.as_user("bob@acme.example"), nameless))
    assert [secret for secret in SECRETS if secret in seen] == []


@pytest.mark.parametrize("secret", SECRETS)
def test_a_plain_user_finds_nobody_by_what_is_anothers(
    house: House, nameless: str, secret: str
) -> None:
    plain, admin = house.as_user("bob@acme.example"), house.as_user()
    for word in (secret, secret.upper(), secret[:7], secret[1:]):
        assert shown(plain, word) == []
        assert shown(admin, word) == ["pia@acme.example"]


def test_details_of_another_leave_out_what_may_not_be_seen(house: House, nameless: str) -> None:
    details = house.as_user("bob@acme.example").user_details(nameless)
    assert (details.email, details.login_name, details.credentials) == (None, None, None)
    assert (details.name, details.row.called) == ("", "invited user")
    assert details.is_pending


@pytest.mark.parametrize("who", ["ada@acme.example", "pia@acme.example"])
def test_an_administrator_and_oneself_see_all(house: House, nameless: str, who: str) -> None:
    here = house.as_user(who)
    details = here.user_details(nameless)
    assert (details.email, details.login_name) == ("pia@acme.example", "pia.login")
    assert details.row.called == "pia@acme.example"
    assert details.credentials is not None
    assert [(row.access_key, row.label) for row in details.credentials] == [(KEY, "Laptop")]
    assert KEY not in repr(details.credentials[0].label)
    assert shown(here, KEY) == ["pia@acme.example"]


def test_no_view_holds_a_hash(house: House, nameless: str) -> None:
    here = house.as_user()
    seen = repr([reading(here, nameless) for reading in READINGS.values()])
    assert house.invitation(nameless).token_hash not in seen
    assert "0" * 64 not in seen.replace(here.activity()[-1]["previous"], "", 1)


def test_a_user_sees_their_own_activity_alone(house: House, bob: str, pia: str) -> None:
    mine = house.as_user("bob@acme.example")
    mine.edit_user(edit_of(mine, bob, name="Bobby"))
    assert [entry["operation"] for entry in mine.activity()] == ["edit_user", "activate_user"]
    everything = house.as_user().activity()
    assert [entry["operation"] for entry in everything][:2] == ["edit_user", "invite_users"]
    assert [entry["number"] for entry in everything] == list(range(len(everything), 0, -1))


def test_a_row_says_who_is_an_administrator_and_who_looks(house: House, bob: str) -> None:
    ada, plain = house.as_user(), house.as_user("bob@acme.example")
    rows = [here.user_row(user) for here in (ada, plain) for user in (ada.actor, bob)]
    assert [row.is_administrator for row in rows] == [True, False, True, False]
    assert [row.is_viewer for row in rows] == [True, False, False, True]


def test_groups_stand_in_order(house: House, bob: str) -> None:
    for name in ("vision", "Data", "[/red]"):
        house.add_group(name, bob)
    for preset in ("Queue admins", "Admins"):
        group = (house.group(preset),)
        house.admin.edit_user(edit_of(house.admin, bob, joining=group))
    here = house.as_user()
    wanted = ["Admins", "Queue admins", "[/red]", "Data", "vision"]
    assert [group.name for group in here.choosable_groups()] == wanted
    assert here.user_row(bob).groups == (*wanted, "Users")


def test_a_user_who_is_not_there_has_no_details(house: House) -> None:
    for who in ("f" * 32, "", "[/red]"):
        with pytest.raises(NotFound):
            house.admin.user_details(who)


def test_rights_that_were_lost_meanwhile_are_lost_in_every_view(
    house: House, bob: str, nameless: str
) -> None:
    admins = (house.group("Admins"),)
    house.admin.edit_user(edit_of(house.admin, bob, joining=admins))
    mine = house.as_user("bob@acme.example")
    assert shown(mine, KEY) == ["pia@acme.example"]
    house.admin.refresh()
    house.admin.edit_user(edit_of(house.admin, bob, leaving=admins))
    mine.refresh()
    assert shown(mine, KEY) == shown(mine, "pia.login") == []
    assert sorted(shown(mine)) == ["Ada Lindqvist", "Bob", "invited user"]
    assert mine.user_details(nameless).email is None

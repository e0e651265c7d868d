"""Many members: in pages or all at once, made once a commit, and never beside other calls' work."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from api import members
from store.credential_views import IssuedCredential
from store.models import User
from store.terms import USERS_TABLE
from tests.api.caller import Caller, keys_of
from tests.store.house import House
from tests.store.keyring import put

MANY = 1_203


@pytest.fixture
def crowd(house: House, bobs: IssuedCredential) -> list[str]:
    """The ids of all members, of whom Ada and Bob are two."""
    users = [
        User(
            id=f"{number:032x}", email=f"u{number}@acme.example", status="Active", name=f"U{number}"
        )
        for number in range(MANY - 2)
    ]
    put(house, USERS_TABLE, *(user.document() for user in users))
    return sorted([*(user.id for user in users), bobs.member, house.admin.actor])


def asked(caller: Caller, token: str, **sent: Any) -> list[dict[str, Any]]:
    """The members that are answered."""
    answer = caller("users.get_all", token=token, body=sent)
    assert answer.code == (200, 0), answer
    users: list[dict[str, Any]] = answer.data["users"]
    return users


def test_without_a_page_all_are_answered_and_in_pages_each_once(
    caller: Caller, bobs: IssuedCredential, crowd: list[str]
) -> None:
    token = caller.sign_in(keys_of(bobs))
    everybody = asked(caller, token)
    assert sorted(user["id"] for user in everybody) == crowd
    for size in ({"page_size": 500}, {}):
        pages = [asked(caller, token, page=page, **size) for page in range(4)]
        assert [len(page) for page in pages] == [500, 500, 203, 0]
        assert [user for page in pages for user in page] == everybody
    assert asked(caller, token, page_size=2) == everybody[:2]
    ordered = asked(caller, token, order_by=["-name"])
    assert [user["name"] for user in ordered] == sorted(
        (user["name"] for user in everybody), reverse=True
    )
    assert asked(caller, token, order_by="-name", page=2, page_size=7) == ordered[14:21]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"page_size": 501}, "page_size must be a whole number from 1 to 500"),
        ({"page_size": 0}, "page_size must be a whole number from 1 to 500"),
        ({"page": 10**9}, "page must be a whole number from 0 to 1000000"),
        ({"order_by": ["name", "last_update"]}, "order_by must be of id, name, given_name"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(
    caller: Caller, bobs: IssuedCredential, sent: dict[str, Any], says: str
) -> None:
    answer = caller("users.get_all", token=caller.sign_in(keys_of(bobs)), body=sent)
    assert answer.code == (400, 12)
    assert says in answer.message


def test_each_sees_what_they_may_whoever_has_asked_before(
    house: House,
    caller: Caller,
    ada: IssuedCredential,
    bobs: IssuedCredential,
    bot: IssuedCredential,
) -> None:
    (nameless,) = house.invite("eve@acme.example")
    for _ in range(2):
        for who in (ada, bobs, bot):
            users = {one["id"]: one for one in asked(caller, caller.sign_in(keys_of(who)))}
            if who is ada:
                assert all({"email", "role"} <= set(user) for user in users.values())
                assert users[nameless]["name"] == "eve@acme.example"
                assert users[ada.member]["role"] == "admin"
                continue
            told = {key for key, user in users.items() if {"email", "role"} & set(user)}
            assert told == {who.member}
            assert users[who.member]["role"] == "user"
            assert users[nameless]["name"] == "invited user"


def test_whoever_acts_for_an_administrator_sees_no_more_than_a_plain_user(
    caller: Caller, ada: IssuedCredential, agent: IssuedCredential, bobs: IssuedCredential
) -> None:
    asked(caller, caller.sign_in(keys_of(ada)))
    acting = {"X-Clearml-Impersonate-As": ada.member}
    token = caller.sign_in(keys_of(agent), headers=acting)
    users = {one["id"]: one for one in asked(caller, token)}
    assert users[ada.member]["role"] == "user"
    assert "email" not in users[bobs.member]


def test_they_are_made_once_a_commit_and_in_a_thread(
    house: House,
    caller: Caller,
    ada: IssuedCredential,
    bobs: IssuedCredential,
    crowd: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, where = [], set()
    real = members.shown

    def shown(*arguments: Any) -> dict[str, Any]:
        made.append(arguments[0].id)
        where.add(threading.current_thread())
        return real(*arguments)

    monkeypatch.setattr(members, "shown", shown)
    tokens = [caller.sign_in(keys_of(bobs)), caller.sign_in(keys_of(bobs))]
    for token in tokens:
        assert len(asked(caller, token)) == MANY
        asked(caller, token, page=1)
        asked(caller, token, name="^U1", order_by=["name"], only_fields=["name"])
    # Beyond all of them, each time the caller, who knows more of themselves.
    assert made.count(bobs.member) == 7
    assert len(made) == MANY + 6
    adas = caller.sign_in(keys_of(ada))
    asked(caller, adas)
    asked(caller, adas)
    assert len(made) == 2 * MANY + 6
    house.add_user("cleo@acme.example", "Cleo")
    assert len(asked(caller, tokens[0])) == MANY + 1
    assert threading.main_thread() not in where


def test_an_order_of_a_hundred_thousand_words_is_no_more_work_than_of_nine(
    caller: Caller, bobs: IssuedCredential, crowd: list[str]
) -> None:
    token = caller.sign_in(keys_of(bobs))
    few = asked(caller, token, order_by=["-created", "name"])
    assert asked(caller, token, order_by=["-created", *["name", "created"] * 50_000]) == few

"""Who the members are, as far as the caller may know."""

from __future__ import annotations

from typing import Any

import pytest

from store.credential_views import IssuedCredential
from tests.api.caller import Caller, keys_of
from tests.store.house import ADA, House

PLAIN = {"id", "name", "given_name", "family_name", "avatar", "created", "company"}
HOSTILE_PATTERN = "(a+)+" * 20 + "$"


def names_of(caller: Caller, token: str, **asked: Any) -> list[str]:
    """The names of the members that are found."""
    answer = caller("users.get_all", token=token, body=asked)
    assert answer.code == (200, 0), answer
    return [user["name"] for user in answer.data["users"]]


def test_the_caller(house: House, caller: Caller, ada: IssuedCredential) -> None:
    answer = caller("users.get_current_user", token=caller.sign_in(keys_of(ada)))
    workspace = house.admin.settings()
    assert answer.data == {
        "user": {
            "id": ada.member,
            "name": "Ada Lindqvist",
            "given_name": "Ada",
            "family_name": "Lindqvist",
            "role": "admin",
            "email": ADA,
            "avatar": None,
            "created": house.at,
            "company": {"id": workspace.id, "name": "Acme"},
            "preferences": {},
        },
        "getting_started": {},
        "settings": {},
    }


def test_a_member_by_id_removed_ones_too(
    house: House, caller: Caller, ada: IssuedCredential, bobs: IssuedCredential, pia: str
) -> None:
    adas, of_bob = caller.sign_in(keys_of(ada)), caller.sign_in(keys_of(bobs))
    cleo = house.add_user("cleo@acme.example", "Cleo")
    house.admin.remove_users([cleo])

    def by_id(token: str, user: str) -> dict[str, Any]:
        found: dict[str, Any] = caller("users.get_by_id", token=token, params={"user": user}).data
        return dict(found["user"])

    assert by_id(adas, pia)["email"] == "pia@acme.example"
    assert by_id(adas, bobs.member)["role"] == "user"
    assert by_id(of_bob, bobs.member)["email"] == "bob@acme.example"
    for other in (ada.member, pia, cleo):
        assert set(by_id(of_bob, other)) == PLAIN
    assert by_id(of_bob, cleo)["name"] == "Cleo"
    assert by_id(of_bob, pia)["company"] == house.admin.settings().id
    unknown = caller("users.get_by_id", token=of_bob, params={"user": "0" * 32})
    assert (unknown.code, unknown.message) == ((400, 301), "Invalid user id")
    assert caller("users.get_by_id", token=of_bob).code == (400, 11)


def test_all_members_filtered_ordered_and_in_pages(
    house: House, caller: Caller, bobs: IssuedCredential, bot: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    cleo = house.add_user("cleo@acme.example", "Cleo")
    (nameless,) = house.invite("eve@acme.example")
    house.admin.remove_users([cleo])
    everybody = ["Ada Lindqvist", "Bob", "bot", "invited user"]
    assert sorted(names_of(caller, token)) == everybody
    assert names_of(caller, token, order_by=["name"]) == everybody
    assert names_of(caller, token, order_by="-name") == everybody[::-1]
    assert names_of(caller, token, order_by="name", page=1, page_size=3) == everybody[3:]
    assert names_of(caller, token, id=[cleo, bot.member, "?", cleo]) == ["Cleo", "bot"]
    assert names_of(caller, token, id=[]) == []
    assert names_of(caller, token, name="^b.t?$|lind", order_by="name") == ["Ada Lindqvist", "bot"]
    assert names_of(caller, token, name=HOSTILE_PATTERN) == []
    listed = caller("users.get_all", token=token, body={"only_fields": ["name", "email"]}).data
    assert {"id": bobs.member, "name": "Bob", "email": "bob@acme.example"} in listed["users"]
    assert {"id": nameless, "name": "invited user"} in listed["users"]
    shown = caller("users.get_all", token=token).data["users"]
    assert [set(one) for one in shown if one["id"] != bobs.member] == [PLAIN] * 3


def test_a_strangers_pattern_does_not_keep_the_server_busy(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    # With an engine that goes back and forth this would take longer than the world stands.
    house.add_user("long@acme.example", "a" * 1_000)
    token = caller.sign_in(keys_of(bobs))
    assert names_of(caller, token, name="^(a|aa)+b$") == []
    assert names_of(caller, token, name="^(a|aa)+$") == ["a" * 1_000]


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "("},
        {"name": "(?=a)"},
        {"name": "a" * 501},
        {"name": "((a{1000}){1000}){1000}"},
        {"name": ["a"]},
        {"page": -1},
        {"page_size": 0},
        {"page": "x"},
        {"id": 7},
        {"id": [{}]},
        {"order_by": [1]},
        {"only_fields": {}},
    ],
)
def test_what_cannot_be_asked(caller: Caller, bobs: IssuedCredential, sent: dict[str, Any]) -> None:
    token = caller.sign_in(keys_of(bobs))
    assert caller("users.get_all", token=token, body=sent).code == (400, 12)

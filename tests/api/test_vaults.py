"""What the clients of a member get of their vaults."""

from __future__ import annotations

from typing import Any

import pytest

from store.credential_views import IssuedCredential
from store.deliveries import Deliveries
from tests.api.caller import Caller, keys_of
from tests.store.house import House

ASKED = {"enabled": "true", "types": ["config", "config"]}


def vaults_of(caller: Caller, token: str, **asked: Any) -> list[dict[str, Any]]:
    """The vaults that a client gets."""
    answer = caller("users.get_vaults", token=token, params=asked or ASKED)
    assert answer.code == (200, 0), answer
    vaults: list[dict[str, Any]] = answer.data["vaults"]
    return vaults


def test_administrator_vaults_in_their_order_and_ones_own_last(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    house.add_group("Team", bobs.member)
    own = house.save_vault(bobs.member, "# mine\na = ${HOME}", format="hocon")
    first = house.add_vault("First", text='a:\n  b: "é\\""\n', format="yaml")
    second = house.add_vault("Second", "Team", "Users", text='{ "a" : [ 1, null ] }')
    house.add_vault("Off", enabled=False)
    house.add_vault("Of others", "Admins")
    token = caller.sign_in(keys_of(bobs))
    common = {"type": "config", "enabled": True}
    assert vaults_of(caller, token) == [
        {**common, "id": first, "scope": "admin", "description": "First", "data": FIRST},
        {**common, "id": second, "scope": "admin", "description": "Second", "data": SECOND},
        {
            **common,
            "id": own,
            "scope": "user",
            "description": "Account specific vault",
            "data": "# mine\na = ${HOME}",
        },
    ]


FIRST = '{"a": {"b": "é\\""}}'
SECOND = '{"a": [1, null]}'


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 1),
        ({"enabled": "1"}, 1),
        ({"types": "config"}, 1),
        ({"types": ["other", "config"]}, 1),
        ({"types": "other"}, 0),
        ({"enabled": "false"}, 0),
        ({"unknown": "x"}, 1),
    ],
)
def test_what_is_asked_for(
    house: House, caller: Caller, bobs: IssuedCredential, asked: dict[str, Any], count: int
) -> None:
    house.save_vault(bobs.member, "{}")
    token = caller.sign_in(keys_of(bobs))
    for sent in ({"params": asked}, {"body": asked}):
        answer = caller("users.get_vaults", token=token, **sent)  # type: ignore[arg-type]
        assert len(answer.data["vaults"]) == count
    assert caller("users.get_vaults", token=token, body={"enabled": "so"}).code == (400, 12)
    assert caller("users.get_vaults", token=token, body={"types": [1]}).code == (400, 12)


def test_without_any_there_is_an_empty_list(caller: Caller, bobs: IssuedCredential) -> None:
    assert vaults_of(caller, caller.sign_in(keys_of(bobs))) == []


def test_a_text_that_was_changed_a_moment_ago_is_the_one_that_is_given(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    for number in range(3):
        house.save_vault(bobs.member, f'{{"a": {number}}}')
        assert [one["data"] for one in vaults_of(caller, token)] == [f'{{"a": {number}}}']
    house.save_vault(bobs.member, '{"a": 3}', enabled=False)
    assert vaults_of(caller, token) == []


def test_a_text_that_cannot_be_read_lets_clients_wait_and_never_run_without(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    house.save_vault(bobs.member, "a = 1", format="hocon")
    token = caller.sign_in(keys_of(bobs))
    (path,) = (one for one in (house.folder / "vault-texts").glob("*") if len(one.name) == 64)
    content = path.read_bytes()
    path.write_bytes(b"other")
    answer = caller("users.get_vaults", token=token)
    assert (answer.code, answer.headers["retry-after"]) == ((503, 0), "5")
    assert "the vault of Bob" in caller.lines[-1]
    path.write_bytes(content)
    assert len(vaults_of(caller, token)) == 1
    # Once it is at hand, the disk is not asked again.
    path.unlink()
    assert len(vaults_of(caller, token)) == 1


def test_what_is_kept_at_hand_is_bounded(house: House, bob: str) -> None:
    store = house.store()
    deliveries = Deliveries(store, most_bytes=25)
    for number in range(4):
        house.save_vault(bob, f'{{"a": "{number}23"}}')
        store.refresh()
        assert deliveries.at_hand(bob) is None
        (vault,) = deliveries.fetched(bob)
        assert deliveries.at_hand(bob) == (vault,)
    assert len(deliveries._texts) == 2

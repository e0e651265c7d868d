"""A member's own credentials, by `auth.*_credentials`."""

from __future__ import annotations

from typing import Any

import pytest

from store.credential_views import IssuedCredential
from tests.api.caller import ADDRESS, Caller, claims_of, keys_of
from tests.store.house import House
from tests.store.keyring import add_credentials, change_credential


def test_one_is_made_listed_relabelled_and_revoked(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    made = caller("auth.create_credentials", token=token, body={"label": "CI"}).data["credentials"]
    assert set(made) == {"access_key", "secret_key", "label", "expire"}
    assert made["label"] == "CI"
    key = made["access_key"]
    assert claims_of(caller.sign_in((key, made["secret_key"])))["identity"]["user"] == bobs.member
    change_credential(house, key, expires_at="2027-01-01T00:00:00Z")
    edited = caller("auth.edit_credentials", token=token, body={"access_key": key, "label": "New"})
    assert edited.data == {"updated": 1}
    assert house.credential(key).expires_at == "2027-01-01T00:00:00Z"
    listed = caller("auth.get_credentials", token=token).data["credentials"]
    assert listed == [
        {
            "access_key": access_key,
            "label": label,
            "expire": expire,
            "last_used": house.at,
            "last_used_from": ADDRESS,
        }
        for access_key, label, expire in sorted(
            [(bobs.access_key, bobs.label, None), (key, "New", "2027-01-01T00:00:00Z")]
        )
    ]
    assert caller("auth.revoke_credentials", token=token, body={"access_key": key}).data == {
        "revoked": 1
    }
    assert caller("auth.login", keys=(key, made["secret_key"])).code == (401, 22)
    # Its own, last of all.
    sent = {"access_key": bobs.access_key}
    assert caller("auth.revoke_credentials", token=token, body=sent).code == (200, 0)
    assert caller("auth.get_credentials", token=token).code == (401, 30)


def test_a_label_is_not_needed_and_no_secret_is_ever_said_again(
    caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    made = caller("auth.create_credentials", token=token, body={"label": None}).data["credentials"]
    assert made["label"]
    listed = caller("auth.get_credentials", token=token)
    assert made["secret_key"] not in str(listed)
    unused = [one for one in listed.data["credentials"] if one["last_used"] is None]
    assert [one["access_key"] for one in unused] == [made["access_key"]]
    assert not any(made["secret_key"] in line for line in caller.lines)


def test_a_service_account_makes_none_but_sees_and_ends_its_own(
    house: House, caller: Caller, bot: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bot))
    answer = caller("auth.create_credentials", token=token)
    assert (answer.code, answer.message) == ((403, 20), "Forbidden (not allowed for role)")
    sent = {"access_key": bot.access_key, "label": "mine"}
    assert caller("auth.edit_credentials", token=token, body=sent).data == {"updated": 1}
    (one,) = caller("auth.get_credentials", token=token).data["credentials"]
    assert one["label"] == "mine"
    assert caller("auth.revoke_credentials", token=token, body=sent).data == {"revoked": 1}
    assert house.credential(bot.access_key).revoked_by == bot.member


@pytest.mark.parametrize(
    ("name", "sent", "code"),
    [
        ("auth.edit_credentials", {"access_key": "x"}, (400, 11)),
        ("auth.edit_credentials", {"label": "x"}, (400, 11)),
        ("auth.edit_credentials", {"access_key": "x", "label": "x"}, (400, 300)),
        ("auth.edit_credentials", {"access_key": "OWN", "label": " "}, (400, 12)),
        ("auth.edit_credentials", {"access_key": "OWN", "label": ["x"]}, (400, 12)),
        ("auth.create_credentials", {"label": 7}, (400, 12)),
        ("auth.create_credentials", {"label": "x" * 1_001}, (400, 12)),
        ("auth.revoke_credentials", {}, (400, 11)),
        ("auth.revoke_credentials", {"access_key": {"x": 1}}, (400, 12)),
        ("auth.revoke_credentials", {"access_key": "x"}, (400, 300)),
        ("auth.revoke_credentials", {"access_key": "BOBS"}, (400, 300)),
        ("auth.edit_credentials", {"access_key": "BOBS", "label": "x"}, (400, 300)),
    ],
)
def test_what_is_missing_wrong_or_of_others(
    house: House,
    caller: Caller,
    ada: IssuedCredential,
    bobs: IssuedCredential,
    name: str,
    sent: dict[str, Any],
    code: tuple[int, int],
) -> None:
    token = caller.sign_in(keys_of(ada))
    keys = {"OWN": ada.access_key, "BOBS": bobs.access_key}
    if isinstance(sent.get("access_key"), str):
        sent = {**sent, "access_key": keys.get(sent["access_key"], sent["access_key"])}
    before = house.bytes()
    # Not even an administrator changes those of others here.
    assert caller(name, token=token, body=sent).code == code
    assert house.bytes() == before


def test_nothing_is_made_where_nothing_can_be_written(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    reading = Caller(house, read_only=True)
    assert reading("auth.create_credentials", token=token).code == (403, 20)
    reading.close()


def test_none_is_made_while_the_activity_is_missed_and_again_when_it_is_back(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    activity, away = house.folder / "activity", house.folder.with_name("away")
    activity.rename(away)
    for _ in range(2):
        assert caller("auth.create_credentials", token=token).code == (503, 0)
    away.rename(activity)
    assert caller("auth.create_credentials", token=token).code == (200, 0)


def test_no_more_are_made_than_a_member_may_have(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    add_credentials(house, bobs.member, *(f"{number:030}" for number in range(99)))
    token = caller.sign_in(keys_of(bobs))
    answer = caller("auth.create_credentials", token=token)
    assert answer.code == (400, 12)
    assert answer.message.startswith("Bob has 100 credentials that were neither revoked nor have")
    caller("auth.revoke_credentials", token=token, body={"access_key": f"{7:030}"})
    assert caller("auth.create_credentials", token=token).code == (200, 0)
    assert caller("auth.create_credentials", token=token).code == (400, 12)
    # Those that there are go on.
    assert caller("auth.get_credentials", token=token).code == (200, 0)

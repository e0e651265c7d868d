"""What an endpoint is asked for is honoured or refused, and never passed over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.endpoints.table import ENDPOINTS
from store.credential_views import IssuedCredential
from store.times import from_text, to_text
from tests.api.caller import Answer, Caller, keys_of
from tests.store.house import House

# All arguments that ClearML servers know for these calls, the open one and the Enterprise.
KNOWN: dict[str, set[str]] = {
    "auth.login": {"expiration_sec"},
    "auth.logout": set(),
    "auth.validate_token": {"token"},
    "auth.create_credentials": {"label", "expiration_sec"},
    "auth.get_credentials": set(),
    "auth.edit_credentials": {"access_key", "label"},
    "auth.revoke_credentials": {"access_key"},
    "users.get_vaults": {"enabled", "types", "preview_data"},
    "users.get_current_user": {"get_supported_features", "return_inactive_companies"},
    "users.get_by_id": {"user"},
    "users.get_all": {
        "name",
        "id",
        "only_fields",
        "page",
        "page_size",
        "order_by",
        "include_auth",
        "include_providers_info",
    },
    "server.info": set(),
    "server.endpoints": set(),
    "debug.ping": set(),
}
TAKEN = [(name, argument) for name, one in ENDPOINTS.items() for argument in one.takes]
REFUSED = [(name, argument) for name, one in ENDPOINTS.items() for argument in one.refuses]


def call(caller: Caller, name: str, who: IssuedCredential, **sent: Any) -> Answer:
    """Call an endpoint in somebody's name."""
    if name == "auth.login":
        return caller(name, keys=keys_of(who), **sent)
    return caller(name, token=caller.sign_in(keys_of(who)), **sent)


def test_every_endpoint_says_of_each_argument_whether_it_honours_it() -> None:
    table = {name: {*one.takes, *one.refuses} for name, one in ENDPOINTS.items()}
    assert table == KNOWN
    assert not any(set(one.takes) & set(one.refuses) for one in ENDPOINTS.values())


@pytest.mark.parametrize(("name", "argument"), TAKEN)
def test_one_that_is_honoured_is_looked_at(
    caller: Caller, ada: IssuedCredential, name: str, argument: str
) -> None:
    # Of no kind that any of them is of: one that nobody looks at would go through.
    rest = {one: "x" for one in ENDPOINTS[name].takes if one in ("access_key", "label")}
    answer = call(caller, name, ada, body=rest | {argument: {"of": [{}]}})
    assert answer.code == (400, 12)
    assert argument in answer.message


@pytest.mark.parametrize(("name", "argument"), REFUSED)
def test_one_that_is_not_is_refused_by_name_unless_it_asks_for_nothing(
    caller: Caller, ada: IssuedCredential, name: str, argument: str
) -> None:
    for asked in (True, "true", "1", 1, ["x"], {"a": 1}):
        answer = call(caller, name, ada, body={argument: asked})
        assert answer.code == (400, 12)
        assert (
            answer.message == f"Validation error ({argument} is not supported here: leave it out)"
        )
    assert call(caller, name, ada, params={argument: "true"}).code == (400, 12)
    for nothing in (False, None, "false", "0"):
        assert call(caller, name, ada, body={argument: nothing}).code == (200, 0)


@pytest.mark.parametrize("name", ["users.get_all", "auth.get_credentials", "debug.ping"])
def test_one_that_nobody_knows_is_ignored(caller: Caller, ada: IssuedCredential, name: str) -> None:
    assert call(caller, name, ada, body={"method": "get", "colour": {"x": 1}}).code == (200, 0)


class TestTheEndOfACredential:
    @pytest.mark.parametrize("sent", [60, "60", 3_153_600_000])
    def test_it_is_the_one_that_was_asked_for(
        self, house: House, caller: Caller, bobs: IssuedCredential, sent: Any
    ) -> None:
        asked = {"expiration_sec": sent, "label": "CI"}
        made = call(caller, "auth.create_credentials", bobs, body=asked).data["credentials"]
        end = to_text(from_text(house.at) + timedelta(seconds=int(sent)))
        assert (made["expire"], made["label"]) == (end, "CI")
        assert house.credential(made["access_key"]).expires_at == end
        listed = call(caller, "auth.get_credentials", bobs).data["credentials"]
        assert {one["access_key"]: one["expire"] for one in listed} == {
            bobs.access_key: None,
            made["access_key"]: end,
        }
        keys = (made["access_key"], made["secret_key"])
        token = caller.sign_in(keys)
        house.clock.advance(seconds=int(sent) - 1)
        assert caller("auth.login", keys=keys).code == (200, 0)
        house.clock.advance(seconds=1)
        assert caller("auth.login", keys=keys).code == (401, 22)
        assert caller("users.get_current_user", token=token).code == (401, 30)

    @pytest.mark.parametrize("sent", [{}, {"expiration_sec": None}])
    def test_without_one_it_has_none(
        self, house: House, caller: Caller, bobs: IssuedCredential, sent: Any
    ) -> None:
        made = call(caller, "auth.create_credentials", bobs, body=sent).data["credentials"]
        assert made["expire"] is None
        assert house.credential(made["access_key"]).expires_at is None

    @pytest.mark.parametrize(
        "sent", [0, -1, "-1", 1.5, "1.5", "", "soon", True, [60], {}, 3_153_600_001, 10**18, 10**30]
    )
    def test_what_is_none_is_refused_and_nothing_is_made(
        self, house: House, caller: Caller, bobs: IssuedCredential, sent: Any
    ) -> None:
        caller.sign_in(keys_of(bobs))
        before = house.bytes()
        answer = call(caller, "auth.create_credentials", bobs, body={"expiration_sec": sent})
        assert answer.code == (400, 12)
        assert "expiration_sec must be a whole number from 1 to 3153600000" in answer.message
        assert house.bytes() == before

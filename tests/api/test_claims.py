"""Whatever a token says: nothing but one that was made here is good, and nothing is a defect."""

from __future__ import annotations

import copy
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import tokens
from store.credential_views import IssuedCredential
from tests.api.caller import Caller, claims_of, keys_of
from tests.store.house import House
from tests.store.keyring import flush, refused_on_disk, used_on_disk

WHO = "users.get_current_user"
# What one wants of each that may be any text: names are told to nobody but the client itself.
NAMES = {"user_name", "company_name", "api_version", "server_version", "feature_set"}
SINGLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(2**60, 2**70),
    st.floats(),
    st.text(),
    st.sampled_from(["", "admin", "user", "0" * 32, "9" * 400, "\x00", "é" * 65, "1e5"]),
)
JSON = st.recursive(
    SINGLE, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4
)
ODD: dict[str, Any] = {
    "an exp that is a text": {"exp": "1790000000"},
    "an exp without end": {"exp": 10**30},
    "an exp that is no whole number": {"exp": 1790000000.5},
    "an exp before its beginning": {"iat": 1790000000, "exp": 1780000000},
    "a life that none is given": {"exp": 2**39},
    "an iat that is a list": {"iat": []},
    "a session id that is a number": {"session_id": 7},
    "a session id that is a list": {"session_id": ["a"]},
    "a session id without end": {"session_id": "a" * 1_000_000},
    "a credential that is an object": {"credential": {"a": 1}},
    "a credential that is null": {"credential": None},
    "an identity that is a list": {"identity": [1]},
    "an identity that is a text": {"identity": "user"},
    "no identity": {"identity": None},
    "an impersonator that is nobody": {"impersonator": ""},
    "an impersonator that is null": {"impersonator": None},
    "a series that is a number": {"series": 0},
    "another company": {"tenant": "0" * 32},
    "more than there is": {"aud": "clients"},
    "not before": {"nbf": [2]},
}


def is_refused(caller: Caller, token: str) -> None:
    """See that a token is none for any endpoint."""
    for name in (WHO, "auth.login", "auth.logout", "users.get_vaults"):
        answer = caller(name, token=token)
        assert (answer.code, answer.message) == ((401, 30), "Invalid token"), name


def signed(caller: Caller, claims: Any, headers: dict[str, Any] | None = None) -> str:
    """Anything, under the right signature."""
    return jwt.encode(claims, caller.served.secret, "HS256", headers=headers)


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_claim_under_a_right_signature_is_no_token(
    house: House, caller: Caller, bobs: IssuedCredential, kind: str
) -> None:
    token = caller.sign_in(keys_of(bobs))
    is_refused(caller, signed(caller, claims_of(token) | ODD[kind]))
    # Nothing odd was kept, so that what is kept can be written.
    assert caller("auth.logout", token=token).code == (200, 0)
    caller.close()
    assert set(used_on_disk(house)) == {bobs.access_key}


@pytest.mark.parametrize(
    "name", ["exp", "iat", "identity", "session_id", "series", "credential", "tenant"]
)
def test_a_claim_that_is_missing_makes_it_none(
    caller: Caller, bobs: IssuedCredential, name: str
) -> None:
    claims = claims_of(caller.sign_in(keys_of(bobs)))
    del claims[name]
    is_refused(caller, signed(caller, claims))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_claim_may_be_anything(
    caller: Caller, bobs: IssuedCredential, data: st.DataObject
) -> None:
    claims = claims_of(caller.sign_in(keys_of(bobs)))
    odd = copy.deepcopy(claims)
    inside = data.draw(st.sampled_from([None, "identity"]))
    target = odd if inside is None else odd[inside]
    name = data.draw(st.sampled_from([*target, "impersonator", "aud", "nbf", "sub", "iss", "jti"]))
    target[name] = data.draw(JSON)
    try:
        token = signed(caller, odd)
    except (TypeError, ValueError):
        # What is no JSON, or no text, cannot be sent.
        return
    answers = {caller(one, token=token).code for one in (WHO, "auth.login")}
    is_as_made = odd == claims or (name in NAMES and isinstance(target[name], str))
    if name in ("iat", "exp") and type(target[name]) is int:
        # A time that could have been given is as good as that which was.
        assert answers <= {(200, 0), (401, 30)}
    else:
        assert answers == ({(200, 0)} if is_as_made else {(401, 30)})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.dictionaries(st.sampled_from(["alg", "typ", "crit", "b64", "kid", "cty"]), JSON))
def test_any_header_may_be_anything(
    caller: Caller, bobs: IssuedCredential, header: dict[str, Any]
) -> None:
    claims = claims_of(caller.sign_in(keys_of(bobs)))
    try:
        token = signed(caller, claims, {**header, "alg": "HS256"})
    except (TypeError, ValueError, jwt.PyJWTError):
        return
    assert caller(WHO, token=token).code in ((200, 0), (401, 30))


def test_what_is_read_is_what_was_signed(caller: Caller, bobs: IssuedCredential) -> None:
    text = caller.sign_in(keys_of(bobs))
    secret = caller.served.secret
    token = tokens.read(text, secret)
    again = tokens.signed(token, caller.served.door.identity_of(token.session), secret)
    assert claims_of(again) == claims_of(text)


def test_what_a_client_sends_besides_never_keeps_files_from_being_written(
    house: House, bobs: IssuedCredential
) -> None:
    caller = Caller(house, trusted=("192.0.2.0/24",))
    odd = "\x00\x7f\xff" + "w" * 100_000
    headers = {"X-ClearML-Worker": odd, "X-Forwarded-For": "fe80::1%eth0 200/0 member=root"}
    token = caller.sign_in(keys_of(bobs), headers=headers)
    caller(WHO, token=token, headers=headers)
    for key in ("\x00\x00\x00\x00\x00", "😀" * 30, bobs.access_key):
        assert caller("auth.login", keys=(key, "\ud7ff\x00"), headers=headers).code == (401, 22)
    impersonating = headers | {"X-Clearml-Impersonate-As": odd}
    assert caller("auth.login", token=token, headers=impersonating).code == (400, 6)
    flush(caller.served.door)
    caller.close()
    assert len(used_on_disk(house)[bobs.access_key]["worker"]) == 200
    assert {line["address"] for line in refused_on_disk(house)} == {"fe80::1"}
    assert not any("%" in line or "member=root" in line for line in caller.lines)

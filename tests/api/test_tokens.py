"""A token is good for as long as what it was given for is, and not a call longer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from store.credential_views import IssuedCredential
from store.persistence.signing_secret import SigningSecret
from tests.api.caller import Caller, claims_of, keys_of
from tests.store.house import House, account_edit, edit_of
from tests.store.keyring import change_credential, refused_on_disk

WHO = "users.get_current_user"
Change = Callable[[House, IssuedCredential], object]


def group_of(house: House, user: str, *, joining: bool) -> None:
    """Put a user into Admins, or take it out."""
    admins = (house.group("Admins"),)
    edit = (
        edit_of(house.admin, user, joining=admins)
        if joining
        else edit_of(house.admin, user, leaving=admins)
    )
    house.admin.edit_user(edit)


ENDINGS: dict[str, Change] = {
    "revoked": lambda house, one: house.admin.revoke_credentials([one.access_key]),
    "suspended": lambda house, one: house.admin.suspend_credentials([one.access_key]),
    "expired": lambda house, one: change_credential(house, one.access_key, expires_at=house.at),
    "member suspended": lambda house, one: house.admin.suspend_users([one.member]),
    "member removed": lambda house, one: house.admin.remove_users([one.member]),
    "other rights": lambda house, one: group_of(house, one.member, joining=True),
}


@pytest.mark.parametrize("cause", ENDINGS)
def test_a_change_that_was_made_before_a_call_is_honoured_by_it(
    house: House, caller: Caller, bobs: IssuedCredential, cause: str
) -> None:
    token = caller.sign_in(keys_of(bobs))
    assert caller(WHO, token=token).code == (200, 0)
    ENDINGS[cause](house, bobs)
    for name in (WHO, "users.get_vaults", "auth.logout"):
        answer = caller(name, token=token)
        assert (answer.code, answer.message) == ((401, 30), "Invalid token")
    assert caller("auth.login", token=token).code == (401, 30)
    caller.close()
    (line,) = refused_on_disk(house)
    assert (line["access_key"], line["cause"]) == (bobs.access_key, cause)


def test_other_rights_come_with_a_new_token(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    for joining, role in ((True, "admin"), (False, "user")):
        before = caller.sign_in(keys_of(bobs))
        group_of(house, bobs.member, joining=joining)
        assert caller(WHO, token=before).code == (401, 30)
        after = caller.sign_in(keys_of(bobs))
        assert claims_of(after)["identity"]["role"] == role
        assert caller(WHO, token=after).data["user"]["role"] == role


def test_one_that_is_let_back_in_goes_on(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    house.admin.suspend_users([bobs.member])
    assert caller(WHO, token=token).code == (401, 30)
    house.admin.let_users_back_in([bobs.member])
    assert caller(WHO, token=token).code == (200, 0)


def test_a_token_ends_by_the_clock(house: House, caller: Caller, bobs: IssuedCredential) -> None:
    token = caller.sign_in(keys_of(bobs), params={"expiration_sec": 60})
    house.clock.advance(seconds=59)
    assert caller(WHO, token=token).code == (200, 0)
    house.clock.advance(seconds=1)
    assert caller(WHO, token=token).code == (401, 30)
    assert caller("auth.login", token=token).code == (401, 30)
    caller.close()
    assert [line["cause"] for line in refused_on_disk(house)] == ["clock"]


def test_renewing_by_a_token_keeps_who_it_is_and_what_it_is_bound_to(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    first = claims_of(caller.sign_in(keys_of(bobs)))
    house.clock.advance(days=29)
    answer = caller("auth.login", token=caller.sign_in(keys_of(bobs)), method="POST")
    again = claims_of(answer.data["token"])
    assert again["session_id"] != first["session_id"]
    assert {**again, "iat": 0, "exp": 0, "session_id": ""} == {
        **first,
        "iat": 0,
        "exp": 0,
        "session_id": "",
    }
    house.admin.revoke_credentials([bobs.access_key])
    assert caller(WHO, token=answer.data["token"]).code == (401, 30)


class TestLoggingOut:
    def test_ends_this_token_alone(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        one, other = caller.sign_in(keys_of(bobs)), caller.sign_in(keys_of(bobs))
        answer = caller("auth.logout", token=one)
        assert (answer.code, answer.data) == ((200, 0), {})
        assert caller(WHO, token=one).code == (401, 30)
        assert caller("auth.login", token=one).code == (401, 30)
        assert caller(WHO, token=other).code == (200, 0)
        caller.close()
        assert [line["cause"] for line in refused_on_disk(house)] == ["logged out"]

    def test_outlasts_the_server_and_reaches_others(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        token, other = caller.sign_in(keys_of(bobs)), caller.sign_in(keys_of(bobs))
        elsewhere = Caller(house)
        assert elsewhere(WHO, token=token).code == (200, 0)
        caller("auth.logout", token=token)
        caller.close()
        assert elsewhere(WHO, token=token).code == (401, 30)
        # A server that begins after a crash of this one knows as much.
        assert Caller(house)(WHO, token=token).code == (401, 30)
        assert Caller(house)(WHO, token=other).code == (200, 0)

    def test_it_is_on_the_disk_before_the_answer(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        token = caller.sign_in(keys_of(bobs))
        assert caller("auth.logout", token=token).code == (200, 0)
        # The caller is not closed: nothing is written at an end, or later.
        assert claims_of(token)["session_id"] in (house.folder / "logged-out.json").read_text()

    def test_nobody_undoes_it_by_logging_out_without_end(
        self, caller: Caller, ada: IssuedCredential, bobs: IssuedCredential
    ) -> None:
        adas, bobs_own = caller.sign_in(keys_of(ada)), caller.sign_in(keys_of(bobs))
        caller("auth.logout", token=adas)
        first = caller.sign_in(keys_of(bobs))
        caller("auth.logout", token=first)
        for _ in range(40):
            assert caller("auth.logout", token=caller.sign_in(keys_of(bobs))).code == (200, 0)
            for token in (adas, first):
                assert caller(WHO, token=token).code == (401, 30)
        # Beyond the bound all that this credential had open has ended, and no other's.
        assert caller(WHO, token=bobs_own).code == (401, 30)
        assert caller(WHO, token=caller.sign_in(keys_of(bobs))).code == (200, 0)
        assert caller(WHO, token=caller.sign_in(keys_of(ada))).code == (200, 0)

    def test_it_is_refused_where_the_disk_is_full(
        self, caller: Caller, bobs: IssuedCredential, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        token = caller.sign_in(keys_of(bobs))
        with monkeypatch.context() as failing:
            failing.setattr("os.fsync", full)
            answer = caller("auth.logout", token=token)
        assert (answer.code, answer.headers["retry-after"]) == ((503, 0), "5")
        assert "logged-out.json could not be written" in caller.lines[-1]
        assert caller(WHO, token=token).code == (200, 0)
        assert caller("auth.logout", token=token).code == (200, 0)
        assert caller(WHO, token=token).code == (401, 30)

    @pytest.mark.parametrize("content", [None, b"", b"{"])
    def test_where_it_cannot_be_known_what_was_logged_out_all_tokens_end(
        self, house: House, caller: Caller, bobs: IssuedCredential, content: bytes | None
    ) -> None:
        out, still_open = caller.sign_in(keys_of(bobs)), caller.sign_in(keys_of(bobs))
        caller("auth.logout", token=out)
        path = house.folder / "logged-out.json"
        path.unlink() if content is None else path.write_bytes(content)
        for token in (out, still_open):
            assert caller(WHO, token=token).code == (401, 30)
        assert caller(WHO, token=caller.sign_in(keys_of(bobs))).code == (200, 0)

    def test_tokens_of_a_former_program_end(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        # It kept those that were logged out in usage.json, from where they could be pushed out.
        claims = claims_of(caller.sign_in(keys_of(bobs)))
        del claims["series"]
        former = jwt.encode(claims, caller.served.secret, "HS256")
        use = {"format": 1, "used": {}, "logged_out": {claims["session_id"]: "2026-04-02"}}
        (house.folder / "usage.json").write_text(json.dumps(use))
        assert caller(WHO, token=former).code == (401, 30)
        assert caller(WHO, token=caller.sign_in(keys_of(bobs))).code == (200, 0)

    def test_it_is_refused_where_nothing_may_be_written(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        token = caller.sign_in(keys_of(bobs))
        reading = Caller(house, read_only=True)
        assert reading("auth.logout", token=token).code == (403, 20)
        assert reading(WHO, token=token).code == (200, 0)
        reading.close()


class TestTheSecret:
    def test_rotating_it_ends_all_tokens_at_the_next_call(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        token = caller.sign_in(keys_of(bobs))
        SigningSecret(house.folder).rotate()
        assert caller(WHO, token=token).code == (401, 30)
        assert caller(WHO, token=caller.sign_in(keys_of(bobs))).code == (200, 0)

    def test_it_is_made_once(self, house: House, caller: Caller, bobs: IssuedCredential) -> None:
        token = caller.sign_in(keys_of(bobs))
        assert Caller(house)(WHO, token=token).code == (200, 0)

    @pytest.mark.parametrize("content", [b"\xff", b"short", b"s" * 63, b"s" * 64 + b"\n\nx"])
    def test_a_damaged_one_is_told_and_left(
        self, house: House, caller: Caller, bobs: IssuedCredential, content: bytes
    ) -> None:
        caller.sign_in(keys_of(bobs))
        path = house.folder / "token.secret"
        path.write_bytes(content)
        answer = caller("auth.login", keys=keys_of(bobs))
        assert (answer.code, answer.headers["retry-after"]) == ((503, 0), "5")
        assert "rotate-token-secret" in caller.lines[-1]
        assert path.read_bytes() == content
        SigningSecret(house.folder).rotate()
        assert caller(WHO, token=caller.sign_in(keys_of(bobs))).code == (200, 0)


def part(value: object) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def without_signature(claims: dict[str, Any], _secret: bytes) -> str:
    """A token that says it has none."""
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


FORGERIES: dict[str, Callable[[dict[str, Any], bytes], str]] = {
    "alg none": without_signature,
    "alg none, signed": lambda claims, secret: without_signature(claims, secret) + "AAAA",
    "another key": lambda claims, _: jwt.encode(claims, "k" * 64, "HS256"),
    "another algorithm": lambda claims, secret: jwt.encode(claims, secret, "HS512"),
    "deep header": lambda _, __: f"{base64.urlsafe_b64encode(b'[' * 40_000).decode()}.e30.AAAA",
    "no claims": lambda _, secret: jwt.encode({}, secret, "HS256"),
    "claims of another kind": lambda _, secret: jwt.encode(
        {"identity": [1], "credential": 3, "exp": "x"}, secret, "HS256"
    ),
    "somebody unknown": lambda claims, secret: jwt.encode(
        {**claims, "identity": {**claims["identity"], "user": "0" * 32}}, secret, "HS256"
    ),
    "another credential": lambda claims, secret: jwt.encode(
        {**claims, "credential": "0" * 30}, secret, "HS256"
    ),
    "no text": lambda _, __: "\xe9.\xe9.\xe9",
    "two parts": lambda claims, _: f"{part({'alg': 'HS256'})}.{part(claims)}",
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_what_is_no_token_of_ours_is_refused(
    caller: Caller, ada: IssuedCredential, kind: str
) -> None:
    claims = claims_of(caller.sign_in(keys_of(ada)))
    forged = FORGERIES[kind](claims, caller.served.secret)
    for name in (WHO, "auth.login"):
        assert caller(name, token=forged).code == (401, 30)
    answer = caller(
        "auth.validate_token", token=caller.sign_in(keys_of(ada)), body={"token": forged}
    )
    assert answer.data == {"valid": False, "msg": "Invalid token"}


class TestValidating:
    def test_ones_own_and_for_administrators_any(
        self, house: House, caller: Caller, ada: IssuedCredential, bobs: IssuedCredential
    ) -> None:
        adas, of_bob = caller.sign_in(keys_of(ada)), caller.sign_in(keys_of(bobs))
        good = {"valid": True, "user": bobs.member, "company": house.admin.settings().id}
        sent: dict[str, Any] = {"body": {"token": of_bob}}
        assert caller("auth.validate_token", token=of_bob, **sent).data == good
        assert caller("auth.validate_token", token=adas, **sent).data == good
        of_other = caller("auth.validate_token", token=of_bob, body={"token": adas})
        assert (of_other.code, of_other.message) == (
            (403, 20),
            "Forbidden (not allowed for role)",
        )
        house.admin.suspend_users([bobs.member])
        ended = {"valid": False, "msg": "Invalid token"}
        assert caller("auth.validate_token", token=adas, **sent).data == ended

    @pytest.mark.parametrize(("sent", "subcode"), [({}, 11), ({"token": 7}, 12)])
    def test_what_is_missing_or_no_text(
        self, caller: Caller, ada: IssuedCredential, sent: dict[str, Any], subcode: int
    ) -> None:
        token = caller.sign_in(keys_of(ada))
        assert caller("auth.validate_token", token=token, body=sent).code == (400, subcode)


def test_keys_are_taken_at_the_sign_in_alone(caller: Caller, bobs: IssuedCredential) -> None:
    answer = caller(WHO, keys=keys_of(bobs))
    assert (answer.code, answer.message) == (
        (401, 10),
        "Unauthorized (bad authentication header type)",
    )


def test_no_service_account_becomes_more_than_it_is(
    house: House, caller: Caller, agent: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(agent))
    house.admin.edit_service_account(
        account_edit(house.admin, agent.member, allow_impersonation=False)
    )
    assert caller(WHO, token=token).code == (401, 30)
    claims = claims_of(caller.sign_in(keys_of(agent)))
    assert claims["identity"]["service_account_type"] == 1

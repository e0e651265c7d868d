"""Signing in: what is taken, what is given, and what becomes of all else."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from store.credential_views import IssuedCredential
from tests.api.caller import ADDRESS, Caller, basic, claims_of, keys_of
from tests.store.house import HOSTILE_NAMES, House, edit_of, settings_edit
from tests.store.keyring import (
    KEY,
    SECRET,
    add_credentials,
    change_credential,
    change_service_account,
    refused_on_disk,
    used_on_disk,
)

LIFE = 30 * 86_400
INVALID = "Unauthorized (invalid credentials)"


class TestWhatIsGiven:
    def test_a_person_gets_a_token_with_the_claims_that_clients_read(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        claims = claims_of(caller.sign_in(keys_of(bobs)))
        workspace = house.admin.settings()
        now = int(house.clock().timestamp())
        assert claims.pop("session_id")
        assert claims.pop("series").endswith(".0")
        assert claims == {
            "identity": {
                "user": bobs.member,
                "company": workspace.id,
                "role": "user",
                "service_account_type": 0,
                "user_name": "Bob",
                "company_name": "Acme",
            },
            "tenant": workspace.id,
            "api_version": "2.31",
            "server_version": "3.24.0",
            "feature_set": "advanced",
            "iat": now,
            "exp": now + LIFE,
            "credential": bobs.access_key,
        }

    def test_role_and_kind_of_account(
        self,
        caller: Caller,
        ada: IssuedCredential,
        bot: IssuedCredential,
        agent: IssuedCredential,
    ) -> None:
        told = []
        for issued in (ada, bot, agent):
            identity = claims_of(caller.sign_in(keys_of(issued)))["identity"]
            told.append((identity["role"], identity["service_account_type"]))
        assert told == [("admin", 0), ("user", 1), ("user", 2)]

    def test_names_may_be_anything(self, house: House, caller: Caller) -> None:
        name = "".join(HOSTILE_NAMES)
        house.admin.edit_settings(settings_edit(house.admin, name=name))
        issued = house.admin.add_service_account(name, allow_impersonation=False)
        identity = claims_of(caller.sign_in(keys_of(issued)))["identity"]
        assert identity["user_name"] == identity["company_name"] == issued.called

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
    @pytest.mark.parametrize("prefix", ["", "v2.5/", "v2.31/", "v999/"])
    def test_whatever_the_method_and_the_version(
        self, caller: Caller, bobs: IssuedCredential, method: str, prefix: str
    ) -> None:
        answer = caller(f"{prefix}auth.login", keys=keys_of(bobs), method=method)
        assert answer.code == (200, 0)
        assert claims_of(answer.data["token"])["identity"]["user"] == bobs.member
        version = prefix.strip("v/") or "2.31"
        assert answer.endpoint["requested_version"] == version
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        ("sent", "life"),
        [
            ({"params": {"expiration_sec": "60"}}, 60),
            ({"body": {"expiration_sec": 61, "method": "get"}}, 61),
            ({"body": {"expiration_sec": None}}, LIFE),
            ({"body": {}}, LIFE),
            ({"body": b""}, LIFE),
            ({"body": b" \n"}, LIFE),
            ({"params": {"expiration_sec": "1"}}, 1),
            ({"params": {"expiration_sec": "9" * 30}}, 31_536_000),
        ],
    )
    def test_the_life_that_is_wished_for(
        self, house: House, caller: Caller, bobs: IssuedCredential, sent: dict[str, Any], life: int
    ) -> None:
        claims = claims_of(caller.sign_in(keys_of(bobs), **sent))
        assert claims["exp"] - claims["iat"] == life

    @pytest.mark.parametrize("wish", ["0", "-5", "soon", "1.5", "", "1e3", "٣", True, 1.0, [1], {}])
    def test_a_wish_that_is_no_life(
        self, caller: Caller, bobs: IssuedCredential, wish: object
    ) -> None:
        answer = caller("auth.login", keys=keys_of(bobs), body={"expiration_sec": wish})
        assert answer.code == (400, 12)
        assert answer.message.startswith("Validation error")


class TestWhoIsRefused:
    @pytest.mark.parametrize(
        ("header", "subcode", "message"),
        [
            (None, 20, "Unauthorized (missing credentials)"),
            ("  ", 20, "Unauthorized (missing credentials)"),
            ("Digest abc", 10, "Unauthorized (bad authentication header type)"),
            ("abc", 10, "Unauthorized (bad authentication header type)"),
            ("Basic", 21, "Unauthorized (malformed credentials)"),
            ("Basic !!!", 21, "Unauthorized (malformed credentials)"),
            ("Basic YQ", 21, "Unauthorized (malformed credentials)"),
            ("Basic \xe9\xe9", 21, "Unauthorized (malformed credentials)"),
            ("Basic " + base64.b64encode(b"\xff\xfe:a").decode(), 21, None),
            ("Basic " + base64.b64encode(b"no colon").decode(), 21, None),
            ("Basic " + base64.b64encode(b":").decode(), 22, INVALID),
            ("basic " + base64.b64encode(b"a:b:c").decode(), 22, INVALID),
            ("Bearer", 30, "Invalid token"),
            ("bearer a.b.c", 30, "Invalid token"),
        ],
    )
    def test_by_what_the_header_is(
        self, caller: Caller, header: str | None, subcode: int, message: str | None
    ) -> None:
        headers = {} if header is None else {"Authorization": header}
        answer = caller("auth.login", headers=headers)
        assert answer.code == (401, subcode)
        assert message in (None, answer.message)

    @pytest.mark.parametrize(
        ("change", "cause"),
        [
            (lambda house, _: change_credential(house, KEY, revoked_at=house.at), "revoked"),
            (lambda house, _: change_credential(house, KEY, expires_at=house.at), "expired"),
            (lambda house, _: change_credential(house, KEY, suspended=True), "suspended"),
            (
                lambda house, bot: change_service_account(house, bot, suspended=True),
                "member suspended",
            ),
            (
                lambda house, bot: change_service_account(house, bot, removed_at=house.at),
                "member removed",
            ),
        ],
    )
    def test_with_one_text_and_the_cause_in_the_record(
        self, house: House, caller: Caller, change: Callable[[House, str], None], cause: str
    ) -> None:
        bot = house.add_service_account("bot")
        add_credentials(house, bot, KEY)
        caller.sign_in((KEY, SECRET))
        change(house, bot)
        for keys in ((KEY, SECRET), (KEY, "w" * 64), ("UNKNOWN", SECRET)):
            answer = caller("auth.login", keys=keys)
            assert (answer.code, answer.message) == ((401, 22), INVALID)
        caller.close()
        refused = [(line["access_key"], line["cause"]) for line in refused_on_disk(house)]
        assert refused == [(KEY, cause), (KEY, "wrong secret"), ("UNKN", "unknown")]
        assert not any(SECRET in line or "UNKNOWN" in line for line in caller.lines)


class TestTooManyFailures:
    def fail(self, caller: Caller, keys: tuple[str, str] = ("K", "wrong"), **sent: Any) -> int:
        """The status of a sign-in that fails."""
        answer = caller("auth.login", keys=keys, **sent)
        assert ("retry-after" in answer.headers) == (answer.code[0] == 429)
        return answer.code[0]

    def test_the_eleventh_in_a_minute_is_told_to_wait(self, caller: Caller) -> None:
        assert [self.fail(caller) for _ in range(12)] == [401] * 10 + [429] * 2
        answer = caller("auth.login", keys=("K", "wrong"))
        assert (answer.message, answer.headers["retry-after"]) == ("Too many failed sign-ins", "5")
        assert self.fail(caller, ("OTHER", "wrong")) == 401
        caller.seconds.now += 61
        # Clients ask again and again: each gets a plain answer within a minute, and gives up.
        assert self.fail(caller) == 401

    def test_good_keys_are_let_in_all_the_while(
        self, caller: Caller, bobs: IssuedCredential
    ) -> None:
        statuses = [self.fail(caller, (bobs.access_key, "wrong")) for _ in range(12)]
        assert statuses[-1] == 429
        token = caller.sign_in(keys_of(bobs))
        assert caller("users.get_current_user", token=token).code == (200, 0)

    def test_failures_of_other_addresses_do_not_count(self, house: House) -> None:
        caller = Caller(house, address="10.0.0.1", trusted=("10.0.0.0/8",))
        statuses = {
            self.fail(caller, headers={"X-Forwarded-For": f"192.0.2.{number}"})
            for number in range(1, 13)
        }
        assert statuses == {401}
        caller.close()

    def test_memory_is_bounded(self, caller: Caller) -> None:
        failed = caller.served.failed_sign_ins
        for number in range(10_050):
            failed.is_one_too_many(f"{number}", ADDRESS)
        assert len(failed._failures) == 10_000


class TestTheFirstSignIn:
    @pytest.fixture
    def pending(self, house: House) -> str:
        """Somebody who was invited without a name, and has a credential."""
        (user,) = house.invite("eve@acme.example")
        add_credentials(house, user, KEY)
        return user

    def test_makes_a_pending_user_active(self, house: House, caller: Caller, pending: str) -> None:
        caller.sign_in((KEY, SECRET))
        user = house.user(pending)
        assert (user.status, user.name, user.joined_at) == ("Active", "eve", house.at)
        before = house.bytes()
        caller.sign_in((KEY, SECRET))
        assert house.bytes() == before

    def test_is_no_refusal_where_nothing_can_be_written(self, house: House, pending: str) -> None:
        Caller(house).served.load()
        caller = Caller(house, read_only=True)
        token = caller.sign_in((KEY, SECRET))
        assert house.user(pending).status == "Pending"
        assert caller("users.get_current_user", token=token).data["user"]["name"] == (
            "eve@acme.example"
        )


class TestUse:
    def test_every_call_is_noted_with_worker_and_address(
        self, house: House, caller: Caller, bobs: IssuedCredential
    ) -> None:
        token = caller.sign_in(keys_of(bobs), headers={"X-ClearML-Worker": "laptop"})
        house.clock.advance(days=3)
        caller("debug.ping", token=token)
        caller("users.get_current_user", token=token, headers={"X-Trains-Worker": "gpu-07"})
        caller.close()
        used = used_on_disk(house)[bobs.access_key]
        assert used == {"at": house.at, "worker": "gpu-07", "address": ADDRESS}

    @pytest.mark.parametrize(
        ("peer", "forwarded", "address"),
        [
            ("10.0.0.1", "192.0.2.5", "192.0.2.5"),
            ("10.0.0.1", "6.6.6.6, 192.0.2.5", "192.0.2.5"),
            ("10.0.0.1", "6.6.6.6, 192.0.2.5, 10.0.0.2", "192.0.2.5"),
            ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
            ("10.0.0.1", "192.0.2.5:4711", "192.0.2.5"),
            ("10.0.0.1", "unknown", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("::ffff:10.0.0.1", "192.0.2.5", "192.0.2.5"),
            ("192.0.2.9", "192.0.2.5", "192.0.2.9"),
        ],
    )
    def test_an_address_is_believed_of_a_trusted_proxy_alone(
        self, house: House, bobs: IssuedCredential, peer: str, forwarded: str, address: str
    ) -> None:
        caller = Caller(house, address=peer, trusted=("10.0.0.0/8",))
        caller.sign_in(keys_of(bobs), headers={"X-Forwarded-For": forwarded})
        caller.close()
        assert used_on_disk(house)[bobs.access_key]["address"] == address
        assert f" {address} GET /auth.login 200/0 " in caller.lines[-1]


def test_the_line_of_a_request_holds_no_secret(
    caller: Caller, bobs: IssuedCredential, house: House
) -> None:
    token = caller.sign_in(keys_of(bobs), params={"token": "s3cret"})
    caller("auth.validate_token", token=token, params={"token": token})
    caller("/a/join/s3cret", method="POST")
    caller("/v2.5/join/s3cret/more")
    caller("/a%1b[2J", token=token)
    said = "\n".join(caller.lines)
    assert len(caller.lines) == 5
    for secret in ("s3cret", token, bobs.secret_key, basic(*keys_of(bobs))):
        assert secret not in said
    assert f"member={bobs.member}" in caller.lines[0]
    assert all(line.isprintable() for line in caller.lines)
    assert "/join/… 400/0" in said


def test_an_email_is_no_name_for_whoever_acts_for_somebody(
    house: House, caller: Caller, agent: IssuedCredential
) -> None:
    (eve,) = house.invite("eve@acme.example")
    answer = caller("auth.login", keys=keys_of(agent), headers={"X-Clearml-Impersonate-As": eve})
    assert claims_of(answer.data["token"])["identity"]["user_name"] == "invited user"
    house.admin.edit_user(edit_of(house.admin, eve, name="Eve"))

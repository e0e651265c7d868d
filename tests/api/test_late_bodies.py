"""A body may end long after its head: what was committed meanwhile holds for the call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from store.credential_views import IssuedCredential
from tests.api.caller import basic, keys_of
from tests.api.wire import Wire
from tests.clients.serving import Estate, estate

SENT = b'{"label": "Late"}'
PARTS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(SENT), SENT)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here: each has a member of its own."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        yield made


@pytest.fixture
def issued(served: Estate, request: pytest.FixtureRequest) -> IssuedCredential:
    """A credential of a user."""
    number = abs(hash(request.node.name))
    member = served.house.add_user(f"u{number}@acme.example", f"U{number}")
    return served.house.as_member(member).create_credentials(member)


def opened(served: Estate, name: str, shown: str, framing: str) -> Wire:
    """A call of which the body has not begun; the server knows its head."""
    head = f"POST /{name} HTTP/1.1\r\nHost: a\r\nAuthorization: {shown}\r\n{framing}\r\n\r\n"
    wire = Wire(served, head.encode())
    time.sleep(0.3)
    return wire


def code(answer: bytes) -> tuple[int, int]:
    """The status and the subcode of an answer."""
    meta: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])["meta"]
    return meta["result_code"], meta["result_subcode"]


def sign_in(served: Estate, issued: IssuedCredential) -> str:
    """The token of a sign-in."""
    wire = opened(served, "auth.login", basic(*keys_of(issued)), "Content-Length: 0")
    answer = json.loads(wire.answer().partition(b"\r\n\r\n")[2])
    return str(answer["data"]["token"])


def revoke(served: Estate, issued: IssuedCredential, _token: str) -> None:
    """Revoke the credential that the call was begun with."""
    served.admin.revoke_credentials([issued.access_key])


def suspend(served: Estate, issued: IssuedCredential, _token: str) -> None:
    """Suspend its member."""
    served.admin.suspend_users([issued.member])


def log_out(served: Estate, _issued: IssuedCredential, token: str) -> None:
    """Log out the token that the call shows."""
    answer = opened(served, "auth.logout", f"Bearer {token}", "Content-Length: 0").answer()
    assert code(answer) == (200, 0)


@pytest.mark.parametrize("end", [revoke, suspend, log_out])
@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (f"Content-Length: {len(SENT)}", SENT),
        ("Transfer-Encoding: chunked", PARTS),
        ("Transfer-Encoding: chunked", b"0\r\n\r\n"),
    ],
)
def test_who_may_not_call_any_more_is_refused(
    served: Estate,
    issued: IssuedCredential,
    framing: str,
    body: bytes,
    end: Callable[[Estate, IssuedCredential, str], None],
) -> None:
    token = sign_in(served, issued)
    wire = opened(served, "auth.create_credentials", f"Bearer {token}", framing)
    end(served, issued, token)
    wire.send(body)
    assert code(wire.answer()) == (401, 30)
    keys = {row.access_key for row in served.seen_anew().credentials_of(issued.member)}
    assert keys <= {issued.access_key}


def test_keys_that_were_revoked_sign_nobody_in(served: Estate, issued: IssuedCredential) -> None:
    wire = opened(served, "auth.login", basic(*keys_of(issued)), "Content-Length: 2")
    revoke(served, issued, "")
    wire.send(b"{}")
    assert code(wire.answer()) == (401, 22)


def test_whoever_still_may_is_answered(served: Estate, issued: IssuedCredential) -> None:
    framing = f"Content-Length: {len(SENT)}"
    shown = f"Bearer {sign_in(served, issued)}"
    wire = opened(served, "auth.create_credentials", shown, framing)
    served.house.add_user(f"x{issued.member}@acme.example", "X")
    wire.send(SENT)
    assert code(wire.answer()) == (200, 0)


def test_it_is_read_of_no_stranger(served: Estate) -> None:
    wire = opened(served, "auth.create_credentials", "Bearer a.b.c", "Content-Length: 9")
    assert code(wire.answer()) == (401, 30)

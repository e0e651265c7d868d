"""Whatever is sent, the answer is an envelope, and never a fault of the server's own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.endpoints.table import ENDPOINTS
from api.limits import MOST_BODY, MOST_BODY_OF_STRANGERS
from store.credential_views import IssuedCredential
from tests.api.caller import Caller, basic, keys_of
from tests.cli.console import ROOT
from tests.effort import effort
from tests.store.house import House

WHO = "users.get_current_user"
DEEP = b"[" * 60_000


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/auth",
        "/auth.login/",
        "/a.b.c",
        "/v2.5/",
        "//",
        "/x/auth.login",
        "/auth.login%00",
        "/v2.5.6/auth.login",
        "/%ff.%fe",
        "/auth/login",
        "*",
        "/index.html/..",
        "/" + "a" * 50_000,
    ],
)
def test_what_is_no_path(caller: Caller, path: str) -> None:
    answer = caller.send("GET", path, b"", [], b"")
    assert answer.code == (400, 0)
    assert answer.message.startswith("Invalid request path ")
    assert len(answer.message) < 250
    assert answer.message.isprintable()


@pytest.mark.parametrize(
    "name", ["queues.get_all", "v2.5/workers.register", "auth.nothing", "Auth.Login"]
)
def test_an_endpoint_that_is_not_there(caller: Caller, name: str) -> None:
    answer = caller(name)
    version, _, plain = name.rpartition("/")
    version = version.strip("v") or "2.31"
    assert answer.code == (404, 0)
    assert answer.message == f"Unable to find endpoint for name {plain} and version {version}"


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get"])
def test_other_methods(caller: Caller, method: str) -> None:
    for path in ("/auth.login", "/nothing", "*"):
        answer = caller.send(method, path, b"", [], b"")
        assert (answer.code, answer.message) == ((405, 0), "Method not allowed")
        assert answer.headers["allow"] == "GET, POST, PUT"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"7",
        b"null",
        b'"x"',
        b"\xff",
        b"{}{}",
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        DEEP,
        b'{"a":' * 12_000,
        b"\x00",
        b"a=b",
        b'{"a": 1' + b"0" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_no_object(caller: Caller, bobs: IssuedCredential, body: bytes) -> None:
    token = caller.sign_in(keys_of(bobs))
    for name, shown in ((WHO, {"token": token}), ("auth.login", {"keys": keys_of(bobs)})):
        answer = caller(name, method="POST", body=body, **shown)
        assert answer.code == (400, 12), answer
        assert answer.message.startswith("Validation error (")


@pytest.mark.parametrize("query", [b"a=%ff", b"a=1&" * 10_001, b"\xff=\xfe"])
def test_a_query_that_cannot_be_read(caller: Caller, bobs: IssuedCredential, query: bytes) -> None:
    headers = [(b"authorization", basic(*keys_of(bobs)).encode())]
    assert caller.send("GET", "/auth.login", query, headers, b"").code == (400, 12)


def test_a_body_that_is_too_large(caller: Caller, bobs: IssuedCredential) -> None:
    token = caller.sign_in(keys_of(bobs))
    large = b" " * (MOST_BODY + 1)
    answer = caller(WHO, token=token, body=large)
    assert (answer.code, answer.message) == ((413, 0), "Request too large")
    for length in (str(MOST_BODY + 1), "9" * 5_000):
        answer = caller(WHO, token=token, headers={"Content-Length": length})
        assert answer.code == (413, 0)
    assert caller(WHO, token=token, body=b" " * MOST_BODY).code == (200, 0)


def test_who_has_not_signed_in_sends_less(caller: Caller, bobs: IssuedCredential) -> None:
    for length, code in ((MOST_BODY_OF_STRANGERS, (200, 0)), (MOST_BODY, (413, 0))):
        body = b"{" + b" " * (length - 2) + b"}"
        assert caller("debug.ping", body=body).code == code
        assert caller("auth.login", keys=keys_of(bobs), body=body).code == code


def test_a_defect_is_an_envelope_too(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    async def break_down() -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(caller.served, "keep_up", break_down)
    with pytest.raises(RuntimeError):
        caller("debug.ping")
    assert " 500 " in caller.lines[-1]
    assert "a secret" not in caller.lines[-1]


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        "expiration_sec",
        "token",
        "access_key",
        "label",
        "user",
        "id",
        "name",
        "page",
        "page_size",
        "only_fields",
        "order_by",
        "enabled",
        "types",
    ]
)
BODIES = st.dictionaries(NAMES, JSON, max_size=4) | st.binary(max_size=40) | JSON
TEXTS = st.text(st.characters(max_codepoint=255), max_size=40)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Authorization",
            "X-Clearml-Impersonate-As",
            "X-Clearml-Tenant",
            "X-Forwarded-For",
            "X-Clearml-Worker",
            "Content-Length",
            "Cookie",
        ]
    ),
    TEXTS
    | TEXTS.map(lambda text: f"Basic {text}")
    | TEXTS.map(lambda text: f"Bearer {text}")
    | st.builds(basic, TEXTS, TEXTS),
    max_size=3,
)
PATHS = st.sampled_from(sorted(ENDPOINTS)).map(lambda name: f"/{name}") | TEXTS


@given(
    st.sampled_from(["GET", "POST", "PUT"]) | TEXTS,
    PATHS,
    st.binary(max_size=40),
    HEADERS,
    BODIES,
    st.booleans(),
)
@settings(
    max_examples=effort(120),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_sent_the_fault_is_the_callers(
    caller: Caller,
    ada: IssuedCredential,
    method: str,
    path: str,
    query: bytes,
    headers: dict[str, str],
    body: Any,
    is_signed_in: bool,
) -> None:
    if is_signed_in:
        headers = {**headers, "Authorization": basic(*keys_of(ada))}
        if path != "/auth.login":
            headers["Authorization"] = f"Bearer {caller.sign_in(keys_of(ada))}"
    sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = caller.send(method, path, query, sent, content)
    assert answer.code[0] in (200, 400, 401, 403, 404, 405, 413, 429), answer


PING = b"GET /debug.ping HTTP/1.1\r\nHost: a\r\n"
NO_HTTP = {
    "garbage": b"GARBAGE\r\n\r\n",
    "two lengths": PING + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "a length below zero": PING + b"Content-Length: -1\r\n\r\n",
    "a bad chunk": PING + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a bad header": PING + b"X: \x00\r\n\r\n",
    "endless headers": b"GET /debug.ping HTTP/1.1\r\nX: " + b"a" * 100_000,
    "bytes of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


class TestOverARealSocket:
    @pytest.fixture(scope="class")
    def port(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
        """The port of an endpoint in a process of its own."""
        folder = tmp_path_factory.mktemp("served")
        House(folder / "store").close()
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "serve", "--store", folder / "store", "--port", "0"],
            cwd=ROOT,
            stderr=subprocess.PIPE,
        )
        assert process.stderr
        yield int(process.stderr.readline().rpartition(b":")[2])
        process.terminate()
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0
        assert b"Traceback" not in said

    def answer(self, port: int, sent: bytes) -> bytes:
        """All that comes back."""
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(sent)
            with connection.makefile("rb") as file:
                return file.read()

    @pytest.mark.parametrize("kind", NO_HTTP)
    def test_what_is_no_http_gets_an_envelope(self, port: int, kind: str) -> None:
        got = self.answer(port, NO_HTTP[kind])
        head, _, body = got.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 "), got
        assert b"content-type: application/json" in head
        assert b'"result_code":400' in body
        assert b"connection: close" in head.lower()

    @pytest.mark.parametrize("target", [b"/debug.ping", b"http://elsewhere:1/debug.ping?a=b"])
    def test_a_health_check(self, port: int, target: bytes) -> None:
        got = self.answer(
            port, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        )
        assert got.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b'"data":{"msg":"pong"}' in got
        assert b"server:" not in got.lower()

    def test_a_large_body_is_not_kept_and_the_connection_goes_on(self, port: int) -> None:
        large = b"POST /debug.ping HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"
        next_one = b"GET /debug.ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        got = self.answer(port, large + b"x" * 3_000_000 + next_one)
        assert got.startswith(b"HTTP/1.1 413 ")
        assert b"HTTP/1.1 200 OK" in got

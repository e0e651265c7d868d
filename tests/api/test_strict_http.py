"""A request that others could read in another way is none; what clients and proxies send is one."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.api.caller import basic
from tests.api.wire import GOOD, LAST, PING, POST, Wire, exchanged
from tests.clients.serving import Estate, estate

CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
WHO = b"POST /users.get_current_user HTTP/1.1\r\nHost: a\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served, for all tests here."""
    with estate(tmp_path_factory.mktemp("estate")) as made:
        yield made


# Behind each a request that must not be answered: it is a part of that before, or of nothing.
REFUSED = {
    "a length and parts": CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\n",
    "parts and a length": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths that differ": POST + b"Content-Length: 0\r\nContent-Length: 4\r\n\r\n",
    "two lengths alike": POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "a list of lengths": POST + b"Content-Length: 1, 1\r\n\r\na",
    "a length with a sign": POST + b"Content-Length: +1\r\n\r\na",
    "a length of another base": POST + b"Content-Length: 0x1\r\n\r\na",
    "an endless length": POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "no length": POST + b"Content-Length:\r\n\r\n",
    "parts twice": CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "parts that are none": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "parts of another kind": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "parts as they are": POST + b"Transfer-Encoding: identity\r\n\r\n",
    "parts by another blank": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "parts in an old version": CHUNKED.replace(b"1.1", b"1.0") + b"\r\n0\r\n\r\n",
    "a blank before the colon": POST + b"Content-Length : 4\r\n\r\n",
    "a header on two lines": POST + b"X: a\r\n Content-Length: 4\r\n\r\n",
    "a header on two lines by a tab": POST + b"X: a\r\n\tb\r\n\r\n",
    "a first header that goes on": b"POST /debug.ping HTTP/1.1\r\n Host: a\r\nHost: b\r\n\r\n",
    "lines that end in half": b"POST /debug.ping HTTP/1.1\nHost: a\n\n",
    "a line that ends in half": POST + b"X: a\nContent-Length: 4\r\n\r\n",
    "a line that ends in the other half": POST + b"X: a\rContent-Length: 4\r\n\r\n",
    "an end in half": POST + b"X: a\r\n\n",
    "no name": POST + b": a\r\n\r\n",
    "no colon": POST + b"Content-Length 4\r\n\r\n",
    "no host": b"GET /debug.ping HTTP/1.1\r\n\r\n",
    "two hosts": PING + b"Host: b\r\n\r\n",
    "a newer version": b"GET /debug.ping HTTP/2.0\r\nHost: a\r\n\r\n",
    "a version between": b"GET /debug.ping HTTP/1.2\r\nHost: a\r\n\r\n",
    "an older version": b"GET /debug.ping HTTP/0.9\r\nHost: a\r\n\r\n",
    "no version": b"GET /debug.ping\r\n\r\n",
    "two blanks": b"GET  /debug.ping HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank in the path": b"GET /debug.ping x HTTP/1.1\r\nHost: a\r\n\r\n",
    "an escape in the path": b"GET /\x1bdebug.ping HTTP/1.1\r\nHost: a\r\n\r\n",
    "a path that is not ASCII": b"GET /d\xe9bug.ping HTTP/1.1\r\nHost: a\r\n\r\n",
    "an empty line before": b"\r\n" + GOOD,
    "a part of another base": CHUNKED + b"\r\n0x1\r\na\r\n0\r\n\r\n",
    "a part with a sign": CHUNKED + b"\r\n+1\r\na\r\n0\r\n\r\n",
    "a part below zero": CHUNKED + b"\r\n-1\r\na\r\n0\r\n\r\n",
    "an endless part": CHUNKED + b"\r\n" + b"f" * 30 + b"\r\na\r\n0\r\n\r\n",
    "a part that is longer": CHUNKED + b"\r\n1\r\nab\r\n0\r\n\r\n",
    "a part that ends in half": CHUNKED + b"\r\n1\na\n0\n\n" + b"\r\n" * 4,
    "a remark that ends in half": CHUNKED + b"\r\n1;a\nb\r\na\r\n0\r\n\r\n",
    "too long a head": POST + b"X: " + b"a" * 33_000 + b"\r\n\r\n",
    "too many headers": POST + b"X: a\r\n" * 200 + b"\r\n",
    "thousands of headers": POST + b"a:\r\n" * 8_000 + b"\r\n",
    "an endless head": POST + b"X: " + b"a" * 300_000,
    "the greeting of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "the greeting of TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_can_be_read_in_two_ways_is_refused_with_all_behind_it(
    served: Estate, kind: str
) -> None:
    got = exchanged(served, REFUSED[kind] + LAST)
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n"), got
    assert b"content-type: application/json" in head
    assert b"connection: close" in head.lower()
    assert json.loads(body)["meta"]["result_msg"] == "Invalid request"


TAKEN = {
    "parts": CHUNKED + b"\r\n2\r\n{}\r\n0\r\n\r\n",
    "parts with remarks": CHUNKED + b'\r\n2;a=b;c="d"\r\n{}\r\n0\r\n\r\n',
    "parts with headers behind": CHUNKED + b"\r\n2\r\n{}\r\n0\r\nX: a\r\n\r\n",
    "parts by other letters": POST + b"transfer-encoding: Chunked\r\n\r\n0\r\n\r\n",
    "a length that begins with zero": POST + b"Content-Length: 002\r\n\r\n{}",
    "a body in a GET": PING + b"Content-Length: 2\r\n\r\n{}",
    "an offer of HTTP/2": PING
    + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "the whole URL": b"GET http://elsewhere:1/debug.ping?a=b HTTP/1.1\r\nHost: a\r\n\r\n",
    "the whole URL in capitals": b"GET HTTP://elsewhere/debug.ping HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long head": PING + b"X: " + b"a" * 32_000 + b"\r\n\r\n",
    "some headers": PING + b"X: a\r\n" * 90 + b"\r\n",
    "an empty header": PING + b"X:\r\n\r\n",
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_can_be_read_in_one_way_is_answered_and_what_is_behind_it_too(
    served: Estate, kind: str
) -> None:
    got = exchanged(served, TAKEN[kind] + LAST)
    assert got.count(b"HTTP/1.1 200 OK\r\n") == 2, got


def test_what_comes_behind_the_last_request_is_no_request(served: Estate) -> None:
    assert exchanged(served, LAST + GOOD + LAST).count(b"HTTP/1.1 ") == 1


def test_a_client_that_asks_first_is_told_to_go_on(served: Estate) -> None:
    wire = Wire(served, POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert wire.socket.recv(100).startswith(b"HTTP/1.1 100 ")
    wire.send(b"{}")
    assert wire.answer().startswith(b"HTTP/1.1 200 OK\r\n")
    wire.close()


@pytest.mark.parametrize(
    "target", [b"http:%2f%2felsewhere/debug.ping", b"%68ttp://elsewhere/debug.ping", b"debug.ping"]
)
def test_what_only_turns_out_to_be_a_path_is_none(served: Estate, target: bytes) -> None:
    got = exchanged(served, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 400 ")
    assert b"Invalid request path" in got


def test_what_comes_behind_a_body_is_no_header(served: Estate) -> None:
    issued = served.admin.create_credentials(served.admin.actor)
    shown = exchanged_token(served, (issued.access_key, issued.secret_key))
    bearer = f"Authorization: Bearer {shown}\r\n".encode()
    ending = b"Connection: close\r\n"
    head = WHO + ending + b"Transfer-Encoding: chunked\r\n"
    assert exchanged(served, head + bearer + b"\r\n0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    assert exchanged(served, head + b"\r\n0\r\n" + bearer + b"\r\n").startswith(b"HTTP/1.1 401 ")


def exchanged_token(served: Estate, keys: tuple[str, str]) -> str:
    """A token for keys."""
    return str(json.loads(asked(served, "GET", "/auth.login", keys)[2])["data"]["token"])


def asked(
    served: Estate, method: str, path: str, keys: tuple[str, str] = ("", ""), token: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body of an answer."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=20)
    shown = f"Bearer {token}" if token else basic(*keys)
    connection.request(method, path, headers={"Authorization": shown} if token or keys[0] else {})
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, headers, body


class TestHead:
    def test_a_monitor_sees_what_get_answers_but_its_body(self, served: Estate) -> None:
        status, headers, body = asked(served, "HEAD", "/debug.ping")
        of_get = asked(served, "GET", "/debug.ping")
        assert (status, body) == (200, b"")
        assert {**headers, "date": ""} == {**of_get[1], "date": ""}
        assert headers["content-length"] == str(len(of_get[2]))

    def test_a_connection_goes_on_behind_it(self, served: Estate) -> None:
        got = exchanged(served, GOOD.replace(b"GET", b"HEAD") + LAST)
        assert got.count(b"HTTP/1.1 200 OK\r\n") == 2
        assert got.count(b'"msg":"pong"') == 1

    @pytest.mark.parametrize(
        "name",
        [
            "users.get_vaults",
            "users.get_current_user",
            "users.get_all",
            "auth.get_credentials",
            "server.info",
            "server.endpoints",
            "queues.get_all",
            "nothing",
        ],
    )
    def test_whatever_only_reads_answers_head_as_get(self, served: Estate, name: str) -> None:
        issued = served.admin.create_credentials(served.admin.actor)
        token = exchanged_token(served, (issued.access_key, issued.secret_key))
        for shown in (token, ""):
            status, headers, body = asked(served, "HEAD", f"/{name}", token=shown)
            of_get = asked(served, "GET", f"/{name}", token=shown)
            assert (status, body) == (of_get[0], b"")
            assert {**headers, "date": ""} == {**of_get[1], "date": ""}

    @pytest.mark.parametrize("name", ["create", "edit", "revoke"])
    def test_what_changes_something_is_not_asked_for_by_head(
        self, served: Estate, name: str
    ) -> None:
        issued = served.admin.create_credentials(served.admin.actor)
        token = exchanged_token(served, (issued.access_key, issued.secret_key))
        before = len(served.seen_anew().user_details(served.admin.actor).credentials or ())
        path = f"/auth.{name}_credentials?access_key={issued.access_key}&label=x"
        assert asked(served, "HEAD", path, token=token)[::2] == (405, b"")
        assert asked(served, "HEAD", "/auth.logout", token=token)[::2] == (405, b"")
        assert asked(served, "HEAD", "/auth.login", (issued.access_key, "x"))[::2] == (405, b"")
        after = served.seen_anew().user_details(served.admin.actor).credentials or ()
        assert len(after) == before
        assert asked(served, "GET", "/users.get_current_user", token=token)[0] == 200

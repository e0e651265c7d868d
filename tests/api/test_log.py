"""The log: each line has a time and all its fields, whatever was sent; lines alike are counted."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.log import ALIKE_WITHIN, MOST_ALIKE, Log, Logged, LogHandler, shown_path, tell
from store.credential_views import IssuedCredential
from store.minting import Mint
from tests.api import logged
from tests.api.caller import Caller, Seconds, keys_of
from tests.api.wire import exchanged
from tests.clients.serving import Estate, estate
from tests.effort import effort

LONGEST = 200
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["-", "", " ", "a b", 'say "no"', "a\\", "\\u0041", "member=x", "a\n2026-01-01T00:00:00Z b"]
)
NAMES = st.sampled_from(["problem", "member", "agent", "link", "waited"])


def cut(text: str) -> str:
    """What is said of a text."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


@given(TEXTS | st.text(min_size=150, max_size=300), TEXTS, st.dictionaries(NAMES, TEXTS))
def test_whatever_is_in_the_fields_a_line_reads_as_them(
    path: str, method: str, told: dict[str, str]
) -> None:
    lines: list[str] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        tell(scope, subcode=7, **told)
        await send({"type": "http.response.start", "status": 418})

    async def nothing(*_: Any) -> None:
        return None

    scope = {"type": "http", "method": method, "path": path, "client": ("192.0.2.7", 1)}
    asyncio.run(Logged(app, Log(lines.append))(scope, nothing, nothing))  # type: ignore[arg-type]
    (line,) = lines
    got = logged.read(line)
    assert (got.address, got.status) == ("192.0.2.7", "418/7")
    assert (got.method, got.path) == (cut(method), cut(shown_path(path)))
    assert got.took
    assert got.took.endswith("ms")
    assert got.told == {name: cut(value) for name, value in told.items() if value}


@pytest.mark.parametrize("told", [{}, {"subcode": 0, "problem": "gone"}])
def test_the_status_of_what_was_not_answered_is_not_known(told: dict[str, Any]) -> None:
    lines: list[str] = []
    scope = {"type": "http", "method": "GET", "path": "/a", "client": ("192.0.2.7", 1)}
    Log(lines.append).request(scope, 0, 1.0, dict(told))
    (line,) = lines
    assert logged.read(line).status is None
    assert " /a - 1.0ms" in line


class TestOverARealSocket:
    @pytest.fixture(scope="class")
    def served(self, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
        """A workspace that is served."""
        with estate(tmp_path_factory.mktemp("estate"), limits={"farewell": 0.1}) as made:
            yield made

    def line_of(self, served: Estate, sent: bytes) -> logged.Logged:
        """What the one line says that comes of some bytes."""
        before = len(served.lines)
        exchanged(served, sent)
        deadline = time.monotonic() + 20
        while len(served.lines) == before:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        (line,) = served.lines[before:]
        return logged.read(line)

    # Fewer than are written of one kind.
    @given(
        st.lists(st.integers(0, 255).map("%{:02x}".format) | st.sampled_from("a/ =-."), max_size=9)
    )
    @settings(max_examples=min(80, effort(80)), deadline=None)
    def test_any_path(self, served: Estate, steps: list[str]) -> None:
        target = "/" + "".join(steps).replace(" ", "%20")
        request = f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        got = self.line_of(served, request.encode())
        assert (got.method, got.path) == ("GET", shown_path(unquote(target)))
        assert got.address == "127.0.0.1"
        assert got.status in ("400/0", "404/0")

    @pytest.mark.parametrize(
        "link",
        [
            "/join/{}",
            "/JOIN//{}/x",
            "/join{}",
            "/join%2F{}",
            "/join%252f{}%252e",
            "/api.join/{}",
            "/{}",
            "//host/join?/{}",
            "http://a/join/{}",
            "http://a/{}",
        ],
    )
    def test_no_secret_of_a_link_however_mangled(self, served: Estate, link: str) -> None:
        secret = Mint().new_token()
        target = link.format(secret)
        got = self.line_of(
            served, f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
        )
        assert got.method == "GET"
        assert secret not in served.log.read_text()

    @given(st.binary(min_size=1, max_size=60))
    @settings(max_examples=min(60, effort(60)), deadline=None)
    def test_any_bytes(self, served: Estate, sent: bytes) -> None:
        got = self.line_of(served, sent.replace(b"\r\n\r\n", b"") + b"\r\n: \r\n\r\n")
        assert (got.address, got.method, got.path) == ("127.0.0.1", None, None)
        assert got.status == "400/0"
        assert got.told == {"problem": "sent what is no HTTP"}


def test_of_many_lines_alike_the_first_are_written_and_the_others_counted() -> None:
    lines: list[str] = []
    now = Seconds()
    log = Log(lines.append, now=now)
    for _ in range(MOST_ALIKE + 1_204):
        log.note("sent what is no HTTP", "192.0.2.7")
    log.note("another thing", "192.0.2.7")
    assert len(lines) == MOST_ALIKE + 1
    log.settle()
    assert len(lines) == MOST_ALIKE + 1
    now.now = ALIKE_WITHIN
    log.settle()
    log.settle(at_end=True)
    (more,) = lines[MOST_ALIKE + 1 :]
    assert logged.read(more).told == {
        "problem": "sent what is no HTTP",
        "note": "… 1,204 more like it",
    }
    log.note("sent what is no HTTP", "192.0.2.7")
    assert len(lines) == MOST_ALIKE + 3


def test_calls_of_anybody_are_bounded_and_those_of_members_are_all_written(
    caller: Caller, ada: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(ada))
    for _ in range(MOST_ALIKE + 20):
        caller("queues.get_all")
        caller("debug.ping")
        caller("users.get_current_user", token=token)
    paths = [logged.read(line).path for line in caller.lines]
    assert paths.count("/queues.get_all") == paths.count("/debug.ping") == MOST_ALIKE
    assert paths.count("/users.get_current_user") == MOST_ALIKE + 20


def test_what_libraries_log_has_a_time_and_is_a_line_for_each_of_its_trace() -> None:
    lines: list[str] = []
    logger = logging.getLogger("tests.api.a_library")
    logger.propagate = False
    logger.addHandler(LogHandler(Log(lines.append)))
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logger.exception("It went\nwrong: %s", 'by "this"')
    told = [logged.read(line).told for line in lines]
    assert told[0] == {"problem": 'It went\nwrong: by "this"'}
    assert told[1] == {"trace": "Traceback (most recent call last):"}
    assert told[-1] == {"trace": "lines"}
    lines.clear()
    for _ in range(10_000):
        logger.error("again")
    assert len(lines) <= MOST_ALIKE

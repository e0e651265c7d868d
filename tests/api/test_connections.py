"""Connections that keep the server waiting are closed, and stand in nobody's way meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.limits import ConnectionLimits
from store.models import User
from store.persistence.folder import LOCK_FILE
from store.persistence.lock import StoreLock
from store.terms import USERS_TABLE
from tests.api.caller import basic, keys_of
from tests.api.logged import read
from tests.api.visitor import path_of
from tests.api.wire import GOOD, HALF_BODY, HALF_HEAD, LAST, PATIENCE, PING, POST, Wire, exchanged
from tests.clients.serving import Estate, estate, invited_now
from tests.store.keyring import put

HEAD, BODY, IDLE, TAKING, LEFTOVER = 1.5, 1.2, 2.5, 1.5, 1.4
LIMITS = {"head": HEAD, "body": BODY, "idle": IDLE, "taking": TAKING, "leftover": LEFTOVER}
# What a busy machine may add.
LATE = 4
# What is answered with much more.
PAGE = b"GET /join/nothing HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A workspace that is served with short limits, for all tests here that change none."""
    with estate(tmp_path_factory.mktemp("estate"), limits=LIMITS) as made:
        yield made


@contextlib.contextmanager
def locked(served: Estate) -> Iterator[None]:
    """Nobody can write to the store for as long as the block."""
    with StoreLock(served.house.folder / LOCK_FILE).held():
        yield


def joining(served: Estate, name: str) -> bytes:
    """A request that has to write to the store."""
    link = invited_now(served, name, f"{name.lower()}@acme.example")
    form = b"name=" + name.encode()
    return (
        f"POST {path_of(link)} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(form)}\r\n\r\n".encode()
        + form
    )


def problems(served: Estate) -> list[str]:
    """The problems that its lines tell of."""
    return [read(line).told.get("problem", "") for line in served.lines[1:]]


def wait_for_problem(served: Estate, problem: str) -> None:
    """Wait until a line tells of a problem, which may be after the connection was closed."""
    deadline = time.monotonic() + LATE
    while problem not in problems(served):
        assert time.monotonic() < deadline, served.lines
        time.sleep(0.02)


def is_answered(served: Estate, source: str = "") -> bool:
    """Whether somebody else is, at once."""
    wire = Wire(served, LAST, source=source)
    wire.socket.settimeout(3)
    try:
        return wire.rest().startswith(b"HTTP/1.1 200 OK\r\n")
    finally:
        wire.close()


def test_the_limits_are_those_that_the_manual_tells() -> None:
    usual = ConnectionLimits()
    assert (usual.head, usual.most_head, usual.body, usual.idle) == (10, 32 * 1024, 30, 75)
    assert (usual.taking, usual.ending, usual.most) == (30, 6, None)


def signed_in(served: Estate) -> str:
    """What is shown at a call in the administrator's name."""
    issued = served.admin.create_credentials(served.admin.actor)
    answer = exchanged(served, last("auth.login", basic(*keys_of(issued))))
    return "Bearer " + str(json.loads(answer.partition(b"\r\n\r\n")[2])["data"]["token"])


def last(name: str, shown: str) -> bytes:
    """A call after which the connection is closed."""
    head = f"GET /{name} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: {shown}"
    return f"{head}\r\n\r\n".encode()


def memory(served: Estate) -> int:
    """How much memory the process has, in MB."""
    status = Path(f"/proc/{served.process.pid}/status")
    if not status.exists():
        pytest.skip("There is no /proc here.")
    (line,) = (one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


class TestTime:
    @pytest.mark.parametrize("sent", [b"", b"G", HALF_HEAD, GOOD[:-2]])
    def test_a_head_that_does_not_end(self, served: Estate, sent: bytes) -> None:
        assert HEAD - 0.2 < Wire(served, sent).closed_after() < HEAD + LATE
        wait_for_problem(served, f"sent no whole head of a request in {HEAD:g} s")

    def test_a_head_that_comes_in_drops(self, served: Estate) -> None:
        wire, began = Wire(served), time.monotonic()
        with contextlib.suppress(ConnectionError):
            for one in HALF_HEAD + b"a" * 1_000:
                wire.send(bytes([one]))
                time.sleep(0.05)
        assert HEAD - 0.2 < time.monotonic() - began < HEAD + LATE

    @pytest.mark.parametrize(
        "sent", [HALF_BODY, POST + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"]
    )
    def test_a_body_that_does_not_end(self, served: Estate, sent: bytes) -> None:
        assert BODY - 0.2 < Wire(served, sent).closed_after() < BODY + LATE
        wait_for_problem(served, f"sent nothing of a body for {BODY:g} s")

    def test_a_body_that_comes_slowly_is_waited_for(self, served: Estate) -> None:
        wire = Wire(served, POST + b"Content-Length: 8\r\n\r\n")
        for one in b'{"a": 1}':
            time.sleep(BODY / 3)
            wire.send(bytes([one]))
        assert wire.answer().startswith(b"HTTP/1.1 200 OK\r\n")
        wire.close()

    def test_a_connection_that_asks_for_nothing_more(self, served: Estate) -> None:
        wire = Wire(served, GOOD)
        assert wire.answer()
        # Longer than a head may take: between requests there is none.
        time.sleep(HEAD + 0.2)
        wire.send(GOOD)
        assert wire.answer()
        assert IDLE - 0.2 < wire.closed_after() < IDLE + LATE

    def test_a_connection_is_kept_until_then(self, tmp_path: Path) -> None:
        # Longer than servers keep one that are not told.
        with estate(tmp_path, limits={"idle": 8}) as served:
            wire = Wire(served, GOOD)
            assert wire.answer()
            time.sleep(7)
            wire.send(GOOD)
            assert wire.answer()
            wire.close()

    def test_the_rest_of_a_body_that_was_answered_already(self, served: Estate) -> None:
        wire = Wire(
            served, b"POST /users.get_all HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"
        )
        assert wire.answer().startswith(b"HTTP/1.1 401 ")
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                wire.send(b"x")
                time.sleep(0.05)
        assert LEFTOVER - 0.2 < time.monotonic() - began < LEFTOVER + LATE

    def test_a_connection_whose_body_was_not_needed_is_not_kept_for_ever(
        self, served: Estate
    ) -> None:
        wire = Wire(served, b"POST /users.get_all HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
        assert wire.answer().startswith(b"HTTP/1.1 401 ")
        wire.send(b"{ }")
        assert IDLE - 0.2 < wire.closed_after() < IDLE + LATE

    def test_answers_that_nobody_takes(self, served: Estate) -> None:
        wire = Wire(served, window=4096)
        began = time.monotonic()
        with contextlib.suppress(ConnectionError):
            # More than all buffers between hold.
            for _ in range(100):
                wire.send(PAGE * 1_000)
        assert time.monotonic() - began < PATIENCE
        wait_for_problem(served, f"took nothing of an answer for {TAKING:g} s")

    def test_answers_that_are_taken_slowly_all_come(self, served: Estate) -> None:
        wire = Wire(served, window=4096)
        slowly, count = time.monotonic() + 3 * TAKING, 1_500
        sending = threading.Thread(target=wire.send, args=(PAGE * count,))
        sending.start()
        got = b""
        while got.count(b"HTTP/1.1 404 ") < count and (more := wire.more(20_000)):
            got += more
            time.sleep(0.02 if time.monotonic() < slowly else 0)
        sending.join()
        assert got.count(b"HTTP/1.1 404 ") == count
        wire.close()


class TestMany:
    @pytest.mark.parametrize("request_", [PAGE, GOOD])
    def test_whoever_asks_for_more_than_they_take_makes_way(
        self, tmp_path: Path, request_: bytes
    ) -> None:
        with estate(tmp_path, limits={"most": 6}) as served:
            greedy = [Wire(served, source="127.0.0.2", window=4096) for _ in range(6)]
            for wire in greedy:
                wire.socket.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        wire.socket.send(request_ * 1_000)
            # At work, and later at work no more, for nobody takes what is answered.
            for _ in range(12):
                assert is_answered(served)
                time.sleep(0.1)

    def test_whoever_takes_nothing_of_a_last_answer_makes_way(self, tmp_path: Path) -> None:
        with estate(tmp_path, limits={"most": 3}) as served:
            ids = (f"{number:032x}" for number in range(20_000))
            users = (User(id=key, email=f"{key}@acme.example", status="Active") for key in ids)
            put(served.house, USERS_TABLE, *(user.document() for user in users))
            call = last("users.get_all", signed_in(served))
            taking = [Wire(served, call, source="127.0.0.2", window=4096) for _ in range(3)]
            # Their answers have begun, and most of them is not taken.
            assert all(wire.more(100) for wire in taking)
            for _ in range(5):
                assert is_answered(served)

    def test_answers_that_nobody_takes_and_half_bodies_fill_no_memory(self, tmp_path: Path) -> None:
        with estate(tmp_path, limits={"most_kept": 8 * 1024 * 1024}) as served:
            ids = (f"{number:032x}" for number in range(10_000))
            users = (User(id=key, email=f"{key}@acme.example", status="Active") for key in ids)
            put(served.house, USERS_TABLE, *(user.document() for user in users))
            shown = signed_in(served)
            call = last("users.get_all", shown)
            head = f"POST /users.get_all HTTP/1.1\r\nHost: a\r\nAuthorization: {shown}\r\n"
            body = head.encode() + b"Content-Length: 1048576\r\n\r\n" + b" " * 1_000_000
            assert exchanged(served, call)
            before = memory(served)
            held = []
            for number in range(120):
                sent, source = (call, body)[number % 2], f"127.0.0.{2 + number % 2}"
                with contextlib.suppress(ConnectionError):
                    held.append(Wire(served, sent, source=source, window=4096))
            assert exchanged(served, call)
            # Sixty answers and sixty bodies would be 240.
            assert memory(served) - before < 100
            assert "made way for other connections" in problems(served)

    def test_whoever_holds_too_many_closes_their_own(self, tmp_path: Path) -> None:
        with estate(tmp_path, descriptors=100) as served:
            held = []
            for number in range(300):
                with contextlib.suppress(ConnectionError):
                    held.append(Wire(served, (b"", HALF_HEAD, HALF_BODY)[number % 3]))
                if number % 10 == 0:
                    assert is_answered(served), number
            # Three quarters of a hundred, of which others had the one or other.
            assert 60 <= sum(wire.is_open() for wire in held) <= 75
            assert "made way for other connections" in problems(served)
            assert len(served.lines) < 250
            assert served.close() == 0
            said = [read(line) for line in served.lines[1:]]
        assert any("more like it" in one.told.get("note", "") for one in said)

    def test_a_flood_from_one_address_closes_no_others(self, tmp_path: Path) -> None:
        with estate(tmp_path, descriptors=100) as served:
            kept = [Wire(served, GOOD, source="127.0.0.3") for _ in range(5)]
            half = Wire(served, HALF_BODY, source="127.0.0.5")
            assert all(wire.answer() for wire in kept)
            flood = []
            for _ in range(200):
                with contextlib.suppress(ConnectionError):
                    flood.append(Wire(served, HALF_HEAD, source="127.0.0.2"))
            assert all(wire.is_open() for wire in kept)
            for wire in kept:
                wire.send(GOOD)
                assert wire.answer().startswith(b"HTTP/1.1 200 OK\r\n")
            half.send(b" " * 7 + b"}")
            assert half.answer().startswith(b"HTTP/1.1 200 OK\r\n")

    def test_a_proxy_that_is_trusted_holds_what_it_has(self, tmp_path: Path) -> None:
        with estate(tmp_path, "--trusted-proxy", "127.0.0.4", descriptors=100) as served:
            proxied = [Wire(served, GOOD, source="127.0.0.4") for _ in range(50)]
            assert all(wire.answer() for wire in proxied)
            for number in range(100):
                with contextlib.suppress(ConnectionError):
                    Wire(served, HALF_HEAD, source=f"127.0.1.{number}")
            assert all(wire.is_open() for wire in proxied)
            # Where there are none but its own, one of these makes way.
            proxied += [Wire(served, GOOD, source="127.0.0.4") for _ in range(60)]
            assert is_answered(served, source="127.0.0.4")

    def test_where_all_are_at_work_a_client_is_told_to_come_again(self, tmp_path: Path) -> None:
        with estate(tmp_path, limits={"most": 2}) as served:
            requests = [joining(served, name) for name in ("Pia", "Quy")]
            with locked(served):
                working = [Wire(served, request) for request in requests]
                time.sleep(0.5)
                got = Wire(served).rest()
            assert got.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            assert b"\r\nretry-after: 5\r\n" in got
            assert all(wire.answer().startswith(b"HTTP/1.1 200 ") for wire in working)
            assert is_answered(served)

    def test_no_descriptors_at_all_are_no_flood_of_lines(self, tmp_path: Path) -> None:
        with estate(tmp_path, limits={"most": 1000, "head": 2}, descriptors=60) as served:
            held = [Wire(served) for _ in range(100)]
            time.sleep(3)
            assert any("Too many open files" in one for one in problems(served))
            assert len(served.lines) < 250
            for wire in held:
                wire.close()
            deadline = time.monotonic() + 10
            while not is_answered(served):
                assert time.monotonic() < deadline
            assert served.close() == 0
            assert "Traceback" not in "\n".join(served.lines)

    def test_more_requests_at_once_than_are_answered_take_no_memory(self, served: Estate) -> None:
        wire = Wire(served, GOOD * 3_000 + LAST)
        assert wire.rest().count(b"HTTP/1.1 200 OK\r\n") == 3_001
        wire.close()


class TestAddresses:
    def test_version_6(self, tmp_path: Path) -> None:
        with estate(tmp_path, "--host", "::1", limits=LIMITS) as served:
            assert exchanged(served, LAST).startswith(b"HTTP/1.1 200 OK\r\n")
            Wire(served, HALF_HEAD).closed_after()
            said = [read(line) for line in served.lines[1:]]
            assert [one.address for one in said] == ["::1", "::1"]


class TestTheEnd:
    """Each with a server of its own."""

    def test_calls_are_answered_and_all_else_is_closed_at_once(self, tmp_path: Path) -> None:
        with estate(tmp_path) as served:
            request = joining(served, "Pia")
            waiting = [Wire(served, sent) for sent in (b"", HALF_HEAD, HALF_BODY, GOOD)]
            assert waiting[-1].answer()
            silent = Wire(served, PAGE * 5_000, window=4096)
            with locked(served):
                working = Wire(served, request)
                time.sleep(0.5)
                served.process.send_signal(signal.SIGTERM)
                began = time.monotonic()
                for wire in waiting:
                    assert wire.closed_after() < LATE
                assert time.monotonic() - began < LATE
                assert served.process.poll() is None
            assert working.answer().startswith(b"HTTP/1.1 200 ")
            silent.close()
            assert served.process.wait(10) == 0
            for line in served.lines[1:]:
                read(line)

    def test_calls_that_cannot_be_answered_are_given_up(self, tmp_path: Path) -> None:
        with estate(tmp_path, limits={"ending": 1}) as served:
            request = joining(served, "Pia")
            with locked(served):
                working = Wire(served, request)
                silent = Wire(served, PAGE * 5_000, window=4096)
                time.sleep(0.5)
                served.process.send_signal(signal.SIGTERM)
                assert served.process.wait(10) == 0
            assert working.rest() == b""
            silent.close()
            told = problems(served)
            assert "ended with calls unanswered: 1" in told
            assert "Traceback" not in "\n".join(served.lines)

    def test_whoever_asks_twice_does_not_wait(self, tmp_path: Path) -> None:
        with estate(tmp_path) as served:
            request = joining(served, "Pia")
            with locked(served):
                working = Wire(served, request)
                time.sleep(0.5)
                served.process.send_signal(signal.SIGTERM)
                time.sleep(0.5)
                assert served.process.poll() is None
                began = time.monotonic()
                served.process.send_signal(signal.SIGTERM)
                assert served.process.wait(10) == 0
                assert time.monotonic() - began < LATE
            working.close()
            assert "Traceback" not in "\n".join(served.lines)

    def test_five_hundred_connections_do_not_hold_it_up(self, tmp_path: Path) -> None:
        with estate(tmp_path) as served:
            held = [Wire(served, (b"", HALF_HEAD, HALF_BODY)[n % 3]) for n in range(500)]
            assert is_answered(served)
            began = time.monotonic()
            assert served.close() == 0
            assert time.monotonic() - began < LATE
            for wire in held:
                wire.close()
            assert "Traceback" not in "\n".join(served.lines)


def test_a_descriptor_is_given_back_for_each_connection_that_was_closed(served: Estate) -> None:
    folder = Path(f"/proc/{served.process.pid}/fd")
    if not folder.exists():
        pytest.skip("There is no /proc here.")
    before = len(os.listdir(folder))
    for sent in (b"", HALF_HEAD, HALF_BODY, GOOD, b"\x16\x03\x01\r\n\r\n", PING):
        wires = [Wire(served, sent) for _ in range(20)]
        for wire in wires:
            wire.rest()
            wire.close()
    assert len(os.listdir(folder)) <= before

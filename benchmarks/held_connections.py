"""How long calls take beside 500 connections that are idle or never finish, against beside none.

Run it from the repository's root: `python -m benchmarks.held_connections`. Two servers over
one store answer call by call in turns, one of them with such connections, and change their parts
five times. The connections are held by another address than calls come from, and by the same one;
servers that may have 1,024 descriptors have room for them, those that may have 200 do not. A call
that takes longer than five seconds counts as one that has timed out.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import resource
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from benchmarks.endpoint import Request, Server, ask, server, sign_in_with, vaults_with
from benchmarks.sign_ins import Keys, _add_credentials
from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.persistence.store import Store
from store.workspace import Workspace

MEMBERS, HELD = 1_000, 500
TURNS, CALLS, NEW = 5, 600, 200
TIMED_OUT = 5.0
USUAL_DESCRIPTORS, FEW_DESCRIPTORS = 1024, 200
WANTED = "1.2 / 2"

_PING = b"GET /debug.ping HTTP/1.1\r\nHost: a\r\n"
_IDLE = _PING + b"\r\n"
# Half a head, half a body, and nothing.
_HALF = (
    _PING + b"X: ",
    b"POST /debug.ping HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{",
    b"",
)


@contextlib.contextmanager
def held(port: int, source: str) -> Iterator[None]:
    """500 connections for as long as the block: two fifths idle, the others half-sent or silent."""
    connections = []
    for number in range(HELD):
        connection = socket.create_connection(("127.0.0.1", port), 5, (source, 0))
        connections.append(connection)
        with contextlib.suppress(OSError):
            if number % 5 < 2:
                connection.sendall(_IDLE)
                connection.recv(4096)
            else:
                connection.sendall(_HALF[number % 5 - 2])
    try:
        yield
    finally:
        for connection in connections:
            connection.close()


def milliseconds(connection: http.client.HTTPConnection, request: Request) -> float:
    """How long a call takes; for ever, where it times out."""
    began = time.perf_counter()
    try:
        ask(connection, request)
    except (OSError, http.client.HTTPException):
        connection.close()
        return float("inf")
    return (time.perf_counter() - began) * 1000


def calls(ports: tuple[int, int], request: Request, is_kept: bool) -> tuple[list[float], ...]:
    """How long calls to two servers take in turns, on a connection each or each on a new one."""
    found: tuple[list[float], list[float]] = ([], [])
    connections = [http.client.HTTPConnection("127.0.0.1", one, timeout=TIMED_OUT) for one in ports]
    for connection in connections:
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(CALLS if is_kept else NEW):
        for times, connection in zip(found, connections, strict=True):
            if not is_kept:
                connection.close()
            times.append(milliseconds(connection, request))
    for connection in connections:
        connection.close()
    return found


def measure(servers: tuple[Server, Server], request: Request, source: str) -> None:
    """Print the ratios of calls beside held connections to those beside none."""
    ports = tuple(one.connection.port for one in servers)
    ratios: dict[str, list[tuple[float, float]]] = {"kept": [], "new": []}
    timed_out = 0
    for turn in range(TURNS):
        # The servers change their parts.
        here, there = ports if turn % 2 else reversed(ports)
        for name, found in ratios.items():
            with held(here, source):
                beside, without = calls((here, there), request, name == "kept")
            timed_out += beside.count(float("inf"))
            found.append(
                (median(beside) / median(without), _percentile(beside) / _percentile(without))
            )
    for name, found in ratios.items():
        p50, p95 = (median(column) for column in zip(*found, strict=True))
        print(f"{name:<6}{p50:>8.2f}{p95:>8.2f}   {WANTED}   {source}")
    print(f"timed out: {timed_out}; lines of the logs that are no call's: {_others(*servers)}")


def _percentile(found: list[float]) -> float:
    return quantiles(found, n=20)[-1]


def _others(*servers: Server) -> int:
    return sum(b" - - - " in line for one in servers for line in one.lines)


@contextlib.contextmanager
def serving(path: Path, descriptors: int) -> Iterator[Server]:
    """A server that may have so many descriptors, for as long as the block."""
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, usual[1]))
    with server("-m", "cli", "serve", "--store", path, "--port", "0") as made:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)
        yield made


def main() -> None:
    """Measure, and print what is wanted beside."""
    with tempfile.TemporaryDirectory() as scratch:
        path = workspace_of(MEMBERS, Path(scratch))
        store = Store(path)
        keys: Keys = _add_credentials(store, 10)[0]
        workspace = Workspace.open(store, who=ADMINISTRATOR)
        workspace.close()
        print(f"{'calls':<6}{'p50':>8}{'p95':>8}   wanted    held by")
        for most in (USUAL_DESCRIPTORS, FEW_DESCRIPTORS):
            print(f"of {most:,} descriptors")
            with serving(path, most) as one, serving(path, most) as other:
                token = json.loads(ask(one.connection, sign_in_with(keys)))["data"]["token"]
                one.connection.close()
                other.connection.close()
                for source in ("127.0.0.2", "127.0.0.1"):
                    measure((one, other), vaults_with(token), source)


if __name__ == "__main__":
    main()

"""What the endpoint answers in a second, against the same server answering a constant.

Run it from the repository's root: `python -m benchmarks.endpoint`. Two servers in processes of
their own take turns: the endpoint over 10,000 members and 20,000 credentials, and the same stack
with one constant answer. The same client calls both, over connections that are kept. All have
joined and signed in once before. Then changes are committed meanwhile: calls that waited for a
newer store, which the server tells in their lines, are told apart from the others.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.sign_ins import Keys, _add_credentials
from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.operations.workspace_settings import SettingsEdit
from store.persistence.store import Store
from store.terms import ACTIVE, CREDENTIALS_TABLE, USERS_TABLE
from store.workspace import Workspace

MEMBERS, CREDENTIALS = 10_000, 20_000
TURNS, CALLS_IN_A_TURN = 9, 400
WANTED = {"auth.login": 0.3, "users.get_vaults": 0.4}

CONSTANT = """
import sys, asyncio, socket, uvicorn
from starlette.responses import Response
from starlette.routing import Route, Router
async def constant(request):
    await request.body()
    return Response(b'{"meta": {}, "data": {}}' * 12, media_type="application/json")
listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print("at http://127.0.0.1:%d" % listener.getsockname()[1], file=sys.stderr, flush=True)
app = Router([Route("/{path:path}", constant)])
config = uvicorn.Config(app, http="h11", loop="asyncio", ws="none", lifespan="off",
                        log_config=None, access_log=False, timeout_keep_alive=600)
asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
"""

Request = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        connection: A connection to it.
        lines: What it has said since it began to answer.
    """

    connection: http.client.HTTPConnection
    lines: list[bytes]


@contextmanager
def server(*command: str | Path) -> Iterator[Server]:
    """A server that runs for as long as the block."""
    process = subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE)
    assert process.stderr
    port = int(process.stderr.readline().rpartition(b":")[2])
    lines: list[bytes] = []
    reader = threading.Thread(target=lines.extend, args=(process.stderr,), daemon=True)
    reader.start()
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield Server(connection, lines)
    finally:
        connection.close()
        process.terminate()
        process.wait()


def ask(connection: http.client.HTTPConnection, request: Request) -> bytes:
    """The body of an answer."""
    path, headers = request
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return body


def sign_in_with(keys: Keys) -> Request:
    """A sign-in."""
    shown = base64.b64encode(":".join(keys).encode()).decode()
    return "/auth.login", {"Authorization": f"Basic {shown}"}


def vaults_with(token: str) -> Request:
    """A call for vaults."""
    path = "/v2.31/users.get_vaults?enabled=true&types=config&types=config"
    return path, {"Authorization": f"Bearer {token}"}


def per_second(connection: http.client.HTTPConnection, requests: Sequence[Request]) -> float:
    """How many of these calls are answered in a second."""
    began = time.perf_counter()
    for request in requests:
        ask(connection, request)
    return len(requests) / (time.perf_counter() - began)


def compare(
    ours: http.client.HTTPConnection,
    constant: http.client.HTTPConnection,
    chosen: Callable[[], list[Request]],
) -> tuple[float, float]:
    """The medians per second of both, in turns, after one of each that does not count."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS + 1):
        requests = chosen()
        for rates, connection in zip(found, (ours, constant), strict=True):
            rate = per_second(connection, requests)
            if turn:
                rates.append(rate)
    return median(found[0]), median(found[1])


def latencies(ours: Server, requests: Sequence[Request]) -> tuple[list[float], list[float]]:
    """How long calls take in milliseconds: those that waited for nothing, and those that did."""
    found: tuple[list[float], list[float]] = ([], [])
    for request in requests:
        before, began = len(ours.lines), time.perf_counter()
        ask(ours.connection, request)
        took = (time.perf_counter() - began) * 1000
        while len(ours.lines) == before:
            # Its line is written after the answer, and read by another thread.
            time.sleep(0)
        found[b" waited=" in ours.lines[-1]].append(took)
    return found


@contextmanager
def committing(workspace: Workspace, each: float) -> Iterator[None]:
    """Commit a change again and again for as long as the block."""
    ended = threading.Event()

    def run() -> None:
        number = 0
        while not ended.wait(each):
            number += 1
            now = workspace.settings()
            workspace.edit_settings(
                SettingsEdit(
                    now.revision,
                    f"Acme {number}",
                    None,
                    None,
                    now.web_url,
                    now.api_url,
                    now.files_url,
                )
            )

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def main() -> None:
    """Measure, and print tables with what is wanted beside."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as scratch:
        path = workspace_of(MEMBERS, Path(scratch))
        store = Store(path)
        keys = _add_credentials(store, CREDENTIALS)
        workspace = Workspace.open(store, who=ADMINISTRATOR)
        group = workspace.choosable_groups()[0].id
        workspace.add_administrator_vault("GPU pool", [group], "agent { a = 1 }", "hocon", True)
        with (
            server("-m", "cli", "serve", "--store", path, "--port", "0") as ours,
            server("-c", CONSTANT) as constant,
        ):
            users = store.state.table(USERS_TABLE)
            owners = store.state.table(CREDENTIALS_TABLE)
            active = [pair for pair in keys if users[owners[pair[0]]["member"]]["status"] == ACTIVE]
            few = chance.sample(active, 1_000)
            sign_ins = [sign_in_with(pair) for pair in few]
            answers = [json.loads(ask(ours.connection, sign_in)) for sign_in in sign_ins]
            calls = {
                "auth.login": sign_ins,
                "users.get_vaults": [vaults_with(one["data"]["token"]) for one in answers],
            }
            print(f"{'medians per second':<20}{'ours':>8}{'constant':>10}{'ratio':>7}   wanted")
            for name, requests in calls.items():
                chosen = lambda requests=requests: chance.choices(requests, k=CALLS_IN_A_TURN)  # noqa: E731
                mine, its = compare(ours.connection, constant.connection, chosen)
                print(f"{name:<20}{mine:>8,.0f}{its:>10,.0f}{mine / its:>7.2f}   {WANTED[name]}")
            some = chance.choices(calls["users.get_vaults"], k=4_000)
            print(f"{'ms for get_vaults':<32}{'calls':>6}{'median':>8}{'p99':>8}{'longest':>9}")
            _tell("nothing is committed", latencies(ours, some)[0])
            with committing(workspace, 0.5):
                answered, waited = latencies(ours, some)
            _tell("two commits a second", answered)
            _tell("those that waited for a reload", waited)
        workspace.close()


def _tell(what: str, found: list[float]) -> None:
    p99 = quantiles(found, n=100, method="inclusive")[98]
    print(f"{what:<32}{len(found):>6}{median(found):>8.2f}{p99:>8.2f}{max(found):>9.2f}")


if __name__ == "__main__":
    main()

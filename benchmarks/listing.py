"""How long a call takes while somebody asks for all members again and again, against without.

Run it from the repository's root: `python -m benchmarks.listing`. One server over 10,000 members
is called by one client, and in turns a process of its own asks the same server for `users.get_all`:
without a page, in pages, and in ways that nobody has asked in before. The p99 beside it is judged
by the p99 without.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from benchmarks.endpoint import Request, ask, server, sign_in_with, vaults_with
from benchmarks.sign_ins import _add_credentials
from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.persistence.store import Store
from store.terms import ACTIVE, CREDENTIALS_TABLE, USERS_TABLE
from store.workspace import Workspace

MEMBERS, TURNS, CALLS_IN_A_TURN = 10_000, 5, 600
# What somebody else asks for, over and over; `{}` is a number that is never the same.
ASKED = {
    "all": "",
    "pages of 500": "?page_size=500&page=7",
    "pages in an order": "?page_size=500&page=7&order_by=-created",
    "all, by a new pattern": "?name=a{}%7Ce",
    "all, in an order": "?order_by=name&only_fields=name",
}
WANTED = 2

ASKING = """
import http.client, sys, time
host, token, path = sys.argv[1:]
connection, number, longest = http.client.HTTPConnection(host), 0, 0.0
print("asks", flush=True)
while True:
    number += 1
    connection.request("GET", "/users.get_all" + path.replace("{}", str(number)),
                       headers={"Authorization": "Bearer " + token})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
"""


@contextmanager
def asking(host: str, token: str, path: str) -> Iterator[None]:
    """Have somebody else ask for members for as long as the block."""
    command = [sys.executable, "-c", ASKING, host, token, path]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def p99_of(ask_one: Sequence[float]) -> float:
    """The time within which ninety-nine of a hundred are answered."""
    return quantiles(ask_one, n=100, method="inclusive")[98]


def main() -> None:
    """Measure, and print a table with what is wanted beside."""
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(workspace_of(MEMBERS, Path(scratch)))
        keys = _add_credentials(store, 1_000)
        workspace = Workspace.open(store, who=ADMINISTRATOR)
        with server("-m", "cli", "serve", "--store", store.path, "--port", "0") as ours:
            users = store.state.table(USERS_TABLE)
            owners = store.state.table(CREDENTIALS_TABLE)
            active = [pair for pair in keys if users[owners[pair[0]]["member"]]["status"] == ACTIVE]
            signed_in = [sign_in_with(pair) for pair in chance.sample(active, 100)]
            answers = [json.loads(ask(ours.connection, one)) for one in signed_in]
            calls = [vaults_with(one["data"]["token"]) for one in answers]
            host = f"{ours.connection.host}:{ours.connection.port}"
            token = str(answers[0]["data"]["token"])

            def p99() -> float:
                took = []
                for call in chance.choices(calls, k=CALLS_IN_A_TURN):
                    took.append(_milliseconds(ours.connection, call))
                return p99_of(took)

            p99()
            print(f"{'p99 of users.get_vaults in ms':<32}{'without':>9}{'beside':>9}{'ratio':>7}")
            for what, path in ASKED.items():
                without, beside = [], []
                for _ in range(TURNS):
                    without.append(p99())
                    with asking(host, token, path):
                        beside.append(p99())
                ratio = median(beside) / median(without)
                print(f"{what:<32}{median(without):>9.1f}{median(beside):>9.1f}{ratio:>7.1f}")
        workspace.close()


def _milliseconds(connection: object, call: Request) -> float:
    began = time.perf_counter()
    ask(connection, call)  # type: ignore[arg-type]
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()

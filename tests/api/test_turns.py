"""Whoever waits for a lock keeps nobody else from being answered."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from api.turns import Turns
from store.credential_views import IssuedCredential
from store.persistence.lock import StoreLock
from tests.api.caller import Caller, keys_of
from tests.store.house import House

# More than there are threads.
MANY = 40


async def status_of(caller: Caller, name: str, token: str, body: Any = None) -> int:
    """The status of an answer."""
    headers = [(b"authorization", f"Bearer {token}".encode())]
    content = json.dumps(body or {}).encode()
    status, _, _ = await caller.exchange("POST", f"/{name}", b"", headers, content)
    return status


@pytest.mark.parametrize(
    ("lock", "name"),
    [("logged-out.lock", "auth.logout"), ("lock", "auth.create_credentials")],
)
def test_many_who_wait_for_a_file_leave_the_others_their_threads(
    house: House,
    caller: Caller,
    ada: IssuedCredential,
    bobs: IssuedCredential,
    lock: str,
    name: str,
) -> None:
    adas = caller.sign_in(keys_of(ada))
    tokens = [caller.sign_in(keys_of(bobs)) for _ in range(MANY)]

    async def run() -> list[int]:
        with StoreLock(house.folder / lock).held():
            waiting = [asyncio.create_task(status_of(caller, name, one)) for one in tokens]
            if lock != "lock":
                # What others commit is loaded for all in a thread, too.
                house.invite("eve@acme.example")
            for other in ("users.get_all", "auth.get_credentials", "users.get_vaults"):
                assert await status_of(caller, other, adas) == 200
            assert not any(one.done() for one in waiting)
        return await asyncio.gather(*waiting)

    assert set(caller.run(run())) == {200}


def test_whoever_waits_too_long_is_told_so(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    caller.served.log_outs = Turns(0.05)
    tokens = [caller.sign_in(keys_of(bobs)) for _ in range(2)]

    async def run() -> tuple[int, int]:
        with StoreLock(house.folder / "logged-out.lock").held():
            first = asyncio.create_task(status_of(caller, "auth.logout", tokens[0]))
            await asyncio.sleep(0)
            second = await status_of(caller, "auth.logout", tokens[1])
        return await first, second

    assert caller.run(run()) == (200, 503)
    assert "Others were served for more than 0.05 seconds" in "".join(caller.lines)
    assert caller("users.get_current_user", token=tokens[1]).code == (200, 0)

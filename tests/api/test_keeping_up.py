"""Each call is answered by what was committed before it, while others wait for nothing."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api.served import ServedWorkspace
from store.credential_views import IssuedCredential
from store.persistence.signing_secret import SigningSecret
from tests.api.caller import Caller, keys_of
from tests.store.house import House
from tests.store.odd import within_a_second

WHO = "users.get_current_user"


def gone(path: Path) -> None:
    """Take a file away."""
    path.rename(path.with_suffix(".away"))


def spoilt(path: Path) -> None:
    """Put another file in its place."""
    gone(path)
    path.write_bytes(b"{")


def piped(path: Path) -> None:
    """Put a pipe in its place, which nobody writes to."""
    gone(path)
    os.mkfifo(path)


def linked(path: Path) -> None:
    """Put a link to it in its place."""
    gone(path)
    path.symlink_to(path.with_suffix(".away"))


@pytest.mark.parametrize("spoil", [gone, spoilt, piped, linked])
def test_a_store_that_cannot_be_read_for_a_moment_lets_clients_wait(
    house: House, caller: Caller, bobs: IssuedCredential, spoil: Callable[[Path], None]
) -> None:
    token = caller.sign_in(keys_of(bobs))
    path = house.folder / "workspace.json"
    spoil(path)
    for name in (WHO, "users.get_vaults", "debug.ping"):
        answer = caller(name, token=token)
        assert (answer.code, answer.headers["retry-after"]) == ((503, 0), "5")
        assert str(house.folder) not in answer.message
        assert str(path) in caller.lines[-1] or "no workspace" in caller.lines[-1]
    assert caller("auth.login", keys=keys_of(bobs)).code == (503, 0)
    path.with_suffix(".away").rename(path)
    assert caller(WHO, token=token).code == (200, 0)


def test_calls_share_a_load_and_none_is_answered_by_one_that_began_before_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = ServedWorkspace(house.store(), SigningSecret(house.folder), clock=house.clock)
    served.load()
    load, began, may_go_on = served.load, threading.Event(), threading.Event()
    loads = []

    def slow() -> None:
        loads.append(1)
        load()
        began.set()
        assert may_go_on.wait(20)

    monkeypatch.setattr(served, "load", slow)

    async def run() -> None:
        house.invite("eve@acme.example")
        first = [asyncio.create_task(served.keep_up()) for _ in range(5)]
        await asyncio.to_thread(began.wait, 20)
        # Committed while it is loaded, and before the next calls.
        house.invite("fay@acme.example")
        second = [asyncio.create_task(served.keep_up()) for _ in range(5)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in (*first, *second))
        may_go_on.set()
        await asyncio.gather(*first, *second)

    asyncio.run(run())
    assert len(loads) == 2
    assert served.door.commit == house.admin.commit
    served.close()


@pytest.mark.parametrize("spoil", [piped, linked])
@pytest.mark.parametrize("name", ["usage.json", "token.secret"])
def test_so_does_what_lies_beside_it(
    house: House,
    caller: Caller,
    bobs: IssuedCredential,
    name: str,
    spoil: Callable[[Path], None],
) -> None:
    token = caller.sign_in(keys_of(bobs))
    house.admin.authenticate(*keys_of(bobs))
    house.admin._store.usage.flush()
    assert caller(WHO, token=token).code == (200, 0)
    spoil(house.folder / name)
    for _ in range(2):
        with within_a_second():
            answer = caller(WHO, token=token)
        assert answer.code == (503, 0)
        assert f"{name} is a" in caller.lines[-1]
    (house.folder / name).with_suffix(".away").rename(house.folder / name)
    assert caller(WHO, token=token).code == (200, 0)


def test_the_loop_goes_on_while_a_store_is_loaded(house: House) -> None:
    served = ServedWorkspace(house.store(), SigningSecret(house.folder), clock=house.clock)
    in_threads = []
    load = served.load

    def told() -> None:
        in_threads.append(threading.current_thread() is not threading.main_thread())
        load()

    served.load = told  # type: ignore[method-assign]
    asyncio.run(served.keep_up())
    asyncio.run(served.keep_up())
    assert in_threads == [True]
    served.close()


def test_the_line_of_a_call_tells_how_long_it_waited(
    house: House, caller: Caller, bobs: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(bobs))
    caller(WHO, token=token)
    house.invite("eve@acme.example")
    caller(WHO, token=token)
    assert [" waited=" in line for line in caller.lines[-2:]] == [False, True]

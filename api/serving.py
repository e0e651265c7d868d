"""Runs the endpoint until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import logging
import math
import os
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import uvicorn

from api.app import make_app
from api.limits import ConnectionLimits
from api.log import Log, LogHandler
from api.protocol import LimitedProtocol
from api.room import Room
from api.served import ServedWorkspace
from store.errors import InvalidInput

_ASKED_TO_END = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_MOST_WAITING = 2048
# The loop accepts so many before it does anything else, and some more before it closes others for
# them: few, lest the descriptors end meanwhile.
_ACCEPTED_AT_ONCE = 4
# The files of the store need some of the descriptors, and connections memory.
_SHARE_OF_DESCRIPTORS = 3 / 4
_MOST_CONNECTIONS = 4096
_OUT_OF_DESCRIPTORS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_TICKS_A_SECOND = 10
# Of glibc's malloc.h, and the size that it begins with.
_M_MMAP_THRESHOLD, _LARGE = -3, 128 * 1024
# After all connections have ended, so long is waited for threads.
_LONGEST_LAST_WAIT = 1


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Args:
        host: A name or an address of this machine.
        port: The port; 0 for any that is free.

    Raises:
        InvalidInput: Nothing can listen there, because the port is taken, say.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_MOST_WAITING)
    except (OSError, UnicodeError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise InvalidInput(
                f"Port {port} of {host} is taken. Name another with --port, or end what has it."
            ) from error
        reason = getattr(error, "strerror", None) or error
        raise InvalidInput(f"Nothing can listen on {host}, port {port}: {reason}.") from error


def serve(
    served: ServedWorkspace,
    listener: socket.socket,
    has_begun: Callable[[], None],
    limits: ConnectionLimits | None = None,
) -> None:
    """Answer until SIGTERM, SIGINT or SIGHUP comes; whoever waits then gets an answer first.

    Args:
        served: The workspace to answer from.
        listener: The socket that listens.
        has_begun: Called when it answers, and ends in order.
        limits: How much of it one connection may have.
    """
    limits = limits or ConnectionLimits()
    _give_back_what_is_large()
    log = Log()
    most = _most_connections() if limits.most is None else limits.most
    room = Room(most, limits.most_kept, served.trusted)
    config = uvicorn.Config(
        make_app(served, log),
        http=cast(Any, partial(LimitedProtocol, limits=limits, room=room, log=log)),
        loop="asyncio",
        ws="none",
        lifespan="off",
        backlog=_ACCEPTED_AT_ONCE,
        log_config=None,
        access_log=False,
        # The address of a caller is ours to find out: see `--trusted-proxy`.
        proxy_headers=False,
        server_header=False,
        # It has a limit of its own, which must not come first.
        timeout_keep_alive=math.ceil(limits.idle) + 1,
    )
    server = _Server(config, served, log, limits.ending, has_begun)
    with _logging(log):
        asyncio.run(server.serve(sockets=[listener]))


class _Server(uvicorn.Server):
    """A server that ends in order, and does not die of the signal afterwards."""

    def __init__(
        self,
        config: uvicorn.Config,
        served: ServedWorkspace,
        log: Log,
        ending: float,
        has_begun: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._served = served
        self._log = log
        self._ending = ending
        self._has_begun = has_begun
        self._has_ended = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        asyncio.get_running_loop().set_exception_handler(self._on_error)
        for listener in sockets or ():
            # So many wait to be accepted, however many are accepted at once.
            listener.listen(_MOST_WAITING)
        self._has_begun()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_A_SECOND == 0:
            self._log.settle()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        loop = asyncio.get_running_loop()
        end = loop.time() + self._ending
        while (left := self._connections()) and loop.time() < end and not self.force_exit:
            # Each time: one may have come meanwhile, or may have asked for more.
            for connection in left:
                connection.shutdown()
            await asyncio.sleep(1 / _TICKS_A_SECOND / 2)
        for connection in self._connections():
            connection.give_up()
        if tasks := list(self.server_state.tasks):
            # They are told that nobody waits any more.
            _, unanswered = await asyncio.wait(tasks, timeout=1 / _TICKS_A_SECOND)
            if unanswered:
                self._log.note(f"ended with calls unanswered: {len(unanswered)}")
        self._log.settle(at_end=True)
        self._has_ended = True
        loop.call_later(_LONGEST_LAST_WAIT, self._leave_threads)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _ASKED_TO_END:
            loop.add_signal_handler(number, self._end)
        # They stay until the loop is closed: threads may hold that up, and somebody ask twice.
        yield

    def _leave_threads(self) -> None:
        # They cannot be ended, and may wait for the store's lock for longer than we may.
        self._served.flush()
        os._exit(0)

    def _connections(self) -> list[LimitedProtocol]:
        return [cast(LimitedProtocol, one) for one in self.server_state.connections]

    def _end(self) -> None:
        # Who asks twice does not want to wait.
        if self._has_ended:
            os._exit(0)
        self.force_exit = self.should_exit
        self.should_exit = True

    def _on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in _OUT_OF_DESCRIPTORS:
            # The loop accepts nothing for a second then.
            self._log.note(f"takes no connections for a moment: {error.strerror}")
        elif not self.should_exit:
            loop.default_exception_handler(context)


def _most_connections() -> int:
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if descriptors == resource.RLIM_INFINITY:
        return _MOST_CONNECTIONS
    return max(1, min(_MOST_CONNECTIONS, int(descriptors * _SHARE_OF_DESCRIPTORS)))


def _give_back_what_is_large() -> None:
    """Let memory of large answers go back to the system, where it would be kept in pieces."""
    # Left to itself, glibc takes ever larger blocks from what it never gives back.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


@contextlib.contextmanager
def _logging(log: Log) -> Iterator[None]:
    """Have what libraries log written as all lines are, as far as it is of defects."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).setLevel(logging.ERROR)
    handler = LogHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)

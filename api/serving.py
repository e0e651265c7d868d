"""Runs the endpoint until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Iterator

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.app import make_app
from api.envelope import NOT_HTTP, envelope, headers_of
from api.log import write_line
from api.paths import Called
from api.served import ServedWorkspace
from store.errors import InvalidInput

# Those who wait for an answer when it ends get theirs within so many seconds.
_LONGEST_ENDING = 10
_ASKED_TO_END = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_MOST_WAITING = 2048
# Longer than clients take from one call to the next, so that their connections are used again.
_KEPT_ALIVE = 30


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


def serve(served: ServedWorkspace, listener: socket.socket, has_begun: Callable[[], None]) -> None:
    """Answer until SIGTERM, SIGINT or SIGHUP comes; whoever waits then gets an answer first.

    Args:
        served: The workspace to answer from.
        listener: The socket that listens.
        has_begun: Called when it answers, and ends in order.
    """
    _log_what_the_server_warns_of()
    config = uvicorn.Config(
        make_app(served),
        http=_Protocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        # The address of a caller is ours to find out: see `--trusted-proxy`.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEPT_ALIVE,
        timeout_graceful_shutdown=_LONGEST_ENDING,
    )
    asyncio.run(_Server(config, has_begun).serve(sockets=[listener]))


class _Server(uvicorn.Server):
    """A server that ends in order, and does not die of the signal afterwards."""

    def __init__(self, config: uvicorn.Config, has_begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._has_begun = has_begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._has_begun()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _ASKED_TO_END:
            loop.add_signal_handler(number, self._end)
        try:
            yield
        finally:
            for number in _ASKED_TO_END:
                loop.remove_signal_handler(number)

    def _end(self) -> None:
        # Who asks twice does not want to wait.
        self.force_exit = self.should_exit
        self.should_exit = True


class _Protocol(H11Protocol):
    """HTTP/1.1, where what is none is answered with the envelope, too."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        # Headers and body are sent apart: without this the body waits 40 ms for the client's word.
        # The loop sees to it for sockets that it has made itself alone.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def send_400_response(self, msg: str) -> None:
        body = envelope(Called(), {}, refused=NOT_HTTP)
        headers = [*headers_of(body), (b"connection", b"close")]
        # Once an answer has begun, there is none to this.
        with contextlib.suppress(h11.LocalProtocolError):
            for event in (
                h11.Response(status_code=NOT_HTTP.status, headers=headers, reason=b"Bad Request"),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        address = self.client[0] if self.client else "-"
        write_line(f"{address} sent what is no HTTP: {NOT_HTTP.status}")


def _log_what_the_server_warns_of() -> None:
    # What it says of defects goes to the error output by itself; the rest is in our own lines.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logging.getLogger(name).setLevel(logging.ERROR)

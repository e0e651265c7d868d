"""One connection: what it waits for and how long, and what is answered to what is no HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.addresses import plain
from api.envelope import NOT_HTTP, envelope, headers_of
from api.limits import ConnectionLimits
from api.log import Log, tell
from api.paths import Called
from api.refusals import CallRefused, too_many_connections
from api.room import Room
from api.strict_http import StrictConnection
from api.time_limit import TimeLimit

_MOST_UNSENT = 128 * 1024


class _Awaited(Enum):
    """What a connection waits for that its caller is to do."""

    HEAD = auto()
    BODY = auto()
    LEFTOVER = auto()
    NEXT = auto()
    FAREWELL = auto()
    # The rest has no time of its own.
    TAKING = auto()
    LESS_AT_ONCE = auto()


class LimitedProtocol(H11Protocol):
    """HTTP/1.1 with limits in time, where what is none is answered with the envelope, too.

    Args:
        limits: The limits.
        room: The connections of the server.
        log: Takes a line where a connection is closed for a limit.
        given: What the server gives to each connection.
    """

    conn: StrictConnection

    def __init__(self, *, limits: ConnectionLimits, room: Room, log: Log, **given: Any) -> None:
        super().__init__(**given)
        self.conn = StrictConnection(limits.most_head)
        self.whose = ""
        self._limits = limits
        self._room = room
        self._log = log
        self._address: str | None = None
        self._awaited: _Awaited | None = None
        self._is_refused = False
        self._waiting = TimeLimit(self.loop, self._has_waited)
        self._taking = TimeLimit(self.loop, self._has_offered)
        self._untaken, self._came = 0, 0
        self._longest = {
            _Awaited.HEAD: limits.head,
            _Awaited.BODY: limits.body,
            _Awaited.LEFTOVER: limits.leftover,
            _Awaited.NEXT: limits.idle,
            _Awaited.FAREWELL: limits.farewell,
        }

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        # Headers and body are sent apart: without this the body waits 40 ms for the client's word.
        # The loop sees to it for sockets that it has made itself alone.
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            # Or the kernel keeps megabytes, and it is not seen that a caller takes some of them.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MOST_UNSENT)
        super().connection_made(transport)
        self._address = plain(self.client[0]) or None if self.client else None
        self.whose = self._room.whose(self._address or "")
        if self._room.enter(self):
            self._look()
        else:
            self._refuse(too_many_connections(), "as many calls are answered as can be")
            transport.close()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        super().data_received(data)
        if self._awaited is _Awaited.BODY:
            self._waiting.within(self._limits.body)
            self._came += len(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._offer()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._offer()
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taking.off()
        self._untaken = 0
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._room.leave(self)
        self._waiting.end()
        self._taking.end()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End in order: a call that runs is answered first, everything else ends at once."""
        is_running = self.cycle is not None and not self.cycle.response_complete
        if is_running and self._awaited not in self._longest:
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    def give_up(self) -> None:
        """End at once, whatever has not been answered or taken."""
        self.transport.abort()

    def make_way(self) -> None:
        """Close at once, for there are too many, or what is kept for them is too much."""
        self._close_for("made way for other connections")

    def send_400_response(self, msg: str) -> None:
        self._refuse(NOT_HTTP, "sent what is no HTTP")

    def _look(self) -> None:
        """See what is waited for now."""
        awaited = self._awaited_now()
        if awaited is not _Awaited.BODY:
            self._came = 0
        self._room.keeps(self, self._came + self._untaken)
        if awaited is self._awaited:
            return
        self._awaited = awaited
        if awaited in self._longest:
            self._waiting.within(self._longest[awaited])
        else:
            self._waiting.off()
        if awaited is None:
            self._room.works(self)
        else:
            self._room.waits(self)

    def _awaited_now(self) -> _Awaited | None:
        if self._is_refused:
            return _Awaited.FAREWELL
        if self.flow.write_paused or self.transport.is_closing():
            # Whatever else there is: nothing of it gets on before this is taken.
            return _Awaited.TAKING
        if self.cycle is None:
            return _Awaited.HEAD
        if self.conn.their_state is h11.IDLE:
            return _Awaited.HEAD if self.conn.pending else _Awaited.NEXT
        if self.conn.their_state is h11.SEND_BODY:
            return _Awaited.LEFTOVER if self.cycle.response_complete else _Awaited.BODY
        # No client asks for more before it is answered. Whoever does is at work for ever.
        return _Awaited.LESS_AT_ONCE if self.conn.pending else None

    def _has_waited(self) -> None:
        match self._awaited:
            case _Awaited.HEAD:
                self._close_for(f"sent no whole head of a request in {self._limits.head:g} s")
            case _Awaited.BODY if self.flow.read_paused:
                # It is we who do not take it.
                self._waiting.within(self._limits.body)
            case _Awaited.BODY:
                self._close_for(f"sent nothing of a body for {self._limits.body:g} s")
            case _Awaited.NEXT:
                self.transport.close()
            case _:
                self.transport.abort()

    def _offer(self) -> None:
        """Begin to wait until more of an answer is taken, if there is more."""
        self._untaken = self.transport.get_write_buffer_size()
        if self._untaken:
            self._taking.within(self._limits.taking)

    def _has_offered(self) -> None:
        if self.transport.get_write_buffer_size() < self._untaken:
            self._offer()
            self._look()
        else:
            self._close_for(f"took nothing of an answer for {self._limits.taking:g} s")

    def _close_for(self, problem: str) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._log.note(problem, self._address)
        else:
            # The line of the call says so.
            tell(self.cycle.scope, problem=problem)
        self.transport.abort()

    def _refuse(self, refused: CallRefused, problem: str) -> None:
        body = envelope(Called(), {}, refused=refused)
        headers = [*headers_of(body, refused=refused), (b"connection", b"close")]
        reason = HTTPStatus(refused.status).phrase.encode()
        # Once an answer has begun, there is none to this.
        with contextlib.suppress(h11.LocalProtocolError):
            for event in (
                h11.Response(status_code=refused.status, headers=headers, reason=reason),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self._log.note(problem, self._address, refused)
        self._is_refused = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write_eof()
        self._look()

"""Bytes to the endpoint and back, as no client of the usual kind sends them."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

from tests.clients.serving import Estate

PING = b"GET /debug.ping HTTP/1.1\r\nHost: a\r\n"
GOOD = PING + b"\r\n"
LAST = PING + b"Connection: close\r\n\r\n"
HALF_HEAD = PING + b"X: "
POST = b"POST /debug.ping HTTP/1.1\r\nHost: a\r\n"
HALF_BODY = POST + b"Content-Length: 9\r\n\r\n{"
# Much longer than anything here takes; who waits as long waits in vain.
PATIENCE = 20


class Wire:
    """A connection.

    Args:
        served: What it is to.
        sent: What is sent at once.
        source: The address that it is from.
        window: How many bytes are taken before they are read, or None for as many as usual.
    """

    def __init__(
        self, served: Estate, sent: bytes = b"", *, source: str = "", window: int | None = None
    ) -> None:
        url = urlsplit(served.url)
        assert url.hostname
        assert url.port
        family = socket.AF_INET6 if ":" in url.hostname else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if window is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(PATIENCE)
        self.socket.connect((url.hostname, url.port))
        self.send(sent)

    def send(self, sent: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(sent)

    def answer(self) -> bytes:
        """The answer to a request; b"" where the connection is closed instead."""
        got = b""
        while b"\r\n\r\n" not in got:
            if not (more := self.more()):
                return got
            got += more
        head, _, body = got.partition(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        while len(body) < length and (more := self.more()):
            body += more
        return head + b"\r\n\r\n" + body

    def rest(self) -> bytes:
        """All that comes until it is closed."""
        got = b""
        while more := self.more():
            got += more
        return got

    def closed_after(self) -> float:
        """Wait until it is closed without a word; after how many seconds it was."""
        began = time.monotonic()
        assert self.rest() == b""
        return time.monotonic() - began

    def is_open(self) -> bool:
        """Whether it is open still, and nothing has come."""
        self.socket.settimeout(0.05)
        try:
            return self.more() != b""
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)

    def close(self) -> None:
        """Close it."""
        self.socket.close()

    def more(self, most: int = 65_536) -> bytes:
        """What comes next; b"" where it is closed."""
        try:
            return self.socket.recv(most)
        except ConnectionError:
            return b""


def exchanged(served: Estate, sent: bytes) -> bytes:
    """All that is answered to bytes, on a connection of their own."""
    wire = Wire(served, sent)
    got = wire.rest()
    wire.close()
    return got

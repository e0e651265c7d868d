"""HTTP/1.1 as h11 reads it, without what others read in another way.

Where a proxy and a server read a request differently, one of them takes a part of its body for the
next request, which is then another caller's. What is refused here no client sends.
"""

from __future__ import annotations

import h11

_VERSIONS = (b"1.0", b"1.1")
# Clients send ten; of as many as fit in, thousands would be read.
_MOST_HEADERS = 100
_FRAMING = (b"content-length", b"transfer-encoding")

Event = h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]


class StrictConnection(h11.Connection):
    """The server's end of a connection.

    Args:
        most_head: How many bytes the line and the headers of a request may have.
    """

    def __init__(self, most_head: int) -> None:
        super().__init__(h11.SERVER, most_head)
        self._most_head = most_head

    @property
    def pending(self) -> bytes:
        """What has come and was not read yet."""
        return self.trailing_data[0]

    def next_event(self) -> Event:
        """What has come.

        Raises:
            RemoteProtocolError: It is no HTTP, or can be read in more than one way.
        """
        before = self.pending if self.their_state is h11.IDLE else b""
        if before.partition(b"\r\n\r\n")[0].count(b"\n") > _MOST_HEADERS:
            # Before they are read, which takes a while.
            raise h11.RemoteProtocolError("too many headers", error_status_hint=431)
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._check(before[: len(before) - len(self.pending)], event)
        return event

    def _check(self, head: bytes, request: h11.Request) -> None:
        if len(head) > self._most_head:
            raise h11.RemoteProtocolError("too long a head", error_status_hint=431)
        if request.http_version not in _VERSIONS:
            raise h11.RemoteProtocolError("a version that is not spoken here")
        rest = head.replace(b"\r\n", b"")
        if b"\n" in rest or b"\r" in rest:
            raise h11.RemoteProtocolError("a line that ends in half")
        if b"\r\n " in head or b"\r\n\t" in head:
            raise h11.RemoteProtocolError("a header of several lines")
        pairs = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
        framing = [(key, value) for name, _, value in pairs if (key := name.lower()) in _FRAMING]
        # Of h11's own headers one cannot tell: it leaves out a length that is said again.
        if len(framing) > 1 or any(b"," in value for _, value in framing):
            raise h11.RemoteProtocolError("more than one length")
        if framing and framing[0][0] == b"transfer-encoding" and request.http_version == b"1.0":
            raise h11.RemoteProtocolError("parts, in a version that has none")

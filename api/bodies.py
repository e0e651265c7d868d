"""Reads the body of a request, as far as any client sends one."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import Receive

from api.refusals import too_large


class CallerGone(Exception):
    """The caller has hung up, so nobody waits for an answer."""


async def body_of(headers: Headers, receive: Receive, most: int) -> bytes:
    """The body of a request.

    Args:
        headers: The headers of the request.
        receive: Gives the next part of the body.
        most: How many bytes it may have.

    Raises:
        CallRefused: It is larger than any that a client sends; the rest is not kept.
        CallerGone: The caller has hung up.
    """
    length = headers.get("content-length", "")
    # Of digits alone; a longer row of them is no length, either.
    if len(length) > len(str(most)) or (length.isdecimal() and int(length) > most):
        raise too_large()
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        body += message.get("body", b"")
        if len(body) > most:
            raise too_large()
        if not message.get("more_body", False):
            return bytes(body)

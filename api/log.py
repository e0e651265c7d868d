"""One line for each request, with nothing in it that opens anything."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.paths import said
from store.times import Clock, system_clock, to_text

Write = Callable[[str], None]

# Behind this in a path comes a secret.
_SECRET_FOLLOWS = "join"
_TOLD = "clearml_admin.told"


def write_line(line: str) -> None:
    """Write a line for whoever runs the server; where nobody reads, nothing is lost."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def tell(scope: Scope, **values: object) -> None:
    """Have something said in the line of a request, unless it is empty."""
    told: dict[str, object] | None = scope.get(_TOLD)
    if told is not None:
        told.update({name: value for name, value in values.items() if value not in ("", None)})


class Logged:
    """An ASGI application that writes a line for each request to another.

    Args:
        app: The other.
        write: Takes a line.
        clock: What time it is.
    """

    def __init__(
        self, app: ASGIApp, write: Write = write_line, clock: Clock = system_clock
    ) -> None:
        self._app = app
        self._write = write
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and write a line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        told: dict[str, Any] = {}
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        scope[_TOLD] = told
        try:
            await self._app(scope, receive, sending)
        finally:
            took = (time.perf_counter() - began) * 1000
            self._write(self._line(scope, status, took, told))

    def _line(self, scope: Scope, status: int, took: float, told: dict[str, Any]) -> str:
        address = told.pop("address", "") or (scope.get("client") or ("-",))[0]
        subcode = f"/{told.pop('subcode')}" if "subcode" in told else ""
        rest = "".join(f" {name}={said(str(value))}" for name, value in told.items())
        return (
            f"{to_text(self._clock())} {address} {said(scope['method'])} "
            f"{shown_path(scope['path'])} {status or '-'}{subcode} {took:.1f}ms{rest}"
        )


def shown_path(path: str) -> str:
    """A path without what opens anything: no query, and nothing behind `/join/`."""
    steps = path.split("/")
    for number, step in enumerate(steps[:-1]):
        if step.lower() == _SECRET_FOLLOWS:
            return said("/".join([*steps[: number + 1], "…"]))
    return said(path)

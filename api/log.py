"""One line for each request and each thing that goes wrong, in which nothing can be made up.

A line is made of fields with a blank between them: the time, the address, the method, the path, the
status with the subcode, how long it took, and then what more there is to say, as `name=value`. A
field that is not known is `-`. One that holds a blank, `"`, `\\`, `=` or anything that is not
printed is written as JSON writes a text, in quotes; no other begins with a quote.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.addresses import plain
from api.refusals import CallRefused
from store.times import Clock, system_clock, to_text

Write = Callable[[str], None]
# The address, the method, the path, the status and how long it took; None is not known.
Fields = tuple[str | None, str | None, str | None, str | None, str | None]

# So many lines of strangers that are alike are written in so many seconds; the others are counted.
MOST_ALIKE = 100
ALIKE_WITHIN = 60.0

_UNKNOWN = "-"
_LONGEST_FIELD = 200
_NEEDS_QUOTES = frozenset(' "\\=')
# Behind this in a path comes a secret.
_SECRET_FOLLOWS = "join"
# As long as no name of an endpoint is, and any secret: links get mangled on their way.
_MAY_BE_SECRET = re.compile(r"[0-9A-Za-z_-]{32,}")
_TOLD = "clearml_admin.told"


def write_line(line: str) -> None:
    """Write a line for whoever runs the server; where nobody reads, nothing is lost."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def tell(scope: Mapping[str, Any], **values: object) -> None:
    """Have something said in the line of a request, unless it is empty."""
    told: dict[str, object] | None = scope.get(_TOLD)
    if told is not None:
        told.update({name: value for name, value in values.items() if value not in ("", None)})


# Lines of one kind have the same status, or tell of the same problem.
_Kind = tuple[str | None, str]
_NOTHING_KNOWN: Fields = (None, None, None, None, None)


@dataclass
class _Alike:
    """Lines of one kind.

    Attributes:
        since: When the first of them came.
        count: How many came since.
    """

    since: float
    count: int = 0

    @property
    def untold(self) -> int:
        """How many were not written."""
        return max(0, self.count - MOST_ALIKE)


class Log:
    """Writes lines, and of many that are alike only the first.

    Args:
        write: Takes a line.
        clock: What time it is.
        now: The time in seconds, from whenever.
    """

    def __init__(
        self,
        write: Write = write_line,
        clock: Clock = system_clock,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._clock = clock
        self._now = now
        self._kinds: dict[_Kind, _Alike] = {}

    def request(self, scope: Scope, status: int, took: float, told: dict[str, Any]) -> None:
        """Write the line of a request.

        Those of members are all written; those of anybody are bounded.

        Args:
            scope: The request.
            status: The status of the answer; 0 where there was none.
            took: How long it took, in milliseconds.
            told: What else there is to say, by name.
        """
        peer = (scope.get("client") or ("",))[0]
        address = told.pop("address", "") or plain(peer) or None
        subcode = f"/{told.pop('subcode')}" if "subcode" in told else ""
        code = f"{status}{subcode}" if status else None
        fields = (address, scope["method"], shown_path(scope["path"]), code, f"{took:.1f}ms")
        self._put(None if "member" in told else (code, ""), fields, told)

    def note(
        self, problem: str, address: str | None = None, refused: CallRefused | None = None
    ) -> None:
        """Write what went wrong apart from any request; alike are those that say the same.

        Args:
            problem: What went wrong, with nothing in it that strangers have sent.
            address: Whose connection it was.
            refused: What was answered.
        """
        code = f"{refused.status}/{refused.subcode}" if refused else None
        self._put((code, problem), (address, None, None, code, None), {"problem": problem})

    def defect(self, problem: str, trace: str = "") -> None:
        """Write of something that is wrong with the program, with a line for each of its trace."""
        if self._put((None, "a defect"), _NOTHING_KNOWN, {"problem": problem}):
            for line in trace.splitlines():
                self._write_fields(_NOTHING_KNOWN, {"trace": line})

    def settle(self, *, at_end: bool = False) -> None:
        """Write how many lines were not written, of each kind whose time has passed.

        Args:
            at_end: Whether it has passed for all.
        """
        now = self._now()
        for kind, alike in list(self._kinds.items()):
            if at_end or now - alike.since >= ALIKE_WITHIN:
                del self._kinds[kind]
                self._tell_of_others(kind, alike)

    def _put(self, kind: _Kind | None, fields: Fields, told: Mapping[str, Any]) -> bool:
        """Write a line, unless there were many of its kind; those of no kind are all written.

        Returns:
            Whether it was written.
        """
        if kind is not None:
            self.settle()
            alike = self._kinds.setdefault(kind, _Alike(self._now()))
            alike.count += 1
            if alike.untold:
                return False
        self._write_fields(fields, told)
        return True

    def _tell_of_others(self, kind: _Kind, alike: _Alike) -> None:
        if alike.untold:
            code, problem = kind
            told = {"problem": problem} if problem else {}
            told["note"] = f"… {alike.untold:,} more like it"
            self._write_fields((None, None, None, code, None), told)

    def _write_fields(self, fields: Fields, told: Mapping[str, Any]) -> None:
        first = " ".join(_UNKNOWN if one is None else field(one) for one in fields)
        rest = "".join(f" {name}={field(str(value))}" for name, value in told.items())
        self._write(f"{to_text(self._clock())} {first}{rest}")


class LogHandler(logging.Handler):
    """Passes on what libraries log, so that it has a time, is bounded and imitates nothing.

    Args:
        log: Takes the lines.
    """

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self._traces = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on a record, but of calls that were ended with the server: they are counted."""
        if record.exc_info and record.exc_info[0] is asyncio.CancelledError:
            return
        trace = self._traces.formatException(record.exc_info) if record.exc_info else ""
        self._log.defect(record.getMessage().strip(), trace)


class Logged:
    """An ASGI application that writes a line for each request to another.

    Args:
        app: The other.
        log: Takes the lines.
    """

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app = app
        self._log = log

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
            self._log.request(scope, status, took, told)


def shown_path(path: str) -> str:
    """A path without what opens anything: no secret, and nothing behind `/join/`."""
    steps = path.split("/")
    for number, step in enumerate(steps[:-1]):
        if step.lower() == _SECRET_FOLLOWS:
            return "/".join([*steps[: number + 1], "…"])
    return _MAY_BE_SECRET.sub("…", path)


def field(text: str) -> str:
    """A field as it stands in a line, cut where it is long."""
    shown = text if len(text) <= _LONGEST_FIELD else f"{text[:_LONGEST_FIELD]}…"
    is_plain = shown.isprintable() and not _NEEDS_QUOTES.intersection(shown)
    if is_plain and shown not in ("", _UNKNOWN):
        return shown
    return f'"{"".join(map(_escaped, shown))}"'


def _escaped(one: str) -> str:
    return one if one.isprintable() and one not in '"\\' else json.dumps(one)[1:-1]

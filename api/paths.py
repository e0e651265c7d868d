"""What a path calls: `/service.action`, with a version before it or without."""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.refusals import CallRefused

# What is spoken here, fixed: it is not the version of this program.
API_VERSION = "2.31"

# Of a path that may be anything, so much is said again.
_LONGEST_SAID = 200
_PATH = re.compile(r"/+(?:v(\d{1,9}(?:\.\d{1,9})?)/+)?(\w{1,100}\.\w{1,100})", re.ASCII)


@dataclass(frozen=True)
class Called:
    """What a path calls.

    Attributes:
        name: The endpoint, such as `auth.login`, or "" where the path calls none.
        version: The version that was asked for.
    """

    name: str = ""
    version: str = API_VERSION


def called_by(path: str) -> Called:
    """What a path calls.

    Raises:
        CallRefused: It is no path of this kind.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise CallRefused(400, 0, f"Invalid request path {said(path)}")
    return Called(found[2], found[1] or API_VERSION)


def said(text: str) -> str:
    """What of a stranger's text is said again, on one line and cut."""
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    return shown if len(shown) <= _LONGEST_SAID else f"{shown[:_LONGEST_SAID]}…"


def unknown_endpoint(called: Called) -> CallRefused:
    """There is no endpoint of that name. Clients ask for tasks and queues here, too."""
    message = f"Unable to find endpoint for name {called.name} and version {called.version}"
    return CallRefused(404, 0, message)

"""The terminal: whether there is one, what it is told, and what Textual is told of it."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping


def missing_terminal() -> str:
    """Why the program cannot be shown here, or ""."""
    streams = {"input": sys.stdin, "output": sys.stdout, "error output": sys.stderr}
    for name, stream in streams.items():
        if stream is None or not stream.isatty():
            return f"This needs a terminal, but the standard {name} is none."
    if os.environ.get("TERM") in (None, "", "dumb"):
        return "This needs a terminal that can be drawn on; TERM says there is none."
    return ""


def adapt_environment(environment: MutableMapping[str, str]) -> None:
    """Set what Textual reads at import, where the person has not."""
    if environment.get("NO_COLOR") == "":
        del environment["NO_COLOR"]
    if environment.get("SSH_CONNECTION"):
        environment.setdefault("TEXTUAL_ANIMATIONS", "none")
        environment.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")


def has_few_colours(environment: MutableMapping[str, str]) -> bool:
    """Whether the terminal has 16 colours only, which must then be its own."""
    term = environment.get("TERM", "")
    return term in ("linux", "ansi", "vt100", "vt220") or term.endswith("-16color")


def as_one_line(message: str) -> str:
    """The message fit for the terminal: names and paths in it may hold anything."""
    return "".join(character if character.isprintable() else "�" for character in message)

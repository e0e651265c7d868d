"""Runs a parser in a process of its own, which is ended when it takes too long.

A parser in a thread cannot be stopped, and one that is made for trusted text opens files and
connects where the text says so. The process begins with next to nothing: no environment, no open
files but its two pipes, the root as its folder. The script limits itself before it reads the text.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

# Where the interpreter's own libraries may lie; it cannot start without them.
_NEEDED_BY_PYTHON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

# What the script exits with when the parser reached for a file, a process or the network.
REACHED_OUT = 3


class TookTooLong(Exception):
    """The process was ended, because its time was up."""


class ReachedOut(Exception):
    """The process ended itself, because the parser wanted more than the text."""


class DidNotRun(Exception):
    """The process could not be started, or died without an answer."""


@dataclass(frozen=True)
class Limits:
    """How much a text may ask for.

    Attributes:
        size: Its length in bytes, as UTF-8.
        levels: How deep objects and lists may lie in each other.
        seconds: How long the caller waits at most, the start of the process included.
        memory: How much memory the process may have, in bytes.
    """

    size: int = 64 * 1024
    levels: int = 25
    seconds: float = 2.0
    memory: int = 256 * 1024 * 1024


def run_apart(script: Path, text: str | Sequence[str], limits: Limits) -> Any:
    """What a script answers to a text.

    Args:
        script: The script. It reads a request as JSON from its standard input: `text`, `levels`,
            `memory`, `seconds`, and `path`, where modules lie. It writes its answer as JSON.
        text: The text, which can be written as UTF-8; or several, where the script takes them.
        limits: How much it may ask for.

    Raises:
        TookTooLong: It has not answered in time.
        ReachedOut: The parser reached for a file, a process or the network.
        DidNotRun: It could not be started, or gave no answer.
    """
    ends_at = monotonic() + limits.seconds
    request = {
        "text": text,
        "levels": limits.levels,
        "memory": limits.memory,
        "seconds": limits.seconds,
        "path": [entry for entry in sys.path if os.path.isabs(entry)],
    }
    with _started(script) as process:
        try:
            answer, _ = process.communicate(json.dumps(request).encode(), ends_at - monotonic())
        except subprocess.TimeoutExpired as error:
            raise TookTooLong from error
        finally:
            # Whatever comes between, an interrupt too, the process does not stay.
            process.kill()
    return _read(answer, process.returncode)


def _started(script: Path) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _NEEDED_BY_PYTHON if name in os.environ},
            cwd="/",
            # An interrupt that is meant for the program does not reach it.
            start_new_session=True,
        )
    except OSError as error:
        raise DidNotRun(error.strerror or "no process could be started") from error


def _read(answer: bytes, status: int) -> Any:
    if status == REACHED_OUT:
        raise ReachedOut
    if status != 0:
        raise DidNotRun(f"the process ended with {status}")
    return json.loads(answer)

"""Runs a parser in a process of its own, which is ended when it takes too long.

A parser in a thread cannot be stopped, and one that is made for trusted text opens files and
connects where the text says so. The process begins with next to nothing: no environment, no open
files but its two pipes, the root as its folder. It limits itself before it reads the text, reads
that one, and ends. It is forked from one that stands by with the parser imported, for to start an
interpreter and to import takes twenty times as long as to read a usual text.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from store.parsing.standing_by import Gone, Standby

# What the process exits with when the parser reached for a file, a process or the network.
_REACHED_OUT = 3
# What it exits with when its time is up: a signal ends it, whatever it is at.
_TIME_IS_UP = 128 + signal.SIGALRM

# How many stay of those that stood by for texts that were read at the same time.
_MOST_WAITING = 2
_waiting: defaultdict[Path, list[Standby]] = defaultdict(list)


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
        seconds: How long the caller waits, the start of the process included.
        memory: How much memory the process may have, in bytes.
    """

    size: int = 64 * 1024
    levels: int = 25
    seconds: float = 2.0
    memory: int = 256 * 1024 * 1024


def run_apart(script: Path, text: str | Sequence[str], limits: Limits) -> Any:
    """What a script answers to a text.

    Args:
        script: The script. Its `prepare()` imports what it needs; its `answer(request)` is called
            in a process of its own with `text` and `levels`, and gives what can be written as JSON.
        text: The text, which can be written as UTF-8; or several, where the script takes them.
        limits: How much it may ask for.

    Raises:
        TookTooLong: It has not answered in time.
        ReachedOut: The parser reached for a file, a process or the network.
        DidNotRun: It could not be started, or gave no answer.
    """
    ends_at = monotonic() + limits.seconds
    asked = {"text": text, "levels": limits.levels, "memory": limits.memory}
    while True:
        waiting = _waiting_for(script)
        try:
            standby = waiting or Standby(script)
        except OSError as error:
            raise DidNotRun(error.strerror or "no process could be started") from error
        try:
            status, answer = standby.ask(asked, ends_at)
        except Gone as error:
            standby.end()
            # Whoever has waited may have been ended meanwhile, and has read nothing then.
            if not waiting:
                raise DidNotRun("the process ended before it could read") from error
        except TimeoutError as error:
            standby.end()
            raise TookTooLong from error
        except BaseException:
            # Whatever comes between, an interrupt too, the process does not stay.
            standby.end()
            raise
        else:
            _keep(script, standby)
            return _read(answer, status)


def _waiting_for(script: Path) -> Standby | None:
    try:
        return _waiting[script].pop()
    except IndexError:
        return None


def _keep(script: Path, standby: Standby) -> None:
    if len(_waiting[script]) < _MOST_WAITING:
        _waiting[script].append(standby)
    else:
        standby.end()


@atexit.register
def end_standbys() -> None:
    """End all that stand by; the next text starts one anew."""
    for waiting in _waiting.values():
        while waiting:
            waiting.pop().end()


# Who is forked from the program has none of them: an answer would go to either.
os.register_at_fork(after_in_child=_waiting.clear)


def _read(answer: bytes, status: int) -> Any:
    if status == _TIME_IS_UP:
        raise TookTooLong
    if status == _REACHED_OUT:
        raise ReachedOut
    if status != 0:
        raise DidNotRun(f"the process ended with {status}")
    return json.loads(answer)

"""Runs a parser in a process of its own, which is ended when the text is too much work for it.

What a text may ask for is counted in the processor's time, for a busy machine is no fault of the
text: there it only takes longer, until nobody waits any more.

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
from store.parsing.under_way import under_way

# What the process exits with when the parser reached for a file, a process or the network.
_REACHED_OUT = 3
# What it exits with when the text has had its share: a signal ends it, whatever it is at.
_WORK_IS_UP = (128 + signal.SIGPROF, 128 + signal.SIGXCPU)
# The same for the clock.
_TIME_IS_UP = 128 + signal.SIGALRM

# How many stay of those that stood by for texts that were read at the same time.
_MOST_WAITING = 2
_waiting: defaultdict[Path, list[Standby]] = defaultdict(list)


class GivenUp(Exception):
    """A text was not read.

    Args:
        message: A finished sentence or two, with the remedy. Never holds any of the text.

    Attributes:
        is_unknown: Whether it may well be readable.
        may_pass: Whether the same text may well be read another time.
    """

    is_unknown = True
    may_pass = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TookTooLong(GivenUp):
    """The process was ended, because the text was more work than it may be."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            f"Reading the text is more than {limits.seconds:g} seconds of work, and clients read "
            "it at every sign-in. Make it shorter or simpler: write each setting and each section "
            "once, and take out substitutions that are not needed."
        )


class TooBusy(GivenUp):
    """The process was ended before it had done its work: the machine gave it no time for it."""

    may_pass = True

    def __init__(self, limits: Limits) -> None:
        super().__init__(
            f"The machine is so busy that the text could not be read in {limits.patience:g} "
            "seconds. Nothing is known to be wrong with it: try again when less is running."
        )


class ReachedOut(GivenUp):
    """The process ended itself, because the parser wanted more than the text."""

    is_unknown = False
    # It may have been the interpreter rather than the text, which is not to be held against it.
    may_pass = True

    def __init__(self) -> None:
        super().__init__(
            "The text makes its reader reach for a file, a program or the network, so it was given "
            "up. Take out what refers to something elsewhere."
        )


class DidNotRun(GivenUp):
    """The process could not be started, or died without an answer."""

    may_pass = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"The text could not be read, for {reason}. Try again.")


@dataclass(frozen=True)
class Limits:
    """How much a text may ask for.

    Attributes:
        size: Its length in bytes, as UTF-8.
        levels: How deep objects and lists may lie in each other.
        seconds: How long a processor may work at it. The densest text of that size, a setting in
            every four bytes, takes half of it, and a usual one a tenth.
        patience: How long the caller waits at most, by the clock and in seconds.
        memory: How much memory the process may have, in bytes.
    """

    size: int = 64 * 1024
    levels: int = 25
    seconds: float = 10.0
    patience: float = 60.0
    memory: int = 256 * 1024 * 1024


def run_apart(script: Path, text: str | Sequence[str], limits: Limits) -> Any:
    """What a script answers to a text.

    Args:
        script: The script. Its `prepare()` imports what it needs; its `answer(request)` is called
            in a process of its own with `text` and `levels`, and gives what can be written as JSON.
        text: The text, which can be written as UTF-8; or several, where the script takes them.
        limits: How much it may ask for.

    Raises:
        TookTooLong: The text is more work than it may be.
        TooBusy: It has not answered while the caller waited.
        Stopped: Nobody waits any more.
        ReachedOut: The parser reached for a file, a process or the network.
        DidNotRun: It could not be started, or gave no answer.
    """
    ends_at = monotonic() + limits.patience
    reading = under_way()
    asked = {
        "text": text,
        "levels": limits.levels,
        "memory": limits.memory,
        "work": limits.seconds,
    }
    while True:
        reading.see_that_it_is_wanted()
        waiting = _waiting_for(script)
        try:
            standby = waiting or Standby(script)
        except OSError as error:
            raise DidNotRun(error.strerror or "no process could be started") from error
        try:
            status, answer = standby.ask(asked, ends_at, reading.see_that_it_is_wanted)
        except Gone as error:
            standby.end()
            # Whoever has waited may have been ended meanwhile, and has read nothing then.
            if not waiting:
                raise DidNotRun("the process ended before it could read") from error
        except TimeoutError as error:
            standby.end()
            raise TooBusy(limits) from error
        except BaseException:
            # Whatever comes between, an interrupt too, the process does not stay.
            standby.end()
            raise
        else:
            _keep(script, standby)
            return _read(answer, status, limits)


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


def _read(answer: bytes, status: int, limits: Limits) -> Any:
    if status in _WORK_IS_UP:
        raise TookTooLong(limits)
    if status == _TIME_IS_UP:
        raise TooBusy(limits)
    if status == _REACHED_OUT:
        raise ReachedOut
    if status != 0:
        raise DidNotRun(f"the process ended with {status}")
    return json.loads(answer)

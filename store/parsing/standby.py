"""Stands by with a parser imported, and has each text read in a fork of its own.

Run as a script by `store.parsing.apart`, never imported. It sees no text itself: a fork reads the
request, answers it and ends, so that nothing of one text is there when the next is read. From
before the text is read, a fork ends itself as soon as anything is opened, started or connected.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from types import ModuleType
from typing import Any, NoReturn

# What a fork exits with when the parser reached for a file, a process or the network.
REACHED_OUT = 3
# What parsers do by themselves while they parse.
_HARMLESS_EVENTS = {"builtins.id", "object.__getattr__", "sys._getframe"}

# Who has had nothing to read for so long ends, in seconds: it takes memory.
_LONGEST_IDLE = 600


def main(script: str, reports: int, paths: list[str]) -> NoReturn:
    """Have one text after the other read, until nobody is left who could send one.

    Args:
        script: What reads: its `prepare()` imports what it needs, its `answer(request)` answers.
        reports: Where to write what each fork has exited with, as one byte.
        paths: Where modules lie.
    """
    sys.path[:] = paths
    reading = _loaded(script)
    reading.prepare()
    # What is there now is garbage in no fork, and its memory stays shared.
    gc.freeze()
    while True:
        signal.alarm(_LONGEST_IDLE)
        if not os.read(0, 1):
            os._exit(0)
        fork = os.fork()
        if not fork:
            # The end of this process is told by who sees it, and by nobody else.
            os.close(reports)
            _read(reading)
        _, status = os.waitpid(fork, 0)
        code = os.waitstatus_to_exitcode(status)
        os.write(reports, bytes([code if code >= 0 else 128 - code]))


def _loaded(script: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("reading", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read(reading: Any) -> NoReturn:
    """Read the request, answer it, and end without anything that could come after."""
    size = int(sys.stdin.buffer.readline())
    request = json.loads(sys.stdin.buffer.read(size))
    limit(request["memory"], request["work"], request["seconds"])
    sys.addaudithook(_end_when_reaching_out)
    try:
        answer = json.dumps(reading.answer(request))
    except MemoryError:
        answer = json.dumps({"refused": "memory", "place": None})
    sys.stdout.buffer.write(answer.encode())
    sys.stdout.buffer.flush()
    os._exit(0)


def limit(memory: int, work: float, seconds: float) -> None:
    """Limit this process for good.

    Args:
        memory: How much it may have, in bytes.
        work: How long the processor may work for it, in seconds.
        seconds: How long it may run by the clock.
    """
    limits = {
        # Whole seconds alone, and so more than by the timer.
        resource.RLIMIT_CPU: int(work) + 2,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 16,
        resource.RLIMIT_NPROC: 0,
    }
    for limited, value in limits.items():
        # Not every system can limit everything, and nobody can raise what is lower already.
        with suppress(ValueError, OSError):
            resource.setrlimit(limited, (value, value))
    # Nothing at all would set no timer.
    signal.setitimer(signal.ITIMER_PROF, max(work, 0.001))
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _end_when_reaching_out(event: str, _arguments: object) -> None:
    if event not in _HARMLESS_EVENTS:
        os._exit(REACHED_OUT)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])

"""Parses texts as the clients do, in a process of its own: run as a script by `test_parsing`.

It answers each line of its input, JSON with `text` and `environment`, by a line with what the
copies of pyhocon that the clients have make of it: a tree, or why there is none.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
from typing import Any

PARSERS = {
    "clearml": "clearml.utilities.pyhocon",
    "clearml_agent": "clearml_agent.external.pyhocon",
}
# By the processor's clock. What takes longer at a sign-in, stops it.
_SECONDS = 3.0
_MEMORY = 1024 * 1024 * 1024


class Endless(BaseException):
    """The time is up."""


def parsed(parser: Any, text: str) -> dict[str, Any]:
    """What a parser makes of a text.

    Args:
        parser: The module.
        text: The text.
    """
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        tree = parser.ConfigFactory.parse_string(text)
        # What a text is held to is that it comes through the client's own way of handing it on.
        return {"tree": json.loads(json.dumps(tree.as_plain_ordered_dict(), default=_plain))}
    except Endless:
        return {"endless": True}
    except MemoryError:
        return {"swelling": True}
    except Exception as error:
        return {"error": type(error).__name__}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _plain(value: Any) -> Any:
    if type(value).__name__ == "NoneValue":
        return None
    return {"object": type(value).__name__}


def _end(_signal: int, _frame: object) -> None:
    raise Endless


def main() -> None:
    """Answer one line after the other."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGVTALRM, _end)
    parsers = {name: importlib.import_module(module) for name, module in PARSERS.items()}
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        os.environ.clear()
        os.environ.update(request["environment"])
        found = {}
        for name, parser in parsers.items():
            with contextlib.redirect_stdout(sys.stderr):
                found[name] = parsed(parser, request["text"])
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()

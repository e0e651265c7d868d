"""The arguments of `Task.set_credentials`, by which a program hands keys and URLs to the SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.variables.assignments import Value
from store.variables.languages import python_literal

# The arguments, in their order.
API_HOST, WEB_HOST, FILES_HOST, KEY, SECRET = "api_host", "web_host", "files_host", "key", "secret"
ARGUMENTS = (API_HOST, WEB_HOST, FILES_HOST, KEY, SECRET)

_CALL = re.compile(r"^[^#\r\n]{0,200}?\bset_credentials[ \t]*\(", re.MULTILINE)
_BETWEEN = re.compile(r"(?:[\s,\\]|#[^\r\n]*)*")
_KEYWORD = re.compile(r"(\w+)\s{0,20}=(?!=)\s{0,20}")
# The rest of an expression, with brackets in it.
_EXPRESSION = re.compile(r"(?:[^,()\[\]\r\n]|\([^()]*\)|\[[^\[\]]*\])*")


def arguments_in(text: str) -> Iterator[tuple[int, str, Value]]:
    """Where each argument is, its name, and its value; of an argument that is None, nothing."""
    for call in _CALL.finditer(text):
        yield from _of_call(text, call.end())


def _of_call(text: str, at: int) -> Iterator[tuple[int, str, Value]]:
    for number in range(len(ARGUMENTS) + 1):
        at = _end(_BETWEEN, text, at)
        if at == len(text) or text[at] in ")]}":
            return
        keyword = _KEYWORD.match(text, at)
        name = keyword[1] if keyword else (*ARGUMENTS, "")[number]
        begin = keyword.end() if keyword else at
        value = python_literal(text, begin)
        end = max(value.end if not value.is_open else begin, _end(_EXPRESSION, text, begin))
        if name in ARGUMENTS and value.text != "None":
            yield at, name, value
        at = end


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at

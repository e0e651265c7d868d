"""The formats that a vault's text can have, and which one a text has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal, get_args

Format = Literal["hocon", "json", "yaml"]

FORMATS: tuple[Format, ...] = get_args(Format)
SHOWN: dict[Format, str] = {"hocon": "HOCON", "json": "JSON", "yaml": "YAML"}

# No text that can be saved is longer; beyond it nothing is looked at.
_LOOKED_AT = 256 * 1024
# Of lines, the first ones tell, and a person who types waits for the answer.
_LINES_LOOKED_AT = 20_000

_BEGINS_YAML = re.compile(r"(?:---|\.\.\.)(?:\s|$)|%[A-Z]|[?-](?:\s|$)|[&*!|>]")
_BEGINS_HOCON = re.compile(r'include\s*(?:"|(?:file|url|required|package)\s*\()|[{}\[]')
_QUOTED_KEY = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
_SEPARATOR = re.compile(r":(?=\s|$)|\+?=|\{")
_COLON = re.compile(r":(?=\s|$)")
# Strings and comments are passed over; what is left are the brackets. A string that has no end
# takes the rest of its line: to look for it again at each quote within would take too long.
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:[^\']*\')?|(?<!\S)(?:\#|//).*|[\[{]|[\]}]')


def recognised(text: str) -> Format:
    """The format that a text most likely has; HOCON where nothing is in it.

    Block YAML is never taken for HOCON, of which clients would make something else without a word.

    Args:
        text: The text, which may be anything.
    """
    text = text.lstrip("\ufeff")[:_LOOKED_AT]
    if text.lstrip().startswith(("{", "[")) and _is_json(text):
        return "json"
    return "yaml" if _is_block_yaml(text[:_LINES_LOOKED_AT]) else "hocon"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _is_block_yaml(text: str) -> bool:
    """Whether the first line that shows it is one of block YAML."""
    is_flow = False
    lines = _lines(text)
    for line in lines:
        if _BEGINS_YAML.match(line):
            return True
        if _BEGINS_HOCON.match(line):
            return False
        value = _value_after_colon(line)
        if value is None:
            return False
        if not value.startswith(("{", "[")):
            return True
        depth = _opened(value)
        is_flow = depth == 0
        # An object over several lines, with braces, is written alike in both.
        while depth > 0:
            depth += _opened(next(lines, "}" * depth))
    return is_flow


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith(("#", "//")):
            yield stripped


def _value_after_colon(line: str) -> str | None:
    """What a line gives a name by a colon and a blank; None where it does not."""
    quoted = _QUOTED_KEY.match(line)
    found = _SEPARATOR.search(line, quoted.end() if quoted else 0)
    if found is None or found[0] == "{":
        return None
    if found[0] != ":":
        # `a = { b: 1 }` is HOCON; YAML has names like `a = b`, if it must be.
        if line[found.end() :].lstrip().startswith(("{", "[", '"', "$")):
            return None
        found = _COLON.search(line, found.end())
        if found is None:
            return None
    return line[found.end() :].strip()


def _opened(line: str) -> int:
    """How many brackets more are opened than closed."""
    found = [match[0] for match in _BRACKET.finditer(line)]
    return sum(token in "{[" for token in found) - sum(token in "}]" for token in found)

"""What a configuration says that somebody has: its keys and URLs, whichever form it comes in."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.configuration import (
    ACCESS_KEY_VARIABLE,
    API_VARIABLE,
    FILES_VARIABLE,
    SECRET_KEY_VARIABLE,
    WEB_VARIABLE,
)
from store.errors import InvalidInput
from store.parsing.hocon import USUAL_LIMITS, Include, ParsedHocon, parse_hocon

WEB, API, FILES = "web_server", "api_server", "files_server"
ACCESS_KEY, SECRET_KEY = "access_key", "secret_key"

_VARIABLES = {
    WEB_VARIABLE: WEB,
    API_VARIABLE: API,
    FILES_VARIABLE: FILES,
    ACCESS_KEY_VARIABLE: ACCESS_KEY,
    SECRET_KEY_VARIABLE: SECRET_KEY,
}
_VARIABLE_LINE = re.compile(
    rf"[ \t]*(?P<by>export[ \t]+|%(?:set_)?env[ \t]+)?(?P<name>{'|'.join(_VARIABLES)})"
    r"[ \t]*=[ \t]*(?P<value>.*)"
)


@dataclass(frozen=True)
class ReadConfiguration:
    """What was found.

    Attributes:
        values: The keys and URLs by `access_key`, `api_server` and so on; those that are there.
        names: What each is called in the form that was given, for messages.
        has_section: Whether there is an `api` section, or variables that stand for one.
        unresolved: Which of them hold a substitution, and so have their value elsewhere.
        includes: What was not followed.
        substitutions: The substitutions that were not resolved, each with its line.
    """

    values: Mapping[str, str]
    names: Mapping[str, str]
    has_section: bool = True
    unresolved: frozenset[str] = frozenset()
    includes: tuple[Include, ...] = ()
    substitutions: tuple[tuple[str, int], ...] = ()


def read_configuration(text: str) -> ReadConfiguration:
    """Read a section, a whole `clearml.conf`, or lines that set environment variables.

    Args:
        text: What was pasted, which may be anything.

    Raises:
        InvalidInput: There is nothing in it, or it is none of these.
    """
    if not text.strip():
        raise InvalidInput("Paste a section or a whole clearml.conf first.", field="text")
    # A text that is too large is refused by the parser, in words.
    lines = text.splitlines() if len(text) <= USUAL_LIMITS.size else []
    found = [match for line in lines if (match := _VARIABLE_LINE.fullmatch(line))]
    # A clearml.conf may set variables, too, in braces.
    are_variables = any(match["by"] or "{" not in text for match in found)
    return _of_variables(found) if are_variables else _of_hocon(parse_hocon(text))


def _of_variables(found: list[re.Match[str]]) -> ReadConfiguration:
    values = {_VARIABLES[match["name"]]: _value_of(match) for match in found}
    unresolved = {name for name, value in values.items() if "$" in value or "`" in value}
    names = {name: variable for variable, name in _VARIABLES.items()}
    return ReadConfiguration(values, names, unresolved=frozenset(unresolved))


def _value_of(match: re.Match[str]) -> str:
    value = match["value"].strip()
    # A notebook takes quotes as part of the value; a shell does not.
    if (match["by"] or "").startswith("%"):
        return value
    try:
        return next(iter(shlex.split(value, comments=True)), "")
    except ValueError:
        return value


def _of_hocon(parsed: ParsedHocon) -> ReadConfiguration:
    section = parsed.tree.get("api")
    api = section if isinstance(section, dict) else {}
    credentials = api.get("credentials")
    # `host` is what the API server was called in former times; clients read it still.
    written = {WEB: api.get(WEB), API: api.get(API, api.get("host")), FILES: api.get(FILES)}
    if isinstance(credentials, dict):
        written |= {name: credentials.get(name) for name in (ACCESS_KEY, SECRET_KEY)}
    values = {name: text for name, value in written.items() if (text := _text(value))}
    return ReadConfiguration(
        values=values,
        names={name: name for name in _VARIABLES.values()},
        has_section=isinstance(section, dict),
        unresolved=frozenset(name for name, text in values.items() if _is_open(text, parsed)),
        includes=parsed.includes,
        substitutions=tuple((one.name, one.line) for one in parsed.substitutions),
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _is_open(text: str, parsed: ParsedHocon) -> bool:
    return any(f"${{{'?' * one.is_optional}{one.name}}}" in text for one in parsed.substitutions)

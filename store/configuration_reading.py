"""What a configuration says that somebody has: its keys and URLs, whichever form it comes in.

It is read as ClearML's clients read it. What their file says they take as it is, blanks and all. A
variable of the environment they cut at both ends, and where something is left of it, it goes before
the file; `CLEARML_…` goes before `TRAINS_…`, its former name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

from store.configuration import (
    ACCESS_KEY_VARIABLE,
    API_VARIABLE,
    FILES_VARIABLE,
    SECRET_KEY_VARIABLE,
    WEB_VARIABLE,
)
from store.errors import InvalidInput
from store.hocon_spans import (
    has_api_section,
    is_of_terminal,
    lines_of_prose,
    spans_of_sections,
    within_fences,
    within_here_document,
    without_lines,
)
from store.parsing.hocon import USUAL_LIMITS, HoconError, Include, ParsedHocon, parse_hocon
from store.stray_characters import is_odd, named
from store.variables import set_credentials
from store.variables.assignments import Assignment
from store.variables.finding import assignments_in
from store.vaults.outline import outline

WEB, API, FILES = "web_server", "api_server", "files_server"
ACCESS_KEY, SECRET_KEY = "access_key", "secret_key"

_VARIABLES = {
    WEB: WEB_VARIABLE,
    API: API_VARIABLE,
    FILES: FILES_VARIABLE,
    ACCESS_KEY: ACCESS_KEY_VARIABLE,
    SECRET_KEY: SECRET_KEY_VARIABLE,
}
_FORMER = {name: f"TRAINS_{to.partition('_')[2]}" for name, to in _VARIABLES.items()}
_TOKEN_VARIABLE = "CLEARML_AUTH_TOKEN"
_ALL_VARIABLES = (*_VARIABLES.values(), *_FORMER.values(), _TOKEN_VARIABLE)
_ARGUMENTS = {
    WEB: set_credentials.WEB_HOST,
    API: set_credentials.API_HOST,
    FILES: set_credentials.FILES_HOST,
    ACCESS_KEY: set_credentials.KEY,
    SECRET_KEY: set_credentials.SECRET,
}
# What is said of a vault.
_SKIPPING = re.compile(r"skip the whole (?:vault|text)")
_LONE_RETURN = re.compile(r"\r(?!\n)")
# Where each is in a file; the first that is not empty counts. Another one is its former name.
_PATHS = {
    WEB: (("api", WEB),),
    API: (("api", API), ("api", "host")),
    FILES: (("api", FILES),),
    ACCESS_KEY: (("api", "credentials", ACCESS_KEY),),
    SECRET_KEY: (("api", "credentials", SECRET_KEY),),
}


@dataclass(frozen=True)
class Held:
    """A key or a URL that a client has.

    Attributes:
        text: What the client has.
        called: What it is called in the form that was given, for messages.
        line: The line that it is in, from 1; 0 where that is not known.
        written: What was written, of which a client may cut blanks.
        is_open: Whether it, or some of it, is filled in where the client runs.
        is_variable: Whether it is no value of a file.
    """

    text: str = field(repr=False)
    called: str
    line: int
    written: str = field(repr=False)
    is_open: bool = False
    is_variable: bool = False


@dataclass(frozen=True)
class ReadConfiguration:
    """What was found.

    Attributes:
        held: The keys and URLs by `access_key`, `api_server` and so on; those that are there.
        names: What each is called in the form that was given, for messages.
        has_section: Whether there is an `api` section, or variables that stand for one.
        token: A token that clients sign in by instead of the keys, if there is one.
        passed_by: What a client has no use for, and what it has instead, where these differ.
        odd: Assignments that come to nothing, or may.
        odd_blanks: In which lines there is which blank that is none, where it does harm.
        prose: The lines that are no configuration.
        is_readable: Whether clients can read it as it is, but for what a terminal said around it.
        includes: What was not followed.
        substitutions: The substitutions that were not resolved, each with its line.
    """

    held: Mapping[str, Held]
    names: Mapping[str, str]
    has_section: bool = True
    token: Held | None = None
    passed_by: tuple[tuple[Held, Held], ...] = ()
    odd: tuple[Assignment, ...] = ()
    odd_blanks: tuple[tuple[int, str], ...] = ()
    prose: tuple[int, ...] = ()
    is_readable: bool = True
    includes: tuple[Include, ...] = ()
    substitutions: tuple[tuple[str, int], ...] = ()


def read_configuration(text: str) -> ReadConfiguration:
    """Read a section, a whole `clearml.conf`, or whatever sets environment variables.

    Args:
        text: What was pasted, which may be anything.

    Raises:
        InvalidInput: There is nothing in it, or it is none of these.
    """
    if not text.strip():
        raise InvalidInput("Paste a section or a whole clearml.conf first.", field="text")
    if len(text) > USUAL_LIMITS.size:
        # Refused, in the parser's words.
        parse_hocon(text)
    # A carriage return alone ends a line to clients, too.
    text = within_fences(_LONE_RETURN.sub("\n", text))
    found = assignments_in(text, _ALL_VARIABLES, spans_of_sections(text))
    if found and not has_api_section(text):
        return _Reading(text, found).whole()
    rest = within_here_document(without_lines(text, {one.line for one in found}))
    parsed, prose = _parsed(rest)
    return _Reading(text, found, rest, parsed, prose).whole()


def _parsed(text: str) -> tuple[ParsedHocon, set[int]]:
    """What a file says, and which of its lines had to be left out for that."""
    try:
        parsed = parse_hocon(text)
        if "api" in parsed.tree:
            return parsed, set()
    except HoconError as error:
        return _parsed_without_prose(text) or _refuse(text, error)
    return _parsed_without_prose(text) or (parsed, set())


def _parsed_without_prose(text: str) -> tuple[ParsedHocon, set[int]] | None:
    prose = lines_of_prose(text) if has_api_section(text) else set()
    if prose:
        with suppress(HoconError):
            return parse_hocon(without_lines(text, prose)), prose
    return None


def _refuse(text: str, error: HoconError) -> NoReturn:
    raise _naming_blanks(text, _of_a_file(error)) from error


def _of_a_file(error: HoconError) -> HoconError:
    """The error in the words for a file, which a client cannot go on without."""
    message = _SKIPPING.sub("cannot read the file", error.message)
    if message == error.message:
        return error
    return HoconError(message, error.line, error.column)


def _naming_blanks(text: str, error: HoconError) -> HoconError:
    """The error, with the name of a blank that is none where that is what it stopped at."""
    if error.line is None or error.column is None:
        return error
    line, column = error.line, error.column
    character = text.split("\n")[line - 1][column - 1 : column]
    # One at the beginning has words of its own.
    if not character or not is_odd(character) or text.startswith(character):
        return error
    return HoconError(
        f"Line {line}, column {column}: here is {named(character)}, which clients cannot read. "
        "Take it out, or type a plain blank in its place.",
        line,
        column,
    )


_NOTHING = ParsedHocon({}, (), ())
# Beside these a blank that is none does harm.
_HARMED = ("CLEARML_", "TRAINS_", "api", "credentials", "_server", "host", "_key")


@dataclass(frozen=True)
class _Reading:
    """Puts together what a client would have.

    Attributes:
        text: All of the text.
        assignments: The variables that it sets.
        file: What is left of it without them.
        parsed: What that says.
        prose: The lines that had to be left out of it.
    """

    text: str
    assignments: list[Assignment]
    file: str = ""
    parsed: ParsedHocon = _NOTHING
    prose: Iterable[int] = ()

    def whole(self) -> ReadConfiguration:
        """What was found."""
        variables = self._variables()
        in_file = dict(self._in_file())
        held: dict[str, Held] = {}
        passed_by: list[tuple[Held, Held]] = []
        for name in _VARIABLES:
            of_file = [in_file[name]] if name in in_file else []
            known = [*self._outside_the_file(name, variables), *of_file]
            if known:
                held[name] = known[0]
                passed_by += [(one, known[0]) for one in known[1:] if one.text != known[0].text]
        has_api = isinstance(self._at(("api",)), dict) or self._is_open(("api",))
        names = {name: name if has_api else variable for name, variable in _VARIABLES.items()}
        odd = tuple(one for one in self.assignments if one.value.trouble)
        told = {one.line for one in held.values()} | {one.line for one in odd}
        return ReadConfiguration(
            held=held,
            names=names | {name: one.called for name, one in held.items()},
            has_section=has_api or bool(self.assignments),
            token=variables.get(_TOKEN_VARIABLE),
            passed_by=tuple(passed_by),
            odd=odd,
            odd_blanks=tuple(self._odd_blanks(told)),
            prose=tuple(sorted(self.prose)),
            is_readable=not self.prose or is_of_terminal(self.file, self.prose),
            includes=self.parsed.includes,
            substitutions=tuple((one.name, one.line) for one in self.parsed.substitutions),
        )

    def _variables(self) -> dict[str, Held]:
        """What is not empty of the variables and arguments, by their names."""
        last: dict[str, Assignment] = {}
        for one in self.assignments:
            # What is only handed on is what it was before.
            is_handed_on = one.value.is_open and not one.value.text and one.name in last
            if one.value.is_set and not is_handed_on:
                last[one.name] = one
        return {
            name: Held(text, name, one.line, one.value.text, one.value.is_open, is_variable=True)
            for name, one in last.items()
            if (text := one.value.text.strip()) or one.value.is_open
        }

    def _outside_the_file(self, name: str, variables: Mapping[str, Held]) -> list[Held]:
        """What goes before the file, the first first."""
        environment = (_VARIABLES[name], _FORMER[name])
        argument = _ARGUMENTS[name]
        # A call sets keys in any case, and URLs where no variable does.
        is_key = name in (ACCESS_KEY, SECRET_KEY)
        order = (argument, *environment) if is_key else (*environment, argument)
        return [variables[one] for one in order if one in variables]

    def _in_file(self) -> Iterator[tuple[str, Held]]:
        lines = self._lines()
        for name, paths in _PATHS.items():
            for path in paths:
                text, is_open = _text(self._at(path)), self._is_open(path)
                if text or is_open:
                    yield name, Held(text, path[-1], lines.get(path, 0), text, is_open)
                    break

    def _lines(self) -> dict[tuple[str, ...], int]:
        if not self.parsed.tree:
            return {}
        keys = outline(without_lines(self.file, set(self.prose))).keys
        return {key.path: key.line for key in keys if not key.is_in_list}

    def _at(self, path: tuple[str, ...]) -> Any:
        found: Any = self.parsed.tree
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def _is_open(self, path: tuple[str, ...]) -> bool:
        return any(path[: len(one)] == one for one in self.parsed.unresolved)

    def _odd_blanks(self, told: set[int]) -> Iterator[tuple[int, str]]:
        """Where such blanks make another name of one that clients look for."""
        if self.text.isascii():
            return
        for number, line in enumerate(self.text.split("\n"), 1):
            odd = next(filter(is_odd, line), "")
            is_comment = line.lstrip().startswith(("#", "//"))
            if (
                odd
                and number not in told
                and not is_comment
                and any(one in line for one in _HARMED)
            ):
                yield number, named(odd)


def _text(value: Any) -> str:
    """A value as it goes over the wire; clients take that of a text as it is."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""

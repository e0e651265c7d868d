"""Reads HOCON in a process of its own, which `store.parsing.standby` forks for it.

pyhocon follows includes and looks into the environment, and has no switch against either. Here
every include is written down instead, and each variable stands for itself. The release is the one
that ClearML's clients have a copy of. Nothing of the text is in an error but its place, for the
text may hold secrets.
"""

from __future__ import annotations

import functools
import re
import sys
from types import ModuleType
from typing import Any

import pyparsing

from store.parsing.hocon_disarmed import Disarmed
from store.parsing.hocon_resolving import PLACE, Resolved, Resolver, is_written, substitutions_in
from store.parsing.refused import Refused, place_in

# Strings, comments, substitutions and escapes are passed over; what is left are the brackets.
_TOKEN = re.compile(
    r'"""(?:.*?"""+|.*)'
    r'|"(?:[^"\\\n]|\\.)*"?'
    r"|(?:\#|(?<!:)//)[^\n\r]*"
    r"|\$\{[^}]{1,500}\}"
    r"|\\."
    r"|[\[{]|[\]}]",
    re.DOTALL,
)
# What pyhocon and pyparsing import only for what they are kept from doing here: to connect, to look
# for files, to write, to test. It takes a third of what it takes to start this process.
_LEFT_OUT = (
    "urllib.request",
    "urllib.error",
    "socket",
    "importlib.resources",
    "pyparsing.testing",
    "pyhocon.converter",
)
# The first part of what a substitution names; it may be in quotes.
_NAMED = re.compile(r"\$\{\s*\??\s*\"?([^\s.}\"]*)")
_WORD = re.compile(r"[^\s.\"{}\[\]=:,+$]+")


def prepare() -> None:
    """Import what reading needs, and compile its expressions."""
    for name in _LEFT_OUT:
        sys.modules[name] = LeftOut(name)
    from pyhocon.config_parser import NO_SUBSTITUTION, ConfigParser
    from pyhocon.config_tree import ConfigTree

    # Each setting has all keys of its section taken apart anew, which takes most of the time.
    ConfigTree.parse_key = staticmethod(functools.lru_cache(maxsize=65_536)(ConfigTree.parse_key))

    # The parser is made anew for each text, of the same expressions.
    ConfigParser().parse("a = 1", resolve=False, unresolved_value=NO_SUBSTITUTION)


def answer(request: dict[str, Any]) -> Any:
    """What is answered to a request: what a text holds or why it is refused, or that of several."""
    text, levels = request["text"], request["levels"]
    if isinstance(text, list):
        return [_read(one, levels) for one in text]
    return _read(text, levels)


def _read(text: str, levels: int) -> dict[str, Any]:
    try:
        unclosed = _check_levels(text, levels)
    except Refused as refused:
        return {"refused": refused.what, "place": refused.place}
    try:
        return Reader(text, levels).read()
    except Refused as refused:
        unclosed = unclosed if refused.what == "syntax" else None
        return {"refused": refused.what, "place": refused.place, "unclosed": unclosed}


def _check_levels(text: str, levels: int) -> tuple[int, int] | None:
    """See how deep brackets lie in each other, before a parser does that calls itself for each.

    Returns:
        The place of a bracket that is not closed, if there is one.
    """
    opened: list[int] = []
    # The braces around all of it are no level.
    outer = None
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "{[":
            if outer is None:
                outer = token == "{" and not _holds_more_than_comments(text[: match.start()])
            opened.append(match.start())
            if len(opened) - outer > levels:
                raise Refused("levels", place_in(text, match.start()))
        elif token in "}]" and opened:
            opened.pop()
    return place_in(text, opened[-1]) if opened else None


def _holds_more_than_comments(text: str) -> bool:
    return bool(re.sub(r"(?:#|//)[^\n]*", "", text).strip())


def _may_refer_to_itself(text: str) -> bool:
    """Whether a value may be made of a former one: what is named is written elsewhere, too."""
    if "+=" in text:
        return True
    named = set(_NAMED.findall(text))
    return not named.isdisjoint(_WORD.findall(_NAMED.sub("", text)))


class LeftOut(ModuleType):
    """Stands for a module of which nothing is used."""

    def __getattr__(self, name: str) -> Any:
        """Whatever is imported from it, as None; it has nothing of what makes a module."""
        if name.startswith("__"):
            raise AttributeError(name)
        return None


class Reader:
    """Reads one text.

    Args:
        text: The text.
        levels: How deep its values may lie.
    """

    def __init__(self, text: str, levels: int) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._levels = levels
        self._includes: dict[int, dict[str, Any]] = {}

    def read(self) -> dict[str, Any]:
        """What the text holds.

        Raises:
            Refused: It cannot be read, or not by any client.
        """
        from pyhocon import config_parser, config_tree

        try:
            with Disarmed(
                config_parser,
                config_tree,
                self._levels,
                self._place_of,
                self._note_include,
                keeps_history=_may_refer_to_itself(self._text),
            ) as disarmed:
                raw = self._parse(config_parser, disarmed)
                if isinstance(raw, list):
                    raise Refused("list")
                written = list(substitutions_in(config_tree, raw))
                resolver = Resolver(
                    config_parser,
                    config_tree,
                    self._levels,
                    self._place,
                    has_includes=bool(self._includes),
                )
                noted = {one.loc: self._substitution(one) for one, _ in written if is_written(one)}
                found = self._resolved(resolver, raw, noted)
        except RecursionError as error:
            raise Refused("levels") from error
        # What is included could change whatever is looked up elsewhere.
        doubtful = {path for _, path in written} if self._includes else set()
        failing = found.failing
        return {
            "tree": found.tree,
            "unresolved": sorted(found.open | doubtful),
            "includes": [self._includes[loc] for loc in sorted(self._includes)],
            "substitutions": [noted[loc] for loc in sorted(noted)],
            "needed": sorted(found.needed),
            "failing": failing and {"refused": failing.what, "place": failing.place},
        }

    def _resolved(self, resolver: Resolver, raw: Any, noted: dict[int, dict[str, Any]]) -> Resolved:
        sections = tuple(map(str, raw))
        try:
            return resolver.resolved(raw)
        except Refused as refused:
            # Where nothing tells, it is the first that names something of the text itself.
            first = min(
                noted.values(),
                key=lambda one: (not one["name"].startswith(sections), one["line"], one["column"]),
                default=None,
            )
            place = (first["line"], first["column"]) if first else None
            raise Refused(refused.what, refused.place or place) from refused

    def _parse(self, parser: Any, disarmed: Disarmed) -> Any:
        try:
            return parser.ConfigParser().parse(
                self._text, resolve=False, unresolved_value=parser.NO_SUBSTITUTION
            )
        except pyparsing.ParseBaseException as error:
            raise Refused("syntax", self._place(error.lineno, error.column)) from error
        except parser.ConfigException as error:
            found = PLACE.search(str(error))
            place = self._place(int(found[1]), int(found[2])) if found else disarmed.last_put
            raise Refused("mixture", place) from error
        except (RecursionError, MemoryError, Refused):
            raise
        # pyhocon stumbles over odd texts in more ways than it says.
        except Exception as error:
            raise Refused("odd") from error

    def _note_include(self, instring: str, loc: int, token: Any) -> tuple[int, int]:
        line, column = self._place_of(instring, loc)
        words = [str(getattr(word, "value", word)) for word in token]
        is_required = words[0] == "required"
        what = " ".join(words[is_required:])
        self._includes[loc] = {
            "what": what,
            "line": line,
            "column": column,
            "is_required": is_required,
        }
        return line, column

    def _substitution(self, found: Any) -> dict[str, Any]:
        line, column = self._place_of(found.instring, found.loc)
        return {
            "name": found.variable,
            "is_optional": found.optional,
            "line": line,
            "column": column,
        }

    def _place_of(self, instring: str, loc: int) -> tuple[int, int]:
        while instring[loc : loc + 1] in (" ", "\t"):
            loc += 1
        return self._place(*place_in(instring, loc))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """The place in the text as it was given, where pyparsing has made blanks of tabs."""
        width = 0
        characters = self._lines[line - 1]
        for index, character in enumerate(characters, 1):
            width += 8 - width % 8 if character == "\t" else 1
            if width >= column:
                return line, index
        return line, len(characters) + 1

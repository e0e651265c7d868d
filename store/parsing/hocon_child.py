"""Reads HOCON in a process of its own, which `store.parsing.standby` forks for it.

pyhocon follows includes and looks into the environment, and has no switch against either. Here
every include is written down instead, and substitutions stay as they are. Nothing of the text is
in an error but its place, for the text may hold secrets.
"""

from __future__ import annotations

import functools
import linecache
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

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
_PLACE_IN_MESSAGE = re.compile(r"\(line: (\d+), col: (\d+)\)\Z")


class Refused(Exception):
    """The text is refused; `what` says why, for the sentence that the caller makes of it."""

    def __init__(self, what: str, place: tuple[int, int] | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.place = place


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
                raise Refused("levels", _place(text, match.start()))
        elif token in "}]" and opened:
            opened.pop()
    return _place(text, opened[-1]) if opened else None


def _holds_more_than_comments(text: str) -> bool:
    return bool(re.sub(r"(?:#|//)[^\n]*", "", text).strip())


def _may_refer_to_itself(text: str) -> bool:
    """Whether a value may be made of a former one: what is named is written elsewhere, too."""
    if "+=" in text:
        return True
    named = set(_NAMED.findall(text))
    return not named.isdisjoint(_WORD.findall(_NAMED.sub("", text)))


def _place(text: str, index: int) -> tuple[int, int]:
    """The line and the column, both from 1, of a position in the text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


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
        self._substitutions: dict[int, dict[str, Any]] = {}

    def read(self) -> dict[str, Any]:
        """What the text holds.

        Raises:
            Refused: It cannot be read.
        """
        from pyhocon import config_parser, config_tree

        self._disarm(config_parser, config_tree)
        plain = Plain(config_tree, self._levels, self._note_substitution)
        try:
            tree = self._parse(config_parser)
            if isinstance(tree, list):
                raise Refused("list")
            self._add_up(config_parser.ConfigParser, tree)
            return {
                "tree": plain.tree(tree, 0),
                "unresolved": plain.unresolved,
                "includes": [self._includes[loc] for loc in sorted(self._includes)],
                "substitutions": [self._substitutions[loc] for loc in sorted(self._substitutions)],
            }
        except RecursionError as error:
            raise Refused("levels") from error

    def _parse(self, parser: Any) -> Any:
        try:
            return parser.ConfigParser().parse(
                self._text, resolve=False, unresolved_value=parser.NO_SUBSTITUTION
            )
        except parser.pyparsing.ParseBaseException as error:
            raise Refused("syntax", self._place(error.lineno, error.column)) from error
        except parser.ConfigException as error:
            found = _PLACE_IN_MESSAGE.search(str(error))
            place = self._place(int(found[1]), int(found[2])) if found else None
            raise Refused("mixture", place) from error
        except (RecursionError, MemoryError, Refused):
            raise
        # pyhocon stumbles over odd texts in more ways than it says.
        except Exception as error:
            raise Refused("odd") from error

    def _add_up(self, parser: Any, tree: Any) -> None:
        """Let pyhocon do what `+=` says, in its own way, unless a substitution is in between."""
        found = parser._find_substitutions(tree)
        if not found or any(isinstance(one.instring, str) for one in found):
            return
        try:
            parser.resolve_substitutions(tree)
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            raise Refused("adding") from error

    def _disarm(self, parser: Any, types: Any) -> None:
        """Take out of pyhocon what follows includes, and what it does beyond reading."""
        # pyparsing asks for its own source lines, which nobody here is shown.
        linecache.updatecache = lambda *_: []
        # `10m` stays a text, as it was typed; to look for periods takes half of the time, too.
        parser.get_period_expr = parser.pyparsing.NoMatch
        # Side by side with a text, null would be the address of an object.
        types.NoneValue.__str__ = lambda _: "null"
        parser.ConfigFactory.parse_file = lambda *_, **__: types.ConfigTree()
        parser.ConfigFactory.parse_URL = lambda *_, **__: types.ConfigTree()
        parser.ConfigParser.resolve_package_path = lambda path: path
        parser.glob = lambda path, **_: [path]
        parser.ConfigInclude = self._noting(types.ConfigInclude)
        # Keeping what a section was before each of its settings takes more than all else.
        self._keeps_history(parser, is_needed=_may_refer_to_itself(self._text))
        # Texts that were read before in this process have left theirs.
        plain = getattr(parser.Group, "plain", parser.Group)
        parser.Group = self._checking(plain, types.ConfigTree.parse_key)

    def _keeps_history(self, parser: Any, *, is_needed: bool) -> None:
        parser.ConfigTreeParser.root = property(
            lambda made: is_needed and made.is_root,
            lambda made, is_root: setattr(made, "is_root", is_root),
        )

    def _noting(self, include: Any) -> Any:
        """What stands for an include. It is made where pyhocon has the place at hand."""
        reader = self

        class NotedInclude(include):  # type: ignore[misc]
            def __init__(self, _tokens: object) -> None:
                super().__init__([])
                reader._note_include(**_chosen(sys._getframe(1).f_locals))

            def __str__(self) -> str:
                return ""

        return NotedInclude

    def _checking(self, group: Any, parse_key: Any) -> Any:
        """What reads a key with its value, and refuses keys at which pyhocon would stumble."""
        reader = self

        class CheckedGroup(group):  # type: ignore[misc]
            plain = group

            def parseImpl(self, instring: str, loc: int, *rest: Any, **named: Any) -> Any:
                end, tokens = super().parseImpl(instring, loc, *rest, **named)
                path = parse_key(tokens[0].strip())
                if not path or "" in [part.strip('"') for part in path]:
                    raise Refused("key", reader._place_of(instring, loc))
                if len(path) > reader._levels + 1:
                    raise Refused("levels", reader._place_of(instring, loc))
                return end, tokens

        return CheckedGroup

    def _note_include(self, instring: str, loc: int, token: Any) -> None:
        line, column = self._place_of(instring, loc)
        words = [str(getattr(word, "value", word)) for word in token]
        what = " ".join(words[1:] if words[0] == "required" else words)
        self._includes[loc] = {"what": what, "line": line, "column": column}

    def _note_substitution(self, token: Any, path: list[str]) -> None:
        line, column = self._place_of(token.instring, token.loc)
        self._substitutions[token.loc] = {
            "name": token.variable,
            "is_optional": token.optional,
            "path": path,
            "line": line,
            "column": column,
        }

    def _place_of(self, instring: str, loc: int) -> tuple[int, int]:
        while instring[loc : loc + 1] in (" ", "\t"):
            loc += 1
        return self._place(*_place(instring, loc))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """The place in the text as it was given, where pyparsing has made blanks of tabs."""
        width = 0
        characters = self._lines[line - 1]
        for index, character in enumerate(characters, 1):
            width += 8 - width % 8 if character == "\t" else 1
            if width >= column:
                return line, index
        return line, len(characters) + 1


class Plain:
    """Makes plain values of pyhocon's.

    Args:
        types: The module of pyhocon's values.
        levels: How deep values may lie in each other.
        note: Is told of each substitution, and the keys on the way to the value that it is in.
    """

    def __init__(self, types: Any, levels: int, note: Callable[[Any, list[str]], None]) -> None:
        self._types = types
        self._levels = levels
        self._note = note
        # Of the values in which there are substitutions, the keys on the way to them.
        self.unresolved: list[list[str]] = []
        self._path: list[str] = []

    def tree(self, tree: Any, level: int) -> dict[str, Any]:
        """An object, without what includes would bring.

        Raises:
            Refused: It is too deep.
        """
        self._check(level)
        plain = {}
        for key, value in tree.items():
            if not isinstance(value, self._types.ConfigInclude):
                name = key.strip('"')
                self._path.append(name)
                plain[name] = self._value(value, level + 1)
                self._path.pop()
        return plain

    def _check(self, level: int) -> None:
        if level > self._levels:
            raise Refused("levels")

    def _value(self, value: Any, level: int) -> Any:
        types = self._types
        if isinstance(value, types.ConfigTree):
            return self.tree(value, level)
        if isinstance(value, list):
            self._check(level)
            return [self._value(item, level + 1) for item in value]
        if isinstance(value, types.ConfigValues):
            return self._values(value, level)
        if isinstance(value, types.NoneValue):
            return None
        if isinstance(value, types.ConfigQuotedString):
            return value.value
        return value if isinstance(value, bool | int | float | str | None) else str(value)

    def _values(self, values: Any, level: int) -> Any:
        """What was written side by side, such as `${x} more`, or added by `+=`."""
        chain = [values]
        while self._adds(chain[-1]) and chain[-1].overridden_value is not None:
            former = chain[-1].overridden_value
            is_plain = not isinstance(former, self._types.ConfigValues)
            chain.append(self._types.ConfigValues([former], "", 0) if is_plain else former)
        parts = [self._joined(one.tokens, level) for one in reversed(chain)]
        return functools.reduce(_added, parts)

    def _adds(self, values: Any) -> bool:
        return self._is_itself(values.tokens[0])

    def _is_itself(self, token: Any) -> bool:
        """Whether it is what `+=` makes of its own key, which has no place in the text."""
        return isinstance(token, self._types.ConfigSubstitution) and not isinstance(
            token.instring, str
        )

    def _joined(self, tokens: list[Any], level: int) -> Any:
        substitutions = [one for one in tokens if isinstance(one, self._types.ConfigSubstitution)]
        for substitution in substitutions:
            if not self._is_itself(substitution):
                self._note(substitution, list(self._path))
                self.unresolved.append(list(self._path))
        known = [self._value(token, level) for token in tokens if token not in substitutions]
        trees = [part for part in known if isinstance(part, dict)]
        if trees:
            return functools.reduce(_merged, trees)
        lists = [part for part in known if isinstance(part, list)]
        if lists:
            return [item for part in lists for item in part]
        return known[0] if len(tokens) == 1 and known else self._text(tokens)

    def _text(self, tokens: list[Any]) -> str:
        return "".join(map(self._piece, tokens)).rstrip(" \t")

    def _piece(self, token: Any) -> str:
        types = self._types
        if isinstance(token, types.ConfigQuotedString):
            return f"{token.value}{token.ws}"
        if isinstance(token, types.NoneValue) or self._is_itself(token):
            return ""
        if isinstance(token, types.ConfigSubstitution):
            mark = "?" if token.optional else ""
            return f"${{{mark}{token.variable}}}{token.ws}"
        return str(token)


def _added(whole: Any, part: Any) -> Any:
    same = isinstance(whole, list | str) and type(whole) is type(part)
    return whole + part if same else part


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    merged = dict(first)
    for key, value in second.items():
        former = merged.get(key)
        if isinstance(former, dict) and isinstance(value, dict):
            value = _merged(former, value)
        merged[key] = value
    return merged


def _chosen(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: seen[name] for name in ("instring", "loc", "token")}

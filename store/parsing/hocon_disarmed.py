"""pyhocon without what it does beyond reading, and with what it passes over in silence."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from typing import Any, Self

from store.parsing.refused import Place, Refused

# What a class does not have by itself.
_INHERITED = object()


class EmptyText(str):
    """A text with nothing in it, where it is written: in a list clients lose it."""

    place: Place


class Disarmed:
    """Has pyhocon follow no include, and refuse what clients make something odd of.

    As long as it is entered. Its parser has no switch for any of this, so parts of it are replaced.

    Args:
        parser: The module of the parser.
        types: That of its values.
        levels: How deep values may lie in each other.
        place_of: The line and column of a place in what the parser reads.
        note_include: Is told of each include, with what it includes; gives its place.
        keeps_history: Whether a value of the text may be made of a former one.
    """

    def __init__(
        self,
        parser: Any,
        types: Any,
        levels: int,
        place_of: Callable[[str, int], Place],
        note_include: Callable[[str, int, Any], Place],
        *,
        keeps_history: bool,
    ) -> None:
        self._parser = parser
        self._types = types
        self._levels = levels
        self._place_of = place_of
        self._note_include = note_include
        self._keeps_history = keeps_history
        self._replaced: list[tuple[Any, str, Any]] = []
        # Where values were given to keys, by the keys as parts of a path.
        self._given: dict[tuple[str, ...], Place] = {}
        # Where a value was last put.
        self.last_put: Place | None = None

    def __enter__(self) -> Self:
        parser, types = self._parser, self._types
        # pyparsing asks for its own source lines, which nobody here is shown.
        self._replace(linecache, "updatecache", lambda *_: [])
        # `10m` stays a text, as it was typed; to look for periods takes half of the time, too.
        self._replace(parser.ConfigParser, "get_supported_period_type_map", _no_periods)
        for name in ("parse_file", "parse_URL"):
            self._replace(parser.ConfigFactory, name, self._included)
        self._replace(parser, "ConfigInclude", self._noted_include(types.ConfigInclude))
        self._replace(types, "ConfigInclude", parser.ConfigInclude)
        self._replace(parser, "Group", self._checked_group(parser.Group))
        self._replace(types.ConfigTree, "put", self._noted_put(types.ConfigTree.put))
        # Side by side with a text, null is the address of an object.
        self._replace(types.NoneValue, "__str__", _refuse_to_be_text)
        self._replace(parser.ConfigParser, "_fixup_self_references", self._fixed_twice())
        # Keeping what a section was before each of its settings takes more than all else.
        is_root = property(
            lambda made: self._keeps_history and made.is_root,
            lambda made, is_root: setattr(made, "is_root", is_root),
        )
        self._replace(parser.ConfigTreeParser, "root", is_root)
        self._watch_empty_texts()
        return self

    def __exit__(self, *_: object) -> None:
        # Other texts are read in this process.
        for holder, name, former in reversed(self._replaced):
            if former is _INHERITED:
                delattr(holder, name)
            else:
                setattr(holder, name, former)

    def _replace(self, holder: Any, name: str, by: Any) -> None:
        self._replaced.append((holder, name, vars(holder).get(name, _INHERITED)))
        setattr(holder, name, by)

    def _included(self, path: Any, *_: object, **__: object) -> Any:
        # Clients mistake `required(file(...))`, and end with an error at any file.
        if not isinstance(path, str):
            raise Refused("required include", self._place_in_frames())
        return self._types.ConfigTree()

    def _place_in_frames(self) -> Place:
        seen = sys._getframe(2).f_locals
        return self._place_of(seen["instring"], seen["loc"])

    def _noted_include(self, include: Any) -> Any:
        """What stands for an include. It is made where pyhocon has the place at hand."""
        note = self._note_include

        class NotedInclude(include):  # type: ignore[misc]
            def __init__(self, _tokens: object) -> None:
                super().__init__([])
                seen = sys._getframe(1).f_locals
                self.place = note(seen["instring"], seen["loc"], seen["token"])

            def __str__(self) -> str:
                raise Refused("include as value", self.place)

        return NotedInclude

    def _checked_group(self, group: Any) -> Any:
        """What reads a key with its value, and refuses keys at which pyhocon would stumble."""
        disarmed, parse_key = self, self._types.ConfigTree.parse_key

        class CheckedGroup(group):  # type: ignore[misc]
            def parseImpl(self, instring: str, loc: int, *rest: Any, **named: Any) -> Any:
                end, tokens = super().parseImpl(instring, loc, *rest, **named)
                path = parse_key(tokens[0].strip())
                place = disarmed._place_of(instring, loc)
                if not path or "" in [part.strip('"') for part in path]:
                    raise Refused("key", place)
                if len(path) > disarmed._levels + 1:
                    raise Refused("levels", place)
                disarmed._given[tuple(path)] = place
                return end, tokens

        return CheckedGroup

    def _noted_put(self, put: Any) -> Any:
        disarmed = self

        def noted(tree: Any, key: str, value: Any, append: bool = False) -> None:
            disarmed.last_put = disarmed._given.get(tuple(tree.parse_key(key)))
            put(tree, key, value, append)

        return noted

    def _fixed_twice(self) -> Any:
        """What clients do more than this release: what names itself is first made nothing of."""
        parser, parse_key = self._parser.ConfigParser, self._types.ConfigTree.parse_key
        fix_up, substitute = parser._fixup_self_references, parser._do_substitute

        def fixed(tree: Any, accept_unresolved: bool = False) -> None:
            def substituted(one: Any, *rest: Any) -> Any:
                name = parse_key(one.variable)[0]
                if one.optional and len(getattr(tree, "history", {}).get(name, ())) == 1:
                    substitute(one, None)
                return substitute(one, *rest)

            parser._do_substitute = substituted
            try:
                fix_up(tree, accept_unresolved)
            finally:
                parser._do_substitute = former

        former = vars(parser)["_do_substitute"]
        return fixed

    def _watch_empty_texts(self) -> None:
        joining, listing = self._parser.ConcatenatedValueParser, self._parser.ListParser
        read, join, make_list = joining.parseImpl, joining.postParse, listing.postParse
        place_of = self._place_of

        def noted(this: Any, instring: str, loc: int, *rest: Any, **named: Any) -> Any:
            found = read(this, instring, loc, *rest, **named)
            # It is joined next. Where it ends, which is what it is told then, says little.
            this.began = loc
            return found

        def joined(this: Any, instring: str, _end: int, tokens: Any) -> Any:
            began = this.began
            try:
                (value,) = join(this, instring, began, tokens)
            except Refused as refused:
                raise Refused(refused.what, refused.place or place_of(instring, began)) from refused
            if tokens and isinstance(value, str) and not value:
                value = EmptyText()
                value.place = place_of(instring, began)
            return [value]

        def listed(this: Any, instring: str, loc: int, tokens: Any) -> Any:
            for token in tokens:
                if isinstance(token, EmptyText):
                    raise Refused("empty text", token.place)
            return make_list(this, instring, loc, tokens)

        self._replace(joining, "parseImpl", noted)
        self._replace(joining, "postParse", joined)
        self._replace(listing, "postParse", listed)


@classmethod  # type: ignore[misc]
def _no_periods(_cls: object) -> dict[str, list[str]]:
    """Of the kinds of periods one, whose name is in no text."""
    return {"none": ["(?!)"]}


def _refuse_to_be_text(_null: object) -> str:
    raise Refused("null in text")

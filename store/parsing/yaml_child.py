"""Reads YAML in a process of its own, which `store.parsing.standby` forks for it.

Of ruamel.yaml only the parser is used, which tells what was written where; what a scalar means is
said here, by the core schema of YAML 1.2. Aliases are written out, up to a limit.
"""

from __future__ import annotations

import functools
import math
import re
from bisect import bisect_right
from typing import Any

from store.parsing.refused import Refused

# How many values a text may hold once its aliases are written out.
_MOST_NODES = 50_000
_MOST_DIGITS = 300

_NULL = re.compile(r"null|Null|NULL|~|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9:]+))?)?"
)

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#", re.MULTILINE)

_PREFIX = "tag:yaml.org,2002:"
_SAID_ANYWAY = {None, "!", f"{_PREFIX}map", f"{_PREFIX}seq"}

# A node is its line, its column, its kind and what it holds: of an object pairs of nodes.
Node = list[Any]


def read(text: str, levels: int) -> dict[str, Any]:
    """What the text holds: its root node, or None where there is nothing.

    Raises:
        Refused: It cannot be read.
    """
    from ruamel.yaml import error

    places = Places(text)
    builder = Builder(levels, places)
    try:
        for event in _parser().parse(text):
            builder.take(event)
    except error.MarkedYAMLError as raised:
        mark = raised.problem_mark or raised.context_mark
        what = "tab" if mark and _is_tab(text, mark) else "syntax"
        raise Refused(what, places.at(mark.index) if mark else None) from raised
    except error.YAMLError as raised:
        index = getattr(raised, "position", None)
        if index is None:
            raise Refused("syntax") from raised
        raise Refused("control", places.at(index)) from raised
    except RecursionError as raised:
        raise Refused("levels") from raised
    except (MemoryError, Refused):
        raise
    # The parser stumbles over odd texts in more ways than it says.
    except Exception as raised:
        raise Refused("syntax") from raised
    return {
        "root": builder.root,
        "anchors": builder.anchors,
        "aliases": builder.aliases,
        "comments": _comments(text, builder.scalars),
    }


def _comments(text: str, scalars: list[tuple[int, int]]) -> int:
    """How many comments there are, outside of the spans of scalars."""
    begins = [begin for begin, _ in scalars]
    count = 0
    for found in _COMMENT.finditer(text):
        before = bisect_right(begins, found.start()) - 1
        count += before < 0 or found.start() >= scalars[before][1]
    return count


def _is_tab(text: str, mark: Any) -> bool:
    return bool(text[mark.index : mark.index + 1] == "\t")


class Places:
    """Lines and columns of a text, whose lines end with a line feed, as everywhere else.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._begins = [0, *(found.end() for found in re.finditer("\n", text))]

    def at(self, index: int) -> tuple[int, int]:
        """The line and the column, from 1, of a character."""
        line = bisect_right(self._begins, index)
        return line, index - self._begins[line - 1] + 1


class Builder:
    """Makes nodes of the parser's events.

    Args:
        levels: How deep objects and lists may lie in each other.
        places: Where they are.
    """

    def __init__(self, levels: int, places: Places) -> None:
        self.root: Node | None = None
        self.anchors = 0
        self.aliases = 0
        # Where scalars begin and end, in order.
        self.scalars: list[tuple[int, int]] = []
        self._levels = levels
        self._places = places
        self._count = 0
        self._documents = 0
        self._opened: list[Node] = []
        # Of each object that is open, the key that waits for its value.
        self._keys: list[Node | None] = []
        self._anchored: dict[str, Node | None] = {}
        # The anchors of what is open.
        self._names: list[str | None] = []

    def take(self, event: Any) -> None:
        """Take the next event.

        Raises:
            Refused: It cannot be part of a vault.
        """
        name = type(event).__name__
        place = self._places.at(event.start_mark.index)
        if name == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise Refused("documents", place)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            kind = "object" if name == "MappingStartEvent" else "list"
            self._open(event, [*place, kind, []])
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._close()
        elif name == "ScalarEvent":
            self.scalars.append((event.start_mark.index, event.end_mark.index))
            node = [*place, *_scalar(event)]
            self._keep(event.anchor, node)
            self._add(node)
        elif name == "AliasEvent":
            self._repeat(event.anchor, place)

    def _open(self, event: Any, node: Node) -> None:
        place = (node[0], node[1])
        if len(self._opened) > self._levels:
            raise Refused("levels", place)
        if event.tag not in _SAID_ANYWAY:
            raise Refused("tag", place)
        self._keep(event.anchor, None)
        self._opened.append(node)
        self._keys.append(None)
        self._names.append(event.anchor)

    def _close(self) -> None:
        node = self._opened.pop()
        self._keys.pop()
        name = self._names.pop()
        if name is not None:
            self._anchored[name] = node
        self._add(node)

    def _keep(self, name: str | None, node: Node | None) -> None:
        if name is not None:
            self.anchors += 1
            self._anchored[name] = node

    def _repeat(self, name: str, place: tuple[int, int]) -> None:
        self.aliases += 1
        if name not in self._anchored:
            raise Refused("alias", place)
        node = self._anchored[name]
        if node is None:
            raise Refused("itself", place)
        self._add(self._copy(node, place, len(self._opened)))

    def _copy(self, node: Node, place: tuple[int, int], level: int) -> Node:
        """The node as if it were written at another place."""
        self._note_one_more(place)
        if node[2] == "object":
            if level > self._levels:
                raise Refused("levels", place)
            pairs = [[self._copy(part, place, level + 1) for part in pair] for pair in node[3]]
            return [*place, "object", pairs]
        if node[2] == "list":
            if level > self._levels:
                raise Refused("levels", place)
            return [*place, "list", [self._copy(item, place, level + 1) for item in node[3]]]
        return [*place, *node[2:]]

    def _note_one_more(self, place: tuple[int, int]) -> None:
        self._count += 1
        if self._count > _MOST_NODES:
            raise Refused("aliases" if self.aliases else "values", place)

    def _add(self, node: Node) -> None:
        self._note_one_more((node[0], node[1]))
        if not self._opened:
            self.root = node
            return
        outer = self._opened[-1]
        if outer[2] == "list":
            outer[3].append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            outer[3].append([self._keys[-1], node])
            self._keys[-1] = None


def _scalar(event: Any) -> tuple[str, Any]:
    """The kind of a scalar, `value` or what is wrong with it, and its value."""
    text = event.value
    if event.tag in (None, "!"):
        # Quoted, or said to be no more than it is: a text.
        is_plain = event.tag is None and event.implicit[0]
        return _resolved(text) if is_plain else ("value", text)
    if event.tag == f"{_PREFIX}str":
        return "value", text
    kinds: dict[str, tuple[type, ...]] = {
        "null": (type(None),),
        "bool": (bool,),
        "int": (int,),
        "float": (int, float),
    }
    wanted = kinds.get(event.tag.removeprefix(_PREFIX))
    kind, value = _resolved(text)
    if wanted is None or not event.tag.startswith(_PREFIX):
        return "tag", None
    if kind != "value":
        return kind, None
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        return "tag", None
    return "value", float(text) if float in wanted else value


def _resolved(text: str) -> tuple[str, Any]:
    """What a text without quotes means."""
    if _NULL.fullmatch(text):
        return "value", None
    if _TRUE.fullmatch(text):
        return "value", True
    if _FALSE.fullmatch(text):
        return "value", False
    if _NOT_FINITE.fullmatch(text):
        return "infinite", None
    if text == "<<":
        return "merge", None
    if _DATE.fullmatch(text):
        return "date", None
    return _number(text)


def _number(text: str) -> tuple[str, Any]:
    for pattern, base in ((_WHOLE, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            if len(text.lstrip("+-")) > _MOST_DIGITS:
                return "number", None
            return "value", int(text.removeprefix("0o").removeprefix("0x"), base)
    if _FLOAT.fullmatch(text):
        value = float(text)
        return ("value", value) if math.isfinite(value) else ("number", None)
    return "value", text


def prepare() -> None:
    """Import what reading needs."""
    _parser()


@functools.cache
def _parser() -> Any:
    from ruamel.yaml import YAML

    # It looks for plug-ins when it is made, which reading may not.
    return YAML(typ="safe", pure=True)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What is answered to a request: the node, or why there is none."""
    try:
        return read(request["text"], request["levels"])
    except Refused as refused:
        return {"refused": refused.what, "place": refused.place}

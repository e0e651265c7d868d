"""YAML that people paste: read apart, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.parsing.apart import GivenUp, Limits, run_apart
from store.parsing.nodes import Node, NotReadable

_SCRIPT = Path(__file__).with_name("yaml_child.py")


@dataclass(frozen=True)
class ParsedYaml:
    """What a text holds.

    Attributes:
        root: Its root, or None where nothing is in it.
        anchors: How many values have a name by which they can be repeated.
        aliases: How often such a name is used.
        comments: How many comments there are.
    """

    root: Node | None
    anchors: int = 0
    aliases: int = 0
    comments: int = 0


def parse_yaml(text: str, limits: Limits) -> ParsedYaml:
    """Read a text as YAML 1.2 with its core schema.

    Args:
        text: The text, which can be written as UTF-8.
        limits: How much it may ask for.

    Raises:
        NotReadable: It is too much work, or is no YAML that could be one tree.
        Stopped: Nobody waits for it any more.
    """
    try:
        answer = run_apart(_SCRIPT, text, limits)
    except GivenUp as error:
        raise NotReadable(
            error.message, is_unknown=error.is_unknown, may_pass=error.may_pass
        ) from error
    if "refused" in answer:
        line, column = answer["place"] or (1, 1)
        raise NotReadable(_MESSAGES[answer["refused"]].format(levels=limits.levels), line, column)
    root = answer["root"]
    return ParsedYaml(
        _node(root) if root else None, answer["anchors"], answer["aliases"], answer["comments"]
    )


def _node(raw: list[Any]) -> Node:
    line, column, kind, held = raw
    if kind == "object":
        held = [(_node(key), _node(value)) for key, value in held]
    elif kind == "list":
        held = [_node(item) for item in held]
    return Node(line, column, kind, held)


_MESSAGES = {
    "levels": (
        "Objects or lists lie more than {levels} levels deep in each other, which clients cannot "
        "read. Make it flatter."
    ),
    "memory": "Reading the text took too much memory, so it was given up. Make it shorter.",
    "tab": "YAML takes no tab here. Indent with blanks.",
    "syntax": (
        "This is no YAML. Look here, or just before, for a colon, quote, bracket or blank that is "
        "missing or too many."
    ),
    "control": "YAML takes no such character. Take it out, or write it as an escape in quotes.",
    "documents": "A second document begins here, but a vault is one. Take out this line.",
    "tag": "Clients know no such kind of value. Take out the tag that begins with !.",
    "alias": "No value before this line has that name. Give it one with &, or write it out.",
    "itself": "The value would hold itself. Write it out.",
    "aliases": "The aliases repeat more than clients could read. Write out what is needed.",
    "values": "The text holds more values than clients could read. Make it shorter.",
}

"""What of a tree clients can carry: its keys, its values and their sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from store.parsing.nodes import Node
from store.vaults.problems import Path, Problem

SECTIONS = ("api", "sdk", "agent", "environment", "files", "logging")
# In these clients look for keys, and end with an error where there are none.
_OBJECTS = ("api", "sdk", "agent")
# These they apply, which fails where there is nothing to go through.
_APPLIED = ("environment", "files")
# The agent puts back its own after it has read its vaults.
_OF_THE_AGENT = (
    "cuda_version",
    "cudnn_version",
    "default_python",
    "worker_id",
    "worker_name",
    "debug",
)

# What clients cannot read; they have escapes for no others than tabs and the ends of lines.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HALF = re.compile("[\ud800-\udfff]")

# Stands in a path for a list, in which nothing is a section whatever its name. It is no key.
_IN_LIST = "\n"

NULL_IN_LISTS = "Clients cannot read null in a list that is in a list. Take it out."
TOO_LARGE = "Clients cannot read so large a number. Put it in quotes."

_WRONG_VALUES = {
    "infinite": "Clients cannot read infinity or what is no number. Give a number, or use quotes.",
    "number": TOO_LARGE,
    "date": "Clients know no dates. Put it in quotes.",
    "tag": "Clients know no such kind of value. Take out the tag that begins with !.",
    "merge": "YAML 1.2 does not merge keys with <<. Write them out.",
}


def problems_of(root: Node) -> Iterator[Problem]:
    """What is wrong with the root of JSON or YAML, and what its author should know."""
    if root.kind != "object":
        yield Problem(root.line, root.column, not_an_object(root.kind == "list"))
        return
    yield from _problems(root, ())


def tree_of(node: Node) -> Any:
    """The plain values of a node in which nothing is wrong."""
    if node.kind == "object":
        return {key.held: tree_of(value) for key, value in node.held}
    if node.kind == "list":
        return [tree_of(item) for item in node.held]
    return node.held


def not_an_object(is_list: bool) -> str:
    """Why a text is refused that is a list, or a single value."""
    what = "a list" if is_list else "a single value"
    return f"The text is {what}, but names with values are needed, such as api with its settings."


def key_problem(key: str) -> str | None:
    """Why clients cannot carry a key, or None if they can."""
    if not key.strip(" \t"):
        return "A key is empty. Give it a name."
    if '"' in key or "\\" in key or "\n" in key or "\r" in key:
        return "Clients mangle a key with \", \\ or a line's end in it. Take it out."
    if CONTROL.search(key) or "\t" in key:
        return "A key has a control character, which clients lose. Take it out."
    if _HALF.search(key):
        return "A key holds half of a character. Type it again."
    return None


def section_problem(path: Path, is_object: bool | None) -> tuple[str, bool] | None:
    """What clients would do with a section or one of its settings: a sentence, whether an error.

    Args:
        path: The keys on the way to it.
        is_object: Whether its value is an object; None where that is not known.
    """
    name = path[0]
    if len(path) == 1 and name in _OBJECTS and is_object is False:
        return f"Clients end with an error when {name} is no object. Put its settings in it.", True
    if len(path) == 1 and name in _APPLIED and is_object is False:
        return f"Clients can apply only an object as {name}. Put its settings in it.", False
    if len(path) == 1 and name not in SECTIONS:
        known = ", ".join(SECTIONS[:-1])
        return f"Clients know no such section. They know {known} and {SECTIONS[-1]}.", False
    if len(path) == 2 and name == "agent" and path[1] in _OF_THE_AGENT:
        return f"Agents keep their own {path[1]} and ignore this one.", False
    return None


def variable_problem(value: Any) -> str | None:
    """What clients set a variable of `environment` to, where few people mean that; or None.

    Args:
        value: A single value.
    """
    if value is True:
        return 'Clients set this variable to "True". Put it in quotes.'
    if value is False or (isinstance(value, int | float) and not value):
        return f'The SDK sets this variable to "", agents to "{value}". Put it in quotes.'
    return None


def _problems(node: Node, path: Path) -> Iterator[Problem]:
    if node.kind == "object":
        yield from _of_object(node, path)
    elif node.kind == "list":
        for item in node.held:
            yield from _of_item(item, is_nested=path[-1:] == (_IN_LIST,))
            yield from _problems(item, (*path, _IN_LIST))
    elif node.kind in _WRONG_VALUES:
        yield Problem(node.line, node.column, _WRONG_VALUES[node.kind])
    elif isinstance(node.held, str):
        yield from _of_text(node)


def _of_object(node: Node, path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for key, value in node.held:
        name = key.held
        if not isinstance(name, str) or key.kind != "value":
            yield Problem(key.line, key.column, _not_a_text(key))
            continue
        wrong = key_problem(name)
        if wrong:
            yield Problem(key.line, key.column, wrong)
        elif name in seen:
            yield Problem(key.line, key.column, "The same key is here twice. Take one of them out.")
        yield from _of_place((*path, name), key, value)
        seen.add(name)
        yield from _problems(value, (*path, name))


def _of_place(path: Path, key: Node, value: Node) -> Iterator[Problem]:
    if "." in path[-1]:
        message = "Here a dot is part of the key. To name a key in an object, nest them."
        yield Problem(key.line, key.column, message, is_error=False)
    if len(path) == 2 and path[0] == "environment" and value.kind == "value":
        wrong = variable_problem(value.held)
        if wrong:
            yield Problem(value.line, value.column, wrong, is_error=False)
    found = section_problem(path, value.kind == "object")
    if found:
        yield Problem(key.line, key.column, *found)


def _of_item(item: Node, is_nested: bool) -> Iterator[Problem]:
    if item.kind != "value":
        return
    if item.held == "":
        message = "Clients lose an empty text in a list. Take it out."
        yield Problem(item.line, item.column, message)
    elif item.held is None and is_nested:
        yield Problem(item.line, item.column, NULL_IN_LISTS)


def _of_text(node: Node) -> Iterator[Problem]:
    if CONTROL.search(node.held):
        message = "A text has a control character, which clients lose. Take it out."
        yield Problem(node.line, node.column, message)
    elif _HALF.search(node.held):
        yield Problem(node.line, node.column, "Here is half of a character. Type it again.")


def _not_a_text(key: Node) -> str:
    if key.kind == "merge":
        return _WRONG_VALUES["merge"]
    return "A key must be a text. Put it in quotes, if it is meant."

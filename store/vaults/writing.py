"""Writes trees as people would: HOCON with braces, JSON indented, YAML in blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from store.vaults.formats import Format

_INDENT = "  "
# Lists that are longer get a line for each item.
_WIDTH = 60

# What no reader of HOCON takes for a number, a path or a word of its own.
_HOCON_KEY = re.compile(r"(?!include\b|true\b|false\b|null\b)[A-Za-z_][A-Za-z0-9_-]*")
# Likewise of YAML, where more may be without quotes.
_YAML_PLAIN = re.compile(
    r"(?!//)[A-Za-z_/~][A-Za-z0-9_./@+~:=-]*(?: [A-Za-z0-9_./@+~:=(-][\w./@+~:=()-]*)*"
)
_YAML_WORDS = frozenset(
    {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "nan", "inf"}
)
_NOT_PRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NO_BLOCK = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"
    r"| \n| \Z|\n\n\Z|\A[ \n]"
)


def written(tree: dict[str, Any], format: Format) -> str:  # noqa: A002
    """A tree as a text that reads as the same tree.

    Args:
        tree: What a checked text holds.
        format: The format to write.
    """
    if not tree:
        return "{}\n" if format == "json" else ""
    if format == "json":
        return json.dumps(tree, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    lines = _hocon(tree, "") if format == "hocon" else _yaml(tree, "")
    return "".join(f"{line}\n" for line in lines)


def _hocon(tree: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in tree.items():
        key = name if _HOCON_KEY.fullmatch(name) else _quoted(name)
        if isinstance(value, dict) and value:
            yield f"{indent}{key} {{"
            yield from _hocon(value, indent + _INDENT)
            yield f"{indent}}}"
        else:
            yield from _hocon_value(f"{indent}{key} = ", value, indent)


def _hocon_value(begin: str, value: Any, indent: str, end: str = "") -> Iterator[str]:
    if not _is_nested(value):
        yield f"{begin}{_flow(value)}{end}"
        return
    inner = indent + _INDENT
    if isinstance(value, dict):
        yield f"{begin}{{"
        yield from _hocon(value, inner)
        yield f"{indent}}}{end}"
        return
    yield f"{begin}["
    for index, item in enumerate(value, 1):
        yield from _hocon_value(inner, item, inner, "," if index < len(value) else "")
    yield f"{indent}]{end}"


def _is_nested(value: Any) -> bool:
    """Whether it is written over several lines."""
    if isinstance(value, list):
        return len(_flow(value)) > _WIDTH or any(map(_is_nested, value))
    return isinstance(value, dict) and bool(value)


def _flow(value: Any) -> str:
    """A value on one line, as JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


_quoted = _flow


def _yaml(tree: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in tree.items():
        key = name if _is_yaml_plain(name) else _yaml_quoted(name)
        yield from _yaml_value(f"{indent}{key}:", value, indent + _INDENT)


def _yaml_value(begin: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield begin
        yield from _yaml(value, indent)
    elif isinstance(value, list) and value:
        yield begin
        yield from _yaml_items(value, indent)
    elif isinstance(value, str) and "\n" in value and not _NO_BLOCK.search(value):
        yield from _yaml_block(begin, value, indent)
    else:
        yield f"{begin} {_yaml_scalar(value)}"


def _yaml_items(items: list[Any], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict | list) and item:
            inner = indent + _INDENT
            lines = _yaml(item, inner) if isinstance(item, dict) else _yaml_items(item, inner)
            # The first line of what is in it follows the dash.
            yield f"{indent}- {next(lines)[len(inner) :]}"
            yield from lines
        else:
            yield from _yaml_value(f"{indent}-", item, indent + _INDENT)


def _yaml_block(begin: str, text: str, indent: str) -> Iterator[str]:
    lines = text.split("\n")
    mark = "|-"
    if text.endswith("\n"):
        mark = "|"
        lines.pop()
    yield f"{begin} {mark}"
    for line in lines:
        yield indent + line if line else ""


def _yaml_scalar(value: Any) -> str:
    if isinstance(value, str):
        return value if _is_yaml_plain(value) else _yaml_quoted(value)
    return _flow(value)


def _is_yaml_plain(text: str) -> bool:
    return (
        _YAML_PLAIN.fullmatch(text) is not None
        and not text.endswith(":")
        and ": " not in text
        and text.casefold() not in _YAML_WORDS
    )


def _yaml_quoted(text: str) -> str:
    return _NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", _flow(text))

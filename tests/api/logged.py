"""Reads the lines of the log, by what their description says of them alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

_FIELD = r'(?:"(?:[^"\\]|\\.)*"|[^\s"\\=]+)'
_LINE = re.compile(rf"(\S+Z)((?: {_FIELD}){{5}})((?: [a-z]+={_FIELD})*)")
_ONE, _NAMED = re.compile(rf" ({_FIELD})"), re.compile(rf" ([a-z]+)=({_FIELD})")


@dataclass
class Logged:
    """What a line says.

    Attributes:
        address: Where the request came from, or None, as everything that is not known.
        method: The method.
        path: The path, without what must not be told.
        status: The status, with the subcode.
        took: How long it took.
        told: What else it says, by name.
    """

    address: str | None
    method: str | None
    path: str | None
    status: str | None
    took: str | None
    told: dict[str, str]


def read(line: str) -> Logged:
    """What a line says."""
    found = _LINE.fullmatch(line)
    assert found, line
    assert line.isprintable()
    datetime.fromisoformat(found[1])
    fields = [None if one == "-" else _plain(one) for one in _ONE.findall(found[2])]
    address, method, path, status, took = fields
    told = {name: _plain(value) for name, value in _NAMED.findall(found[3])}
    return Logged(address, method, path, status, took, told)


def _plain(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text

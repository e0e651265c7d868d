"""What a screen looks like, as text: its lines, and below them the styles that each is made of.

A look reads as what a person sees, and the difference of two looks reads as the lines that differ.
A style has a name that is made of what it is, so that another one more renames none.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from string import ascii_lowercase
from typing import Any
from zlib import crc32

from textual.app import App
from textual.strip import Strip

from tests.tui.drawing import drawn

_RULE = "-" * 20


def look_of(app: App[Any]) -> str:
    """What the program looks like now."""
    strips = drawn(app)
    lines = ["".join(segment.text for segment in strip).rstrip() for strip in strips]
    styled = [_runs(strip) for strip in strips]
    names = _names({style for runs in styled for style, _ in runs})
    size = f"{app.size.width}x{app.size.height}"
    styles = sorted(f"{name} {style}" for style, name in names.items())
    return "\n".join((size, *lines, _RULE, *_as_lines(styled, names), _RULE, *styles, ""))


def _runs(strip: Strip) -> list[tuple[str, int]]:
    """The styles of a line, each with the cells that it goes on for."""
    cells = [(str(segment.style or "none"), segment.cell_length) for segment in strip]
    return [
        (style, sum(length for _, length in run))
        for style, run in groupby(cells, key=lambda cell: cell[0])
    ]


def _as_lines(styled: Iterable[list[tuple[str, int]]], names: dict[str, str]) -> Iterable[str]:
    """The numbers of lines that are styled alike, and how."""
    told = [" ".join(f"{names[style]}{length}" for style, length in runs) for runs in styled]
    number = 1
    for runs, alike in groupby(told):
        last = number + len(list(alike)) - 1
        yield f"{number}{f'-{last}' if last > number else ''}: {runs}"
        number = last + 1


def _names(styles: Iterable[str]) -> dict[str, str]:
    """Three letters for each style, of which no two have the same."""
    names: dict[str, str] = {}
    for style in sorted(styles):
        number = crc32(style.encode())
        while (name := _letters(number)) in names.values():
            number += 1
        names[style] = name
    return names


def _letters(number: int) -> str:
    letters = ""
    for _ in range(3):
        number, rest = divmod(number, len(ascii_lowercase))
        letters += ascii_lowercase[rest]
    return letters

"""The text of workspace.json in pieces, so that a commit makes anew only those that it changes.

Making all of it takes longer than writing it. The pieces together are as long as the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson

from store.terms import Document

# So many of TinyDB's numbers share a piece: with fewer, there are more pieces to write; with more,
# it takes longer to make the one that a change is in.
_NUMBERS = 256

# TinyDB's numbers and the documents.
NumberedTable = Mapping[str, Document]
# The pieces of a table by their place; None is to be made anew.
_Pieces = dict[int, bytes | None]


class Rendering:
    """What was rendered of the tables, which are dictionaries of JSON."""

    def __init__(self) -> None:
        self._tables: dict[str, _Pieces] = {}

    def forget(self) -> None:
        """Render all anew: the tables are others, or who changed them has not said where."""
        self._tables.clear()

    def note_change(self, name: str, number: str) -> None:
        """Render that part of a table anew in which the document of this number is, or was."""
        if name in self._tables:
            self._tables[name][int(number) // _NUMBERS] = None

    def text(self, tables: Mapping[str, NumberedTable]) -> list[bytes]:
        """The text of all tables, in pieces that follow one another."""
        return list(_in_object(self._entries(tables)))

    def _entries(self, tables: Mapping[str, NumberedTable]) -> Iterator[Iterable[bytes]]:
        for name, table in tables.items():
            pieces = ([piece] for piece in self._table(name, table))
            yield (orjson.dumps(name), b":", *_in_object(pieces))

    def _table(self, name: str, table: NumberedTable) -> Iterator[bytes]:
        """The pieces of a table that are not empty, without its braces."""
        pieces = self._tables.get(name)
        if pieces is None:
            numbers = _usual_numbers(table)
            if numbers is None:
                return filter(None, [_without_braces(table)])
            pieces = self._tables[name] = dict.fromkeys(number // _NUMBERS for number in numbers)
        for place, piece in pieces.items():
            if piece is None:
                pieces[place] = _without_braces(_part(table, place))
        return filter(None, pieces.values())


def _usual_numbers(table: NumberedTable) -> list[int] | None:
    """The numbers, or None where a document could not be found by its own, such as one at 007."""
    try:
        numbers = list(map(int, table))
    except ValueError:
        return None
    return numbers if list(map(str, numbers)) == list(table) else None


def _part(table: NumberedTable, place: int) -> NumberedTable:
    numbers = map(str, range(place * _NUMBERS, (place + 1) * _NUMBERS))
    return {number: table[number] for number in numbers if number in table}


def _without_braces(documents: NumberedTable) -> bytes:
    return orjson.dumps(documents)[1:-1]


def _in_object(entries: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    separator = b"{"
    for entry in entries:
        yield separator
        yield from entry
        separator = b","
    yield b"}" if separator == b"," else b"{}"

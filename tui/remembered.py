"""What the program remembers of a person's choices: the theme, and how each table is shown.

It is nobody's to write: what cannot be read is as if it were not there, and is replaced.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from threading import Lock
from typing import Any

import orjson

from store.persistence.files import read_file
from tui.table_view import TableView

# More than it ever has, in bytes.
_MOST = 64_000
_THEME, _TABLES = "theme", "tables"


class Remembered:
    """The choices, and the file that they are kept in from one start to the next.

    Args:
        path: The file, or None where nothing is kept.
        may_write: Whether choices are kept; else they last as long as the program.
    """

    def __init__(self, path: Path | None = None, *, may_write: bool = True) -> None:
        self._path = path
        self._may_write = may_write and path is not None
        self._said = _read(path) if path is not None else {}
        # What is not in the file yet, by where it goes.
        self._unwritten: dict[tuple[str, ...], Any] = {}
        self._lock = Lock()

    @property
    def theme(self) -> str:
        """The name of the theme chosen last, or ""; it may be one that there is no more."""
        theme = self._said.get(_THEME)
        return theme if isinstance(theme, str) else ""

    def table(self, name: str) -> TableView:
        """How a table was shown last; it may name columns that there are no more."""
        tables = self._said.get(_TABLES)
        said = tables.get(name) if isinstance(tables, dict) else None
        if not isinstance(said, dict):
            return TableView()
        hidden, sort_by, descending = (said.get(one) for one in ("hidden", "sort", "descending"))
        return TableView(
            frozenset(map(str, hidden)) if isinstance(hidden, list) else None,
            sort_by if isinstance(sort_by, str) else None,
            descending if isinstance(descending, bool) else None,
        )

    def choose_theme(self, name: str) -> None:
        """Remember the theme; `write` keeps it."""
        self._put((_THEME,), name)

    def hide(self, table: str, columns: frozenset[str]) -> None:
        """Remember the columns of a table that are hidden; `write` keeps them."""
        self._put((_TABLES, table, "hidden"), sorted(columns))

    def sort(self, table: str, column: str, *, descending: bool) -> None:
        """Remember what a table is sorted by; `write` keeps it."""
        self._put((_TABLES, table, "sort"), column)
        self._put((_TABLES, table, "descending"), descending)

    def write(self) -> str:
        """Write what has been chosen since, and leave what another program has written meanwhile.

        Runs in a thread. It may be called at any time, also while another thread is at it.

        Returns:
            Why it cannot be kept, or "".
        """
        with self._lock:
            chosen, self._unwritten = self._unwritten, {}
            if not chosen or not self._may_write or self._path is None:
                return ""
            said = _read(self._path)
            for place, value in chosen.items():
                _put(said, place, value)
            try:
                _replace(self._path, orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")
            except OSError as error:
                return f"Your choices cannot be kept: {error.strerror or error}."
            return ""

    def _put(self, place: tuple[str, ...], value: Any) -> None:
        _put(self._said, place, value)
        # The file may be read in another thread while it is put there.
        self._unwritten = {**self._unwritten, place: value}


def _put(said: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    *outer, last = place
    for name in outer:
        inner = said.get(name)
        said[name] = inner if isinstance(inner, dict) else {}
        said = said[name]
    said[last] = value


def _read(path: Path) -> dict[str, Any]:
    try:
        said = orjson.loads(read_file(path, most=_MOST, follows_links=True))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _replace(path: Path, data: bytes) -> None:
    """Put a file in the place of what is there, whole or not at all; only its owner reads it."""
    # Whoever chooses nothing needs none.
    import tempfile

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file, temporary = tempfile.mkstemp(prefix=".choices-", dir=path.parent)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise

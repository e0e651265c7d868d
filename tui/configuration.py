"""What a person has written into `config.toml`: keys and looks, and nothing that gives a right."""

from __future__ import annotations

import errno
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from store.persistence.files import read_file
from tui.key_conflicts import ALWAYS, RESERVED, conflict, without_which_nothing_goes
from tui.key_names import read_key, shown_key
from tui.keys import TABLE, Key
from tui.launch import Configuration, InvalidConfiguration
from tui.table_view import TableView
from tui.themes import THEMES

# More than anybody writes, in bytes: a line is looked for by reading all that is before it.
_MOST = 32_000
_SETTINGS = ("theme", "keys", "tables")
_OF_A_TABLE = ("hidden_columns", "sort", "descending")
_Path = tuple[str, ...]


def read_configuration(path: Path) -> Configuration:
    """Read the file and check all of it.

    Args:
        path: The file.

    Raises:
        InvalidConfiguration: It is not there, cannot be read, or says what it cannot. The message
            names the file, the line and the remedy.
    """
    try:
        data = read_file(path, most=_MOST, follows_links=True)
    except FileNotFoundError as error:
        raise InvalidConfiguration(f"There is no file {path}.") from error
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.EFBIG:
            raise InvalidConfiguration(
                f"{path} has more than {_MOST:,} bytes, which no settings need."
            ) from error
        why = getattr(error, "strerror", None) or error
        raise InvalidConfiguration(f"{path} cannot be read: {why}.") from error
    return _Reader(path, data).configuration()


class _Reader:
    """Reads one file.

    Args:
        path: Where it is.
        data: What is in it.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        try:
            self._text = data.decode()
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise InvalidConfiguration(f"{path}, line {line}: this is no text in UTF-8.") from error
        try:
            self._said = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            said, _, where = str(error).partition(" (at ")
            line, column = re.findall(r"\d+", where) or (self._text.count("\n") + 1, "")
            at = f" (column {column})" if column else ""
            raise InvalidConfiguration(f"{path}, line {line}: {said}{at}.") from error
        except RecursionError as error:
            raise InvalidConfiguration(f"{path} has too many brackets within brackets.") from error

    def configuration(self) -> Configuration:
        """What the file says."""
        self._check_names((), self._said, _SETTINGS, "a setting")
        return Configuration(
            theme=self._one_of((), self._said, "theme", THEMES, "a theme") or "",
            keys=self._keys(self._table((), self._said, "keys")),
            tables=self._tables(self._table((), self._said, "tables")),
        )

    # Keys

    def _keys(self, said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        self._check_names(("keys",), said, TABLE, "a group of keys")
        changed: dict[str, tuple[str, ...]] = {}
        lines: dict[str, _Path] = {}
        for group in said:
            actions = {key.name: key for key in TABLE[group]}
            of_group = self._table(("keys",), said, group)
            self._check_names(("keys", group), of_group, actions, "an action")
            for name, written in of_group.items():
                binding, path = f"{group}.{actions[name].action}", ("keys", group, name)
                changed[binding] = self._keys_of(path, group, actions[name], written)
                lines[binding] = path
        if found := conflict(changed):
            key, first, second = found
            # What is written is what can be written otherwise.
            line = lines.get(second) or lines[first]
            self._refuse(
                line,
                f'"{shown_key(key)}" would be the key of {_named(first)} and of '
                f"{_named(second)}; give one of them another",
            )
        return changed

    def _keys_of(self, path: _Path, group: str, key: Key, written: object) -> tuple[str, ...]:
        keys: list[str] = []
        for one in written if isinstance(written, list) else [written]:
            if not isinstance(one, str):
                self._refuse(path, 'a key is a text such as "n", or a list of them')
            keys.append(self._key(path, one, ALWAYS.get(f"{group}.{key.action}", "")))
        if without_which_nothing_goes(group, key.action) and not keys:
            self._refuse(path, f"{group}.{key.name} has to have a key")
        always = ALWAYS.get(f"{group}.{key.action}")
        return tuple(dict.fromkeys([*keys, always] if always else keys))

    def _key(self, path: _Path, written: str, own: str) -> str:
        try:
            key = read_key(written)
        except ValueError as error:
            self._refuse(path, str(error))
        if key in RESERVED and key != own:
            self._refuse(path, f'"{written}" {RESERVED[key]}, and cannot be given to anything else')
        return key

    # Tables

    def _tables(self, said: Mapping[str, Any]) -> dict[str, TableView]:
        if not said:
            return {}
        # They are read only for whoever says something of them.
        from tui.tables import TABLES, table_class

        self._check_names(("tables",), said, TABLES, "a table")
        views = {}
        for name in said:
            path, of_table = ("tables", name), self._table(("tables",), said, name)
            self._check_names(path, of_table, _OF_A_TABLE, "a setting of a table")
            tab = table_class(name)
            columns = [column.key for column in tab.columns]
            views[name] = TableView(
                hidden=self._hidden(path, of_table, columns, tab.naming_column()),
                sort_by=self._one_of(path, of_table, "sort", columns, "a column"),
                descending=self._flag(path, of_table, "descending"),
            )
        return views

    def _hidden(
        self, path: _Path, said: Mapping[str, Any], columns: list[str], naming: str
    ) -> frozenset[str] | None:
        if "hidden_columns" not in said:
            return None
        path, written = (*path, "hidden_columns"), said["hidden_columns"]
        if not isinstance(written, list):
            self._refuse(path, 'hidden_columns is a list of columns, such as ["groups"]')
        for one in written:
            self._known(path, one, columns, "a column")
            if one == naming:
                self._refuse(path, f'"{one}" says which row is which, and cannot be hidden')
        return frozenset(written)

    # Anything

    def _flag(self, path: _Path, said: Mapping[str, Any], name: str) -> bool | None:
        value = said.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._refuse((*path, name), f"{name} is true or false")

    def _one_of(
        self, path: _Path, said: Mapping[str, Any], name: str, known: Iterable[str], what: str
    ) -> str | None:
        if name not in said:
            return None
        self._known((*path, name), said[name], known, what)
        return str(said[name])

    def _table(self, path: _Path, said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = said.get(name, {})
        if not isinstance(value, dict):
            self._refuse((*path, name), f"[{'.'.join((*path, name))}] is a table of settings")
        return value

    def _check_names(
        self, path: _Path, said: Mapping[str, Any], known: Iterable[str], what: str
    ) -> None:
        for name in said:
            self._known((*path, name), name, known, what)

    def _known(self, path: _Path, name: object, known: Iterable[str], what: str) -> None:
        names = list(known)
        if name in names:
            return
        near = get_close_matches(str(name).lower().replace("-", "_"), names, 1)
        remedy = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(names)}."
        where = f" in [{'.'.join(path[:-1])}]" if len(path) > 1 and path[-1] == name else ""
        self._refuse(path, f'"{_short(name)}" is no name of {what}{where}; {remedy}')

    def _refuse(self, path: _Path, message: str) -> NoReturn:
        end = "" if message.endswith((".", "?")) else "."
        line = _line_of(self._text, path)
        raise InvalidConfiguration(f"{self._path}, line {line}: {message}{end}")


def _line_of(text: str, path: _Path) -> int:
    """The line on which what is at that path begins: the first one with which the file has it."""
    whole = 0
    for number, before in enumerate(_beginnings(text), start=1):
        try:
            said = tomllib.loads(before)
        except tomllib.TOMLDecodeError:
            # A value goes on.
            continue
        if _has(said, path):
            return whole + 1
        whole = number
    return max(1, whole)


def _beginnings(text: str) -> Iterator[str]:
    end = 0
    while end < len(text):
        end = text.find("\n", end) + 1 or len(text)
        yield text[:end]


def _has(said: Any, path: _Path) -> bool:
    for name in path:
        if not isinstance(said, dict) or name not in said:
            return False
        said = said[name]
    return True


def _named(binding: str) -> str:
    group, _, action = binding.partition(".")
    return next(f"{group}.{key.name}" for key in TABLE[group] if key.action == action)


def _short(name: object) -> str:
    text = str(name)
    return text if len(text) <= 40 else f"{text[:39]}…"

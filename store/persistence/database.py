"""The seam between the workspace and TinyDB: all that this package asks of a database.

TinyDB keeps every table in one JSON file under numbers of its own; the storage class below writes
that file so that a crash cannot spoil it. A plain TinyDB opens it as well. Another database
would be put behind the methods of `Database`.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from store.errors import StoreMissing, StoreUnreadable
from store.persistence.activity import Position
from store.persistence.files import open_file, read_descriptor, read_file, replace_file
from store.persistence.folder import WORKSPACE_FILE, most_bytes
from store.persistence.formats import FORMAT, Tables, migrate
from store.persistence.ownership import owner_of
from store.persistence.rendering import Rendering
from store.state import Changes, Documents, State, empty_tables
from store.terms import GROUPS_TABLE, WORKSPACE_TABLE, Document

# Device, inode, size and time of the last change.
Signature = tuple[int, int, int, int]

_META = "meta"
# What the documents of the small tables must hold; a list may be left out where it is empty.
_SHOWN_EVERYWHERE: Mapping[str, Mapping[str, type]] = {
    WORKSPACE_TABLE: {"name": str, "web_url": str, "api_url": str, "files_url": str},
    GROUPS_TABLE: {"name": str, "members": list},
}
_REMEDY = "The file was left as it is. Restore a copy of it, or name another store."

# To look through all that was frozen takes some hundredths of a second, in which no key is handled.
_LOADS_TO_A_COLLECTION = 8
_MOST = most_bytes(WORKSPACE_FILE)


class WorkspaceStorage(Storage):
    """A TinyDB storage that replaces its file at once, and knows whether another has replaced it.

    Args:
        path: The file.
        before_rename: Called just before a new file counts; what it raises undoes it.
    """

    def __init__(self, path: Path, before_rename: Callable[[], None] | None = None) -> None:
        self._path = path
        self._before_rename = before_rename
        self._tables: Tables | None = None
        self._staged: Tables | None = None
        self._is_batch = False
        # Kept open, so that the inode of what was read is not used again for a newer file.
        self._descriptor: int | None = None
        self._rendering = Rendering()
        # Of the file when it was read: others may write into the same file in place.
        self._signature: Signature | None = None

    def load(self) -> None:
        """Read the file.

        Raises:
            StoreMissing: There is no file.
            StoreUnreadable: It cannot be read, or is not what TinyDB writes.
        """
        try:
            descriptor = open_file(self._path, most=_MOST, owner=owner_of(self._path.parent))
        except FileNotFoundError as error:
            raise StoreMissing(f"There is no workspace in {self._path.parent}.") from error
        except OSError as error:
            raise StoreUnreadable(f"{self._path} cannot be read: {error.strerror}.") from error
        try:
            signature = _signature(os.fstat(descriptor))
            self.adopt(_parse(read_descriptor(descriptor), self._path))
        except OSError as error:
            os.close(descriptor)
            raise StoreUnreadable(f"{self._path} cannot be read: {error.strerror}.") from error
        except BaseException:
            os.close(descriptor)
            raise
        self._keep_open(descriptor, signature)

    def read(self) -> Tables | None:
        """The tables, for TinyDB. What it does to the outer dictionary stays its own."""
        tables = self._tables if self._staged is None else self._staged
        return None if tables is None else dict(tables)

    def write(self, data: Mapping[str, Any]) -> None:
        """Take the tables from TinyDB and write them, at once or at the end of the batch."""
        self._rendering.forget()
        self._stage(data)

    def write_changed(self, data: Mapping[str, Any], name: str, numbers: Iterable[str]) -> None:
        """The same, where nothing else is new than the documents of these numbers in a table."""
        for number in numbers:
            self._rendering.note_change(name, number)
        self._stage(data)

    def adopt(self, tables: Tables) -> None:
        """Go on with these tables, such as migrated ones, in the place of those that were read."""
        self._tables = tables
        self._rendering.forget()

    @contextlib.contextmanager
    def batch(self) -> Iterator[None]:
        """Write what happens meanwhile in one go at the end, or none of it after an error."""
        self._is_batch = True
        try:
            yield
            self._flush()
        finally:
            self._is_batch = False
            self._staged = None

    def is_current(self) -> bool:
        """Whether the file is still the one that was read or written last."""
        if self._signature is None:
            return False
        try:
            return _signature(os.lstat(self._path)) == self._signature
        except OSError:
            return False

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = self._signature = None

    def _stage(self, data: Mapping[str, Any]) -> None:
        self._staged = dict(data)
        if not self._is_batch:
            self._flush()

    def _flush(self) -> None:
        if self._staged is not None:
            try:
                text = self._rendering.text(self._staged)
                descriptor = replace_file(
                    self._path, *text, most=_MOST, before_rename=self._before_rename
                )
            except BaseException:
                # It holds what has not come to be.
                self._rendering.forget()
                raise
            self._keep_open(descriptor, _signature(os.fstat(descriptor)))
            self._tables, self._staged = self._staged, None

    def _keep_open(self, descriptor: int, signature: Signature) -> None:
        self.close()
        self._descriptor, self._signature = descriptor, signature


class ReplacingTable(Table):
    """A TinyDB table whose documents are replaced whole: who reads the old ones may go on."""

    _numbers: _Numbers | None = None

    def replace(self, documents: Documents) -> None:
        """Put these documents, by our id, in the place of the former ones; None deletes."""
        tables = self.storage.read() or {}
        table = dict(tables.get(self.name, {}))
        if self._numbers is None:
            self._numbers = _Numbers(table)
        changed = []
        for key, document in documents.items():
            if document is not None:
                number = self._numbers.number_of(key)
                table[number] = document
                changed.append(number)
            elif (gone := self._numbers.forget(key)) is not None:
                del table[gone]
                changed.append(gone)
        tables[self.name] = table
        _workspace_storage(self).write_changed(tables, self.name, changed)
        self.clear_cache()

    def forget_numbers(self) -> None:
        """Ask the documents again which is where: others may have written them."""
        self._numbers = None


class _Numbers:
    """Which of TinyDB's numbers each of our ids has in a table."""

    def __init__(self, table: Mapping[str, Document]) -> None:
        self._by_id = {document["id"]: number for number, document in table.items()}
        self._highest = max(map(int, table), default=0)

    def number_of(self, key: str) -> str:
        """The number of that id, a new one for a new id."""
        if key not in self._by_id:
            self._highest += 1
            self._by_id[key] = str(self._highest)
        return self._by_id[key]

    def forget(self, key: str) -> str | None:
        """Take that id out and say which number it had."""
        return self._by_id.pop(key, None)


class Database(TinyDB):
    """The workspace's TinyDB.

    Args:
        path: The path of workspace.json.
        before_rename: Called just before what was written counts; what it raises undoes it.
    """

    table_class = ReplacingTable

    def __init__(self, path: Path, before_rename: Callable[[], None] | None = None) -> None:
        super().__init__(path, before_rename, storage=WorkspaceStorage)
        self._path = path
        self._found_format = FORMAT
        self._loads = itertools.count(1)

    def load(self) -> tuple[State, Position]:
        """Read the file anew.

        Returns:
            The state, and the activity's last entry that it vouches for.

        Raises:
            StoreUnreadable: It is missing, damaged or of a newer format.
        """
        storage = _workspace_storage(self)
        # Collecting while a hundred thousand documents are made finds nothing and triples the time.
        was_collecting = gc.isenabled()
        if was_collecting:
            # What is of no use any more must not be frozen with the rest: it would stay for ever.
            # So would what was in use at a former load and is not now, which takes longer to find.
            if next(self._loads) % _LOADS_TO_A_COLLECTION == 0:
                gc.unfreeze()
                gc.collect()
            else:
                gc.collect(1)
        gc.disable()
        try:
            storage.load()
            self._forget_numbers()
            tables = storage.read() or {}
            meta = _meta_of(tables, self._path)
            try:
                tables = migrate(tables, meta["format"])
            except StoreUnreadable as error:
                raise StoreUnreadable(f"{self._path} cannot be used. {error.message}") from error
            storage.adopt(tables)
            self._found_format = meta["format"]
            state = State(_by_id(tables, self._path), meta["commit"])
        except BaseException:
            # What cannot be used must not count as read: the next look has to fail as well, and
            # no commit may go on from it.
            storage.close()
            raise
        finally:
            # Documents hold no cycles: what is freed of them is freed without the collector, which
            # would otherwise walk through all of them again and again.
            gc.freeze()
            if was_collecting:
                gc.enable()
        return state, Position(meta["activity_number"], meta["activity_hash"])

    def is_current(self) -> bool:
        """Whether no other process has committed since the file was read or written."""
        return _workspace_storage(self).is_current()

    def write(self, changes: Changes, commit: int, last: Position) -> None:
        """Write the changes as that commit, whose last entry of activity this is.

        Raises:
            OSError: They could not be written; the file holds what it held before.
        """
        if self._found_format != FORMAT:
            self._keep_copy_of_former_format()
        meta = {
            "id": _META,
            "format": FORMAT,
            "commit": commit,
            "activity_number": last.number,
            "activity_hash": last.digest,
        }
        try:
            with _workspace_storage(self).batch():
                for name, documents in changes.tables.items():
                    self._replacing_table(name).replace(documents)
                self._replacing_table(_META).replace({_META: meta})
        except BaseException:
            self._forget_numbers()
            raise

    def _forget_numbers(self) -> None:
        for name in self.tables() if _workspace_storage(self).read() else ():
            self._replacing_table(name).forget_numbers()

    def _keep_copy_of_former_format(self) -> None:
        copy = self._path.with_name(f"workspace.format-{self._found_format}.json")
        os.close(replace_file(copy, read_file(self._path, most=_MOST)))
        self._found_format = FORMAT

    def _replacing_table(self, name: str) -> ReplacingTable:
        table = self.table(name)
        assert isinstance(table, ReplacingTable)
        return table


def _workspace_storage(of: TinyDB | Table) -> WorkspaceStorage:
    assert isinstance(of.storage, WorkspaceStorage)
    return of.storage


def _signature(status: os.stat_result) -> Signature:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _parse(content: bytes, path: Path) -> Tables:
    try:
        tables = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise StoreUnreadable(f"{path} is damaged: {error}. {_REMEDY}") from error
    if not isinstance(tables, dict):
        raise StoreUnreadable(f"{path} is damaged: it holds no tables. {_REMEDY}")
    return tables


def _meta_of(tables: Tables, path: Path) -> dict[str, Any]:
    try:
        (meta,) = tables[_META].values()
        kinds = {"format": int, "commit": int, "activity_number": int, "activity_hash": str}
        if all(type(meta[key]) is kind for key, kind in kinds.items()) and meta["format"] > 0:
            return meta
    except (KeyError, ValueError, TypeError, AttributeError):
        pass
    raise StoreUnreadable(f"{path} is damaged: its table `meta` is not as written. {_REMEDY}")


def _by_id(tables: Tables, path: Path) -> Mapping[str, Mapping[str, Document]]:
    result: dict[str, dict[str, Document]] = empty_tables()
    for name, table in tables.items():
        try:
            result[name] = {document["id"]: document for document in table.values()}
            if set(map(type, result[name])) - {str}:
                raise TypeError("id")
        except (TypeError, KeyError, AttributeError) as error:
            raise StoreUnreadable(
                f"{path} is damaged: its table `{name}` holds what is no entry. {_REMEDY}"
            ) from error
    if not result[WORKSPACE_TABLE]:
        raise StoreUnreadable(f"{path} is damaged: it names no workspace. {_REMEDY}")
    del result[_META]
    _check_small_tables(result, path)
    return result


def _check_small_tables(tables: Mapping[str, Mapping[str, Document]], path: Path) -> None:
    # Every screen shows of these. The large tables are looked at where they are walked anyway.
    for name, wanted in _SHOWN_EVERYWHERE.items():
        for document in tables[name].values():
            for field, kind in wanted.items():
                if not isinstance(document.get(field, kind()), kind) or (
                    kind is str and not document.get(field)
                ):
                    raise StoreUnreadable(
                        f"{path} is damaged: an entry in `{name}` has no {field}. {_REMEDY}"
                    )

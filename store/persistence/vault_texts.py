"""The texts of vaults, present and former (ARCHITECTURE, The store is a folder).

Each text is a file that is named by its hash, written once; beside one that clients cannot read
lies what they get of it, for as long as the text does. Beside them each vault has a file of its own
that says which texts it had, one a line, by number. A crash may leave a text that nothing refers
to, and a line that no commit followed: a later line of the same number overrules that one, and
beyond the number that the vault's document tells, lines do not count. So neither a commit nor a
start reads any of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from store.errors import StoreUnreadable
from store.persistence.delivered_forms import erase_forms, read_form, text_of_form, write_form
from store.persistence.files import (
    append_to_file,
    make_private_folder,
    read_file,
    replace_file,
    sync_folder,
)
from store.persistence.folder import MOST_OF_A_TEXT
from store.persistence.ownership import owner_of
from store.state import DAMAGE, State, damaged
from store.terms import (
    ADMINISTRATOR_VAULTS_TABLE,
    DELETED_VAULTS_TABLE,
    VAULTS_TABLE,
    Document,
)
from store.times import from_text, is_time, to_text
from store.vaults.formats import FORMATS, Format

# So many former texts of a vault are kept, beside the present one.
FORMER_TEXTS = 100
KEPT_AFTER_DELETION = timedelta(days=30)

# At each so-manieth text of a vault, those that are not kept any more are erased.
_TEXTS_BETWEEN_ERASING = 10
_MARK = "unused"
_TEXT_NAME = re.compile(r"[0-9a-f]{64}")
_HISTORY_NAME = re.compile(r"history-(.+)\.jsonl")


@dataclass(frozen=True)
class TextRecord:
    """What is known of one of a vault's texts, but for the text.

    Attributes:
        number: The how-manieth of the vault it is, from 1.
        digest: Its hash.
        format: Its format.
        size: Its bytes.
        lines: Its lines.
        at: When it was saved.
        by: Who saved it.
    """

    number: int
    digest: str
    format: Format
    size: int
    lines: int
    at: str
    by: str


@dataclass(frozen=True)
class SavedText:
    """A text that a commit brings, of which vault it is, and what clients get of it.

    Attributes:
        vault: The id of the vault.
        text: The text.
        record: What is known of it.
        form: What clients get; None where that is the text, or is not known.
    """

    vault: str
    text: str
    record: TextRecord
    form: str | None = None


class VaultTexts:
    """The texts in one folder. Only the holder of the store's lock may write.

    Args:
        folder: Where they lie; it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, digest: str, *, what: str) -> str:
        """The text with that hash.

        Args:
            digest: The hash.
            what: What the text is, to begin a sentence.

        Raises:
            StoreUnreadable: It is missing, was altered or cannot be read.
        """
        path = self._folder / digest
        try:
            content = self._read_file(path)
        except FileNotFoundError:
            trouble = "is missing"
        except OSError as error:
            trouble = f"cannot be read ({error.strerror})"
        else:
            if digest_of(content) == digest:
                return content.decode(errors="replace")
            trouble = "was altered"
        raise StoreUnreadable(
            f"{what} is lost: its file {path} {trouble}. "
            "Put the file back from a copy of the store, or save a text anew."
        )

    def form(self, digest: str, format: Format) -> str | None:  # noqa: A002
        """What clients get of a text in that format, or None where that is not known.

        Args:
            digest: The hash of the text.
            format: A format that clients cannot read.
        """
        return read_form(self._folder, digest, format)

    def save(self, texts: Iterable[SavedText]) -> None:
        """Write texts, and that their vaults have them, so that they outlast a crash.

        Raises:
            OSError: They could not be written.
        """
        for saved in texts:
            if not self._folder.is_dir():
                make_private_folder(self._folder)
                sync_folder(self._folder.parent)
            self._write(saved)
            # What a crash has cut short ends where the next line begins.
            line = b"\n" + orjson.dumps(asdict(saved.record))
            append_to_file(self._history_path(saved.vault), line, most=MOST_OF_A_TEXT)

    def mend(self, texts: Iterable[SavedText]) -> None:
        """Write those texts of which the file is missing or was altered.

        Raises:
            OSError: They could not be written.
        """
        for saved in texts:
            make_private_folder(self._folder)
            self._write(saved)

    def history(self, vault: Document) -> list[TextRecord]:
        """The texts that a vault has and had, as far as they are kept, newest first.

        Args:
            vault: The vault's document.

        Raises:
            OSError: The list of them cannot be read.
        """
        last = vault.get("text_number", 1)
        wanted = range(last, max(vault.get("history_from", 1), last - FORMER_TEXTS) - 1, -1)
        records = {record.number: record for record in self._lines(vault["id"])}
        # Of the present text the document has the last word; that of a deleted vault tells less.
        if "format" in vault and (last not in records or not _is_of(vault, records[last])):
            records[last] = _record_of_present(vault)
        return [records[number] for number in wanted if number in records]

    @property
    def has_unused(self) -> bool:
        """Whether there is something to erase."""
        return (self._folder / _MARK).exists()

    def mark(self) -> None:
        """Remember, whatever happens, that there is something to erase.

        Raises:
            OSError: That could not be written.
        """
        if self._folder.is_dir():
            os.close(replace_file(self._folder / _MARK, b""))

    def erase_unused(self, state: State, vault: str = "") -> int:
        """Erase what no vault of the newest state has or had, as far as that is kept.

        Args:
            state: The newest state.
            vault: The id of the vault that is asked about; it may have been deleted.

        Returns:
            How many texts were erased that this vault had.

        Raises:
            StoreUnreadable: A vault's document is damaged; nothing was erased.
            OSError: A file could not be read or erased.
        """
        if not self._folder.is_dir():
            return 0
        kept = self._kept(state)
        used = {record.digest for records in kept.values() for record in records}
        used |= {document["text_hash"] for document in _documents(state)}
        asked_about = {record.digest for record in self._lines(vault)} if vault else set()
        for key, records in kept.items():
            self._shorten(key, records)
        erased, failure = set(), None
        for name in os.listdir(self._folder):
            try:
                if self._erase(name, used, kept):
                    erased.add(name)
            except OSError as error:
                # The others are none the worse for it; the mark stays.
                failure = failure or OSError(error.errno, f"{name}: {error.strerror}")
        sync_folder(self._folder)
        if failure is not None:
            raise failure
        (self._folder / _MARK).unlink(missing_ok=True)
        return len(erased & asked_about)

    def erase_oldest(self, state: State, saved: Iterable[SavedText]) -> None:
        """Erase what these texts have pushed out of the histories of their vaults.

        That is done at every tenth text of a vault, and looks at other vaults only for whether they
        have or had one of the texts to erase.

        Args:
            state: The newest state, with these texts.
            saved: The texts.

        Raises:
            OSError: A file could not be read or erased; a later text of the vault tries again.
        """
        for number, key in {(one.record.number, one.vault) for one in saved}:
            if number > FORMER_TEXTS and number % _TEXTS_BETWEEN_ERASING == 0:
                self._erase_oldest(state, key)

    def _erase_oldest(self, state: State, key: str) -> None:
        tables = (VAULTS_TABLE, ADMINISTRATOR_VAULTS_TABLE, DELETED_VAULTS_TABLE)
        vaults = [vault for table in tables for vault in state.table(table).values()]
        kept = next((self.history(vault) for vault in vaults if vault["id"] == key), None)
        if kept is None:
            return
        unused = {record.digest for record in self._lines(key)}
        unused -= {record.digest for record in kept}
        unused = {digest for digest in unused if _TEXT_NAME.fullmatch(digest)}
        unused -= {digest for digest in unused for vault in vaults if digest == vault["text_hash"]}
        for path in self._folder.glob("history-*.jsonl") if unused else ():
            if path != self._history_path(key):
                # Not taken apart: also what does not count any more keeps a text, which is safe.
                content = self._read_file(path)
                unused = {digest for digest in unused if digest.encode() not in content}
        for digest in unused:
            erase_forms(self._folder, digest)
            (self._folder / digest).unlink(missing_ok=True)
        # Last, for as long as a text is listed, it is found again.
        self._shorten(key, kept)

    def _kept(self, state: State) -> Mapping[str, list[TextRecord]]:
        return {document["id"]: self.history(document) for document in _documents(state)}

    def _shorten(self, vault: str, records: list[TextRecord]) -> None:
        """Leave only these records in a vault's list."""
        oldest_first = records[::-1]
        if oldest_first != list(self._lines(vault)):
            lines = [b"\n" + orjson.dumps(asdict(record)) for record in oldest_first]
            os.close(replace_file(self._history_path(vault), b"".join(lines)))

    def _erase(self, name: str, used: set[str], vaults: Mapping[str, object]) -> bool:
        """Erase a file if it is of no use; whether that was a text."""
        whole = name.removesuffix(".new")
        is_text = _TEXT_NAME.fullmatch(whole) is not None
        text = whole if is_text else text_of_form(whole)
        history = _HISTORY_NAME.fullmatch(whole)
        # With the lock held nobody is writing: what ends like this was left by a crash.
        is_rest = name != whole
        if is_rest or (text and text not in used) or (history and history[1] not in vaults):
            (self._folder / name).unlink()
            return is_text and not is_rest
        return False

    def _write(self, saved: SavedText) -> None:
        digest = saved.record.digest
        self._write_text(digest, saved.text.encode())
        if saved.form is not None:
            write_form(self._folder, digest, saved.record.format, saved.form)

    def _write_text(self, digest: str, content: bytes) -> None:
        path = self._folder / digest
        with contextlib.suppress(OSError):
            if self._read_file(path) == content:
                # It may have been put there by a process that died before this.
                sync_folder(self._folder)
                return
        os.close(replace_file(path, content, most=MOST_OF_A_TEXT))

    def _read_file(self, path: Path) -> bytes:
        return read_file(path, most=MOST_OF_A_TEXT, owner=owner_of(self._folder.parent))

    def _history_path(self, vault: str) -> Path:
        return self._folder / f"history-{vault}.jsonl"

    def _lines(self, vault: str) -> Iterator[TextRecord]:
        try:
            content = self._read_file(self._history_path(vault))
        except FileNotFoundError:
            return
        for line in content.split(b"\n"):
            # A crash may have cut any line short.
            with contextlib.suppress(ValueError, TypeError):
                yield _record_of(orjson.loads(line))


def digest_of(content: bytes) -> str:
    """The hash by which a text is kept."""
    return hashlib.sha256(content).hexdigest()


def _is_of(vault: Document, record: TextRecord) -> bool:
    return bool(record.digest == vault["text_hash"])


def _record_of_present(vault: Document) -> TextRecord:
    return TextRecord(
        number=vault.get("text_number", 1),
        digest=vault["text_hash"],
        format=vault["format"],
        size=vault["size"],
        lines=vault["lines"],
        at=vault["updated_at"],
        by=vault["updated_by"],
    )


def _record_of(found: Any) -> TextRecord:
    record = TextRecord(**found)
    numbers = (record.number, record.size, record.lines)
    texts = (record.digest, record.at, record.by)
    if not all(type(number) is int for number in numbers) or record.format not in FORMATS:
        raise TypeError(found)
    if not all(isinstance(text, str) for text in texts) or not is_time(record.at):
        raise TypeError(found)
    return record


def outdated(state: State, at: str) -> dict[str, Document | None]:
    """The deleted vaults whose texts are not to be kept any longer at that time, as deletions."""
    deleted = state.table(DELETED_VAULTS_TABLE)
    if not deleted:
        return {}
    limit = to_text(from_text(at) - KEPT_AFTER_DELETION)
    times = {key: vault.get("deleted_at") for key, vault in deleted.items()}
    return {key: None for key, time in times.items() if is_time(time) and str(time) <= limit}


def _documents(state: State) -> list[Document]:
    documents = []
    for table in (VAULTS_TABLE, ADMINISTRATOR_VAULTS_TABLE, DELETED_VAULTS_TABLE):
        for key, document in state.table(table).items():
            try:
                _see_that_it_tells(document)
            except DAMAGE as error:
                raise damaged(table, key, error) from error
            documents.append(document)
    return documents


def _see_that_it_tells(document: Document) -> None:
    numbers = (document.get("text_number", 1), document.get("history_from", 1))
    if not isinstance(document["text_hash"], str) or not all(type(n) is int for n in numbers):
        raise TypeError("text_hash, text_number or history_from")

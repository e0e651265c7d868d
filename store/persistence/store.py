"""The store: one folder, its present state, and the one place that commits changes."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from store.errors import (
    AlreadyExists,
    StoreDamaged,
    StoreFailed,
    StoreMissing,
    StoreReadOnly,
    StoreUnreadable,
)
from store.persistence.activity import ActivityDamaged, ActivityLog, Position
from store.persistence.database import Database
from store.persistence.files import make_private_folder
from store.persistence.folder import (
    ACTIVITY_FOLDER,
    LOCK_FILE,
    USAGE_LOCK_FILE,
    VAULT_TEXTS_FOLDER,
    WORKSPACE_FILE,
    check_folder,
)
from store.persistence.impersonations import ImpersonationsFile
from store.persistence.late_writer import LateWriter
from store.persistence.lock import LONGEST_WAIT, LockLost, StoreLock
from store.persistence.log_outs import LogOutsFile
from store.persistence.ownership import check_files, check_owner, is_anothers, keep_to_owner
from store.persistence.refusals import RefusalsFile
from store.persistence.usage import UsageFile
from store.persistence.vault_texts import SavedText, TextRecord, VaultTexts, outdated
from store.state import DAMAGE, Changes, State, damaged, empty_tables
from store.terms import DELETED_VAULTS_TABLE, Document
from store.vaults.formats import Format

T = TypeVar("T")

# A reader between a commit's append and its rename sees the record run ahead; it looks again.
# Each further look follows a newer commit: a busy store needs several, damage needs one.
_LOOKS_AT_THE_ACTIVITY = 100


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What an operation comes to.

    Attributes:
        result: What its caller gets.
        changes: What is to be committed; without any there is no commit.
        entry: What the activity says of it.
        texts: The texts of vaults that it brings. Without a change, they are those that their
            vaults have already, and only written where their file is lost.
        frees_texts: Whether texts are no use any more after it. Whoever commits it erases them.
    """

    result: T
    changes: Changes = field(default_factory=Changes)
    entry: dict[str, Any] = field(default_factory=dict)
    texts: tuple[SavedText, ...] = ()
    frees_texts: bool = False


class Store:
    """A workspace's folder, opened.

    Args:
        path: The folder.
        read_only: Whether commits are refused.
        longest_wait: How long a commit waits for the lock, in seconds.

    Raises:
        StoreMissing: There is no store at the path.
        StoreForeign: It is another account's, which alone may change it.
        StoreUnreadable: It cannot be used, is damaged or of a newer format.
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, longest_wait: float = LONGEST_WAIT
    ) -> None:
        check_owner(path, may_look=read_only)
        check_folder(path)
        check_files(path)
        # What a person is to be told, once, of how it was found.
        self.notices = keep_to_owner(path, must=not read_only)
        self._set_up(path, longest_wait)
        self._state, self._last = self._database.load()
        if not os.access(path, os.W_OK):
            self._why_kept_as_it_is = "Its folder may not be written by this account."
        elif read_only:
            self._why_kept_as_it_is = "It was opened with --read-only."
        self._trouble = self._trouble_with_activity()

    def _set_up(self, path: Path, longest_wait: float) -> None:
        self.path = path
        self._longest_wait = longest_wait
        self._why_kept_as_it_is = ""
        # What is wrong with its activity, which somebody may put right meanwhile.
        self._trouble = ""
        # Until its first commit there is no file that it was read from.
        self._is_being_made = False
        self._database: Database = Database(path / WORKSPACE_FILE, self._see_nothing_was_replaced)
        self._activity = ActivityLog(path / ACTIVITY_FOLDER)
        self._texts = VaultTexts(path / VAULT_TEXTS_FOLDER)
        self._lock = StoreLock(path / LOCK_FILE, longest_wait, holds_folder=True)
        # One thread at a time loads or writes; reading `state` needs no lock.
        self._guard = threading.Lock()
        # One thread at a time waits for the lock of other processes, and keeps nobody from loading.
        self._committing = threading.Lock()
        self._late_writer = LateWriter(
            path / USAGE_LOCK_FILE,
            may_write=lambda: not (self.read_only_reason or is_anothers(path)),
        )
        self.usage = UsageFile(path, self._late_writer, self._newest_state)
        self.refusals = RefusalsFile(path, self._late_writer)
        self.impersonations = ImpersonationsFile(path, self._late_writer)
        self.log_outs = LogOutsFile(path, lambda: self.change_refusal)

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, or ""."""
        return self._trouble or self._why_kept_as_it_is

    @property
    def change_refusal(self) -> str:
        """Why nothing can be changed, as a person is told, or ""."""
        return f"Nothing can be changed. {self.read_only_reason}" if self.read_only_reason else ""

    @classmethod
    def create(
        cls,
        path: Path,
        first: Changes,
        entry: dict[str, Any],
        *,
        texts: Iterable[SavedText] = (),
        longest_wait: float = LONGEST_WAIT,
    ) -> Store:
        """Make a store with its first documents.

        Raises:
            AlreadyExists: Another has made one there meanwhile.
            StoreUnreadable: The path cannot be used.
            StoreFailed: It could not be written.
        """
        with contextlib.suppress(StoreMissing):
            check_folder(path)
        check_files(path)
        store = cls.__new__(cls)
        store._set_up(path, longest_wait)
        store.notices = []
        try:
            make_private_folder(path, parents=True)
            with store._lock.held():
                if os.path.lexists(path / WORKSPACE_FILE):
                    raise AlreadyExists(f"There is a workspace in {path} already.")
                store._state, store._last = State(empty_tables(), 0), Position()
                store._is_being_made = True
                store._write(first, entry, texts)
                store._is_being_made = False
        except OSError as error:
            raise StoreFailed(f"No store could be made in {path}: {error.strerror}.") from error
        except ActivityDamaged as error:
            raise StoreFailed(
                f"No store could be made in {path}: its activity is of another one."
            ) from error
        return store

    @property
    def state(self) -> State:
        """The state as it was read or committed last."""
        return self._state

    @property
    def is_current(self) -> bool:
        """Whether no other process has committed since; that is one look at the file."""
        return self._database.is_current()

    def refresh(self) -> bool:
        """Load what another process has committed.

        Returns:
            Whether there was anything new.

        Raises:
            StoreUnreadable: The file is gone or damaged; the former state stays.
        """
        with self._guard:
            is_new = self._refresh()
            if not (former := self._trouble):
                return is_new
            self._trouble = self._trouble_with_activity()
            return is_new or self._trouble != former

    def commit(self, operation: Callable[[State], Outcome[T]], check: Callable[[State], None]) -> T:
        """Run an operation on the newest state and keep what it changes, all or nothing.

        Args:
            operation: Reads the state and returns its outcome; what it raises changes nothing.
            check: Raises where the state to be would break a rule.

        Returns:
            The operation's result.

        Raises:
            StoreReadOnly: The store is open for reading only.
            StoreForeign: It has become another account's.
            StoreBusy: Another process held the lock for too long.
            StoreFailed: The files could not be written; the store is as before.
        """
        deadline = time.monotonic() + self._longest_wait
        while True:
            with contextlib.suppress(LockLost), self._writing():
                outcome = operation(self._state)
                if outcome.changes:
                    self._commit(outcome, check)
                elif outcome.texts:
                    self._mend(outcome.texts)
                return outcome.result
            # Somebody has taken the lock's file away, or the folder: it is begun anew.
            if time.monotonic() > deadline:
                raise StoreFailed(
                    f"The lock of the store in {self.path} is removed again and again, or its "
                    "folder is replaced. Nothing was changed; leave them in their places, and try "
                    "again."
                )

    def vault_text(self, digest: str, *, what: str) -> str:
        """The text of a vault by its hash.

        Args:
            digest: The hash.
            what: What the text is, to begin a sentence.

        Raises:
            StoreUnreadable: It is missing, was altered or cannot be read.
        """
        return self._texts.read(digest, what=what)

    def vault_form(self, digest: str, format: Format) -> str | None:  # noqa: A002
        """What clients get of a vault's text, or None where that was not kept, or not whole.

        Args:
            digest: The hash of the text.
            format: Its format, of those that clients cannot read.
        """
        return self._texts.form(digest, format)

    def vault_history(self, vault: Document) -> list[TextRecord]:
        """The texts that a vault has and had, as far as they are kept, newest first.

        Raises:
            StoreUnreadable: The list of them cannot be read, or the document is damaged.
        """
        try:
            return self._texts.history(vault)
        except DAMAGE as error:
            raise damaged("the vaults", str(vault.get("id")), error) from error
        except OSError as error:
            raise StoreUnreadable(
                f"The former texts in {self.path / VAULT_TEXTS_FOLDER} cannot be read: "
                f"{error.strerror}."
            ) from error

    def erase_unused_texts(self, vault: str) -> int:
        """Erase the texts that no vault has or had, as far as that is kept.

        Args:
            vault: The id of the vault that is asked about; it may have been deleted.

        Returns:
            How many were erased that this vault had.

        Raises:
            StoreReadOnly: The store is open for reading only.
            StoreForeign: It has become another account's.
            StoreBusy: Another process held the lock for too long.
            StoreFailed: They could not all be erased; the next commit tries again.
        """
        with self._writing():
            try:
                self._see_nothing_was_replaced()
                return self._texts.erase_unused(self._state, vault)
            except OSError as error:
                raise StoreFailed(
                    f"Not all former texts in {self.path / VAULT_TEXTS_FOLDER} could be erased: "
                    f"{error.strerror}. The next change tries again."
                ) from error

    def newest_activity(self) -> list[dict[str, Any]]:
        """The entries of the activity, newest first.

        Raises:
            StoreUnreadable: They are damaged or cannot be read.
        """
        try:
            return list(self._activity.newest(self._last))
        except ActivityDamaged as error:
            raise StoreUnreadable(
                f"The activity in {self.path / ACTIVITY_FOLDER} is damaged: {error}. "
                "Restore a copy of the store."
            ) from error
        except OSError as error:
            raise StoreUnreadable(
                f"The activity in {self.path / ACTIVITY_FOLDER} cannot be read: {error.strerror}."
            ) from error

    def close(self) -> None:
        """Write what was noted of sign-ins, and let go of the files."""
        self._late_writer.close()
        self.usage.close()
        self.refusals.close()
        self.impersonations.close()
        self.log_outs.close()
        self._database.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the lock, with the newest state loaded, where this account may write."""
        if self._trouble:
            self.refresh()
        if refusal := self.change_refusal:
            raise StoreDamaged(refusal) if self._trouble else StoreReadOnly(refusal)
        # Before the lock, of which a file is made where there is none, and after waiting for it.
        check_owner(self.path)
        with self._committing, self._lock.held(), self._guard:
            check_owner(self.path)
            self._refresh()
            yield

    def _see_nothing_was_replaced(self) -> None:
        """See that what is locked, and what it is locked for, is still in its place.

        Raises:
            LockLost: It is not.
        """
        self._lock.check()
        workspace = self.path / WORKSPACE_FILE
        if self._is_being_made:
            is_anothers_commit = os.path.lexists(workspace)
        else:
            is_anothers_commit = not self._database.is_current()
        if is_anothers_commit:
            raise LockLost(workspace)

    def _refresh(self) -> bool:
        is_new = not self._database.is_current()
        if is_new:
            self._state, self._last = self._database.load()
        check_files(self.path)
        return is_new

    def _newest_state(self) -> State | None:
        """The state where it is sure to be the newest, else None."""
        if not self._guard.acquire(blocking=False):
            return None
        try:
            return self._state if self._database.is_current() else None
        finally:
            self._guard.release()

    def _commit(self, outcome: Outcome[T], check: Callable[[State], None]) -> None:
        try:
            if outcome.frees_texts:
                self._texts.mark()
            self._write(outcome.changes, outcome.entry, outcome.texts, check)
        except ActivityDamaged as error:
            # What lies where the store was tells nothing of it.
            self._lock.check()
            self._trouble = self._damage(error)
            raise StoreDamaged(f"Nothing was changed. {self._trouble}") from error
        except LockLost:
            raise
        except OSError as error:
            self._lock.check()
            raise StoreFailed(
                f"The store in {self.path} could not be written: {error.strerror}. "
                f"{self._what_became_of_it()}"
            ) from error
        # What fails here is tried again by a later commit.
        with contextlib.suppress(OSError, StoreUnreadable, *DAMAGE):
            self._texts.erase_oldest(self._state, outcome.texts)
        if self._texts.has_unused and not outcome.frees_texts:
            with contextlib.suppress(OSError, StoreUnreadable):
                self._texts.erase_unused(self._state)

    def _mend(self, texts: Iterable[SavedText]) -> None:
        try:
            self._texts.mend(texts)
        except OSError as error:
            raise StoreFailed(
                f"The text in {self.path / VAULT_TEXTS_FOLDER} could not be written: "
                f"{error.strerror}. Nothing was changed."
            ) from error

    def _write(
        self,
        changes: Changes,
        entry: dict[str, Any],
        texts: Iterable[SavedText] = (),
        check: Callable[[State], None] | None = None,
    ) -> None:
        changes = self._without_outdated(changes, entry)
        state = self._state.changed(changes)
        if check is not None:
            check(state)
        self._texts.save(texts)
        self._see_nothing_was_replaced()
        last = self._activity.append(self._last, entry)
        self._database.write(changes, state.commit, last)
        self._state, self._last = state, last

    def _without_outdated(self, changes: Changes, entry: dict[str, Any]) -> Changes:
        """The changes, and that deleted vaults whose time has come are forgotten."""
        due = outdated(self._state, entry["at"]) if "at" in entry else {}
        if not due:
            return changes
        self._texts.mark()
        deleted = {**due, **changes.tables.get(DELETED_VAULTS_TABLE, {})}
        return Changes({**changes.tables, DELETED_VAULTS_TABLE: deleted})

    def _what_became_of_it(self) -> str:
        # With the lock held, nobody else can have put another file in the place of the former.
        if self._database.is_current():
            return "Nothing was changed."
        return "The change is in the file, but might not outlast a power failure."

    def _trouble_with_activity(self) -> str:
        """Why nothing can be added to the activity, or ""."""
        for look in range(_LOOKS_AT_THE_ACTIVITY):
            try:
                self._activity.check(self._last)
                break
            except ActivityDamaged as error:
                if not self._refresh() or look + 1 == _LOOKS_AT_THE_ACTIVITY:
                    return self._damage(error)
            except OSError as error:
                return f"Its activity cannot be read: {error.strerror}."
        return ""

    def _damage(self, error: ActivityDamaged) -> str:
        return (
            f"The activity in {self.path / ACTIVITY_FOLDER} does not fit workspace.json: {error}. "
            "Either is damaged or an old copy was put back; restore both from the same copy."
        )

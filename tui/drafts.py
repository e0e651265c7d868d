"""Drafts: texts that were not saved yet, kept for whoever writes them should the program end.

They lie in the state folder of the operating-system account, never in a store that others share,
each in a folder of its own. A program holds those of its editors: what nobody holds was left.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from store.persistence.files import read_file, replace_file
from store.times import is_time
from store.vaults.formats import FORMATS, Format
from tui.held_folders import hold_folder, is_held, is_own_and_older

# What nobody has asked for in so long a time is removed, in days.
DAYS_KEPT = 30

_FILE = "draft.json"
# Many times what an editor takes, in bytes.
_MOST = 64_000_000
_OWNER_ONLY = 0o700
_A_DAY = 86_400


@dataclass(frozen=True)
class DraftText:
    """What somebody had typed.

    Attributes:
        text: The text.
        format: Its format.
        made_from: The digest of the text and format that were saved when it was begun.
        kept_at: When it was kept.
    """

    text: str
    format: Format
    made_from: str
    kept_at: str


def digest_of(text: str, text_format: Format) -> str:
    """What tells a text and its format from others, without holding either."""
    return _digest(text_format, text)


class Draft:
    """A draft, or the place for one. Threads may use it.

    Args:
        drafts: Whose it is.
        folder: Where it lies; None while there is none.
        handle: What holds the folder.
        kept: What was left in it; None for a new one.
    """

    def __init__(
        self,
        drafts: Drafts,
        folder: Path | None = None,
        handle: int | None = None,
        kept: DraftText | None = None,
    ) -> None:
        self._drafts = drafts
        self._folder = folder
        self._handle = handle
        self._one_at_a_time = threading.Lock()
        self._is_over = False
        self.kept = kept

    def keep(self, text: str, text_format: Format, made_from: str) -> None:
        """Put a text in the place of what is kept, so that a loss of power finds either.

        Args:
            text: The text.
            text_format: Its format.
            made_from: The digest of what it was made from.

        Raises:
            OSError: It could not be written. What was kept before is kept still.
        """
        with self._one_at_a_time:
            if self._is_over:
                return
            folder = self._held_folder
            if folder is None:
                self._let_go()
                folder, self._handle = self._drafts.make_folder()
                self._folder = folder
            kept = DraftText(text, text_format, made_from, self._drafts.now())
            os.close(replace_file(folder / _FILE, self._drafts.document_of(kept)))

    def clear(self) -> None:
        """Remove what is kept, for there is nothing that is not saved; more may come."""
        with self._one_at_a_time:
            self._remove()

    def end(self) -> None:
        """Remove what is kept, and keep nothing any more."""
        with self._one_at_a_time:
            self._is_over = True
            self._remove()

    def release(self) -> None:
        """Leave what is kept to whoever opens the vault next."""
        with self._one_at_a_time:
            self._is_over = True
            self._let_go()

    @property
    def _held_folder(self) -> Path | None:
        """Its folder, unless there is none, or somebody has put another in its place."""
        folder, handle = self._folder, self._handle
        if folder is None or handle is None or not is_held(folder, handle):
            return None
        return folder

    def _remove(self) -> None:
        if (folder := self._held_folder) is not None:
            shutil.rmtree(folder, ignore_errors=True)
        self._folder = None
        self._let_go()

    def _let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class Drafts:
    """What one member writes into one vault of one workspace.

    Args:
        workspace: The id of the workspace.
        actor: The id of the member who writes.
        vault: What tells the vault from all others of the workspace.
        now: Gives the time, as it is stored.
    """

    def __init__(self, *, workspace: str, actor: str, vault: str, now: Callable[[], str]) -> None:
        self._of = {"workspace": workspace, "actor": actor, "vault": vault}
        self._prefix = f"{_digest(workspace, actor, vault)[:32]}-"
        self.now = now

    def begin(self) -> Draft:
        """A place for a draft; nothing is written before there is one."""
        return Draft(self)

    def left(self) -> list[Draft]:
        """The drafts that programs have left which are over, the newest first; each is held."""
        found = [draft for folder in _folders(self._prefix) if (draft := self._taken(folder))]
        return sorted(found, key=_kept_at, reverse=True)

    def make_folder(self) -> tuple[Path, int]:
        """Make a folder for a draft, and hold it.

        Raises:
            OSError: It could not be made.
        """
        place = _place()
        place.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        _make_private(place)
        folder = Path(tempfile.mkdtemp(prefix=self._prefix, dir=place))
        # Whoever looks at it in this moment finds nothing in it, and lets go of it again.
        return folder, hold_folder(folder, waits=True)

    def document_of(self, draft: DraftText) -> bytes:
        """What is written of a draft."""
        document = {**self._of, "text": draft.text, "format": draft.format}
        document |= {"made_from": draft.made_from, "kept_at": draft.kept_at}
        # Half a character is no UTF-8, but typed is typed.
        return json.dumps(document).encode()

    def _taken(self, folder: Path) -> Draft | None:
        try:
            handle = hold_folder(folder)
        except OSError:
            return None
        kept = self._read(folder)
        if kept is None:
            os.close(handle)
            return None
        return Draft(self, folder, handle, kept)

    def _read(self, folder: Path) -> DraftText | None:
        try:
            document = json.loads(read_file(folder / _FILE, most=_MOST))
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(document, dict) or any(
            document.get(name) != value for name, value in self._of.items()
        ):
            return None
        return _draft_of(document)


def sweep_drafts() -> None:
    """Remove drafts that nobody has asked for in a month, and that no program holds."""
    for folder in _folders(""):
        with contextlib.suppress(OSError):
            if is_own_and_older(folder, DAYS_KEPT * _A_DAY):
                handle = hold_folder(folder)
                try:
                    shutil.rmtree(folder, ignore_errors=True)
                finally:
                    os.close(handle)


def _place() -> Path:
    return user_state_path("clearml-admin") / "drafts"


def _folders(prefix: str) -> list[Path]:
    place = _place()
    try:
        if place.lstat().st_uid != os.geteuid():
            return []
        return [place / name for name in os.listdir(place) if name.startswith(prefix)]
    except OSError:
        return []


def _make_private(place: Path) -> None:
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise OSError(errno.ENOTDIR, f"{place} is no folder of yours")
    if stat.S_IMODE(found.st_mode) != _OWNER_ONLY:
        place.chmod(_OWNER_ONLY)


def _draft_of(document: dict[str, Any]) -> DraftText | None:
    """What a file says, or None where it is none of these: damaged, or of another version."""
    text, made_from = document.get("text"), document.get("made_from")
    text_format, kept_at = document.get("format"), document.get("kept_at")
    if not isinstance(text, str) or not isinstance(made_from, str):
        return None
    if text_format not in FORMATS or not isinstance(kept_at, str) or not is_time(kept_at):
        return None
    return DraftText(text, text_format, made_from, kept_at)


def _kept_at(draft: Draft) -> str:
    return draft.kept.kept_at if draft.kept else ""


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

"""A vault's text that is kept as a draft while somebody changes it, and offered again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from textual import work
from textual.await_complete import AwaitComplete
from textual.timer import Timer

from store.vaults.formats import SHOWN, Format
from tui.background_check import Check
from tui.dates import ago, day_and_time
from tui.dialogs.draft_offer import TAKE, THROW, DraftOffer
from tui.dialogs.vault_text import SavedText, VaultText
from tui.differences import Difference, vault_difference
from tui.drafts import DAYS_KEPT, Draft, Drafts, DraftText, digest_of
from tui.key_queue import BESIDE
from tui.private_files import reason_of
from tui.text import shortened

# No more than what was typed in so many seconds is lost with the machine.
_BETWEEN_DRAFTS = 2.0
_TITLE_CELLS = 60


class DraftedText(VaultText):
    """Keeps what is not saved, and offers what was left of former times.

    Args:
        title: Whose vault it is.
        saved: What is saved.
        enabled: Whether clients get it.
        check: Checks a text.
        read_only: Why nothing can be changed, or "".
        notice: What else is to be said of the vault, or "".
        drafts: Where drafts are kept; None where none are.
        say_at_end: Says something when the program has ended.
    """

    def __init__(
        self,
        title: str,
        saved: SavedText,
        *,
        enabled: bool,
        check: Check,
        read_only: str,
        notice: str,
        drafts: Drafts | None,
        say_at_end: Callable[[str], None] | None,
    ) -> None:
        super().__init__(
            title, saved, enabled=enabled, check=check, read_only=read_only, notice=notice
        )
        self._drafts = drafts
        self._draft = drafts.begin() if drafts is not None else None
        self._say_at_end = say_at_end
        self._made_from = digest_of(saved.text, saved.format)
        self._keeping: Timer | None = None
        self._has_failed = False
        self._has_left = False

    def on_mount(self) -> None:
        """Offer what was left. Textual calls this besides the base's own."""
        if self._drafts is not None:
            self._offer(self._drafts)

    # What was left

    @work(group="draft")
    async def _offer(self, drafts: Drafts) -> None:
        left = await asyncio.to_thread(drafts.left)
        try:
            while left and await self._is_settled(left[0]):
                left.pop(0)
        finally:
            for draft in left:
                if draft is not self._draft:
                    draft.release()

    async def _is_settled(self, draft: Draft) -> bool:
        """Ask what is to become of a draft; whether the next one is to be asked about."""
        kept = draft.kept
        if kept is None or (kept.text, kept.format) == (self._saved.text, self._saved.format):
            # It was saved after all, before the program ended.
            await asyncio.to_thread(draft.end)
            return True
        answer = await self.app.push_screen_wait(self._offer_of(kept))
        if answer == THROW:
            await asyncio.to_thread(draft.end)
            return True
        if answer == TAKE:
            await self._take_up(draft, kept)
        return False

    def _offer_of(self, kept: DraftText) -> DraftOffer:
        async def compare() -> Difference:
            saved = self._saved.text, self._saved.format
            return await asyncio.to_thread(vault_difference, saved, (kept.text, kept.format))

        return DraftOffer(self._told_of(kept), compare)

    def _told_of(self, kept: DraftText) -> list[str]:
        assert self._drafts is not None
        lines = kept.text.count("\n") + 1
        age = f"{ago(kept.kept_at, self._drafts.now())} ({day_and_time(kept.kept_at)})"
        is_same = kept.made_from == digest_of(self._saved.text, self._saved.format)
        by = f": {self._saved.by}" if self._saved.by else ""
        return [
            self._title,
            f"You typed it {age}: {lines:,} {'line' if lines == 1 else 'lines'} of "
            f"{SHOWN[kept.format]}.",
            "The vault is as it was when you began."
            if is_same
            else f"! The vault has been saved meanwhile{by}. Saving the draft would replace that.",
            "",
            "Taking it up saves nothing yet. What you leave for later is offered again, for "
            f"{DAYS_KEPT} days.",
        ]

    async def _take_up(self, draft: Draft, kept: DraftText) -> None:
        # What was typed before it was offered is no more than the saved text.
        if self._draft is not None:
            await asyncio.to_thread(self._draft.end)
        self._draft, self._made_from = draft, kept.made_from
        self.take_up(kept.text, kept.format)

    def take_up(self, text: str, text_format: Format) -> None:
        """Put the text of a draft into the editor.

        Args:
            text: The text.
            text_format: Its format.
        """
        raise NotImplementedError

    # What is typed now

    def text_changed(self) -> None:
        """Keep what has been typed."""
        super().text_changed()
        self._keep_soon()

    def _begin_check(self) -> None:
        super()._begin_check()
        # The format may be another, which is no change of the text.
        self._keep_soon()

    def _keep_soon(self) -> None:
        if self._draft is not None and self._keeping is None and not self._is_leaving:
            self._keeping = self.set_timer(_BETWEEN_DRAFTS, self._keep)

    @work(group=BESIDE)
    async def _keep(self) -> None:
        self._keeping = None
        await self.keep_draft()

    async def keep_draft(self) -> None:
        """Keep what is there now, and nothing where it is saved."""
        if self._draft is None or self._has_left:
            return
        try:
            if self._is_changed:
                await asyncio.to_thread(self._draft.keep, *self._present(), self._made_from)
            else:
                await asyncio.to_thread(self._draft.clear)
        except OSError as error:
            self._tell_failure(error)

    def _tell_failure(self, error: OSError) -> None:
        # It is tried again at the next key, and said once.
        if not self._has_failed:
            self._has_failed = True
            self.notify(
                f"No draft can be kept of what you type: {reason_of(error)}. Save now and then.",
                severity="warning",
                markup=False,
            )

    # The end

    def dismiss(self, result: bool | None = None) -> AwaitComplete:
        """Leave, and keep nothing: it was saved, or is not wanted."""
        if self.is_current and self._draft is not None:
            self._has_left = True
            self._draft.end()
        return super().dismiss(result)

    def on_unmount(self) -> None:
        """Keep what is there, where the program ends in the midst of it."""
        if self._draft is None or self._has_left:
            return
        with contextlib.suppress(OSError):
            if self._is_changed:
                self._draft.keep(*self._present(), self._made_from)
                if self._say_at_end is not None:
                    title = shortened(self._title, _TITLE_CELLS)
                    self._say_at_end(f"{title}: not saved, and kept until you edit it again.")
            else:
                self._draft.clear()
        self._draft.release()

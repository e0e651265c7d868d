"""Which rows an action is for: those marked, else the open one, else the cursor's.

Moving the cursor, marking and copying belong here, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from store.errors import WorkspaceError
from tui.keymap import keymap_of
from tui.tabs.details_tab import DetailsTab
from tui.widgets.record_table import RecordTable

# What is true of so many rows can be told while the footer is drawn.
_FEW = 50


class MarkedRows(DetailsTab):
    """A tab with a table whose rows can be marked."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - every Textual widget calls it so
        super().__init__(id=id)
        self.marks: set[str] = set()
        # The keys of the rows shown, in order.
        self.shown: Sequence[str] = ()

    @property
    def table(self) -> RecordTable:
        """The table."""
        raise NotImplementedError

    @property
    def is_filtered(self) -> bool:
        """Whether there are more rows than are shown."""
        raise NotImplementedError

    def show_heading(self) -> None:
        """Say how many are marked."""
        raise NotImplementedError

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """What can be copied of these rows: texts by what they are."""
        raise NotImplementedError

    @property
    def target_count(self) -> int:
        """How many rows an action is for."""
        return len(self.marks) or int((self.details_key or self.table.cursor_key) is not None)

    def is_for_alone(self, key: str) -> bool:
        """Whether an action is for that row and no other."""
        if self.marks:
            return self.marks == {key}
        return (self.details_key or self.table.cursor_key) == key

    def targets(self) -> list[str]:
        """The rows that an action is for: the marked ones, else the open one, else the cursor's."""
        if self.marks:
            return [key for key in self.shown if key in self.marks] + sorted(
                self.marks.difference(self.shown)
            )
        key = self.details_key or self.table.cursor_key
        return [key] if key is not None else []

    def is_said_of_all(self, holds: Callable[[str], bool]) -> bool:
        """Whether that holds for each row that an action is for, as far as it is soon told."""
        if not 0 < self.target_count <= _FEW:
            return False
        try:
            # Not in the order shown, for which all rows would be looked through.
            return all(map(holds, self.marks or self.targets()))
        except WorkspaceError:
            # One of them is gone, and the next list comes without it.
            return False

    def action_cursor_down(self) -> None:
        """Go to the next row."""
        self.table.action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the row before."""
        self.table.action_cursor_up()

    def action_scroll_top(self) -> None:
        """Go to the first row."""
        self.table.action_scroll_top()

    def action_scroll_bottom(self) -> None:
        """Go to the last row."""
        self.table.action_scroll_bottom()

    def action_mark(self) -> None:
        """Mark the row and go on to the next, or take its mark away."""
        key = self.table.cursor_key
        if not self.may("mark") or key is None:
            return
        self.mark_only(self.marks ^ {key})
        self.table.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark all rows shown; when they all are marked, none."""
        if not self.may("mark_all"):
            return
        shown = set(self.shown)
        self.mark_only(self.marks - shown if shown <= self.marks else self.marks | shown)

    def mark_only(self, keys: set[str]) -> None:
        """Mark these rows and no other, and show it wherever it is told."""
        self.marks = keys
        self.table.refresh_rows()
        self.show_heading()
        # What the keys are for, and whether there is a mark to take away.
        self.refresh_bindings()

    def unmark(self, keys: Iterable[str]) -> None:
        """Take the marks of these rows away."""
        self.mark_only(self.marks.difference(keys))

    def action_copy(self) -> None:
        """Ask what to copy of the row or the marked ones."""
        self.start("copy", self._copying)

    async def _copying(self) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        texts = await asyncio.to_thread(lambda: self.copyable(self.targets()))
        if not texts:
            self.refuse("There is nothing to copy.")
            return
        choices = [Choice(what, _summary(what, text)) for what, text in texts.items()]
        again = keymap_of(self.app).key("rows", "copy").keys
        what = await self.app.push_screen_wait(ChoiceDialog("Copy", choices, again=again))
        if what is not None:
            self.copy(what, texts[what])
            self.say(f"{what} sent to your terminal's clipboard.")

    def copy(self, what: str, text: str) -> None:
        """Copy one of what can be copied."""
        self.app.copy_to_clipboard(text)

    def action_copy_id(self) -> None:
        """Copy the whole id of the row, or of the marked ones, at once."""
        if not self.may("copy_id"):
            return
        self.app.copy_to_clipboard("\n".join(self.targets()))
        self.say("ID sent to your terminal's clipboard.")

    def keep_living_marks(self) -> None:
        """Forget the marks of rows that are gone."""
        # A filter hides marked rows without unmarking them; only what is gone loses its mark.
        if self.marks and not self.is_filtered:
            self.marks &= set(self.shown)


def _summary(what: str, text: str) -> str:
    first, *more = text.splitlines() or [""]
    return f"{what}: {first}" + (f" … {len(more) + 1:,} in all" if more else "")

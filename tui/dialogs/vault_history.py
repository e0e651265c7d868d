"""The former texts of a vault: compared, restored, purged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from store.vault_views import FormerText
from tui.dates import day_and_time
from tui.dialogs.dialog import Dialog, button
from tui.text import content, shortened
from tui.vault_words import FORMAT_NAMES, content_words

_NAME_CELLS = 24
# Shows what differs between two revisions, the older first.
Compare = Callable[[int, int], Awaitable[object]]


class VaultHistory(Dialog[int]):
    """A list of what was saved, newest first. Gives the revision to restore.

    Args:
        called: What the vault is called.
        versions: What was saved, newest first; the first is the present text.
        compare: Shows what differs between two revisions, the older first.
        purge: Erases the former texts if the person agrees, and gives how many or else None; None
            where it may not be done.
        may_restore: Whether a former text may be put back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", id="history.mark"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(
        self,
        called: str,
        versions: Sequence[FormerText],
        *,
        compare: Compare,
        purge: Callable[[], Awaitable[int | None]] | None,
        may_restore: bool,
    ) -> None:
        super().__init__(f"History of {shortened(called, 60)}")
        self._versions = versions
        self._compare = compare
        self._purge = purge
        self._may_restore = may_restore
        # The index of the version that another is compared with, or None for the present one.
        self._marked: int | None = None

    def compose_body(self) -> Iterable[Widget]:
        """How to compare, and the versions."""
        words = "Enter compares with the present text; space marks another to compare with."
        if not self._has_former:
            words = "There is no former text yet: each save keeps the text before it."
        yield Static(content(words), classes="intro")
        yield OptionList(
            *(Option(self._line(index)) for index in range(len(self._versions))),
            compact=True,
            markup=False,
            classes="versions",
        )

    def compose_buttons(self) -> Iterable[Button]:
        """Compare, restore, purge, leave."""
        yield button("Close", "cancel")
        if not self._has_former:
            return
        yield button("Compare", "compare")
        if self._may_restore:
            yield button("Restore", "restore", "primary")
        if self._purge is not None:
            yield button("Purge history", "purge", "danger")

    @property
    def _has_former(self) -> bool:
        return len(self._versions) > 1

    def on_mount(self) -> None:
        """Begin at the version before the present one."""
        options = self.query_one(OptionList)
        options.focus()
        options.highlighted = min(1, len(self._versions) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Compare."""
        event.stop()
        self._show_difference()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Compare, restore or purge."""
        event.stop()
        if event.button.id == "compare":
            self._show_difference()
        elif event.button.id == "restore":
            self._restore()
        elif event.button.id == "purge":
            self._purge_all()

    def action_mark(self) -> None:
        """Mark the version that others are compared with, or take the mark away."""
        options = self.query_one(OptionList)
        former, self._marked = self._marked, options.highlighted
        if former == self._marked:
            self._marked = None
        for index in {former, options.highlighted} - {None}:
            assert index is not None
            options.replace_option_prompt_at_index(index, self._line(index))

    def action_down(self) -> None:
        """Go to the older one."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go to the newer one."""
        self.query_one(OptionList).action_cursor_up()

    @work(group="compare")
    async def _show_difference(self) -> None:
        chosen = self.query_one(OptionList).highlighted
        other = 0 if self._marked is None else self._marked
        if not self._has_former:
            self.show_problem("There is no former text to compare with.")
            return
        if chosen is None or chosen == other:
            self.show_problem("Choose another version than the one it is compared with.")
            return
        self.show_problem("")
        # The newest is first, so the older of two has the higher index.
        older, newer = max(chosen, other), min(chosen, other)
        await self._compare(self._versions[older].revision, self._versions[newer].revision)

    def _restore(self) -> None:
        chosen = self.query_one(OptionList).highlighted
        if chosen is None or self._versions[chosen].is_present:
            self.show_problem("This is the present text. Choose a former one.")
        else:
            self.dismiss(self._versions[chosen].revision)

    @work(group="purge")
    async def _purge_all(self) -> None:
        if self._purge is None or self.is_busy:
            return
        erased = await self.attempt(self._purge())
        if erased is not None:
            words = "1 former text was" if erased == 1 else f"{erased:,} former texts were"
            self.notify(f"{words} erased.", markup=False)
            self.dismiss(None)

    def _line(self, index: int) -> Content:
        version = self._versions[index]
        mark = ("* ", "bold $accent") if index == self._marked else ("  ", "")
        who = shortened(version.saved_by, _NAME_CELLS)
        present = ", present" if version.is_present else ""
        return Content.assemble(
            mark,
            f"{day_and_time(version.saved_at)}  ",
            content(who),
            (
                f"  {FORMAT_NAMES[version.format]}, "
                f"{content_words(version.lines, version.size)}{present}",
                "$text-muted",
            ),
        )

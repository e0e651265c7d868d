"""A draft that was left when the program ended, offered before the vault is edited anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import Dialog, button
from tui.dialogs.text_difference import TextDifference
from tui.differences import Difference
from tui.text import content

TAKE, THROW = "take", "throw"


class DraftOffer(Dialog[str]):
    """Says what was left. Gives "take" or "throw", or None to leave it for later.

    Args:
        told: What it is, how old, and what has become of the vault since; a line each.
        compare: Gives what is different between what is saved and the draft.
    """

    def __init__(self, told: Sequence[str], compare: Callable[[], Awaitable[Difference]]) -> None:
        super().__init__("A draft of yours was not saved")
        self._told = told
        self._compare = compare

    def compose_body(self) -> Iterable[Widget]:
        """What it is."""
        yield Static(Content("\n").join(map(content, self._told)))

    def compose_buttons(self) -> Iterable[Button]:
        """What can be done with it."""
        yield button("Later", "cancel")
        yield button("Difference", "difference")
        yield button("Throw away", THROW, "danger")
        yield button("Take it up", TAKE, "primary")

    def on_mount(self) -> None:
        """Begin where nothing is lost: undo brings the saved text back."""
        self.query_one(f"#{TAKE}").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Show the difference, or leave."""
        event.stop()
        if event.button.id == "difference":
            self._show_difference()
        elif event.button.id in (TAKE, THROW):
            self.dismiss(event.button.id)

    @work(group="difference")
    async def _show_difference(self) -> None:
        found = await self.attempt(self._compare())
        if found is not None:
            dialog = TextDifference("What the draft would change", found, verb="Take it up")
            if await self.app.push_screen_wait(dialog):
                self.dismiss(TAKE)

"""What dialogs share that show something once: taking it along, and leaving without it."""

from __future__ import annotations

from typing import TypeVar

from textual import work
from textual.message import Message
from textual.widgets import TextArea

from tui.dialogs.confirmation import Confirmation
from tui.dialogs.dialog import Dialog

T = TypeVar("T")


class ShownOnce(Dialog[T]):
    """A dialog that notes what is copied out of it, and asks whoever leaves without all of it."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._is_leaving = False

    def note_taken(self, text: str) -> None:
        """Note what somebody has copied."""
        raise NotImplementedError

    async def may_leave(self) -> bool:
        """Whether it can be left; where it cannot, whoever was asked finds the focus put right."""
        raise NotImplementedError

    def result(self) -> T | None:
        """What it gives when it is left."""
        return None

    # Copying

    def copy(self, text: str) -> None:
        """Copy a text to the clipboard of the person's terminal."""
        self.app.copy_to_clipboard(text)
        self._taken(text)

    def action_copy_text(self) -> None:
        """Copy what is selected with the mouse, beside what can be copied as it is."""
        super().action_copy_text()
        self._taken(self.get_selected_text() or "")

    def on_section_area_copied(self, event: SectionArea.Copied) -> None:
        """What was selected was copied."""
        event.stop()
        self._taken(self.query_one(SectionArea).selected_text)

    def _taken(self, text: str) -> None:
        self.note_taken(text)
        self.notify("Sent to your terminal's clipboard.", markup=False)

    # Leaving

    def action_cancel(self) -> None:
        """Leave; whoever has not taken all of it along is asked."""
        if not self._is_leaving:
            self._is_leaving = True
            self._leave()

    @work(group="leave")
    async def _leave(self) -> None:
        if await self.may_leave():
            self.dismiss(self.result())
        else:
            self._is_leaving = False

    async def asks(self, title: str, effect: str) -> bool:
        """Ask before leaving; whether it is to be left all the same."""
        answer = await self.app.push_screen_wait(Confirmation(title, [effect], verb="Leave"))
        return answer is True


class SectionArea(TextArea):
    """What is shown once, to be read, selected and copied; nothing of it is wrapped."""

    class Copied(Message):
        """What was selected was copied."""

    def __init__(self, section: str, *, classes: str = "section-text") -> None:
        super().__init__(section, read_only=True, soft_wrap=False, compact=True, classes=classes)

    def action_copy(self) -> None:
        """Copy what is selected."""
        super().action_copy()
        if self.selected_text:
            self.post_message(self.Copied())

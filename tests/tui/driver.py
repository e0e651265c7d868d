"""What presses the keys of a running program, and looks at what it then shows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

import pytest
from textual import events
from textual.app import App
from textual.geometry import Region
from textual.notifications import Notification, Notifications
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input, Static, TextArea

import tests.tui.plain_textual  # noqa: F401 - it makes Textual so
from tests.tui.drawing import drawn, drawn_bare, times_drawn
from tests.tui.loop import change, rest
from tui.widgets.field import Field

A = TypeVar("A", bound=App[Any])

# What is beside the table in the one size is over it in the other.
BESIDE, OVER = (120, 40), (80, 24)
# A busy machine may take so long for what else takes a moment, in seconds.
_PATIENCE = 20.0


class _Kept(Notifications):
    """The notices that are shown, and all that ever were."""

    def __init__(self, shown: Notifications) -> None:
        super().__init__()
        self.all: list[Notification] = []
        for notification in shown:
            self.add(notification)

    def add(self, notification: Notification) -> Self:
        self.all.append(notification)
        super().add(notification)
        return self


class Driver(Generic[A]):
    """Whatever is on top of the screen, driven as a person would.

    Args:
        app: The program.
        pilot: What presses its keys.
    """

    def __init__(self, app: A, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        # What is said takes the place of what was said before; here all of it is kept.
        self._notices = _Kept(app._notifications)
        app._notifications = self._notices
        self._text = ""
        self._text_at: object = None

    @property
    def text(self) -> str:
        """All that the screen shows, or the dialog on top of it, line by line."""
        boxes = self.app.screen.query(".dialog")
        at = (times_drawn(), self.app.screen)
        if at != self._text_at:
            if boxes:
                self._text, self._text_at = _text(drawn_bare(self.app), boxes.first().region), at
            else:
                self._text, self._text_at = _text(drawn(self.app), self.app.screen.region), at
        return self._text

    @property
    def words(self) -> str:
        """All that the screen on top shows, with single blanks in the place of line ends."""
        return " ".join(self.text.replace("│", " ").split())

    @property
    def dialog(self) -> str:
        """The name of the dialog on top, or "" for none."""
        return type(self.app.screen).__name__ if len(self.app.screen_stack) > 1 else ""

    @property
    def focused(self) -> str:
        """The id or class of what has the focus."""
        focused = self.app.screen.focused
        return "" if focused is None else focused.id or type(focused).__name__

    @property
    def said(self) -> list[str]:
        """All that the program has said beside the screen, one after the other."""
        return [notice.message for notice in self._notices.all]

    @property
    def told(self) -> list[str]:
        """What is to be read beside the screen now."""
        return [notice.message for notice in self._notices]

    def error_at(self, field: str) -> str:
        """What a field of the dialog says is wrong with it, or ""."""
        for one in self.app.screen.query(Field):
            if one.field_name == field and one.has_class("-invalid"):
                return str(one.query_one(".field-note").render())
        return ""

    @property
    def problem(self) -> str:
        """What the dialog says is wrong with the whole, or ""."""
        line = self.app.screen.query_one(".dialog-error", Static)
        return str(line.render()) if line.display else ""

    def input(self, field: str) -> Input:
        """The input of a dialog's field."""
        return self.app.screen.query_one(f"#field-{field.replace('_', '-')} Input", Input)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text as a paste, which is quicker than key by key."""
        focused = self.app.screen.focused
        assert isinstance(focused, Input | TextArea), focused
        self.app.post_message(events.Paste(text))
        await self.pilot.pause(0)

    async def fill(self, field: str, text: str) -> None:
        """Type into a field in the place of what it holds."""
        control = self.input(field)
        control.focus()
        control.value = ""
        await self.pilot.pause(0)
        await self.type(text)

    async def resize(self, size: tuple[int, int]) -> None:
        """Give the terminal another size, and wait until the screens have it."""
        await self.pilot.resize_terminal(*size)
        await self.until(lambda: self.app.size == self.app.screen.size == size)

    async def see_text_alone(self) -> None:
        """See that nothing that steers a terminal is drawn, at either size."""
        width, height = self.app.size
        for size in (OVER, (width, height)):
            await self.resize(size)
            for character in "\x1b\x00\u202e\x07":
                assert character not in self.text

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await rest()
                while not is_so():
                    await change()
                    await rest()
        except TimeoutError:
            pytest.fail(f"not so: {self.dialog}\n{self.said}\n{self.text}")

    async def until_shown(self, words: str) -> None:
        """Wait until the screen on top shows these words."""
        await self.until(lambda: words in self.words)

    async def until_dialog(self, name: str) -> None:
        """Wait until the dialog of that class is on top, and takes keys; "" for none."""
        await self.until(lambda: self.dialog == name and self.app.screen.is_mounted)
        await self.pilot.pause(0)


def _text(strips: list[Strip], box: Region) -> str:
    """What is in a box, line by line, without the blanks at the ends."""
    lines = (strip.crop(box.x, box.right) for strip in strips[box.y : box.bottom])
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in lines)

"""What is shown while something is being read for longer than a moment, and how that is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from textual.app import App
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from store.parsing.under_way import UnderWay, waited_for
from tui.dialogs.dialog import Dialog, button
from tui.key_queue import GoesByItself

T = TypeVar("T")

# What is done sooner shows nothing of it, in seconds.
_A_MOMENT = 0.5
_BETWEEN_LOOKS = 0.1
_BAR_CELLS = 40


class UnderWayDialog(GoesByItself, Dialog[bool]):
    """Says how far the reading is. Gives True where it has come to its end, else None.

    Args:
        title: What is read.
        reading: The reading.
        is_over: Says whether it has come to its end.
    """

    def __init__(self, title: str, reading: UnderWay, is_over: Callable[[], bool]) -> None:
        super().__init__(title)
        self._reading = reading
        self._is_over = is_over

    def compose_body(self) -> Iterable[Widget]:
        """How far it is."""
        yield Static(classes="under-way")
        words = "The machine is busy, or there is much to read. Stopping changes nothing."
        yield Static(Content.styled(words, "$text-muted"))

    def compose_buttons(self) -> Iterable[Button]:
        """Stop. Enter may have been typed for what comes then, and does not."""
        stop = button("Stop (esc)", "cancel")
        stop.can_focus = False
        yield stop

    def on_mount(self) -> None:
        """Follow it."""
        self._show()
        self.set_interval(_BETWEEN_LOOKS, self._follow)

    def _show(self) -> None:
        self.query_one(".under-way", Static).update(_how_far(self._reading))

    def _follow(self) -> None:
        if self._is_over():
            self.dismiss(True)
        else:
            self._show()


def _how_far(reading: UnderWay) -> Content:
    if reading.of < 2:
        return Content("Reading…")
    done = reading.done * _BAR_CELLS // reading.of
    present = min(reading.done + 1, reading.of)
    return Content.assemble(
        f"Vault {present:,} of {reading.of:,}  ",
        ("━" * done, "$primary"),
        ("━" * (_BAR_CELLS - done), "$panel"),
    )


async def watched(
    app: App[Any], title: str, doing: Awaitable[T], stop: Callable[[], None] | None = None
) -> T:
    """Wait for what reads texts, in sight of the person, who can end it. Workers alone may.

    Args:
        app: The program.
        title: What is read, such as `Reading the text`.
        doing: What is waited for; not begun yet.
        stop: What ends it besides.

    Raises:
        Stopped: The person, or whoever else waited, has ended it.
        WorkspaceError: What it raises.
    """
    with waited_for() as reading:
        task = asyncio.ensure_future(doing)
        try:
            await asyncio.wait([task], timeout=_A_MOMENT)
            if not task.done():
                dialog = UnderWayDialog(title, reading, task.done)
                if not await app.push_screen_wait(dialog):
                    reading.stop()
                    if stop is not None:
                        stop()
            return await task
        finally:
            task.cancel()

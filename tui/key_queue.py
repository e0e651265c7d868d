"""What is typed, in its order: each key goes where it would go if it had been typed slowly.

Textual gives a key to what has the focus when the key is read. Keys that come together (of a line
that has stalled, a macro, a paste without brackets, quick fingers) would all go to the focus of
that moment, not to the one that the first of them is about to make.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, ClassVar

from textual._queue import Queue
from textual.app import App
from textual.command import CommandPalette
from textual.events import Event, Key, MouseEvent
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widgets import Input, TextArea
from textual.worker import Worker, WorkerState, get_current_worker

# The groups of workers that keys do not wait for: of those that go on beside what is typed, and of
# those that look up what is typed, for which only a key waits that leaves the text.
BESIDE = "beside"
SEARCH = "search"

# What a key sets off is mostly done within so many turns of the event loop, and else waits for
# something: after them it is looked at again after a while, in seconds.
_TURNS = 200
_A_WHILE = 0.004
# What takes longer has failed; the store itself gives up after ten seconds.
_LONGEST = 20.0
_STAY_IN_A_TEXT = {"backspace", "delete", "left", "right", "home", "end"}


class GoesByItself:
    """A screen that is there while something is done: what is typed waits for what comes then.

    Only what ends or hides it goes to it, and at once.
    """

    TAKEN: ClassVar[frozenset[str]] = frozenset({"cancel", "app.redraw", "app.suspend_program"})

    def takes(self, event: Event) -> bool:
        """Whether that goes to it."""
        assert isinstance(self, Screen)
        if not isinstance(event, Key):
            return isinstance(event, MouseEvent)
        active = self.active_bindings.get(event.key)
        return active is not None and active.binding.action in self.TAKEN

    def is_ended_by(self, event: Event) -> bool:
        """Whether nothing will come that was waited for."""
        assert isinstance(self, Screen)
        active = self.active_bindings.get(event.key) if isinstance(event, Key) else None
        return active is not None and active.binding.action == "cancel"


class KeyQueue:
    """Keeps what is typed until all that the key before has set off is done.

    That is: each message is handled, each screen and widget is mounted and has its place, what is
    to be called after drawing has been called, and the workers have ended or ask something.

    Args:
        app: The program.
        deliver: Gives a key, a paste or a press of the mouse to what has the focus.
    """

    def __init__(self, app: App[Any], deliver: Callable[[Event], Awaitable[None]]) -> None:
        self._app = app
        self._deliver = deliver
        self._typed: deque[Event] = deque()
        self._at_work: asyncio.Task[None] | None = None
        self._at_once: asyncio.Task[None] | None = None
        self._asking: dict[Worker[Any], Screen[Any]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether all that was typed has been given to what has the focus."""
        return not self._typed

    def put(self, event: Event) -> None:
        """Take what was typed next."""
        for screen in self._app.screen_stack[-1:]:
            if isinstance(screen, GoesByItself) and screen.takes(event):
                if screen.is_ended_by(event):
                    # It was typed for what will not be there.
                    self._typed.clear()
                self._at_once = asyncio.create_task(self._deliver_at_once(event, self._at_once))
                return
        self._typed.append(event)
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._deliver_all())

    @contextmanager
    def asking(self, screen: Screen[Any]) -> Iterator[None]:
        """While a worker waits for a person to answer that screen, keys do not wait for it."""
        worker = get_current_worker()
        self._asking[worker] = screen
        try:
            yield
        finally:
            del self._asking[worker]

    async def _deliver_at_once(self, event: Event, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await before
        try:
            await self._deliver(event)
        except Exception as error:
            self._app._handle_exception(error)

    async def _deliver_all(self) -> None:
        try:
            while self._typed:
                event = self._typed[0]
                await self._until_done(event)
                # It may have been dropped meanwhile.
                if event in self._typed:
                    await self._deliver(event)
                if event in self._typed:
                    self._typed.remove(event)
        except Exception as error:
            self._typed.clear()
            self._app._handle_exception(error)
        finally:
            self._at_work = None

    async def _until_done(self, event: Event) -> None:
        turns, deadline = 0, monotonic() + _LONGEST
        while not self._is_done(event) and monotonic() < deadline:
            await asyncio.sleep(0 if turns < _TURNS else _A_WHILE)
            turns += 1

    def _is_done(self, event: Event) -> bool:
        app = self._app
        return not (
            any(map(_has_callbacks, app.screen_stack))
            or _is_at_work(app)
            or any(map(_is_at_work, list(app._registry)))
            or any(self._holds_back(worker, event) for worker in app.workers)
            or (self._is_to_be_laid_out and not self._stays_in_a_text(event))
        )

    @property
    def _is_to_be_laid_out(self) -> bool:
        # What comes next to the focus is what stands next to it.
        return self._app.screen._layout_required and not self._app._batch_count

    def _holds_back(self, worker: Worker[Any], event: Event) -> bool:
        if worker.state not in (WorkerState.PENDING, WorkerState.RUNNING):
            return False
        if worker.group == SEARCH or isinstance(worker.node, CommandPalette):
            return not self._stays_in_a_text(event)
        # What was asked has been answered once its screen is gone.
        screen = self._asking.get(worker)
        is_asking = screen in self._app.screen_stack
        if isinstance(screen, GoesByItself):
            is_asking = is_asking and screen.takes(event)
        return worker.group != BESIDE and not is_asking

    def _stays_in_a_text(self, event: Event) -> bool:
        if not isinstance(self._app.focused, Input | TextArea):
            return False
        return not isinstance(event, Key) or event.is_printable or event.key in _STAY_IN_A_TEXT


def _has_callbacks(screen: Screen[Any]) -> bool:
    """Whether something is to be called once it has been drawn."""
    if screen._callbacks and not screen._update_timer._active.is_set():
        # It was covered, or laid out by somebody else: nothing may come to it for long.
        screen.check_idle()
    return bool(screen._callbacks)


def _is_at_work(pump: MessagePump) -> bool:
    """Whether it has messages, or handles one, or is only being mounted."""
    if not pump._running or pump._closing:
        return False
    queue: Queue[Any] = pump._message_queue
    # At rest it waits for a message.
    is_at_rest = queue.empty() and bool(getattr(queue.ready_event, "_waiters", True))
    return not (pump._is_mounted and is_at_rest)

"""Checking a text while somebody types it, never in the way of a key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from store.errors import Stopped
from store.parsing.under_way import UnderWay, waited_for
from store.vaults.checking import CheckedText
from store.vaults.formats import Format

Check = Callable[[str, Format], Awaitable[CheckedText]]


class BackgroundCheck:
    """Checks one text at a time, and keeps the last answer.

    However fast somebody types, no more than one check is under way; who asks meanwhile waits for
    it, and then the text as it is by then is checked.

    Args:
        check: Checks a text.
        present: Gives the text as it is now, and its format.
    """

    def __init__(self, check: Check, present: Callable[[], tuple[str, Format]]) -> None:
        self._check = check
        self._present = present
        self._one_at_a_time = asyncio.Lock()
        self._checked: tuple[str, Format] | None = None
        self._answer: CheckedText | None = None
        self._asked: tuple[str, Format] | None = None
        self._reading: UnderWay | None = None
        self._stops = 0

    @property
    def answer(self) -> CheckedText | None:
        """What is known of the present text, or None."""
        return self._answer if self._checked == self._present() else None

    async def check_as(self, text: str, text_format: Format) -> CheckedText:
        """Check a text in a format that it may have as well, and leave the answer as it is.

        Raises:
            Stopped: It was stopped.
            WorkspaceError: What the check raises.
        """
        async with self._one_at_a_time:
            try:
                with waited_for() as self._reading:
                    return await self._check(text, text_format)
            finally:
                self._reading = None

    def keep(self, asked: tuple[str, Format], answer: CheckedText | None) -> None:
        """Take this for the answer to a text in a format; None is to check it anew."""
        self._checked, self._answer = asked, answer

    def stop(self) -> None:
        """End what is under way without an answer, for all who wait for one."""
        self._stops += 1
        self._end_reading()

    def _end_reading(self) -> None:
        if self._reading is not None:
            self._reading.stop()

    async def run(self) -> CheckedText:
        """Check until there is an answer to the present text; one to a former text is dropped.

        What could not be answered for the machine was busy is asked anew.

        Raises:
            Stopped: It was stopped.
            WorkspaceError: What the check raises.
        """
        if self._answer is not None and self._answer.may_pass:
            self._answer = None
        if self._asked != self._present():
            # Nobody waits for what it says of a former text, which may take long.
            self._end_reading()
        stops = self._stops
        while (answer := self.answer) is None:
            async with self._one_at_a_time:
                if self._stops != stops:
                    raise Stopped
                # Somebody else may have waited for the same.
                if self.answer is None:
                    await self._check_present()
        return answer

    async def _check_present(self) -> None:
        asked = self._asked = self._present()
        try:
            with waited_for() as self._reading:
                self._answer, self._checked = await self._check(*asked), asked
        except Stopped:
            if asked == self._present():
                raise
        finally:
            self._reading = self._asked = None

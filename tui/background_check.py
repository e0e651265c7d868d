"""Checking a text while somebody types it, never in the way of a key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

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

    @property
    def answer(self) -> CheckedText | None:
        """What is known of the present text, or None."""
        return self._answer if self._checked == self._present() else None

    async def check_as(self, text: str, text_format: Format) -> CheckedText:
        """Check a text in a format that it may have as well, and leave the answer as it is.

        Raises:
            WorkspaceError: What the check raises.
        """
        async with self._one_at_a_time:
            return await self._check(text, text_format)

    def keep(self, asked: tuple[str, Format], answer: CheckedText | None) -> None:
        """Take this for the answer to a text in a format; None is to check it anew."""
        self._checked, self._answer = asked, answer

    async def run(self) -> CheckedText:
        """Check until there is an answer to the present text; one to a former text is dropped.

        Raises:
            WorkspaceError: What the check raises.
        """
        while (answer := self.answer) is None:
            async with self._one_at_a_time:
                # Somebody else may have waited for the same.
                if self.answer is None:
                    asked = self._present()
                    self._answer, self._checked = await self._check(*asked), asked
        return answer

"""How much a member can reach, in the details panel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from store.terms import READ_MODIFY, READ_ONLY
from tui.access_sheets import AccessSummary
from tui.access_words import DEFINE_QUEUES, NONE
from tui.key_queue import BESIDE
from tui.text import content, shortened
from tui.widgets.panel_section import PanelSection

_MOST_QUEUES = 4
_QUEUE_CELLS = 24
_HEADING = "EFFECTIVE ACCESS"


class AccessView(PanelSection):
    """Numbers that are worked out beside the event loop, and shown only of whom they are.

    Args:
        work_out: How much a member can reach; None where that cannot be said.
        key: What is pressed to see all of it.
    """

    def __init__(
        self, work_out: Callable[[str], Awaitable[AccessSummary | None]], key: str
    ) -> None:
        super().__init__(classes="access")
        self._work_out = work_out
        self._key = key
        # The member, and the commit that it was worked out of.
        self._wanted: tuple[str, int] | None = None
        self._shown: tuple[str, int] | None = None
        self._is_working = False

    def compose(self) -> ComposeResult:
        """The numbers."""
        yield Static(classes="access-summary")

    def show(self, member: str, commit: int) -> None:
        """Show how much a member can reach, as soon as that is worked out.

        Args:
            member: The id of the member.
            commit: The number of the commit that is shown.
        """
        if self._wanted is None or self._wanted[0] != member:
            self._say(Content.styled("…", "$text-muted"))
            self._shown = None
        self._wanted = (member, commit)
        if not self._is_working and self._wanted != self._shown:
            self._is_working = True
            self._follow()

    @work(group=BESIDE)
    async def _follow(self) -> None:
        # One at a time, and of those that came meanwhile the latest only.
        try:
            while self._wanted is not None and self._wanted != self._shown:
                wanted = self._wanted
                summary = await self._work_out(wanted[0])
                if wanted[0] == self._wanted[0]:
                    self._shown = wanted
                    self._say(_words(summary))
        finally:
            self._is_working = False

    def _say(self, words: Content) -> None:
        heading = Content.styled(_HEADING, "bold $accent")
        how = Content.styled(f"  {self._key} shows all of it", "$text-muted")
        self.query_one(Static).update(Content.assemble(heading, how, "\n", words))

    @property
    def can_be_entered(self) -> bool:
        """Never: a key opens all of it."""
        return False

    def enter(self) -> None:
        """Stay: there is nothing to go to."""


def _words(summary: AccessSummary | None) -> Content:
    if summary is None:
        return Content("")
    if summary.is_suspended:
        return Content.styled("none while suspended", "$text-error")
    lines = [_numbers(summary)]
    if summary.defines_queues:
        lines.append(Content(DEFINE_QUEUES))
    if summary.closed_queues:
        words = f"Queues it cannot reach: {_named(summary.closed_queues)}"
        lines.append(content(words).stylize("$text-warning"))
    return Content("\n").join(lines)


def _numbers(summary: AccessSummary) -> Content:
    covered = summary.modify + summary.read + summary.none
    if not covered:
        return Content(f"{READ_MODIFY} on all resources: no rule covers any of them")
    style = "$text-error" if summary.none else ""
    return Content.assemble(
        f"{READ_MODIFY} {summary.modify:,} · {READ_ONLY} {summary.read:,} · ",
        (f"{NONE} {summary.none:,}", style),
        (f" of {covered:,} with rules; {summary.uncovered:,} without", "$text-muted"),
    )


def _named(queues: Sequence[str]) -> str:
    more = len(queues) - _MOST_QUEUES
    named = ", ".join(shortened(queue, _QUEUE_CELLS) for queue in queues[:_MOST_QUEUES])
    return f"{named} +{more:,}" if more > 0 else named

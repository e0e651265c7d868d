"""Asking before a change of access: what it would do, as it still is when it is agreed to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from textual.content import Content

from store.views import GroupName
from store.workspace import Workspace
from tui.tabs.confirmed import Confirmed, confirmed
from tui.tabs.tab import Tab
from tui.text import content, shortened
from tui.whole_lists import Entry, Line, Whole, abridged

if TYPE_CHECKING:
    from store.access.impacts import Impact
    from tui.dialogs.confirmation import Confirmation

R = TypeVar("R")

_MOST_NAMED = 6
_NAME_CELLS = 40


@dataclass(frozen=True)
class Moves:
    """What a change moves, for the confirmation to say in words.

    Attributes:
        joining: The ids of those put in: members into a group, or groups that members come into.
        leaving: The ids of those taken out.
        entry_of: What one of them is called.
        words: What is said before the names of either.
    """

    joining: Sequence[str]
    leaving: Sequence[str]
    entry_of: Callable[[str], Entry]
    words: tuple[str, str]

    @classmethod
    def of_groups(
        cls, groups: Sequence[GroupName], joining: Sequence[str], leaving: Sequence[str]
    ) -> Moves:
        """Members come into groups and leave groups.

        Args:
            groups: All that there are to choose from.
            joining: The ids of those to come into.
            leaving: The ids of those to leave.
        """
        entries = {group.id: Entry(group.name) for group in groups}
        return cls(joining, leaving, entries.__getitem__, ("Into", "Out of"))

    def __bool__(self) -> bool:
        return bool(self.joining or self.leaving)

    def lines(self) -> list[Line]:
        """A line for those put in, and one for those taken out."""
        parts = zip(self.words, (self.joining, self.leaving), strict=True)
        return [self._line(word, keys) for word, keys in parts if keys]

    def _line(self, word: str, keys: Sequence[str]) -> Line:
        names = [shortened(self.entry_of(key).name, _NAME_CELLS) for key in keys[:_MOST_NAMED]]
        more = len(keys) - _MOST_NAMED
        told = content(", ".join(names) + (f" and {more:,} more" if more > 0 else ""))
        words = Content.assemble((f"{word}: ", "bold"), told)
        if more <= 0:
            return words
        return abridged(words, Whole(word, tuple(keys), self.entry_of))


async def saved(
    tab: Tab,
    workspace: Workspace,
    title: str,
    moves: Moves,
    impact_of: Callable[[], Impact],
    save: Callable[[], R],
    *,
    concerns_powers: bool = False,
) -> Confirmed[Impact, R] | None:
    """Save an edit; where it moves somebody, once it is confirmed who loses and gains what.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        title: What is asked.
        moves: Who or what is put in and taken out.
        impact_of: Finds out what would change; runs in a thread.
        save: Saves the edit; runs in a thread.
        concerns_powers: Whether it may give or take a power though it moves nobody.

    Returns:
        What was saved, or None where the person has left.

    Raises:
        WorkspaceError: What saving raises.
    """
    from store.access.impacts import Impact
    from tui.access_confirmations import impact_confirmation, impact_names

    if not moves and not concerns_powers:
        return Confirmed(Impact(), await tab.admin_app.operate(save))

    def ask(impact: Impact) -> Confirmation | None:
        if not moves and not impact:
            return None
        names = impact_names(workspace, impact)
        return impact_confirmation(title, "Save", impact, names, extra=moves.lines())

    return await confirmed(tab, workspace, impact_of, ask, lambda _impact: save())

"""Asking before a change of access: what it would do, as it still is when it is agreed to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import eq
from typing import TYPE_CHECKING, Any, TypeVar

from textual.content import Content

from store.views import GroupName
from store.workspace import Workspace
from tui.tabs.tab import Tab
from tui.text import content, shortened

if TYPE_CHECKING:
    from store.access.impacts import Impact
    from tui.dialogs.confirmation import Confirmation

T = TypeVar("T")

_MOST_NAMED = 6
_NAME_CELLS = 40


@dataclass(frozen=True)
class Moves:
    """What a change moves, for the confirmation to say in words.

    Attributes:
        joining: The ids of those put in: members into a group, or groups that members come into.
        leaving: The ids of those taken out.
        called: What one of them is called.
        words: What is said before the names of either.
    """

    joining: Sequence[str]
    leaving: Sequence[str]
    called: Callable[[str], str]
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
        names = {group.id: group.name for group in groups}
        return cls(joining, leaving, names.__getitem__, ("Into", "Out of"))

    def __bool__(self) -> bool:
        return bool(self.joining or self.leaving)

    def lines(self) -> list[Content]:
        """A line for those put in, and one for those taken out."""
        parts = zip(self.words, (self.joining, self.leaving), strict=True)
        return [self._line(word, keys) for word, keys in parts if keys]

    def _line(self, word: str, keys: Sequence[str]) -> Content:
        names = [shortened(self.called(key), _NAME_CELLS) for key in keys[:_MOST_NAMED]]
        more = len(keys) - _MOST_NAMED
        told = content(", ".join(names) + (f" and {more:,} more" if more > 0 else ""))
        return Content.assemble((f"{word}: ", "bold"), told)


async def agreed_to(
    tab: Tab,
    workspace: Workspace,
    title: str,
    moves: Moves,
    impact_of: Callable[..., Impact],
    *arguments: Any,
) -> bool:
    """Show who would lose, gain and keep which access, and ask; nothing where nobody moves.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        title: What is asked.
        moves: Who or what is put in and taken out.
        impact_of: Finds out what would change; runs in a thread.
        *arguments: What it is given.

    Returns:
        Whether it is to be done.

    Raises:
        WorkspaceError: What doing it would raise.
    """
    if not moves:
        return True
    from tui.access_confirmations import impact_confirmation, impact_names

    def ask(impact: Impact) -> Confirmation:
        names = impact_names(workspace, impact)
        return impact_confirmation(title, "Save", impact, names, extra=moves.lines())

    return await agreement(tab, workspace, ask, impact_of, *arguments) is not None


async def agreement(
    tab: Tab,
    workspace: Workspace,
    ask: Callable[[T], Confirmation],
    look: Callable[..., T],
    *arguments: Any,
) -> T | None:
    """Show what a change would do and ask; once more where others have made it something else.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        ask: Makes the confirmation of what was found; runs in a thread.
        look: Finds out what the change would do; runs in a thread.
        *arguments: What it is given.

    Returns:
        What was agreed to, or None where the person has left.

    Raises:
        WorkspaceError: What doing it would raise.
    """
    operate = tab.admin_app.operate
    commit = workspace.commit
    found = await operate(look, *arguments)
    while await tab.app.push_screen_wait(await operate(ask, found)):
        await tab.admin_app.look_for_commits()
        if commit == workspace.commit:
            return found
        commit = workspace.commit
        former, found = found, await operate(look, *arguments)
        if await operate(eq, former, found):
            return found
        tab.refuse("Others have changed the workspace meanwhile. Look at what it does now.")
    return None

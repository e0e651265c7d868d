"""Putting several members into groups, or taking them out, as one change."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from store.workspace import Workspace
from tui.tabs.impact_flows import Moves, saved
from tui.text import shortened

if TYPE_CHECKING:
    from tui.tabs.member_tab import MemberTab

_MOST_NAMES = 5
_NAME_CELLS = 40


async def regroup(
    tab: MemberTab, workspace: Workspace, members: list[str], counted: str
) -> int | None:
    """Ask which groups to put members into and to take them out of, and do it.

    Args:
        tab: The tab that they are on.
        workspace: The workspace.
        members: Their ids.
        counted: How many they are, in words.

    Returns:
        How many were not so before, or None where the person has left.
    """
    from tui.dialogs.regroup import RegroupDialog

    found = await tab.attempt(_groups_of, tab, members)
    if found is None:
        return None
    counts, names = found
    groups = tab.choosable_groups()
    whom = names if len(members) == 1 else counted

    async def save(joining: tuple[str, ...], leaving: tuple[str, ...]) -> int | None:
        arguments = (members, joining, leaving)
        title, moves = f"Save the groups of {whom}?", Moves.of_groups(groups, joining, leaving)
        look = partial(workspace.impact_of_regrouping, *arguments)
        do = partial(workspace.regroup_members, *arguments)
        made = await saved(tab, workspace, title, moves, look, do)
        return None if made is None else made.result

    dialog = RegroupDialog(
        f"Groups of {whom}",
        "" if len(members) == 1 else names,
        groups,
        {group.id: counts[group.name] for group in groups},
        len(members),
        save=save,
    )
    return await tab.app.push_screen_wait(dialog)


def _groups_of(tab: MemberTab, members: list[str]) -> tuple[Counter[str], str]:
    """How many of them are in the groups of each name, and what the first are called."""
    counts = Counter(group for key in members for group in set(tab.groups_of(key)))
    names = [shortened(tab.called(key), _NAME_CELLS) for key in members[:_MOST_NAMES]]
    more = len(members) - _MOST_NAMES
    return counts, ", ".join(names) + (f" and {more:,} more" if more > 0 else "")

"""Groups, any number of which are picked from a list that narrows as one types."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar, NoReturn

from rich.text import Text

from store.alphabet import plain
from store.terms import USERS
from store.views import GroupName
from tui.text import cell, short_id
from tui.widgets.member_picker import MemberPicker


class GroupSearch(MemberPicker):
    """A box, the groups that it finds while it is open, and those picked below.

    Args:
        groups: The groups to choose from, in order.
        chosen: The ids of those picked to begin with.
    """

    placeholder: ClassVar[str] = "Type a part of a name"
    nothing_found: ClassVar[str] = "No group's name holds this."
    nothing_picked: ClassVar[str] = "No group is picked"

    def __init__(self, groups: Sequence[GroupName], chosen: Collection[str] = ()) -> None:
        super().__init__(self._matching, _never, chosen)
        self._groups = {group.id: group for group in groups}

    async def _matching(self, words: str) -> Sequence[str]:
        parts = plain(words).split()
        return [
            key
            for key, group in self._groups.items()
            if all(part in plain(group.name) for part in parts)
        ]

    def _name_cells(self, key: str) -> tuple[Text, Text]:
        group = self._groups.get(key)
        if group is None:
            return cell(short_id(key), "dim"), Text("not in the workspace any more", style="dim")
        beside = "everybody" if group.preset == USERS else "pre-configured" if group.preset else ""
        return cell(group.name), Text(beside, style="dim")


def _never(key: str) -> NoReturn:
    raise NotImplementedError(key)

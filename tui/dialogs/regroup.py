"""Putting members into groups and taking them out, several at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from textual.widget import Widget
from textual.widgets import Button, Static

from store.errors import InvalidInput
from store.views import GroupName
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import content
from tui.widgets.field import Field
from tui.widgets.group_moves import GroupMoves

_HINT = "space turns: [+] add, [-] take out, [ ] as it is. + - = do so at once."

# Saves the groups to join and those to leave; None where the person thought better.
Save = Callable[[tuple[str, ...], tuple[str, ...]], Awaitable[int | None]]


class RegroupDialog(Form[int | None]):
    """Asks which groups to add members to, and to take them out of. Gives how many were not so.

    Args:
        title: Whom it is about.
        names: Their names, or "" where the title has them.
        groups: The groups, in order.
        counts: How many of the members are in each, by id.
        total: How many members it is about.
        save: Saves what was chosen.
    """

    def __init__(
        self,
        title: str,
        names: str,
        groups: Sequence[GroupName],
        counts: Mapping[str, int],
        total: int,
        *,
        save: Save,
    ) -> None:
        super().__init__(title)
        self._names = names
        self._groups = groups
        self._counts = counts
        self._total = total
        self._save = save

    def compose_body(self) -> Iterable[Widget]:
        """Whom it is about, and the groups."""
        if self._names:
            yield Static(content(self._names), classes="intro")
        moves = GroupMoves(self._groups, self._counts, self._total)
        label = "Groups (all are in Users)" if self._groups else "Groups: none to choose from"
        yield Field("groups", label, moves, hint=_HINT)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin among the groups."""
        self.query_one(GroupMoves).focus()

    async def save(self) -> int | None:
        """Save what was chosen."""
        moves = self.query_one(GroupMoves)
        if not moves.joining and not moves.leaving:
            raise InvalidInput("Nothing is chosen. Space at a group chooses.", field="groups")
        return await self._save(moves.joining, moves.leaving)

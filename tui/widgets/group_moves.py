"""The groups that members are put into or taken out of: three states a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import DataTable

from store.views import GroupName
from tui.text import cell
from tui.widgets.plain_lines import PlainLines
from tui.widgets.record_table import Column

ADD, TAKE_OUT, AS_IT_IS = "+", "-", " "
_COLUMNS = (
    Column("move", "", 3),
    Column("name", "", 14, flex=3),
    Column("now", "", 24, flex=2),
)


class GroupMoves(PlainLines):
    """A line for each group: add the members, take them out, or leave it as it is.

    What would change nothing cannot be chosen, such as adding those who all are in it.

    Args:
        groups: The groups, in order.
        counts: How many of the members are in each, by id.
        total: How many members it is about.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", show=False, id="moves.turn"),
        Binding("plus,a", "set('+')", show=False, id="moves.add"),
        Binding("minus,d,delete", "set('-')", show=False, id="moves.take_out"),
        Binding("equals_sign,backspace", "set(' ')", show=False, id="moves.leave"),
    ]

    def __init__(self, groups: Sequence[GroupName], counts: Mapping[str, int], total: int) -> None:
        super().__init__(_COLUMNS, classes="group-moves")
        self._groups = {group.id: group for group in groups}
        self._counts = counts
        self._total = total
        self._moves: dict[str, str] = {}

    def on_mount(self) -> None:
        """Show the groups. Textual calls the others', too."""
        self.show(list(self._groups), self._line)

    @property
    def joining(self) -> tuple[str, ...]:
        """The ids of the groups to add to."""
        return self._chosen(ADD)

    @property
    def leaving(self) -> tuple[str, ...]:
        """The ids of the groups to take out of."""
        return self._chosen(TAKE_OUT)

    def _chosen(self, move: str) -> tuple[str, ...]:
        return tuple(key for key in self._groups if self._moves.get(key) == move)

    def action_turn(self) -> None:
        """Go on to the next state that would change something."""
        if self.cursor_key is not None:
            states = self._states(self.cursor_key)
            place = states.index(self._moves.get(self.cursor_key, AS_IT_IS))
            self._set(self.cursor_key, states[(place + 1) % len(states)])

    def action_set(self, move: str) -> None:
        """Choose a state."""
        if self.cursor_key is not None and move in self._states(self.cursor_key):
            self._set(self.cursor_key, move)

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self.action_turn()

    def _set(self, key: str, move: str) -> None:
        self._moves[key] = move
        self.refresh_rows()

    def _states(self, key: str) -> list[str]:
        count = self._counts.get(key, 0)
        add = [ADD] if count < self._total else []
        take_out = [TAKE_OUT] if count else []
        return [AS_IT_IS, *add, *take_out]

    def _line(self, key: str) -> Sequence[Text]:
        move = self._moves.get(key, AS_IT_IS)
        style = "" if move == AS_IT_IS else "bold"
        return (
            Text(f"[{move}]", style=style or "dim"),
            cell(self._groups[key].name, style),
            self._now(self._counts.get(key, 0), move),
        )

    def _now(self, count: int, move: str) -> Text:
        if self._total == 1:
            words, after = (
                "in it" if count else "not in it",
                "in it" if move == ADD else "not in it",
            )
        else:
            words = f"{count:,} of {self._total:,} in it" if count else "nobody in it"
            after = f"all {self._total:,}" if move == ADD else "nobody"
        text = Text(words, style="dim")
        return text if move == AS_IT_IS else text.append(f" → {after}", style="bold")

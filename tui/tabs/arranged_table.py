"""How the table of a tab is arranged: which columns are shown, and what it is sorted by."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.widgets import DataTable

from tui.tabs.marked_rows import MarkedRows
from tui.widgets.record_table import Column

_ASCENDING, _DESCENDING = " ▲", " ▼"


class ArrangedTable(MarkedRows):
    """A tab whose table a person can arrange; what they have chosen is remembered."""

    columns: ClassVar[tuple[Column, ...]]
    # The column that says which row is which, where that is not the first.
    named_by: ClassVar[str] = ""
    # The column that the rows are sorted by at first, where that is not the one that names them.
    sorted_by: ClassVar[str] = ""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - every Textual widget calls it so
        super().__init__(id=id)
        self.sort_by = self.sorted_by or self.naming_column()
        self.descending = False
        self.hidden: frozenset[str] = frozenset()

    @classmethod
    def naming_column(cls) -> str:
        """The column that says which row is which, and cannot be hidden."""
        return cls.named_by or cls.columns[0].key

    @property
    def group(self) -> str:
        """What its keys and its table are called in the configuration."""
        return (self.id or "").replace("-", "_")

    def press(self, action: str) -> str:
        """The beginning of a sentence that says what to press for an action of this tab."""
        return self.admin_app.keymap.press(self.group, action)

    def show_sort(self) -> None:
        """Mark the column that the rows are sorted by."""
        for column in self.shown_columns[1:]:
            sign = (_DESCENDING if self.descending else _ASCENDING) * (column.key == self.sort_by)
            self.table.set_label(column.key, Text(column.label + sign))

    def action_sort(self) -> None:
        """Choose the column to sort by; the same one again turns the order."""
        self.begin(self._sorting())

    async def _sorting(self) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice(column.key, column.label) for column in self.columns]
        again = self.admin_app.keymap.key("rows", "sort").keys
        dialog = ChoiceDialog("Sort by", choices, present=self.sort_by, again=again)
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.sort_rows(chosen)

    @on(DataTable.HeaderSelected)
    def _header_clicked(self, event: DataTable.HeaderSelected) -> None:
        event.stop()
        key = event.column_key.value
        if key is not None and key != "mark":
            self.sort_rows(key)

    def sort_rows(self, column: str) -> None:
        """Sort by a column; by the present one, the other way."""
        self.descending = column == self.sort_by and not self.descending
        self.sort_by = column
        self.show_sort()
        self.reload()
        self.admin_app.remember_sort(self.group, column, descending=self.descending)

    def take_view(self) -> None:
        """Show the table as the person wants it, as far as there is what they have named."""
        view, known = self.admin_app.table_view(self.group), {one.key for one in self.columns}
        self.hidden = (view.hidden or frozenset()) & known - {self.naming_column()}
        if view.sort_by in known:
            self.sort_by, self.descending = view.sort_by, bool(view.descending)
        elif view.sort_by is None and view.descending is not None:
            self.descending = view.descending

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """The mark, and the columns that are not hidden."""
        shown = (column for column in self.columns if column.key not in self.hidden)
        return (Column("mark", "", 1), *shown)

    def action_columns(self) -> None:
        """Choose which columns are shown."""
        self.begin(self._choosing_columns())

    async def _choosing_columns(self) -> None:
        from tui.dialogs.columns import ColumnsDialog

        labels = {column.key: column.label for column in self.columns}
        naming = labels.pop(self.naming_column())
        hidden = await self.app.push_screen_wait(ColumnsDialog(labels, self.hidden, naming))
        if hidden is not None and hidden != self.hidden:
            self.hidden = hidden
            self.table.declare(self.shown_columns)
            self.show_sort()
            self.admin_app.remember_columns(self.group, hidden)

"""How a table is shown: which columns are hidden, and what it is sorted by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableView:
    """How a table is shown; what is None is as the table has it by itself.

    Attributes:
        hidden: The columns that are not shown.
        sort_by: The column that it is sorted by.
        descending: Whether from the last to the first.
    """

    hidden: frozenset[str] | None = None
    sort_by: str | None = None
    descending: bool | None = None

    def over(self, other: TableView) -> TableView:
        """This one, where it says something, and else the other."""
        hidden = other.hidden if self.hidden is None else self.hidden
        # A column and the way round are one order.
        order = other if self.sort_by is None and self.descending is None else self
        return TableView(hidden, order.sort_by, order.descending)

"""Which columns of a table are shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.widgets.check_box import CheckBox

_HINT = "space or enter ticks, ctrl+s shows those that are ticked"


class ColumnsDialog(Form[frozenset[str]]):
    """Asks which columns are shown. Gives those that are hidden; escape gives None.

    Args:
        columns: What the columns are called, by their names.
        hidden: The names of those hidden to begin with.
        always: What the column is called that cannot be hidden.
    """

    def __init__(self, columns: Mapping[str, str], hidden: Collection[str], always: str) -> None:
        super().__init__("Columns")
        self._columns = columns
        self._hidden = hidden
        self._always = always

    def compose_body(self) -> Iterable[Widget]:
        """A box for each."""
        yield Static(f"{self._always} is always shown.", classes="intro", markup=False)
        for name, label in self._columns.items():
            yield CheckBox(label, name not in self._hidden, name=name)
        yield Static(_HINT, classes="explanation", markup=False)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or show."""
        yield button("Cancel", "cancel")
        yield button("Show", "save", "primary")

    def on_mount(self) -> None:
        """Begin at the first box."""
        self.query(CheckBox).first().focus()

    async def save(self) -> frozenset[str]:
        """What is not ticked."""
        boxes = self.query(CheckBox)
        return frozenset(box.id for box in boxes if box.id is not None and not box.value)

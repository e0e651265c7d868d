"""Members, any number of which are picked from a list that narrows as one types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import ClassVar, Self

from rich.text import Text
from textual import events, on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from store.errors import WorkspaceError
from tui.key_queue import SEARCH
from tui.text import content
from tui.widgets.field import Field, text_input
from tui.widgets.member_lines import NAME_COLUMNS, NameOf, name_cells
from tui.widgets.plain_lines import PlainLines
from tui.widgets.record_table import Column

# The ids of the members that words find, in order; of all of them for "".
Search = Callable[[str], Awaitable[Sequence[str]]]

_HOW_TO_PICK = "enter picks, esc closes"
_HOW_TO_TAKE_OUT = "d takes out"


class MemberPicker(Vertical):
    """A box to type into, the members that it finds while it is open, and those picked below.

    Only the lines that are drawn are made, so ten thousand members cost no more than ten. What is
    typed is looked up beside the event loop.

    Args:
        search: Finds the ids of members by words.
        name_of: What a member is called.
        chosen: The ids of those picked to begin with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list_down", show=False, id="members.list"),
        Binding("space", "pick", show=False, id="members.pick"),
        Binding("d,delete", "take_out", show=False, id="members.take_out"),
        Binding("escape", "close_list", show=False, id="members.close"),
    ]

    placeholder: ClassVar[str] = "Type a part of a name or an email"
    nothing_found: ClassVar[str] = "Nobody's name or email holds this."
    nothing_picked: ClassVar[str] = "Nobody is picked"

    class Picked(Message):
        """Others are picked than before."""

    def __init__(self, search: Search, name_of: NameOf, chosen: Collection[str] = ()) -> None:
        super().__init__(classes="member-picker")
        self._search = search
        self._name_of = name_of
        self._former = frozenset(chosen)
        # In their order; the values are not used.
        self._chosen = dict.fromkeys(chosen)
        # Whether escape has closed the list, so that the box alone does not open it again.
        self._is_shut = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the members picked, the latest first."""
        return tuple(self._chosen)

    @property
    def is_open(self) -> bool:
        """Whether the list of members is open."""
        return self.has_class("-open")

    def compose(self) -> ComposeResult:
        """The box, the list below it, and those picked."""
        yield text_input(placeholder=self.placeholder)
        yield PlainLines((Column("box", "", 3), *NAME_COLUMNS), classes="picker-list")
        yield Static(classes="picker-nobody")
        yield Static(classes="picker-count")
        yield PlainLines((Column("new", "", 3), *NAME_COLUMNS), classes="picker-chosen")

    def on_mount(self) -> None:
        """Show who is picked."""
        self._show_chosen()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Go to the box: the picker itself takes no keys."""
        self._box.focus(scroll_visible)
        return self

    @property
    def _box(self) -> Input:
        return self.query_one(Input)

    @property
    def _list(self) -> PlainLines:
        return self.query_one(".picker-list", PlainLines)

    @property
    def _picked(self) -> PlainLines:
        return self.query_one(".picker-chosen", PlainLines)

    # The list

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._open()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Open the list where one comes to the box, and close it where one goes on."""
        if event.widget is self._picked:
            self._close()
            self._is_shut = False
        elif event.widget is self._box and not self.is_open and not self._is_shut:
            self._open()

    def on_descendant_blur(self) -> None:
        """Close the list when the focus has gone elsewhere."""
        self.call_after_refresh(self._close_unless_focused)

    def _close_unless_focused(self) -> None:
        # The dialog may have closed meanwhile. The program itself may have lost the focus, which
        # then comes back to where it was.
        if not self.is_attached or self.screen.focused is None:
            return
        if not self.has_focus_within:
            self._close()
            self._is_shut = False

    def _open(self) -> None:
        self._is_shut = False
        self.add_class("-open")
        self._show_count()
        self._look_up(self._box.value)

    def _close(self) -> None:
        self.remove_class("-open")
        self._show_count()

    @work(exclusive=True, group=SEARCH)
    async def _look_up(self, words: str) -> None:
        try:
            found = await self._search(words)
        except WorkspaceError as error:
            self._show_found((), error.message)
        else:
            self._show_found(found, self.nothing_found)

    def _show_found(self, found: Sequence[str], nobody: str) -> None:
        self._list.show(found, self._found_cells)
        # The best one is the first, wherever the cursor was among the former ones.
        self._list.move_cursor(row=0)
        self.set_class(not found, "-nobody")
        self.query_one(".picker-nobody", Static).update(content(nobody))
        self.call_after_refresh(self._reveal)

    def _reveal(self) -> None:
        if self.is_attached and self.is_open:
            # The label, which is the field's, is to be seen with it.
            whole = self.parent if isinstance(self.parent, Field) else self
            whole.scroll_visible(animate=False)

    def _found_cells(self, key: str) -> Sequence[Text]:
        box = Text("[x]", style="bold") if key in self._chosen else Text("[ ]", style="dim")
        return (box, *self._name_cells(key))

    def _name_cells(self, key: str) -> tuple[Text, Text]:
        return name_cells(self._name_of, key)

    # Those picked

    def _show_chosen(self) -> None:
        self._picked.show(list(self._chosen), self._chosen_cells)
        self._picked.display = bool(self._chosen)
        self._show_count()

    def _chosen_cells(self, key: str) -> Sequence[Text]:
        is_new = bool(self._former) and key not in self._former
        return (Text("new" if is_new else ""), *self._name_cells(key))

    def _show_count(self) -> None:
        new = sum(key not in self._former for key in self._chosen)
        gone = len(self._former) - (len(self._chosen) - new)
        words = [f"{len(self._chosen):,} picked" if self._chosen else self.nothing_picked]
        words += [f"{new:,} new"] if new and self._former else []
        words += [f"{gone:,} taken out"] if gone else []
        how = _HOW_TO_PICK if self.is_open else _HOW_TO_TAKE_OUT if self._chosen else ""
        text = Content.assemble(", ".join(words), (f" · {how}" if how else "", "$text-muted"))
        self.query_one(".picker-count", Static).update(text)

    def _toggle(self, key: str) -> None:
        if key in self._chosen:
            del self._chosen[key]
        else:
            # At the top, where it is seen.
            self._chosen = {key: None, **self._chosen}
        self._list.refresh_rows()
        self._show_chosen()
        if key in self._chosen:
            self._picked.move_cursor(row=0)
        self.post_message(self.Picked())

    # Keys

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if not self.is_open:
            self._open()
        elif not self._box.value:
            self._go_to_list()
        elif self._list.cursor_key is not None:
            self._toggle(self._list.cursor_key)
            # On to the next name.
            self._box.value = ""

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        event.stop()
        if event.data_table is self._list and event.row_key.value is not None:
            self._toggle(event.row_key.value)

    @on(DataTable.RowHighlighted)
    def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        event.stop()

    @on(PlainLines.LeftAbove)
    def _left_above(self, event: PlainLines.LeftAbove) -> None:
        event.stop()
        self._box.focus()

    def on_key(self, event: events.Key) -> None:
        """Go on typing from within the list."""
        if self._has_focus(self._list) and event.is_printable and event.character != " ":
            event.stop()
            event.prevent_default()
            self._box.focus()
            self._box.insert_text_at_cursor(event.character or "")

    def action_list_down(self) -> None:
        """Go from the box into the list."""
        if not self._has_focus(self._box):
            raise SkipAction
        self._go_to_list()

    def _go_to_list(self) -> None:
        if not self.is_open:
            self._open()
        if self._list.row_count or not self._box.value:
            self._list.focus()

    def action_pick(self) -> None:
        """Pick the member at the list's cursor, or take them back."""
        self._need(self._list)
        if self._list.cursor_key is not None:
            self._toggle(self._list.cursor_key)

    def action_take_out(self) -> None:
        """Take out the member at the cursor among those picked."""
        self._need(self._picked)
        if self._picked.cursor_key is not None:
            self._toggle(self._picked.cursor_key)
        if not self._chosen:
            self._box.focus()

    def action_close_list(self) -> None:
        """Close the list; where it is closed, the key is the dialog's."""
        if not self.is_open:
            raise SkipAction
        self._is_shut = True
        if self._has_focus(self._list):
            self._box.focus()
        self._close()

    def _need(self, widget: Widget) -> None:
        if not self._has_focus(widget):
            raise SkipAction

    def _has_focus(self, widget: Widget) -> bool:
        return self.screen.focused is widget

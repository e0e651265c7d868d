"""A resource, picked from a list that narrows as one types, or none of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from rich.text import Text
from textual import events, on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from store.errors import NotFound, WorkspaceError
from store.terms import ResourceType
from tui.key_queue import SEARCH
from tui.text import cell, content, short_id
from tui.widgets.field import text_input
from tui.widgets.plain_lines import PlainLines
from tui.widgets.record_table import Column

if TYPE_CHECKING:
    from store.access_views import ResourceRow

# The ids of the resources of a type that words find, in order; of all of them for "", and of every
# type for None.
SearchResources = Callable[[ResourceType | None, str], Awaitable[Sequence[str]]]
RowOf = Callable[[str], "ResourceRow"]

# Keys of lines that are no resources: no id holds a blank.
_NONE, _NEW = " none", " new"
_PLACEHOLDER = "Type a part of its name, its project or its ID"


class ResourcePicker(Vertical):
    """What is picked, a box to type into, and the resources that it finds while it is open.

    Only the lines that are drawn are made. What is typed is looked up beside the event loop.

    Args:
        search: Finds the ids of resources of a type.
        row_of: What there is to say of a resource.
        resource_type: What is to be picked.
        chosen: The id of the resource picked to begin with, or None.
        none_label: What it means that none is picked, for each type.
        may_switch: Whether one of another type may be picked, and the type with it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list_down", show=False, id="resource_picker.list"),
        Binding("space", "pick", show=False, id="resource_picker.pick"),
        Binding("ctrl+n", "add", show=False, id="resource_picker.add"),
        Binding("escape", "close_list", show=False, id="resource_picker.close"),
    ]

    class Picked(Message):
        """Another one is picked than before."""

    @dataclass
    class AddWanted(Message):
        """One that is not in the list is to be added, and then to be picked.

        Attributes:
            picker: Where it is to be picked.
            resource_type: What it is.
            words: What was typed.
        """

        picker: ResourcePicker
        resource_type: ResourceType
        words: str

    @dataclass
    class SwitchWanted(Message):
        """One of another type is to be picked, and its type with it.

        Attributes:
            picker: Where it is to be picked.
            resource: Its id.
        """

        picker: ResourcePicker
        resource: str

    def __init__(
        self,
        search: SearchResources,
        row_of: RowOf,
        resource_type: ResourceType,
        *,
        chosen: str | None = None,
        none_label: Callable[[ResourceType], str],
        may_switch: bool = False,
    ) -> None:
        super().__init__(classes="resource-picker")
        self._search = search
        self._row_of = row_of
        self._type = resource_type
        self._none_label = none_label
        self._may_switch = may_switch
        # What was picked of each type, for whoever comes back to one.
        self._chosen: dict[ResourceType, str | None] = {resource_type: chosen}
        # What the list shows; None while it is closed.
        self._found: Sequence[str] | None = None
        # Those in it that are of another type, where none of this one is found.
        self._elsewhere: frozenset[str] = frozenset()
        # Coming to the box opens the list, but not from within it.
        self._comes_from_list = False

    @property
    def chosen(self) -> str | None:
        """The id of the resource that is picked, or None."""
        return self._chosen.get(self._type)

    def compose(self) -> ComposeResult:
        """What is picked, the box, and the list below it."""
        yield Static(classes="picked-resource")
        yield text_input(placeholder=_PLACEHOLDER)
        columns = (
            Column("box", "", 3),
            Column("name", "", 10, flex=5),
            Column("path", "", 6, flex=4),
        )
        yield PlainLines(columns, classes="picker-list")
        yield Static(classes="picker-count")

    def on_mount(self) -> None:
        """Show what is picked."""
        self._show()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Go to the box: the picker itself takes no keys."""
        self._box.focus(scroll_visible)
        return self

    def show_type(self, resource_type: ResourceType) -> None:
        """Let resources of another type be picked."""
        if resource_type == self._type:
            return
        self._type = resource_type
        self._box.value = ""
        self._close()
        self._show()
        if self._box.has_focus:
            self._open()

    def pick(self, key: str | None) -> None:
        """Pick a resource, or none."""
        self._chosen[self._type] = key
        self._close()
        self._box.value = ""
        self._show()
        self.post_message(self.Picked())

    @property
    def _box(self) -> Input:
        return self.query_one(Input)

    @property
    def _list(self) -> PlainLines:
        return self.query_one(PlainLines)

    @property
    def _is_open(self) -> bool:
        return self._found is not None

    # What is picked

    def _show(self) -> None:
        self.query_one(".picked-resource", Static).update(self._picked_words())
        self._show_count()

    def _picked_words(self) -> Content:
        if self.chosen is None:
            return content(self._none_label(self._type)).stylize("bold")
        try:
            row = self._row_of(self.chosen)
        except NotFound:
            return content(f"{self.chosen}: not in the catalogue any more").stylize("$text-error")
        where = f"  in {row.path}" if row.path else ""
        return Content.assemble(
            content(row.name).stylize("bold"), content(f"{where}  {row.id}").stylize("dim")
        )

    # The list

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        # Picking empties the box, and the list stays closed then.
        if event.value or self._is_open:
            self._open()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Open the list where one comes to the box."""
        if event.widget is self._box:
            if not (self._is_open or self._comes_from_list):
                self._open()
            self._comes_from_list = False

    def on_descendant_blur(self) -> None:
        """Close the list when the focus has gone elsewhere."""
        self.call_after_refresh(self._close_unless_focused)

    def _close_unless_focused(self) -> None:
        # The dialog may have gone meanwhile.
        if self.is_attached and self.screen.focused is not None and not self.has_focus_within:
            self._close()

    def _open(self) -> None:
        self._found = self._found or ()
        self._look_up(self._box.value)

    def _close(self) -> None:
        self._found = None
        self.workers.cancel_group(self, SEARCH)
        self.remove_class("-open")
        self._show_count()

    @work(exclusive=True, group=SEARCH)
    async def _look_up(self, words: str) -> None:
        await self._find(words)

    async def _find(self, words: str) -> None:
        found, elsewhere = await self._search_all(words)
        first = [] if words.strip() else [_NONE]
        others = [*elsewhere, _NEW] if self._may_switch else [_NEW, *elsewhere]
        self._elsewhere = frozenset(elsewhere)
        self._found = [*first, *found] or others
        self._list.show(self._found, self._cells)
        self._list.move_cursor(row=0)
        self.add_class("-open")
        self._show_count(len(found))
        self.call_after_refresh(self.scroll_visible, animate=False)

    async def _search_all(self, words: str) -> tuple[Sequence[str], Sequence[str]]:
        """Those that words find of the type; where there are none, those of all others."""
        try:
            found = await self._search(self._type, words)
            is_nowhere = not found and words.strip()
            return found, await self._search(None, words) if is_nowhere else ()
        except WorkspaceError:
            # A catalogue that cannot be read ends the program elsewhere.
            return (), ()

    def _cells(self, key: str) -> Sequence[Text]:
        if key == _NEW:
            words = f"Add “{self._box.value.strip()}”"
            return Text("+", style="bold"), cell(words), Text("to the catalogue…", style="dim")
        is_chosen = key == (self.chosen or _NONE)
        mark = Text("(•)", style="bold") if is_chosen else Text("( )", style="dim")
        if key == _NONE:
            return mark, cell(self._none_label(self._type), "bold"), Text("")
        try:
            row = self._row_of(key)
        except NotFound:
            return mark, cell(short_id(key), "dim"), Text("not there any more", style="dim")
        if key in self._elsewhere:
            sign = Text("→", style="bold") if self._may_switch else Text("")
            return sign, cell(row.name), Text(f"a {row.type}")
        return mark, cell(row.name), cell(row.path or row.id, "dim")

    def _show_count(self, count: int | None = None) -> None:
        words = ""
        if self._is_open:
            found = "" if count is None else f"{count:,} found · "
            if self._elsewhere:
                found = f"no {self._type} has this · "
            takes = "takes its type" if self._elsewhere and self._may_switch else "picks"
            words = f"{found}enter {takes}, ^n adds a new one"
        line = self.query_one(".picker-count", Static)
        line.update(Content.styled(words, "dim"))
        line.display = bool(words)

    # Keys

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._pick_best(event.value)
        else:
            self._go_to_list()

    @work(exclusive=True, group="pick")
    async def _pick_best(self, words: str) -> None:
        self.workers.cancel_group(self, SEARCH)
        # Whoever types quickly means what the whole word finds, not what its beginning has found.
        await self._find(words)
        self._pick_at_cursor()

    @on(DataTable.RowSelected)
    def _selected(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self._pick_at_cursor()

    @on(DataTable.RowHighlighted)
    def _highlighted(self, event: DataTable.RowHighlighted) -> None:
        event.stop()

    @on(PlainLines.LeftAbove)
    def _left_above(self, event: PlainLines.LeftAbove) -> None:
        event.stop()
        self._box.focus()

    def on_key(self, event: events.Key) -> None:
        """Go on typing from within the list."""
        if self._list.has_focus and event.is_printable and event.character != " ":
            event.stop()
            event.prevent_default()
            self._box.focus()
            self._box.insert_text_at_cursor(event.character or "")

    def _pick_at_cursor(self) -> None:
        key = self._list.cursor_key
        if key == _NEW:
            self.action_add()
        elif key in self._elsewhere:
            if self._may_switch:
                self._leave_list()
                self.post_message(self.SwitchWanted(self, key))
        elif key is not None:
            self._leave_list()
            self.pick(None if key == _NONE else key)

    def _leave_list(self) -> None:
        if self._list.has_focus:
            self._comes_from_list = True
            self.screen.set_focus(self._box)

    def action_list_down(self) -> None:
        """Go from the box into the list, or open it."""
        if not self._box.has_focus:
            raise SkipAction
        self._go_to_list()

    def _go_to_list(self) -> None:
        if not self._is_open:
            self._open()
        elif self._found:
            self._list.focus()

    def action_pick(self) -> None:
        """Pick the resource at the list's cursor."""
        if not self._list.has_focus:
            raise SkipAction
        self._pick_at_cursor()

    def action_add(self) -> None:
        """Add a resource that is not there, and pick it."""
        self.post_message(self.AddWanted(self, self._type, self._box.value.strip()))

    def action_close_list(self) -> None:
        """Close the list; where it is closed, the key is the dialog's."""
        if not self._is_open:
            raise SkipAction
        self._leave_list()
        self._close()

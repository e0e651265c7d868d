"""A table whose rows are a view of a sequence, so that 100,000 records cost no more than ten.

The stock ``DataTable`` copies every row into dictionaries and walks all of them to find where one
is: eleven seconds for 100,000 rows. Here ``rows``, ``_data``, ``_row_locations``, ``ordered_rows``
and ``_y_offsets`` are read-only views of the sequence of keys, made item by item for the lines that
are drawn, and the regions of rows and cells are arithmetic, as every row is one line high. All the
rest (CSS, messages, bindings, mouse, caches) is the stock table's.

That leans on private names of ``textual.widgets._data_table``, ``ScrollView`` and ``Widget``. This
module is the only place that does; textual is therefore pinned to ``>=8.2,<9``, and the test beside
it compares this table with the stock one, line by line, over random operations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NoReturn

from rich.segment import Segment
from rich.style import Style
from rich.text import Text, TextType
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.coordinate import Coordinate
from textual.geometry import Region, Size, clamp
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import DataTable
from textual.widgets import data_table as stock
from textual.widgets.data_table import ColumnKey, Row, RowKey

from tui.keys import OPEN
from tui.widgets.record_columns import Column as Column
from tui.widgets.record_columns import thumb_of, widths
from tui.widgets.record_line import draw_cell, one_line
from tui.widgets.record_views import ByKey, Locations, Made, PlacedKey

Cells = Callable[[str], Sequence[Text]]
"""Makes the cells of the row with the given key, one for each column."""


def _item(keys: Sequence[str], index: int) -> str | None:
    return keys[index] if index < len(keys) else None


class RecordTable(DataTable[Text]):
    """A table that shows a sequence of records by their keys, and only reads.

    ``cursor_key`` survives ``show``: the cursor stays on the same record when it is still there.
    The messages are those of ``DataTable``, with the record's key in ``event.row_key.value``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        # As the stock table has it, but for the footer to show.
        Binding("enter", "select_cursor", "Open", id=OPEN)
    ]

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        zebra_stripes: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - every Textual widget calls it so
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        """Declare the columns; the table is empty until ``show``."""
        # The stock constructor sets reactives whose watchers ask where the cursor is.
        self._locations = Locations(())
        self._own_style: Style | None = None
        # The cells of the rows drawn lately, made anew by `refresh_rows`.
        self._cells: LRUCache[str, list[Text]] = LRUCache(500)
        super().__init__(
            cursor_type="row",
            zebra_stripes=zebra_stripes,
            name=name,
            id=id,
            classes=classes,
            disabled=disabled,
        )
        self._declared: dict[ColumnKey, Column] = {}
        self._shown = False
        self._reveal_when_laid_out = False
        self._view((), lambda key: ())
        for column in columns:
            self._declare(column)

    def declare(self, columns: Sequence[Column]) -> None:
        """Have other columns from now on; ``cells`` has to give theirs."""
        for key in self._declared:
            del self._column_locations[key]
            del self.columns[key]
        self._declared = {}
        for column in columns:
            self._declare(column)
        self.refresh_rows()
        self._fit(self.container_size)

    def on_mount(self) -> None:
        """Follow the theme, of whose colours cells are made."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.refresh_rows())

    @property
    def cursor_key(self) -> str | None:
        """The key of the record under the cursor, or None in an empty table."""
        keys = self._locations.keys
        return keys[self.cursor_row] if 0 <= self.cursor_row < len(keys) else None

    def action_scroll_home(self) -> None:
        """Go to the first row: the stock table goes to the first column, and all are one here."""
        self.action_scroll_top()

    def action_scroll_end(self) -> None:
        """Go to the last row."""
        self.action_scroll_bottom()

    def show(self, keys: Sequence[str], cells: Cells, *, are_unchanged: bool = False) -> None:
        """Show these records in this order, with the cursor on the same record if it is there.

        The sequence is not copied: give a new one instead of changing it. ``cells`` is called for
        the rows that are drawn only. ``RowHighlighted`` is posted when another record is under the
        cursor, or the same one on another row; not when the table becomes empty.

        Where the records ``are_unchanged`` since they were last drawn, and only which of them are
        shown is another, the lines that show the same ones as before are not drawn again.
        """
        before, row, top = self.cursor_key, self.cursor_row, self.scroll_offset.y
        former, self._shown = self._locations.keys, True
        self._view(keys, cells)
        found = None if before is None else self._locations.find(before, row)
        index = clamp(row, 0, max(0, len(keys) - 1)) if found is None else found
        if are_unchanged:
            self._refresh_other_lines(former)
        else:
            self.refresh_rows()
        self._fit(self.container_size)
        # A scrollbar that comes or goes changes how far one can scroll; the layout is too late. The
        # x is given so that the next step sideways starts from there, not from an older target.
        self._scroll_update(self.virtual_size)
        self.scroll_to(self.scroll_x, top + index - row, animate=False, force=True)
        self.cursor_coordinate = Coordinate(index, self.cursor_column)
        if index == row and self.cursor_key != before:
            self._highlight_cursor()
        self._scroll_cursor_into_view()
        self._place_scrollbars()

    def move_to(self, key: str) -> bool:
        """Move the cursor to the record with this key; return whether it is in the table."""
        index = self._locations.find(key, self.cursor_row)
        if index is None:
            return False
        self.cursor_coordinate = Coordinate(index, self.cursor_column)
        self._scroll_cursor_into_view()
        return True

    def refresh_rows(self) -> None:
        """Draw the visible rows again from new cells, after something in them changed."""
        self._update_count += 1
        self._cells.clear()
        self._clear_caches()
        self.refresh()

    def _refresh_other_lines(self, former: Sequence[str]) -> None:
        """Draw the lines again that showed another record, or none."""
        self._update_count += 1
        keys, top, header = self._locations.keys, self.scroll_offset.y, self._header_lines
        for y in range(max(0, self.size.height - header)):
            if _item(former, top + y) != _item(keys, top + y):
                self.refresh(Region(0, header + y, self.size.width, 1))

    def width_of(self, column_key: str) -> int:
        """How wide a column is now, in cells; raises KeyError if it is unknown."""
        return self.columns[ColumnKey(column_key)].width

    def set_label(self, column_key: str, label: Text) -> None:
        """Change the header of a column, as to mark it sorted; raises KeyError if it is unknown."""
        self.columns[ColumnKey(column_key)].label = one_line(label)
        self.refresh_rows()

    def add_column(
        self,
        label: TextType,
        *,
        width: int | None = None,
        key: str | None = None,
        default: Text | None = None,
    ) -> ColumnKey:
        """Declare one more column of fixed width, as wide as its label unless said otherwise.

        Raises NotImplementedError once rows were shown, as these have no cells for it.
        """
        if self._shown:
            raise NotImplementedError("A RecordTable takes no more columns once rows are shown.")
        text = Text(label) if isinstance(label, str) else label
        return super().add_column(one_line(text), width=width, key=key, default=default)

    def _read_only(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse to change a table that is a view of records kept elsewhere."""
        raise NotImplementedError(
            "A RecordTable only reads: change the records and call show() or refresh_rows()."
        )

    add_row = add_rows = remove_row = remove_column = _read_only
    update_cell = update_cell_at = sort = clear = _read_only

    def _declare(self, column: Column) -> None:
        """Add a column without the app, which the stock ``add_column`` needs for measuring."""
        key = ColumnKey(column.key)
        if key in self.columns:
            raise stock.DuplicateKey(f"The column key {column.key!r} already exists.")
        self._declared[key] = column
        self._column_locations[key] = len(self.columns)
        self.columns[key] = stock.Column(key, one_line(Text(column.label)), column.width)

    def _view(self, keys: Sequence[str], cells: Cells) -> None:
        """Put views of the records where the stock table has dictionaries of its rows."""
        locations = Locations(keys)

        def cells_at(index: int) -> dict[ColumnKey, Text]:
            made = map(one_line, cells(keys[index]))
            columns = (column.key for column in self.ordered_columns)
            return dict(zip(columns, made, strict=True))

        self._locations = locations
        # Only the stock methods that change rows need more than these offer, and they are refused.
        self._row_locations = locations  # type: ignore[assignment]
        self._data = ByKey(locations, cells_at)  # type: ignore[assignment]
        self.rows = ByKey(  # type: ignore[assignment]
            locations, lambda index: Row(locations.place(index), height=1)
        )

    @property
    def ordered_rows(self) -> list[Row]:
        """The rows in their order, each made when it is asked for."""
        place = self._locations.place
        span = range(self.row_count)
        return Made(span, lambda index: Row(place(index), height=1))  # type: ignore[return-value]

    @property
    def _y_offsets(self) -> list[tuple[RowKey, int]]:
        place = self._locations.place
        return Made(range(self.row_count), lambda index: (place(index), 0))  # type: ignore[return-value]

    def _get_row_region(self, row_index: int) -> Region:
        if not self.is_valid_row_index(row_index):
            return Region()
        width = max(self.size.width, self._columns_width)
        return Region(0, self._header_lines + row_index, width, 1)

    def _get_cell_region(self, coordinate: Coordinate) -> Region:
        if not self.is_valid_coordinate(coordinate):
            return Region()
        column = self._get_column_region(coordinate.column)
        return Region(column.x, self._header_lines + coordinate.row, column.width, 1)

    def _scroll_cursor_into_view(self, animate: bool = False) -> None:
        # A hidden table has no size: any row is out of its view, and would lose its line for that.
        if self.size:
            super()._scroll_cursor_into_view(animate)
        else:
            self._reveal_when_laid_out = True

    def _scroll_update(self, virtual_size: Size) -> None:
        bar = self._vertical_scrollbar
        if bar is None or not bar.display or self.show_horizontal_scrollbar:
            super()._scroll_update(virtual_size)
            return
        before = thumb_of(bar)
        self._refresh_scrollbars()
        # Drawing it takes as long as drawing ten rows, and its thumb is mostly where it was.
        bar.set_reactive(ScrollBar.window_virtual_size, virtual_size.height)
        bar.set_reactive(ScrollBar.window_size, self.container_size.height)
        if thumb_of(bar) != before:
            bar.refresh()
        self.scroll_x = self.validate_scroll_x(self.scroll_x)
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def _place_scrollbars(self) -> None:
        """Bring the scrollbars to where the table is, as a hidden one does not follow it."""
        if self._vertical_scrollbar is not None:
            self._vertical_scrollbar.position = self.scroll_y
        if self._horizontal_scrollbar is not None:
            self._horizontal_scrollbar.position = self.scroll_x

    def _clamp_cursor_coordinate(self, coordinate: Coordinate) -> Coordinate:
        # The stock table lets the cursor climb onto the header when there are no rows.
        row, column = super()._clamp_cursor_coordinate(coordinate)
        return Coordinate(max(0, row), max(0, column))

    def _render_line_in_row(
        self,
        row_key: RowKey,
        line_no: int,
        base_style: Style,
        cursor_location: Coordinate,
        hover_location: Coordinate,
    ) -> tuple[list[list[Segment]], list[list[Segment]]]:
        if not isinstance(row_key, PlacedKey):
            return super()._render_line_in_row(
                row_key, line_no, base_style, cursor_location, hover_location
            )
        key = (
            row_key,
            line_no,
            base_style,
            cursor_location,
            hover_location,
            self.cursor_type,
            self.show_cursor,
            self._show_hover_cursor,
            self._update_count,
            self._pseudo_class_state,
        )
        if key not in self._row_render_cache:
            is_hovered = hover_location.row == row_key.index
            is_at_cursor = cursor_location.row == row_key.index
            line = self._draw_row(row_key, base_style, is_hovered, is_at_cursor)
            self._row_render_cache[key] = [], line
        return self._row_render_cache[key]

    def _draw_row(
        self, row_key: PlacedKey, base_style: Style, is_hovered: bool, is_at_cursor: bool
    ) -> list[list[Segment]]:
        index = row_key.index
        component, after = self._get_styles_to_render_cell(
            False,
            False,
            False,
            is_hovered,
            is_at_cursor,
            self.show_cursor,
            self._show_hover_cursor,
            self.cursor_foreground_priority == "css",
            self.cursor_background_priority == "css",
        )
        before = self._get_row_style(index, base_style) + component
        cells = self._cells_of(index)
        line = []
        for number, (column, text) in enumerate(zip(self.ordered_columns, cells, strict=True)):
            style = before + Style.from_meta({"row": index, "column": number})
            line.append(
                draw_cell(text, column.width, self.cell_padding, self.app.console, style, after)
            )
        rest = max(0, self.size.width - self._columns_width)
        meta = Style.from_meta({"row": index, "column": 0, "out_of_bounds": True})
        return [*line, [Segment(" " * rest, before + meta)]]

    def _cells_of(self, index: int) -> list[Text]:
        key = self._locations.keys[index]
        cells = self._cells.get(key)
        if cells is None:
            cells = list(self._data[self._locations.place(index)].values())
            self._cells[key] = cells
        return cells

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the table, whose own style is the same for all of them."""
        self._own_style = super().rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._own_style = None

    @property
    def rich_style(self) -> Style:
        """The table's own style, worked out once for all lines of a frame."""
        return self._own_style or super().rich_style

    @property
    def _header_lines(self) -> int:
        return self.header_height if self.show_header else 0

    @property
    def _columns_width(self) -> int:
        return sum(column.get_render_width(self) for column in self.columns.values())

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        # Here and not on Resize, which comes after a frame with the old widths was drawn, and does
        # not come at all when a vertical scrollbar takes its part of the width.
        self._fit(container_size)
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if self._reveal_when_laid_out and size:
            self._reveal_when_laid_out = False
            self._scroll_cursor_into_view()
        return changed

    def _fit(self, container: Size) -> None:
        """Share the width among the columns, and tell how far the table scrolls."""
        height = self._header_lines + self.row_count
        widths = self._widths(self._room(container, height))
        if any(self.columns[key].width != width for key, width in widths.items()):
            for key, width in widths.items():
                self.columns[key].width = width
            self.refresh_rows()
        size = Size(self._columns_width, height)
        if self.styles.auto_dimensions or not self.is_mounted:
            self.virtual_size = size
        else:
            # Nothing is laid out by how many rows there are; a scrollbar that comes or goes is.
            self.set_reactive(Widget.virtual_size, size)

    def _room(self, container: Size, height: int) -> int:
        """Return the width beside the vertical scrollbar that a table of this height will have."""
        styles = self.styles
        has_scrollbar = (
            styles.overflow_y == "scroll"
            or styles.scrollbar_gutter == "stable"
            or (styles.overflow_y == "auto" and height > container.height)
        )
        return container.width - (styles.scrollbar_size_vertical if has_scrollbar else 0)

    def _widths(self, room: int) -> dict[ColumnKey, int]:
        """Return the content widths of the declared columns that together fill the room."""
        columns = list(self._declared.values())
        grown = sum(self.columns[key].width - own.width for key, own in self._declared.items())
        left = room - (self._columns_width - grown)
        return dict(zip(self._declared, widths(columns, left, self.cell_padding), strict=True))

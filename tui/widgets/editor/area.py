"""A text area for long texts, in which nothing is lost and every character is seen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import Location, Selection
from textual.document._document_navigator import DocumentNavigator
from textual.reactive import Reactive, reactive
from textual.strip import Strip
from textual.widgets import TextArea

from tui.widgets.editor.document import TypedDocument, UnwrappedDocument
from tui.widgets.editor.visible_part import VisiblePart

_INDENT = 2
# A matching bracket is looked for among so many characters, which is more than a screen holds.
_BRACKET_REACH = 5_000

# From which column to which one something is drawn in a style.
Span = tuple[int, int, Style]


class LongTextArea(TextArea):
    """A text area without wrapping, whose keys cost the same wherever in however long a text.

    What it draws is what Textual's own draws, but for characters that would not be seen. Lines are
    drawn as far as they are in sight; a subclass says in which styles by `spans`.

    Args:
        text: The text.
        read_only: Whether the text is only to be read.
        show_cursor: Whether there is a cursor where it is only to be read.
        show_line_numbers: Whether lines have numbers.
        classes: CSS classes.
    """

    # The lines that a key changes are drawn, and no others.
    selection: Reactive[Selection] = reactive(
        Selection(), init=False, always_update=True, repaint=False
    )

    COMPONENT_CLASSES: ClassVar[set[str]] = {"long-text--unseen"}
    DEFAULT_CSS = """
    LongTextArea {
        & .long-text--unseen { color: $warning; background: $warning 20%; }
        &:ansi .long-text--unseen { background: ansi_default; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "indent", show=False, id="text.indent"),
        Binding("ctrl+home", "go_to_start", show=False, id="text.start"),
        Binding("ctrl+end", "go_to_end", show=False, id="text.end"),
        # What shells and nano have besides; Textual has the other keys of theirs.
        Binding("ctrl+b", "cursor_left", show=False, id="text.left"),
        Binding("ctrl+n", "cursor_down", show=False, id="text.down"),
        Binding("ctrl+p", "cursor_up", show=False, id="text.up"),
        Binding("alt+left", "cursor_word_left", show=False, id="text.word_left"),
        Binding("alt+right", "cursor_word_right", show=False, id="text.word_right"),
        Binding("alt+d,ctrl+delete", "delete_word_right", show=False, id="text.delete_word"),
    ]

    def __init__(
        self,
        text: str = "",
        *,
        read_only: bool = False,
        show_cursor: bool = True,
        show_line_numbers: bool = True,
        classes: str = "",
    ) -> None:
        super().__init__(
            text,
            soft_wrap=False,
            compact=True,
            read_only=read_only,
            show_cursor=show_cursor,
            show_line_numbers=show_line_numbers,
            classes=classes,
        )
        self.indent_width = _INDENT
        self._styles_drawn: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        """Draw in what the styles have become."""
        self._styles_drawn = {}
        super().notify_style_update()

    def _set_document(self, text: str, language: str | None) -> None:
        document = TypedDocument(text, self.lines_replaced)
        self.document = document
        self.wrapped_document: UnwrappedDocument = UnwrappedDocument(
            document, tab_width=self.indent_width
        )
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def lines_replaced(self, first: int, last: int, new_last: int) -> None:
        """See that lines were replaced by others, before anything of it is drawn.

        Args:
            first: The first line that was replaced, and the first one in its place.
            last: The last line that was replaced.
            new_last: The last line of what is there instead.
        """
        if not self.is_attached:
            return
        if new_last == last:
            self.refresh_lines(first, last - first + 1)
        else:
            self.refresh()

    def _watch_selection(self, previous_selection: Selection, selection: Selection) -> None:
        partner = self._matching_bracket_location
        super()._watch_selection(previous_selection, selection)
        self._draw_rows(row for row, _ in (*previous_selection, *selection))
        # Lines between are drawn otherwise only where something is selected.
        if not previous_selection.is_empty or not selection.is_empty:
            self.refresh()
        if partner != self._matching_bracket_location:
            partners = (partner, self._matching_bracket_location)
            self._draw_rows(place[0] for place in partners if place is not None)

    def _draw_rows(self, rows: Iterable[int]) -> None:
        for row in set(rows):
            self.refresh_lines(row)

    def replace_all(self, text: str) -> None:
        """Put another text in the place of all, so that it can be undone."""
        self.history.checkpoint()
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.history.checkpoint()
        self.move_cursor((0, 0))

    def action_indent(self) -> None:
        """Put in blanks up to the next tab stop; where the text is only read, go on."""
        if self.read_only:
            self.screen.focus_next()
        else:
            self._replace_via_keyboard(" " * self._find_columns_to_next_tab_stop(), *self.selection)

    def action_go_to_start(self) -> None:
        """Go to the beginning of the text."""
        self._go_to((0, 0))

    def action_go_to_end(self) -> None:
        """Go to the end of the text."""
        self._go_to(self.document.end)

    def _go_to(self, place: Location) -> None:
        if self._has_cursor:
            self.move_cursor(place)
        elif place == (0, 0):
            self.scroll_home(animate=False)
        else:
            self.scroll_end(animate=False)

    async def _on_key(self, event: events.Key) -> None:
        # What is pressed with alt is no letter of the text, whether it is a key here or not.
        if event.key.startswith("alt+"):
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        # Terminals send a carriage return for each line end of what is pasted.
        event.prevent_default()
        event.stop()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)
            self.focus()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """The bracket that belongs to this one, unless it is far away."""
        if not self.match_cursor_bracket:
            return None
        return super().find_matching_bracket(bracket, search_from)

    def _yield_character_locations(self, start: Location) -> Iterable[tuple[str, Location]]:
        return islice(super()._yield_character_locations(start), _BRACKET_REACH)

    def _yield_character_locations_reverse(self, start: Location) -> Iterable[tuple[str, Location]]:
        return islice(super()._yield_character_locations_reverse(start), _BRACKET_REACH)

    # Drawing

    def spans(self, row: int, start: int, end: int) -> Iterable[Span]:
        """In which styles a line is drawn, as far as it is in sight; a later one goes before.

        Args:
            row: The line, from 0.
            start: The first column in sight.
            end: The column after the last one in sight.
        """
        return ()

    def style_of(self, component: str) -> Style:
        """The style of a component, with what shines through it, over this text.

        Args:
            component: The component's class.
        """
        style = self._styles_drawn.get(component)
        if style is None:
            styles = self.get_component_styles(component)
            ground = self.background_colors[1]
            if styles.has_rule("background"):
                ground += styles.background
            style = styles.text_style + Style(
                color=(ground + styles.color).rich_color if styles.has_rule("color") else None,
                bgcolor=ground.rich_color if styles.has_rule("background") else None,
            )
            self._styles_drawn[component] = style
        return style

    def gutter_of(self, row: int, style: Style) -> list[Segment]:
        """The number of a line, as wide as the gutter.

        Args:
            row: The line, from 0.
            style: The style of the gutter in this line.
        """
        number = row + self.line_number_start
        return [Segment(f"{number:>{self.gutter_width - 2}}  ", style)]

    def _render_line(self, y: int) -> Strip:
        theme = self._theme
        base = theme.base_style or self.rich_style
        row = y + self.scroll_offset.y
        if row >= self.document.line_count:
            return Strip.blank(self.size.width, base)
        is_at_cursor = (
            row == self.cursor_location[0] and self.highlight_cursor_line and self._has_cursor
        )
        gutter: list[Segment] = []
        if self.show_line_numbers:
            style = theme.cursor_line_gutter_style if is_at_cursor else theme.gutter_style
            gutter = self.gutter_of(row, style or base)
        line_style = (theme.cursor_line_style if is_at_cursor else None) or Style.null()
        width = self.size.width - self.gutter_width
        text = self._part_in_sight(row, width, line_style)
        strip = Strip(text.render(self.app.console)).adjust_cell_length(width, line_style)
        return Strip([*gutter, *strip]).apply_style(base)

    def _part_in_sight(self, row: int, width: int, line_style: Style) -> Text:
        shown = self.wrapped_document.shown_line(row)
        part = VisiblePart(shown, self.scroll_offset.x, width)
        part.paint(line_style)
        for start, end, style in self.spans(row, part.start, part.end):
            part.paint(style, start, end)
        if not shown.is_plain:
            self._paint_unseen(part, shown.line)
        if self._is_shown_as_selected(row, shown.line):
            selected = self._theme.selection_style or Style.null()
            mark = Text("▌", end="", no_wrap=True)
            mark.stylize(Style(color=selected.bgcolor))
            return mark
        self._paint_selection(part, row)
        self._paint_cursor(part, row)
        return part.text

    def _paint_unseen(self, part: VisiblePart, line: str) -> None:
        style = self.style_of("long-text--unseen")
        for column, character in enumerate(line[part.start : part.end], part.start):
            if not character.isprintable() and character != "\t":
                part.paint(style, column, column + 1)

    def _is_shown_as_selected(self, row: int, line: str) -> bool:
        """Whether an empty line has to show that it is selected."""
        top, bottom = sorted(self.selection)
        is_selected = top != bottom and top[0] <= row <= bottom[0]
        return is_selected and not line and row != self.cursor_location[0]

    def _paint_selection(self, part: VisiblePart, row: int) -> None:
        top, bottom = sorted(self.selection)
        if top != bottom and top[0] <= row <= bottom[0]:
            start = top[1] if row == top[0] else 0
            end = bottom[1] if row == bottom[0] else len(self.document[row])
            part.paint(self._theme.selection_style, start, end)

    def _paint_cursor(self, part: VisiblePart, row: int) -> None:
        at = self.cursor_location
        partner = self._matching_bracket_location
        if partner is not None and self._has_cursor and self.selection.is_empty:
            for place in (at, partner):
                if place[0] == row:
                    part.paint(self._theme.bracket_matching_style, place[1], place[1] + 1)
        if at[0] == row and self._draw_cursor:
            part.paint(self._theme.cursor_style, at[1], at[1] + 1)

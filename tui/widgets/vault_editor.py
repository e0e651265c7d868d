"""The editor for the text of a vault: it shows what is what, and what is wrong with it."""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.document._document import Selection

from store.vaults.checking import Problem
from store.vaults.formats import Format
from tui.widgets.editor.area import LongTextArea, Span
from tui.widgets.editor.finding import Place, places_of, replaced_in
from tui.widgets.editor.indenting import (
    CLOSING,
    indentation_below,
    indentation_of_closing,
    level_of,
    opens_below,
)
from tui.widgets.highlighting import Kind, LineStates, tokens_of

_KINDS: tuple[Kind, ...] = (
    "key",
    "string",
    "number",
    "constant",
    "comment",
    "reference",
    "mark",
)
# What is underlined, beginning at the column of a problem.
_MARKED = re.compile(r"[\w.-]+|\S|\s*")


class VaultEditor(LongTextArea):
    """A text area that knows HOCON, JSON and YAML.

    Args:
        text: The text.
        text_format: The format that it is shown as.
        read_only: Whether it is only to be read.
        classes: CSS classes.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"vault-editor--{kind}" for kind in _KINDS),
        "vault-editor--error",
        "vault-editor--warning",
        "vault-editor--found",
    }
    DEFAULT_CSS = """
    VaultEditor {
        & .vault-editor--key { color: $primary; }
        & .vault-editor--string { color: $success; }
        & .vault-editor--number { color: $warning; }
        & .vault-editor--constant { color: $warning; text-style: bold; }
        & .vault-editor--comment { color: $foreground 60%; text-style: italic; }
        & .vault-editor--reference { color: $secondary; text-style: bold; }
        & .vault-editor--mark { color: $foreground 70%; }
        & .vault-editor--error { color: $error; text-style: bold underline; }
        & .vault-editor--warning { color: $warning; text-style: underline; }
        & .vault-editor--found { background: $accent 20%; }
        &:ansi .vault-editor--found { background: ansi_default; text-style: reverse; }
    }
    """

    def __init__(
        self,
        text: str = "",
        *,
        text_format: Format = "hocon",
        read_only: bool = False,
        classes: str = "",
    ) -> None:
        # A text area makes its document before all else, and says so.
        self._states = LineStates(self._line_at)
        self._problems: tuple[Problem, ...] = ()
        self._problems_by_row: dict[int, list[Problem]] = {}
        self._rows_with_problems: list[int] = []
        self._format: Format = text_format
        self._sought: re.Pattern[str] | None = None
        self._places: list[Place] | None = None
        # Counts what makes places that were found out of date.
        self._edition = 0
        super().__init__(text, read_only=read_only, classes=classes)

    @property
    def text_format(self) -> Format:
        """The format that the text is shown as."""
        return self._format

    @text_format.setter
    def text_format(self, text_format: Format) -> None:
        if text_format != self._format:
            self._format = text_format
            self._states.forget_after(0)
            self._draw_anew()

    def _set_document(self, text: str, language: str | None) -> None:
        self._states.forget_after(0)
        self._forget_places()
        self._problems, self._problems_by_row, self._rows_with_problems = (), {}, []
        super()._set_document(text, language)

    def lines_replaced(self, first: int, last: int, new_last: int) -> None:
        """Take what is known of the lines below along."""
        super().lines_replaced(first, last, new_last)
        self._forget_places()
        was_open = self._states.known_before(last + 1)
        self._states.forget_after(first)
        is_below = new_last + 1 < self.document.line_count
        if is_below and was_open != self._states.before(new_last + 1, self._format):
            self.refresh()
        moved = new_last - last
        if moved and self._problems:
            self._note_problems(
                replace(problem, line=max(first + 1, problem.line + moved))
                if problem.line - 1 > first
                else problem
                for problem in self._problems
            )

    # Indentation

    async def _on_key(self, event: events.Key) -> None:
        if self.read_only:
            return
        if event.key in ("enter", "ctrl+j"):
            put = self._break_line
        elif event.character in CLOSING and self._is_indentation_only():
            put = partial(self._close, event.character)
        else:
            return
        event.stop()
        event.prevent_default()
        self._restart_blink()
        put()

    def _break_line(self) -> None:
        """Go on in a new line, as far in as what stands there belongs."""
        top, bottom = sorted(self.selection)
        head = self._line_at(top[0])[: top[1]]
        rest = self._line_at(bottom[0])[bottom[1] :]
        state = self._states.before(top[0], self._format)
        blanks = indentation_below(head, rest, self._format, state, self._level())
        self._replace_via_keyboard(f"\n{blanks}", top, bottom)

    def _is_indentation_only(self) -> bool:
        row, column = self.cursor_location
        line = self._line_at(row)
        is_blank = self.selection.is_empty and column == len(line) > 0 and line.isspace()
        return is_blank and not self._states.before(row, self._format)[0]

    def _close(self, bracket: str) -> None:
        """Put a bracket where the line begins that it belongs to, not where its content does."""
        row, column = self.cursor_location
        blanks = self._line_at(row)
        kept = indentation_of_closing(row, blanks, self._line_at, self._opens, self._level())
        self._replace_via_keyboard(bracket, (row, len(kept)), (row, column))

    def _opens(self, row: int) -> bool:
        state = self._states.before(row, self._format)
        return opens_below(self._line_at(row), self._format, state)

    def _level(self) -> str:
        return level_of(self._line_at, self.document.line_count)

    # Problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is marked in the text, where it stands now."""
        return self._problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Mark what is wrong.

        Args:
            problems: Errors and warnings.
        """
        former = self._problems
        self._note_problems(problems)
        if former != self._problems:
            self._draw_anew()

    def _note_problems(self, problems: Iterable[Problem]) -> None:
        self._problems = tuple(sorted(problems))
        # There may be as many as lines, and each line that is drawn asks for its own.
        self._problems_by_row = {}
        for problem in self._problems:
            self._problems_by_row.setdefault(self.place_of(problem)[0], []).append(problem)
        self._rows_with_problems = sorted(self._problems_by_row)

    def problem_at_cursor(self) -> Problem | None:
        """The problem in the line of the cursor, or else the nearest one."""
        row, column = self.cursor_location
        at = bisect_left(self._rows_with_problems, row)
        near = self._rows_with_problems[max(0, at - 1) : at + 1]
        return min(
            (problem for other in near for problem in self._problems_by_row[other]),
            key=lambda one: (abs(one.line - 1 - row), abs(one.column - 1 - column), one),
            default=None,
        )

    def go_to_problem(self, direction: int) -> None:
        """Go to the next problem, or to the one before; behind the last comes the first.

        Args:
            direction: 1 for the next one, -1 for the one before.
        """
        places = sorted({self.place_of(problem) for problem in self._problems})
        if not places:
            return
        here = self.cursor_location
        if direction > 0:
            place = next((place for place in places if place > here), places[0])
        else:
            place = next((place for place in reversed(places) if place < here), places[-1])
        self.move_cursor(place, center=True)

    def place_of(self, problem: Problem) -> tuple[int, int]:
        """Where the cursor is to go for a problem."""
        return self.clamp_visitable((problem.line - 1, problem.column - 1))

    # Finding

    def seek(self, words: str) -> None:
        """Mark what is sought. Where all of it stands is known once it was looked for.

        Args:
            words: What is sought, in capitals or not; "" for nothing.
        """
        self._sought = re.compile(re.escape(words), re.IGNORECASE) if words else None
        self._forget_places()
        self._draw_anew()

    @property
    def knows_places(self) -> bool:
        """Whether it is known where in the present text stands what is sought."""
        return self._places is not None

    async def look_for_places(self) -> None:
        """Look through the text in a thread, and anew where it has changed meanwhile."""
        while self._places is None:
            edition = self._edition
            is_wanted = partial(self._is_present, edition)
            lines = tuple(self.document.lines)
            places = await asyncio.to_thread(places_of, self._sought, lines, is_wanted=is_wanted)
            if self._is_present(edition):
                self._places = places

    def _is_present(self, edition: int) -> bool:
        return edition == self._edition

    def find_next(self, direction: int, *, is_here_enough: bool = False) -> tuple[int, int]:
        """Go to the next place of what was looked for, or to the one before.

        Args:
            direction: 1 for the next one, -1 for the one before.
            is_here_enough: Whether the one at the cursor will do.

        Returns:
            Which one it is, from 1, and how many there are; 0 and 0 for none.
        """
        if not self._places:
            return 0, 0
        here = min(self.selection)
        if direction > 0:
            first = bisect_left if is_here_enough else bisect_right
            number = first(self._places, here, key=min) % len(self._places)
        else:
            number = bisect_left(self._places, here, key=min) - 1
        self.selection = Selection(*self._places[number])
        self.scroll_cursor_visible(center=True)
        return number % len(self._places) + 1, len(self._places)

    async def replace_found(self, words: str) -> tuple[int, int]:
        """Put words in the place of what was found and is selected, and go on to the next.

        Args:
            words: What is put there, as it is.

        Returns:
            Which one the cursor is at then, from 1, and how many there are; 0 and 0 for none.
        """
        await self.look_for_places()
        place = (min(self.selection), max(self.selection))
        if self._is_found(place):
            self.history.checkpoint()
            self.replace(words, *place, maintain_selection_offset=False)
            self.history.checkpoint()
            await self.look_for_places()
        return self.find_next(1, is_here_enough=True)

    def _is_found(self, place: Place) -> bool:
        places = self._places or []
        at = bisect_left(places, place)
        return places[at : at + 1] == [place]

    async def replace_every(self, words: str) -> int:
        """Put words in the place of all that is sought, so that it can be undone at once.

        Args:
            words: What is put there, as it is.

        Returns:
            How many there were.

        Raises:
            InvalidInput: The text would become too long.
        """
        count = 0
        while self._sought is not None:
            edition = self._edition
            is_wanted = partial(self._is_present, edition)
            lines = tuple(self.document.lines)
            replaced, count = await asyncio.to_thread(
                replaced_in, self._sought, words, lines, is_wanted=is_wanted
            )
            if self._is_present(edition):
                break
        if count:
            row = self.cursor_location[0]
            self.replace_all(self.document.newline.join(replaced))
            self.move_cursor((row, 0), center=True)
        return count

    def _forget_places(self) -> None:
        self._edition += 1
        self._places = None

    # Drawing

    def spans(self, row: int, start: int, end: int) -> Iterable[Span]:
        """What is what, what is sought, and what is wrong."""
        line = self._line_at(row)
        state = self._states.before(row, self._format)
        for first, last, kind in tokens_of(line, self._format, state):
            if last > start and first <= end:
                yield first, last, self._style(kind)
        if self._sought is not None:
            for match in self._sought.finditer(line, start, end):
                yield match.start(), match.end(), self._style("found")
        # Errors go before warnings.
        for problem in sorted(self._problems_in(row), key=lambda one: one.is_error):
            yield *self._marked(line, problem), self._style(_level(problem))

    def gutter_of(self, row: int, style: Style) -> list[Segment]:
        """The number of the line, and a sign where something is wrong with it."""
        problems = self._problems_in(row)
        if not problems:
            return super().gutter_of(row, style)
        worst = max(problems, key=lambda one: one.is_error)
        sign = style + Style(color=self._style(_level(worst)).color, bold=True)
        number = f"{row + self.line_number_start:>{self.gutter_width - 2}}"
        return [Segment(number, sign), Segment("✕ " if worst.is_error else "! ", sign)]

    def _problems_in(self, row: int) -> list[Problem]:
        return self._problems_by_row.get(row, [])

    def _marked(self, line: str, problem: Problem) -> tuple[int, int]:
        """The columns to underline: what stands there, or else what stands before it."""
        start = min(problem.column - 1, max(0, len(line.rstrip()) - 1))
        match = _MARKED.match(line, start)
        return start, max(start + 1, match.end() if match else 0)

    def _style(self, name: str) -> Style:
        return self.style_of(f"vault-editor--{name}")

    def _line_at(self, row: int) -> str:
        return self.document.get_line(row)

    def _draw_anew(self) -> None:
        self._line_cache.clear()
        self.refresh()


def _level(problem: Problem) -> str:
    return "error" if problem.is_error else "warning"

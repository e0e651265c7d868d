"""A confirmation with a part that scrolls: who would lose, gain and keep which access."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.confirmation import HOW_TO_SEE_ALL, Confirmation
from tui.dialogs.dialog import button
from tui.whole_lists import Line, words_of
from tui.widgets.field import Field, text_input

# So many lines of a page are on the next one, too: an entry may take several.
_SHARED = 3


class ImpactConfirmation(Confirmation):
    """Asks before something changes the access of members.

    Args:
        title: The object and the verb.
        summary: What would change, in a line or two.
        lines: All of what would change; it scrolls.
        verb: What the button says.
        is_destructive: Whether the button warns.
        expected: What must be typed, or "" where a press of the button is enough.
        what: What that is, such as "the name".
        refused: What it will not be done to, with the reasons, a line each; told first.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "access_dialogs.tcss"]  # type: ignore[assignment]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [  # type: ignore[misc]
        (0, "-low"),
        (34, "-high"),
        (50, "-tall"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll_impact(1)", show=False),
        Binding("pageup", "scroll_impact(-1)", show=False),
        Binding("j", "step_impact(1)", show=False),
        Binding("k", "step_impact(-1)", show=False),
    ]

    def __init__(
        self,
        title: str,
        summary: Content,
        lines: Sequence[Line],
        *,
        verb: str,
        is_destructive: bool = True,
        expected: str = "",
        what: str = "",
        refused: Sequence[Line] = (),
    ) -> None:
        super().__init__(title, [], verb=verb, expected=expected, what=what, refused=refused)
        self._summary = summary
        self._lines = lines
        self._is_destructive = is_destructive
        # The field takes its lines from what scrolls.
        self.set_class(bool(expected), "-typed")
        self.set_class(summary.plain.count("\n") > 1, "-long-summary")

    def compose_body(self) -> Iterable[Widget]:
        """The summary, to what it will not be done and what would change, and what to type."""
        yield from self.compose_changes()
        yield Static(self._summary, classes="impact-summary")
        if lines := self._all_lines():
            with VerticalScroll(classes="impact", can_focus=False):
                yield Static(Content("\n").join(lines))
            yield Static(classes="impact-more")
        if self._expected:
            label = f"Type {self._what} to confirm: {self._expected}"
            yield Field("expected", label, text_input())

    @property
    def said(self) -> Sequence[Line]:
        """What it says of what is to be done, line by line, below its title."""
        summary = map(Content, self._summary.plain.splitlines())
        return (*super().said, *summary, *self._lines)

    def _all_lines(self) -> list[Content]:
        # Among what scrolls, for the field has to stay in sight.
        refused = [words_of(line).stylize("$text-warning") for line in self._refused]
        between = [Content("")] if refused and self._lines else []
        return [*refused, *between, *map(words_of, self._lines)]

    def compose_foot(self) -> Iterable[Widget]:
        """Nothing: how to see all is said where it is said how to see the rest."""
        return ()

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel first, for focus starts there."""
        yield button("Cancel" if self._verb else "Close", "cancel")
        if self._verb:
            yield button(self._verb, "confirm", "danger" if self._is_destructive else "primary")

    def on_mount(self) -> None:
        """Say how to see the rest where not all is in sight. Textual calls the others', too."""
        for box in self.query(".impact"):
            self.watch(box, "show_vertical_scrollbar", self._show_how_to_scroll)

    def _show_how_to_scroll(self, overflows: bool) -> None:
        line = self.query_one(".impact-more", Static)
        hints = ["PgDn and PgUp show the rest"] * overflows + [HOW_TO_SEE_ALL] * bool(self.wholes)
        line.update(Content(f"{'; '.join(hints)}." if hints else ""))
        line.display = bool(hints)

    def action_scroll_impact(self, pages: int) -> None:
        """Show the next page of what would change, or the one before."""
        for box in self.query(".impact"):
            box.scroll_relative(y=pages * max(1, box.size.height - _SHARED), animate=False)

    def action_step_impact(self, lines: int) -> None:
        """Show one more line of what would change, or go back by one."""
        for box in self.query(".impact"):
            box.scroll_relative(y=lines, animate=False)

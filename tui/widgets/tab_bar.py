"""The names of the tabs with their keys, the shown one marked.

Not Textual's Tabs, which is eight widgets for one tab and two lines high: it would take a sixth of
the time that the program takes to start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget


class TabBar(Widget):
    """One line of tabs, each of which can be clicked.

    Args:
        titles: The keys of the tabs and what they are called, in their order, each with what it is
            called for short.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"tab-bar--tab", "tab-bar--shown"}

    shown: reactive[int] = reactive(0)

    def __init__(self, titles: Sequence[tuple[str, str, str]], *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._titles = titles
        # What can be clicked here looks like a tab, not like a link.
        self.auto_links = False

    def render(self) -> RenderResult:
        """The keys and names; where there is no room, the short ones of those not shown."""
        full = [f"{key} {title}" for key, title, _short in self._titles]
        short = [f"{key} {short}" for key, _title, short in self._titles]
        of_shown = [*short[: self.shown], full[self.shown], *short[self.shown + 1 :]]
        bars = [self._bar(names) for names in (full, of_shown, short)]
        return next((bar for bar in bars if bar.cell_length <= self.size.width), bars[-1])

    def _bar(self, names: Sequence[str]) -> Content:
        parts = []
        for number, title in enumerate(names):
            name = "tab-bar--shown" if number == self.shown else "tab-bar--tab"
            click = Style.from_meta({"@click": f"screen.show_tab({number})"})
            style = self.get_visual_style(name) + click
            parts.append(Content.styled(f" {title.strip()} ", style))
        return Content(" ").join(parts)

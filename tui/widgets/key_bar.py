"""The footer: the keys that apply right now.

Not Textual's Footer, which builds a widget for each key anew whenever one of them changes, and so
would cost more than drawing the table does as the cursor goes from row to row.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

MOST_KEYS = 8
_ALWAYS = 2


@runtime_checkable
class Applies(Protocol):
    """What can tell why one of its actions does not apply."""

    def reason_against(self, action: str) -> str:
        """Why the action does not apply now, or ""."""


class KeyBar(Widget):
    """One line of at most eight keys, each of which can be clicked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--label"}

    def on_mount(self) -> None:
        """Follow the keys as the focus moves."""
        # What can be clicked here looks like a key, not like a link.
        self.auto_links = False
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def render(self) -> RenderResult:
        """The keys and their labels."""
        key_style = self.get_visual_style("key-bar--key")
        label_style = self.get_visual_style("key-bar--label")
        parts = [self._part(binding, key_style, label_style) for binding in self._shown()]
        # How to get help and out stands at the end, and has its place before all others.
        last = parts[-_ALWAYS:]
        room = self.size.width - sum(part.cell_length for part in last)
        first = parts[: min(len(parts) - len(last), MOST_KEYS - len(last))]
        while first and sum(part.cell_length for part in first) > room:
            first.pop()
        return Content("").join([*first, *last])

    def _part(self, binding: Binding, key_style: Style, label_style: Style) -> Content:
        click = Style.from_meta({"@click": f"app.simulate_key('{binding.key}')"})
        keys = binding.key_display or binding.key
        return Content.assemble(
            (f" {keys}", key_style + click), (f" {binding.description} ", label_style + click)
        )

    def _shown(self) -> list[Binding]:
        shown = {
            active.binding.id: active.binding
            for active in self.screen.active_bindings.values()
            if active.binding.show and active.enabled and _applies(active.node, active.binding)
        }
        # A verb with two keys has two bindings, and is shown once.
        return list(shown.values())


def _applies(node: object, binding: Binding) -> bool:
    return not (isinstance(node, Applies) and node.reason_against(binding.action))

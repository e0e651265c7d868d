"""The footer: the keys that apply right now.

Not Textual's Footer, which builds a widget for each key anew whenever one of them changes, and so
would cost more than drawing the table does as the cursor goes from row to row.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from textual.app import RenderResult
from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.style import Style
from textual.widget import Widget

from tui.keys import ALWAYS, COMMON, IMPORTANCE, OPEN, SPARE, UNTOLD, VERB


@runtime_checkable
class Applies(Protocol):
    """What knows of its actions."""

    def reason_against(self, action: str) -> str:
        """Why the action does not apply now, or ""."""

    def label_of(self, action: str) -> str:
        """What the action does now, in a word, or "" where that is what the table says."""


class KeyBar(Widget):
    """One line of the keys that apply, as many as there is room for; each can be clicked."""

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
        shown = sorted(self._shown(), key=lambda active: self._place(active.binding))
        parts = [self._part(active, key_style, label_style) for active in shown]
        importance = [self.importance_of(active.binding) for active in shown]
        room, kept = self.size.width, set[int]()
        for index in sorted(range(len(parts)), key=lambda index: -importance[index]):
            if parts[index].cell_length <= room:
                room -= parts[index].cell_length
                kept.add(index)
        return Content("").join([parts[index] for index in sorted(kept)])

    def importance_of(self, binding: Binding) -> int:
        """How soon a key is left out where there is little room: the lower, the sooner."""
        return IMPORTANCE.get(binding.id or "", VERB if binding.show else UNTOLD)

    def _place(self, binding: Binding) -> int:
        # What there is little room for comes after the rest, and before the end.
        return {ALWAYS: 3, SPARE: 1, COMMON: 2}.get(self.importance_of(binding), 0)

    def _part(self, active: ActiveBinding, key_style: Style, label_style: Style) -> Content:
        binding = active.binding
        click = Style.from_meta({"@click": f"app.simulate_key('{binding.key}')"})
        keys = binding.key_display or binding.key
        label = _label_now(active.node, binding) or binding.description
        return Content.assemble(
            (f" {keys}", key_style + click), (f" {label} ", label_style + click)
        )

    def _shown(self) -> list[ActiveBinding]:
        shown = {
            active.binding.id: active
            for active in self.screen.active_bindings.values()
            if self.importance_of(active.binding)
            and active.enabled
            and _applies(active.node, active.binding)
        }
        # A verb with two keys has two bindings, and is shown once.
        return list(shown.values())


def _applies(node: DOMNode, binding: Binding) -> bool:
    knowing, action = _who_knows(node, binding)
    return knowing is None or not knowing.reason_against(action)


def _label_now(node: DOMNode, binding: Binding) -> str:
    knowing, action = _who_knows(node, binding)
    return "" if knowing is None else knowing.label_of(action)


def _who_knows(node: DOMNode, binding: Binding) -> tuple[Applies | None, str]:
    """What knows of a binding's action, by the name that the table of keys has for it."""
    if isinstance(node, Applies):
        return node, binding.action
    # A table's own key to open a row is that of the tab around it.
    if binding.id == OPEN:
        around = (each for each in node.ancestors if isinstance(each, Applies))
        return next(around, None), "open"
    return None, binding.action

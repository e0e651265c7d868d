"""The panel with what is to be known of one row, beside the table or over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from tui.text import content
from tui.widgets.panel_section import PanelSection
from tui.widgets.plain_button import PlainButton


@dataclass(frozen=True)
class PanelAction:
    """A button of the panel: what it says, and the tab's action that it runs."""

    action: str
    label: str


class DetailsPanel(Vertical, can_focus=True):
    """A title, lines of what there is to know, sections, and buttons for what can be done.

    Args:
        sections: What is below the lines; the tab fills them.
    """

    @dataclass
    class ActionPressed(Message):
        """The person wants this action done to whom the panel shows."""

        action: str

    def __init__(self, sections: Sequence[PanelSection]) -> None:
        super().__init__(classes="details")
        self._sections = sections
        self._actions: tuple[PanelAction, ...] = ()

    def compose(self) -> ComposeResult:
        """The title, the lines, the sections, the buttons."""
        yield Static(classes="details-title")
        with VerticalScroll(classes="details-lines", can_focus=False):
            yield Static(classes="details-text")
            yield from self._sections
        yield Horizontal(classes="details-actions")

    def show(self, title: str, lines: Sequence[Content], actions: Sequence[PanelAction]) -> None:
        """Show this in the place of what was shown.

        Args:
            title: Whom it is of; it may be text from people.
            lines: What there is to know.
            actions: What can be done.
        """
        self.query_one(".details-title", Static).update(content(title))
        self.query_one(".details-text", Static).update(Content("\n").join(lines))
        if tuple(actions) != self._actions:
            self._actions = tuple(actions)
            self._show_actions()

    def enter(self) -> bool:
        """Go to the first section that there is something in; say whether there is one."""
        section = next((one for one in self._sections if one.can_be_entered), None)
        if section is not None:
            section.enter()
        return section is not None

    @property
    def can_be_entered(self) -> bool:
        """Whether there is a section to go to."""
        return any(section.can_be_entered for section in self._sections)

    def _show_actions(self) -> None:
        row = self.query_one(".details-actions", Horizontal)
        row.remove_children()
        row.mount_all(
            PlainButton(action.label, name=action.action, classes="panel-action")
            for action in self._actions
        )

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.ActionPressed(event.button.name or ""))


def line(label: str, value: str, *, style: str = "") -> Content:
    """One line of the panel: what it is, and the value, which may be text from people."""
    text = content(value)
    return Content.assemble((f"{label:<14}", "$text-muted"), text.stylize(style) if style else text)


def section(title: str) -> Content:
    """A heading among the lines."""
    return Content.assemble("\n", (title, "bold $accent"))

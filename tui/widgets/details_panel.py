"""The panel with what is to be known of one row, beside the table or over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from store.credential_views import CredentialRow
from tui.text import content
from tui.widgets.credentials_table import CredentialsTable, ShownCredentials


@dataclass(frozen=True)
class PanelAction:
    """A button of the panel: what it says, and the tab's action that it runs."""

    action: str
    label: str


class DetailsPanel(Vertical, can_focus=True):
    """A title, lines of what there is to know, credentials, and buttons for what can be done.

    Args:
        reason_against: Why an action does not apply to a credential now, or "".
        colour: A colour of the theme by its name, as the cells of tables name it.
    """

    @dataclass
    class ActionPressed(Message):
        """The person wants this action done to whom the panel shows."""

        action: str

    def __init__(
        self,
        reason_against: Callable[[str, CredentialRow | None], str],
        colour: Callable[[str], str],
    ) -> None:
        super().__init__(classes="details")
        self._credentials = CredentialsTable(reason_against, colour)
        self._actions: tuple[PanelAction, ...] = ()

    def compose(self) -> ComposeResult:
        """The title, the lines, the buttons."""
        yield Static(classes="details-title")
        with VerticalScroll(classes="details-lines", can_focus=False):
            yield Static(classes="details-text")
            yield self._credentials
        yield Horizontal(classes="details-actions")

    def show(
        self,
        title: str,
        lines: Sequence[Content],
        actions: Sequence[PanelAction],
        credentials: ShownCredentials | None,
    ) -> None:
        """Show this in the place of what was shown.

        Args:
            title: Whom it is of; it may be text from people.
            lines: What there is to know.
            actions: What can be done.
            credentials: The credentials, or None where they are not to be seen.
        """
        self.query_one(".details-title", Static).update(content(title))
        self.query_one(".details-text", Static).update(Content("\n").join(lines))
        self._credentials.display = credentials is not None
        if credentials is not None:
            self._credentials.show(credentials)
        if tuple(actions) != self._actions:
            self._actions = tuple(actions)
            self._show_actions()

    def focus_credentials(self) -> bool:
        """Go to the credentials, if there are any; say whether there are."""
        if not self._credentials.display or not self._credentials.has_rows:
            return False
        self._credentials.table.focus()
        return True

    @property
    def has_credentials(self) -> bool:
        """Whether there are credentials to go to."""
        return self._credentials.display and self._credentials.has_rows

    def _show_actions(self) -> None:
        row = self.query_one(".details-actions", Horizontal)
        row.remove_children()
        row.mount_all(
            Button(Content(action.label), name=action.action, compact=True, classes="panel-action")
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

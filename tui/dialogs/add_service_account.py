"""Adding a service account: its name, and whether it may impersonate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.credential_views import IssuedCredential
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.impersonation import LABEL, explanation
from tui.widgets.check_box import CheckBox
from tui.widgets.field import Field, text_input

_HINT = "What runs under it, such as autoscaler or nightly-ci."


class AddServiceAccount(Form[IssuedCredential | None]):
    """Asks for a service account. Gives the first credential of the one that was added.

    Args:
        add: Adds one of that name, which may impersonate or not.
    """

    def __init__(self, *, add: Callable[[str, bool], Awaitable[IssuedCredential | None]]) -> None:
        super().__init__("Add a service account")
        self._add = add

    def compose_body(self) -> Iterable[Widget]:
        """The name, and the box with what it means."""
        yield Field("name", "Name", text_input(), hint=_HINT)
        yield CheckBox(LABEL, False, name="allow-impersonation")
        yield Static(explanation(), classes="explanation")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the name."""
        self.query_one(Input).focus()

    async def save(self) -> IssuedCredential | None:
        """Add it."""
        return await self._add(self.value("name"), self.query_one(CheckBox).value)

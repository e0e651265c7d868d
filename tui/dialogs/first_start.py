"""The first start: no store yet, so a workspace is made (SPEC, Who may do what)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.operations.workspace_settings import FirstStart
from store.workspace import Workspace
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.launch import FirstStartOffer
from tui.text import content
from tui.widgets.field import Field, text_input


class FirstStartDialog(Form[Workspace]):
    """Asks for the workspace's name and its creator. Gives the workspace; escape gives None.

    Args:
        offer: What is filled in, and what makes the workspace.
    """

    def __init__(self, offer: FirstStartOffer) -> None:
        super().__init__("Create a workspace")
        self._offer = offer

    def compose_body(self) -> Iterable[Widget]:
        """Where it will lie, and the fields."""
        offer = self._offer
        yield Static(
            content(
                f"There is no workspace in {offer.path} yet. You become its administrator, "
                f"tied to the login name {offer.login_name}."
            ),
            classes="intro",
        )
        name = text_input(placeholder="such as Acme")
        yield Field("workspace", "Name of the workspace", name)
        yield Field("name", "Your name", text_input(offer.name))
        email = text_input(offer.email, placeholder="ada@acme.example")
        yield Field("email", "Your email", email)

    def compose_buttons(self) -> Iterable[Button]:
        """Leave without a trace, or create."""
        yield button("Quit", "cancel")
        yield button("Create", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the workspace's name."""
        self.query(Input).first().focus()

    async def save(self) -> Workspace:
        """Make the workspace."""
        first = FirstStart(
            workspace=self.value("workspace"),
            name=self.value("name"),
            email=self.value("email"),
            login_name=self._offer.login_name,
            host=self._offer.host,
        )
        return await asyncio.to_thread(self._offer.create, first)

"""Editing a service account: name, impersonation and groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.operations.service_accounts import ServiceAccountEdit
from store.service_account_views import ServiceAccountDetails
from store.views import GroupName
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.impersonation import LABEL, explanation
from tui.text import content, shortened
from tui.widgets.check_box import CheckBox
from tui.widgets.field import Field, text_input
from tui.widgets.group_picker import GroupPicker


class EditServiceAccount(Form[bool | None]):
    """Asks for the new values of a service account. Gives True when they were saved.

    Args:
        account: The service account as it is.
        groups: The groups to choose from.
        save: Saves the edit; False where the person thought better.
    """

    def __init__(
        self,
        account: ServiceAccountDetails,
        groups: Sequence[GroupName],
        *,
        save: Callable[[ServiceAccountEdit], Awaitable[bool]],
    ) -> None:
        super().__init__(f"Edit {shortened(account.row.name, 80)}")
        self._account = account
        self._groups = groups
        self._save = save
        self._former = {group.id for group in account.groups}

    def compose_body(self) -> Iterable[Widget]:
        """The fields, and the id, which stays."""
        account = self._account
        yield Field("name", "Name", text_input(account.row.name))
        yield Static(content(f"ID {account.row.id}"), classes="fact")
        yield CheckBox(LABEL, account.allow_impersonation, name="allow-impersonation")
        yield Static(explanation(), classes="explanation")
        picker = GroupPicker(self._groups, self._former)
        label = "Groups (all are in Users)" if self._groups else "Groups: none to choose from"
        yield Field("groups", label, picker)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the name."""
        self.query_one(Input).focus()

    async def save(self) -> bool | None:
        """Save what differs from what the dialog began with."""
        return await self._save(self._edit()) or None

    def _edit(self) -> ServiceAccountEdit:
        account = self._account
        name, allow = self.value("name"), self.query_one(CheckBox).value
        chosen = self.query_one(GroupPicker).chosen
        choosable = {group.id for group in self._groups}
        return ServiceAccountEdit(
            account.row.id,
            account.revision,
            name=None if name == account.row.name else name,
            allow_impersonation=None if allow == account.allow_impersonation else allow,
            joining=tuple(key for key in chosen if key not in self._former),
            leaving=tuple(sorted((self._former & choosable) - set(chosen))),
        )

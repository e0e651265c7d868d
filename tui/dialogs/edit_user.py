"""Editing a user: name, email, login name and groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Button, Input

from store.operations.users import UserEdit
from store.views import GroupName, UserDetails
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import shortened
from tui.widgets.field import Field, text_input
from tui.widgets.group_picker import GroupPicker

_LOGIN_HINT = "Who they are on this machine; it opens the program in their name."


class EditUser(Form[bool | None]):
    """Asks for the new values of a user. Gives True when they were saved.

    Args:
        user: The user as they are.
        groups: The groups to choose from.
        only_name: Whether nothing but the name may be changed, as by the users themselves.
        save: Saves the edit; False where the person thought better.
    """

    def __init__(
        self,
        user: UserDetails,
        groups: Sequence[GroupName],
        *,
        only_name: bool,
        save: Callable[[UserEdit], Awaitable[bool]],
    ) -> None:
        super().__init__(f"Edit {shortened(user.row.called, 80)}")
        self._user = user
        self._groups = groups
        self._only_name = only_name
        self._save = save
        self._former = {group.id for group in user.groups}

    def compose_body(self) -> Iterable[Widget]:
        """The fields that may be changed."""
        yield Field("name", "Name", text_input(self._user.name))
        if self._only_name:
            return
        yield Field("email", "Email", text_input(self._user.email or ""))
        login = text_input(self._user.login_name or "", placeholder="none")
        yield Field("login_name", "Login name", login, hint=_LOGIN_HINT)
        picker = GroupPicker(self._groups, self._former)
        yield Field("groups", "Groups (all are in Users)", picker)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the name."""
        self.query(Input).first().focus()

    async def save(self) -> bool | None:
        """Save what differs from what the dialog began with."""
        return await self._save(self._edit()) or None

    def _edit(self) -> UserEdit:
        user = self._user
        name = _if_changed(self.value("name"), user.name)
        if self._only_name:
            return UserEdit(user.row.id, user.revision, name=name)
        chosen = self.query_one(GroupPicker).chosen
        choosable = {group.id for group in self._groups}
        return UserEdit(
            user.row.id,
            user.revision,
            name=name,
            email=_if_changed(self.value("email"), user.email or ""),
            login_name=_if_changed(self.value("login_name"), user.login_name or ""),
            joining=tuple(key for key in chosen if key not in self._former),
            leaving=tuple(sorted((self._former & choosable) - set(chosen))),
        )


def _if_changed(value: str, former: str) -> str | None:
    return None if value == former else value

"""Adding and editing a user group: name, description and members."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Button, TextArea

from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import shortened
from tui.widgets.field import Field, text_input
from tui.widgets.member_lines import NameOf
from tui.widgets.member_picker import MemberPicker, Search

if TYPE_CHECKING:
    from store.group_views import GroupDetails

# Saves a name, a description and the ids of the members; False where the person thought better.
Save = Callable[[str, str, tuple[str, ...]], Awaitable[bool]]


class UserGroupForm(Form[bool | None]):
    """Asks for the name, the description and the members. Gives True when they were saved.

    Args:
        group: The group as it is, or None for a new one.
        search: Finds the ids of members by words.
        name_of: What a member is called.
        save: Saves what was typed.
    """

    def __init__(
        self, group: GroupDetails | None, search: Search, name_of: NameOf, *, save: Save
    ) -> None:
        title = f"Edit {shortened(group.row.name, 60)}" if group else "Add a user group"
        super().__init__(title)
        self._group = group
        self._search = search
        self._name_of = name_of
        self._save = save
        self._shown_description = ""

    def compose_body(self) -> Iterable[Widget]:
        """The fields; what cannot be changed is disabled, and the reason is below it."""
        group = self._group
        name = text_input(group.row.name if group else "")
        name.disabled = bool(group and group.name_refusal)
        yield Field("name", "Name", name, hint=group.name_refusal if group else "")
        description = TextArea(
            group.row.description if group else "",
            compact=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
        )
        yield Field("description", "Description", description)
        picker = MemberPicker(self._search, self._name_of, group.members if group else ())
        yield Field("members", "Members", picker)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save" if self._group else "Add", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the first field that can be changed."""
        self._shown_description = self.query_one(TextArea).text
        name = self.query_one("#field-name", Field).control
        (self.query_one(TextArea) if name.disabled else name).focus()

    async def save(self) -> bool | None:
        """Save what was typed."""
        chosen = self.query_one(MemberPicker).chosen
        return await self._save(self.value("name"), self._description, chosen) or None

    @property
    def _description(self) -> str:
        text = self.query_one(TextArea).text
        # A text area knows fewer line ends than a text may have: who types nothing changes nothing.
        if self._group and text == self._shown_description:
            return self._group.row.description
        return text

"""An administrator vault's name and groups; its text has an editor of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.views import GroupName
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import content, shortened
from tui.widgets.field import Field, text_input
from tui.widgets.group_picker import GroupPicker

# Saves a name and the ids of groups.
Save = Callable[[str, Sequence[str]], Awaitable[None]]


class AdministratorVaultForm(Form[bool]):
    """Asks for the name and the groups. Gives True when they were saved.

    Args:
        name: The name as it is, or "" for a new vault.
        groups: The groups to choose from, `Users` among them.
        chosen: The ids of the groups that it applies to.
        save: Saves what was typed.
    """

    def __init__(
        self,
        name: str,
        groups: Sequence[GroupName],
        chosen: Collection[str],
        *,
        save: Save,
    ) -> None:
        super().__init__(f"Edit {shortened(name, 60)}" if name else "Add an administrator vault")
        self._former = name
        self._groups = groups
        self._chosen = chosen
        self._save = save

    def compose_body(self) -> Iterable[Widget]:
        """The name and the groups."""
        yield Field("name", "Name", text_input(self._former))
        yield Field(
            "groups",
            "Groups that it applies to (Users is everybody)",
            GroupPicker(self._groups, self._chosen),
        )
        words = "It is saved disabled; the editor for its text opens next, and p enables it."
        if not self._former:
            yield Static(content(words), classes="intro")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save" if self._former else "Save and write its text", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the name."""
        self.query(Input).first().focus()

    async def save(self) -> bool:
        """Save what was typed."""
        await self._save(self.value("name"), self.query_one(GroupPicker).chosen)
        return True

"""Adding a resource to the catalogue, and renaming or moving one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.terms import PROJECT, QUEUE, RESOURCE_TYPES, ResourceType
from tui.dialogs.choice import Choice
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.resource_words import type_name
from tui.text import content, shortened
from tui.widgets.field import Field, text_input
from tui.widgets.one_picker import OnePicker
from tui.widgets.resource_picker import ResourcePicker, RowOf, SearchResources

if TYPE_CHECKING:
    from store.access_views import ResourceDetails
    from store.operations.resources import ResourceDraft

# Saves the values; False where the person thought better of it.
Save = Callable[["ResourceDraft"], Awaitable[bool]]

_ID_HINT = "The one that ClearML itself knows it by."


class ResourceForm(Form[str | None]):
    """Asks for a resource's values. Gives its id when it was saved.

    Args:
        search: Finds the ids of resources of a type.
        row_of: What there is to say of a resource.
        save: Saves what was typed.
        add: Adds a resource of that type and that name, and gives its id.
        former: The resource that is edited, or None for a new one.
        resource_type: What a new one is to begin with.
        name: What a new one is called to begin with.
    """

    CSS_PATH: ClassVar[list[str]] = ["dialogs.tcss", "rule_dialogs.tcss"]  # type: ignore[assignment]

    def __init__(
        self,
        search: SearchResources,
        row_of: RowOf,
        *,
        save: Save,
        add: Callable[[ResourceType, str], Awaitable[str | None]],
        former: ResourceDetails | None = None,
        resource_type: ResourceType = PROJECT,
        name: str = "",
    ) -> None:
        title = f"Edit {shortened(former.row.name, 60)}" if former else "Add a resource"
        super().__init__(title)
        self._search = search
        self._row_of = row_of
        self._save = save
        self._add = add
        self._former = former
        self._type = former.row.type if former else resource_type
        self._called = former.row.name if former else name

    def compose_body(self) -> Iterable[Widget]:
        """The type and the id, which stay once they are saved; the name and the project."""
        if self._former is None:
            choices = [Choice(one, type_name(one)) for one in RESOURCE_TYPES]
            with Horizontal(classes="beside-type"):
                yield Field("type", "Type", OnePicker(choices, present=self._type))
                yield from self._compose_texts()
        else:
            fixed = f"{type_name(self._type)}  {self._former.row.id}"
            yield Static(content(fixed), classes="fact")
            yield Field("name", "Name", text_input(self._called))
        project = self._former.project if self._former else None
        picker = ResourcePicker(
            self._search, self._row_of, PROJECT, chosen=project, none_label=_no_project
        )
        yield Field("project", "Project that it lies in", picker)

    def _compose_texts(self) -> Iterable[Widget]:
        with Vertical(classes="beside-type-rest"):
            yield Field("name", "Name", text_input(self._called))
            yield Field("id", "ID", text_input(), hint=_ID_HINT)

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save" if self._former else "Add", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the first that is still to be typed."""
        self._show_project()
        inputs = [one for one in self.query(Input) if self._former or not one.value]
        inputs[0].focus()

    @on(OnePicker.Picked)
    def _show_project(self) -> None:
        # Queues lie in no project.
        self.query_one("#field-project", Field).display = self._chosen_type != QUEUE

    @property
    def _chosen_type(self) -> ResourceType:
        if self._former is not None:
            return self._type
        chosen = self.query_one(OnePicker).chosen
        return next(one for one in RESOURCE_TYPES if one == chosen)

    @on(ResourcePicker.AddWanted)
    def _add_wanted(self, event: ResourcePicker.AddWanted) -> None:
        event.stop()
        self.run_worker(self._adding(event), group="add")

    async def _adding(self, event: ResourcePicker.AddWanted) -> None:
        added = await self._add(event.resource_type, event.words)
        if added is not None:
            event.picker.pick(added)

    async def save(self) -> str | None:
        """Save what was typed."""
        from store.operations.resources import ResourceDraft

        chosen = self._chosen_type
        key = self._former.row.id if self._former else self.value("id")
        project = None if chosen == QUEUE else self.query_one(ResourcePicker).chosen
        saved = await self._save(ResourceDraft(chosen, key, self.value("name"), project))
        return key if saved else None


def _no_project(_type: ResourceType) -> str:
    return "[No project]"

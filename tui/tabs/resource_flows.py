"""What is done to the catalogue of resources, from whichever screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.content import Content

from store.listing import Query
from store.terms import PROJECT, ResourceType
from store.workspace import Workspace
from tui.resource_words import counted
from tui.tabs.tab import Tab
from tui.text import content, shortened, visible
from tui.whole_lists import Entry, Line, Whole, abridged

if TYPE_CHECKING:
    from store.access.impacts import Impact
    from store.access_views import ResourceDetails, ResourceRow
    from store.operations.resource_import import ResourceImport
    from store.operations.resources import ResourceDeletion, ResourceDraft
    from tui.dialogs.confirmation import Confirmation
    from tui.tabs.confirmed import Confirmed

T = TypeVar("T")

# More than a catalogue of fifty thousand resources has, in bytes.
_MOST_READ = 16_000_000
_NAME_CELLS = 60
# Of what goes with a resource, so much is named.
_MOST_NAMED = 12


class ResourceFlows:
    """The dialogs and operations for resources.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
    """

    def __init__(self, tab: Tab, workspace: Workspace) -> None:
        self._tab = tab
        self._workspace = workspace

    # What pickers ask for

    async def search(self, resource_type: ResourceType | None, words: str) -> Sequence[str]:
        """The ids of the resources of a type, or of any, that hold these words, by name."""
        query = Query(f"type:{resource_type} {words}" if resource_type else words, "name")
        return (await self._operate(self._workspace.list_resources, query)).ids

    def row_of(self, resource: str) -> ResourceRow:
        """What there is to say of a resource."""
        return self._workspace.resource_row(resource)

    # Adding and editing

    async def add(self, resource_type: ResourceType = PROJECT, name: str = "") -> str | None:
        """Add a resource; its id, or None where the person has left."""
        from tui.dialogs.resource import ResourceForm

        async def save(draft: ResourceDraft) -> bool:
            await self._operate(self._workspace.add_resource, draft)
            return True

        dialog = ResourceForm(
            self.search,
            self.row_of,
            save=save,
            add=self.add,
            resource_type=resource_type,
            name=name,
        )
        added = await self._tab.app.push_screen_wait(dialog)
        if added is not None:
            self._tab.say("1 resource added.")
        return added

    async def edit(self, resource: str) -> None:
        """Rename a resource, or move it to another project."""
        from tui.dialogs.resource import ResourceForm

        details = await self._tab.attempt(self._workspace.resource_details, resource)
        if details is None:
            return

        def save(draft: ResourceDraft) -> Awaitable[bool]:
            return self._save_edit(details, draft)

        dialog = ResourceForm(self.search, self.row_of, save=save, add=self.add, former=details)
        if await self._tab.app.push_screen_wait(dialog) is not None:
            self._tab.say("Saved.")
        self._tab.reload()

    async def _save_edit(self, details: ResourceDetails, draft: ResourceDraft) -> bool:
        from store.operations.resources import ResourceEdit

        edit = ResourceEdit(draft.id, details.revision, draft.name, draft.project)
        title = f"Save {shortened(details.row.name, _NAME_CELLS)}?"
        look = partial(self._workspace.impact_of_resource_edit, edit)
        do = partial(self._workspace.edit_resource, edit)
        return await self.once_confirmed(title, "Save", look, do, asks_always=False) is not None

    # Deleting

    async def delete(self, resources: list[str]) -> bool:
        """Delete resources with what is in them and their rules; whether it was done."""
        from tui.tabs.confirmed import confirmed

        workspace = self._workspace
        asked = confirmed(
            self._tab,
            workspace,
            partial(workspace.preview_resource_deletion, resources),
            partial(self._deletion_confirmation, resources),
            lambda _preview: workspace.delete_resources(resources),
        )
        made = await self._tab.attempt_to(asked)
        if made is None:
            return False
        self._tab.say(f"{counted(len(made.found.resources), 'resource')} deleted.")
        return True

    def _deletion_confirmation(
        self, resources: Sequence[str], preview: ResourceDeletion
    ) -> Confirmation:
        from tui.access_confirmations import impact_confirmation, impact_names
        from tui.dialogs.confirmation import typeable

        if len(resources) == 1:
            name = self._workspace.resource_row(resources[0]).name
            expected, what = typeable(name, "", resources[0])
            title = f"Delete {shortened(name, 2 * _NAME_CELLS)}?"
        else:
            expected, what = str(len(preview.resources)), "their number"
            title = f"Delete {counted(len(preview.resources), 'resource')}?"
        return impact_confirmation(
            title,
            "Delete",
            preview.impact,
            impact_names(self._workspace, preview.impact),
            extra=self._going(resources, preview),
            typed=expected,
            what=what,
        )

    def _going(self, resources: Sequence[str], preview: ResourceDeletion) -> list[Line]:
        contents = [key for key in preview.resources if key not in set(resources)]
        several = resources if len(resources) > 1 else ()
        lines = self._named("", several, self._resource_words)
        lines += self._named("With what is in it", contents, self._resource_words)
        lines += self._named("With its rules", preview.rules, self._rule_words)
        return [*lines, content("It goes from this catalogue alone; ClearML keeps it.")]

    def _named(self, heading: str, keys: Sequence[str], words: Callable[[str], str]) -> list[Line]:
        if not keys:
            return []
        lines: list[Line] = []
        if heading:
            lines.append(Content.styled(f"{heading} ({len(keys):,}):", "bold"))
        lines += [f"  {words(key)}" for key in keys[:_MOST_NAMED]]
        if (more := len(keys) - _MOST_NAMED) > 0:
            whole = Whole(heading or "Deleted", tuple(keys), lambda key: Entry(words(key)))
            lines.append(abridged(f"  and {more:,} more", whole))
        return lines

    def _resource_words(self, key: str) -> str:
        from tui.access_words import resource_words

        return shortened(resource_words(self._workspace.resource_row(key)), _NAME_CELLS)

    def _rule_words(self, key: str) -> str:
        from tui.rule_words import given_to

        row = self._workspace.access_rule_row(key)
        about = shortened(row.resource_name, _NAME_CELLS // 2)
        return f"{row.permission} on {about} for {given_to(row, 3)}"

    # Importing

    async def bring_in(self) -> None:
        """Import resources as JSON lines."""
        from tui.dialogs.import_resources import ImportResources, import_words

        def check(text: str) -> Awaitable[ResourceImport]:
            return self._operate(self._workspace.check_resources, text)

        async def bring_in(text: str) -> ResourceImport | None:
            # What lies in another project than before has other rules.
            look = partial(self._workspace.impact_of_resource_import, text)
            do = partial(self._workspace.import_resources, text)
            title = "Import these resources?"
            made = await self.once_confirmed(title, "Import", look, do, asks_always=False)
            return None if made is None else made.result

        read = self._read_file if self._tab.admin_app.may_use_files else None
        done = await self._tab.app.push_screen_wait(ImportResources(check, bring_in, read))
        if done is not None:
            self._tab.say(import_words(done))

    async def _read_file(self) -> tuple[str, str] | None:
        from tui.dialogs.open_file import OpenFile
        from tui.private_files import read_text

        read_from = ""

        async def read(path: str) -> str:
            nonlocal read_from
            read_from = path
            return await self._operate(read_text, path, _MOST_READ)

        dialog = OpenFile("Import which file?", "~/resources.jsonl", read=read)
        text = await self._tab.app.push_screen_wait(dialog)
        return None if text is None else (visible(read_from.strip()), text)

    # Asking

    async def once_confirmed(
        self,
        title: str,
        verb: str,
        look: Callable[[], Impact],
        do: Callable[[], T],
        *,
        effects: Callable[[], Sequence[Line]] = tuple,
        asks_always: bool = True,
    ) -> Confirmed[Impact, T] | None:
        """Show whose access a change would change, and make it once that is agreed to.

        Args:
            title: What is asked.
            verb: What the button says.
            look: Finds out whose access would change; runs in a thread.
            do: Makes the change; runs in a thread.
            effects: What else the change does, a line each; runs in a thread.
            asks_always: Whether it is asked about though nobody's access changes.

        Returns:
            The change, or None where the person has left.

        Raises:
            WorkspaceError: What making the change raises.
        """
        from tui.access_confirmations import impact_confirmation, impact_names
        from tui.tabs.confirmed import confirmed

        def ask(impact: Impact) -> Confirmation | None:
            if not asks_always and not impact:
                return None
            names = impact_names(self._workspace, impact)
            return impact_confirmation(title, verb, impact, names, extra=effects())

        return await confirmed(self._tab, self._workspace, look, ask, lambda _impact: do())

    async def show_who_can(self, resource: str) -> None:
        """Show who can reach a resource, and why."""
        from tui.tabs.access_flows import show_who_can

        await show_who_can(self._tab, self._workspace, resource)

    def _operate(self, call: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        return self._tab.admin_app.operate(call, *arguments)

"""The User Groups tab: who is in which group, and what each group grants."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.content import Content

from store.alphabet import place
from store.errors import WorkspaceError
from store.group_views import GroupDetails, GroupRow, deletion_refusal, members_refusal
from store.listing import Query, Selection
from store.terms import ADMINS, PRESET_NAMES, QUEUE_ADMINS, USERS
from store.workspace import Workspace
from tui.key_queue import SEARCH
from tui.keys import GROUPS, bindings
from tui.tabs.confirmed import confirmed
from tui.tabs.impact_flows import Moves, saved
from tui.tabs.table_tab import TableTab
from tui.text import SHORT_ID_CELLS, cell, content, short_id, shortened
from tui.widgets.details_panel import DetailsPanel, PanelAction, line, section
from tui.widgets.record_table import Column

if TYPE_CHECKING:
    from store.operations.groups import GroupDeletion
    from tui.widgets.group_members import GroupMembers

PRESET_SIGN = "◇"
_CHANGING = {"edit", "remove"}
# Of the rules and of the vaults of a group, so many are named in the panel.
_MOST_NAMED = 8
_NAME_CELLS = 60
# What the pre-configured groups give by themselves, whatever their descriptions say.
_POWERS = {
    ADMINS: ("Read & Modify on every resource, and everything in this program",),
    QUEUE_ADMINS: ("define queues, and see every queue",),
}
_EVERYBODY = "Every member is in it."


@dataclass(frozen=True)
class _Shown:
    """What the panel says of a group."""

    group: GroupDetails
    lines: list[Content]


class UserGroupsTab(TableTab):
    """The user groups of a workspace.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("user_groups", GROUPS)]

    columns = (
        Column("name", "NAME", 14, flex=3),
        Column("description", "DESCRIPTION", 10, flex=4),
        Column("members", "MEMBERS", 12, flex=5),
        Column("id", "GROUP ID", SHORT_ID_CELLS),
    )
    main_label = "+ ADD GROUP"
    main_action = "add"
    filter_hint = "Any words; or who:ada for the groups that Ada is in"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="user-groups")
        self._workspace = workspace
        self._members: GroupMembers | None = None
        # The marks of the groups that were at the cursor: the footer asks with every key.
        self._presets: dict[str, str] = {}

    # What is shown

    def list_rows(self, words: str) -> Selection:
        """The groups that hold these words, sorted."""
        return self._workspace.list_groups(Query(words, self.sort_by, self.descending))

    def prepare(self) -> None:
        """Work out what the first impact of a change will need."""
        self._workspace.prepare_access()

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of a group's row."""
        row = self._workspace.group_row(key)
        return (
            self._name_cell(row),
            _first_line(row.description),
            self._members_cell(row),
            Text(short_id(key)),
        )

    def _name_cell(self, row: GroupRow) -> Text:
        sign = Text(f"{PRESET_SIGN} " if row.preset else "  ", no_wrap=True, end="")
        return sign.append_text(cell(row.name))

    def _members_cell(self, row: GroupRow) -> Text:
        if row.preset == USERS:
            return Text.assemble(f"{row.member_count:,}", (" all members", "dim"))
        if not row.first_members:
            return Text("nobody", style="dim")
        more = row.member_count - len(row.first_members)
        return self.chips_in("members", row.first_members, more)

    def heading(self) -> Content:
        """How many groups there are; the filter does not change it."""
        count = self._workspace.group_count()
        return Content.assemble(("USER GROUPS ", "$text-muted"), (f"{count:,}", "bold"))

    def hint(self) -> Content:
        """What to do while there are none but the pre-configured groups."""
        if self.main_refusal() or self._workspace.group_count() > len(PRESET_NAMES):
            return Content("")
        words = f"Only the pre-configured groups are there. {self.press('add')} to add one."
        return Content.styled(words, "$text-muted")

    def main_refusal(self) -> str:
        """Why none can be added, or ""."""
        if reason := self._workspace.change_refusal:
            return reason
        if not self._workspace.is_administrator:
            return "Only administrators may do this. Ask a member of Admins."
        return ""

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the row, or ""."""
        if action == "add":
            return self.main_refusal()
        if reason := super().reason_against(action):
            return reason
        return self._reason_against_change(action) if action in _CHANGING else ""

    def _reason_against_change(self, action: str) -> str:
        if reason := self.main_refusal():
            return reason
        if not self.target_count:
            return "There is no user group to do this to."
        if self.target_count > 1:
            return "Only one at a time. Escape clears the marks." if action == "edit" else ""
        preset = self._preset(self.targets()[0])
        group = {"name": PRESET_NAMES.get(preset), "preset": preset}
        return members_refusal(group) if action == "edit" else deletion_refusal(group)

    def _preset(self, key: str) -> str:
        if key not in self._presets:
            try:
                self._presets[key] = self._workspace.group_row(key).preset
            except WorkspaceError:
                return ""
        return self._presets[key]

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """Ids and names of the groups, and who is in them."""
        groups = [self._workspace.group_details(key) for key in keys]
        names = [self._workspace.member_name(key) for group in groups for key in group.members]
        found = {
            "ID": keys,
            "Name": [group.row.name for group in groups],
            "Members": list(dict.fromkeys(name.called for name in names)),
            "Emails of members": list(dict.fromkeys(name.email for name in names if name.email)),
        }
        return {what: "\n".join(texts) for what, texts in found.items() if texts}

    def make_panel(self) -> DetailsPanel:
        """The panel, with the members in it."""
        from tui.widgets.group_members import GroupMembers

        self._members = GroupMembers(self._workspace.member_name)
        return DetailsPanel([self._members])

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """What there is to know of a group, as soon as its members are in order."""
        self._show_soon(key, panel)

    @work(exclusive=True, group=SEARCH)
    async def _show_soon(self, key: str, panel: DetailsPanel) -> None:
        try:
            shown = await asyncio.to_thread(self._look_at, key)
        except WorkspaceError:
            # The group is gone, and with it what there was to show.
            self.close_details()
            return
        if self.details_key != key or self._members is None:
            return
        group = shown.group
        panel.show(group.row.name, shown.lines, self._panel_actions(group))
        instead = _EVERYBODY if group.row.preset == USERS else "Nobody is in it."
        self._members.show(group.members, group.row.member_count, instead)
        self.refresh_bindings()

    def _look_at(self, key: str) -> _Shown:
        group = self._workspace.group_details(key)
        row = group.row
        lines = [content(part) for part in row.description.splitlines()]
        lines += [Content("")] if lines else []
        lines.append(line("ID", row.id))
        if row.preset:
            lines.append(line("Kind", f"{PRESET_SIGN} pre-configured"))
            lines += [line("Grants", power) for power in _POWERS.get(row.preset, ())]
        lines += _section("Access rules that name it", self._rule_lines(group))
        lines += _section("Administrator vaults", [name for _key, name in group.vaults])
        return _Shown(group, [*lines, Content("")])

    def _rule_lines(self, group: GroupDetails) -> list[str]:
        from tui.rule_words import permission_of_rule

        rows = map(self._workspace.access_rule_row, group.rules)
        return sorted(map(permission_of_rule, rows), key=place)

    def _panel_actions(self, group: GroupDetails) -> list[PanelAction]:
        if self.main_refusal():
            return []
        edit = [] if group.members_refusal else [PanelAction("edit", "Edit")]
        delete = [] if group.deletion_refusal else [PanelAction("remove", "Delete")]
        return edit + delete

    # What is done

    async def _search(self, words: str) -> Sequence[str]:
        return await self.admin_app.operate(self._found, words, False)

    async def _search_users(self, words: str) -> Sequence[str]:
        return await self.admin_app.operate(self._found, words, True)

    def _found(self, words: str, only_users: bool) -> Sequence[str]:
        found = self._workspace.list_members(Query(words)).ids
        if not only_users:
            return found
        return [key for key in found if not self._workspace.member_name(key).is_service_account]

    def _accounts_first(self, members: Iterable[str]) -> list[str]:
        name_of = self._workspace.member_name
        return sorted(members, key=lambda member: not name_of(member).is_service_account)

    def action_add(self) -> None:
        """Add a user group."""
        self.start("add", self._adding)

    async def _adding(self) -> None:
        from tui.dialogs.user_group import UserGroupForm

        workspace, operate = self._workspace, self.admin_app.operate
        added: list[str] = []

        async def save(name: str, description: str, members: tuple[str, ...]) -> bool:
            added.append(await operate(workspace.add_group, name, description, members))
            return True

        dialog = UserGroupForm(None, self._search, workspace.member_name, save=save)
        if await self.app.push_screen_wait(dialog):
            self.say("1 user group added.")
            self.reload_at(added[0])

    def action_edit(self) -> None:
        """Edit the group: name, description and members."""
        self.start("edit", lambda: self._editing(self.targets()[0]))

    async def _editing(self, key: str) -> None:
        from tui.dialogs.user_group import UserGroupForm

        workspace = self._workspace
        group = await self.attempt(workspace.group_details, key)
        if group is None:
            return
        if group.members_refusal:
            self.refuse(group.members_refusal)
            return

        async def save(name: str, description: str, members: tuple[str, ...]) -> bool:
            return await self._save_edit(group, name, description, members)

        search = self._search_users if group.row.preset == ADMINS else self._search
        dialog = UserGroupForm(group, search, workspace.member_name, save=save)
        if await self.app.push_screen_wait(dialog):
            self.say("Saved.")
        self.reload()

    async def _save_edit(
        self, group: GroupDetails, name: str, description: str, members: tuple[str, ...]
    ) -> bool:
        from store.operations.groups import GroupEdit
        from tui.access_words import entry_of_member

        former, chosen, workspace = set(group.members), set(members), self._workspace
        edit = GroupEdit(
            group.row.id,
            group.revision,
            name,
            description,
            joining=tuple(key for key in members if key not in former),
            leaving=tuple(key for key in group.members if key not in chosen),
        )
        title = f"Save the members of {shortened(group.row.name, _NAME_CELLS)}?"
        joining, leaving = map(self._accounts_first, (edit.joining, edit.leaving))
        called = partial(entry_of_member, workspace)
        moves = Moves(joining, leaving, called, ("Put in", "Taken out"))
        look = partial(workspace.impact_of_group_edit, edit)
        save = partial(workspace.edit_group, edit)
        return await saved(self, workspace, title, moves, look, save) is not None

    def action_remove(self) -> None:
        """Delete the groups."""
        self.start("remove", self._deleting)

    async def _deleting(self) -> None:
        from tui.group_confirmations import group_deletion_confirmation

        workspace = self._workspace

        def delete(preview: GroupDeletion) -> list[str]:
            keys = [group.id for group in preview.groups if not group.reason]
            workspace.delete_groups(keys)
            return keys

        look = partial(workspace.preview_group_deletion, self.targets())
        ask = partial(group_deletion_confirmation, workspace)
        made = await self.attempt_to(confirmed(self, workspace, look, ask, delete))
        if made is not None:
            keys = made.result
            self.unmark(keys)
            noun = "user group" if len(keys) == 1 else "user groups"
            self.say(f"{len(keys):,} {noun} deleted.")
            self.close_details()
            self.reload()


def _first_line(text: str) -> Text:
    first, *more = text.splitlines() or [""]
    shown = cell(first)
    return shown.append(" …") if more else shown


def _section(title: str, names: Sequence[str]) -> list[Content]:
    if not names:
        return [section(f"{title}: none")]
    more = len(names) - _MOST_NAMED
    lines = [content(shortened(name, _NAME_CELLS)) for name in names[:_MOST_NAMED]]
    if more > 0:
        lines.append(Content.styled(f"and {more:,} more", "$text-muted"))
    return [section(f"{title}: {len(names):,}"), *lines]

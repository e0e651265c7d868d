"""The Administrator Vaults tab: configuration that applies to whole groups."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.content import Content

from store.listing import Query, Selection
from store.vault_views import AdministratorVaultDetails, AdministratorVaultRow
from store.workspace import Workspace
from tui.dates import ago, day_and_time
from tui.keys import ADMINISTRATOR_VAULTS, bindings
from tui.tabs.table_tab import TableTab
from tui.tabs.vault_flows import VaultFlows
from tui.text import SHORT_ID_CELLS, cell, short_id, shortened
from tui.vault_words import FORMAT_NAMES, content_words, ordinal, place_words
from tui.widgets.details_panel import DetailsPanel, PanelAction, line
from tui.widgets.record_table import Column

if TYPE_CHECKING:
    from store.operations.administrator_vaults import VaultMove
    from tui.widgets.vault_view import VaultView

# Each with how far it moves the row.
_MOVING = {"earlier": -1, "later": 1}
_CHANGING = {"edit", "switch", "remove", *_MOVING}
_OF_ONE = {"edit", "text", "history", "download", *_MOVING}
_BACK = {"earlier": "later", "later": "earlier"}
_NAME_CELLS = 40


class AdministratorVaultsTab(TableTab):
    """The administrator vaults of a workspace.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("administrator_vaults", ADMINISTRATOR_VAULTS)
    ]

    columns = (
        Column("order", "ORDER", 7),
        Column("active", "ACTIVE", 8),
        Column("name", "NAME", 9, flex=3),
        Column("groups", "GROUPS", 6, flex=3),
        Column("id", "ID", SHORT_ID_CELLS),
        Column("content", "CONTENT", 17),
        Column("updated", "UPDATED", 12),
    )
    named_by = "name"
    sorted_by = "order"
    main_label = "+ ADD VAULT"
    main_action = "add"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="administrator-vaults")
        self._workspace = workspace
        self.flows = VaultFlows(self, workspace)
        self._text: VaultView | None = None

    # What is shown

    def list_rows(self, words: str) -> Selection:
        """The administrator vaults that hold these words, sorted."""
        return self._workspace.list_administrator_vaults(
            Query(words, self.sort_by, self.descending)
        )

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of an administrator vault's row."""
        row = self._workspace.administrator_vault_row(key)
        active = ("● on", "success") if row.enabled else ("○ off", "warning")
        return (
            Text(f"{row.place:,}"),
            Text(active[0], style=self.colour(active[1])),
            cell(row.name),
            self.chips_in("groups", row.groups) if row.groups else Text("nobody", style="dim"),
            Text(short_id(key)),
            Text(content_words(row.lines, row.size)),
            Text(ago(row.updated_at, self._workspace.now())),
        )

    def heading(self) -> Content:
        """How many administrator vaults there are."""
        count = self._workspace.administrator_vault_count()
        return Content.assemble(("ADMINISTRATOR VAULTS ", "$text-muted"), (f"{count:,}", "bold"))

    def nothing_there(self) -> str:
        """What a workspace without administrator vaults is told."""
        if self.main_refusal():
            return "No administrator vault applies to you."
        return (
            "There are no administrator vaults yet.\n"
            f"One gives whole groups their ClearML settings. {self.press('add')} to add the first."
        )

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
        if action in _CHANGING and (reason := self.main_refusal()):
            return reason
        if action == "history" and not self._workspace.is_administrator:
            return "Only administrators may see former texts. Ask a member of Admins."
        if action in _CHANGING | _OF_ONE and not self.target_count:
            return "There is no administrator vault to do this to."
        if action in _OF_ONE and self.target_count > 1:
            return "Only one at a time. Escape clears the marks."
        if action in _MOVING:
            return self._reason_against_moving(_MOVING[action])
        return ""

    def _reason_against_moving(self, step: int) -> str:
        # Otherwise one could not see what is before the vault, and what after it.
        if self.is_filtered:
            return "The filter hides what the vault would be moved past. Escape clears it."
        if (self.sort_by, self.descending) != ("order", False):
            sort = self.admin_app.keymap.press("rows", "sort")
            return f"Vaults can be moved where they are sorted by ORDER, the first on top. {sort}."
        if self._beside(step):
            return ""
        if len(self.shown) == 1:
            return "It is the only administrator vault."
        return "It is the first already." if step < 0 else "It is the last already."

    def _beside(self, step: int) -> str:
        """The vault before the one that an action is for, or after it; "" where there is none."""
        (key,) = self.targets()
        place = self.shown.index(key) + step if key in self.shown else -1
        return self.shown[place] if 0 <= place < len(self.shown) else ""

    def label_of(self, action: str) -> str:
        """What an action does to the vaults that it would be done to."""
        if action != "switch" or not self.target_count:
            return super().label_of(action)
        return "Enable" if self.is_said_of_all(self._is_disabled) else "Disable"

    def _is_disabled(self, key: str) -> bool:
        return not self._workspace.administrator_vault_row(key).enabled

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """Ids, names and texts of the vaults."""
        vaults = [self._workspace.administrator_vault_details(key) for key in keys]
        return {
            "ID": "\n".join(keys),
            "Name": "\n".join(vault.row.name for vault in vaults),
            "Text": "\n".join(vault.text for vault in vaults if not vault.problem),
        }

    def copy(self, what: str, text: str) -> None:
        """Copy; texts hold passwords, and are taken back out of tmux."""
        if what == "Text":
            self.admin_app.copy_for_a_minute(text)
        else:
            super().copy(what, text)

    def make_panel(self) -> DetailsPanel:
        """The panel, with the text in it."""
        from tui.widgets.vault_view import VaultView

        self._text = VaultView("TEXT", self._reason_against_text_action)
        return DetailsPanel([self._text])

    def _reason_against_text_action(self, action: str) -> str:
        # Whoever may not change the text may look at all of it.
        return "" if action == "edit" else self.reason_against(action)

    async def on_vault_view_wanted(self, event: VaultView.Wanted) -> None:
        """Do what was asked for by a key on the text."""
        event.stop()
        # It is for the vault that the panel shows.
        self.mark_only(set())
        await self.run_action("text" if event.action == "edit" else event.action)

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """What there is to know of an administrator vault, and what can be done."""
        vault = self._workspace.administrator_vault_details(key)
        panel.show(vault.row.name, self._details_lines(vault), self._panel_actions(vault.row))
        if self._text is not None:
            self._text.show_text(vault)

    def _details_lines(self, vault: AdministratorVaultDetails) -> list[Content]:
        row = vault.row
        when = f"{day_and_time(row.updated_at)} by {vault.updated_by}"
        state = "enabled" if row.enabled else "disabled: it is delivered to nobody"
        lines = [
            line("ID", row.id),
            line("State", state),
            line("Applies", place_words(row.place, row.places)),
            line("Groups", ", ".join(row.groups) or "none: it reaches nobody"),
            line("Format", f"{FORMAT_NAMES[row.format]}, {content_words(row.lines, row.size)}"),
            line("Updated", when),
        ]
        if row.reach is not None:
            members = "member" if row.reach == 1 else "members"
            lines.insert(4, line("Reaches", f"{row.reach:,} {members}"))
        return [*lines, Content("")]

    def _panel_actions(self, row: AdministratorVaultRow) -> list[PanelAction]:
        if self.main_refusal():
            return []
        return [
            PanelAction("text", "Edit text"),
            PanelAction("edit", "Edit"),
            PanelAction("switch", "Disable" if row.enabled else "Enable"),
            PanelAction("history", "History"),
            PanelAction("remove", "Delete"),
        ]

    # What is done

    def action_add(self) -> None:
        """Add an administrator vault."""
        self.start("add", self._adding)

    async def _adding(self) -> None:
        from tui.dialogs.administrator_vault import AdministratorVaultForm

        workspace = self._workspace
        added: list[str] = []

        async def save(name: str, groups: Sequence[str]) -> None:
            added.append(
                await self.admin_app.operate(workspace.add_administrator_vault, name, list(groups))
            )

        dialog = AdministratorVaultForm("", workspace.groups_for_vaults(), (), save=save)
        if await self.app.push_screen_wait(dialog):
            self.reload()
            await self.flows.edit_administrator_vault(added[0])
            self.say("1 administrator vault added.")
            self.table.move_to(added[0])

    def action_edit(self) -> None:
        """Edit the name and the groups, then the text."""
        self.start("edit", lambda: self._editing(self.targets()[0]))

    async def _editing(self, key: str) -> None:
        from tui.dialogs.administrator_vault import AdministratorVaultForm

        workspace = self._workspace
        vault = await self.attempt(workspace.administrator_vault_details, key)
        if vault is None:
            return

        def save(name: str, groups: Sequence[str]) -> Awaitable[None]:
            return self.admin_app.operate(
                workspace.edit_administrator_vault, key, vault.revision, name, list(groups)
            )

        groups = workspace.groups_for_vaults()
        dialog = AdministratorVaultForm(vault.row.name, groups, vault.group_ids, save=save)
        if await self.app.push_screen_wait(dialog):
            self.say("Saved.")
        self.reload()

    def action_text(self) -> None:
        """Edit the text, or look at all of it where it may not be changed."""
        self.start("text", lambda: self.flows.edit_administrator_vault(self.targets()[0]))

    def action_switch(self) -> None:
        """Disable the vaults, or enable them where all of them are disabled."""
        self.start("switch", self._switching)

    async def _switching(self) -> None:
        keys = self.targets()
        rows = [self._workspace.administrator_vault_row(key) for key in keys]
        enabled = not any(row.enabled for row in rows)
        changed = await self.attempt(
            self._workspace.set_administrator_vaults_enabled, keys, enabled
        )
        if changed is not None:
            words = "1 vault" if len(keys) == 1 else f"{len(keys):,} vaults"
            self.say(f"{words} {'enabled' if enabled else 'disabled'}.")
            self.reload()

    def action_earlier(self) -> None:
        """Have the vault applied before the one that is before it now."""
        self.start("earlier", lambda: self._moving("earlier"))

    def action_later(self) -> None:
        """Have the vault applied after the one that is after it now."""
        self.start("later", lambda: self._moving("later"))

    async def _moving(self, action: str) -> None:
        from store.operations.administrator_vaults import VaultMove

        workspace = self._workspace
        (key,), past = self.targets(), self._beside(_MOVING[action])
        row = await self.attempt(workspace.administrator_vault_row, key)
        other = await self.attempt(workspace.administrator_vault_row, past)
        if row is None or other is None:
            return
        move = VaultMove(key, row.revision, past, is_earlier=action == "earlier")
        if await self.attempt_to(self._moved(move)):
            self.say(self._moved_words(row, other, action))
            self.reload()

    async def _moved(self, move: VaultMove) -> bool:
        await self.admin_app.operate(self._workspace.move_administrator_vault, move)
        return True

    def _moved_words(
        self, row: AdministratorVaultRow, other: AdministratorVaultRow, action: str
    ) -> str:
        name, past = (shortened(one.name, _NAME_CELLS) for one in (row, other))
        beside = {
            "earlier": f"before {past}, which overrides it",
            "later": f"after {past}, and overrides it",
        }
        back = self.admin_app.keymap.named(self.group, _BACK[action])
        place = f"{ordinal(other.place)} of {other.places:,}"
        return (
            f"{name} is {place} now, {beside[action]} where both set a value. {back} takes it back."
        )

    def action_history(self) -> None:
        """Show the former texts."""
        self.start(
            "history", lambda: self.flows.show_administrator_vault_history(self.targets()[0])
        )

    def action_download(self) -> None:
        """Save the text to a file."""
        self.start("download", lambda: self._downloading(self.targets()[0]))

    async def _downloading(self, key: str) -> None:
        vault = await self.attempt(self._workspace.administrator_vault_details, key)
        if vault is None:
            return
        if vault.problem:
            self.refuse(vault.problem)
        else:
            await self.flows.download(vault.text, vault.row.format)

    def action_remove(self) -> None:
        """Delete the vaults."""
        self.start("remove", self._deleting)

    async def _deleting(self) -> None:
        from tui.tabs.confirmed import confirmed
        from tui.vault_confirmations import vault_deletion_confirmation

        workspace, keys = self._workspace, self.targets()
        look = partial(workspace.preview_vault_deletion, keys)
        asked = confirmed(
            self,
            workspace,
            look,
            vault_deletion_confirmation,
            lambda _found: workspace.delete_administrator_vaults(keys),
        )
        if await self.attempt_to(asked) is not None:
            self.unmark(keys)
            self.say("1 vault deleted." if len(keys) == 1 else f"{len(keys):,} vaults deleted.")
            self.close_details()
            self.reload()

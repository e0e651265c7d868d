"""What is done to vaults, whichever tab it is on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from store.vault_views import AdministratorVaultDetails, VaultDetails
from store.workspace import Workspace
from tui.dates import ago
from tui.tabs.tab import Tab

if TYPE_CHECKING:
    from store.effective_configuration import EffectiveConfiguration
    from store.vaults.checking import CheckedText
    from store.vaults.converting import Conversion
    from store.vaults.formats import Format
    from tui.dialogs.edit_vault import SavedText
    from tui.drafts import Drafts

T = TypeVar("T")
# Saves a text in a format over a revision.
Save = Callable[[str, "Format", int], Awaitable[None]]


class VaultFlows:
    """The dialogs and operations for vaults.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
    """

    def __init__(self, tab: Tab, workspace: Workspace) -> None:
        self._tab = tab
        self._workspace = workspace

    # A member's own vault

    def reason_against(self, action: str, member: str | None) -> str:
        """Why an action does not apply to a member's vault, or ""."""
        if member is None:
            return "There is no vault."
        if action == "remove":
            keymap = self._tab.admin_app.keymap
            disable, empty = keymap.press("vault", "switch"), keymap.named("vault", "edit")
            how = f"{disable} to disable it, {empty} to empty it."
            return f"A member's vault goes with the member. {how}"
        return self._workspace.vault_refusal(member) if action == "switch" else ""

    def start(self, action: str, member: str, called: str) -> None:
        """Do what was asked for to a member's vault, unless it does not apply.

        Args:
            action: The action, as its key names it.
            member: The id of the member.
            called: What the member is called.
        """
        if reason := self.reason_against(action, member):
            self._tab.refuse(reason)
        else:
            self._tab.begin(self._doing(action, member, called))

    async def _doing(self, action: str, member: str, called: str) -> None:
        vault = await self._tab.attempt(self._workspace.vault_details, member)
        if vault is None:
            return
        if vault.problem and action in ("download", "copy"):
            self._tab.refuse(vault.problem)
        elif action == "edit":
            await self._edit_own(vault, called)
        elif not vault.id:
            self._tab.refuse(f"{called} has no vault yet. Edit it first.")
        elif action == "switch":
            await self._switch(vault)
        elif action == "history":
            save = partial(self._save_own, vault)
            await self._show_history(vault.id, called, vault.revision, save, self._reason(vault))
        elif action == "download":
            await self.download(vault.text, vault.format)
        elif action == "copy":
            await self._copy(vault)

    async def _edit_own(self, vault: VaultDetails, called: str) -> None:
        began = vault

        async def newest() -> SavedText:
            nonlocal began
            began = await self._operate(self._workspace.vault_details, vault.member)
            return self._saved(began)

        async def save(text: str, form: Format, revision: int) -> None:
            await self._save_own(began, text, form, revision)

        await self._edit(
            f"Vault of {called}",
            self._saved(vault),
            vault.enabled,
            save,
            newest,
            self._reason(vault),
            vault.problem,
            f"of the member {vault.member}",
        )

    def _reason(self, vault: VaultDetails) -> str:
        return self._workspace.vault_refusal(vault.member)

    async def _save_own(self, vault: VaultDetails, text: str, form: Format, revision: int) -> None:
        from store.operations.vaults import VaultEdit

        edit = VaultEdit(vault.member, revision, text, form, vault.id)
        await self._operate(self._workspace.save_vault, edit)

    def _saved(self, vault: VaultDetails) -> SavedText:
        from tui.dialogs.edit_vault import SavedText

        by = self._by(vault.updated_by, vault.updated_at)
        return SavedText(vault.text, vault.format, vault.revision, by)

    async def _switch(self, vault: VaultDetails) -> None:
        def switch() -> bool:
            self._workspace.set_vault_enabled(
                vault.member, not vault.enabled, vault.revision, vault.id
            )
            return True

        if await self._tab.attempt(switch):
            self._tab.say(f"Vault {'disabled' if vault.enabled else 'enabled'}.")
            self._tab.reload()

    async def _copy(self, vault: VaultDetails) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice("Text", "The text"), Choice("ID", f"ID: {vault.id}")]
        what = await self._tab.app.push_screen_wait(ChoiceDialog("Copy", choices, again="y"))
        if what == "Text":
            self._tab.admin_app.copy_for_a_minute(vault.text)
        elif what is not None:
            self._tab.admin_app.copy_to_clipboard(vault.id)
        if what is not None:
            self._tab.say(f"{what} sent to your terminal's clipboard.")

    # An administrator vault

    async def edit_administrator_vault(self, key: str) -> None:
        """Edit the text of an administrator vault, or look at it where that may not be done."""
        vault = await self._tab.attempt(self._workspace.administrator_vault_details, key)
        if vault is None:
            return

        async def newest() -> SavedText:
            now = await self._operate(self._workspace.administrator_vault_details, key)
            return self._saved_administrator_vault(now)

        await self._edit(
            f"Administrator vault {vault.row.name}",
            self._saved_administrator_vault(vault),
            vault.row.enabled,
            partial(self._save_administrator_vault, key),
            newest,
            self._reason_against_administrator_vault(vault),
            vault.problem,
            f"the administrator vault {key}",
        )

    async def show_administrator_vault_history(self, key: str) -> None:
        """Show the former texts of an administrator vault; restore one, or erase them."""
        vault = await self._tab.attempt(self._workspace.administrator_vault_details, key)
        if vault is not None:
            save = partial(self._save_administrator_vault, key)
            reason = self._reason_against_administrator_vault(vault)
            await self._show_history(key, vault.row.name, vault.revision, save, reason)

    def _reason_against_administrator_vault(self, vault: AdministratorVaultDetails) -> str:
        if reason := self._workspace.read_only_reason:
            return reason
        return "" if vault.may_edit else "Only administrators may edit administrator vaults."

    async def _save_administrator_vault(
        self, key: str, text: str, form: Format, revision: int
    ) -> None:
        from store.operations.administrator_vaults import AdministratorVaultEdit

        edit = AdministratorVaultEdit(key, revision, text, form)
        await self._operate(self._workspace.save_administrator_vault, edit)

    def _saved_administrator_vault(self, vault: AdministratorVaultDetails) -> SavedText:
        from tui.dialogs.edit_vault import SavedText

        by = self._by(vault.updated_by, vault.row.updated_at)
        return SavedText(vault.text, vault.row.format, vault.revision, by)

    # What both kinds share

    def _by(self, who: str, when: str) -> str:
        return f"{who}, {ago(when, self._workspace.now())}" if when else ""

    def _operate(self, call: Callable[..., T], *arguments: Any) -> Awaitable[T]:
        return self._tab.admin_app.operate(call, *arguments)

    async def _edit(
        self,
        title: str,
        saved: SavedText,
        enabled: bool,
        save: Save,
        reload: Callable[[], Awaitable[SavedText]],
        read_only: str,
        problem: str,
        which: str,
    ) -> None:
        from tui.dialogs.edit_vault import EditVault
        from tui.external_editor import edit_outside

        app = self._tab.admin_app
        may_use_files = app.may_use_files
        dialog = EditVault(
            title=title,
            saved=saved,
            enabled=enabled,
            check=self._check,
            save=save,
            reload=reload,
            convert=self._convert,
            read=self._read if may_use_files else None,
            write=self._write if may_use_files else None,
            external=partial(edit_outside, app) if may_use_files else None,
            read_only=read_only,
            notice=f"{problem} The editor begins empty." if problem else "",
            drafts=None if read_only else self._drafts(which),
            say_at_end=app.say_at_end,
        )
        if await app.push_screen_wait(dialog):
            self._tab.say("Saved.")
        # Vaults hold passwords: what was copied out of one goes with its editor.
        await app.forget_copied()
        self._tab.reload()

    def _drafts(self, which: str) -> Drafts | None:
        if not self._tab.admin_app.keeps_drafts:
            return None
        from tui.drafts import Drafts

        workspace = self._workspace
        return Drafts(
            workspace=workspace.settings().id,
            actor=workspace.actor,
            vault=which,
            now=workspace.now,
        )

    async def _check(self, text: str, form: Format) -> CheckedText:
        from store.vaults.checking import check_vault_text

        return await self._operate(check_vault_text, text, form)

    async def _convert(self, text: str, source: Format, target: Format) -> Conversion:
        from store.vaults.converting import converted

        return await self._operate(converted, text, source, target)

    async def _show_history(
        self, key: str, called: str, revision: int, save: Save, reason: str
    ) -> None:
        from tui.dialogs.vault_history import VaultHistory

        workspace = self._workspace
        versions = await self._tab.attempt(workspace.vault_history, key)
        if versions is None:
            return
        formats = {one.revision: one.format for one in versions}
        compare = partial(self._compare, key, called, formats)
        dialog = VaultHistory(
            called,
            versions,
            compare=compare,
            purge=None if reason else partial(self._purge, key),
            may_restore=not reason,
        )
        chosen = await self._tab.app.push_screen_wait(dialog)
        if chosen is not None:
            (version,) = [one for one in versions if one.revision == chosen]
            (present,) = [one for one in versions if one.is_present]
            if await compare(present.revision, chosen, verb="Restore"):
                text = await self._tab.attempt(workspace.vault_text_of, key, chosen)
                if text is not None:
                    await self._restore(save(text, version.format, revision))
        await self._tab.admin_app.forget_copied()

    async def _purge(self, key: str) -> int | None:
        from tui.tabs.confirmed import confirmed
        from tui.vault_confirmations import purge_confirmation

        workspace = self._workspace

        def purge(_versions: object) -> int:
            return workspace.purge_history(key)

        look = partial(workspace.vault_history, key)
        made = await confirmed(self._tab, workspace, look, purge_confirmation, purge)
        return None if made is None else made.result

    async def _compare(
        self,
        key: str,
        called: str,
        formats: Mapping[int, Format],
        older: int,
        newer: int,
        verb: str = "",
    ) -> bool:
        from tui.dialogs.text_difference import TextDifference
        from tui.differences import vault_difference

        former = await self._tab.attempt(self._workspace.vault_text_of, key, older)
        later = await self._tab.attempt(self._workspace.vault_text_of, key, newer)
        if former is not None and later is not None:
            texts = (former, formats[older]), (later, formats[newer])
            found = await self._operate(vault_difference, *texts)
            dialog = TextDifference(f"Changes to {called}", found, verb=verb)
            return await self._tab.app.push_screen_wait(dialog) is True
        return False

    async def _restore(self, saving: Awaitable[None]) -> None:
        from tui.dialogs.under_way import watched

        async def restore() -> bool:
            await saving
            return True

        if await self._tab.attempt_to(watched(self._tab.app, "Reading the text", restore())):
            self._tab.say("The former text was restored.")
            self._tab.reload()

    # Files, and what clients end up with

    async def download(self, text: str, form: Format) -> None:
        """Save a text to a file that only its owner can read."""
        from tui.dialogs.vault_file import ExportText
        from tui.external_editor import suffix_of

        if not self._tab.admin_app.may_use_files:
            self._tab.refuse("A restricted program writes no file.")
            return
        dialog = ExportText(text, f"~/clearml-vault{suffix_of(form)}", self._write)
        path = await self._tab.app.push_screen_wait(dialog)
        if path is not None:
            self._tab.say(f"Saved to {path}.")

    async def _write(self, path: str, text: str) -> Path:
        from tui.private_files import write_private

        return await self._operate(write_private, path, text)

    async def _read(self, path: str) -> str:
        from tui.private_files import MOST_READ, read_text

        return await self._operate(read_text, path, MOST_READ)

    async def show_effective(self, member: str, called: str) -> None:
        """Show what a member's clients end up with."""
        from tui.dialogs.effective_configuration import EffectiveConfigurationDialog
        from tui.dialogs.under_way import watched

        def over(text: str | None) -> Awaitable[EffectiveConfiguration]:
            doing = self._operate(self._workspace.effective_configuration, member, text)
            return watched(self._tab.app, f"Reading the vaults of {called}", doing)

        configuration = await self._tab.attempt_to(over(None))
        if configuration is not None:
            dialog = EffectiveConfigurationDialog(
                called, configuration, base=self._ask_for_base, over=over
            )
            await self._tab.app.push_screen_wait(dialog)

    async def _ask_for_base(self) -> str | None:
        from tui.dialogs.open_file import OpenFile

        if not self._tab.admin_app.may_use_files:
            self._tab.refuse("A restricted program reads no file.")
            return None
        dialog = OpenFile("Over which clearml.conf?", "~/clearml.conf", read=self._read)
        return await self._tab.app.push_screen_wait(dialog)

"""What is done to credentials from a member's panel, whichever tab it is on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from store.credential_views import CredentialRow, IssuedCredential
from store.errors import NotFound
from store.workspace import Workspace
from tui.dates import end_after
from tui.tabs.tab import Tab

if TYPE_CHECKING:
    from store.configuration import Configuration
    from store.operations.check import Finding
    from store.operations.credentials import CredentialEdit
    from store.refusal_views import Contact
    from tui.dialogs.confirmation import Confirmation

# A credential, and those that it replaces.
Rows = Sequence[CredentialRow]
# What an administrator may do to the credentials of another person.
_OF_OTHERS = ("suspend", "revoke", "copy")


class CredentialFlows:
    """The dialogs and operations for credentials.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        are_of_persons: Whether the members of the tab are users, who make their own.
    """

    def __init__(self, tab: Tab, workspace: Workspace, *, are_of_persons: bool) -> None:
        self._tab = tab
        self._workspace = workspace
        self._are_of_persons = are_of_persons

    def reason_against(self, action: str, member: str | None, row: CredentialRow | None) -> str:
        """Why an action does not apply to a credential of that member, or ""."""
        if action in ("cursor_down", "cursor_up"):
            return ""
        if action == "create":
            return "" if member is None else self._workspace.create_refusal(member)
        if row is None:
            return "There is no credential to do this to."
        if action == "copy":
            return ""
        if reason := self._workspace.change_refusal:
            return reason
        is_own = row.member == self._workspace.actor
        if self._are_of_persons and not is_own and action not in _OF_OTHERS:
            return "Only they themselves may do this. You may suspend or revoke it."
        if action == "rotate" and row.is_expired:
            return "It has expired. Make a new one instead."
        if action == "rotate" and row.is_suspended and row.replaced_by is None:
            return "It is suspended. Let it back in first, or make a new one."
        return ""

    def start(
        self,
        action: str,
        member: str,
        called: str,
        row: CredentialRow | None,
    ) -> None:
        """Do what was asked for, unless it does not apply.

        Args:
            action: The action, as its key names it.
            member: The id of the member.
            called: What the member is called.
            row: The credential, or None.
        """
        if reason := self.reason_against(action, member, row):
            self._tab.refuse(reason)
        elif action == "create":
            self._tab.begin(self._creating(member))
        elif row is not None:
            flow = {
                "edit": self._editing,
                "rotate": self._rotating,
                "suspend": self._suspending,
                "revoke": self._revoking,
                "copy": self._copying,
            }[action]
            self._tab.begin(flow(row, called))

    async def _creating(self, member: str) -> None:
        issued = await self._tab.attempt(self._workspace.create_credentials, member)
        if issued is not None:
            await self.show_new(issued)

    async def show_new(self, issued: IssuedCredential) -> None:
        """Show a new credential, for the only time."""
        from store.operations.credentials import CredentialEdit
        from tui.dialogs.new_credentials import NewCredentials

        self._tab.reload()
        workspace, app = self._workspace, self._tab.admin_app
        configuration = await self._tab.attempt(workspace.configuration_of, issued)
        if configuration is None:
            return

        shown = issued

        async def relabel(label: str) -> Configuration:
            nonlocal shown
            edit = CredentialEdit(shown.access_key, shown.revision, label, None)
            edited = await app.operate(workspace.edit_credential, edit)
            shown = replace(shown, label=edited.label, revision=edited.revision)
            return await app.operate(workspace.configuration_of, shown)

        def contact() -> Awaitable[Contact]:
            return app.operate(workspace.contact_of, issued.access_key)

        await app.push_screen_wait(
            NewCredentials(
                issued,
                configuration,
                url_notice=self.url_notice(),
                relabel=relabel,
                save=self.save_file if app.may_use_files else None,
                contact=contact,
            )
        )
        await app.forget_copied()
        self._tab.reload()

    async def save_file(self, path: str, text: str) -> Path:
        """Write a text to a new file that only its owner can read; its path."""
        from tui.private_files import write_private

        return await self._tab.admin_app.operate(write_private, path, text)

    def url_notice(self) -> str:
        """What is to be said where the URLs are still those that the first start filled in."""
        if not self._workspace.settings().urls_prefilled:
            return ""
        from tui.dialogs.workspace_settings import prefilled_notice

        return prefilled_notice(self._key("program", "settings"))

    def _key(self, group: str, action: str) -> str:
        return self._tab.admin_app.keymap.named(group, action)

    async def _editing(self, row: CredentialRow, _called: str) -> None:
        from tui.dialogs.edit_credential import EditCredential

        def save(edit: CredentialEdit) -> Awaitable[object]:
            return self._tab.admin_app.operate(self._workspace.edit_credential, edit)

        dialog = EditCredential(row, now=self._workspace.now(), save=save)
        if await self._tab.app.push_screen_wait(dialog):
            self._tab.say("Saved.")
        self._tab.reload()

    async def _rotating(self, row: CredentialRow, called: str) -> None:
        if row.replaced_by is not None:
            await self._taking_rotation_back(row, row.replaced_by)
            return
        from tui.credential_confirmations import rotation_confirmation
        from tui.dialogs.rotate import RotateDialog
        from tui.tabs.confirmed import all_is_named, confirmed

        workspace, now = self._workspace, self._workspace.now()
        grace = await self._tab.app.push_screen_wait(RotateDialog(row, now=now))
        if grace is None:
            return

        def ask(rows: Rows) -> Confirmation | None:
            return rotation_confirmation(rows[0], row, end_after(grace, now), now)

        def rotate(_rows: Rows) -> IssuedCredential:
            return workspace.rotate_credential(row.access_key, grace)

        look = partial(self._as_it_is, row)
        asked = confirmed(self._tab, workspace, look, ask, rotate, all_is_named)
        made = await self._tab.attempt_to(asked)
        if made is not None:
            await self.show_new(made.result)

    async def _taking_rotation_back(self, row: CredentialRow, replacement: str) -> None:
        from tui.credential_confirmations import cancelling_confirmation

        def ask(rows: Rows) -> Confirmation:
            return cancelling_confirmation(rows[0], rows[0].replaced_by or replacement)

        def cancel() -> bool:
            self._workspace.cancel_rotation(row.access_key)
            return True

        await self._confirmed(row, ask, cancel, "The rotation was taken back.")

    async def _suspending(self, row: CredentialRow, called: str) -> None:
        from tui.credential_confirmations import credential_suspension_confirmation

        workspace, keys, now = self._workspace, [row.access_key], self._workspace.now()
        if row.is_suspended:
            back = await self._tab.attempt(workspace.let_credentials_back_in, keys)
            key = self._key("credentials", "suspend")
            self._done(back, f"The credential was let back in. {key} suspends it again.")
            return

        def ask(rows: Rows) -> Confirmation:
            return credential_suspension_confirmation(rows[:1], called, now)

        suspend = partial(workspace.suspend_credentials, keys)
        await self._confirmed(row, ask, suspend, "The credential was suspended.")

    async def _revoking(self, row: CredentialRow, called: str) -> None:
        from tui.credential_confirmations import revocation_confirmation

        workspace, now = self._workspace, self._workspace.now()

        def ask(rows: Rows) -> Confirmation:
            rotate = self._key("credentials", "rotate")
            return revocation_confirmation(rows[:1], called, now, replaced=rows[1:], rotate=rotate)

        revoke = partial(workspace.revoke_credentials, [row.access_key])
        await self._confirmed(row, ask, revoke, "The credential was revoked.")

    async def _confirmed(
        self,
        row: CredentialRow,
        ask: Callable[[Rows], Confirmation],
        do: Callable[[], object],
        words: str,
    ) -> None:
        """Ask before something is done to a credential, do it, and say so.

        Args:
            row: The credential.
            ask: Makes the confirmation of the credential as it is, and of those it replaces.
            do: Does it.
            words: What is said then.
        """
        from tui.tabs.confirmed import all_is_named, confirmed

        look = partial(self._as_it_is, row)
        asked = confirmed(self._tab, self._workspace, look, ask, lambda _rows: do(), all_is_named)
        self._done(await self._tab.attempt_to(asked), words)

    def _as_it_is(self, row: CredentialRow) -> Rows:
        """The credential, and those that it replaces. Runs in a thread."""
        rows = self._workspace.credentials_of(row.member)
        own = [one for one in rows if one.access_key == row.access_key]
        if not own:
            raise NotFound(f"The credential {row.access_key} was revoked meanwhile.")
        return [*own, *(one for one in rows if one.replaced_by == row.access_key)]

    def _done(self, result: object, words: str) -> None:
        if result is not None:
            self._tab.say(words)
            self._tab.reload()

    async def _copying(self, row: CredentialRow, _called: str) -> None:
        from tui.dialogs.choice import Choice, ChoiceDialog

        texts = {"Access key": row.access_key, "Label": row.label}
        choices = [Choice(what, f"{what}: {text}") for what, text in texts.items()]
        what = await self._tab.app.push_screen_wait(ChoiceDialog("Copy", choices, again="y"))
        if what is not None:
            self._tab.app.copy_to_clipboard(texts[what])
            self._tab.say(f"{what} sent to your terminal's clipboard.")

    async def checking(self) -> None:
        """Check a configuration that is pasted or named."""
        from tui.dialogs.check import CheckDialog

        app = self._tab.admin_app

        def check(text: str) -> Awaitable[list[Finding]]:
            return app.operate(self._workspace.check_configuration, text)

        read = self._read_file if app.may_use_files else None
        await app.push_screen_wait(CheckDialog(check=check, read=read))
        # Something of the secret may have been copied out of the text.
        await app.forget_copied()

    async def _read_file(self, path: str) -> str:
        from tui.private_files import MOST_READ, read_text

        return await self._tab.admin_app.operate(read_text, path, MOST_READ)

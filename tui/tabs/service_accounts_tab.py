"""The Service Accounts tab: identities for agents and jobs, and their credentials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.content import Content

from store.listing import Query, Selection
from store.service_account_views import ServiceAccountDetails, ServiceAccountRow
from store.views import GroupName
from store.workspace import Workspace
from tui.dates import ago, day_and_time
from tui.keys import SERVICE_ACCOUNTS, bindings
from tui.tabs.impact_flows import Moves, saved
from tui.tabs.member_tab import MemberTab
from tui.text import SHORT_ID_CELLS, cell, content, short_id, shortened
from tui.widgets.details_panel import DetailsPanel, PanelAction, line
from tui.widgets.record_table import Column

if TYPE_CHECKING:
    from store.credential_views import IssuedCredential
    from store.operations.service_accounts import AffectedServiceAccount, ServiceAccountEdit
    from tui.dialogs.confirmation import Confirmation

_CHANGING = {"edit", "suspend", "remove"}
# How often what is said of time is said anew, in seconds.
_BETWEEN_TICKS = 30.0
_NOT_TO_BE_SEEN = "hidden"

_NAME_CELLS = 60


class ServiceAccountsTab(MemberTab):
    """The service accounts of a workspace.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("service_accounts", SERVICE_ACCOUNTS)]

    columns = (
        Column("name", "NAME", 13, flex=3),
        Column("groups", "GROUPS", 10, flex=4),
        Column("id", "USER ID", SHORT_ID_CELLS),
        Column("credentials", "CREDENTIALS", 13),
        Column("last_active", "LAST ACTIVE TIME", 18),
    )
    main_label = "+ ADD SERVICE ACCOUNT"
    main_action = "add"

    def __init__(self, workspace: Workspace) -> None:
        noun = ("service account", "service accounts")
        super().__init__(workspace, "service-accounts", noun=noun, are_persons=False)

    def on_mount(self) -> None:
        """Say anew from time to time how long ago things were. Textual calls the others', too."""
        self.set_interval(_BETWEEN_TICKS, self._tick)

    def _tick(self) -> None:
        self.table.refresh_rows()
        self.follow_details()

    # What is shown

    def list_rows(self, words: str) -> Selection:
        """The service accounts that hold these words, sorted."""
        return self._workspace.list_service_accounts(Query(words, self.sort_by, self.descending))

    def prepare(self) -> None:
        """Work out what the first filter of service accounts will need."""
        self._workspace.prepare_service_account_filter()

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of a service account's row."""
        row = self._workspace.service_account_row(key)
        return (
            _name_cell(row),
            self.chips_in("groups", row.groups),
            Text(short_id(key)),
            self._credentials_cell(row),
            self._active_cell(row),
        )

    def _credentials_cell(self, row: ServiceAccountRow) -> Text:
        if row.credentials is None:
            return Text(_NOT_TO_BE_SEEN, style="dim")
        if not row.has_stale:
            return Text(f"{row.credentials:,}")
        return Text.assemble(f"{row.credentials:,} ", ("! stale", self.colour("warning")))

    def _active_cell(self, row: ServiceAccountRow) -> Text:
        if row.credentials is None:
            return Text(_NOT_TO_BE_SEEN, style="dim")
        return Text(ago(row.last_active_at, self._workspace.now()))

    def heading(self) -> Content:
        """How many service accounts there are; the filter does not change it."""
        summary = self._workspace.summary()
        limit = summary.service_account_limit
        count = f"{summary.service_accounts:,}" + ("" if limit is None else f" / {limit:,}")
        return Content.assemble(("SERVICE ACCOUNTS ", "$text-muted"), (count, "bold"))

    def hint(self) -> Content:
        """Why none can be added."""
        refusal = self.main_refusal()
        if refusal and self._workspace.is_administrator:
            return content(refusal).stylize("$text-warning")
        return Content("")

    def nothing_there(self) -> str:
        """What a workspace without service accounts is told."""
        if self.main_refusal():
            return "There are no service accounts."
        return (
            "There are no service accounts yet.\n"
            "An agent, an autoscaler or a CI job runs under one. "
            f"{self.press('add')} to add the first."
        )

    def main_refusal(self) -> str:
        """Why none can be added, or ""."""
        return self._workspace.add_refusal()

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the row, or ""."""
        if action == "add":
            return self._workspace.change_refusal or self.main_refusal()
        if reason := super().reason_against(action):
            return reason
        return self.reason_against_change(action) if action in _CHANGING else ""

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """Ids and names of the service accounts, and their access keys."""
        accounts = [self._workspace.service_account_details(key) for key in keys]
        found = {
            "ID": [account.row.id for account in accounts],
            "Name": [account.row.name for account in accounts],
            "Access keys": [
                one.access_key for account in accounts for one in account.credentials or ()
            ],
        }
        return {what: "\n".join(texts) for what, texts in found.items() if texts}

    def called(self, key: str) -> str:
        """The name of a service account."""
        return self._workspace.service_account_row(key).name

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """What there is to know of a service account, and what can be done."""
        account = self._workspace.service_account_details(key)
        panel.show(account.row.name, self._details_lines(account), self._panel_actions(account))
        self.show_access(key)
        self.show_credentials(key, account.credentials)
        self.show_vault(key)

    def _details_lines(self, account: ServiceAccountDetails) -> list[Content]:
        row = account.row
        lines = [line("ID", row.id)]
        if row.is_suspended:
            lines.append(line("Status", "✕ Suspended", style="$error"))
        allowed = "allowed" if account.allow_impersonation else "not allowed"
        lines.append(line("Impersonation", allowed))
        lines.append(line("Groups", ", ".join(row.groups)))
        if account.credentials is not None:
            lines.append(line("Last active", self._last_active_words(row)))
            lines += self.refusal_lines(row.id)
        return [*lines, Content("")]

    def _last_active_words(self, row: ServiceAccountRow) -> str:
        words = ago(row.last_active_at, self._workspace.now())
        exact = day_and_time(row.last_active_at)
        return f"{exact} ({words})" if exact else words

    def _panel_actions(self, account: ServiceAccountDetails) -> list[PanelAction]:
        if self._workspace.read_only_reason or not self._workspace.is_administrator:
            return []
        suspend = "Let back in" if account.row.is_suspended else "Suspend"
        actions = [
            PanelAction("edit", "Edit"),
            PanelAction("suspend", suspend),
            PanelAction("remove", "Delete"),
        ]
        if not self._workspace.create_refusal(account.row.id):
            actions.insert(0, PanelAction("create", "Create new credentials"))
        return actions

    def is_suspended(self, key: str) -> bool:
        """Whether a service account is suspended."""
        return self._workspace.service_account_row(key).is_suspended

    def choosable_groups(self) -> Sequence[GroupName]:
        """The groups that they can be put into."""
        return self._workspace.groups_for_service_accounts()

    def groups_of(self, key: str) -> Sequence[str]:
        """The names of the groups that one is in."""
        return self._workspace.service_account_row(key).groups

    # What is done

    def action_add(self) -> None:
        """Add a service account."""
        self.start("add", self._adding)

    async def _adding(self) -> None:
        from tui.dialogs.add_service_account import AddServiceAccount

        dialog = AddServiceAccount(add=self._add)
        issued = await self.app.push_screen_wait(dialog)
        if issued is None:
            return
        await self.flows.show_new(issued)
        self.say("1 service account added.")
        self.table.move_to(issued.member)

    async def _add(self, name: str, allow_impersonation: bool) -> IssuedCredential | None:
        """Add one, once it is agreed to where that gives a power; None where it is not."""
        from store.access.powers import ACTS_FOR_OWNERS
        from tui.confirmations import granting_confirmation
        from tui.tabs.confirmed import confirmed

        workspace = self._workspace
        powers = (ACTS_FOR_OWNERS,) if allow_impersonation else ()

        def look() -> None:
            """There is nothing to find out of one that is not there yet."""

        def ask(_found: object) -> Confirmation | None:
            return granting_confirmation("Add", [name], powers, self._noun[1])

        def add(_found: object) -> IssuedCredential:
            return workspace.add_service_account(name, allow_impersonation)

        made = await confirmed(self, workspace, look, ask, add)
        return None if made is None else made.result

    def action_edit(self) -> None:
        """Edit the service account."""
        self.start("edit", lambda: self._editing(self.targets()[0]))

    async def _editing(self, key: str) -> None:
        from tui.dialogs.edit_service_account import EditServiceAccount

        workspace = self._workspace
        account = await self.attempt(workspace.service_account_details, key)
        if account is None:
            return

        groups = workspace.groups_for_service_accounts()

        async def save(edit: ServiceAccountEdit) -> bool:
            moves = Moves.of_groups(groups, edit.joining, edit.leaving)
            called = shortened(account.row.name, _NAME_CELLS)
            title = f"Save the groups of {called}?" if moves else f"Save {called}?"
            look = partial(workspace.impact_of_service_account_edit, edit)
            do = partial(workspace.edit_service_account, edit)
            gives = edit.allow_impersonation is not None
            made = await saved(self, workspace, title, moves, look, do, concerns_powers=gives)
            return made is not None

        dialog = EditServiceAccount(account, groups, save=save)
        if await self.app.push_screen_wait(dialog):
            self.say("Saved.")
        self.reload()

    def action_suspend(self) -> None:
        """Suspend the service accounts, or let them back in where all of them are suspended."""
        self.start("suspend", self._suspending)

    async def _suspending(self) -> None:
        from tui.service_account_confirmations import account_suspension_confirmation

        workspace = self._workspace
        await self.suspend_or_let_back_in(
            workspace.preview_service_account_suspension,
            account_suspension_confirmation,
            workspace.suspend_service_accounts,
            workspace.let_service_accounts_back_in,
        )

    def action_remove(self) -> None:
        """Delete the service accounts."""
        self.start("remove", self._deleting)

    async def _deleting(self) -> None:
        from tui.service_account_confirmations import deletion_confirmation

        workspace, now = self._workspace, self._workspace.now()

        def ask(affected: list[AffectedServiceAccount]) -> Confirmation:
            return deletion_confirmation(affected, now, self.losses(affected))

        keys, delete = self.targets(), workspace.delete_service_accounts
        preview, said = workspace.preview_deletion, self.said_of("deleted")
        gone = await self.ask_and_do(keys, preview, ask, delete, said)
        self.forget_removed(gone)

    def action_check(self) -> None:
        """Check a configuration: whether its keys and URLs are good."""
        self.begin(self.flows.checking())

    async def action_stale(self) -> None:
        """Show the service accounts whose credentials are not used."""
        await self.open_filter("stale")


def _name_cell(row: ServiceAccountRow) -> Text:
    name = cell(row.name, "dim" if row.is_suspended else "")
    return name.append(" (suspended)", style="dim") if row.is_suspended else name

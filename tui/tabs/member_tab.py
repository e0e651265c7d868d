"""What the tabs of users and of service accounts share: the panel with credentials, and the flows
that ask before they change several members at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from textual.content import Content

from store.errors import NotAllowed, WorkspaceError
from store.views import GroupName
from store.workspace import Workspace
from tui.dates import ago
from tui.tabs.table_tab import TableTab
from tui.text import short_id

if TYPE_CHECKING:
    from store.access.powers import Power
    from store.credential_views import CredentialRow
    from store.refusal_views import RefusedRow
    from tui.access_sheets import AccessSummary
    from tui.dialogs.confirmation import Confirmation
    from tui.tabs.credential_flows import CredentialFlows
    from tui.tabs.vault_flows import VaultFlows
    from tui.whole_lists import Line
    from tui.widgets.access_view import AccessView
    from tui.widgets.credentials_table import CredentialsTable
    from tui.widgets.details_panel import DetailsPanel
    from tui.widgets.vault_view import VaultView

_MOST_REFUSALS = 3
_VAULT_TITLE = "ACCOUNT SPECIFIC VAULT"


class Affected(Protocol):
    """A member of what is asked about before it is done."""

    @property
    def member(self) -> str:
        """The member's id."""

    @property
    def reason(self) -> str:
        """Why it will not be done to this one, or ""."""


A = TypeVar("A", bound=Affected)


class MemberTab(TableTab):
    """A tab whose rows are members.

    Args:
        workspace: The workspace, in the name of whoever is looking.
        name: The tab's id.
        noun: What one of its members is called, and several of them.
        are_persons: Whether they are users, who make their own credentials.
    """

    def __init__(
        self, workspace: Workspace, name: str, *, noun: tuple[str, str], are_persons: bool
    ) -> None:
        super().__init__(id=name)
        self._workspace = workspace
        self._noun = noun
        self._are_persons = are_persons
        self._access: AccessView | None = None
        self._credentials: CredentialsTable | None = None
        self._vault: VaultView | None = None

    @cached_property
    def flows(self) -> CredentialFlows:
        """What is done to credentials."""
        from tui.tabs.credential_flows import CredentialFlows

        return CredentialFlows(self, self._workspace, are_of_persons=self._are_persons)

    @cached_property
    def vault_flows(self) -> VaultFlows:
        """What is done to vaults."""
        from tui.tabs.vault_flows import VaultFlows

        return VaultFlows(self, self._workspace)

    # The panel

    def make_panel(self) -> DetailsPanel:
        """The panel, with what the member can reach and the credentials in it."""
        from tui.widgets.access_view import AccessView
        from tui.widgets.credentials_table import CredentialsTable
        from tui.widgets.details_panel import DetailsPanel
        from tui.widgets.vault_view import VaultView

        self._access = AccessView(
            self._access_summary, self.admin_app.keymap.named(self.group, "access")
        )
        self._credentials = CredentialsTable(self._reason_against_credential_action, self.colour)
        self._vault = VaultView(_VAULT_TITLE, self._reason_against_vault_action)
        return DetailsPanel([self._access, self._credentials, self._vault])

    def _reason_against_credential_action(self, action: str, row: CredentialRow | None) -> str:
        return self.flows.reason_against(action, self.details_key, row)

    def _reason_against_vault_action(self, action: str) -> str:
        return self.vault_flows.reason_against(action, self.details_key)

    def called(self, key: str) -> str:
        """What a member is called."""
        raise NotImplementedError

    def is_suspended(self, key: str) -> bool:
        """Whether a member is suspended."""
        raise NotImplementedError

    def show_access(self, member: str) -> None:
        """Show in the panel how much the member can reach."""
        if self._access is not None:
            self._access.show(member, self._workspace.commit)

    async def _access_summary(self, member: str) -> AccessSummary | None:
        from tui.access_sheets import access_summary

        try:
            return await self.admin_app.operate(access_summary, self._workspace, member)
        except WorkspaceError:
            # Whoever it was of is gone, and the panel closes with the next list.
            return None

    def show_credentials(self, member: str, rows: Sequence[CredentialRow] | None) -> None:
        """Show the credentials in the panel; nothing for None, where they are not to be seen."""
        if self._credentials is not None:
            may_create = not self._workspace.create_refusal(member)
            self._credentials.show(rows, self._workspace.now(), may_create=may_create)

    def show_vault(self, member: str) -> None:
        """Show the member's vault in the panel, where it may be seen."""
        if self._vault is None:
            return
        try:
            vault = self._workspace.vault_details(member)
        except NotAllowed:
            self._vault.show(None, "")
        else:
            self._vault.show(vault, self._workspace.now())

    def refusal_lines(self, member: str) -> list[Content]:
        """The latest refused sign-ins with the member's keys."""
        from tui.widgets.details_panel import section

        rows = self._workspace.refused_sign_ins(member)[:_MOST_REFUSALS]
        if not rows:
            return []
        now = self._workspace.now()
        return [section("Refused sign-ins"), *(_refusal_line(row, now) for row in rows)]

    def on_credentials_table_wanted(self, event: CredentialsTable.Wanted) -> None:
        """Do what was asked for by a key among the credentials."""
        event.stop()
        if self.details_key is not None:
            called = self.called(self.details_key)
            self.flows.start(event.action, self.details_key, called, event.row)

    def on_vault_view_wanted(self, event: VaultView.Wanted) -> None:
        """Do what was asked for by a key on the vault."""
        event.stop()
        if self.details_key is not None:
            self.vault_flows.start(event.action, self.details_key, self.called(self.details_key))

    def on_vault_view_applied_chosen(self, event: VaultView.AppliedChosen) -> None:
        """Open an administrator vault that is applied to the member."""
        event.stop()
        self.begin(self.vault_flows.edit_administrator_vault(event.vault))

    def action_effective(self) -> None:
        """Show what the member's clients end up with."""
        self.start("effective", lambda: self._showing_effective(self.targets()[0]))

    async def _showing_effective(self, key: str) -> None:
        await self.vault_flows.show_effective(key, self.called(key))

    def action_access(self) -> None:
        """Show what the member can reach, and why."""
        self.start("access", lambda: self._showing_access(self.targets()[0]))

    async def _showing_access(self, key: str) -> None:
        from tui.tabs.access_flows import show_effective_access

        await show_effective_access(self, self._workspace, key)

    def action_regroup(self) -> None:
        """Put the members into groups, or take them out."""
        self.start("regroup", self._regrouping)

    async def _regrouping(self) -> None:
        from tui.tabs.regroup_flow import regroup

        keys = self.targets()
        done = await regroup(self, self._workspace, keys, self.counted(len(keys)))
        if done is not None:
            nothing = "Nothing changed: it was so already."
            self.say(f"{self.counted(done)} regrouped." if done else nothing)
        self.reload()

    def choosable_groups(self) -> Sequence[GroupName]:
        """The groups that the tab's members can be put into."""
        raise NotImplementedError

    def groups_of(self, key: str) -> Sequence[str]:
        """The names of the groups that a member is in."""
        raise NotImplementedError

    def action_create(self) -> None:
        """Make a credential for whom the panel shows, or else the row."""
        key = self.details_key or self.table.cursor_key
        if key is not None:
            self.flows.start("create", key, self.called(key), None)

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the row, or ""."""
        if reason := super().reason_against(action):
            return reason
        if action == "access":
            return self._reason_against_several
        if action == "effective":
            return self._reason_against_several or self._reason_against_effective
        return self.reason_against_change(action) if action == "regroup" else ""

    def label_of(self, action: str) -> str:
        """What an action does to the members that it would be done to."""
        if action == "suspend" and self.is_said_of_all(self.is_suspended):
            return "Let back in"
        return super().label_of(action)

    @property
    def _reason_against_several(self) -> str:
        if self.target_count == 1:
            return ""
        noun = self._noun[0]
        return f"Choose one {noun}." if self.target_count else f"There is no {noun}."

    @property
    def _reason_against_effective(self) -> str:
        workspace = self._workspace
        if workspace.is_administrator or self.is_for_alone(workspace.actor):
            return ""
        return "You may see your own effective configuration only."

    # Doing things to several members

    def reason_against_change(self, what_for: str) -> str:
        """Why nothing can be changed of the targets, or "".

        Args:
            what_for: What they would have to be an administrator for is theirs alone, or "".
        """
        workspace = self._workspace
        if reason := workspace.change_refusal:
            return reason
        if not self.target_count:
            return f"There is no {self._noun[0]} to do this to."
        if what_for == "edit":
            if self.target_count > 1:
                return f"Only one {self._noun[0]} at a time can be edited. Escape clears the marks."
            if self.is_for_alone(workspace.actor):
                return ""
        if not workspace.is_administrator:
            return "Only administrators may do this. Ask a member of Admins."
        return ""

    async def ask_and_do(
        self,
        keys: list[str],
        preview: Callable[[list[str]], list[A]],
        ask: Callable[[list[A]], Confirmation],
        do: Callable[[list[str]], int],
        done: Callable[[list[A]], str],
    ) -> list[str]:
        """Ask before something is done to members, and do it to those it can be done to.

        Args:
            keys: The ids of the members.
            preview: What it would do to each.
            ask: Makes the confirmation; runs in a thread.
            do: Does it.
            done: Says what was done to these.

        Returns:
            The ids of those to whom it was done.
        """
        from tui.tabs.confirmed import all_is_named, confirmed

        def do_it(affected: list[A]) -> list[A]:
            allowed = [one for one in affected if not one.reason]
            do([one.member for one in allowed])
            return allowed

        asked = confirmed(self, self._workspace, partial(preview, keys), ask, do_it, all_is_named)
        made = await self.attempt_to(asked)
        if made is None:
            return []
        self.say(done(made.result))
        self.reload()
        return [one.member for one in made.result]

    async def suspend_or_let_back_in(
        self,
        preview: Callable[[list[str]], list[A]],
        ask: Callable[[list[A]], Confirmation],
        suspend: Callable[[list[str]], int],
        let_back_in: Callable[[list[str]], int],
    ) -> None:
        """Suspend the targets, or let them back in where all of them are suspended.

        Args:
            preview: What suspending would do to each.
            ask: Makes the confirmation of suspending them; runs in a thread.
            suspend: Suspends them.
            let_back_in: Ends their suspension.
        """
        keys = self.targets()
        are_suspended = await self.attempt(lambda: all(map(self.is_suspended, keys)))
        if are_suspended:
            await self._let_back_in(keys, let_back_in)
        elif are_suspended is not None:
            await self.ask_and_do(keys, preview, ask, suspend, self.said_of("suspended"))

    async def _let_back_in(self, keys: list[str], let_back_in: Callable[[list[str]], int]) -> None:
        """Let members back in; at once, unless that gives somebody a power again."""
        from tui.confirmations import return_confirmation
        from tui.tabs.confirmed import all_is_named, confirmed

        workspace = self._workspace

        def ask(powers: tuple[Power, ...]) -> Confirmation | None:
            return return_confirmation([*map(self.called, keys)], powers, self._noun[1])

        def do(_powers: object) -> int:
            return let_back_in(keys)

        look = partial(workspace.powers_of, keys)
        made = await self.attempt_to(confirmed(self, workspace, look, ask, do, all_is_named))
        if made is not None:
            them = "them" if self._are_persons or len(keys) > 1 else "it"
            suspend = self.admin_app.keymap.named(self.group, "suspend")
            self.say(f"{self.counted(len(keys))} let back in. {suspend} suspends {them} again.")
            self.reload()

    def losses(self, affected: Sequence[Affected], now: str = "") -> list[Line]:
        """What is lost with those of them that go, a line each. Runs in a thread."""
        from tui.access_words import rule_words
        from tui.confirmations import taken_lines

        workspace = self._workspace
        going = [one.member for one in affected if not one.reason]

        def rule_called(key: str) -> str:
            return rule_words(workspace.access_rule_row(key))

        its = "its" if not self._are_persons and len(going) == 1 else "their"
        return taken_lines(workspace.taken_with(going), rule_called, now, its=its)

    def forget_removed(self, keys: list[str]) -> None:
        """Take away the marks of members that are gone, and the panel, which was of one of them."""
        if keys:
            self.unmark(keys)
            self.close_details()

    def said_of(self, verb: str) -> Callable[[Sequence[A]], str]:
        """What is said of those to whom something was done, such as `suspended`."""
        return lambda done: f"{self.counted(len(done))} {verb}."

    def counted(self, count: int) -> str:
        """A number of members, in words."""
        return f"1 {self._noun[0]}" if count == 1 else f"{count:,} {self._noun[1]}"


def _refusal_line(row: RefusedRow, now: str) -> Content:
    from tui.sign_in_words import times, why
    from tui.widgets.details_panel import line

    one = row.sign_ins
    words = f"{why(row.grounds)}, {times(one.count)}, last {ago(one.last_at, now)}"
    return line(short_id(one.access_key), f"{words} from {one.address}" if one.address else words)

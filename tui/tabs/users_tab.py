"""The Users tab: who is in the workspace, inviting, editing, suspending and removing them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.binding import BindingType
from textual.content import Content

from store.listing import Query, Selection
from store.terms import ACTIVE, PENDING, SUSPENDED
from store.times import is_past
from store.workspace import Workspace
from tui.dates import day
from tui.keys import USERS, bindings
from tui.tabs.member_tab import MemberTab
from tui.text import cell, content, shortened
from tui.widgets.record_table import Column

if TYPE_CHECKING:
    from store.access.powers import Power
    from store.operations.invitations import InvitationLink, Invitee
    from store.operations.users import Affected
    from store.user_listing import SortColumn
    from store.views import GroupName, UserRow
    from tui.dialogs.confirmation import Confirmation
    from tui.widgets.details_panel import DetailsPanel

STATUS_SIGNS = {ACTIVE: "●", PENDING: "○", SUSPENDED: "✕"}
# The colours of the theme by status, in the table and in the panel.
STATUS_COLOURS = {ACTIVE: "primary", PENDING: "success", SUSPENDED: "error"}
_ADMINISTRATOR_SIGN = "◆"
_EDITING = {"edit", "suspend", "remove", "send_again", "invite"}
_NAME_CELLS = 60


class UsersTab(MemberTab):
    """The users of a workspace.

    Args:
        workspace: The workspace, in the name of whoever is looking.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("users", USERS)]

    columns = (
        Column("user", "USER", 14, flex=3),
        Column("status", "STATUS", 11),
        Column("pending_since", "PENDING SINCE", 15),
        Column("groups", "GROUPS", 6, flex=3),
    )
    main_label = "+ INVITE USER"
    main_action = "invite"

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "users", noun=("user", "users"), are_persons=True)

    # What is shown

    def list_rows(self, words: str) -> Selection:
        """The users that hold these words, sorted."""
        query = Query(words, cast("SortColumn", self.sort_by), self.descending)
        return self._workspace.list_users(query)

    def prepare(self) -> None:
        """Work out what the first filter of users will need."""
        self._workspace.prepare_filter()

    def cells(self, key: str) -> Sequence[Text]:
        """The cells of a user's row."""
        row = self._workspace.user_row(key)
        status, colour = row.status, self.colour(STATUS_COLOURS[row.status])
        return (
            _user_cell(row),
            Text(f"{STATUS_SIGNS[status]} {status}", style=colour),
            Text(_pending_since(row, self._workspace.now())),
            self.chips_in("groups", row.groups),
        )

    def heading(self) -> Content:
        """How many users there are in which workspace; the filter does not change it."""
        summary = self._workspace.summary()
        limit = "" if summary.user_limit is None else f" / {summary.user_limit:,}"
        noun = "USER" if summary.users == 1 and not limit else "USERS"
        suffix = "" if summary.name.casefold().endswith("workspace") else " workspace"
        return Content.assemble(
            (f"{summary.users:,}{limit}", "bold"),
            (f" {noun} IN ", "$text-muted"),
            (content(summary.name).plain, "bold"),
            (suffix, "$text-muted"),
        )

    def hint(self) -> Content:
        """Why nobody can be invited, or what to do while one is alone."""
        refusal = self.main_refusal()
        if refusal and self._workspace.is_administrator:
            return content(refusal).stylize("$text-warning")
        if not refusal and self._workspace.summary().users == 1:
            words = f"You are alone here. {self.press('invite')} to invite users."
            return Content.styled(words, "$text-muted")
        return Content("")

    def main_refusal(self) -> str:
        """Why nobody can be invited, or ""."""
        return self._workspace.invite_refusal()

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the row, or ""."""
        if action == "invite":
            return self._workspace.change_refusal or self.main_refusal()
        if reason := super().reason_against(action):
            return reason
        if action not in _EDITING:
            return ""
        return self.reason_against_change(action) or self._reason_against_row(action)

    def _reason_against_row(self, action: str) -> str:
        if action in ("suspend", "remove") and self.is_for_alone(self._workspace.actor):
            return f"Nobody may {action} themselves. Ask another administrator."
        if action == "send_again" and self.is_said_of_all(self._has_joined):
            return "Only pending users have a link, and these have joined."
        return ""

    def label_of(self, action: str) -> str:
        """What an action does to the users that it would be done to."""
        if action == "remove" and self.is_said_of_all(self._is_pending):
            return "Withdraw"
        return super().label_of(action)

    def _is_pending(self, key: str) -> bool:
        return self._workspace.user_row(key).pending_since is not None

    def _has_joined(self, key: str) -> bool:
        return not self._is_pending(key)

    def copyable(self, keys: list[str]) -> dict[str, str]:
        """Emails, ids and names of the users."""
        users = [self._workspace.user_details(key) for key in keys]
        found = {
            "Email": [user.email for user in users if user.email],
            "Name": [user.name for user in users if user.name],
            "ID": [user.row.id for user in users],
            "Login name": [user.login_name for user in users if user.login_name],
        }
        return {what: "\n".join(texts) for what, texts in found.items() if texts}

    def show_details(self, key: str, panel: DetailsPanel) -> None:
        """What there is to know of a user, and what can be done."""
        from tui.tabs.user_panel import user_actions, user_lines

        user = self._workspace.user_details(key)
        refused = [] if user.credentials is None else self.refusal_lines(key)
        lines = [*user_lines(user, self._workspace.now()), *refused, Content("")]
        panel.show(user.row.called, lines, user_actions(user, self._workspace))
        self.show_access(key)
        self.show_credentials(key, user.credentials)
        self.show_vault(key)

    def called(self, key: str) -> str:
        """What a user is called."""
        return self._workspace.user_row(key).called

    def is_suspended(self, key: str) -> bool:
        """Whether a user is suspended."""
        return self._workspace.user_row(key).status == SUSPENDED

    def choosable_groups(self) -> Sequence[GroupName]:
        """The groups that they can be put into."""
        return self._workspace.choosable_groups()

    def groups_of(self, key: str) -> Sequence[str]:
        """The names of the groups that one is in."""
        return self._workspace.user_row(key).groups

    # What is done

    def action_invite(self) -> None:
        """Invite users by email."""
        self.start("invite", self._inviting)

    async def _inviting(self) -> None:
        from tui.dialogs.invite import InviteDialog

        workspace, operate = self._workspace, self.admin_app.operate
        summary = workspace.summary()
        limit = summary.user_limit
        dialog = InviteDialog(
            workspace=summary.name,
            groups=workspace.choosable_groups(),
            places=None if limit is None else max(0, limit - summary.users),
            check=lambda text: operate(workspace.check_invitees, text),
            invite=self._invite,
            show_links=self._show_links,
        )
        invited = await self.app.push_screen_wait(dialog)
        if invited:
            self.say(f"{self.counted(invited)} invited.")
        self.reload()

    async def _invite(
        self, invitees: list[Invitee], groups: list[str]
    ) -> list[InvitationLink] | None:
        """Invite them, once it is agreed to where that gives a power; None where it is not."""
        from tui.confirmations import granting_confirmation
        from tui.tabs.confirmed import confirmed

        workspace = self._workspace

        def ask(powers: tuple[Power, ...]) -> Confirmation | None:
            called = [one.email for one in invitees]
            return granting_confirmation("Invite", called, powers, self._noun[1])

        def invite(_powers: object) -> list[InvitationLink]:
            return workspace.invite_users(invitees, groups)

        look = partial(workspace.powers_of_groups, groups)
        made = await confirmed(self, workspace, look, ask, invite)
        return None if made is None else made.result

    def action_send_again(self) -> None:
        """Make new links for the pending users among the targets."""
        self.start("send_again", self._sending_again)

    async def _sending_again(self) -> None:
        workspace = self._workspace
        links = await self.attempt(lambda: workspace.send_invitations_again(self.targets()))
        if links is not None:
            self.reload()
            await self._show_links(links)

    async def _show_links(self, links: list[InvitationLink]) -> None:
        from tui.dialogs.invitation_links import InvitationLinks

        write = self.flows.save_file if self.admin_app.may_use_files else None
        await self.app.push_screen_wait(InvitationLinks(links, self.flows.url_notice(), write))
        await self.admin_app.forget_copied()

    def action_edit(self) -> None:
        """Edit the user."""
        self.start("edit", lambda: self._editing(self.targets()[0]))

    async def _editing(self, key: str) -> None:
        from store.operations.users import UserEdit
        from tui.dialogs.edit_user import EditUser
        from tui.tabs.impact_flows import Moves, saved

        workspace = self._workspace
        user = await self.attempt(workspace.user_details, key)
        if user is None:
            return

        groups = workspace.choosable_groups()

        async def save(edit: UserEdit) -> bool:
            title = f"Save the groups of {shortened(user.row.called, _NAME_CELLS)}?"
            moves = Moves.of_groups(groups, edit.joining, edit.leaving)
            look = partial(workspace.impact_of_user_edit, edit)
            do = partial(workspace.edit_user, edit)
            return await saved(self, workspace, title, moves, look, do) is not None

        only_name = not workspace.is_administrator
        dialog = EditUser(user, groups, only_name=only_name, save=save)
        if await self.app.push_screen_wait(dialog):
            self.say("Saved.")
        self.reload()

    def action_suspend(self) -> None:
        """Suspend the users, or let them back in where all of them are suspended."""
        self.start("suspend", self._suspending)

    async def _suspending(self) -> None:
        from tui.confirmations import suspension_confirmation

        workspace = self._workspace
        await self.suspend_or_let_back_in(
            workspace.preview_suspension,
            suspension_confirmation,
            workspace.suspend_users,
            workspace.let_users_back_in,
        )

    def action_remove(self) -> None:
        """Remove the users, or withdraw their invitations."""
        self.start("remove", self._removing)

    async def _removing(self) -> None:
        from tui.confirmations import removal_confirmation, removed_words

        workspace, now = self._workspace, self._workspace.now()

        def ask(affected: list[Affected]) -> Confirmation:
            only = affected[0] if len(affected) == 1 else None
            email = workspace.user_details(only.member).email or "" if only else ""
            return removal_confirmation(affected, email, self.losses(affected, now))

        keys, remove = self.targets(), workspace.remove_users
        preview = workspace.preview_removal
        gone = await self.ask_and_do(keys, preview, ask, remove, removed_words)
        self.forget_removed(gone)


def _user_cell(row: UserRow) -> Text:
    sign = f"{_ADMINISTRATOR_SIGN} " if row.is_administrator else "  "
    text = Text(sign, style="", no_wrap=True, end="")
    text.append_text(cell(row.called))
    if row.is_viewer:
        text.append(" (you)", style="dim")
    return text


def _pending_since(row: UserRow, now: str) -> str:
    since = day(row.pending_since)
    return f"{since} !" if since and has_expired(row, now) else since


def has_expired(row: UserRow, now: str) -> bool:
    """Whether the link of the user's invitation is good no more."""
    return row.link_expires_at is not None and is_past(row.link_expires_at, now)

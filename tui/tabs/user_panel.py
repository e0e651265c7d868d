"""What the details panel tells of a user, and what can be done from it."""

from __future__ import annotations

from textual.content import Content

from store.views import UserDetails, UserRow
from store.workspace import Workspace
from tui.dates import day_and_time
from tui.tabs.users_tab import STATUS_COLOURS, STATUS_SIGNS, has_expired
from tui.widgets.details_panel import PanelAction, line


def user_lines(user: UserDetails, now: str) -> list[Content]:
    """What there is to know of a user, as far as whoever is looking may know it."""
    lines = [line("Status", _status_words(user), style=f"${STATUS_COLOURS[user.row.status]}")]
    if user.email is not None:
        lines.append(line("Email", user.email))
    lines.append(line("ID", user.row.id))
    if user.login_name is not None:
        lines.append(line("Login name", user.login_name or "none"))
    if user.is_pending:
        lines.append(line("Invited", day_and_time(user.invited_at)))
        lines.append(line("Link", _link_words(user.row, now)))
    else:
        lines.append(line("Joined", day_and_time(user.joined_at)))
    return [*lines, line("Groups", ", ".join(user.row.groups))]


def user_actions(user: UserDetails, workspace: Workspace) -> list[PanelAction]:
    """What whoever is looking can do to a user."""
    if workspace.read_only_reason:
        return []
    create = [PanelAction("create", "Create new credentials")] if user.row.is_viewer else []
    if not workspace.is_administrator:
        return [*create, PanelAction("edit", "Edit name")] if user.row.is_viewer else []
    actions = [*create, PanelAction("edit", "Edit")]
    if user.is_pending:
        actions.append(PanelAction("send_again", "Send again"))
    if not user.row.is_viewer:
        suspend = "Let back in" if user.is_suspended else "Suspend"
        actions.append(PanelAction("suspend", suspend))
        actions.append(PanelAction("remove", "Withdraw" if user.is_pending else "Remove"))
    return actions


def _link_words(row: UserRow, now: str) -> str:
    if row.link_expires_at is None:
        return "none"
    word = "expired" if has_expired(row, now) else "good until"
    return f"{word} {day_and_time(row.link_expires_at)}"


def _status_words(user: UserDetails) -> str:
    status = f"{STATUS_SIGNS[user.row.status]} {user.row.status}"
    if user.is_suspended and user.is_pending:
        status += " (invited)"
    return f"{status} · administrator" if user.row.is_administrator else status

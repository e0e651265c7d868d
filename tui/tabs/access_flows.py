"""What a member can reach and who can reach a resource, shown from whichever tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from store.listing import Query
from store.workspace import Workspace
from tui.tabs.tab import Tab

if TYPE_CHECKING:
    from tui.dialogs.task_owners import OwnerLine


async def show_effective_access(tab: Tab, workspace: Workspace, member: str) -> None:
    """Show what a member can reach, and why.

    Args:
        tab: The tab that it is shown from.
        workspace: The workspace.
        member: The id of the member.
    """
    from tui.access_sheets import access_sheet
    from tui.dialogs.effective_access import EffectiveAccessDialog

    sheet = await tab.attempt(access_sheet, workspace, member)
    if sheet is None:
        return
    if sheet.runs_for_owners:
        in_tasks = partial(_choose_owner, tab, workspace, member, sheet.called)
    else:
        in_tasks = partial(_show_tasks, tab, workspace, None, member)
    await tab.app.push_screen_wait(EffectiveAccessDialog(sheet, in_tasks))


async def _choose_owner(tab: Tab, workspace: Workspace, runner: str, called: str) -> None:
    """Show whose tasks an account may run, and what those of one can reach."""
    from tui.dialogs.task_owners import TaskOwners

    lines = await tab.admin_app.operate(_owner_lines, workspace)
    show = partial(_show_tasks, tab, workspace, runner)
    await tab.app.push_screen_wait(TaskOwners(called, lines, show=show))


async def _show_tasks(tab: Tab, workspace: Workspace, runner: str | None, owner: str) -> None:
    """Show what tasks can reach that are run for their owner."""
    from tui.access_sheets import task_sheet
    from tui.dialogs.effective_access import EffectiveAccessDialog

    sheet = await tab.admin_app.operate(task_sheet, workspace, owner, runner)
    await tab.app.push_screen_wait(EffectiveAccessDialog(sheet))


def _owner_lines(workspace: Workspace) -> list[OwnerLine]:
    """Everybody who may own a task, by name."""
    from tui.dialogs.task_owners import OwnerLine

    names = map(workspace.member_name, workspace.list_members(Query("")).ids)
    return [OwnerLine(one.id, one.called, one.beside, one.is_suspended) for one in names]


async def show_who_can(tab: Tab, workspace: Workspace, resource: str) -> None:
    """Show who can reach a resource, and why.

    Args:
        tab: The tab that it is shown from.
        workspace: The workspace.
        resource: The id of the resource.
    """
    from tui.access_sheets import Reason, reasons_on, who_sheet
    from tui.dialogs.who_can import WhoCanDialog

    async def reasons(members: Sequence[str]) -> Mapping[str, tuple[Reason, ...]]:
        return await tab.admin_app.operate(reasons_on, workspace, resource, members)

    sheet = await tab.attempt(who_sheet, workspace, resource)
    if sheet is not None:
        await tab.app.push_screen_wait(WhoCanDialog(sheet, reasons=reasons))

"""What a member can reach and who can reach a resource, shown from whichever tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.workspace import Workspace
from tui.tabs.tab import Tab


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
    if sheet is not None:
        await tab.app.push_screen_wait(EffectiveAccessDialog(sheet))


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

"""What is told of sign-ins, from whichever tab."""

from __future__ import annotations

from collections.abc import Awaitable

from store.workspace import Workspace
from tui.tabs.tab import Tab


async def show_refused_sign_ins(tab: Tab, workspace: Workspace) -> None:
    """Show all sign-ins that were refused, and those that are meanwhile.

    Args:
        tab: The tab that they are shown from.
        workspace: The workspace, in the name of an administrator.
    """
    from tui.dialogs.refused_sign_ins import RefusedSignIns
    from tui.refused_lines import RefusedSheet, refused_sheet

    def read() -> RefusedSheet:
        return refused_sheet(workspace.every_refused_sign_in())

    def load() -> Awaitable[RefusedSheet]:
        return tab.admin_app.operate(read)

    sheet = await tab.attempt(read)
    if sheet is not None:
        dialog = RefusedSignIns(
            sheet, load=load, version=lambda: workspace.version, now=workspace.now
        )
        await tab.app.push_screen_wait(dialog)

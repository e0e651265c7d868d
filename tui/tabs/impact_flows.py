"""Asking before something changes the access of members."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from store.workspace import Workspace
from tui.tabs.tab import Tab

if TYPE_CHECKING:
    from store.access.impacts import Impact


async def agreed_to(
    tab: Tab,
    workspace: Workspace,
    title: str,
    verb: str,
    impact_of: Callable[..., Impact],
    *arguments: Any,
) -> bool:
    """Show who would lose, gain and keep which access, and ask.

    Args:
        tab: The tab that it is done on.
        workspace: The workspace.
        title: The object and the verb.
        verb: What the button says.
        impact_of: Finds out what would change; runs in a thread.
        *arguments: What it is given.

    Returns:
        Whether it is to be done.

    Raises:
        WorkspaceError: What doing it would raise.
    """
    from tui.access_confirmations import impact_confirmation, impact_names

    operate = tab.admin_app.operate
    impact = await operate(impact_of, *arguments)
    names = await operate(impact_names, workspace, impact)
    asking = impact_confirmation(title, verb, impact, names)
    return await tab.app.push_screen_wait(asking) is True

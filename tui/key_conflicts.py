"""Which keys cannot be given to an action: what moves and leaves, and what another has there."""

from __future__ import annotations

from collections.abc import Mapping

from tui.keys import EVERYWHERE, SECTIONS, TABLE

# What tables, fields and dialogs have themselves, and what that does.
RESERVED = {
    **dict.fromkeys(("up", "down", "left", "right"), "moves"),
    **dict.fromkeys(("pageup", "pagedown", "home", "end"), "moves"),
    **dict.fromkeys(("ctrl+home", "ctrl+end", "ctrl+pageup", "ctrl+pagedown"), "moves"),
    **dict.fromkeys(("tab", "shift+tab"), "goes to the next field"),
    "escape": "leaves",
    "ctrl+c": "copies what is selected",
    "ctrl+q": "quits",
}
# What an action keeps, whatever else it is given.
ALWAYS = {
    "rows.cursor_down": "down",
    "rows.cursor_up": "up",
    "rows.clear": "escape",
    "credentials.cursor_down": "down",
    "credentials.cursor_up": "up",
}
_NEEDED = {("program", "help"), ("program", "back")}


def without_which_nothing_goes(group: str, action: str) -> bool:
    """Whether an action has to have a key: how to get help, and out."""
    return (group, action) in _NEEDED


def conflict(changed: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """What cannot be told apart: two actions that have one key where both can be done.

    Args:
        changed: The keys of the actions that have others, by the ids of their bindings.

    Returns:
        The key and the ids of the two, or None.
    """
    for groups in _scopes():
        taken: dict[str, str] = {}
        for group in groups:
            for key in TABLE[group]:
                binding = f"{group}.{key.action}"
                for one in changed.get(binding, key.all_keys):
                    if taken.setdefault(one, binding) != binding:
                        return one, taken[one], binding
    return None


def _scopes() -> list[tuple[str, ...]]:
    """The groups that can be done at the same time; a section goes before the rows and the tab."""
    shared = ("rows", *SECTIONS, *EVERYWHERE)
    tabs = [("rows", group, *EVERYWHERE) for group in TABLE if group not in shared]
    return [*tabs, *((section, *EVERYWHERE) for section in SECTIONS)]

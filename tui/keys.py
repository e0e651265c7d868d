"""The keys: one table, used by every tab, the footer, the help, the commands and the README.

A verb has the same key everywhere. A tab names the actions that it has; their keys, labels and
tooltips come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.binding import Binding


@dataclass(frozen=True)
class Key:
    """One line of the table.

    Attributes:
        action: The action, as the binding names it.
        keys: The keys, as Textual names them, separated by commas.
        shown: The keys as a person reads them.
        label: The word in the footer.
        tooltip: A sentence for help and commands.
        in_footer: Whether the footer has room for it on a narrow terminal.
        called: What the configuration calls the action, where that is not its own name.
    """

    action: str
    keys: str
    shown: str
    label: str
    tooltip: str
    in_footer: bool = True
    called: str = ""

    @property
    def name(self) -> str:
        """What the configuration calls the action."""
        return self.called or self.action.removeprefix("app.")

    @property
    def all_keys(self) -> tuple[str, ...]:
        """The keys one by one, as Textual names them."""
        return tuple(self.keys.split(",")) if self.keys else ()


MOVING = (
    Key("cursor_down", "j,down", "j ↓", "Down", "Move to the next row", in_footer=False),
    Key("cursor_up", "k,up", "k ↑", "Up", "Move to the row before", in_footer=False),
    Key("scroll_top", "g", "g", "Top", "Move to the first row", in_footer=False),
    Key("scroll_bottom", "G", "G", "Bottom", "Move to the last row", in_footer=False),
)

ROWS = (
    Key("filter", "slash", "/", "Filter", "Show the rows that hold every word you type"),
    Key("clear", "escape", "esc", "Clear", "Clear the filter, then the marks"),
    Key("sort", "s", "s", "Sort", "Sort by another column, or the other way", in_footer=False),
    Key("columns", "C", "C", "Columns", "Choose which columns are shown", in_footer=False),
    Key("mark", "space", "space", "Mark", "Mark the row, or take its mark away", in_footer=False),
    Key("mark_all", "asterisk", "*", "Mark all", "Mark all rows shown, or none", in_footer=False),
    Key("open", "enter", "enter", "Open", "Open the details of the row"),
    Key("copy", "y", "y", "Copy", "Copy something of the row; asks what", in_footer=False),
    Key("copy_id", "Y", "Y", "Copy ID", "Copy the whole ID at once", in_footer=False),
    Key("refresh", "r", "r", "Refresh", "Load what others have changed", in_footer=False),
)

USERS = (
    Key("invite", "i", "i", "Invite", "Invite users by email"),
    Key("edit", "e", "e", "Edit", "Edit the user: name, email, login name, groups"),
    Key("suspend", "p", "p", "Suspend", "Suspend the user, or let them back in"),
    Key("remove", "d,delete", "d", "Remove", "Remove the user, or withdraw the invitation"),
    Key("effective", "v", "v", "Configuration", "Show what the user's clients end up with", False),
    Key("access", "x", "x", "Access", "Show what the user can reach, and why", False),
    Key("regroup", "u", "u", "Groups", "Put the users into groups, or take them out", False),
    Key("send_again", "l", "l", "Send again", "Make a new link for an invited user", False),
)

SERVICE_ACCOUNTS = (
    Key("add", "a", "a", "Add", "Add a service account"),
    Key("edit", "e", "e", "Edit", "Edit the service account: name, impersonation, groups"),
    Key("suspend", "p", "p", "Suspend", "Suspend the service account, or let it back in"),
    Key("remove", "d,delete", "d", "Delete", "Delete the service account"),
    Key("check", "c", "c", "Check", "Check a configuration: are its keys and URLs good?"),
    Key("effective", "v", "v", "Configuration", "Show what its clients end up with", False),
    Key("access", "x", "x", "Access", "Show what the service account can reach, and why", False),
    Key("regroup", "u", "u", "Groups", "Put the accounts into groups, or take them out", False),
    Key("stale", "", "", "Stale credentials", "Show accounts whose credentials are not used"),
)

# Where the focus is among the credentials of a member.
CREDENTIALS = (
    Key("create", "a", "a", "New", "Make a new credential; its secret key is shown once"),
    Key("edit", "e", "e", "Edit", "Change the label or the expiry of the credential"),
    Key("rotate", "t", "t", "Rotate", "Replace the credential by a new one, or take that back"),
    Key("suspend", "p", "p", "Suspend", "Suspend the credential, or let it back in"),
    Key("revoke", "d,delete", "d", "Revoke", "Revoke the credential for good"),
    Key("copy", "y", "y", "Copy", "Copy the access key or the label", in_footer=False),
    Key("cursor_down", "j,down", "j ↓", "Down", "Move to the next credential", in_footer=False),
    Key("cursor_up", "k,up", "k ↑", "Up", "Move to the credential before", in_footer=False),
)

# Where the focus is on a vault in the details.
VAULT = (
    Key("edit", "e,enter", "e", "Edit", "Edit the text of the vault"),
    Key("switch", "p", "p", "On/off", "Disable the vault, or enable it"),
    Key("history", "h", "h", "History", "Show the former texts, and restore one"),
    Key("download", "o", "o", "Download", "Save the text of the vault to a file"),
    Key("secrets", "s", "s", "Secrets", "Show the secrets in the text, or hide them again", False),
    Key("copy", "y", "y", "Copy", "Copy the text of the vault, or its ID", in_footer=False),
)

GROUPS = (
    Key("add", "a", "a", "Add", "Add a user group"),
    Key("edit", "e", "e", "Edit", "Edit the user group: name, description, members"),
    Key("remove", "d,delete", "d", "Delete", "Delete the user group"),
)

ADMINISTRATOR_VAULTS = (
    Key("add", "a", "a", "Add", "Add an administrator vault"),
    Key("edit", "e", "e", "Edit", "Edit the administrator vault: name, groups, text"),
    Key("switch", "p", "p", "On/off", "Disable the administrator vault, or enable it"),
    Key("remove", "d,delete", "d", "Delete", "Delete the administrator vault"),
    Key("history", "h", "h", "History", "Show former texts of the vault, and restore one"),
    Key("download", "o", "o", "Download", "Save the text to a file", in_footer=False),
    Key(
        "earlier",
        "K",
        "K",
        "Earlier",
        "Apply the vault earlier: the one before overrides it",
        False,
    ),
    Key("later", "J", "J", "Later", "Apply the vault later: it overrides the one after", False),
)

ACCESS_RULES = (
    Key("add", "a", "a", "Add", "Add an access rule"),
    Key("edit", "e", "e", "Edit", "Edit the access rule: resource, permission, who"),
    Key("remove", "d,delete", "d", "Delete", "Delete the access rule"),
    Key("catalogue", "b", "b", "Catalogue", "Browse the resources: add, rename, import, delete"),
    Key("reach", "x", "x", "Who can", "Show who can reach the resource, and why", False),
)

# In the catalogue.
RESOURCES = (
    Key("add", "a", "a", "Add", "Add a resource"),
    Key("edit", "e", "e", "Edit", "Rename the resource, or move it to another project"),
    Key("remove", "d,delete", "d", "Delete", "Delete the resource and its rules"),
    Key("import", "i", "i", "Import", "Import resources as JSON lines"),
    Key("reach", "x", "x", "Who can", "Show who can reach the resource, and why"),
)

APP = (
    Key("previous_tab", "left_square_bracket", "[", "Previous tab", "Go to the tab before", False),
    Key("next_tab", "right_square_bracket", "]", "Next tab", "Go to the next tab", False),
    Key("my_account", "m", "m", "My account", "Open your own details", False),
    Key("refused", "f", "f", "Refused", "Refused sign-ins: who, from where, and why", False),
    Key("settings", "w", "w", "Workspace", "The workspace's name, limits and server URLs", False),
    Key("help", "question_mark", "?", "Help", "Show all keys"),
    Key("command_palette", "colon,ctrl+p", ": ^p", "Commands", "Search all commands", False),
    Key("theme", "", "", "Theme", "Dark, light, or the terminal's own colours", False),
    Key("app.redraw", "ctrl+l", "^l", "Redraw", "Draw the screen anew, if it is disturbed", False),
    Key("app.suspend_program", "ctrl+z", "^z", "Shell", "Suspend the program to the shell", False),
    Key("back", "q", "q", "Quit", "Go back, or quit"),
)

# In the order of the tabs, each with what the configuration calls it and what its screen does.
TABS = tuple(
    Key(f"show_tab({number})", f"{number + 1}", f"{number + 1}", title, f"Go to {title}", False, of)
    for number, (of, title) in enumerate(
        (
            ("users", "Users"),
            ("service_accounts", "Service Accounts"),
            ("user_groups", "User Groups"),
            ("administrator_vaults", "Administrator Vaults"),
            ("access_rules", "Access Rules"),
        )
    )
)

# The whole table, by the groups that the ids of bindings and the configuration name.
TABLE: dict[str, tuple[Key, ...]] = {
    "rows": (*MOVING, *ROWS),
    "users": USERS,
    "service_accounts": SERVICE_ACCOUNTS,
    "credentials": CREDENTIALS,
    "vault": VAULT,
    "user_groups": GROUPS,
    "administrator_vaults": ADMINISTRATOR_VAULTS,
    "access_rules": ACCESS_RULES,
    "resources": RESOURCES,
    "tabs": TABS,
    "program": APP,
}
# What the keys of these go before: sections of the details, which have the focus while they do.
SECTIONS = ("credentials", "vault")
# What is everywhere on the main screen.
EVERYWHERE = ("tabs", "program")


# How soon the footer leaves a binding out: the lower, the sooner. How to get help and out never,
# unless all are; what a tab does last; what everybody knows always.
ALWAYS, VERB, KNOWN, SPARE, COMMON, UNTOLD = range(5, -1, -1)
# The key of every table to open a row.
OPEN = "table.open"
_ALWAYS = {"help", "back"}
_KNOWN = {"filter", "open"}
_UNTOLD = {key.action for key in MOVING} | {"previous_tab", "next_tab"}
_UNTOLD |= {"app.redraw", "app.suspend_program"}


def _importance(key: Key) -> int:
    if key.action in _ALWAYS:
        return ALWAYS
    if key.action in _UNTOLD or key in TABS:
        return UNTOLD
    if key.in_footer:
        return KNOWN if key.action in _KNOWN else VERB
    return COMMON if key in ROWS + APP else SPARE


# By the ids of bindings.
IMPORTANCE = {
    f"{group}.{key.action}": _importance(key) for group, keys in TABLE.items() for key in keys
}


def bindings(group: str, keys: tuple[Key, ...]) -> list[Binding]:
    """The keys of one group as bindings, whose ids begin with the group's name."""
    # Whoever only reads the table needs no Textual.
    from textual.binding import Binding

    return [
        Binding(
            key.keys,
            key.action,
            key.label,
            show=key.in_footer,
            key_display=key.shown,
            tooltip=key.tooltip,
            id=f"{group}.{key.action}",
        )
        for key in keys
        if key.keys
    ]

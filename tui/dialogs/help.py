"""All keys, made from the one table of keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from tui.dialogs.dialog import Dialog, button
from tui.key_names import shown_key
from tui.keymap import keymap_of
from tui.keys import MOVING, Key

_LEGEND = (
    "◆ an administrator   ● Active   ○ Pending   ✕ Suspended",
    "◇ a pre-configured user group, which cannot be renamed or deleted",
    "! after the date of an invitation: its link has expired",
    "! at a credential: not used for 90 days, or its first week; stale finds its account",
    "A filter finds names, emails, login names and groups by any part, a status from its",
    "fourth letter on, ids and access keys from six characters on.",
    "In dialogs: tab and arrows move, enter and ctrl+s save, escape leaves.",
)


class HelpDialog(Dialog[None]):
    """Shows what each key does."""

    def __init__(self) -> None:
        super().__init__("Keys")

    def compose_body(self) -> Iterable[Widget]:
        """The keys by group."""
        keymap = keymap_of(self.app)
        enter = keymap.named("rows", "open")
        rows, own = keymap.group("rows"), keymap.group
        for title, keys in (
            ("Moving", rows[: len(MOVING)]),
            ("Rows", rows[len(MOVING) :]),
            ("Users", own("users")),
            ("Service Accounts", own("service_accounts")),
            (f"Credentials, in the details: {enter} goes to them, escape back", own("credentials")),
            ("A vault in the details, after the credentials", own("vault")),
            ("User Groups", own("user_groups")),
            ("Administrator Vaults", own("administrator_vaults")),
            ("Access Rules", own("access_rules")),
            ("The catalogue of resources, from Access Rules", own("resources")),
            ("Program", own("program")),
        ):
            yield Static(Content(title), classes="help-group")
            yield Static(Content("\n").join(_line(key) for key in keys if key.keys))
        yield Static(Content("\n").join(Content(line) for line in _LEGEND), classes="help-group")

    def compose_buttons(self) -> Iterable[Button]:
        """Close."""
        yield button("Close", "cancel", "primary")

    def on_mount(self) -> None:
        """Begin at the top, where the arrows scroll."""
        body = self.query_one(".dialog-body")
        body.can_focus = True
        body.focus()


def _line(key: Key) -> Content:
    shown = " ".join(map(shown_key, key.all_keys))
    return Content.assemble((f" {shown:<7} ", "bold $accent"), key.tooltip)

"""The credentials of a member: a table in the details panel, and the one at the cursor in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import DataTable, Static

from store.credential_views import CredentialRow
from store.times import from_text
from tui.dates import ago, day_and_time, narrow, until
from tui.keymap import keymap_of
from tui.keys import CREDENTIALS, bindings
from tui.text import SHORT_ID_CELLS, cell, content, short_id
from tui.widgets.panel_section import PanelSection
from tui.widgets.record_table import Column, RecordTable

_COLUMNS = (
    Column("label", "LABEL", 12, flex=3),
    Column("key", "KEY", SHORT_ID_CELLS),
    Column("created", "CREATED", 10),
    Column("expires", "EXPIRES", 11),
    Column("last_used", "LAST USED", 12),
    Column("worker", "WORKER/IP", 9, flex=2),
)
_NONE = "None: create new credentials below."


class CredentialsTable(PanelSection):
    """A table of credentials; what is to be done to one is asked of the tab.

    Args:
        reason_against: Why an action does not apply to a credential now, or "".
        colour: A colour of the theme by its name, as the cells of tables name it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("credentials", CREDENTIALS)]

    @dataclass
    class Wanted(Message):
        """The person wants this done, to the credential at the cursor or to none."""

        action: str
        row: CredentialRow | None

    def __init__(
        self,
        reason_against: Callable[[str, CredentialRow | None], str],
        colour: Callable[[str], str],
    ) -> None:
        super().__init__(classes="credentials")
        self._reason_against = reason_against
        self._colour = colour
        self._now = ""
        self._may_create = False
        self._by_key: dict[str, CredentialRow] = {}

    def compose(self) -> ComposeResult:
        """How many there are, the table, and the one at the cursor."""
        yield Static(classes="credentials-heading")
        yield RecordTable(_COLUMNS, classes="credentials-rows")
        yield Static(classes="credential-text")

    def on_mount(self) -> None:
        """Have the keys that the person wants."""
        self.take_keys("credentials")
        keymap_of(self.app).release(self.table, "credentials")

    def show(self, rows: Sequence[CredentialRow] | None, now: str, *, may_create: bool) -> None:
        """Show these in the place of what was shown; the cursor stays on its credential.

        Args:
            rows: The credentials, or None where they are not to be seen.
            now: The time, for what is relative to it.
            may_create: Whether the viewer may make another.
        """
        self.display = rows is not None
        self._now = now
        self._may_create = may_create
        had_focus = self.screen.focused in (self, self.table)
        self._by_key = {row.access_key: row for row in rows or ()}
        self.table.show(list(self._by_key), self._cells)
        self.table.display = bool(rows)
        # Without a credential the section itself takes the keys, or else the panel around it.
        self.can_focus = not rows and may_create
        if had_focus:
            self.screen.set_focus(self._focusable)
        self._show_heading(_NONE if may_create else "None.")
        self._show_chosen()

    @property
    def table(self) -> RecordTable:
        """The table itself."""
        return self.query_one(RecordTable)

    @property
    def chosen(self) -> CredentialRow | None:
        """The credential at the cursor."""
        key = self.table.cursor_key
        return self._by_key.get(key) if key is not None else None

    @property
    def can_be_entered(self) -> bool:
        """Whether there is a credential to go to, or one can be made."""
        return self.display and (bool(self._by_key) or self.can_focus)

    def enter(self) -> None:
        """Go to the credentials."""
        self._focusable.focus()

    @property
    def _focusable(self) -> Widget:
        if self._by_key:
            return self.table
        if self.can_focus:
            return self
        return next(node for node in self.ancestors if isinstance(node, Widget) and node.can_focus)

    def reason_against(self, action: str) -> str:
        """Why an action does not apply to the credential at the cursor, or ""."""
        return self._reason_against(action, self.chosen)

    def label_of(self, action: str) -> str:
        """What an action does to the credential at the cursor now."""
        row = self.chosen
        if row is not None and action == "suspend" and row.is_suspended:
            return "Let back in"
        if row is not None and action == "rotate" and row.replaced_by is not None:
            return "Take back"
        return ""

    def _show_heading(self, none: str) -> None:
        rows = self._by_key.values()
        good = sum(row.can_sign_in for row in rows)
        heading = Content.assemble((f"CREDENTIALS {good}", "bold $accent"))
        if good != len(rows):
            heading += Content.styled(f" that can sign in, of {len(rows)}", "$text-muted")
        if not rows:
            heading += Content.styled(f"  {none}", "$text-muted")
        self.query_one(".credentials-heading", Static).update(heading)

    def _cells(self, key: str) -> Sequence[Text]:
        row, now = self._by_key[key], self._now
        style = "" if row.can_sign_in else "dim"
        used = narrow(ago(row.last_used_at, now))
        return (
            cell(row.label, style),
            Text(short_id(key), style),
            Text(_short_day(row.created_at), style),
            self._expiry_cell(row),
            Text(f"{used} !" if row.is_stale else used, self._stale_style(row)),
            cell(row.worker or row.address, style),
        )

    def _expiry_cell(self, row: CredentialRow) -> Text:
        if row.is_suspended:
            return Text("suspended", self._colour("error"))
        if row.is_expired:
            return Text("expired", self._colour("error"))
        if row.replaced_by is not None and row.expires_at is not None:
            return Text(narrow(until(row.expires_at, self._now)), self._colour("warning"))
        return Text(_short_day(row.expires_at) or "never")

    def _stale_style(self, row: CredentialRow) -> str:
        return self._colour("warning") if row.is_stale else ""

    def _show_chosen(self) -> None:
        row = self.chosen
        rotate = keymap_of(self.app).named("credentials", "rotate")
        text = Content("\n").join(_described(row, self._now, rotate)) if row else Content("")
        self.query_one(".credential-text", Static).update(text)

    @on(DataTable.RowHighlighted)
    def _moved(self, event: DataTable.RowHighlighted) -> None:
        event.stop()
        self._show_chosen()
        self.refresh_bindings()

    @on(DataTable.RowSelected)
    def _entered(self, event: DataTable.RowSelected) -> None:
        event.stop()
        self.action_edit()

    @on(DataTable.HeaderSelected)
    def _header_clicked(self, event: DataTable.HeaderSelected) -> None:
        # The tab's table sorts by a click there; these stand in the order of their making.
        event.stop()

    # Actions

    def action_create(self) -> None:
        """Make another credential."""
        self._want("create")

    def action_edit(self) -> None:
        """Change the label or the expiry."""
        self._want("edit")

    def action_rotate(self) -> None:
        """Replace the credential, or take that back."""
        self._want("rotate")

    def action_suspend(self) -> None:
        """Suspend the credential, or let it back in."""
        self._want("suspend")

    def action_revoke(self) -> None:
        """Revoke the credential."""
        self._want("revoke")

    def action_copy(self) -> None:
        """Copy the access key or the label."""
        self._want("copy")

    def action_cursor_down(self) -> None:
        """Go to the next credential."""
        self.table.action_cursor_down()

    def action_cursor_up(self) -> None:
        """Go to the credential before."""
        self.table.action_cursor_up()

    def _want(self, action: str) -> None:
        self.post_message(self.Wanted(action, self.chosen))


def _described(row: CredentialRow, now: str, rotate: str) -> list[Content]:
    lines = [
        Content.assemble((content(row.label).plain, "bold"), f"  {row.access_key}"),
        _pair("State", _state_of(row, now, rotate)),
        _pair("Created", day_and_time(row.created_at)),
    ]
    if row.last_used_at is None:
        lines.append(_pair("Last used", "never"))
    else:
        where = ", ".join(part for part in (row.worker, row.address) if part)
        used = f"{day_and_time(row.last_used_at)} ({ago(row.last_used_at, now)})"
        lines.append(_pair("Last used", f"{used} from {where}" if where else used))
    return lines


def _state_of(row: CredentialRow, now: str, rotate: str) -> str:
    if row.is_expired:
        return f"expired {day_and_time(row.expires_at)}"
    words = "good" if row.can_sign_in else "its account is suspended"
    if row.is_suspended:
        words = "suspended: it cannot sign in until it is let back in"
    if row.expires_at is not None:
        words += f", expires {day_and_time(row.expires_at)} ({until(row.expires_at, now)})"
    if row.replaced_by is not None:
        words += f"; being replaced by {short_id(row.replaced_by)}, {rotate} takes that back"
    if row.is_stale:
        words += "; stale: " + ("never used" if row.last_used_at is None else "not for 90 days")
    return words


def _short_day(text: str | None) -> str:
    # Two of them stand beside each other: the usual form would take the place of the label.
    return f"{from_text(text).astimezone():%Y-%m-%d}" if text else ""


def _pair(label: str, value: str) -> Content:
    return Content.assemble((f"{label:<14}", "$text-muted"), content(value))

"""Editing a credential: its label and its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.credential_views import CredentialRow
from store.errors import InvalidInput
from store.operations.credentials import CredentialEdit
from tui.credential_texts import last_use
from tui.dates import MOMENT_HINT, day_and_time, parse_moment, typed, until
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import content, shortened
from tui.widgets.field import Field, text_input

_ROTATING = (
    "It is being rotated. Another end takes the place of the one that the rotation gave it, and "
    "the rotation cannot be cancelled any more."
)


class EditCredential(Form[bool]):
    """Asks for a credential's label and end. Gives True when they were saved.

    Args:
        row: The credential as it is.
        now: The time.
        save: Saves the edit.
    """

    def __init__(
        self,
        row: CredentialRow,
        *,
        now: str,
        save: Callable[[CredentialEdit], Awaitable[object]],
    ) -> None:
        super().__init__(f"Edit {shortened(row.label, 80)}")
        self._row = row
        self._now = now
        self._save = save
        self._former_end = typed(row.expires_at)

    def compose_body(self) -> Iterable[Widget]:
        """Which one it is, and the fields."""
        row = self._row
        which = f"Access key {row.access_key}, {last_use(row, self._now)}."
        yield Static(content(which), classes="fact")
        yield Field("label", "Label", text_input(row.label))
        end = text_input(self._former_end, placeholder="never")
        yield Field("expires_at", "Expires (local time)", end, hint=MOMENT_HINT)
        yield Static(classes="end")
        if row.replaced_by:
            yield Static(content(_ROTATING), classes="notice")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or save."""
        yield button("Cancel", "cancel")
        yield button("Save", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the label."""
        self.query(Input).first().focus()
        self._show_end()

    @on(Input.Changed, "#field-expires-at Input")
    def _show_end(self) -> None:
        self.query_one(".end", Static).update(content(self._end_in_words()))

    def _end_in_words(self) -> str:
        try:
            end = self._end()
        except InvalidInput:
            # It is said at the field when the dialog is saved, not while somebody types.
            return ""
        if end is None:
            return "Never ends."
        if end <= self._now:
            return f"Ended {day_and_time(end)}."
        return f"Ends {day_and_time(end)}, {until(end, self._now)}."

    async def save(self) -> bool:
        """Save both; an end that was not touched stays as it is to the second."""
        row = self._row
        edit = CredentialEdit(row.access_key, row.revision, self.value("label"), self._end())
        await self._save(edit)
        return True

    def _end(self) -> str | None:
        text = self.value("expires_at")
        if text.strip() == self._former_end:
            return self._row.expires_at
        return parse_moment(text, self._now)

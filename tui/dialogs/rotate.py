"""Rotating a credential: how long the old one goes on working."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from textual import on
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from store.credential_views import CredentialRow
from store.errors import InvalidInput
from tui.credential_texts import last_use
from tui.dates import SPAN_HINT, day_and_time, end_after, parse_span
from tui.dialogs.choice import Choice
from tui.dialogs.dialog import button
from tui.dialogs.form import Form
from tui.text import content, short_id, shortened
from tui.widgets.field import Field, text_input
from tui.widgets.one_picker import OnePicker

_OTHER = "other"
_SPANS = {
    "now": ("At once", timedelta()),
    "1h": ("1 hour", timedelta(hours=1)),
    "24h": ("24 hours", timedelta(hours=24)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}
# Time enough to change what uses it, and none that is forgotten.
_PRESENT = "24h"
_LABEL_CELLS = 16


class RotateDialog(Form[timedelta]):
    """Asks how long the old credential goes on working. Gives that span.

    Args:
        row: The credential that is rotated.
        now: The time.
    """

    def __init__(self, row: CredentialRow, *, now: str) -> None:
        super().__init__(f"Rotate {shortened(row.label, 80)}")
        self._row = row
        self._now = now

    def compose_body(self) -> Iterable[Widget]:
        """What happens, and the choices."""
        row = self._row
        yield Static(
            content(
                "A new credential is made and shown once. The old one works until the end that "
                f"you choose. It is {short_id(row.access_key)}, {last_use(row, self._now)}."
            ),
            classes="intro",
        )
        yield Field("grace", "The old one ends", OnePicker(self._choices(), present=_PRESENT))
        yield Field("span", "Another span", text_input(), hint=SPAN_HINT)
        yield Static(classes="end")

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or rotate."""
        yield button("Cancel", "cancel")
        yield button("Rotate", "save", "primary")

    def on_mount(self) -> None:
        """Begin with the choices."""
        self.query_one(OnePicker).focus()
        self._show_span()

    @on(OnePicker.Picked)
    def _show_span(self) -> None:
        is_other = self.query_one(OnePicker).chosen == _OTHER
        self.query_one("#field-span").display = is_other
        self.query_one(".end").display = is_other

    @on(OnePicker.Entered)
    def _go_on(self, event: OnePicker.Entered) -> None:
        event.stop()
        is_other = self.query_one(OnePicker).chosen == _OTHER
        self.query_one("#field-span Input" if is_other else "#save").focus()

    @on(Input.Changed)
    def _show_end(self) -> None:
        self.clear_errors()
        try:
            words = f"Ends {self._end_in_words(self._typed_span())}."
        except InvalidInput:
            # It is said at the field when the dialog is saved, not while somebody types.
            words = ""
        self.query_one(".end", Static).update(content(words))

    async def save(self) -> timedelta:
        """The span that was chosen."""
        chosen = self.query_one(OnePicker).chosen
        return self._typed_span() if chosen == _OTHER else _SPANS[chosen][1]

    def _typed_span(self) -> timedelta:
        span = parse_span(self.value("span"))
        end_after(span, self._now)
        return span

    def _choices(self) -> list[Choice]:
        spans = [
            Choice(value, f"{label:<{_LABEL_CELLS}}{self._end_in_words(span)}")
            for value, (label, span) in _SPANS.items()
        ]
        return [*spans, Choice(_OTHER, "Another span…")]

    def _end_in_words(self, span: timedelta) -> str:
        if not span:
            return "now; agents that use it fail"
        end, own = end_after(span, self._now), self._row.expires_at
        if own is not None and own <= end:
            return f"{day_and_time(own)}, when it expires by itself"
        return day_and_time(end)

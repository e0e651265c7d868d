"""What has become of a credential that is just being handed out, in one line."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from store.refusal_views import Contact, RefusedRow
from store.usage import NEVER, Used
from tui.dates import ago
from tui.sign_in_words import times, why
from tui.text import content, shortened

_NOT_USED = "Not used yet."
_ADDRESS_CELLS = 40
# So much of a worker's name is said where there is hardly any room.
_FEWEST_CELLS = 8


class ContactLine(Static):
    """Says that a key has not been used, was refused, has signed in, or cannot any more.

    It is one line high from the beginning, so that nothing moves.
    """

    def __init__(self) -> None:
        super().__init__(Content.styled(_NOT_USED, "$text-muted"), classes="contact")
        # The first use that was seen: later ones take its place in the usage.
        self._first = NEVER
        self._contact: Contact | None = None

    def on_resize(self) -> None:
        """Say it in the room that there is now."""
        if self._contact is not None:
            self.show(self._contact)

    def show(self, contact: Contact) -> None:
        """Say what has become of the credential."""
        self._contact = contact
        if self._first is NEVER and contact.used.at is not None:
            self._first = contact.used
        # It is as high and as wide as before, whatever it says.
        self.update(self._words(contact), layout=False)

    def _words(self, contact: Contact) -> Content:
        if contact.ending is not None:
            words = content(f"It cannot sign in: {why(contact.ending)}.")
            return words.stylize("$text-error")
        if self._first.at is not None:
            return self._first_contact(self._first, contact.now).stylize("$text-success")
        if contact.refused is not None:
            return _refused(contact.refused, contact.now).stylize("$text-warning")
        return Content.styled(_NOT_USED, "$text-muted")

    def _first_contact(self, first: Used, now: str) -> Content:
        words = f"Signed in for the first time: {ago(first.at, now)}"
        address = shortened(first.address, _ADDRESS_CELLS)
        if not first.worker:
            return content(f"{words} from {address}" if address else words)
        at = f" ({address})" if address else ""
        # The address is said whole, and so much of the name as there is room for.
        room = self.size.width - cell_len(f"{words} from {at}")
        return content(f"{words} from {shortened(first.worker, max(_FEWEST_CELLS, room))}{at}")


def _refused(row: RefusedRow, now: str) -> Content:
    one = row.sign_ins
    words = f"Refused {times(one.count)}: {why(row.grounds)}, {ago(one.last_at, now)}"
    address = shortened(one.address, _ADDRESS_CELLS)
    return content(f"{words} from {address}" if address else words)

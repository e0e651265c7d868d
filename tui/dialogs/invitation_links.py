"""The links of invitations, shown once, to be copied: no mail is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from store.operations.invitations import InvitationLink
from tui.dialogs.dialog import button
from tui.dialogs.shown_once import SectionArea, ShownOnce
from tui.dialogs.vault_file import ExportText, Write
from tui.text import content


class InvitationLinks(ShownOnce[None]):
    """Shows a link for each invited user.

    Args:
        links: The links.
        url_notice: What is to be said of their URL, or "".
        write: Writes to a new file of that path that text; None where no file is written.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False, id="links.down"),
        Binding("up", "step(-1)", show=False, id="links.up"),
    ]

    def __init__(
        self, links: Sequence[InvitationLink], url_notice: str, write: Write | None = None
    ) -> None:
        count = len(links)
        super().__init__("1 user invited" if count == 1 else f"{count:,} users invited")
        self._links = links
        self._url_notice = url_notice
        self._write = write
        # Those that nobody has copied or saved.
        self._left = {link.link for link in links}

    def compose_body(self) -> Iterable[Widget]:
        """What the links are, and the links, in what can be selected."""
        yield Static(
            content(
                "No mail is sent: copy the links and pass them on. Each opens a page of "
                "clearml-admin serve, which must answer at the API URL. A link is good once, "
                "for 14 days, and is not shown again; Send again makes a new one."
            )
        )
        yield SectionArea(_as_lines(self._links), classes="links")
        if self._url_notice:
            yield Static(content(self._url_notice), classes="notice")

    def compose_buttons(self) -> Iterable[Button]:
        """Copy all of them or the one at the cursor, or leave."""
        if len(self._links) > 1:
            yield button("Copy all", "copy-all", "primary")
            yield button("Copy this line's link", "copy-one")
        else:
            yield button("Copy the link", "copy-one", "primary")
        if self._write is not None:
            yield button("Save…", "save")
        yield button("Done", "cancel")

    def on_mount(self) -> None:
        """Begin at the button to copy."""
        self.query(Button).first().focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, or leave."""
        event.stop()
        if event.button.id == "copy-all":
            self.copy(_as_lines(self._links))
        elif event.button.id == "copy-one":
            row = self.query_one(TextArea).cursor_location[0]
            self.copy(self._links[min(row, len(self._links) - 1)].link)
        elif event.button.id == "save":
            self._save()

    def action_step(self, lines: int) -> None:
        """Go to another line, also from the buttons."""
        area = self.query_one(TextArea)
        row = area.cursor_location[0] + lines
        area.move_cursor((min(max(row, 0), len(self._links) - 1), 0))

    def note_taken(self, text: str) -> None:
        """Note which links somebody has copied."""
        self._left -= {link for link in self._left if link in text}

    @work(group="save")
    async def _save(self) -> None:
        if self._write is None:
            return
        dialog = ExportText(_as_lines(self._links), "~/clearml-invitations.txt", self._write)
        path = await self.app.push_screen_wait(dialog)
        if path is not None:
            self._left = set()
            self.notify(f"Saved to {path}.", markup=False)

    async def may_leave(self) -> bool:
        """Whoever has neither copied nor saved all of them is asked."""
        left, count = len(self._left), len(self._links)
        them = "the link" if count == 1 else "the links" if left == count else f"{left:,} of them"
        title = f"Leave without having copied or saved {them}?"
        effect = "It is not shown again" if left == 1 else "They are not shown again"
        effect += ". Send again (l) makes new links, and ends these."
        if not left or await self.asks(title, effect):
            return True
        self.query(Button).first().focus()
        return False


def _as_lines(links: Sequence[InvitationLink]) -> str:
    return "\n".join(f"{link.email}  {link.link}" for link in links)

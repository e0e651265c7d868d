"""The links of invitations, shown once, to be copied: no mail is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from store.operations.invitations import InvitationLink
from tui.dialogs.dialog import Dialog, button
from tui.text import content


class InvitationLinks(Dialog[None]):
    """Shows a link for each invited user.

    Args:
        links: The links.
        url_notice: What is to be said of their URL, or "".
    """

    def __init__(self, links: Sequence[InvitationLink], url_notice: str) -> None:
        count = len(links)
        super().__init__("1 user invited" if count == 1 else f"{count:,} users invited")
        self._links = links
        self._url_notice = url_notice

    def compose_body(self) -> Iterable[Widget]:
        """What the links are, and the links, in what can be selected."""
        yield Static(
            content(
                "No mail is sent: copy the links and pass them on. Each opens a page of "
                "clearml-admin serve, which must answer at the API URL. A link is good once, "
                "for 14 days, and is not shown again; Send again makes a new one."
            )
        )
        yield TextArea(
            _as_lines(self._links),
            read_only=True,
            soft_wrap=False,
            compact=True,
            classes="links",
        )
        if self._url_notice:
            yield Static(content(self._url_notice), classes="notice")

    def compose_buttons(self) -> Iterable[Button]:
        """Copy all of them or the one at the cursor, or leave."""
        if len(self._links) > 1:
            yield button("Copy all", "copy-all", "primary")
            yield button("Copy this line's link", "copy-one")
        else:
            yield button("Copy the link", "copy-one", "primary")
        yield button("Done", "cancel")

    def on_mount(self) -> None:
        """Begin at the button to copy."""
        self.query(Button).first().focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, or leave."""
        event.stop()
        if event.button.id == "copy-all":
            self._copy(_as_lines(self._links))
        elif event.button.id == "copy-one":
            row = self.query_one(TextArea).cursor_location[0]
            self._copy(self._links[min(row, len(self._links) - 1)].link)

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.notify("Sent to your terminal's clipboard.", markup=False)


def _as_lines(links: Sequence[InvitationLink]) -> str:
    return "\n".join(f"{link.email}  {link.link}" for link in links)

"""Inviting users: many emails at once, checked as one types (SPEC, Rules, Users)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static, TextArea

from store.operations.invitations import InvitationLink, Invitee
from store.views import GroupName
from tui.dialogs.dialog import Dialog, button
from tui.key_queue import BESIDE
from tui.text import content, visible
from tui.widgets.email_area import EmailArea
from tui.widgets.field import Field
from tui.widgets.group_picker import GroupPicker

Check = Callable[[str], Awaitable[list[Invitee]]]
Invite = Callable[[list[Invitee], list[str]], Awaitable[list[InvitationLink] | None]]
ShowLinks = Callable[[list[InvitationLink]], Awaitable[None]]

_PAUSE_IN_TYPING = 0.15
_MOST_PROBLEMS_SHOWN = 5


class InviteDialog(Dialog[int]):
    """Asks for emails and groups, invites, and shows the links. Gives how many were invited.

    Args:
        workspace: The workspace's name.
        groups: The groups to choose from.
        places: How many places are left, or None where there is no limit.
        check: Says what is wrong with each address of a text.
        invite: Invites those addresses into those groups.
        show_links: Shows the links, once.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "invite", "Invite", id="invite.invite"),
        Binding("f8", "next_bad", "Next bad one", id="invite.next_bad"),
    ]

    def __init__(
        self,
        *,
        workspace: str,
        groups: Sequence[GroupName],
        places: int | None,
        check: Check,
        invite: Invite,
        show_links: ShowLinks,
    ) -> None:
        super().__init__(f"Invite users to {workspace}")
        self._groups = groups
        self._places = places
        self._check = check
        self._invite = invite
        self._show_links = show_links
        self._invited = 0

    def compose_body(self) -> Iterable[Widget]:
        """The emails, what is wrong with them, and the groups."""
        hint = "Separated by commas, blanks or lines; also as Name <ada@acme.example>."
        yield Field("emails", "Emails", EmailArea(), hint=hint)
        yield Static(classes="invite-verdict")
        yield Field("groups", "Groups to join (all join Users)", GroupPicker(self._groups))

    def compose_buttons(self) -> Iterable[Button]:
        """Cancel or invite."""
        yield button("Cancel", "cancel")
        yield button("Invite", "invite", "primary")

    def on_mount(self) -> None:
        """Begin with the emails."""
        self._area.focus()
        self._show_verdict([])

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Leave with what was done so far, or invite."""
        event.stop()
        if event.button.id == "invite":
            self.action_invite()

    def action_cancel(self) -> None:
        """Leave; those who were invited before the bad ones were left are invited."""
        if not self.is_busy:
            self.dismiss(self._invited or None)

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self.clear_errors()
        self._check_soon()

    @work(exclusive=True, group=BESIDE)
    async def _check_soon(self) -> None:
        import asyncio

        await asyncio.sleep(_PAUSE_IN_TYPING)
        self._show_verdict(await self._check(self._area.text))

    @work(group="invite")
    async def action_invite(self) -> None:
        """Invite all but the bad ones, and show their links."""
        if self.is_busy:
            return
        checked = await self._check(self._area.text)
        self._show_verdict(checked)
        valid = [invitee for invitee in checked if not invitee.problem]
        if checked and not valid:
            self.show_problem("None of these can be invited; the reasons are above.")
            return
        groups = self.query_one(GroupPicker).chosen
        links = await self.attempt(self._invite(valid, groups))
        if links is None:
            return
        self._invited += len(links)
        bad = [invitee.text for invitee in checked if invitee.problem]
        await self._show_links(links)
        if not bad:
            self.dismiss(self._invited)
            return
        self._places = None if self._places is None else self._places - len(links)
        self._area.text = "\n".join(bad)
        self._area.focus()

    def action_next_bad(self) -> None:
        """Go to the next address that cannot be invited."""
        if not self._area.go_to_bad():
            self.notify("All of these can be invited.", markup=False)

    @property
    def _area(self) -> EmailArea:
        return self.query_one(EmailArea)

    def _show_verdict(self, checked: list[Invitee]) -> None:
        bad = [invitee for invitee in checked if invitee.problem]
        self._area.mark([invitee.text for invitee in bad])
        lines = [self._summary(len(checked) - len(bad), len(bad))]
        for invitee in bad[:_MOST_PROBLEMS_SHOWN]:
            lines.append(Content.styled(f"  {visible(_explained(invitee))}", "$text-error"))
        if len(bad) > _MOST_PROBLEMS_SHOWN:
            more = f"  and {len(bad) - _MOST_PROBLEMS_SHOWN:,} more, marked in the field"
            lines.append(Content.styled(more, "$text-error"))
        self.query_one(".invite-verdict", Static).update(Content("\n").join(lines))

    def _summary(self, valid: int, bad: int) -> Content:
        parts = [f"{valid:,} can be invited"]
        if bad:
            parts.append(f"{bad:,} cannot (f8 goes to the next)")
        if self._places is not None:
            parts.append(f"{self._places:,} place{'' if self._places == 1 else 's'} left")
        is_too_many = self._places is not None and valid > self._places
        style = "$text-error" if is_too_many else "$text-muted"
        return content(" · ".join(parts)).stylize(style)


def _explained(invitee: Invitee) -> str:
    if invitee.text in invitee.problem:
        return invitee.problem
    return f"{invitee.text}: {invitee.problem}"

"""What a member can reach, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button

from store.terms import READ_MODIFY, READ_ONLY
from tui.access_sheets import WHILE_SUSPENDED, AccessLine, AccessSheet, Reason
from tui.access_words import NONE, path_words, permission_words
from tui.dialogs.access_table import CALLED_CELLS, AccessTable
from tui.dialogs.dialog import button
from tui.resource_words import resource_cell
from tui.text import content, shortened, visible
from tui.widgets.record_table import Column

_CALLED_CELLS = 60
_MOST_QUEUES = 6
_QUEUE_CELLS = 30


class EffectiveAccessDialog(AccessTable):
    """A table of resources, each with the permission that results and every grant behind it.

    Args:
        sheet: What the member can reach.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "uncovered", "Without rules", id="access.uncovered"),
    ]

    columns = (
        Column("type", "TYPE", 8),
        Column("resource", "RESOURCE", 16, flex=2),
        Column("permission", "PERMISSION", 13),
        Column("because", "BECAUSE", 16, flex=3),
    )

    def __init__(self, sheet: AccessSheet) -> None:
        title = f"Effective access of {shortened(sheet.called, _CALLED_CELLS)}"
        super().__init__(title, "Filter by type, name, permission, none, or group")
        self._sheet = sheet
        # Where no rule covers anything there is nothing else to look at.
        self._shows_uncovered = not sheet.covered

    def lines(self) -> Sequence[AccessLine]:
        """The resources that a rule covers, and on demand the others."""
        sheet = self._sheet
        return (*sheet.covered, *sheet.uncovered) if self._shows_uncovered else sheet.covered

    def head(self) -> Content:
        """What the member is, what that gives, and how much of what they can reach."""
        return Content("\n").join([*self._standing(), self._counts(), *self._without_rules()])

    def _standing(self) -> list[Content]:
        sheet, lines = self._sheet, []
        if sheet.is_suspended:
            words = "Suspended: effective access is none while suspended."
            lines.append(Content.styled(words, "bold $text-error"))
        if sheet.closed_queues and not sheet.is_suspended:
            queues = [shortened(queue, _QUEUE_CELLS) for queue in sheet.closed_queues]
            words = f"Queues it cannot reach: {_first(queues)}"
            lines.append(Content(words).stylize("bold $text-warning"))
        if sheet.is_administrator:
            lines.append(Content("Administrator: Read & Modify on every resource."))
        if sheet.defines_queues:
            words = "define queues: may create, delete and rename queues."
            lines.append(Content.styled(words, "$text-success"))
        if sheet.allows_impersonation:
            lines.append(
                Content(
                    "A task that it runs for its owner has what rules give the owner and the "
                    "owner's groups, but none of the built-in powers of Admins and Queue admins."
                )
            )
        return lines

    def _counts(self) -> Content:
        covered = self._sheet.covered
        if not covered:
            return Content("No access rule covers any resource.")
        permissions = [line.permission for line in covered]
        modify, read = permissions.count(READ_MODIFY), permissions.count(READ_ONLY)
        none = permissions.count(None)
        return Content.assemble(
            f"{READ_MODIFY} {modify:,} · {READ_ONLY} {read:,} · ",
            (f"{NONE} {none:,}", "$text-error" if none else ""),
            (f" of {_counted(len(covered))} with rules", "$text-muted"),
        )

    def _without_rules(self) -> list[Content]:
        count = len(self._sheet.uncovered)
        if not count:
            return []
        has = WHILE_SUSPENDED if self._sheet.is_suspended else f"{READ_MODIFY} for every member"
        words = f"{_counted(count)} that no rule covers: {has}"
        return [Content.styled(words, "$text-muted")]

    def cells(self, line: AccessLine) -> Sequence[Text]:
        """The resource, the permission, and the first reason."""
        return (
            Text(line.kind),
            resource_cell(line.name, line.path),
            self.permission_cell(line.permission),
            self.reason_cell(line.key),
        )

    def described(self, line: AccessLine) -> Content:
        """The resource in full, and the permission."""
        where = content(path_words(line.path, line.name, CALLED_CELLS)).stylize("bold")
        style = "" if line.permission else "$text-error"
        return Content.assemble(
            f"{line.kind} ", where, "  ", (permission_words(line.permission), style)
        )

    def reasons(self, key: str) -> Sequence[Reason]:
        """Every grant behind the permission on a resource."""
        return self._sheet.reasons[key]

    def nothing_there(self) -> str:
        """What an empty catalogue is told."""
        return "There is no resource in the catalogue. What is not in it, no rule covers."

    def compose_buttons(self) -> Iterable[Button]:
        """The resources without rules, copy, or leave."""
        if self._sheet.covered and self._sheet.uncovered:
            yield button(self._uncovered_label(), "uncovered")
        yield from super().compose_buttons()

    def _uncovered_label(self) -> str:
        if self._shows_uncovered:
            return "Only those with rules"
        return f"Also the {len(self._sheet.uncovered):,} without rules"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Show the resources without rules, or hide them. Textual calls the base's own, too."""
        event.stop()
        if event.button.id == "uncovered":
            self.action_uncovered()

    def action_uncovered(self) -> None:
        """Show the resources that no rule covers, too, or hide them again."""
        for one in self.query("#uncovered").results(Button):
            self._shows_uncovered = not self._shows_uncovered
            one.label = Content(self._uncovered_label())
            self.list_lines()

    async def copied(self, lines: Sequence[AccessLine]) -> str:
        """A heading, and a line for each resource with tabs between its parts."""
        return await asyncio.to_thread(self._as_text, lines)

    def _as_text(self, lines: Sequence[AccessLine]) -> str:
        rows = [
            "\t".join(
                visible(part)
                for part in (
                    line.kind,
                    path_words(line.path, line.name),
                    permission_words(line.permission),
                    "; ".join(reason.words for reason in self.reasons(line.key)),
                )
            )
            for line in lines
        ]
        return "\n".join(
            [f"Effective access of {visible(self._sheet.called)}", self.head().plain, *rows]
        )


def _first(names: Sequence[str]) -> str:
    more = len(names) - _MOST_QUEUES
    return ", ".join(names[:_MOST_QUEUES]) + (f" +{more:,}" if more > 0 else "")


def _counted(count: int) -> str:
    return f"{count:,} resource{'' if count == 1 else 's'}"

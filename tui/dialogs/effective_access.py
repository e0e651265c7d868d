"""What a member can reach, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button

from store.terms import READ_MODIFY, READ_ONLY
from tui.access_sheets import WHILE_SUSPENDED, AccessLine, AccessSheet, Reason
from tui.access_words import NONE, path_words, permission_words
from tui.dialogs.access_table import CALLED_CELLS, AccessTable
from tui.dialogs.confirmation import HOW_TO_SEE_ALL
from tui.dialogs.dialog import button
from tui.resource_words import resource_cell
from tui.text import content, shortened, visible
from tui.whole_lists import (
    Abridged,
    Line,
    Whole,
    abridged,
    in_a_line,
    lines_of,
    wholes_of,
    words_of,
)
from tui.widgets.record_table import Column

_CALLED_CELLS = 60
_MOST_NAMES = 6
_QUEUE_CELLS = 30
ShowTasks = Callable[[], Awaitable[object]]


class EffectiveAccessDialog(AccessTable):
    """A table of resources, each with the permission that results and every grant behind it.

    Args:
        sheet: What the member can reach, or what tasks can that are run for the member.
        show_tasks: Shows what the member's tasks can reach, or those that the account runs; None
            where that is shown already.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "uncovered", "Without rules", id="access.uncovered"),
        Binding("t", "tasks", "In tasks", id="access.tasks"),
        Binding("f5", "list_all", "List all", show=False, id="access.list_all"),
    ]

    columns = (
        Column("type", "TYPE", 8),
        Column("resource", "RESOURCE", 16, flex=2),
        Column("permission", "PERMISSION", 13),
        Column("because", "BECAUSE", 16, flex=3),
    )

    def __init__(self, sheet: AccessSheet, show_tasks: ShowTasks | None = None) -> None:
        called = shortened(sheet.called, _CALLED_CELLS)
        title = f"Effective access of {called}"
        if sheet.in_tasks is not None:
            runner = shortened(sheet.in_tasks.runner, _CALLED_CELLS) or "any service account"
            title = f"Effective access of tasks of {called}, run by {runner}"
        super().__init__(title, "Filter by type, name, permission, none, or group")
        self._sheet = sheet
        self._show_tasks = show_tasks
        # Where no rule covers anything there is nothing else to look at.
        self._shows_uncovered = not sheet.covered

    def lines(self) -> Sequence[AccessLine]:
        """The resources that a rule covers, and on demand the others."""
        sheet = self._sheet
        return (*sheet.covered, *sheet.uncovered) if self._shows_uncovered else sheet.covered

    def head(self) -> Content:
        """What the member is, what that gives, and how much of what they can reach."""
        standing = list(map(words_of, self._standing()))
        if self.wholes:
            standing.append(Content.styled(f"{HOW_TO_SEE_ALL}.", "$text-muted"))
        return Content("\n").join([*standing, self._counts(), *self._without_rules()])

    @property
    def wholes(self) -> tuple[Whole, ...]:
        """The lists of which it says the beginning."""
        return wholes_of(self._standing())

    def _standing(self) -> list[Line]:
        sheet = self._sheet
        lines: list[Line] = []
        if sheet.is_suspended:
            words = "Suspended: effective access is none while suspended."
            lines.append(Content.styled(words, "bold $text-error"))
        if sheet.closed_queues and not sheet.is_suspended:
            lines.append(self._closed_queues())
        if sheet.is_administrator:
            lines.append(Content("Administrator: Read & Modify on every resource."))
        if sheet.defines_queues:
            words = "define queues: may create, delete and rename queues."
            lines.append(Content.styled(words, "$text-success"))
        return [*lines, *(self._on_tasks() if sheet.in_tasks is None else self._in_tasks())]

    def _closed_queues(self) -> Line:
        queues = [shortened(queue, _QUEUE_CELLS) for queue in self._sheet.closed_queues]
        what = "Queues it cannot reach"
        line = in_a_line(what, queues, _MOST_NAMES, f"{what}: ")
        style = "bold $text-warning"
        if isinstance(line, Abridged):
            return abridged(line.words.stylize(style), *line.wholes)
        return words_of(line).stylize(style)

    def _on_tasks(self) -> list[Line]:
        """That tasks have other access than the member, and where that is shown."""
        sheet = self._sheet
        if sheet.runs_for_owners:
            return ["It may run tasks for their owners, with the owner's access: t shows which."]
        count = len(sheet.runners)
        if not count:
            return []
        accounts = "1 service account" if count == 1 else f"{count:,} service accounts"
        them = "it" if sheet.is_service_account else "them"
        return [f"{accounts} may run tasks for {them}; t shows what those reach."]

    def _in_tasks(self) -> list[Line]:
        """What counts in tasks, what does not, and who may run them."""
        sheet, tasks = self._sheet, self._sheet.in_tasks
        assert tasks is not None
        lines: list[Line] = [
            "Rules on the owner and the owner's groups count, and their vaults (v)."
        ]
        if tasks.powers:
            less = f"; less on {_counted(tasks.narrowed)}"
            words = f"Not in tasks: {', '.join(tasks.powers)}{less if tasks.narrowed else ''}."
            lines.append(Content.styled(words, "bold $text-warning"))
        if not tasks.runner:
            names = [shortened(one.name, _QUEUE_CELLS) for one in sheet.runners]
            what = "May run tasks for their owners"
            names = names or ["no service account"]
            lines.append(in_a_line(what, names, _MOST_NAMES, f"{what}: ", "; administrators"))
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
        if self._show_tasks is not None:
            yield button("In tasks", "tasks")
        yield from super().compose_buttons()

    def _uncovered_label(self) -> str:
        if self._shows_uncovered:
            return "Only those with rules"
        return f"Also {len(self._sheet.uncovered):,} without rules"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Show the resources without rules, or hide them. Textual calls the base's own, too."""
        event.stop()
        if event.button.id == "uncovered":
            self.action_uncovered()
        elif event.button.id == "tasks":
            self.action_tasks()

    def action_uncovered(self) -> None:
        """Show the resources that no rule covers, too, or hide them again."""
        for one in self.query("#uncovered").results(Button):
            self._shows_uncovered = not self._shows_uncovered
            one.label = Content(self._uncovered_label())
            self.list_lines()

    @work(group="tasks")
    async def action_tasks(self) -> None:
        """Show what tasks can reach that are run for their owner."""
        if self._show_tasks is not None and not self.is_busy:
            await self.attempt(self._show_tasks())

    @work(group="list all")
    async def action_list_all(self) -> None:
        """List the whole of what is said in part."""
        from tui.dialogs.whole_lists import WholeLists

        if wholes := self.wholes:
            self.app.push_screen(WholeLists(await asyncio.to_thread(lines_of, wholes)))

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
        return "\n".join([visible(self._title), self.head().plain, *rows])


def _counted(count: int) -> str:
    return f"{count:,} resource{'' if count == 1 else 's'}"

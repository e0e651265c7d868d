"""Who can reach a resource, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.content import Content

from store.terms import READ_MODIFY, READ_ONLY
from tui.access_sheets import AccessLine, Reason, WhoSheet
from tui.access_words import permission_words
from tui.dialogs.access_table import CALLED_CELLS, AccessTable
from tui.key_queue import BESIDE
from tui.text import cell, content, shortened, visible
from tui.widgets.record_table import Column, RecordTable

_TITLE_CELLS = 80
# Why each of these members can reach it.
Reasons = Callable[[Sequence[str]], Awaitable[Mapping[str, tuple[Reason, ...]]]]


class WhoCanDialog(AccessTable):
    """A table of members, each with the permission and what it comes from.

    Args:
        sheet: Who can reach the resource.
        reasons: Works out why each of some members can; asked for those that are drawn.
    """

    BINDINGS: ClassVar[list[BindingType]] = []

    columns = (
        Column("member", "MEMBER", 20, flex=2),
        Column("permission", "PERMISSION", 13),
        Column("because", "BECAUSE", 16, flex=3),
    )

    def __init__(self, sheet: WhoSheet, *, reasons: Reasons) -> None:
        title = f"Who can reach {shortened(sheet.called, _TITLE_CELLS)}"
        super().__init__(title, "Filter by name, email, service account, or permission")
        self._sheet = sheet
        self._work_out = reasons
        self._known = dict(sheet.reasons)
        self._wanted: dict[str, None] = {}
        self._is_working = False

    def lines(self) -> Sequence[AccessLine]:
        """Those who can reach it."""
        return self._sheet.lines

    def head(self) -> Content:
        """How many can, and whether a rule decides it."""
        lines = self._sheet.lines
        if not self._sheet.is_covered:
            return Content("No rule covers it: every member has Read & Modify.")
        modify = sum(line.permission == READ_MODIFY for line in lines)
        return Content.assemble(
            f"{READ_MODIFY} {modify:,} · {READ_ONLY} {len(lines) - modify:,}",
            (" · all other members have no access", "$text-muted"),
        )

    def cells(self, line: AccessLine) -> Sequence[Text]:
        """The member, the permission, and the first reason."""
        member = cell(line.name)
        if line.kind:
            member.append("  ").append_text(cell(line.kind, "dim"))
        return member, self.permission_cell(line.permission), self.reason_cell(line.key)

    def described(self, line: AccessLine) -> Content:
        """The member, and the permission."""
        return Content.assemble(
            content(shortened(line.name, CALLED_CELLS)).stylize("bold"),
            f" {visible(line.kind)}".rstrip(),
            f"  {permission_words(line.permission)}",
        )

    def nothing_there(self) -> str:
        """What is said where nobody can reach it."""
        return "Nobody can reach it."

    def reasons(self, key: str) -> Sequence[Reason] | None:
        """Why a member can reach it; worked out once it is asked for."""
        if key not in self._known:
            self._wanted[key] = None
            if not self._is_working:
                self._is_working = True
                self._follow()
        return self._known.get(key)

    @work(group=BESIDE)
    async def _follow(self) -> None:
        try:
            while self._wanted:
                wanted, self._wanted = list(self._wanted), {}
                known = await self.attempt(self._work_out(wanted))
                if known is None:
                    return
                self._known |= known
                self.query_one(RecordTable).refresh_rows()
                self.describe()
        finally:
            self._is_working = False

    async def copied(self, lines: Sequence[AccessLine]) -> str:
        """A heading, and a line for each member with tabs between its parts."""
        missing = [line.key for line in lines if line.key not in self._known]
        self._known |= await self._work_out(missing)
        rows = [
            "\t".join(
                (
                    visible(line.name),
                    visible(line.kind),
                    permission_words(line.permission),
                    "; ".join(visible(reason.words) for reason in self._known[line.key]),
                )
            )
            for line in lines
        ]
        return "\n".join([f"Who can reach {visible(self._sheet.called)}", self.head().plain, *rows])

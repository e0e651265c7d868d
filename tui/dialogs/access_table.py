"""A whole screen with a table of access: of one member, or to one resource."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.content import Content

from store.terms import Permission
from tui.access_sheets import AccessLine, Reason
from tui.access_words import permission_words
from tui.dialogs.table_dialog import TableDialog
from tui.text import cell, content, shortened

# So many reasons of the line at the cursor are told; copying gives all.
_MOST_REASONS = 5
# Where there are few lines on the screen.
_FEWER_REASONS = 3
_REASON_CELLS = 130
# Of what the line at the cursor is about.
CALLED_CELLS = 120


class AccessTable(TableDialog[AccessLine]):
    """Lines of who has which permission on what, and why."""

    def described(self, line: AccessLine) -> Content:
        """What the line at the cursor is about, in full."""
        raise NotImplementedError

    def reasons(self, key: str) -> Sequence[Reason] | None:
        """Why the permission of a line is so, or None where that is still being worked out."""
        raise NotImplementedError

    def told(self, line: AccessLine) -> Content:
        """What the line at the cursor is about, and why its permission is so."""
        reasons = self.reasons(line.key)
        lines = [self.described(line)]
        if reasons is None:
            return Content("\n").join([*lines, Content.styled("…", "$text-muted")])
        most = _FEWER_REASONS if self.has_class("-low") else _MOST_REASONS
        for reason in reasons[:most]:
            permission = permission_words(reason.permission)
            words = shortened(reason.words, _REASON_CELLS)
            lines.append(Content.assemble(f"  {permission}: ", content(words)))
        if (more := len(reasons) - most) > 0:
            words = f"  and {more:,} more; y copies all"
            lines.append(Content.styled(words, "$text-muted"))
        return Content("\n").join(lines)

    def permission_cell(self, permission: Permission | None) -> Text:
        """A permission, none in the colour of errors."""
        colour = "" if permission else self.app.theme_variables["error"].removeprefix("ansi_")
        return Text(permission_words(permission), style=colour)

    def reason_cell(self, key: str) -> Text:
        """The first reason of a line, and how many more there are."""
        reasons = self.reasons(key)
        if reasons is None:
            return Text("…", style="dim")
        if not reasons:
            return Text("")
        text = cell(reasons[0].words)
        return text if len(reasons) == 1 else Text.assemble((f"+{len(reasons) - 1} ", "dim"), text)

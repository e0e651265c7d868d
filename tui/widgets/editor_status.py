"""What is said below the text of a vault: where the cursor is, and whether the text is good."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.vaults.checking import CheckedText, Problem
from tui.text import visible
from tui.vault_words import size_words
from tui.widgets.vault_editor import VaultEditor

# What is said of a text while it is not known whether it is good.
CHECKING = "checking…"
STILL_READING = "still reading: busy machine, or long text"
NOT_CHECKED = "not checked: reading was stopped"

_LEVELS = {True: ("✕", "$error"), False: ("!", "$warning")}


class EditorStatus(Vertical):
    """A line on the whole, and the problem that is nearest to the cursor."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield Static(classes="editor-status")
        yield Static(classes="editor-problem")

    def show(
        self,
        editor: VaultEditor,
        checked: CheckedText | None,
        *,
        is_changed: bool,
        checking: str = CHECKING,
    ) -> None:
        """Say how it is now.

        Args:
            editor: The text.
            checked: What is known of it, or None while it is being checked.
            is_changed: Whether it differs from what is saved.
            checking: What is said while it is being checked.
        """
        row, column = editor.cursor_location
        parts = [Content.styled(f"Line {row + 1:,}, column {column + 1:,}", "$text-muted")]
        if checked is not None:
            parts.append(Content.styled(f"{size_words(checked.size)} as delivered", "$text-muted"))
        parts.append(_verdict(checked, checking))
        if is_changed:
            parts.append(Content.styled("● not saved", "$accent"))
        # Neither takes more or less room than before, so nothing is laid out anew at a key.
        self.query_one(".editor-status", Static).update(Content("   ").join(parts), layout=False)
        is_unknown = checked is not None and checked.is_unknown
        problem = _problem(editor.problem_at_cursor(), has_place=not is_unknown)
        self.query_one(".editor-problem", Static).update(problem, layout=False)


def _verdict(checked: CheckedText | None, checking: str) -> Content:
    if checked is None:
        return Content.styled(checking, "$text-muted")
    if checked.is_unknown:
        return Content.styled("! not read", "$warning")
    counts = []
    if checked.errors:
        counts.append(_count(len(checked.errors), "error", is_error=True))
    if checked.warnings:
        counts.append(_count(len(checked.warnings), "warning", is_error=False))
    if checked.is_good:
        counts.insert(0, Content.styled("✓ good", "$success"))
    return Content("   ").join(counts)


def _count(number: int, what: str, *, is_error: bool) -> Content:
    sign, style = _LEVELS[is_error]
    return Content.styled(f"{sign} {number:,} {what}{'' if number == 1 else 's'}", style)


def _problem(problem: Problem | None, *, has_place: bool) -> Content:
    if problem is None:
        return Content("")
    sign, style = _LEVELS[problem.is_error]
    place = f"Line {problem.line:,}, column {problem.column:,}: " if has_place else ""
    place = f"{sign} {place}"
    return Content.assemble((place, f"bold {style}"), (visible(problem.message), style))

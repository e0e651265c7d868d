"""What is said of access rules before they come, change or go: what they close, and what opens.

Call these from a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from store.errors import NotFound
from store.terms import PROJECT, ResourceType
from store.workspace import Workspace
from tui.resource_words import all_of, counted
from tui.rule_words import given_to, line_of_rule, permission_of_rule
from tui.text import content, shortened
from tui.whole_lists import Entry, Line, Whole, abridged

if TYPE_CHECKING:
    from store.access_views import RuleRow
    from store.operations.access_rules import RuleDraft

_NAME_CELLS = 40
_MOST_GRANTEES = 6
_MOST_LINES = 8
_OPEN = ", with Read & Modify"


def effects_of_adding(workspace: Workspace, draft: RuleDraft) -> list[Line]:
    """What the first rule of a resource closes, and that nobody is named."""
    lines: list[Line] = [content(_about(workspace, draft.type, draft.resource, draft.permission))]
    lines += _closing(workspace, draft.type, draft.resource)
    if not draft.members and not draft.groups:
        lines.append(content("It names nobody: administrators only."))
    return lines


def effects_of_editing(workspace: Workspace, row: RuleRow, draft: RuleDraft) -> list[Line]:
    """What opens that the rule was about, what it closes, and that nobody is named any more."""
    lines: list[Line] = []
    if (row.type, row.resource) != (draft.type, draft.resource):
        lines += _opening(workspace, [row])
        lines += effects_of_adding(workspace, draft)
    elif not draft.members and not draft.groups:
        lines.append(content("It names nobody: administrators only."))
    return lines


def effects_of_deleting(workspace: Workspace, rows: Sequence[RuleRow]) -> list[Line]:
    """Which rules go, and what opens to everybody with the last of its rules."""
    lines = [_going(row, _MOST_GRANTEES) for row in rows[:_MOST_LINES]]
    if (more := len(rows) - _MOST_LINES) > 0:
        by_id = {row.id: row for row in rows}
        whole = Whole("Deleted", tuple(by_id), lambda key: Entry(_words_of(by_id[key]), "rule"))
        lines.append(abridged(f"and {counted(more, 'more rule')}", whole))
    return [*lines, *_opening(workspace, rows)]


def _going(row: RuleRow, most: int) -> Line:
    words = f"{shortened(row.resource_name, _NAME_CELLS)}: {row.permission}"
    return line_of_rule(row, words, most)


def _words_of(row: RuleRow) -> str:
    return f"{permission_of_rule(row)} for {given_to(row, len(row.grantees))}"


def _about(
    workspace: Workspace, resource_type: ResourceType, resource: str | None, permission: str
) -> str:
    if resource is None:
        return f"{permission} on {all_of(resource_type).lower()}, also on those to come."
    return f"{permission} on the {resource_type} {_name(workspace, resource)}."


def _closing(workspace: Workspace, resource_type: ResourceType, resource: str | None) -> list[Line]:
    others = "all whom it does not name, but administrators"
    if resource is None:
        what = f"{all_of(resource_type).lower()}{_inside(resource_type, 'them')}"
        return [content(f"Of {what}, it closes those that no other rule covers to {others}.")]
    if workspace.covering_rules(resource):
        return []
    what = f"{_name(workspace, resource)}{_inside(resource_type)}"
    return [_warning(f"It is the first rule to cover {what}, and closes it to {others}.")]


def _opening(workspace: Workspace, rows: Sequence[RuleRow]) -> list[Line]:
    going = {row.id for row in rows}
    lines: dict[str, None] = {}
    for row in rows:
        if (words := _what_opens(workspace, row, going)) is not None:
            lines[words] = None
    told: list[Line] = [_warning(words) for words in list(lines)[:_MOST_LINES]]
    if (more := len(lines) - _MOST_LINES) > 0:
        whole = Whole("Opens to every member", tuple(lines))
        told.append(abridged(_warning(f"and {more:,} more open like these."), whole))
    return told


def _what_opens(workspace: Workspace, row: RuleRow, going: set[str]) -> str | None:
    if row.resource is None:
        what = f"{all_of(row.type).lower()}{_inside(row.type, 'them')}"
        return f"Of {what}, those that no other rule covers open to every member{_OPEN}."
    try:
        if not set(workspace.covering_rules(row.resource)) <= going:
            return None
    except NotFound:
        return None
    what = f"{shortened(row.resource_name, _NAME_CELLS)}{_inside(row.type)}"
    return f"No other rule covers {what}: it opens to every member{_OPEN}."


def _inside(resource_type: ResourceType, them: str = "it") -> str:
    return f" and what is in {them}" if resource_type == PROJECT else ""


def _name(workspace: Workspace, resource: str) -> str:
    try:
        return shortened(workspace.resource_row(resource).name, _NAME_CELLS)
    except NotFound:
        return resource


def _warning(words: str) -> Content:
    return content(words).stylize("$text-warning")

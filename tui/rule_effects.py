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
from tui.rule_words import given_to
from tui.text import content, shortened

if TYPE_CHECKING:
    from store.access_views import RuleRow
    from store.operations.access_rules import RuleDraft

_NAME_CELLS = 40
_MOST_GRANTEES = 6
_MOST_LINES = 8
_OPEN = ", with Read & Modify"


def effects_of_adding(workspace: Workspace, draft: RuleDraft) -> list[Content]:
    """What the first rule of a resource closes, and that nobody is named."""
    lines = [content(_about(workspace, draft.type, draft.resource, draft.permission))]
    lines += _closing(workspace, draft.type, draft.resource)
    if not draft.members and not draft.groups:
        lines.append(content("It names nobody: administrators only."))
    return lines


def effects_of_editing(workspace: Workspace, row: RuleRow, draft: RuleDraft) -> list[Content]:
    """What opens that the rule was about, what it closes, and that nobody is named any more."""
    lines = []
    if (row.type, row.resource) != (draft.type, draft.resource):
        lines += _opening(workspace, [row])
        lines += effects_of_adding(workspace, draft)
    elif not draft.members and not draft.groups:
        lines.append(content("It names nobody: administrators only."))
    return lines


def effects_of_deleting(workspace: Workspace, rows: Sequence[RuleRow]) -> list[Content]:
    """Which rules go, and what opens to everybody with the last of its rules."""
    lines = [
        content(
            f"{shortened(row.resource_name, _NAME_CELLS)}: "
            f"{row.permission} for {given_to(row, _MOST_GRANTEES)}"
        )
        for row in rows[:_MOST_LINES]
    ]
    if len(rows) > _MOST_LINES:
        lines.append(content(f"and {counted(len(rows) - _MOST_LINES, 'more rule')}"))
    return [*lines, *_opening(workspace, rows)]


def _about(
    workspace: Workspace, resource_type: ResourceType, resource: str | None, permission: str
) -> str:
    if resource is None:
        return f"{permission} on {all_of(resource_type).lower()}, also on those to come."
    return f"{permission} on the {resource_type} {_name(workspace, resource)}."


def _closing(
    workspace: Workspace, resource_type: ResourceType, resource: str | None
) -> list[Content]:
    others = "all whom it does not name, but administrators"
    if resource is None:
        what = f"{all_of(resource_type).lower()}{_inside(resource_type, 'them')}"
        return [content(f"Of {what}, it closes those that no other rule covers to {others}.")]
    if workspace.covering_rules(resource):
        return []
    what = f"{_name(workspace, resource)}{_inside(resource_type)}"
    return [_warning(f"It is the first rule to cover {what}, and closes it to {others}.")]


def _opening(workspace: Workspace, rows: Sequence[RuleRow]) -> list[Content]:
    going = {row.id for row in rows}
    lines: dict[str, None] = {}
    for row in rows:
        if (words := _what_opens(workspace, row, going)) is not None:
            lines[words] = None
    told = [_warning(words) for words in list(lines)[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        told.append(_warning(f"and {len(lines) - _MOST_LINES:,} more open like these."))
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

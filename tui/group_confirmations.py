"""What the confirmation of deleting user groups says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from tui.access_confirmations import impact_confirmation, impact_names
from tui.confirmations import NAME_CELLS, first_of
from tui.dialogs.confirmation import Confirmation, typeable
from tui.rule_words import permission_of_rule
from tui.text import content, shortened
from tui.whole_lists import Entry, Line, Whole, abridged

if TYPE_CHECKING:
    from store.operations.groups import AffectedGroup, GroupDeletion
    from store.workspace import Workspace

_MOST_NAMED = 8
_WORDS_CELLS = 70


def group_deletion_confirmation(workspace: Workspace, preview: GroupDeletion) -> Confirmation:
    """Asks before groups are deleted; one by its name, several by their number.

    It takes a while, so call it from a thread.

    Args:
        workspace: What knows the names.
        preview: What deleting them would do.
    """
    going = [group for group in preview.groups if not group.reason]
    refused = first_of(
        "Not deleted",
        [
            f"Not deleted: {shortened(group.name, NAME_CELLS)} ({group.reason})"
            for group in preview.groups
            if group.reason
        ],
    )
    if not going:
        return Confirmation("Delete: none of these", [], verb="", refused=refused)
    if len(preview.groups) == 1:
        expected, what = typeable(going[0].name, "", going[0].id)
    else:
        expected, what = str(len(going)), "their number"
    # Of what the groups are taken out of, it is said which is left to nobody.
    impact = replace(preview.impact, rules_left_to_nobody=())
    return impact_confirmation(
        f"Delete {_whom(going)}?",
        "Delete",
        impact,
        impact_names(workspace, impact),
        extra=_effects(workspace, preview, going),
        typed=expected,
        what=what,
        refused=refused,
    )


def _effects(
    workspace: Workspace, preview: GroupDeletion, going: Sequence[AffectedGroup]
) -> list[Line]:
    def words_of(rule: str) -> str:
        return permission_of_rule(workspace.access_rule_row(rule))

    return [
        *_members(going),
        *_taken_out(
            ("access rule", "access rules"),
            preview.rules,
            preview.rules_left_to_nobody,
            words_of,
            "then: administrators only",
        ),
        *_taken_out(
            ("administrator vault", "administrator vaults"),
            preview.vaults,
            preview.vaults_reaching_nobody,
            str,
            "then: reaches nobody",
        ),
    ]


def _whom(going: Sequence[AffectedGroup]) -> str:
    if len(going) == 1:
        return shortened(going[0].name, 2 * NAME_CELLS)
    return f"{len(going):,} user groups"


def _members(going: Sequence[AffectedGroup]) -> list[Line]:
    if len(going) == 1:
        return [_count(going[0].member_count, "member is in it", "members are in it")]
    lines = [
        f"{shortened(group.name, NAME_CELLS)}: "
        f"{_count(group.member_count, 'member is in it', 'members are in it')}"
        for group in going
    ]
    return first_of("Members", lines)


def _taken_out(
    nouns: tuple[str, str],
    keys: Sequence[str],
    empty: Collection[str],
    words_of: Callable[[str], str],
    then: str,
) -> list[Line]:
    """Lines on what the groups are taken out of; what is left without anybody comes first."""
    if not keys:
        return []
    left = set(empty)
    ordered = [*empty, *(key for key in keys if key not in left)]
    heading = f"Taken out of {_count(len(keys), *nouns)}:"

    def words(key: str) -> str:
        return f"{words_of(key)} ({then})" if key in left else words_of(key)

    lines: list[Line] = [heading]
    for key in ordered[:_MOST_NAMED]:
        named = content(f"  {shortened(words_of(key), _WORDS_CELLS)}")
        warning = Content.styled(f" ({then})", "$text-warning") if key in left else Content("")
        lines.append(named + warning)
    more = len(ordered) - _MOST_NAMED
    if more > 0:
        also = f", {len(left) - _MOST_NAMED:,} of them {then}" if len(left) > _MOST_NAMED else ""
        whole = Whole(f"Taken out of {nouns[1]}", tuple(ordered), lambda key: Entry(words(key)))
        rest = Content.styled(f"  and {more:,} more{also}", "$text-muted")
        lines.append(abridged(rest, whole))
    return lines


def _count(count: int, one: str, several: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {several}"

"""An access rule in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.access_words import path_words
from tui.resource_words import NOBODY_MEANS, listed
from tui.text import shortened
from tui.whole_lists import Entry, Line, Whole, abridged

if TYPE_CHECKING:
    from store.access_views import Grantee, RuleRow

_NAME_CELLS = 30


def permission_of_rule(row: RuleRow) -> str:
    """What a rule gives, and on what, as in `Read Only on project Research/Vision`."""
    if row.resource is None:
        return f"{row.permission} on {row.resource_name[:1].lower()}{row.resource_name[1:]}"
    return f"{row.permission} on {row.type} {path_words(row.path, row.resource_name)}"


def given_to(row: RuleRow, most: int) -> str:
    """The first of those that a rule is given to, groups first, and how many more there are."""
    return listed(names_of(row.grantees, most), most, len(row.grantees)) or NOBODY_MEANS


def line_of_rule(row: RuleRow, words: str, most: int) -> Line:
    """A line of a confirmation on a rule, which ends with the first that it is given to.

    Args:
        row: The rule.
        words: What is said before them.
        most: How many are named.
    """
    said = f"{words} for {given_to(row, most)}"
    if len(row.grantees) <= most:
        return said
    by_id = {one.id: Entry(one.name, one.kind) for one in row.grantees}
    return abridged(said, Whole(permission_of_rule(row), tuple(by_id), by_id.__getitem__))


def names_of(grantees: Sequence[Grantee], most: int) -> list[str]:
    """What the first of them are called, fit to be shown in a sentence."""
    return [shortened(one.name, _NAME_CELLS) for one in grantees[:most]]

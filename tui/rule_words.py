"""An access rule in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.access_words import path_words
from tui.resource_words import NOBODY_MEANS, listed
from tui.text import shortened

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


def names_of(grantees: Sequence[Grantee], most: int) -> list[str]:
    """What the first of them are called, fit to be shown in a sentence."""
    return [shortened(one.name, _NAME_CELLS) for one in grantees[:most]]

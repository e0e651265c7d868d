"""How a member stands in a list: what they are called, and what tells them from others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.text import Text

from store.errors import NotFound
from tui.text import cell, short_id
from tui.widgets.record_table import Column

if TYPE_CHECKING:
    from store.member_views import MemberName

NameOf = Callable[[str], "MemberName"]

# What a member is called, and the email or `service account`.
NAME_COLUMNS = (Column("name", "", 12, flex=1), Column("beside", "", 12, flex=1))


def name_cells(name_of: NameOf, key: str) -> tuple[Text, Text]:
    """The cells of `NAME_COLUMNS` for a member."""
    try:
        name = name_of(key)
    except NotFound:
        return cell(short_id(key), "dim"), Text("not in the workspace any more", style="dim")
    called = cell(name.called, "dim" if name.is_suspended else "")
    if name.is_suspended:
        called.append(" (suspended)")
    return called, cell(name.beside, "dim")

"""What docs/configuration.md says of actions, themes and columns is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.key_names import shown_key
from tui.keys import TABLE, Key
from tui.tables import TABLES, table_class
from tui.themes import THEMES

PAGE = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")


def rows_below(heading: str) -> list[str]:
    """The rows of the first table below a heading."""
    (section,) = re.findall(
        rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE
    )
    return [line for line in section.splitlines() if line.startswith("| `")]


def row(key: Key) -> str:
    """The row of an action."""
    keys = " ".join(f"`{shown_key(one)}`" for one in key.all_keys) or "none"
    return f"| `{key.name}` | {keys} | {key.tooltip} |"


@pytest.mark.parametrize("group", TABLE)
def test_the_actions_of_a_group(group: str) -> None:
    assert rows_below(f"`[keys.{group}]`") == [row(key) for key in TABLE[group]]


def test_there_is_no_group_besides() -> None:
    assert re.findall(r"^### `\[keys\.(\w+)\]`$", PAGE, re.MULTILINE) == list(TABLE)


def test_the_themes() -> None:
    assert [line.split("`")[1] for line in rows_below("Themes")] == list(THEMES)


def test_the_columns() -> None:
    named = []
    for name in TABLES:
        tab = table_class(name)
        columns = (
            f"**`{one.key}`**" if one.key == tab.naming_column() else f"`{one.key}`"
            for one in tab.columns
        )
        named.append(f"| `{name}` | {', '.join(columns)} |")
    assert rows_below("Tables") == named

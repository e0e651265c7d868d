"""What resources and access rules are called on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from store.terms import ResourceType
from tui.text import cell

# What a rule without members and groups is given to.
NOBODY = "nobody"
NOBODY_MEANS = "nobody: administrators only"


def type_name(resource_type: ResourceType) -> str:
    """A type of resource as a label."""
    return resource_type.capitalize()


def all_of(resource_type: ResourceType) -> str:
    """All resources of a type."""
    return f"All {resource_type}s"


def resource_cell(name: str, path: str) -> Text:
    """The name of a resource, and where it lies as far as there is room."""
    text = cell(name)
    if path:
        text.append("  in ", "dim").append_text(cell(path, "dim"))
    return text


def counted(count: int, noun: str) -> str:
    """How many there are, as in `1 rule` and `2 rules`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], most: int, count: int) -> str:
    """The first names with commas, and how many more of so many there are."""
    shown = ", ".join(names[:most])
    return f"{shown} and {count - most:,} more" if count > most else shown

"""Checks the text of a vault before it is saved, whatever the text may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.vaults.formats import Format

# A key and those of the objects that it lies in, outermost first.
Path = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is wrong with a text, or that its author should know.

    Attributes:
        line: The line that it is about, from 1.
        column: The column, in characters from 1.
        message: A finished sentence or two, without the place. Never holds a value of the text.
        is_error: Whether the text cannot be saved for it; else it is a warning.
    """

    line: int
    column: int
    message: str
    is_error: bool = True


@dataclass(frozen=True)
class CheckedText:
    """What a check found.

    Attributes:
        tree: Objects, lists, texts, numbers, true and false, and None; None itself where there is
            an error. What clients resolve is its own text, such as `${HOME}/x`.
        problems: Errors and warnings, in the order of their places.
        resolved_by_clients: The paths of values in which there are substitutions. The last part is
            the key; of a list, the list.
        included: For each include the path of the object that it is in, and what it includes.
        size: The bytes of what clients get, or of the text where that is not known.
    """

    tree: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    resolved_by_clients: frozenset[Path] = frozenset()
    included: tuple[tuple[Path, str], ...] = ()
    size: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps the text from being saved."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not keep it from being saved."""
        return tuple(problem for problem in self.problems if not problem.is_error)

    @property
    def is_good(self) -> bool:
        """Whether it can be saved."""
        return not self.errors


def check_vault_text(text: str, format: Format) -> CheckedText:  # noqa: A002
    """Check a text, within two seconds and without touching anything.

    Args:
        text: The text, which may be anything.
        format: The format that it is said to have.
    """
    raise NotImplementedError

"""Lists of names of which the beginning is said in a line, and the whole is a key away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from textual.content import Content

from store.alphabet import plain
from store.errors import WorkspaceError
from tui.text import content


@dataclass(frozen=True)
class Entry:
    """One of a list, as a person knows it.

    Attributes:
        name: What it is called.
        kind: What it is, or what tells it from others of the name; or "".
    """

    name: str
    kind: str = ""

    @cached_property
    def haystack(self) -> str:
        """What a filter looks through."""
        return plain(f"{self.name}\n{self.kind}")


@dataclass(frozen=True)
class Whole:
    """All of a list.

    Attributes:
        title: What those in it have in common, such as `Out of groups`.
        keys: Which they are, the most important first: ids, or words that say all of it.
        entry_of: What one of them is called; it may be asked from a thread.
    """

    title: str
    keys: Sequence[str]
    entry_of: Callable[[str], Entry] = field(default=Entry, compare=False)

    @cached_property
    def haystack(self) -> str:
        """What a filter looks through besides what is in it."""
        return plain(self.title)


@dataclass(frozen=True)
class Abridged:
    """A line that says the beginning of lists, or how long they are.

    Attributes:
        words: What it says.
        wholes: The lists.
    """

    words: Content
    wholes: tuple[Whole, ...]


# What a confirmation says, line by line; a text may come from people.
Line: TypeAlias = str | Content | Abridged


class WholeLine(NamedTuple):
    """One of a list among all lists.

    Attributes:
        key: Its place among them, in digits.
        whole: The list.
        item: Its key in the list.
    """

    key: str
    whole: Whole
    item: str

    @property
    def entry(self) -> Entry:
        """What it is called; what has gone meanwhile is told by its key."""
        try:
            return self.whole.entry_of(self.item)
        except WorkspaceError:
            return Entry(self.item, "not there any more")

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the folded words is found in it, or in what its list is."""
        return all(word in self.entry.haystack or word in self.whole.haystack for word in words)


def words_of(line: Line) -> Content:
    """What a line says."""
    if isinstance(line, Abridged):
        return line.words
    return content(line) if isinstance(line, str) else line


def wholes_of(lines: Iterable[Line]) -> tuple[Whole, ...]:
    """The lists of which lines say the beginning."""
    return tuple(whole for line in lines if isinstance(line, Abridged) for whole in line.wholes)


def lines_of(wholes: Iterable[Whole]) -> list[WholeLine]:
    """All of all lists. Takes a while, so call it from a thread."""
    pairs = ((whole, item) for whole in wholes for item in whole.keys)
    return [WholeLine(str(at), whole, item) for at, (whole, item) in enumerate(pairs)]


def abridged(words: str | Content, *wholes: Whole) -> Abridged:
    """A line that says the beginning of lists; its words may hold text from people."""
    return Abridged(words_of(words), wholes)


def first_of(title: str, lines: Sequence[str], most: int) -> list[Line]:
    """The first of some lines, and how many more there are.

    Args:
        title: What they have in common.
        lines: All of them.
        most: How many are said.
    """
    more = len(lines) - most
    if more <= 0:
        return list(lines)
    return [*lines[:most], abridged(f"and {more:,} more", Whole(title, tuple(lines)))]


def in_a_line(
    title: str, names: Sequence[str], most: int, before: str = "", after: str = ""
) -> Line:
    """The first names with commas, and how many more there are.

    Args:
        title: What they have in common.
        names: All of them.
        most: How many are said.
        before: What is said before them.
        after: What is said after them.
    """
    more = len(names) - most
    shown = ", ".join(names[:most])
    if more <= 0:
        return f"{before}{shown}{after}"
    words = f"{before}{shown} and {more:,} more{after}"
    return abridged(words, Whole(title, tuple(names)))

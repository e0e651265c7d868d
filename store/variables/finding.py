"""Goes through a text from name to name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from store.stray_characters import is_odd
from store.stray_characters import named as named_character
from store.variables.assignments import Assignment, Value
from store.variables.forms import FORMS
from store.variables.kubernetes import values_before_names
from store.variables.set_credentials import arguments_in

# How far to the left of a name its form is looked for.
_FARTHEST = 200
# In a notebook, what a `!` begins is run by a shell of its own, which ends with the line.
_FOR_A_LINE = re.compile(
    r"^[ \t]*!(?:.*[;&|])?[ \t]*(?:export|set|setenv|declare|typeset)\b[^;&|]*\Z"
)
_COMMAND_FOLLOWS = re.compile(r"[^\r\n]*?(?:;|&&)[ \t]*(?!export\b|set\b)[^\s;&|]")
_COMMENT = re.compile(r"(?:^|(?<=[ \t\r\n]))#|^[ \t]*(?:(?i:rem)\b|::|;)", re.MULTILINE)
# A text in quotes that is a word of its own, such as what `echo` is given.
_OPENING = re.compile(r"""(?:^|(?<=[ \t=(]))(?:["']|`+)""", re.MULTILINE)
_QUOTED = {
    '"': re.compile(r'"(?P<text>(?:[^"\\\r\n]|\\.)*)"'),
    "'": re.compile(r"'(?P<text>[^'\r\n]*)'"),
    "`": re.compile(r"`+(?P<text>[^`\r\n]*)`+"),
}


def assignments_in(
    text: str, names: Iterable[str], besides: Sequence[tuple[int, int]] = ()
) -> list[Assignment]:
    """Find where a text sets variables, or gives their values to `Task.set_credentials`.

    Args:
        text: What was pasted, which may be anything.
        names: The variables.
        besides: What is left out of the text, from where to where in characters, in order.

    Returns:
        What was found, in order. An argument of a call has the argument's name.
    """
    walk = _Walk(text, names, besides)
    found = [
        *((at, name, value, False) for at, name, value in walk.found()),
        *((at, name, value, False) for at, name, value in values_before_names(text, names)),
        *((at, name, value, True) for at, name, value in arguments_in(text)),
    ]
    return [
        Assignment(name, value, walk.line_of(at), is_call)
        for at, name, value, is_call in sorted(found, key=lambda one: one[0])
        if not walk.is_left_out(at)
    ]


@dataclass
class _Walk:
    text: str
    names: Iterable[str]
    besides: Sequence[tuple[int, int]] = ()

    def __post_init__(self) -> None:
        alternatives = "|".join(map(re.escape, self.names))
        self._name = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
        self._starts = [0, *(end.end() for end in re.finditer("\n", self.text))]
        self._begins = [begin for begin, _ in self.besides]

    def found(self) -> Iterator[tuple[int, str, Value]]:
        """Where each variable is set, its name, and its value."""
        # Up to here all has been looked at.
        end = 0
        for name in self._name.finditer(self.text):
            if name.start() < end or self.is_left_out(name.start()):
                continue
            since = max(end, self._line_start(name.start()))
            if _COMMENT.search(self.text, since, name.start()):
                end = self._line_end(name.start())
            elif quoted := self._around(name.start(), since):
                yield from self._within(quoted)
                end = quoted.end()
            else:
                value = self._value_of(name, since)
                end = name.end() if value is None else max(value.end, name.end())
                if value is not None:
                    yield name.start(), name[0].upper(), value

    def line_of(self, at: int) -> int:
        """The line of a place, from 1."""
        return bisect_right(self._starts, at)

    def is_left_out(self, at: int) -> bool:
        """Whether a place is in what is left out."""
        number = bisect_right(self._begins, at) - 1
        return number >= 0 and at < self.besides[number][1]

    def _line_start(self, at: int) -> int:
        return self._starts[self.line_of(at) - 1]

    def _line_end(self, at: int) -> int:
        line = self.line_of(at)
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def _value_of(self, name: re.Match[str], since: int) -> Value | None:
        begin = max(self._line_start(name.start()), name.start() - _FARTHEST)
        left = self.text[begin : name.start()]
        odd = "" if left.isascii() else next(filter(is_odd, left[max(0, since - begin) :]), "")
        if odd:
            left = "".join(" " if is_odd(one) else one for one in left)
        value = self._by_its_form(name, left)
        if value is None:
            return None
        if _FOR_A_LINE.search(left) and not _COMMAND_FOLLOWS.match(self.text, value.end):
            trouble = "is set by ! for its own line alone. Write %env in the place of !export"
            return replace(value, is_set=False, trouble=trouble)
        if not odd:
            return value
        trouble = f"has {named_character(odd)} before it, and so is not set"
        return replace(value, is_set=False, trouble=trouble)

    def _by_its_form(self, name: re.Match[str], left: str) -> Value | None:
        for form in FORMS:
            if not (form.any_case or name[0].isupper()):
                continue
            # What is quickly told comes first.
            after = form.after.match(self.text, name.end())
            before = form.before.search(left) if after else None
            if before and after:
                return form.read(self.text, after.end(), before)
        return None

    def _around(self, at: int, since: int) -> re.Match[str] | None:
        """The text in quotes that a name stands within, unless it stands right at its beginning."""
        while opening := _OPENING.search(self.text, since, at):
            quoted = _QUOTED[opening[0][0]].match(self.text, opening.start())
            # In a word such as "A=1" the name is right behind the quote; in prose, too.
            begins = quoted is not None and quoted.start("text") + (opening[0][0] != "`")
            if quoted and begins <= at < quoted.end():
                return quoted
            since = quoted.end() if quoted and quoted.end() <= at else opening.end()
        return None

    def _within(self, quoted: re.Match[str]) -> Iterator[tuple[int, str, Value]]:
        inner = quoted["text"]
        if quoted[0].startswith('"'):
            inner = inner.replace('\\"', '"')
        for at, name, value in _Walk(inner, self.names).found():
            yield quoted.start("text") + at, name, value

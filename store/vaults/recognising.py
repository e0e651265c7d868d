"""Which format a text is meant in, where nobody has said it.

Much of what people write is HOCON and YAML alike. First its lines are looked at for what is written
in one of the two only; where that leaves doubt, or is wrong, both readings are weighed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from store.vaults.checking import CheckedText
from store.vaults.formats import Format
from store.vaults.merging import is_secret
from store.vaults.problems import Path
from store.vaults.trees import SECTIONS

# No text that can be saved is longer; beyond it nothing is looked at.
_LOOKED_AT = 256 * 1024
# Of lines, the first ones tell, and a person who types waits for the answer.
_LINES_LOOKED_AT = 20_000
_MOST_SHOWN = 40

_BEGINS_YAML = re.compile(r"(?:---|\.\.\.)(?:\s|$)|%[A-Z]|[?-](?:\s|$)|[&*!|>]")
_INCLUDE = re.compile(r'include\s*(?:"|(?:file|url|required|package)\s*\()')
_NAME = r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^']|'')*+'|(?:[^#"'{}\[\],:=+]|\+(?!=))++)"""
_SETTING = re.compile(rf"(?P<name>{_NAME})\s*+(?P<mark>\+?=|\{{|:)(?P<value>.*)")
# Sections of clients, and of servers: names with dots, of which YAML would make one name.
_OF_SECTION = re.compile(
    rf"(?:{'|'.join(SECTIONS)}|auth|hosts|secure|apiserver|fileserver|services)\.[\w.-]"
)
_COLON_LATER = re.compile(r"""\s*[^\s{\["'$][^{\["'$]*?:(?:\s|$)|:(?:\s|$)""")
_COLON = re.compile(r":(?:\s|$)")
_NOTHING = re.compile(r"\s*+(?:[&!]\S*+\s*+)*(?:(?:#|//).*)?")
_OF_YAML = re.compile(r"\s+(?:[|>][-+0-9]*+\s*(?:#.*)?$|[&*!]\S)")
_OF_BLOCK = re.compile(rf"-(?:\s|$)|{_NAME}:(?:\s|$)")
# Strings and comments are passed over; what is left are the brackets. A string that has no end
# takes the rest of its line: to look for it again at each quote within would take too long.
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"?|\'(?:[^\']*\')?|(?<!\S)(?:\#|//).*|[\[{]|[\]}]')


@dataclass(frozen=True)
class Guess:
    """What the lines of a text say.

    Attributes:
        format: The format that it is most likely meant in.
        other: Another that it may have as well; None where there is none.
        is_clear: Whether something in it is written in that format only.
    """

    format: Format
    other: Format | None
    is_clear: bool


@dataclass(frozen=True)
class Difference:
    """Something that a text holds in one format and not, or as something else, in another.

    Attributes:
        name: The keys on the way to it.
        first: What it is in the first format, in a line; "" for nothing.
        second: What it is in the second one.
    """

    name: str
    first: str
    second: str


def guessed(text: str) -> Guess:
    """What the lines of a text say of its format; HOCON where nothing is in it.

    Args:
        text: The text, which may be anything.
    """
    text = text.lstrip("\ufeff")[:_LOOKED_AT]
    if text.lstrip().startswith(("{", "[")) and _is_json(text):
        return Guess("json", None, is_clear=True)
    if not text.strip():
        return Guess("hocon", None, is_clear=True)
    sign = _Signs(text[:_LINES_LOOKED_AT]).first()
    found = sign.removesuffix("?")
    return _guess("yaml" if found == "yaml" else "hocon", is_clear=sign == found)


def _guess(found: Format, *, is_clear: bool) -> Guess:
    return Guess(found, "hocon" if found == "yaml" else "yaml", is_clear)


def recognised(text: str) -> Format:
    """The format that a text is most likely meant in, as its lines say.

    Args:
        text: The text, which may be anything.
    """
    return guessed(text).format


def is_settled(guess: Guess, checked: CheckedText) -> bool:
    """Whether nothing more has to be looked at to know a text's format.

    Args:
        guess: What its lines say.
        checked: What it is in that format.
    """
    if guess.other is None or checked.is_unknown:
        return True
    return guess.is_clear and checked.is_good


def weighed(
    guess: Guess, checked: CheckedText, other: CheckedText
) -> tuple[Format, tuple[Difference, ...]]:
    """The format of a text, and what a person has to be asked about before it is taken for it.

    Args:
        guess: What its lines say.
        checked: What it is in the format of the guess.
        other: What it is in the other format.
    """
    if not checked.is_good and other.is_good and guess.other is not None:
        return guess.other, ()
    if guess.is_clear or not (checked.is_good and other.is_good):
        return guess.format, ()
    return guess.format, tuple(_differences(checked, other))


def _differences(first: CheckedText, second: CheckedText) -> Iterator[Difference]:
    one, two = _leaves(first), _leaves(second)
    for path in dict.fromkeys([*one, *two]):
        (words, is_secret_one), (others, is_secret_two) = (
            leaves.get(path, ("", False)) for leaves in (one, two)
        )
        if words != others:
            hide = is_secret_one or is_secret_two
            yield Difference(_name(path), _shown(words, hide=hide), _shown(others, hide=hide))


def _leaves(checked: CheckedText) -> dict[Path, tuple[str, bool]]:
    """Each value in words, and whether it is a secret."""
    found: dict[Path, tuple[str, bool]] = {}

    def walk(value: Any, path: Path) -> None:
        if isinstance(value, dict) and value:
            for name, held in value.items():
                walk(held, (*path, name))
        elif path:
            end = ", resolved by clients" if path in checked.resolved_by_clients else ""
            words = json.dumps(value, ensure_ascii=False) + end
            found[path] = words, is_secret(path, value)

    walk(checked.tree or {}, ())
    return found


def _name(path: Path) -> str:
    name = ".".join(f'"{one}"' if "." in one else one for one in path)
    return name if len(name) <= _MOST_SHOWN else f"…{name[1 - _MOST_SHOWN :]}"


def _shown(value: str, *, hide: bool) -> str:
    if not value:
        return ""
    if hide:
        return "••••••"
    return value if len(value) <= _MOST_SHOWN else value[: _MOST_SHOWN - 1] + "…"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


class _Signs:
    """What in the lines of a text is written in one format only."""

    def __init__(self, text: str) -> None:
        self._lines = [line for line in _told(text) if line.strip()]
        self._depth = 0
        # Whether something over several lines is in brackets, or is no setting.
        self._is_open = all(line.lstrip().startswith("#") for line in self._lines)

    def first(self) -> str:
        """The format that the first sign says; with a `?` what is likely where there is none."""
        for number, line in enumerate(self._lines):
            if not line.lstrip().startswith("#"):
                sign = self._of_line(number, line.strip())
                if sign:
                    return sign
        return "hocon?" if self._is_open else "yaml?"

    def _of_line(self, number: int, line: str) -> str:
        if line.startswith("//"):
            return "hocon"
        if self._depth == 0 and _BEGINS_YAML.match(line):
            return "yaml"
        if _INCLUDE.match(line):
            return "hocon"
        setting = _SETTING.match(line)
        sign = ""
        if setting is not None:
            sign = self._of_setting(number, setting)
        elif self._depth == 0 and not _COLON.search(line):
            self._is_open = True
        is_within = self._depth > 0 or line.startswith(("{", "["))
        colon = None if is_within else _COLON.search(line, setting.end("name") if setting else 0)
        self._depth = max(0, self._depth + _opened(line[colon.end() :] if colon else line))
        self._is_open |= self._depth > 0
        return sign

    def _of_setting(self, number: int, setting: re.Match[str]) -> str:
        value = setting["value"]
        if setting["mark"] != ":":
            is_either = setting["mark"] == "=" and self._is_name_of_yaml(setting)
            return "" if is_either else "hocon"
        if self._depth or not value.strip():
            return "" if self._depth else self._of_next(number)
        if not value[0].isspace():
            return "" if self._is_name_of_yaml(setting) else "hocon"
        if value.lstrip().startswith('"""'):
            return "hocon"
        if _OF_YAML.match(value):
            return "yaml"
        if _OF_SECTION.match(setting["name"]):
            return "hocon"
        return self._of_next(number) if _NOTHING.fullmatch(value) else ""

    def _is_name_of_yaml(self, setting: re.Match[str]) -> bool:
        """Whether it may be one, such as `a = b` in `a = b: c`, and nothing says otherwise."""
        is_path = _OF_SECTION.match(setting["name"]) is not None
        return not is_path and _COLON_LATER.match(setting["value"]) is not None

    def _of_next(self, number: int) -> str:
        """What the lines after a name alone say, of which YAML makes an object or a list."""
        depth = _indent(self._lines[number])
        for line in self._lines[number + 1 :]:
            if not line.lstrip().startswith(("#", "//")):
                is_deeper = _indent(line) > depth
                is_item = line.lstrip().startswith("-") and _indent(line) == depth
                is_block = _OF_BLOCK.match(line.lstrip()) is not None
                return "yaml" if is_block and (is_deeper or is_item) else ""
        return ""


def _told(text: str) -> Iterator[str]:
    """The lines, without those that are in a long text of HOCON."""
    is_within = False
    for line in text.splitlines():
        if not is_within:
            yield line
        is_within ^= line.count('"""') % 2 == 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _opened(line: str) -> int:
    """How many brackets more are opened than closed."""
    found = [match[0] for match in _BRACKET.finditer(line)]
    return sum(token in "{[" for token in found) - sum(token in "}]" for token in found)

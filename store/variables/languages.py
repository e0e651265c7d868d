"""Values as Python and YAML have them, with JSON as the part of YAML that it is."""

from __future__ import annotations

import re
from dataclasses import replace

from store.variables.assignments import Value
from store.variables.shells import unescaped

_LITERAL = re.compile(
    r"""(?P<prefix>[rRbBuUfF]{0,2})
    (?:"{3}(?P<a>.*?)"{3}|'{3}(?P<b>.*?)'{3}|"(?P<c>(?:[^"\\\n]|\\.)*)"|'(?P<d>(?:[^'\\\n]|\\.)*)')""",
    re.DOTALL | re.VERBOSE,
)
# After a whole value: what ends it. After anything else the value goes on.
_LITERAL_ENDS = re.compile(r"\s{0,200}(?:[,)}\];#]|\Z)|[ \t]*[\r\n]")
_EXPRESSION = re.compile(r"[^\r\n,)}]*")

_DOUBLE = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'(?P<text>(?:[^']|'')*)'")
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]*")
# A number sign is part of a value, but where a blank is before it.
_PLAIN = re.compile(r"(?:[^ \t\r\n#]|[ \t]+(?![ \t\r\n#]|\Z)|(?<![ \t])#)*")
_PLAIN_IN_FLOW = re.compile(
    r"(?:[^ \t\r\n#,{}\[\]]|[ \t]+(?![ \t\r\n#,}\]]|\Z)|(?<![ \t])#|\{+[^{}\n]*\}+)*"
)
_BLOCK = re.compile(r"(?P<fold>[|>])(?P<chomp>[-+\d]{0,2})[ \t]*(?:#[^\n]*)?\r?\n")
_OPEN = re.compile(r"(?<!\$)(?:\$\$)*\$(?!\$)|\{\{")
_NULLS = ("", "~", "null", "Null", "NULL")


def python_literal(text: str, at: int) -> Value:
    """A text as Python writes it; anything else is open."""
    found = _LITERAL.match(text, at)
    if not found:
        expression = _EXPRESSION.match(text, at)
        assert expression is not None
        return Value(expression[0].strip(), expression.end(), is_open=True)
    prefix = found["prefix"].lower()
    written = found[found.lastgroup or "c"]
    value = written if "r" in prefix else unescaped(written)
    is_open = "f" in prefix and "{" in written
    return Value(value, found.end(), is_open or not _LITERAL_ENDS.match(text, found.end()))


def yaml_scalar(text: str, at: int, *, in_flow: bool = False) -> Value:
    """A value of YAML.

    Args:
        text: The text.
        at: Where it begins.
        in_flow: Whether it is within `{…}`.
    """
    if found := _DOUBLE.match(text, at):
        written = _FOLD.sub(" ", found["text"]).replace("\\/", "/")
        return _yaml_value(unescaped(written), found.end())
    if found := _SINGLE.match(text, at):
        return _yaml_value(_FOLD.sub(" ", found["text"]).replace("''", "'"), found.end())
    if found := _BLOCK.match(text, at):
        return _block(text, at, found)
    plain = yaml_plain(text, at, in_flow=in_flow)
    # What has no value, an anchor or a tag comes from elsewhere.
    is_open = plain.is_open or plain.text in _NULLS or plain.text[0] in "&*!"
    return replace(plain, is_open=is_open)


def yaml_plain(text: str, at: int, *, in_flow: bool = False) -> Value:
    """A value of YAML, or the rest of one, of which quotes are a part.

    Args:
        text: The text.
        at: Where it begins.
        in_flow: Whether it is within brackets.
    """
    plain = (_PLAIN_IN_FLOW if in_flow else _PLAIN).match(text, at)
    assert plain is not None
    return _yaml_value(plain[0].rstrip(" \t"), plain.end())


def _yaml_value(value: str, end: int) -> Value:
    # Compose writes a dollar sign twice where it means one.
    return Value(value.replace("$$", "$"), end, bool(_OPEN.search(value)))


def _block(text: str, at: int, opened: re.Match[str]) -> Value:
    """The lines below `|` or `>` that lie deeper than the line that it is in."""
    begin = text.rfind("\n", 0, at) + 1
    # The dash of an item is as deep as a blank.
    outer = _indentation(text[begin:at].replace("-", " "))
    lines: list[str] = []
    end = opened.end()
    while end < len(text):
        stop = text.find("\n", end) + 1 or len(text)
        line = text[end:stop].rstrip("\r\n")
        if line.strip(" \t") and _indentation(line) <= outer:
            break
        lines.append(line)
        end = stop
    inner = min((_indentation(line) for line in lines if line.strip(" \t")), default=0)
    joined = ("\n" if opened["fold"] == "|" else " ").join(line[inner:] for line in lines)
    value = joined.rstrip("\n ") if "-" in opened["chomp"] else joined.rstrip("\n ") + "\n"
    return _yaml_value(value, end)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

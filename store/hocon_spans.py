"""Which parts of a text that somebody pasted are sections of a `clearml.conf`, and which are prose.

It is asked of texts that hold other things beside them, which no parser takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

# Strings, comments and what is escaped are passed over; what is left are the braces.
_TOKEN = re.compile(
    r'"""(?:.*?"""+|.*)|"(?:[^"\\\n]|\\.)*"?|(?:\#|(?<!:)//)[^\n\r]*|\\.|(?P<brace>[{}])', re.DOTALL
)
# What opens a section. With a colon or a = other languages have the like, and so do they with a
# brace around all of it.
_OPENING = re.compile(r'^[ \t]*"?[^\W\d][\w.-]*"?[ \t]*(?=\{)', re.MULTILINE)
_OPENING_OF_MANY = re.compile(
    r'^[ \t]*"?(?:[^\W\d][\w.-]*"?[ \t]*|(?:api|sdk|agent|environment|files)"?[ \t]*[:=]\s{0,50})'
    r"(?=\{)",
    re.MULTILINE,
)
_WHOLE = re.compile(r"\s*(?=\{)")
_API = re.compile(
    r'(?:^|[{},])[ \t]*"?api"?(?:[^\S\n]{0,50}[:=]?\s{0,50}\{'
    r'|\."?(?:credentials|(?:web|api|files)_server|host)\b)',
    re.MULTILINE,
)
_HERE = re.compile(r"<<-?[ \t]*([\"']?)(?P<end>\w+)\1[^\n]*\n")
# More of them are not looked into.
_MOST_HERE = 20
_FENCE = r"(?:`{3,}|~{3,})"
_OPENS = re.compile(rf"[ \t]{{0,20}}{_FENCE}(?P<language>[\w+-]*[ \t\r]*\Z)?")
_CLOSES = re.compile(rf"{_FENCE}[ \t\r]*\Z")
# A name with a value, or what closes something, has these.
_OF_CONFIGURATIONS = re.compile(r'[{}\[\]=]|^\s*(?:"?[^\s":]+"?\s*:\s*\S|(?:include\b|#|//|$))')
# What has such signs, and is said by a wizard or a shell.
_SAID = re.compile(
    r"Detected credentials |[\w ]+ configured to: "
    r"|(?:\(\S+\) )?(?:\[\S+@[^\]\n]*\]|[^\s{}\[\]=]*@[^\s{}\[\]=]*)[$%>#\u276f](?:\s|\Z)"
    r"|(?:\(\S+\) )?[^\s{}\[\]=]*[$%>\u276f] \S"
)
# What wizards say before they are given a section.
_ASKED = re.compile(r"\s*paste copied configuration here\b", re.IGNORECASE)


def has_api_section(text: str) -> bool:
    """Whether an `api` section seems to begin somewhere, or one of its values to be set."""
    return bool(_API.search(text))


def spans_of_sections(text: str) -> list[tuple[int, int]]:
    """From where to where the sections of a configuration go, in characters, in order."""
    has_api = has_api_section(text)
    opens = _OPENING_OF_MANY if has_api else _OPENING
    opening = _WHOLE.match(text) if has_api else None
    spans: list[tuple[int, int]] = []
    while opening := opening or opens.search(text, spans[-1][1] if spans else 0):
        spans.append((opening.start(), _closing(text, opening.end())))
        opening = None
    return spans


def _closing(text: str, at: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
            if depth == 0:
                return token.end()
    return len(text)


def within_fences(text: str) -> str:
    """The text with nothing where it is not within ``` and ```, if there are any."""
    is_within, has_fences = False, False
    kept = []
    for line in text.split("\n"):
        opens = None if is_within else _OPENS.match(line)
        if opens:
            is_within = has_fences = True
            line = "" if opens["language"] is not None else line[opens.end() :]
        closes = _CLOSES.search(line) if is_within else None
        kept.append(line[: closes.start()] if closes else line if is_within else "")
        is_within = is_within and not closes
    return "\n".join(kept) if has_fences else text


def within_here_document(text: str) -> str:
    """The text with nothing but what a script writes into a file, if that has an `api` section."""
    for opening in islice(_HERE.finditer(text), _MOST_HERE):
        closing = re.compile(rf"^[ \t]*{opening['end']}[ \t\r]*$", re.MULTILINE)
        end = closing.search(text, opening.end())
        body = text[opening.end() : end.start() if end else len(text)]
        if has_api_section(body):
            return "\n" * text.count("\n", 0, opening.end()) + body
    return text


def without_lines(text: str, numbers: set[int]) -> str:
    """The text with nothing in these lines, counted from 1."""
    lines = text.split("\n")
    return "\n".join("" if at in numbers else line for at, line in enumerate(lines, 1))


def lines_of_prose(text: str) -> set[int]:
    """The lines beside the sections that set nothing, such as what a wizard asks."""
    covered: set[int] = set()
    at, line = 0, 1
    for begin, end in spans_of_sections(text):
        first = line + text.count("\n", at, begin)
        line = first + text.count("\n", begin, end)
        at = end
        covered.update(range(first, line + 1))
    return {
        number
        for number, line_of_text in enumerate(text.split("\n"), 1)
        if number not in covered and _is_prose(line_of_text)
    }


def is_of_terminal(text: str, numbers: Iterable[int]) -> bool:
    """Whether lines, counted from 1, were copied along from a terminal, and are in no file.

    Args:
        text: The text.
        numbers: The lines that are prose.
    """
    lines = text.split("\n")
    said = (lines[at - 1] for at in numbers)
    # A mail that is answered begins with a sign of its own.
    return any(_ASKED.match(one) or (one[:1] != ">" and _SAID.match(one)) for one in said)


def _is_prose(line: str) -> bool:
    return bool(_SAID.match(line)) or not _OF_CONFIGURATIONS.search(line)

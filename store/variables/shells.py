"""Values as shells and what is like them read them: sh, fish, csh, Docker, cmd.exe, PowerShell."""

from __future__ import annotations

import re
from collections.abc import Callable

from store.variables.assignments import Value

_UNCLOSED = "has a quote that is not closed"
# What a shell ends a word at; a non-breaking blank is none of it.
_SHELL_ENDS = r" \t\r\n;&|<>()"


def _pieces(ends: str) -> re.Pattern[str]:
    """What words are made of, where these characters end a word."""
    return re.compile(
        r"""'(?P<single>[^']*)'
        |"(?P<double>(?:[^"\\]|\\.)*)"
        |\$'(?P<ansi>(?:[^'\\]|\\.)*)'
        |\\(?P<escaped>\r?\n|.)
        |(?P<open>`[^`\n]*`?|\$(?:\([^()\n]*\)?|\{[^}\n]*\}?|[\w@*\#?!-]))
        |(?P<unclosed>['"])
        |(?P<plain>\$|[^'"\\`$"""
        + ends.replace(" ", r"\ ")
        + "]+)",
        re.DOTALL | re.VERBOSE,
    )


_WORD = _pieces(_SHELL_ENDS)
_BARE_WORD = _pieces(r" \t\r\n")
_LINE = _pieces(r"\r\n")

_OPEN_IN_DOUBLE = re.compile(r"(?<!\\)(?:\\\\)*(?:`|\$[\w({@*#?!-])")
_ESCAPED_IN_DOUBLE = re.compile(r'\\(\r?\n|[$`"\\])')
_REST_OF_QUOTED = {
    '"': re.compile(r'(?P<double>(?:[^"\\]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"(?P<single>[^']*)'"),
}
_ESCAPE = re.compile(
    r"\\(?:(?P<line>\r?\n)|x(?P<x>[0-9a-fA-F]{1,2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<o>[0-7]{1,3})|(?P<other>.))",
    re.DOTALL,
)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def shell_word(text: str, at: int, quote: str = "") -> Value:
    """A word of a shell.

    Args:
        text: The text.
        at: Where the value begins.
        quote: The quote that was opened before the name, as in `"A=1"`, or "".
    """
    return _read_word(text, at, _WORD, quote)


def bare_word(text: str, at: int, quote: str = "") -> Value:
    """A word that ends at a blank alone, as in Dockerfiles and units of systemd."""
    return _read_word(text, at, _BARE_WORD, quote)


def words_to_the_end(text: str, at: int) -> Value:
    """What is left of the line, without quotes, as `ENV A 1` has it."""
    value = _read_word(text, at, _LINE)
    return Value(value.text.strip(" \t"), value.end, value.is_open, value.is_set, value.trouble)


def _read_word(text: str, at: int, pieces: re.Pattern[str], quote: str = "") -> Value:
    parts: list[str] = []
    is_open = False
    pattern = _REST_OF_QUOTED[quote] if quote else pieces
    if quote and not pattern.match(text, at):
        return Value("", at, is_set=False, trouble=_UNCLOSED)
    while found := pattern.match(text, at):
        kind = found.lastgroup or ""
        piece = found[kind]
        if kind == "unclosed":
            return Value("", found.end(), is_set=False, trouble=_UNCLOSED)
        is_open |= kind == "open" or (kind == "double" and bool(_OPEN_IN_DOUBLE.search(piece)))
        parts.append(_READ[kind](piece))
        at, pattern = found.end(), pieces
    return Value("".join(parts), at, is_open)


def unescaped(text: str) -> str:
    """The text with its backslash escapes undone, as in Python and `$'…'`."""
    return _ESCAPE.sub(_undone, text)


def _undone(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind == "line":
        return ""
    if kind == "other":
        return _CONTROLS.get(found[kind], found[kind] if found[kind] in "'\"\\?" else found[0])
    code = int(found[kind], 8 if kind == "o" else 16)
    return chr(code) if code < 0x110000 else found[0]


def _without_line_ends(escaped: str) -> str:
    return "" if escaped.endswith("\n") else escaped


def _double(piece: str) -> str:
    return _ESCAPED_IN_DOUBLE.sub(lambda found: _without_line_ends(found[1]), piece)


_READ: dict[str, Callable[[str], str]] = {
    "single": str,
    "double": _double,
    "ansi": unescaped,
    "escaped": _without_line_ends,
    "open": str,
    "plain": str,
}


# Windows

_CMD = re.compile(r'(?:"[^"\r\n]*"?|\^[^\r\n]|[^&|<>"^\r\n]|\^)*')
_CMD_OPEN = re.compile(r"%\w+%|!\w+!")
_SETX = re.compile(r'"(?P<quoted>[^"\r\n]*)"?|(?P<plain>[^ \t\r\n]*)')
# To PowerShell every kind of quote is a quote.
_D, _S = '"\u201c\u201d\u201e', "'\u2018\u2019\u201a\u201b"
_POWERSHELL = re.compile(
    rf"[{_D}](?P<double>(?:[^{_D}`]|`.|[{_D}]{{2}})*)[{_D}]"
    rf"|[{_S}](?P<single>(?:[^{_S}]|[{_S}]{{2}})*)[{_S}]",
    re.DOTALL,
)
_POWERSHELL_OPEN = re.compile(r"(?<!`)\$[\w({]")
_POWERSHELL_ENDS = re.compile(r"[ \t]*(?:[;,)}|#\r\n]|\Z)")
_BACKTICKS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "`": "`", "\n": ""}


def cmd_to_the_end(text: str, at: int) -> Value:
    """What cmd.exe gives `set A=`: all up to the end of the command, quotes and blanks too."""
    found = _CMD.match(text, at)
    assert found is not None
    value = re.sub(r"\^(.)", r"\1", found[0])
    return Value(value, found.end(), bool(_CMD_OPEN.search(value)))


def cmd_to_the_last_quote(text: str, at: int) -> Value:
    """What cmd.exe gives `set "A=…"`: all up to the last quote."""
    found = _CMD.match(text, text.rfind('"', 0, at))
    assert found is not None
    command = text[at : max(at, found.end())]
    value = command.rpartition('"')[0] if '"' in command else command
    return Value(value, found.end(), bool(_CMD_OPEN.search(value)))


def setx_word(text: str, at: int) -> Value:
    """The value that `setx` is given."""
    found = _SETX.match(text, at)
    assert found is not None
    value = found[found.lastgroup or "plain"]
    return Value(value, found.end(), bool(_CMD_OPEN.search(value)))


def powershell(text: str, at: int) -> Value:
    """What PowerShell is given: a text in quotes, of any kind, or what it works out."""
    found = _POWERSHELL.match(text, at)
    if not found:
        line = _rest_of_line(text, at)
        if line[:1] in ("$", "(", "["):
            return Value(line, at + len(line), is_open=True)
        trouble = "has a value without quotes, which PowerShell takes for a command"
        return Value("", at + len(line), is_set=False, trouble=trouble)
    single, double = found["single"], found["double"]
    goes_on = not _POWERSHELL_ENDS.match(text, found.end())
    if single is not None:
        return Value(re.sub(rf"([{_S}]){{2}}", r"\1", single), found.end(), goes_on)
    is_open = goes_on or bool(_POWERSHELL_OPEN.search(double))
    value = re.sub(rf"([{_D}]){{2}}", r"\1", double)
    value = re.sub("`(.)", lambda one: _BACKTICKS.get(one[1], one[1]), value, flags=re.DOTALL)
    return Value(value, found.end(), is_open)


# Notebooks


def notebook(text: str, at: int) -> Value:
    """What `%env` is given: all up to the end of the line, with its quotes."""
    line = _rest_of_line(text, at)
    end = at + len(line)
    if "=" in line and text[at - 1] != "=":
        return Value(
            "", end, is_set=False, trouble="is not set where a blank and a = come after it"
        )
    return Value(line.strip(), end, bool(re.search(r"\$\w|[{}]", line)))


def _rest_of_line(text: str, at: int) -> str:
    found = re.compile(r"[^\r\n]*").match(text, at)
    assert found is not None
    return found[0]

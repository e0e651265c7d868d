"""The forms in which people write what sets a variable: one line of a table each.

A form is told by what is right before the name and right after it. The first that fits is it, so
what is narrow comes before what is wide. `\\Z` at the end of `before` is the name's beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from store.variables.assignments import Value
from store.variables.kubernetes import BETWEEN
from store.variables.languages import python_literal, yaml_plain, yaml_scalar
from store.variables.shells import (
    bare_word,
    cmd_to_the_end,
    cmd_to_the_last_quote,
    notebook,
    powershell,
    setx_word,
    shell_word,
    words_to_the_end,
)

# Given the text, where the value begins, and what was found before the name.
Read = Callable[[str, int, re.Match[str]], Value]


@dataclass(frozen=True)
class Form:
    """A form.

    Attributes:
        before: What stands before the name, in its line.
        after: What stands between the name and the value.
        read: Reads the value.
        any_case: Whether the name may be in small letters, as on Windows.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    read: Read
    any_case: bool = False


def _form(before: str, after: str, read: Read, *, any_case: bool = False) -> Form:
    flags = re.IGNORECASE if any_case else 0
    return Form(re.compile(f"(?:{before})\\Z", flags), re.compile(after), read, any_case)


def _plain(read: Callable[[str, int], Value]) -> Read:
    return lambda text, at, _: read(text, at)


def _not_set(trouble: str) -> Read:
    return lambda _text, at, _: Value("", at, is_set=False, trouble=trouble)


def _emptied(_text: str, at: int, _before: re.Match[str]) -> Value:
    return Value("", at)


def _elsewhere(_text: str, at: int, _before: re.Match[str]) -> Value:
    return Value("", at, is_open=True)


def _word(text: str, at: int, before: re.Match[str]) -> Value:
    return shell_word(text, at, before["quote"])


def _bare(text: str, at: int, before: re.Match[str]) -> Value:
    return bare_word(text, at, before["quote"])


def _with_blanks_beside(text: str, at: int, _before: re.Match[str]) -> Value:
    value = shell_word(text, at)
    trouble = value.trouble or "has a blank beside its =, which a shell does not take"
    return Value(value.text, value.end, value.is_open, value.is_set, trouble)


def _fish(text: str, at: int, before: re.Match[str]) -> Value:
    value = shell_word(text, at)
    is_handed_on = re.search(r" --export\b| -\w*x", before["options"].replace("\t", " "))
    if is_handed_on or not value.is_set:
        return value
    return Value("", value.end, is_set=False, trouble="is not handed on, which in fish set -x does")


def _of_a_list(text: str, at: int, before: re.Match[str]) -> Value:
    if not before["quote"]:
        # It began with the name, so that quotes here are part of it.
        return yaml_plain(text, at, in_flow=before[0][0] in "[,")
    whole = yaml_scalar(text, text.rfind(before["quote"], 0, at))
    return Value(whole.text.partition("=")[2], whole.end, whole.is_open)


def _scalar(text: str, at: int, before: re.Match[str]) -> Value:
    return yaml_scalar(text, at, in_flow="{" in before[0] or "," in before[0])


def _of_quoted_name(text: str, at: int, before: re.Match[str]) -> Value:
    """A value of a dictionary, of JSON, or of a map of YAML."""
    if _LITERAL_BEGINS.match(text, at):
        literal = python_literal(text, at)
        # Editors and build services fill in what is so marked.
        is_open = literal.is_open or "${" in literal.text or "{{" in literal.text
        return replace(literal, text=literal.text.replace("\\/", "/"), is_open=is_open)
    if _EXPRESSION.match(text, at):
        return python_literal(text, at)
    return _scalar(text, at, before)


# In a dictionary what has no quotes is worked out where the program runs.
_EXPRESSION = re.compile(r"[^\W\d][\w.]*(?:[(\[][^\r\n]*)?[ \t]*[,})]")
_LITERAL_BEGINS = re.compile(r"[fFrRbBuU]{0,2}[\"']")

_BLANKS = r"[ \t]+"
_SOME = r"[ \t]*"
_BEGIN = r"(?:^|[ \t\r\n;&|(`>@!])"
# Where a command begins, after a prompt, too.
_COMMAND = rf"(?:^|[;&|(@$>%!\u276f]){_SOME}"
# What a word of a shell may have to its left.
_LEFT = r"(?:^|[ \t\r\n;&|(=`>!])"
_QUOTE = r"""(?P<quote>["']?)"""
_ITEM = rf"""(?:^|[{{\[,]){_SOME}(?:-{_SOME})?"""
_NAMED = rf"""(?:^|[{{,]){_SOME}(?:-{_SOME})?["']?name["']?{_SOME}:{_SOME}["']?"""
_ITS_VALUE = rf"""{BETWEEN}value["']?{_SOME}:{_SOME}"""
_ITS_ORIGIN = rf"""{BETWEEN}valueFrom["']?{_SOME}:"""

FORMS: tuple[Form, ...] = (
    # Notebooks
    _form(rf"%(?:set_)?env{_BLANKS}", rf"{_SOME}=|{_BLANKS}", _plain(notebook)),
    # PowerShell
    _form(r"\$\{?env:", rf"\}}?{_SOME}={_SOME}", _plain(powershell), any_case=True),
    _form(
        rf"SetEnvironmentVariable\({_SOME}[\"']",
        rf"[\"']{_SOME},{_SOME}",
        _plain(powershell),
        any_case=True,
    ),
    # fish
    _form(
        rf"{_COMMAND}set(?:{_BLANKS}--?\w+)*{_BLANKS}(?:-\w*e\w*|--erase){_BLANKS}(?:-\w+{_BLANKS})*",
        r"(?=[ \t\r\n;&]|\Z)",
        _emptied,
    ),
    _form(
        rf"{_COMMAND}set(?P<options>(?:{_BLANKS}--?\w+)*){_BLANKS}", rf"{_BLANKS}(?![ \t=])", _fish
    ),
    # cmd.exe
    _form(rf"{_COMMAND}set{_BLANKS}\"", "=", _plain(cmd_to_the_last_quote), any_case=True),
    _form(rf"{_COMMAND}set{_BLANKS}", "=", _plain(cmd_to_the_end), any_case=True),
    _form(
        rf"{_COMMAND}set{_BLANKS}\"?",
        rf"{_BLANKS}=",
        _not_set("has a blank before its =, which cmd.exe takes for a part of the name"),
        any_case=True,
    ),
    _form(
        rf"{_BEGIN}setx(?:{_BLANKS}/\w+)*{_BLANKS}\"?",
        rf"\"?{_BLANKS}",
        _plain(setx_word),
        any_case=True,
    ),
    # csh
    _form(rf"{_BEGIN}setenv{_BLANKS}", _BLANKS, _plain(shell_word)),
    # Dockerfiles
    _form(rf"^{_SOME}(?i:ENV){_BLANKS}", rf"{_BLANKS}(?![ \t=])", _plain(words_to_the_end)),
    _form(rf"^{_SOME}(?i:ENV)(?:{_BLANKS}[^\r\n]*)?{_BLANKS}{_QUOTE}", "=", _bare),
    # Python
    _form(
        rf"environ{_SOME}\[{_SOME}[\"']",
        rf"[\"']{_SOME}\]{_SOME}={_SOME}(?!=)",
        _plain(python_literal),
    ),
    _form(
        rf"(?:setdefault|putenv|setenv){_SOME}\({_SOME}[\"']",
        rf"[\"']{_SOME},{_SOME}",
        _plain(python_literal),
    ),
    _form(
        rf"(?:^|[(,]){_SOME}",
        rf"{_SOME}={_SOME}(?=(?:\"[^\"\r\n]*\"|'[^'\r\n]*'){_SOME}[,)])",
        _plain(python_literal),
    ),
    # Lists of Kubernetes, in YAML and JSON
    _form(_NAMED, _ITS_VALUE, _scalar),
    _form(_NAMED, _ITS_ORIGIN, _elsewhere),
    # Maps and lists of Compose, and other YAML and JSON
    _form(rf"{_ITEM}[\"']", rf"[\"']{_SOME}:{_SOME}", _of_quoted_name),
    _form(_ITEM, rf"{_SOME}:(?:{_BLANKS}|(?=[\r\n]|\Z))", _scalar),
    _form(rf"(?:^{_SOME}-{_BLANKS}|[\[,]{_SOME}){_QUOTE}", "=", _of_a_list),
    _form(rf"^{_SOME}-{_BLANKS}[\"']?", rf"[\"']?{_SOME}(?=[\r\n]|\Z)", _elsewhere),
    # Units of systemd
    _form(rf"^{_SOME}Environment=(?:[^\r\n]*{_BLANKS})?{_QUOTE}", "=", _bare),
    # sh and whoever takes after it, with the files named .env
    _form(rf"{_BEGIN}unset{_BLANKS}(?:-v{_BLANKS})?", r"(?=[ \t\r\n;&]|\Z)", _emptied),
    _form(rf"(?:-u{_BLANKS}?|--unset=)", r"(?=[ \t\r\n;&]|\Z)", _emptied),
    _form(rf"(?:-e|--env)[ =]{_SOME}", r"(?=[ \t\r\n;&]|\Z)", _elsewhere),
    _form(
        rf"{_BEGIN}export{_BLANKS}(?:-\w+{_BLANKS})*",
        rf"{_BLANKS}={_SOME}|={_BLANKS}(?=[^\s;&|])",
        _not_set("has a blank beside its =, which a shell does not take"),
    ),
    _form(rf"{_LEFT}(?P<quote>[\"'])", "=", _word),
    _form(rf"{_LEFT}(?P<quote>)", rf"=(?!{_BLANKS}[^ \t\r\n;&|#])|=(?={_BLANKS}\w+=)", _word),
    _form(rf"{_LEFT}", rf"{_SOME}={_SOME}", _with_blanks_beside),
)

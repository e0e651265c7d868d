"""What is warned of HOCON is what the clients' own parsers have, and all of it is warned of."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.vaults.hocon_traps import shown, traps
from store.vaults.outline import outline
from store.vaults.problems import Problem
from tests.clients.parsers import CLIENTS, held_by
from tests.effort import effort

USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))
_HAVE = re.compile(r"Clients have (.*?) here\b", re.DOTALL)

# A text with one setting, the column of what is warned of, what clients have, and the remedy.
TRAPS: list[tuple[str, int, Any, str]] = [
    ("a = 'bot'", 5, "'bot'", 'only "'),
    ("a = “bot”", 5, "“bot”", 'only "'),
    ("a = \u2018bot\u2019", 5, "\u2018bot\u2019", 'only "'),
    ("a = «bot»", 5, "«bot»", 'only "'),
    ("a = bot”", 5, "bot”", 'only "'),
    ("a = //srv/share", 5, "", "in quotes"),
    ("a: //srv/share\n\n", 4, "", "in quotes"),
    ("a = #fff", 5, "", "in quotes"),
    ("a = http://x/#part", 14, "http://x/", "in quotes"),
    ("a = pass#word", 9, "pass", "in quotes"),
    ("a = 3.10", 5, 3.1, "in quotes"),
    ("a: 1.0.0 , b = 3.10", 16, "1.0.0", "in quotes"),
    ("a = 0755", 5, 755, "in quotes"),
    ("a = +4917012345", 5, 4917012345, "in quotes"),
    ("a = 12345e7", 5, 123450000000.0, "in quotes"),
    ("a = 0.12345678901234567890", 5, 0.12345678901234568, "in quotes"),
    ("a = ٣", 5, 3, "in quotes"),
    ("a = Python 3.10", 5, "Python 3.1", "in one pair of quotes"),
    ("a = true x", 5, "Truex", "in one pair of quotes"),
    ("a = false-positive", 5, "False-positive", "in one pair of quotes"),
    ('a = "x"y', 5, "xy", "in one pair of quotes"),
    ('a = ""x""', 5, "x", "in one pair of quotes"),
    (r'a = "C:\new"', 5, "C:\new", r"Write \\ for each \."),
    (r'a = "\\srv\share"', 5, r"\srv\share", r"Write \\ for each \."),
    (r"a = C:\new", 5, "C:\new", "in quotes"),
    (r"a = \\srv\share", 5, r"\srv\share", "in quotes"),
    ("a = C:\\data\\\n", 5, "C:\\data", "in quotes"),
    (r'a = "caf\u00e9"', 5, r"caf\u00e9", "the character itself"),
    (r'a = "http:\/\/x"', 5, r"http:\/\/x", "the character itself"),
    (r'a = "a\#b"', 5, "a#b", r"Write \\ for each \."),
    ('a = "x\ty"', 5, "x  y", r"Write \t"),
    ("a = yes", 5, "yes", "Write true"),
    ("a: Off", 4, "Off", "Write false"),
    ("a = None", 5, "None", "Write null"),
    ("a = 1_000", 5, "1_000", "in digits"),
    ("a = 0x1F", 5, "0x1F", "in digits"),
    ("a = 5.", 5, "5.", "in digits"),
    ("a = x;", 5, "x;", "Take it out"),
    ("a = 10 ; b", 5, "10 ; b", "Take it out"),
    ("a => 1", 4, "> 1", "Take that out"),
    ("a = : x", 5, ": x", "Take that out"),
    ('a = "${HOME}/x"', 5, "${HOME}/x", "out of the quotes"),
]
LISTS: list[tuple[str, int, Any, str]] = [
    ('a = ["-v" "/x:/y"]', 6, ["-v /x:/y"], "comma"),
    ("a = [1 2 3]", 6, ["1 2 3"], "commas"),
    ("a = [0755]", 6, [755], "in quotes"),
    ("a = ['x']", 6, ["'x'"], 'only "'),
    ("a = [off]", 6, ["off"], "Write false"),
]


def found(text: str) -> list[Problem]:
    """What is said of a text."""
    return list(traps(text, outline(text)))


@pytest.mark.parametrize(("text", "column", "value", "remedy"), [*TRAPS, *LISTS])
def test_each_trap_is_told_with_what_clients_have(
    text: str, column: int, value: Any, remedy: str
) -> None:
    (problem,) = found(text)
    assert (problem.line, problem.column, problem.is_error) == (1, column, False)
    assert remedy in problem.message
    for client in CLIENTS:
        tree = held_by(client, text)
        assert tree is not None
        assert tree["a"] == value
        assert type(tree["a"]) is type(value)
    if column < 16:
        said = _HAVE.match(problem.message)
        assert said
        assert said[1] == shown(value[0] if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("text", "path", "value", "word"),
    [
        ("a = 1\nb = 1\na = 2", ("a",), 2, "that of line 1"),
        ("x { a = 1 }, x.a = 2", ("x", "a"), 2, "that of line 1"),
        ("x { a = 1 }\nx = 2", ("x",), 2, "that of line 1"),
        ("x { a = [1] }\nx { a = [2] }", ("x", "a"), [2], "that of line 1"),
        ("agent // mine\n{ a = 1 }", ("agent // mine", "a"), 1, "Write # instead"),
        ("agent . a = 1", ("agent ", " a"), 1, "a part of the name"),
        ('"a\u200b" = 1', ("a\u200b",), 1, "U+200B"),
        ('a = "x\u00a0"', ("a",), "x\u00a0", "U+00A0"),
        ("a = x\u200b", ("a",), "x\u200b", "U+200B"),
        ("a = \ufeffx", ("a",), "\ufeffx", "U+FEFF"),
        ("a = //x\nb", ("a",), "b", "what comes next"),
    ],
)
def test_what_is_said_of_keys_and_invisible_characters(
    text: str, path: tuple[str, ...], value: Any, word: str
) -> None:
    (problem,) = found(text)
    assert word in problem.message
    for client in CLIENTS:
        held: Any = held_by(client, text)
        for name in path:
            held = held[name]
        assert held == value


@pytest.mark.parametrize(
    "text",
    [
        'a = x//y # a comment, b = http://x//y, c = "x" // another\nd = 1# c\ne = true#c',
        'a = 1e-3\nb = 1.5e10\nc = -2.5\nd = 1.0\ne = 100\nf = [1, 2.5, "x"]',
        "a = 1\na = ${?A}\nb = [1]\nb += 2\nc { x = 1 }\nc { y = 2 }",
        'a = "line\\nbreak"\nb = "\\d+\\s"\nc = "C:\\\\new"\nd = "say \\"x\\""',
        'a = ${HOME}"/x"\nb = "x"${?c}\nc = ${d} words',
        'a = ["yes"]\nb = "no"\nenvironment { C = yes }',
        "a = two words 12\nb = it's\nc = 10m\nd = 5 days\ne = 1",
        '"a.b" = 1\n"c//d" = 2\n# a\n// b\ne = [\n  # x\n  //y\n]',
        'a = "a // b # c"\nb = """C:\\new \'x\'"""',
        'a = ["${x}"]\nb = [{c = 1}, {c = 2}]',
    ],
)
def test_of_what_is_plain_nothing_is_said(text: str) -> None:
    assert found(text) == []


def test_of_a_secret_it_is_not_said_what_clients_have() -> None:
    for text in ("git_pass = 's3cret'", "token: s3cret#x", 'a = [{password: "s3"cret}]'):
        (problem,) = found(text)
        assert "another value" in problem.message
        assert "cret" not in problem.message


def test_what_a_variable_of_the_environment_is_set_to() -> None:
    text = "environment { A = true, B = false, C = 0, D = 1, E = x }"
    assert [problem.message for problem in found(text)] == [
        'Clients set this variable to "True". Put it in quotes.',
        'The SDK sets this variable to "", agents to "False". Put it in quotes.',
        'The SDK sets this variable to "", agents to "0". Put it in quotes.',
    ]


_PIECES = st.sampled_from(
    [
        *("x", "bot", "a b", " ", "  ", "3.10", "0755", "12", "1e5", "true", "False", "null", "no"),
        *("'", "“", "”", "//", "/", "#", ":", "://", "\\n", "\\t", "\\\\", "\\d", "C:", ";", "-"),
        *("10m", "\u200b", "%", "~", "|", ">", "٣", "_", ".", '"q"', '"C:\\new"', '"""l"""', "\t"),
    ]
)
_FORMS = st.sampled_from(["a = {}\nz = 1", "a = [{}\n]", "a:{}\nz = 1"])
_PLAIN = re.compile(r"[^\"\\#]*")


@given(st.lists(_PIECES, min_size=1, max_size=4).map("".join), _FORMS)
@settings(USUAL, max_examples=effort(60))
@example("null", "a = {}\nz = 1")
def test_of_any_value_clients_have_what_is_typed_or_what_is_said(typed: str, form: str) -> None:
    text = form.format(typed)
    for client in CLIENTS:
        tree = held_by(client, text)
        if tree is None or set(tree) - {"a", "z"}:
            continue
        value = tree["a"]
        if isinstance(value, list):
            if len(value) != 1:
                continue
            (value,) = value
        problems = found(text)
        _hold(typed.strip(" \t"), value, problems, text)


def _hold(typed: str, value: Any, problems: list[Problem], text: str) -> None:
    for problem in problems:
        said = _HAVE.match(problem.message)
        if said and "what comes next" not in said[0]:
            assert said[1] == shown(value), (text, value)
    is_comment = re.search(r"(?:^|[ \t])(?:#|//)", typed)
    if not is_comment and _PLAIN.fullmatch(typed) and _words(value) != typed.casefold():
        assert problems, (text, value)


def _words(value: Any) -> str:
    return "null" if value is None else str(value).casefold()

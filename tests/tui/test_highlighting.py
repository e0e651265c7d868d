"""What of a line is a key, a string and so on, and what it leaves open."""

from __future__ import annotations

import random
import time

import pytest

from store.vaults.formats import FORMATS, Format
from tui.widgets.highlighting import NOTHING_OPEN, LineStates, State, state_after, tokens_of


def parts(text: str, text_format: Format) -> list[list[tuple[str, str]]]:
    """The tokens of each line, but for brackets and commas."""
    state = NOTHING_OPEN
    found: list[list[tuple[str, str]]] = []
    for line in text.split("\n"):
        tokens = tokens_of(line, text_format, state)
        found.append([(line[start:end], kind) for start, end, kind in tokens if kind != "mark"])
        state = state_after(line, text_format, state)
    return found


def kinds(line: str, text_format: Format) -> dict[str, str]:
    """What each part of a single line is."""
    return dict(parts(line, text_format)[0])


def test_hocon() -> None:
    assert parts('api { host = http://a.b/c, key: "x" # c', "hocon") == [
        [("api", "key"), ("host", "key"), ("key", "key"), ('"x"', "string"), ("# c", "comment")]
    ]
    assert kinds('sdk.aws.s3 { "a b" = ${HOME}/x // c', "hocon") == {
        "sdk.aws.s3": "key",
        '"a b"': "key",
        "${HOME}": "reference",
        "// c": "comment",
    }
    assert kinds("a = [1, -2.5e3, true, tru, 1x], b += yes", "hocon") == {
        "a": "key",
        "1": "number",
        "-2.5e3": "number",
        "true": "constant",
        "b": "key",
        "yes": "constant",
    }
    assert kinds('include file("x")', "hocon") == {"include": "reference", '"x"': "string"}
    assert kinds("include = 1", "hocon")["include"] == "key"
    assert kinds("d: foo:bar", "hocon") == {"d": "key"}


def test_strings_in_triple_quotes_go_on_over_lines() -> None:
    text = 'a = """one # no comment\nb: 2 "x" """", c = 1\nd: """x""", e: 1'
    assert parts(text, "hocon") == [
        [("a", "key"), ('"""one # no comment', "string")],
        [('b: 2 "x" """"', "string"), ("c", "key"), ("1", "number")],
        [("d", "key"), ('"""x"""', "string"), ("e", "key"), ("1", "number")],
    ]


def test_json_has_neither_comments_nor_open_strings() -> None:
    assert parts('{"a": [1, true, "b: \\" c"], "d": nul} # x', "json") == [
        [
            ('"a"', "key"),
            ("1", "number"),
            ("true", "constant"),
            ('"b: \\" c"', "string"),
            ('"d"', "key"),
        ]
    ]
    assert state_after('"""', "json", NOTHING_OPEN) == NOTHING_OPEN


def test_yaml() -> None:
    assert kinds("- a b: &x !!str 12 # c", "yaml") == {
        "a b": "key",
        "&x": "reference",
        "!!str": "reference",
        "12": "number",
        "# c": "comment",
    }
    assert kinds("url: http://x:80/y#z", "yaml") == {"url": "key"}
    assert kinds("{a: 1, b: [~, x, 'it''s']}", "yaml") == {
        "a": "key",
        "1": "number",
        "b": "key",
        "~": "constant",
        "'it''s'": "string",
    }
    # YAML 1.2: these are texts.
    assert kinds("a: no", "yaml") == {"a": "key"}
    assert kinds("a: 12 monkeys", "yaml") == {"a": "key"}
    assert kinds('"q": *x', "yaml") == {'"q"': "key", "*x": "reference"}
    assert parts("---\n%YAML 1.2", "yaml")[0] == [("---", "comment")]


def test_blocks_of_yaml_end_where_the_indentation_does() -> None:
    text = "a:\n  - b: |  # c\n      x: 1\n\n      - y\n    z: 2\n  - >-\n    v: 3\n  - 4"
    assert parts(text, "yaml") == [
        [("a", "key")],
        [("b", "key"), ("|", "reference"), ("# c", "comment")],
        [("      x: 1", "string")],
        [("", "string")],
        [("      - y", "string")],
        [("z", "key"), ("2", "number")],
        [(">-", "reference")],
        [("    v: 3", "string")],
        [("4", "number")],
    ]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_of_yaml_go_on_over_lines(quote: str) -> None:
    text = f"a: {quote}one\n  b: 2\n  c{quote} # d\ne: 1"
    assert parts(text, "yaml") == [
        [("a", "key"), (f"{quote}one", "string")],
        [("  b: 2", "string")],
        [(f"  c{quote}", "string"), ("# d", "comment")],
        [("e", "key"), ("1", "number")],
    ]


SIGNS = ['"""', '"', "'", "|", ">", "-", ":", " ", "a", "#", "{", "}", "[", ",", "\\", "${", "&x"]
SIGNS += ["//", "include", "=", "?", "1", "true", "界", "\t"]


@pytest.mark.parametrize("text_format", FORMATS)
def test_any_line_has_parts_in_order_and_within_it(text_format: Format) -> None:
    chance = random.Random(5)
    state: State = NOTHING_OPEN
    for _ in range(3_000):
        line = "".join(chance.choices(SIGNS, k=chance.randrange(12)))
        end = 0
        for start, last, _kind in tokens_of(line, text_format, state):
            assert end <= start <= last <= len(line), line
            end = last
        state = state_after(line, text_format, state)


@pytest.mark.parametrize("text_format", FORMATS)
@pytest.mark.parametrize("sign", [*SIGNS, "a ", "a:", "- ", "a #", "a: |", " :"])
def test_no_line_takes_long(text_format: Format, sign: str) -> None:
    line = sign * (1_000_000 // len(sign))
    began = time.perf_counter()
    tokens_of(line, text_format, NOTHING_OPEN)
    state_after(line, text_format, NOTHING_OPEN)
    # Some milliseconds; what grows with the square of the length would take hours.
    assert time.perf_counter() - began < 1


def test_what_is_open_is_worked_out_once_and_anew_below_a_change() -> None:
    lines = ["a: 1"] * 100
    asked: list[int] = []

    def line_at(row: int) -> str:
        asked.append(row)
        return lines[row]

    states = LineStates(line_at)
    assert states.before(90, "hocon") == NOTHING_OPEN
    assert asked == list(range(90))
    assert states.before(50, "hocon") == NOTHING_OPEN
    assert len(asked) == 90
    lines[60] = 'a = """x'
    states.forget_after(60)
    assert states.before(60, "hocon") == NOTHING_OPEN
    assert states.before(70, "hocon") == ('"""', 0)
    assert asked[90:] == list(range(60, 70))

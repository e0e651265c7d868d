"""Which format a text is taken for."""

from __future__ import annotations

import io
from time import process_time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from store.vaults.formats import FORMATS, SHOWN
from store.vaults.recognising import guessed, recognised
from store.vaults.writing import written
from tests.store.vaults.texts import HOCON, is_of_hocon, keys_in, trees

BLOCK_YAML = [
    "sdk:\n  probe:\n    a: 1",
    "api: # the servers\n  web_server: http://x:8080",
    "a: 1",
    "# first\n\nagent:\n- x\n- y",
    "- a\n- b",
    "---\na: 1",
    "%YAML 1.2\n---\na: 1",
    '"api":\n  x: {a: 1}',
    "'api':\n  x: [a]",
    "extra: [a, b]\nagent:\n  x: 1",
    "extra: {a: 1, b: 'x'}",
    'script: |\n  x = {\n  include "y"\n  }\n',
    "a: &x {b: 1}\nc: *x",
    "? a\n: b",
    "a: b = c",
    "a = b: c",
    "\ufeffa:\n  b: 1",
    "a:\r\n  b: 1\r\n",
]
HOCONS = [
    "",
    "# nothing",
    "a = 1",
    "a=1",
    'api { web_server: "http://x:8080" }',
    "api {\n  web_server: http://x\n}",
    "api: {\n  web_server: http://x\n}\nsdk: {\n}\n",
    'agent.extra = ["a: b"]',
    "a = { b: 1 }",
    "a += x",
    'include "base.conf"\na: 1',
    'include url("http://x")',
    "{ a = 1 }",
    "{\n  a: 1\n  b: 2\n}",
    "// note: this\na = 1",
    "// x: 1\na: 2",
    "# note: this\na = 1",
    "a.b.c:1",
]


@pytest.mark.parametrize("text", BLOCK_YAML)
def test_block_yaml(text: str) -> None:
    assert recognised(text) == "yaml"


@pytest.mark.parametrize("text", HOCONS)
def test_hocon(text: str) -> None:
    assert recognised(text) == "hocon"


@pytest.mark.parametrize("text", ['{"a": 1}', ' \n{"a": {"b": [1]}}', "[]", "{}"])
def test_json(text: str) -> None:
    assert recognised(text) == "json"


@pytest.mark.parametrize("bracket", ["{", "[", '{"a":', "- ", "a:\n ", '"'])
def test_long_ones(bracket: str) -> None:
    assert recognised(bracket * 60_000) in FORMATS


@pytest.mark.parametrize(
    "text",
    [
        *(
            begin + of * 130_000
            for begin in ("", "a: {", "a: {\n")
            for of in ('"\\', '"', "'", "{'")
        ),
        *('a: {"' * 50_000, "a: {'\n" * 50_000, '{"a": "' + "x" * 250_000, '"\n' * 130_000),
        *("a: [" + " #" * 130_000, "a = " * 65_000, '"' + "\\" * 260_000, "a:" * 130_000),
    ],
)
def test_hostile_ones_are_recognised_at_once(text: str) -> None:
    began = process_time()
    assert recognised(text) in FORMATS
    # It takes a few milliseconds; counted is the work, for other tests run beside this one.
    assert process_time() - began < 0.5


def test_a_long_one_is_still_json() -> None:
    assert recognised('{"a": "' + "x" * 200_000 + '"}') == "json"


@given(trees())
def test_what_we_write_is_recognised(tree: dict[str, Any]) -> None:
    assume(tree)
    assert recognised(written(tree, "yaml")) == "yaml"
    assert recognised(written(tree, "json")) == "json"
    assert recognised(written(tree, "hocon")) == "hocon"


@given(trees())
def test_block_yaml_that_others_write_is_never_hocon(tree: dict[str, Any]) -> None:
    assume(tree)
    yaml, file = YAML(typ="safe", pure=True), io.StringIO()
    yaml.default_flow_style, yaml.width = False, 10_000
    yaml.dump(tree, file)
    assume(not any(map(is_of_hocon, keys_in(tree))))
    guess = guessed(file.getvalue())
    # Where it is not sure, both readings are weighed.
    assert guess.format == "yaml" or not guess.is_clear


@given(HOCON)
def test_hocon_with_a_brace_or_an_equals_sign_first(text: str) -> None:
    assert recognised(f"first = 1\n{text}") == "hocon"
    assert recognised(f"first {{\n{text}}}") == "hocon"


@given(st.text())
def test_any_text(text: str) -> None:
    assert recognised(text) in FORMATS
    assert set(SHOWN) == set(FORMATS)

"""A vault's text with its secrets hidden: what `v` hides is hidden in the text, too."""

from __future__ import annotations

import json
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.vaults.concealing import HIDDEN, concealed
from store.vaults.formats import Format
from store.vaults.merging import is_secret
from store.vaults.writing import written
from tests.effort import effort

PLAIN = ("agent", "region", "bucket", "default_docker", "my key", "a.b")
SECRET = ("git_pass", "secret", "credentials", "sshKey", "files")


@pytest.mark.parametrize(
    ("text", "text_format", "shown"),
    [
        ('agent.git_pass="x" # mine', "hocon", f"agent.git_pass={HIDDEN} # {HIDDEN}"),
        ('a.git_user="x" # mine', "hocon", 'a.git_user="x" # mine'),
        ("a { token: x, b: 1 }", "hocon", f"a {{ token: {HIDDEN}, b: 1 }}"),
        ("git_pass: a:b=c # d", "hocon", f"git_pass: {HIDDEN} # {HIDDEN}"),
        ("secret = ${X} more", "hocon", f"secret = {HIDDEN}"),
        ("keys: [\n 1,\n 2\n]", "hocon", f"keys: [\n {HIDDEN},\n {HIDDEN}\n]"),
        ('pass: """a\nb\nc""", d: 1', "hocon", f"pass: {HIDDEN}\n{HIDDEN}\n{HIDDEN}, d: 1"),
        ("api.credentials { user: me }", "hocon", f"api.credentials {{ user: {HIDDEN} }}"),
        ("use_credentials_chain: true", "hocon", "use_credentials_chain: true"),
        ("url: https://me:pw@host/x", "hocon", f"url: {HIDDEN}"),
        ('# git_pass = "x"', "hocon", f"# {HIDDEN}"),
        ("// a word on secrets", "hocon", "// a word on secrets"),
        ('{"a": [{"pass": "x", "b": 2}]}', "json", f'{{"a": [{{"pass": {HIDDEN}, "b": 2}}]}}'),
        ("git_pass: x  # mine\nb: y", "yaml", f"git_pass: {HIDDEN}  # {HIDDEN}\nb: y"),
        ("pass: |\n  k: v\n  # w\nb: 1", "yaml", f"pass: |\n  {HIDDEN}\n{HIDDEN}\nb: 1"),
        ('pass: "a\n  k: v"\nb: 1', "yaml", f"pass: {HIDDEN}\n{HIDDEN}\nb: 1"),
        ("token: a\n  b\nc: 1", "yaml", f"token: {HIDDEN}\n  {HIDDEN}\nc: 1"),
        ("a: {pass: 'x, y', b: 1}", "yaml", f"a: {{pass: {HIDDEN}, b: 1}}"),
        ("a: {\n b: 1, pass: x,\n c: 2}", "yaml", f"a: {{\n b: 1, pass: {HIDDEN},\n c: 2}}"),
        ("credentials:\n- a: x\n  b: y", "yaml", f"credentials:\n- a: {HIDDEN}\n  b: {HIDDEN}"),
        ("- secret: x\n  name: y", "yaml", f"- secret: {HIDDEN}\n  name: y"),
        ("pass: &a !!str x\nb: *a", "yaml", f"pass: &a !!str {HIDDEN}\nb: *a"),
        ("# token: x\na: 1", "yaml", f"# {HIDDEN}\na: 1"),
    ],
)
def test_hides_secrets_and_nothing_else(text: str, text_format: Format, shown: str) -> None:
    assert concealed(text, text_format) == shown


@settings(max_examples=effort(200), deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    form=st.sampled_from(["hocon", "json", "yaml"]),
    lines=st.integers(1, 30),
)
def test_hides_exactly_what_is_a_secret_by_its_path(
    chance: Random, form: Format, lines: int
) -> None:
    words = (f"word{number}end" for number in count())
    tree = _tree(chance, words, 0)
    text = json.dumps(tree, indent=2) if form == "json" else written(tree, form)
    shown = concealed(text, form)
    assert shown.count("\n") == text.count("\n")
    for path, value in _leaves((), tree):
        assert (value not in shown) == is_secret(path, value), (path, value)
    # Of the beginning alone no more is shown than of the whole.
    beginning = "\n".join(text.split("\n")[:lines])
    assert concealed(beginning, form).split("\n") == shown.split("\n")[:lines]


@settings(max_examples=effort(200), deadline=None)
@given(text=st.text(), form=st.sampled_from(["hocon", "json", "yaml"]))
def test_takes_any_text_and_keeps_its_lines(text: str, form: Format) -> None:
    assert concealed(text, form).count("\n") == text.count("\n")


def _tree(chance: Random, words: Any, depth: int) -> dict[str, Any]:
    names = chance.sample([*PLAIN, *SECRET], chance.randint(1, 4))
    return {name: _value(chance, words, depth) for name in names}


def _value(chance: Random, words: Any, depth: int) -> Any:
    kind = chance.randint(0, 5 if depth < 3 else 2)
    if kind == 3:
        return [_value(chance, words, depth + 1) for _ in range(chance.randint(1, 3))]
    if kind > 3:
        return _tree(chance, words, depth + 1)
    word = next(words)
    return [word, f"{word}: x, 'y' # z", f"{word}\nk: v"][kind]


def _leaves(path: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _leaves((*path, name), held)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(path, item)
    else:
        # The word alone, which the writing of the text leaves as it is.
        yield path, value[: value.index("end") + 3]

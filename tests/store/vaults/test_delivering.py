"""What clients get of a vault is what was written in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from store.parsing.hocon import parse_hocon
from store.vaults.checking import check_vault_text
from store.vaults.delivering import delivered
from store.vaults.formats import Format
from store.vaults.writing import written
from tests.effort import effort
from tests.store.vaults.texts import PATIENT, is_same, trees

# The clients' own parsers have not followed theirs.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))
READERS: list[Callable[[str], Any]] = [
    import_module(name).ConfigFactory.parse_string
    for name in ("pyhocon", "clearml.utilities.pyhocon", "clearml_agent.external.pyhocon")
]


@given(trees())
@example({"a": "\\u0041 \\/ \\n \" ' ${HOME} # // \t\r\n"})
@example({"a": [[], {}, [[{"b": None}]], None, "x", " "], "c": {}})
@example({"a.b": 1, "c:d": {"e=f": 2, "#": 3, "$": 4, "a b": 5}})
@example({"a": 10**299, "b": 1e308, "c": 5e-324, "d": -0.0, "e": 1e22})
@settings(USUAL, max_examples=effort(60))
def test_clients_read_the_same_tree(tree: dict[str, Any]) -> None:
    text = delivered("", "json", tree)
    assert json.loads(text) == tree
    for read in READERS:
        assert is_same(read(text).as_plain_ordered_dict(), tree)


@given(trees())
@settings(USUAL, max_examples=effort(20))
def test_what_is_good_is_delivered_as_it_is(tree: dict[str, Any]) -> None:
    for format_ in ("json", "yaml"):
        text = written(tree, format_)
        checked = check_vault_text(text, format_, PATIENT)
        assert checked.tree is not None
        got = delivered(text, format_, checked.tree)
        assert checked.size == len(got.encode())
        assert is_same(parse_hocon(got, PATIENT).tree, tree)


@pytest.mark.parametrize("text", ["", "# x", " a = ${HOME} // y\n\n", 'include "x"'])
def test_hocon_is_delivered_as_it_was_typed(text: str) -> None:
    assert delivered(text, "hocon", {}) == text


@pytest.mark.parametrize("lost", ["\b", "\f", "\x07", "\x7f", "\x85"])
def test_what_clients_lose_is_refused(lost: str) -> None:
    for text in (json.dumps({"sdk": {"a": lost}}), f'sdk:\n  a: "\\x{ord(lost):02x}"'):
        format_: Format = "json" if text.startswith("{") else "yaml"
        assert not check_vault_text(text, format_, PATIENT).is_good

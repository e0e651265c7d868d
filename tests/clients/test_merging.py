"""What we say that a client ends up with is what the clients' own code comes to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.vaults.checking import check_vault_text
from store.vaults.delivering import delivered
from store.vaults.formats import Format
from store.vaults.merging import Layer, merged, merged_tree
from store.vaults.problems import Path as Keys
from store.vaults.writing import written
from tests.effort import effort
from tests.store.vaults.substituting import OF_ENVIRONMENT, SUBSTITUTING
from tests.store.vaults.texts import HOCON, PATIENT, is_same, trees

CLIENTS = ("clearml", "clearml_agent")
USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck))


class Clients:
    """Both clients, each asked for what it comes to.

    Args:
        folder: Where their home is.
    """

    def __init__(self, folder: Path) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "CLEARML_CONFIG_FILE": str(folder / "clearml.conf"),
            **OF_ENVIRONMENT,
        }
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("folding.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder / "said").open("wb"),
            env=environment,
            text=True,
        )

    def fold(self, client: str, base: str, vaults: list[str]) -> dict[str, Any]:
        """The configuration that a client has after it has signed in."""
        assert self._process.stdin
        assert self._process.stdout
        request = {"client": client, "base": base, "vaults": vaults}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End them."""
        self._process.communicate()


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    both = Clients(tmp_path_factory.mktemp("clients"))
    yield both
    both.close()


def vaults() -> st.SearchStrategy[tuple[str, Format]]:
    """Texts in all formats, whose keys meet."""
    few = trees(st.sampled_from(["a", "b", "c", "x.y", "l"]))
    generated: list[st.SearchStrategy[tuple[str, Format]]] = [
        HOCON.map(lambda text: (text, "hocon")),
        few.map(lambda tree: (written(tree, "json"), "json")),
        few.map(lambda tree: (written(tree, "yaml"), "yaml")),
    ]
    return st.one_of(*generated)


@given(HOCON, st.lists(vaults(), max_size=4))
@settings(USUAL, max_examples=effort(20))
def test_vaults_are_folded_as_clients_do(
    clients: Clients, base: str, listed: list[tuple[str, Format]]
) -> None:
    layers, texts = [], []
    for text, format_ in [(base, "hocon"), *listed]:
        checked = check_vault_text(text, format_, PATIENT)
        # HOCON whose `+=` clients stumble over is refused; nothing of it reaches them.
        if checked.tree is not None:
            layers.append(Layer(format_, checked.tree))
            texts.append(delivered(text, format_, checked.tree))
    for client in CLIENTS:
        got = clients.fold(client, texts[0] if texts else "", texts[1:])
        assert is_same(merged_tree(layers), got), (client, texts)
    assert is_same(_tree_of(layers), merged_tree(layers))


@given(SUBSTITUTING, st.lists(SUBSTITUTING, min_size=1, max_size=3))
@settings(USUAL, max_examples=effort(40))
def test_what_is_not_marked_is_what_clients_end_up_with(
    clients: Clients, base: str, listed: list[str]
) -> None:
    layers, texts = [], []
    for text in [base, *listed]:
        checked = check_vault_text(text, "hocon", PATIENT)
        # Some is left out by some clients, which is said of the whole vault.
        if checked.tree is not None and not checked.needs_more:
            layers.append(Layer(text, checked.tree, checked.resolved_by_clients))
            texts.append(text)
    for client in CLIENTS:
        got = clients.fold(client, texts[0] if texts else "", texts[1:])
        for value in merged(layers):
            if not value.is_resolved_by_client:
                assert _at(got, value.path) == value.value, (client, texts, value)


def _at(tree: Any, path: Keys) -> Any:
    for name in path:
        tree = tree[name]
    return tree


def _tree_of(layers: list[Layer]) -> dict[str, Any]:
    """The flat values, as the tree that they are said to be."""
    tree: dict[str, Any] = {}
    for one in merged(layers):
        inner = tree
        for name in one.path[:-1]:
            inner = inner.setdefault(name, {})
        assert one.path[-1] not in inner
        inner[one.path[-1]] = one.value
    return tree


@pytest.mark.parametrize("client", CLIENTS)
def test_what_clients_resolve_is_in_the_places_that_are_said(clients: Clients, client: str) -> None:
    text = 'a = ${HOME}/x\nb { c = [${HOME}] }\nd = "${HOME}"\ne = ${?NOWHERE}\nf = ${b}'
    checked = check_vault_text(text, "hocon", PATIENT)
    assert checked.resolved_by_clients == {("a",), ("b", "c"), ("e",), ("f", "c")}
    got = clients.fold(client, "e = 1", [text])
    assert got["d"] == "${HOME}"
    assert got["a"].endswith("/x")
    assert "${" not in got["a"] + got["b"]["c"][0]
    assert got["f"] == got["b"]


@pytest.mark.parametrize("client", CLIENTS)
def test_texts_are_parsed_on_their_own(clients: Clients, client: str) -> None:
    got = clients.fold(client, "l = [1]\na = 1", ["l += [2]", "", "# x", "b = ${a}", "a = null"])
    assert got == {"l": [2], "a": None}

"""What is taken, clients come to as it is shown; what is refused, stops them or is lost there.

Held to the copies of pyhocon that both clients have, by texts that are full of substitutions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.parsing.hocon import HoconError, ParsedHocon, parse_hocon
from store.vaults.checking import check_vault_text
from tests.effort import effort
from tests.store.vaults.substituting import OF_ENVIRONMENT, SUBSTITUTING
from tests.store.vaults.texts import PATIENT, is_same

USUAL = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=effort(120))

# What clients make of these is no error, and nobody's wish either.
LOST = ("lose an empty text", "as a value", "something odd of null")


class Parsers:
    """What both clients parse with."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("parsing.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def parse(self, text: str, environment: dict[str, str]) -> list[dict[str, Any]]:
        """What they make of a text: each a `tree`, or why there is none."""
        assert self._process.stdin
        assert self._process.stdout
        request = {"text": text, "environment": environment}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return list(json.loads(self._process.stdout.readline()).values())

    def close(self) -> None:
        """End them."""
        self._process.communicate()


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    both = Parsers()
    yield both
    both.close()


def reading(text: str) -> ParsedHocon | HoconError:
    """What a text holds, or why it is refused."""
    try:
        return parse_hocon(text, PATIENT)
    except HoconError as error:
        return error


def settled(tree: Any, parsed: ParsedHocon, path: tuple[str, ...] = ()) -> Any:
    """A tree without what hangs on where a client runs."""
    if not isinstance(tree, dict):
        return tree
    return {
        name: settled(value, parsed, (*path, name))
        for name, value in sorted(tree.items())
        if (*path, name) not in parsed.unresolved
    }


@given(SUBSTITUTING)
@example("environment { A = ${HOME} }\nenvironment = ${environment} { B = 1 }")
@example("a = ${?a}foo")
@example("a = { b = 1 }\na = ${?HOME}")
@example("a = ${?NO} { b = 1 }\nb = ${?HOME}")
@example("a += ${?a.b}\nb { c = ${?a.b.c} }")
@example('HOME += "q"')
@example("a = [x, { b = ${low} }]")
@example("agent.git_user = a\nagent.git_user { x = 1 }")
@example("sdk.defaults { git_user: bot }\nsdk.probe = ${sdk.defaults} { a: 2 }")
@example("sdk.p = ${?sdk.no} { b: 2 }")
@example("a.b = []\nb = [${a}]")
@example("a.b = 1\na = ${?a.b} x\na = 2")
@example("a { b = 1 }\na = ${?a}x\na = 1")
@example("a.b = ${?NO}\nb = ${a.b}")
@example('a += ${?NO}\nb = ${"a"}')
@USUAL
def test_what_is_taken_is_what_clients_come_to(parsers: Parsers, text: str) -> None:
    found = reading(text)
    needed = dict.fromkeys(found.needed, "v") if isinstance(found, ParsedHocon) else {"q.r": "v"}
    for environment in (needed | OF_ENVIRONMENT, needed):
        for answer in parsers.parse(text, environment):
            if isinstance(found, HoconError):
                assert "tree" not in answer or any(what in found.message for what in LOST), found
            elif "tree" in answer:
                tree = settled(answer["tree"], found)
                assert is_same(settled(found.tree, found), tree), (found, answer)
            else:
                # Where that is so, it is said.
                assert found.failing, answer


@given(
    SUBSTITUTING,
    st.sampled_from(["{include}\n{text}", "{text}\n{include}", "sdk {{ {include} }}\n{text}"]),
    SUBSTITUTING,
)
@USUAL
def test_what_is_not_marked_holds_whatever_is_included(
    parsers: Parsers, tmp_path_factory: pytest.TempPathFactory, text: str, form: str, included: str
) -> None:
    path = tmp_path_factory.mktemp("included") / "x.conf"
    path.write_text(included)
    whole = form.format(include=f'include "{path}"', text=text)
    checked = check_vault_text(whole, "hocon", PATIENT)
    found = reading(whole)
    if not checked.is_good or isinstance(found, HoconError):
        return
    for answer in parsers.parse(whole, dict.fromkeys(found.needed, "v") | OF_ENVIRONMENT):
        # What is included may fail as well, which is said of each include.
        if "tree" in answer:
            for path_, value in _leaves(checked.tree):
                if not any(path_[:length] in checked.resolved_by_clients for length in range(9)):
                    assert _at(answer["tree"], path_) == value, (path_, value, answer)


def _leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _at(tree: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        tree = tree.get(name, "nothing") if isinstance(tree, dict) else "no object"
    return tree

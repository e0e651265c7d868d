"""What reads HOCON apart reads the same in any process: here, where it can be looked into."""

from __future__ import annotations

import pytest
from hypothesis import given

from store.parsing.hocon import HoconError, ParsedHocon, parse_hocon
from store.parsing.hocon_child import answer
from tests.store.vaults.substituting import SUBSTITUTING
from tests.store.vaults.texts import PATIENT

TEXTS = [
    "",
    'a { b = [1, null, "x"], c = 10m } # y\na.d += [2]\na.e = true\na.f = 1.5\n"g.h" = x y',
    "a = ${HOME}/x\nb = ${?NO}\nc = [{ d = ${?low}, e = ${a} }]\nf = ${c}",
    "a = 1\na = ${?HOME}\nb = { x = 1 }\nb = ${?NO}\nc = ${?B1}${?B2}",
    "environment { A = ${HOME} }\nenvironment = ${environment} { B = 1 }",
    "sdk.defaults { git_user: bot }\nsdk.probe = ${sdk.defaults} { a: 2 }",
    'sdk { include "x", a = ${sdk.b}, c = ${sdk.c} { d = 1 }, e = ${sdk.f} [1], g = ${h} i }',
    'b = [include "y", 1]\ninclude required("z")\ninclude url("http://x")',
    'sdk { include required(file("x")) }',
    'a = include "x"',
    'a = include "x" y',
    'a = ["", 1]',
    "a = [null x]",
    "a = ${ HOME }",
    "x = ${x}\nx = ${x}",
    "a = [${a}]",
    "a = 1, b = ${a.c}",
    "agent.git_user = a\nagent.git_user { x = 1 }",
    "a = {b = 1} [2]",
    "c = []\nc += x",
    "a { = 1 }",
    '"" = 1',
    "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.a.b = 1",
    "[1]",
    "a = [1",
    "a0 = xxxxxxxxxx\n" + "\n".join(f"a{n + 1} = ${{a{n}}}${{a{n}}}" for n in range(16)),
    "a = ${?X}\nb = ${a}",
    "a.b = 1\na = ${?a.b} x\na = 2",
]


def read_apart(text: str) -> ParsedHocon | HoconError:
    """What a text holds, or why it is refused."""
    try:
        return parse_hocon(text, PATIENT)
    except HoconError as error:
        return error


def see_that_it_reads_the_same(text: str) -> None:
    """See that it is refused for the same, or holds the same."""
    here, apart = answer({"text": text, "levels": PATIENT.levels}), read_apart(text)
    if isinstance(apart, HoconError):
        assert here.get("refused") == apart.kind
    else:
        assert here["tree"] == apart.tree
        assert set(map(tuple, here["unresolved"])) == apart.unresolved
        assert set(here["needed"]) == apart.needed
        assert bool(here["failing"]) == bool(apart.failing)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text(text: str) -> None:
    see_that_it_reads_the_same(text)


def test_several_texts_leave_nothing_to_each_other() -> None:
    answers = answer({"text": TEXTS[1:4], "levels": PATIENT.levels})
    assert answers == [answer({"text": text, "levels": PATIENT.levels}) for text in TEXTS[1:4]]


@given(SUBSTITUTING)
def test_any_text(text: str) -> None:
    see_that_it_reads_the_same(text)

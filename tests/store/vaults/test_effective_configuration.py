"""Which vaults are told apart from those that clients surely apply."""

from __future__ import annotations

from typing import Any

import pytest

from store import effective_configuration as tested
from store.effective_configuration import effective_configuration
from store.parsing.apart import Limits, run_apart
from store.parsing.under_way import waited_for
from store.vault_views import VaultLayer
from store.vaults.checking import (
    CheckedText,
    Problem,
    check_vault_text,
    check_vault_texts,
    forget_readings,
)
from store.vaults.formats import Format


def layer(text: str) -> VaultLayer:
    """A HOCON vault that is called V."""
    return VaultLayer(id="v", name="V", is_own=False, text=text, format="hocon")


def test_one_that_needs_what_the_client_may_lack() -> None:
    found = effective_configuration([layer("sdk.a = ${api.web_server}")], None)
    assert found.tree == {"sdk": {"a": "${api.web_server}"}}
    assert [one.name for one in found.doubtful] == ["V"]
    assert found.skipped == ()


def values_of(vault: str, base: str) -> dict[str, tuple[Any, str, bool]]:
    """By its path: a value, where it came from, and whether each client may have another."""
    found = effective_configuration([layer(vault)], base)
    return {
        ".".join(one.path): (one.value, one.source, one.is_resolved_by_client)
        for one in found.values
        if not one.is_include
    }


def test_an_object_from_a_substitution_is_over_what_the_file_has() -> None:
    found = values_of(
        "sdk.defaults { git_user: bot }\nsdk.probe = ${sdk.defaults} { a: 2 }",
        "sdk.probe { git_user: local, b: 3 }",
    )
    assert found["sdk.probe.git_user"] == ("bot", "V", False)
    assert found["sdk.probe.a"] == (2, "V", False)
    assert found["sdk.probe.b"] == (3, "clearml.conf", False)


def test_what_nothing_defines_leaves_the_object_beside_it() -> None:
    found = values_of("sdk.p = ${?sdk.no} { b: 2 }", "sdk.p { b: 1, c: 3 }")
    assert found == {"sdk.p.b": (2, "V", False), "sdk.p.c": (3, "clearml.conf", False)}


def test_what_an_include_may_change_is_marked_with_all_below_it() -> None:
    found = values_of(
        'sdk { a = 1, b { c = 1 }, include "x.conf"\n d = 1 }\nagent.e = 1',
        "sdk { b { f = 1 }, d = 2, g {} }\nagent.h = 1",
    )
    marked = {path for path, (_, _, is_marked) in found.items() if is_marked}
    assert marked == {"sdk.a", "sdk.b.c", "sdk.b.f", "sdk.g"}


def test_an_object_that_hangs_on_a_variable_is_marked_with_all_in_it() -> None:
    found = values_of("sdk.q { a = 1 }\nsdk.p = ${sdk.q} { b = ${?TMPDIR} }\nsdk.r = ${sdk.p}", "")
    marked = {path for path, (_, _, is_marked) in found.items() if is_marked}
    assert marked == {"sdk.p.b", "sdk.r.b"}


def test_one_that_clients_leave_out() -> None:
    found = effective_configuration([layer("sdk.a = ${sdk.a}")], None)
    (skipped,) = found.skipped
    assert (skipped.name, skipped.is_unknown, found.tree) == ("V", False, {})


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was given to processes of their own to be read, for the time being."""
    started = []

    def counting(*asked: Any) -> Any:
        started.append(asked)
        return run_apart(*asked)

    monkeypatch.setattr("store.parsing.hocon.run_apart", counting)
    forget_readings()
    return started


def test_many_are_read_in_one_process(started: list[Any]) -> None:
    found = effective_configuration([layer(f"sdk.a{n} = {n}") for n in range(40)], "sdk.b = 1")
    assert found.tree == {"sdk": {"b": 1, **{f"a{n}": n for n in range(40)}}}
    assert len(started) == 1


def test_what_was_read_once_is_known(started: list[Any]) -> None:
    layers = [layer(f"sdk.a{number} = 1{' ' * 10_000}") for number in range(3)]
    first = effective_configuration(layers, "sdk.b = 1")
    assert len(started) == 3
    assert effective_configuration(layers[::-1], "sdk.b = 1").tree == first.tree
    assert len(started) == 3
    assert effective_configuration([*layers, layer("sdk.c = 1")], None).tree["sdk"]["c"] == 1
    assert len(started) == 4


def test_what_one_ends_up_with_does_not_change_what_is_known() -> None:
    layers = [layer("sdk.a { b = [1], c = 1 }"), layer("sdk.a.c = 2")]
    first = effective_configuration(layers, None).tree
    first["sdk"]["a"]["b"].append(2)
    assert effective_configuration(layers, None).tree == {"sdk": {"a": {"b": [1], "c": 2}}}


def test_what_a_busy_machine_could_not_read_is_asked_anew() -> None:
    assert check_vault_text("sdk.a = 7", "hocon", Limits(patience=0.0)).may_pass
    assert check_vault_text("sdk.a = 7", "hocon", Limits()).is_good
    forget_readings()


@pytest.mark.parametrize("size", [1, 10_000])
def test_one_that_is_too_much_work_spoils_no_other(started: list[Any], size: int) -> None:
    dense = "a=1\n" * 3_500
    texts = [f"sdk.a{number} = 1{' ' * size}" for number in range(4)]
    asked: list[tuple[str, Format]] = [(text, "hocon") for text in (*texts[:2], dense, *texts[2:])]
    checked = check_vault_texts(asked, Limits(seconds=0.2))
    assert [one.is_good for one in checked] == [True, True, False, True, True]
    assert "more than 0.2 seconds of work" in checked[2].errors[0].message


def test_who_waits_is_told_how_many_were_read() -> None:
    forget_readings()
    with waited_for() as reading:
        effective_configuration([layer(f"sdk.a = {number}") for number in range(7)], "sdk.b = 1")
    assert (reading.done, reading.of) == (8, 8)


def test_one_that_could_not_be_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = CheckedText(None, (Problem(1, 1, "Given up."),), is_unknown=True)
    monkeypatch.setattr(tested, "check_vault_texts", lambda *_: [given_up])
    (skipped,) = effective_configuration([layer("")], None).skipped
    assert skipped.is_unknown

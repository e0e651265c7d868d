"""Which vaults are told apart from those that clients surely apply."""

from __future__ import annotations

from typing import Any

import pytest

from store import effective_configuration as tested
from store.effective_configuration import effective_configuration
from store.parsing.apart import run_apart
from store.vault_views import VaultLayer
from store.vaults.checking import CheckedText, Problem


def layer(text: str) -> VaultLayer:
    """A HOCON vault that is called V."""
    return VaultLayer(id="v", name="V", is_own=False, text=text, format="hocon")


def test_one_that_needs_what_the_client_may_lack() -> None:
    found = effective_configuration([layer("sdk.a = ${api.web_server}")], None)
    assert found.tree == {"sdk": {"a": "${api.web_server}"}}
    assert [one.name for one in found.doubtful] == ["V"]
    assert found.skipped == ()


def test_one_that_clients_leave_out() -> None:
    found = effective_configuration([layer("sdk.a = ${sdk.a}")], None)
    (skipped,) = found.skipped
    assert (skipped.name, skipped.is_unknown, found.tree) == ("V", False, {})


def test_many_are_read_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def counting(*asked: Any) -> Any:
        started.append(asked)
        return run_apart(*asked)

    monkeypatch.setattr("store.parsing.hocon.run_apart", counting)
    found = effective_configuration([layer(f"sdk.a{n} = {n}") for n in range(40)], "sdk.b = 1")
    assert found.tree == {"sdk": {"b": 1, **{f"a{n}": n for n in range(40)}}}
    assert len(started) == 1


def test_one_that_could_not_be_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    given_up = CheckedText(None, (Problem(1, 1, "Given up."),), is_unknown=True)
    monkeypatch.setattr(tested, "check_vault_texts", lambda *_: [given_up])
    (skipped,) = effective_configuration([layer("")], None).skipped
    assert skipped.is_unknown

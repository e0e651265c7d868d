"""What clients get of a vault is worked out when it is saved, and needs no reading afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.deliveries import Deliveries
from store.errors import MachineBusy, StoreFailed, StoreUnreadable
from store.operations.administrator_vaults import AdministratorVaultEdit
from store.persistence import delivered_forms
from store.persistence.vault_texts import FORMER_TEXTS, digest_of
from store.vaults import checking
from store.vaults.checking import CheckedText, Problem, forget_readings
from store.vaults.delivering import WRITING
from store.vaults.formats import Format
from tests.store.house import House
from tests.store.test_vault_history import full, save_many
from tests.store.writers import text_of

YAML = "sdk:\n  a: é # a remark\n"
DELIVERED = '{"sdk": {"a": "é"}}'


@contextmanager
def no_reading() -> Iterator[None]:
    """Within it the machine is too busy to read any text."""

    def refused(*_: object) -> CheckedText:
        busy = Problem(1, 1, "The machine is busy.")
        return CheckedText(None, (busy,), is_unknown=True, may_pass=True)

    forget_readings()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_check", refused)
        yield


def delivered(house: House, member: str) -> list[str]:
    """What the member's clients get of a store that was just opened."""
    return [vault.data for vault in Deliveries(house.store()).fetched(member)]


def forms(house: House) -> list[Path]:
    """The files of what clients get, those of which half was written included."""
    return sorted((house.folder / "vault-texts").glob("?" * 64 + ".*"))


@pytest.mark.parametrize(
    ("format_", "text", "got"),
    [
        ("yaml", YAML, DELIVERED),
        ("json", ' { "sdk" : { "a" : "é" } } ', DELIVERED),
        ("yaml", "# nothing\n", "{}"),
        ("hocon", "sdk.a = é", "sdk.a = é"),
        ("hocon", "", ""),
    ],
)
def test_a_saved_vault_is_delivered_without_reading_it(
    house: House, bob: str, format_: Format, text: str, got: str
) -> None:
    house.save_vault(bob, text, format=format_)
    house.add_vault("Everybody's", text=text, format=format_)
    with no_reading():
        assert delivered(house, bob) == [got, got]


def test_one_that_was_restored_is_too(house: House, bob: str) -> None:
    key = house.save_vault(bob, YAML, format="yaml")
    house.save_vault(bob, "{}", format="yaml")
    house.save_vault(bob, house.admin.vault_text_of(key, 1), format="yaml")
    with no_reading():
        assert delivered(house, bob) == [DELIVERED]


@pytest.mark.parametrize("harm", ["lost", "altered", "another's", "cut short", "a folder"])
def test_one_of_which_it_is_not_there_is_read_as_in_former_times(
    house: House, bob: str, harm: str
) -> None:
    house.save_vault(bob, '{"sdk": {"a": 2}}')
    (others,) = forms(house)
    house.save_vault(bob, YAML, format="yaml")
    (form,) = set(forms(house)) - {others}
    content = form.read_bytes()
    form.unlink()
    if harm == "altered":
        form.write_bytes(content.replace(b'"a"', b'"b"'))
    elif harm == "another's":
        form.write_bytes(others.read_bytes())
    elif harm == "cut short":
        form.write_bytes(content[:-3])
    elif harm == "a folder":
        form.mkdir()
    with no_reading(), pytest.raises(StoreUnreadable, match="cannot be delivered"):
        delivered(house, bob)
    assert delivered(house, bob) == [DELIVERED]


def test_a_save_of_the_same_text_brings_it_back(house: House, bob: str) -> None:
    house.save_vault(bob, YAML, format="yaml")
    (form,) = forms(house)
    form.unlink()
    commit = house.admin.commit
    house.save_vault(bob, YAML, format="yaml")
    assert house.admin.commit == commit
    with no_reading():
        assert delivered(house, bob) == [DELIVERED]


def test_another_writing_asks_for_reading_anew(
    house: House, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.save_vault(bob, YAML, format="yaml")
    monkeypatch.setattr(delivered_forms, "WRITING", WRITING + 1)
    with no_reading(), pytest.raises(StoreUnreadable):
        delivered(house, bob)
    # A text that goes takes those of all writings with it.
    key = house.save_vault(bob, "{}")
    house.admin.purge_history(key)
    assert [path.name[:64] for path in forms(house)] == [digest_of(b"{}")]


def test_it_goes_with_its_text_when_that_is_purged(house: House, bob: str) -> None:
    key = house.save_vault(bob, '{"sdk": {"a": "hunter2"}}')
    house.save_vault(bob, '{"sdk": {"a": "hunter2"}}', format="yaml")
    house.save_vault(bob, "{}")
    assert len(forms(house)) == 3
    assert house.admin.purge_history(key) == 1
    left = b"".join(path.read_bytes() for path in (house.folder / "vault-texts").iterdir())
    assert b"hunter2" not in left


def test_it_goes_with_the_vault_after_its_time(house: House, bob: str) -> None:
    gone = house.add_vault("Gone", text='{"sdk": {"a": "hunter2"}}')
    house.admin.delete_administrator_vaults([gone])
    house.clock.advance(days=30)
    assert len(forms(house)) == 1
    house.invite("new@acme.example")
    assert forms(house) == []


def test_it_goes_with_the_oldest_texts(house: House, bob: str) -> None:
    save_many(house, bob, range(1, FORMER_TEXTS + 11))
    texts = {digest_of(text.encode()) for text in house.texts()}
    assert len(texts) == FORMER_TEXTS + 1
    assert {path.name[:64] for path in forms(house)} == texts


def test_where_it_cannot_be_written_nothing_is_saved(
    house: House, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.save_vault(bob, text_of(1))
    before = house.bytes()
    with monkeypatch.context() as failing:
        failing.setattr("store.persistence.vault_texts.write_form", full)
        with pytest.raises(StoreFailed, match="Nothing was changed"):
            house.save_vault(bob, YAML, format="yaml")
    assert house.bytes() == before
    assert delivered(house, bob) == [text_of(1)]
    house.save_vault(bob, YAML, format="yaml")
    with no_reading():
        assert delivered(house, bob) == [DELIVERED]


def test_what_a_busy_machine_could_not_read_is_not_saved_and_not_called_wrong(
    house: House, bob: str
) -> None:
    key = house.add_vault("AWS", text=YAML, format="yaml")
    edit = AdministratorVaultEdit(key, 1, "a: 2", "yaml")
    with no_reading(), house.refuses(MachineBusy, says="The machine is busy."):
        house.admin.save_administrator_vault(edit)
    house.admin.save_administrator_vault(edit)

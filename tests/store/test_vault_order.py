"""The order of administrator vaults: by a number that is given at creation and can be changed."""

from __future__ import annotations

import json

import pytest

from store.deliveries import Deliveries
from store.errors import Conflict, NotAllowed, NotFound, StoreUnreadable
from store.listing import Query
from store.minting import Mint
from store.operations.administrator_vaults import AdministratorVaultEdit, VaultMove
from store.persistence.formats import FORMAT
from store.terms import ADMINISTRATOR_VAULTS_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain, meta_of
from tests.store.house import House
from tests.store.keyring import put

BOB = "bob@acme.example"
VAULTS = ADMINISTRATOR_VAULTS_TABLE


class Descending(Mint):
    """Mints ids each of which is before the one made before it."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 100

    def new_id(self) -> str:
        """The next id."""
        self._left -= 1
        return f"{self._left:032x}"


def add(here: Workspace, *names: str) -> list[str]:
    """Vaults of these names for everybody, each of which says which it is, made in one second."""
    (users,) = [group.id for group in here.groups_for_vaults() if group.name == "Users"]
    return [
        here.add_administrator_vault(
            name, [users], f'{{"sdk": {{"last": "{name}"}}}}', "json", True
        )
        for name in names
    ]


def move(here: Workspace, key: str, step: int, times: int = 1) -> None:
    """Move a vault past the one beside it, as it is shown."""
    for _ in range(times):
        ids = ordered(here)
        revision = here.administrator_vault_row(key).revision
        past = ids[ids.index(key) + step]
        here.move_administrator_vault(VaultMove(key, revision, past, is_earlier=step < 0))


def ordered(here: Workspace) -> list[str]:
    """The vaults in the order that the list shows."""
    return list(here.list_administrator_vaults(Query(sort="order")).ids)


def names(here: Workspace) -> list[str]:
    """What they are called in that order."""
    return [here.administrator_vault_row(key).name for key in ordered(here)]


def everywhere(house: House, member: str) -> list[list[str]]:
    """The names in order wherever it matters, in a program that starts now."""
    here = house.as_user()
    shown = [vault.name for vault in here.vault_details(member).applied]
    layers = [layer.name for layer in here.layers_of(member)]
    delivered = [vault.name for vault in Deliveries(house.store()).fetched(member)]
    (value,) = here.effective_configuration(member).values
    folded = [*(source for source, _ in value.overrode), value.source]
    return [names(here), shown, layers, delivered, folded]


class TestCreation:
    """A new one comes after all others, whatever the clock and the id are."""

    def test_those_of_one_second_keep_the_order_in_which_they_were_made(
        self, house: House, bob: str
    ) -> None:
        here = Workspace(house.store(), house.admin.actor, clock=house.clock, mint=Descending())
        ids = add(here, "one", "two", "three", "four")
        assert ids == sorted(ids, reverse=True)
        for found in everywhere(house, bob):
            assert found == ["one", "two", "three", "four"]

    def test_a_clock_that_goes_back_makes_no_difference(self, house: House, bob: str) -> None:
        add(house.admin, "one")
        house.clock.advance(days=-3)
        add(house.admin, "two")
        for found in everywhere(house, bob):
            assert found == ["one", "two"]

    def test_after_others_were_deleted(self, house: House, bob: str) -> None:
        one, two, three = add(house.admin, "one", "two", "three")
        house.admin.delete_administrator_vaults([two])
        add(house.admin, "four")
        house.admin.delete_administrator_vaults([one])
        for found in everywhere(house, bob):
            assert found == ["three", "four"]
        assert house.admin.administrator_vault_row(three).place == 1

    def test_two_programs_add_at_the_same_time(self, house: House, bob: str) -> None:
        mine, theirs = house.as_user(), house.as_user()
        add(mine, "one")
        add(theirs, "two")
        add(mine, "three")
        for found in everywhere(house, bob):
            assert found == ["one", "two", "three"]


class TestMoving:
    """An administrator moves one past the one beside it."""

    def test_earlier_and_later(self, house: House, bob: str) -> None:
        keys = dict(zip("abcd", add(house.admin, *"abcd"), strict=True))
        move(house.admin, keys["d"], -1, times=2)
        for found in everywhere(house, bob):
            assert found == ["a", "d", "b", "c"]
        move(house.admin, keys["a"], 1, times=3)
        for found in everywhere(house, bob):
            assert found == ["d", "b", "c", "a"]

    def test_it_is_one_change_with_its_entry(self, house: House) -> None:
        a, b, c = add(house.admin, *"abc")
        before, made_at = house.admin.commit, house.at
        house.clock.advance(days=1)
        move(house.admin, c, -1)
        assert house.admin.commit == before + 1
        entry = checked_chain(house.folder)[-1]
        assert entry["operation"] == "move_administrator_vault"
        assert (entry["targets"], entry["changed"]) == ([c, b], {"place": [3, 2]})
        for key in (a, b, c):
            details = house.as_user().administrator_vault_details(key)
            assert (details.revision, details.row.updated_at) == (1, made_at)

    def test_only_an_administrator(self, house: House, bob: str) -> None:
        a, b = add(house.admin, *"ab")
        with house.refuses(NotAllowed, says="Only administrators may order"):
            house.as_user(BOB).move_administrator_vault(VaultMove(b, 1, a, is_earlier=True))

    @pytest.mark.parametrize("is_earlier", [True, False])
    def test_only_past_the_one_beside_it(self, house: House, is_earlier: bool) -> None:
        a, b, c = add(house.admin, *"abc")
        first, last = (c, a) if is_earlier else (a, c)
        for past in (last, first, "f" * 32):
            with house.refuses(Conflict, says="order of the vaults beside"):
                house.admin.move_administrator_vault(VaultMove(first, 1, past, is_earlier))
        with house.refuses(Conflict):
            house.admin.move_administrator_vault(VaultMove(b, 1, first, is_earlier))

    def test_editing_and_disabling_keep_the_place(self, house: House, bob: str) -> None:
        a, b, _ = add(house.admin, *"abc")
        move(house.admin, b, -1)
        here = house.admin
        here.set_administrator_vaults_enabled([a], False)
        here.edit_administrator_vault(b, 1, "renamed", [house.group("Users")])
        here.set_administrator_vaults_enabled([a], True)
        for found in everywhere(house, bob)[:-1]:
            assert found == ["renamed", "a", "c"]

    def test_who_is_in_some_of_the_groups_has_theirs_in_the_same_order(
        self, house: House, bob: str
    ) -> None:
        house.add_group("Vision", bob)
        house.add_group("Audio", bob)
        keys = {
            name: house.add_vault(name, *groups)
            for name, groups in (
                ("a", ("Vision", "Audio")),
                ("b", ("Admins",)),
                ("c", ("Audio",)),
                ("d", ("Admins",)),
                ("e", ("Vision", "Users")),
            )
        }
        move(house.admin, keys["e"], -1, times=3)
        here = house.as_user(BOB)
        assert names(here) == [layer.name for layer in here.layers_of(bob)] == ["a", "e", "c"]
        # Of others' vaults Bob is not told, not by a gap either.
        rows = [here.administrator_vault_row(key) for key in ordered(here)]
        assert [(row.place, row.places) for row in rows] == [(1, 3), (2, 3), (3, 3)]
        assert house.admin.administrator_vault_row(keys["d"]).place == 5


class TestTwoAtATime:
    """Whoever comes second has seen another order, and is told so."""

    @pytest.fixture
    def abc(self, house: House) -> list[str]:
        """Three vaults."""
        return add(house.admin, *"abc")

    def test_the_same_move(self, house: House, abc: list[str]) -> None:
        _, b, c = abc
        wanted = VaultMove(c, 1, b, is_earlier=True)
        house.as_user().move_administrator_vault(wanted)
        with house.refuses(Conflict):
            house.admin.move_administrator_vault(wanted)
        assert names(house.as_user()) == ["a", "c", "b"]

    def test_past_one_that_another_has_moved(self, house: House, abc: list[str]) -> None:
        a, b, c = abc
        house.as_user().move_administrator_vault(VaultMove(c, 1, b, is_earlier=True))
        with house.refuses(Conflict, says="changed by somebody else"):
            house.admin.move_administrator_vault(VaultMove(a, 1, b, is_earlier=False))
        assert names(house.as_user()) == ["a", "c", "b"]

    def test_one_that_another_has_changed(self, house: House, abc: list[str]) -> None:
        _, b, c = abc
        house.as_user().set_administrator_vaults_enabled([c], False)
        with house.refuses(Conflict, says="vault c was changed by .* Nothing was moved"):
            house.admin.move_administrator_vault(VaultMove(c, 1, b, is_earlier=True))

    def test_who_edits_one_that_is_moved_saves_it(self, house: House, abc: list[str]) -> None:
        _, b, c = abc
        house.as_user().move_administrator_vault(VaultMove(c, 1, b, is_earlier=True))
        for key in (b, c):
            edit = AdministratorVaultEdit(key, 1, '{"new": 1}', "json")
            house.admin.save_administrator_vault(edit)
            house.admin.edit_administrator_vault(key, 2, f"new {key}", [house.group("Users")])
        assert names(house.as_user()) == ["a", f"new {c}", f"new {b}"]

    def test_past_one_that_another_has_deleted(self, house: House, abc: list[str]) -> None:
        _, b, c = abc
        house.as_user().delete_administrator_vaults([b])
        with house.refuses(Conflict):
            house.admin.move_administrator_vault(VaultMove(c, 1, b, is_earlier=True))

    def test_one_that_another_has_deleted(self, house: House, abc: list[str]) -> None:
        _, b, c = abc
        house.as_user().delete_administrator_vaults([c])
        with house.refuses(NotFound):
            house.admin.move_administrator_vault(VaultMove(c, 1, b, is_earlier=True))


class TestFormerStores:
    """Stores of the first format, whose vaults have no number, get it by their age."""

    @pytest.fixture
    def former(self, house: House, bob: str) -> list[str]:
        """The names of vaults in the order in which that format had them; by age, then by id."""
        here = Workspace(house.store(), house.admin.actor, clock=house.clock, mint=Descending())
        add(here, "c", "b")
        house.clock.advance(days=-1)
        add(here, "a")
        path = house.folder / "workspace.json"
        tables = json.loads(path.read_bytes())
        for vault in tables[VAULTS].values():
            del vault["order"]
        tables["meta"]["1"]["format"] = 1
        path.write_text(json.dumps(tables))
        return ["a", "b", "c"]

    def test_the_order_stays(self, house: House, bob: str, former: list[str]) -> None:
        for found in everywhere(house, bob):
            assert found == former
        assert meta_of(house.folder)["format"] == 1

    def test_the_next_change_writes_the_numbers(
        self, house: House, bob: str, former: list[str]
    ) -> None:
        here = house.as_user()
        add(here, "d")
        assert meta_of(house.folder)["format"] == FORMAT
        assert (house.folder / "workspace.format-1.json").exists()
        orders = [house.store().state.table(VAULTS)[key]["order"] for key in ordered(here)]
        assert orders == [1, 2, 3, 4]
        move(here, ordered(here)[3], -1, times=3)
        for found in everywhere(house, bob):
            assert found == ["d", *former]

    def test_without_a_vault(self, house: House) -> None:
        path = house.folder / "workspace.json"
        tables = json.loads(path.read_bytes())
        tables.pop(VAULTS, None)
        tables["meta"]["1"]["format"] = 1
        path.write_text(json.dumps(tables))
        assert names(house.as_user()) == []

    @pytest.mark.parametrize("damage", [7, None, {"created_at": 7}, {}])
    def test_a_damaged_one_is_told_as_damage(
        self, house: House, former: list[str], damage: object
    ) -> None:
        path = house.folder / "workspace.json"
        tables = json.loads(path.read_bytes())
        tables[VAULTS]["1"] = damage
        path.write_text(json.dumps(tables))
        with pytest.raises(StoreUnreadable, match="damaged"):
            house.store()


@pytest.mark.parametrize("order", ["1", None, True, 1.5, [1]])
def test_a_number_that_is_none_is_told_as_damage(house: House, bob: str, order: object) -> None:
    add(house.admin, "a")
    (key,) = add(house.admin, "b")
    put(house, VAULTS, house.store().state.table(VAULTS)[key] | {"order": order})
    here = house.as_user()
    for told in (
        lambda: ordered(here),
        lambda: here.layers_of(bob),
        lambda: house.as_user(BOB).list_administrator_vaults(Query(sort="order")),
        lambda: add(here, "c"),
    ):
        with pytest.raises(StoreUnreadable, match="damaged"):
            told()

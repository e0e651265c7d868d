"""What a member's clients get: the vaults in their order, and what they come to together."""

from __future__ import annotations

import pytest

from store.credential_views import IssuedCredential
from store.errors import InvalidInput
from store.vaults.formats import FORMATS
from tests.store.house import House, edit_of
from tests.store.keyring import put

BOB = "bob@acme.example"
GIT = '{"agent": {"git_pass": "hunter2"}}'


@pytest.fixture
def bot(house: House) -> IssuedCredential:
    """The first credential of a service account."""
    return house.admin.add_service_account("bot", False)


class TestLayers:
    """What clients get: administrator vaults by their number, then the member's own."""

    def test_in_order_and_only_those_enabled(
        self, house: House, bob: str, bot: IssuedCredential
    ) -> None:
        house.add_group("Vision", bob, bot.member)
        house.add_group("Audio", bob)
        early = house.add_vault("An early one", "Users")
        house.clock.advance(seconds=-60)
        both = house.add_vault("Both", "Vision", "Audio", "Users", text='{"sdk": {}}')
        same_second = house.add_vault("As old", "Vision")
        house.add_vault("Off", "Vision", enabled=False)
        house.add_vault("Others'", "Admins")
        own = house.save_vault(bob, GIT)
        wanted = [early, both, same_second, own]
        here = house.as_user(BOB)
        layers = here.layers_of(bob)
        assert [layer.id for layer in layers] == wanted
        assert [layer.is_own for layer in layers] == [False, False, False, True]
        assert layers[-1].text == GIT
        assert layers[-1].name == "Account specific vault"
        assert {layer.name for layer in layers[:-1]} == {"An early one", "Both", "As old"}
        of_bot = house.as_member(bot.member).layers_of(bot.member)
        assert [layer.id for layer in of_bot] == wanted[:-1]

    def test_editing_and_disabling_keep_the_place(self, house: House, bob: str) -> None:
        keys = []
        for name in ("first", "second", "third"):
            keys.append(house.add_vault(name))
            house.clock.advance(seconds=1)
        here = house.admin
        here.edit_administrator_vault(keys[0], 1, "renamed", [house.group("Users")])
        here.set_administrator_vaults_enabled([keys[1]], False)
        assert [layer.id for layer in here.layers_of(bob)] == [keys[0], keys[2]]
        here.set_administrator_vaults_enabled([keys[1]], True)
        assert [layer.id for layer in here.layers_of(bob)] == keys

    def test_a_disabled_own_one_is_left_out(self, house: House, bob: str) -> None:
        house.save_vault(bob, GIT, enabled=False)
        assert house.admin.layers_of(bob) == ()

    def test_joining_and_leaving_a_group(self, house: House, bob: str) -> None:
        vision = house.add_group("Vision")
        key = house.add_vault("For Vision", "Vision")
        assert house.admin.layers_of(bob) == ()
        house.admin.edit_user(edit_of(house.admin, bob, joining=(vision,)))
        assert [layer.id for layer in house.admin.layers_of(bob)] == [key]
        house.admin.edit_user(edit_of(house.admin, bob, leaving=(vision,)))
        assert house.admin.layers_of(bob) == ()


class TestEffectiveConfiguration:
    """Each value, where it came from, and what it took the place of."""

    def test_every_format_folded(self, house: House, bob: str) -> None:
        texts = {
            "hocon": "sdk.a = ${HOME}\nagent { git_user = pool }",
            "json": '{"agent": {"git_user": "team", "list": [1]}}',
            "yaml": "agent:\n  list: [2]\n",
        }
        for name in FORMATS:
            house.add_vault(name, text=texts[name], format=name)
            house.clock.advance(seconds=1)
        house.save_vault(bob, '{"agent": {"git_user": "bob"}}')
        found = house.as_user(BOB).effective_configuration(bob)
        values = {value.path: value for value in found.values}
        assert values["agent", "git_user"].value == "bob"
        assert values["agent", "git_user"].source == "Account specific vault"
        assert values["agent", "git_user"].overrode == (("hocon", "pool"), ("json", "team"))
        assert values["agent", "list"].value == [2]
        assert values["sdk", "a"].is_resolved_by_client
        assert found.tree["agent"] == {"git_user": "bob", "list": [2]}
        assert found.skipped == ()

    def test_over_a_file(self, house: House, bob: str) -> None:
        house.add_vault("pool", text='{"agent": {"git_user": "pool"}}')
        base = 'agent { git_user = local, git_host = "h" } # mine'
        found = house.admin.effective_configuration(bob, base)
        values = {value.path[-1]: (value.value, value.source) for value in found.values}
        assert values == {"git_user": ("pool", "pool"), "git_host": ("h", "clearml.conf")}
        with house.refuses(InvalidInput, field="base_text", says="Line"):
            house.admin.effective_configuration(bob, "agent {")

    def test_one_that_clients_cannot_read_is_told(self, house: House, bob: str) -> None:
        key = house.add_vault("older", text="agent { a: 1 }", format="hocon")
        house.add_vault("good", text='{"sdk": {"b": 2}}')
        # As if by a program that took less care.
        document = house.store().state.table("administrator_vaults")[key]
        put(house, "administrator_vaults", document | {"format": "json"})
        found = house.as_user().effective_configuration(bob)
        assert found.tree == {"sdk": {"b": 2}}
        assert [skipped.name for skipped in found.skipped] == ["older"]
        assert found.skipped[0].reason.startswith("Line 1, column")

    def test_of_nothing(self, house: House, bob: str) -> None:
        found = house.admin.effective_configuration(bob)
        assert (found.values, found.tree) == ((), {})

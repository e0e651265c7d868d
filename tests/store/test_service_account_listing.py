"""The list of service accounts: filtered, sorted, and never older than what is known."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from store.credential_views import IssuedCredential
from store.errors import StoreUnreadable
from store.listing import Query
from store.operations.credentials import CredentialEdit
from store.service_account_listing import ServiceAccountColumn
from store.times import to_text
from store.workspace import Workspace
from tests.store.house import House, account_edit
from tests.store.keyring import change_service_account, flush

COLUMNS: tuple[ServiceAccountColumn, ...] = get_args(ServiceAccountColumn)
DAY = timedelta(days=1)
Bots = dict[str, IssuedCredential]


@pytest.fixture
def bots(house: House) -> Bots:
    """Service accounts of every kind, by name; only `ci` and `Web` were ever active."""
    made = {
        name: house.admin.add_service_account(name, False)
        for name in ("Web", "ci", "Émile", "idle", "mlops")
    }
    house.admin.suspend_service_accounts([made["idle"].member])
    house.admin.create_credentials(made["ci"].member)
    house.admin.create_credentials(made["ci"].member)
    house.admin.create_credentials(made["mlops"].member)
    house.add_group("Vision", made["Émile"].member, made["Web"].member)
    house.add_group("Audio", made["mlops"].member)
    house.admin.delete_service_accounts([house.add_service_account("gone")])
    use(house.admin, made["ci"])
    house.clock.advance(days=7)
    use(house.admin, made["Web"])
    flush(house.admin)
    return made


def use(here: Workspace, key: IssuedCredential) -> None:
    """Sign in with a credential."""
    here.authenticate(key.access_key, key.secret_key, worker="host", address="192.0.2.1")


def shown(here: Workspace, text: str = "", sort: str = "", descending: bool = False) -> list[str]:
    """The names that the workspace's actor finds."""
    ids = here.list_service_accounts(Query(text, sort, descending)).ids
    return [here.service_account_row(key).name for key in ids]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ["ci", "Émile", "idle", "mlops", "Web"]),
        ("EMILE\u0301", ["Émile"]),
        ("emile", ["Émile"]),
        ("Émìle", ["Émile"]),
        ("wéb", ["Web"]),
        ("E\u0301MILE", ["Émile"]),
        ("vision", ["Émile", "Web"]),
        ("vision web", ["Web"]),
        ("susp", ["idle"]),
        ("sus", []),
        ("suspended", ["idle"]),
        ("stale", ["ci", "Émile", "idle", "mlops"]),
        ("stal audio", ["mlops"]),
        ("sta", []),
        ("gone", []),
        ("active", []),
        ("[/red]", []),
        ("\ud83d", []),
    ],
)
def test_a_filter_finds(house: House, bots: Bots, text: str, wanted: list[str]) -> None:
    here = house.admin
    assert shown(here, text) == wanted
    assert here.list_service_accounts(Query(text)).total == 5


def test_a_filter_finds_ids_and_access_keys_from_six_characters_on(
    house: House, bots: Bots
) -> None:
    for name, key in bots.items():
        for text in (key.member, key.member[3:9].upper(), key.access_key, key.access_key[4:10]):
            assert shown(house.admin, text.lower()) == [name]
    assert shown(house.admin, bots["ci"].access_key[:5]) == []


def test_a_plain_user_finds_nothing_by_what_they_may_not_see(
    house: House, bob: str, bots: Bots
) -> None:
    plain = house.as_user("bob@acme.example")
    everything = shown(plain)
    assert everything == shown(house.admin)
    assert shown(plain, "stale") == []
    for key in bots.values():
        assert shown(plain, key.access_key) == []
    assert shown(plain, "suspended") == ["idle"]
    assert shown(plain, "vision") == ["Émile", "Web"]
    for column in ("credentials", "last_active"):
        assert shown(plain, sort=column) == everything
        assert shown(plain, sort=column, descending=True) == everything


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("name", ["ci", "Émile", "idle", "mlops", "Web"]),
        ("groups", ["mlops", "ci", "idle", "Émile", "Web"]),
        ("credentials", ["idle", "Émile", "Web", "mlops", "ci"]),
        ("last_active", ["Émile", "idle", "mlops", "ci", "Web"]),
    ],
)
def test_sorted_by(house: House, bots: Bots, sort: str, wanted: list[str]) -> None:
    assert shown(house.admin, sort=sort) == wanted
    rows = [house.admin.service_account_row(bots[name].member) for name in wanted]
    backwards = shown(house.admin, sort=sort, descending=True)
    if sort == "name":
        assert backwards == wanted[::-1]
    elif sort == "last_active":
        assert backwards == ["Web", "ci", "Émile", "idle", "mlops"]
    elif sort == "credentials":
        numbers = [row.credentials or 0 for row in rows]
        assert numbers == sorted(numbers) == [0, 1, 1, 2, 3]


def test_sorted_by_id(house: House, bots: Bots) -> None:
    ids = house.admin.list_service_accounts(Query(sort="id")).ids
    assert ids == sorted(key.member for key in bots.values())


def test_a_new_use_is_seen_at_once(house: House, bots: Bots) -> None:
    here = house.as_user()
    assert shown(here, sort="last_active")[0] == "Émile"
    assert "mlops" in shown(here, "stale")
    before = shown(here, sort="last_active")
    house.clock.advance(seconds=1)
    use(here, bots["Émile"])
    assert shown(here, sort="last_active") == [*(n for n in before if n != "Émile"), "Émile"]
    assert "Émile" not in shown(here, "stale")
    row = here.service_account_row(bots["Émile"].member)
    assert (row.last_active_at, row.has_stale) == (house.at, False)


def test_none_is_stale_in_its_first_week(house: House, bots: Bots) -> None:
    here = house.admin
    new = here.add_service_account("new", False)
    seconds = 7 * 86_400 - 1
    house.clock.advance(seconds=seconds)
    assert shown(here, "stale new") == []
    assert not here.service_account_row(new.member).has_stale
    house.clock.advance(seconds=1)
    assert shown(here, "stale new") == ["new"]


def test_time_makes_stale_and_takes_from_those_that_can_sign_in(house: House, bots: Bots) -> None:
    here, web = house.admin, bots["Web"]
    house.admin.edit_credential(
        CredentialEdit(web.access_key, 1, web.label, to_text(house.clock() + 100 * DAY))
    )
    assert shown(here, "stale web") == []
    assert shown(here, sort="credentials")[:3] == ["idle", "Émile", "Web"]
    house.clock.advance(days=90)
    assert shown(here, "stale web") == ["Web"]
    house.clock.advance(days=10)
    # What has expired is used by nobody, so it is nothing to look after.
    assert shown(here, "stale web") == []
    assert here.service_account_row(web.member).credentials == 0
    house.admin.let_service_accounts_back_in([bots["idle"].member])
    assert shown(here, sort="credentials")[:3] == ["Web", "Émile", "idle"]


Step = Callable[[House, Workspace, random.Random, str], object]
STEPS: dict[str, Step] = {
    "add": lambda _, here, chance, __: here.add_service_account(
        f"bot {chance.randrange(10**9)}", False
    ),
    "delete": lambda _, here, __, key: here.delete_service_accounts([key]),
    "suspend": lambda _, here, __, key: here.suspend_service_accounts([key]),
    "let back in": lambda _, here, __, key: here.let_service_accounts_back_in([key]),
    "rename": lambda _, here, chance, key: here.edit_service_account(
        account_edit(here, key, name=f"Bot {chance.randrange(10**9)}")
    ),
    "join": lambda house, here, _, key: here.edit_service_account(
        account_edit(here, key, joining=(house.group("Vision"),))
    ),
    "revoke": lambda _, here, __, key: here.revoke_credentials(
        [row.access_key for row in here.service_account_details(key).credentials or ()][:1]
    ),
    "clock": lambda house, _, chance, __: house.clock.advance(days=chance.choice((0.1, 45))),
}


@pytest.mark.parametrize("seed", range(3))
def test_a_list_that_follows_is_like_one_made_afresh(house: House, bots: Bots, seed: int) -> None:
    chance = random.Random(seed)
    here = house.as_user()
    for _ in range(25):
        step = chance.choice(sorted(STEPS))
        key = chance.choice(here.list_service_accounts(Query()).ids or [""])
        if key or step == "add":
            STEPS[step](house, here, chance, key)
        here.refresh()
        fresh = house.as_user()
        for text in ("", "bot", "vision", "stale", "suspended", key[:8]):
            query = Query(text, chance.choice(COLUMNS), chance.random() < 0.5)
            assert here.list_service_accounts(query) == fresh.list_service_accounts(query), query


def test_a_damaged_account_is_told_of(house: House, bots: Bots) -> None:
    change_service_account(house, bots["ci"].member, name=None)
    here = house.as_user()
    for _ in range(2):
        with pytest.raises(StoreUnreadable, match=r"service account in .* is damaged"):
            here.list_service_accounts(Query())
    change_service_account(house, bots["ci"].member, name="ci")
    here.refresh()
    assert "ci" in shown(here)

"""The list of users: filtered, sorted, and right after any series of changes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.alphabet import place as place_of
from store.errors import RefusedByRule, StoreUnreadable
from store.listing import Query
from store.persistence.store import Store
from store.terms import USERS_TABLE
from store.user_listing import SortColumn
from store.workspace import Workspace
from tests.store.house import House, edit_of, invitee, shown

COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)


@pytest.fixture
def people(house: House) -> dict[str, str]:
    """Users of every status, by a short name."""
    ids = {
        "Émile": house.add_user("emile@acme.example", "Émile Zola"),
        "Straße": house.add_user("strasse@acme.example", "Anna Straße"),
        "Sue": house.add_user("sue@acme.example", "Sue Spended"),
    }
    house.clock.advance(days=1)
    ids["Pia"] = house.invite("pia@acme.example", name="Pia Pending")[0]
    house.clock.advance(days=1)
    ids["nameless"] = house.invite("nameless@acme.example")[0]
    house.admin.suspend_users([ids["Sue"]])
    house.add_group("Vision", ids["Émile"], ids["Pia"])
    house.add_group("Audio", ids["Straße"])
    house.add_credential(ids["Émile"], "EMILEKEY" + "0" * 22)
    return ids


@pytest.mark.parametrize("text", ["suspended", "vision pia", "acme.example sue", "emilekey"])
def test_finds_the_same_letter_by_letter(house: House, people: dict[str, str], text: str) -> None:
    beginnings = [text[:length] for length in range(len(text) + 1)]
    for beginning in [*beginnings, *reversed(beginnings)]:
        assert shown(house.admin, beginning) == house.shown(beginning)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 6),
        ("   ", 6),
        ("émile", ["Émile Zola"]),
        ("emile", ["Émile Zola"]),
        ("zòla", ["Émile Zola"]),
        ("E\u0301MILE", ["Émile Zola"]),
        ("zola emile", ["Émile Zola"]),
        ("zola nobody", []),
        ("STRASSE", ["Anna Straße"]),
        ("\uff50ia", ["Pia Pending"]),
        ("acme.example sue", ["Sue Spended"]),
        ("suspended", ["Sue Spended"]),
        ("pending", ["nameless@acme.example", "Pia Pending"]),
        ("vision", ["Émile Zola", "Pia Pending"]),
        ("VISION pia", ["Pia Pending"]),
        ("admins", ["Ada Lindqvist"]),
        ("emilekey", ["Émile Zola"]),
        ("EMILEKEY0 vision", ["Émile Zola"]),
        ("nameless", ["nameless@acme.example"]),
        ("[/red]", []),
        ("\x00", []),
        ("\ud83d", []),
        (".*", []),
    ],
)
def test_a_filter_finds(
    house: House, people: dict[str, str], text: str, wanted: list[str] | int
) -> None:
    found = shown(house.as_user(), text)
    assert (len(found) if isinstance(wanted, int) else found) == wanted


def test_a_filter_finds_an_id(house: House, people: dict[str, str]) -> None:
    here = house.as_user()
    for user in people.values():
        for text in (user, user.upper(), user[4:]):
            selection = here.list_users(Query(filter=text))
            assert selection.ids == [user]
            assert selection.total == 6


def test_removed_users_are_neither_listed_nor_counted(house: House, people: dict[str, str]) -> None:
    here = house.as_user()
    here.remove_users([people["Émile"]])
    for text in ("", "zola", "emilekey", people["Émile"]):
        selection = here.list_users(Query(filter=text))
        assert people["Émile"] not in selection.ids
        assert selection.total == 5


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("user", ["Ada", "Anna", "Émile", "nameless@", "Pia", "Sue"]),
        ("status", ["Ada", "Anna", "Émile", "nameless@", "Pia", "Sue"]),
        ("pending_since", ["Ada", "Anna", "Émile", "Sue", "Pia", "nameless@"]),
        ("groups", ["Ada", "Anna", "nameless@", "Sue", "Émile", "Pia"]),
    ],
)
def test_a_column_sorts_both_ways(
    house: House, people: dict[str, str], column: SortColumn, wanted: list[str]
) -> None:
    here = house.as_user()

    def key_of(user: str) -> str:
        row = here.user_row(user)
        status = {"Active": "0", "Pending": "1"}.get(row.status, "2")
        keys = {
            "user": place_of(row.called),
            "status": status,
            "pending_since": row.pending_since or "",
            "groups": "\n".join(map(place_of, row.groups)),
        }
        return keys[column]

    up = here.list_users(Query(sort=column)).ids
    assert [here.user_row(user).called.split()[0].split("acme")[0] for user in up] == wanted
    down = here.list_users(Query(sort=column, descending=True)).ids
    assert sorted(down) == sorted(up)
    keys = [key_of(user) for user in down]
    assert keys == sorted(keys, reverse=True)


def test_a_plain_users_order_tells_nothing_of_the_nameless(house: House, bob: str) -> None:
    emails = ["zz@acme.example", "aa@acme.example", "mm@acme.example"]
    ids = house.invite(*emails)
    plain = house.as_user("bob@acme.example")
    assert shown(plain) == ["Ada Lindqvist", "Bob", *["invited user"] * 3]
    assert plain.list_users(Query()).ids[2:] == sorted(ids)


# Everything that an administrator may do to a random user of a workspace.
Step = Callable[[House, Workspace, random.Random, str], object]
NAMES = ("Ann", "ann", "Änn", "Bo", "Bo 9", "Bo 10", "ÅSE", "Ann Bo", "[/red]", "a\x00b", "Vision")


def _join_or_leave(house: House, here: Workspace, chance: random.Random, user: str) -> None:
    group = chance.choice([group.id for group in here.choosable_groups()])
    is_in = group in [known.id for known in here.user_details(user).groups]
    way = {"leaving": (group,)} if is_in else {"joining": (group,)}
    here.edit_user(edit_of(here, user, **way))  # type: ignore[arg-type]


def _restore(house: House, here: Workspace, chance: random.Random, user: str) -> None:
    users = house.store(read_only=True).state.table(USERS_TABLE).values()
    removed = [one["email"] for one in users if one.get("removed_at")]
    if removed:
        here.invite_users([invitee(chance.choice(removed))], [])


def _invite(house: House, here: Workspace, chance: random.Random, user: str) -> None:
    email = f"u{chance.randrange(10**9)}@acme.example"
    here.invite_users([invitee(email, chance.choice(("", *NAMES)))], [])


STEPS: dict[str, Step] = {
    "invite": _invite,
    "restore": _restore,
    "remove": lambda _, here, __, user: here.remove_users([user]),
    "suspend": lambda _, here, __, user: here.suspend_users([user]),
    "let back in": lambda _, here, __, user: here.let_users_back_in([user]),
    "rename": lambda _, here, chance, user: here.edit_user(
        edit_of(here, user, name=chance.choice(NAMES))
    ),
    "move": lambda _, here, chance, user: here.edit_user(
        edit_of(here, user, email=f"e{chance.randrange(10**9)}@acme.example")
    ),
    "regroup": _join_or_leave,
    "credential": lambda house, _, chance, user: house.add_credential(
        user, f"{chance.randrange(10**9):030}"
    ),
    "clock": lambda house, _, __, ___: house.clock.advance(seconds=90),
}


@pytest.mark.parametrize("seed", range(4))
def test_a_list_that_follows_is_like_one_made_afresh(house: House, bob: str, seed: int) -> None:
    chance = random.Random(seed)
    house.add_group("Vision", bob)
    for number in range(12):
        house.invite(f"start{number}@acme.example", name=chance.choice(("", *NAMES)))
    admin, plain = house.as_user(), house.as_user("bob@acme.example")
    for _ in range(40):
        step = chance.choice(sorted(STEPS))
        user = chance.choice(admin.list_users(Query()).ids)
        if user not in (admin.actor, bob):
            try:
                STEPS[step](house, admin, chance, user)
            except RefusedByRule as error:
                pytest.fail(f"{step}: {error.message}")
        for follower in (admin, plain):
            follower.refresh()
            _compare(follower, house.as_user(follower.actor), chance)


def _compare(follower: Workspace, fresh: Workspace, chance: random.Random) -> None:
    for text in ("", "ann", "vision", "pending", "invited", "u1", "0", "ann act"):
        query = Query(text, chance.choice(COLUMNS), chance.random() < 0.5)
        followed, made = follower.list_users(query), fresh.list_users(query)
        assert followed == made, query
        assert [follower.user_row(user) for user in made.ids] == [
            fresh.user_row(user) for user in made.ids
        ]
    assert follower.summary() == fresh.summary()


def test_the_first_rows_of_many_are_as_they_are_when_all_is_known(tmp_path: Path) -> None:
    path = workspace_of(5_000, tmp_path)
    prepared = Workspace.open(Store(path), who=ADMINISTRATOR)
    wanted = prepared.list_users(Query())
    prepared.prepare_filter()
    here = Workspace.open(Store(path), who=ADMINISTRATOR)
    first = here.list_users(Query())
    assert (len(first.ids), first.total) == (5_000, 5_000)
    # The last is asked for before anything but the first was made ready.
    for place in (0, 1, 119, 120, 4_999, -1):
        assert first.ids[place] == wanted.ids[place]
        assert here.user_row(first.ids[place]) == prepared.user_row(wanted.ids[place])
    assert list(first.ids) == list(wanted.ids)
    groups = [here.user_row(user).groups for user in first.ids]
    assert groups == [prepared.user_row(user).groups for user in wanted.ids]
    assert len(set(groups)) > 50
    assert list(here.list_users(Query(descending=True)).ids) == list(first.ids)[::-1]
    prepared.close()
    here.close()


def test_a_group_that_lists_what_is_no_member_is_named(house: House) -> None:
    vision = house.add_group("Vision")
    path = house.folder / "workspace.json"
    tables = json.loads(path.read_bytes())
    (group,) = (one for one in tables["groups"].values() if one["id"] == vision)
    group["members"] = [["nobody"]]
    path.write_text(json.dumps(tables))
    with house.refuses(StoreUnreadable, says=vision):
        house.as_user().list_users(Query())

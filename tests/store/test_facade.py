"""What holds for every method of the facade alike: who is told what, and who is told nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from store.credential_views import IssuedCredential
from store.errors import AccessEnded, NotAllowed, SignInRefused, WorkspaceError
from store.listing import Query, Selection
from store.operations.access_rules import RuleDraft, RuleEdit
from store.operations.administrator_vaults import AdministratorVaultEdit, VaultMove
from store.operations.credentials import CredentialEdit
from store.operations.groups import GroupEdit
from store.operations.resources import ResourceDraft, ResourceEdit
from store.operations.service_accounts import ServiceAccountEdit
from store.operations.users import UserEdit
from store.operations.vaults import VaultEdit
from store.operations.workspace_settings import SettingsEdit
from store.terms import READ_ONLY
from store.workspace import Workspace
from tests.store.house import House, edit_of, invitee, lasting_folder

# What is asked in nobody's name: by whoever signs in, or goes on with a session or a link.
OF_SIGNING_IN = {
    "authenticate",
    "identity_of",
    "impersonate",
    "log_out",
    "new_mark",
    "note_refusal",
    "note_use",
    "opened_link",
    "rights_of",
    "sign_in",
    "use_session",
    "verdict_on_session",
}
# What tells nothing of the workspace: how it was opened, what time it is, whether there is news.
OF_THE_FACADE_ITSELF = {
    "as_of",
    "change_refusal",
    "close",
    "commit",
    "create",
    "notices",
    "now",
    "open",
    "path",
    "read_only_reason",
    "version",
}


def public() -> Iterator[str]:
    """The public methods and properties of the facade that are in the actor's name."""
    for name, _ in inspect.getmembers(Workspace):
        if not name.startswith("_") and name not in OF_SIGNING_IN | OF_THE_FACADE_ITSELF:
            yield name


METHODS = sorted(public())
ASKED = [name for name in METHODS if not isinstance(getattr(Workspace, name), property)]
every_method = pytest.mark.parametrize("method", METHODS)


def value_of(annotation: str, me: str) -> object:
    """Something of a kind to call a method with, about the actor where it can be about anybody.

    Raises:
        KeyError: There is none of that kind yet: write it down here.
    """
    rule = RuleDraft("queue", None, READ_ONLY)
    kinds: dict[str, object] = {
        "str": me,
        "str | None": None,
        "list[str]": [me],
        "Sequence[str]": [me],
        "Iterable[str] | None": [me],
        "int": 1,
        "bool": True,
        "timedelta": timedelta(days=1),
        "timedelta | None": timedelta(days=1),
        "Format": "json",
        "Query": Query(),
        "list[Invitee]": [invitee("new@acme.example")],
        "IssuedCredential": IssuedCredential(me, "Me", "A" * 30, "sham", "Label", 1),
        "RuleDraft": rule,
        "RuleEdit": RuleEdit(me, 1, rule),
        "ResourceDraft": ResourceDraft("queue", "q9", "gpu", None),
        "ResourceEdit": ResourceEdit("q9", 1, "other", None),
        "GroupEdit": GroupEdit(me, 1, "Other", ""),
        "UserEdit": UserEdit(me, 2),
        "ServiceAccountEdit": ServiceAccountEdit(me, 1),
        "CredentialEdit": CredentialEdit("A" * 30, 1, "New", None),
        "VaultEdit": VaultEdit(me, 0, "{}", "json"),
        "AdministratorVaultEdit": AdministratorVaultEdit(me, 1, "{}", "json"),
        "VaultMove": VaultMove(me, 1, me, is_earlier=True),
        "SettingsEdit": SettingsEdit(1, "Acme", None, None, "https://a", "https://b", "https://c"),
    }
    return kinds[annotation]


def arguments_of(method: str, me: str) -> dict[str, object]:
    """Something to call a method with, by the names of its parameters."""
    if method not in ASKED:
        return {}
    parameters = inspect.signature(getattr(Workspace, method)).parameters.values()
    return {one.name: value_of(one.annotation, me) for one in parameters if one.name != "self"}


def asked(here: Workspace, method: str, arguments: Mapping[str, object]) -> Any:
    """What a method or a property gives."""
    found = getattr(here, method)
    return found(**arguments) if method in ASKED else found


# Whoever was removed or suspended is told nothing


@cache
def with_ended() -> dict[str, Workspace]:
    """The workspace in the names of those who have lost access since it was opened for them."""
    house = House(lasting_folder() / "store")
    eve = house.add_administrator("eve@acme.example", "Eve")
    sam = house.add_user("sam@acme.example", "Sam")
    idle, old = (house.add_service_account(name) for name in ("idle-bot", "old-bot"))
    store = house.store()
    names = {"suspended": eve, "removed": sam, "suspended bot": idle, "deleted bot": old}
    ended = {
        name: Workspace(store, member, clock=house.clock, mint=house.mint)
        for name, member in names.items()
    }
    for here in ended.values():
        assert here.list_users(Query()).total == 3
    ada = Workspace(store, house.admin.actor, clock=house.clock, mint=house.mint)
    ada.suspend_users([eve])
    ada.remove_users([sam])
    ada.suspend_service_accounts([idle])
    ada.delete_service_accounts([old])
    return ended


@every_method
@pytest.mark.parametrize("who", ["suspended", "removed", "suspended bot", "deleted bot"])
def test_whose_access_ended_is_told_nothing(method: str, who: str) -> None:
    here = with_ended()[who]
    with pytest.raises(AccessEnded, match=r"You were (removed|suspended)"):
        asked(here, method, arguments_of(method, here.actor))


def test_a_read_only_store_makes_no_difference(house: House) -> None:
    eve = house.add_administrator("eve@acme.example", "Eve")
    here = Workspace(house.store(), eve, clock=house.clock, mint=house.mint)
    here._store._why_kept_as_it_is = "It was opened with --read-only."
    house.admin.suspend_users([eve])
    here._store.refresh()
    for method in ("add_refusal", "create_refusal", "invite_refusal", "vault_refusal"):
        with pytest.raises(AccessEnded):
            asked(here, method, arguments_of(method, eve))


def test_who_is_let_back_in_is_told_again(house: House) -> None:
    eve = house.add_administrator("eve@acme.example", "Eve")
    store = house.store()
    here, ada = (
        Workspace(store, who, clock=house.clock, mint=house.mint)
        for who in (eve, house.admin.actor)
    )
    ada.suspend_users([eve])
    with pytest.raises(AccessEnded):
        here.summary()
    ada.let_users_back_in([eve])
    assert here.summary().users == 2
    assert here.is_administrator


# What is somebody else's and what there is not are told in the same words


@cache
def furnished() -> tuple[House, dict[str, tuple[str, str]]]:
    """A workspace, and what Bob may not see in it, each beside the like of which there is none."""
    house = House(lasting_folder() / "store")
    eve = house.add_user("eve@acme.example", "Eve")
    house.add_user("bob@acme.example", "Bob")
    house.admin.edit_user(edit_of(house.admin, eve, login_name="evangeline"))
    eves = Workspace(house.store(), eve, clock=house.clock, mint=house.mint)
    house.admin.refresh()
    key = eves.create_credentials(eve).access_key
    bots = house.admin.add_service_account("bot", False).access_key
    own = house.save_vault(eve, '{"sdk": {}}')
    hidden = house.add_vault("Hidden things", "Admins")
    off = house.add_vault("Turned off", "Users", enabled=False)
    gone = house.add_vault("Gone things", "Users")
    house.admin.delete_administrator_vaults([gone])
    nothing = house.mint.new_id()
    pairs = {
        "key of a user": (key, house.mint.new_access_key()),
        "key of a service account": (bots, house.mint.new_access_key()),
        "vault of a user": (own, nothing),
        "vault for others": (hidden, nothing),
        "disabled vault": (off, nothing),
        "deleted vault": (gone, nothing),
        "name of a vault": ("Hidden things", "Absent things"),
        "email": ("eve@acme.example", "eva@acme.example"),
        "login name": ("evangeline", "emmanuelle"),
    }
    house.close()
    return house, pairs


def with_word(value: object, word: str) -> Iterator[object]:
    """The value with a word in each of the places where it can have one."""
    if value is None or isinstance(value, str):
        yield word
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield [word]
    elif isinstance(value, Query):
        yield replace(value, filter=word)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name)
            if isinstance(inner, tuple):
                yield replace(value, **{field.name: (word,)})
            elif field.name != "format" and (inner is None or isinstance(inner, str)):
                yield replace(value, **{field.name: word})


def calls_with(method: str, me: str, word: str) -> Iterator[dict[str, object]]:
    """What a method can be called with to ask for what a word names."""
    arguments = arguments_of(method, me)
    if method == "check_configuration":
        text = f'api {{ credentials {{ "access_key": "{word}", "secret_key": "{"s" * 64}" }} }}'
        yield {"text": text}
        return
    for name, value in arguments.items():
        if name != "format":
            for other in with_word(value, word):
                yield {**arguments, name: other}


CHANGED = "changed"


def outcome(here: Workspace, call: Callable[[], object], word: str) -> str:
    """What is told, with the word that was asked for taken out."""
    before = here.commit
    try:
        found = call()
    except WorkspaceError as error:
        return f"{type(error).__name__} {error.field} {error.message}".replace(word or "…", "…")
    if here.commit != before:
        return CHANGED
    if isinstance(found, Selection):
        found = list(found.ids), found.total
    return repr(found).replace(word or "…", "…")


@pytest.mark.parametrize("method", ASKED)
def test_a_plain_user_cannot_tell_what_is_anothers_from_what_there_is_not(
    tmp_path: Path, method: str
) -> None:
    made, pairs = furnished()
    numbers = count()

    def opened() -> Workspace:
        return made.copied_to(tmp_path / f"store{next(numbers)}").as_user("bob@acme.example")

    here = opened()
    for what, words in pairs.items():
        both = [list(calls_with(method, here.actor, word)) for word in words]
        for calls in zip(*both, strict=True):
            told = []
            for arguments, word in zip(calls, words, strict=True):
                told.append(outcome(here, partial(asked, here, method, arguments), word))
                if told[-1] == CHANGED:
                    here = opened()
            assert told[0] == told[1], what


@cache
def before_and_after() -> tuple[House, House, list[str]]:
    """A workspace, the same after others have come by what Bob may not see, and who they are."""
    before = House(lasting_folder() / "store")
    before.add_user("bob@acme.example", "Bob")
    eve = before.add_user("eve@acme.example", "Eve")
    bot = before.add_service_account("bot")
    before.close()
    after = before.copied_to(lasting_folder() / "store")
    eves = after.as_member(eve)
    issued = eves.create_credentials(eve)
    after.admin.refresh()
    after.save_vault(eve, '{"sdk": {}}')
    after.save_vault(bot, '{"sdk": {}}')
    after.add_vault("Hidden things", "Admins")
    eves.authenticate(issued.access_key, issued.secret_key)
    with pytest.raises(SignInRefused):
        eves.authenticate(issued.access_key, "wrong")
    eves.close()
    after.close()
    return before, after, [eve, bot]


@pytest.mark.parametrize("method", ASKED)
def test_a_plain_user_is_told_nothing_of_what_others_have(tmp_path: Path, method: str) -> None:
    before, after, others = before_and_after()
    houses = [house.copied_to(tmp_path / name) for house, name in ((before, "b"), (after, "a"))]
    for other in others:
        told = []
        for house in houses:
            here = house.as_user("bob@acme.example")
            told.append(
                outcome(here, partial(asked, here, method, arguments_of(method, other)), "")
            )
        assert told[0] == told[1]


def test_an_administrator_can(tmp_path: Path) -> None:
    made, pairs = furnished()
    here = made.copied_to(tmp_path / "store").as_user()
    for method, what in (
        ("contact_of", "key of a user"),
        ("administrator_vault_row", "vault for others"),
        ("administrator_vault_details", "disabled vault"),
        ("vault_history", "vault of a user"),
    ):
        anothers, nobodys = pairs[what]
        getattr(here, method)(anothers)
        with pytest.raises(WorkspaceError, match=nobodys):
            getattr(here, method)(nobodys)


# Whoever acts for an administrator


def test_who_acts_for_an_administrator_sees_and_previews_nothing_of_others(house: House) -> None:
    eve = house.add_user("eve@acme.example", "Eve")
    house.save_vault(eve, "{}")
    vault = house.add_vault("Docker", "Admins", enabled=False)
    here = Workspace(
        house.store(), house.admin.actor, clock=house.clock, mint=house.mint, is_impersonated=True
    )
    calls: dict[str, object] = {
        "vault_details": eve,
        "layers_of": eve,
        "administrator_vault_details": vault,
        "vault_history": vault,
        "credentials_of": eve,
        "refused_sign_ins": eve,
        "preview_removal": [eve],
        "preview_vault_deletion": [vault],
        "taken_with": [eve],
        "check_invitees": "new@acme.example",
        "impact_of_rule_deletion": [],
    }
    for method, argument in calls.items():
        with pytest.raises(NotAllowed):
            getattr(here, method)(argument)

"""Acting for the owner of a task: who may, what they are then, and what is kept of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.credential_views import IssuedCredential
from store.errors import NotAllowed
from tests.api.caller import ADDRESS, Answer, Caller, claims_of, keys_of
from tests.store.house import House, account_edit
from tests.store.keyring import refused_on_disk, used_on_disk

WHO = "users.get_current_user"


def act_for(caller: Caller, token: str, owner: str, *, header: str = "Clearml") -> Answer:
    """Sign in for the owner of a task, as an agent does."""
    headers = {f"X-{header}-Impersonate-As": owner}
    return caller("/v2.5/auth.login", token=token, headers=headers, body={})


@pytest.mark.parametrize("header", ["Clearml", "Trains"])
def test_the_token_is_the_owners_with_a_plain_users_rights(
    house: House, caller: Caller, agent: IssuedCredential, header: str
) -> None:
    owner = house.admin.actor
    answer = act_for(caller, caller.sign_in(keys_of(agent)), owner, header=header)
    claims = claims_of(answer.data["token"])
    identity = claims["identity"]
    assert (identity["user"], identity["role"]) == (owner, "user")
    assert identity["service_account_type"] == 0
    assert claims["tenant"] == identity["company"] == house.admin.settings().id
    assert (claims["credential"], claims["impersonator"]) == (agent.access_key, agent.member)
    user = caller(WHO, token=answer.data["token"]).data["user"]
    assert (user["id"], user["role"]) == (owner, "user")


def test_an_administrator_who_is_acted_for_may_no_more_than_others(
    house: House, caller: Caller, agent: IssuedCredential, ada: IssuedCredential, bob: str
) -> None:
    token = act_for(caller, caller.sign_in(keys_of(agent)), house.admin.actor).data["token"]
    assert caller("server.endpoints", token=token).code == (403, 20)
    assert "email" not in caller("users.get_by_id", token=token, body={"user": bob}).data["user"]
    own = caller("users.get_by_id", token=token, body={"user": ada.member}).data["user"]
    assert own["role"] == "user"
    adas = caller.sign_in(keys_of(ada))
    assert caller("auth.validate_token", token=token, body={"token": adas}).code == (200, 0)
    before = house.bytes()
    for name, sent in (
        ("auth.create_credentials", {}),
        ("auth.edit_credentials", {"access_key": ada.access_key, "label": "x"}),
        ("auth.revoke_credentials", {"access_key": ada.access_key}),
    ):
        assert caller(name, token=token, body=sent).code == (403, 20)
    assert house.bytes() == before


def test_an_administrator_may_act_and_anybody_living_may_be_the_owner(
    house: House, caller: Caller, ada: IssuedCredential, pia: str, bot: IssuedCredential
) -> None:
    token = caller.sign_in(keys_of(ada))
    kinds = {pia: 0, bot.member: 1, ada.member: 0}
    for owner, kind in kinds.items():
        answer = act_for(caller, token, owner)
        identity = claims_of(answer.data["token"])["identity"]
        assert (identity["user"], identity["role"]) == (owner, "user")
        assert identity["service_account_type"] == kind
        assert caller(WHO, token=answer.data["token"]).code == (200, 0)
    assert house.user(pia).status == "Pending"


def test_who_may_not_and_for_whom_not(
    house: House,
    caller: Caller,
    agent: IssuedCredential,
    bot: IssuedCredential,
    bobs: IssuedCredential,
) -> None:
    owner = house.add_user("eve@acme.example", "Eve")
    gone = house.add_user("cleo@acme.example", "Cleo")
    out = house.add_user("dan@acme.example", "Dan")
    house.admin.remove_users([gone])
    house.admin.suspend_users([out])
    agents = caller.sign_in(keys_of(agent))
    acting = act_for(caller, agents, owner).data["token"]
    refused = [
        act_for(caller, caller.sign_in(keys_of(bot)), owner),
        act_for(caller, caller.sign_in(keys_of(bobs)), owner),
        act_for(caller, caller.sign_in(keys_of(bobs)), bobs.member),
        act_for(caller, acting, owner),
        act_for(caller, acting, gone),
        *(act_for(caller, agents, whom) for whom in (gone, out, "0" * 32, "", "x" * 5_000)),
        caller(WHO, token=agents, headers={"X-Clearml-Impersonate-As": owner}),
    ]
    for answer in refused:
        assert answer.code == (400, 6)
        assert answer.message.startswith("Impersonation error (")
        assert len(answer.message) < 250
    assert not any("Cleo" in answer.message or "@" in answer.message for answer in refused)
    caller.close()
    noted = {(line["access_key"], line["cause"]): line["count"] for line in refused_on_disk(house)}
    assert noted == {
        (bot.access_key, "impersonation"): 1,
        (bobs.access_key, "impersonation"): 2,
        (agent.access_key, "impersonation"): 2,
        (agent.access_key, "owner gone"): 4,
        (agent.access_key, "owner suspended"): 1,
    }


@pytest.mark.parametrize("by", ["token", "acting", "keys"])
def test_the_tenant_is_this_workspace_or_none(
    house: House, caller: Caller, agent: IssuedCredential, bob: str, by: str
) -> None:
    token = caller.sign_in(keys_of(agent))
    acting = act_for(caller, token, bob).data["token"]
    shown: dict[str, dict[str, Any]] = {
        "token": {"token": token},
        "acting": {"token": acting},
        "keys": {"keys": keys_of(agent)},
    }

    def sign_in(tenant: str) -> Answer:
        return caller("auth.login", headers={"X-Clearml-Tenant": tenant}, **shown[by])

    good = sign_in(house.admin.settings().id)
    user = claims_of(good.data["token"])["identity"]["user"]
    assert user == (bob if by == "acting" else agent.member)
    assert sign_in("1" * 32).code == (400, 6)


ENDINGS: dict[str, Callable[[House, IssuedCredential, str], object]] = {
    "credential revoked": lambda house, agent, _: house.admin.revoke_credentials(
        [agent.access_key]
    ),
    "no longer allowed": lambda house, agent, _: house.admin.edit_service_account(
        account_edit(house.admin, agent.member, allow_impersonation=False)
    ),
    "agent suspended": lambda house, agent, _: house.admin.suspend_service_accounts([agent.member]),
    "agent deleted": lambda house, agent, _: house.admin.delete_service_accounts([agent.member]),
    "owner suspended": lambda house, _, owner: house.admin.suspend_users([owner]),
    "owner removed": lambda house, _, owner: house.admin.remove_users([owner]),
}


CAUSES = {
    "credential revoked": "revoked",
    "no longer allowed": "impersonation",
    "agent suspended": "member suspended",
    "agent deleted": "member removed",
    "owner suspended": "owner suspended",
    "owner removed": "owner gone",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_acting_ends_with_the_agent_and_with_the_owner(
    house: House, caller: Caller, agent: IssuedCredential, bob: str, ending: str
) -> None:
    first = act_for(caller, caller.sign_in(keys_of(agent)), bob).data["token"]
    # As a task renews it.
    renewed = caller("auth.login", token=first).data["token"]
    assert claims_of(renewed)["impersonator"] == agent.member
    for token in (first, renewed):
        assert caller(WHO, token=token).code == (200, 0)
    ENDINGS[ending](house, agent, bob)
    for token in (first, renewed):
        assert caller(WHO, token=token).code == (401, 30)
        assert caller("auth.login", token=token).code == (401, 30)
    caller.close()
    noted = [(line["access_key"], line["cause"]) for line in refused_on_disk(house)]
    assert noted == [(agent.access_key, CAUSES[ending])]


def test_what_an_owner_becomes_does_not_end_it(
    house: House, caller: Caller, agent: IssuedCredential, bob: str
) -> None:
    token = act_for(caller, caller.sign_in(keys_of(agent)), bob).data["token"]
    house.add_group("team", bob)
    assert caller(WHO, token=token).code == (200, 0)


def test_who_acted_for_whom_is_recorded_for_administrators(
    house: House, caller: Caller, agent: IssuedCredential, bob: str, pia: str
) -> None:
    before = house.bytes()
    token = caller.sign_in(keys_of(agent))
    for owner in (bob, pia, bob):
        house.clock.advance(seconds=1)
        headers = {"X-Clearml-Impersonate-As": owner, "X-ClearML-Worker": "gpu-07"}
        caller("auth.login", token=token, headers=headers)
    act_for(caller, token, "0" * 32)
    caller.close()
    assert house.bytes() == before
    found = house.admin.impersonations()
    assert [(one.agent, one.owner, one.count) for one in found] == [
        (agent.member, bob, 2),
        (agent.member, pia, 1),
    ]
    assert found[0].access_key == agent.access_key
    assert (found[0].address, found[0].worker, found[0].last_at) == (ADDRESS, "gpu-07", house.at)
    # The use is that of the agent's credential.
    assert used_on_disk(house)[agent.access_key]["at"] == house.at
    with pytest.raises(NotAllowed):
        house.as_member(bob).impersonations()
    path = house.folder / "impersonations.jsonl"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len([json.loads(line) for line in path.read_bytes().splitlines()]) == 2
    assert f"agent={agent.member}" in "".join(caller.lines)

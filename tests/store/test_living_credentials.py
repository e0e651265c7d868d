"""No more than a hundred living credentials a member, however one more would come about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from store.errors import LimitReached
from store.operations.credentials import CredentialEdit
from store.rules import MOST_LIVING_CREDENTIALS
from store.workspace import Workspace
from tests.store.house import House
from tests.store.keyring import add_credentials, change_credential

KEYS = [f"{number:030}" for number in range(MOST_LIVING_CREDENTIALS)]
ONE = KEYS[0]


@pytest.fixture
def bobs(house: House, bob: str) -> Workspace:
    """Bob's workspace, who has as many as one may have."""
    add_credentials(house, bob, *KEYS)
    return house.as_member(bob)


def revoke(house: House, here: Workspace) -> None:
    """One is revoked."""
    here.revoke_credentials([ONE])


def expire(house: House, here: Workspace) -> None:
    """One expires."""
    change_credential(house, ONE, expires_at=house.at)


def make(here: Workspace) -> object:
    """Make one more."""
    return here.create_credentials(here.actor, "one more")


def rotate(here: Workspace) -> object:
    """Rotate the last that is not being rotated, and that stays good for a day."""
    last = [row for row in here.own_credentials() if row.replaced_by is None][-1]
    return here.rotate_credential(last.access_key, timedelta(days=1))


def living(house: House, here: Workspace) -> int:
    """How many there are."""
    here.refresh()
    return sum(not row.is_expired for row in here.own_credentials())


@pytest.mark.parametrize("one_more", [make, rotate])
@pytest.mark.parametrize("end", [revoke, expire])
def test_one_more_is_refused_until_one_has_ended(
    house: House,
    bobs: Workspace,
    one_more: Callable[[Workspace], object],
    end: Callable[[House, Workspace], None],
) -> None:
    says = "Bob has 100 credentials that were neither revoked nor have expired. 100 are the most"
    with house.refuses(LimitReached, says=says):
        one_more(bobs)
    assert living(house, bobs) == MOST_LIVING_CREDENTIALS
    end(house, bobs)
    one_more(bobs)
    assert living(house, bobs) == MOST_LIVING_CREDENTIALS
    with house.refuses(LimitReached, says="revoke one that is not needed any more"):
        one_more(bobs)


def test_it_is_told_before_and_only_where_it_is_so(house: House, bobs: Workspace) -> None:
    assert "100 are the most" in bobs.create_refusal(bobs.actor)
    bobs.revoke_credentials([ONE])
    assert bobs.create_refusal(bobs.actor) == ""
    assert house.admin.create_refusal(house.admin.actor) == ""


def test_without_a_grace_period_one_takes_the_place_of_the_other(
    house: House, bobs: Workspace
) -> None:
    bobs.rotate_credential(ONE, timedelta(0))
    assert living(house, bobs) == MOST_LIVING_CREDENTIALS


def test_a_suspended_one_counts_for_it_can_be_let_back_in(house: House, bobs: Workspace) -> None:
    bobs.suspend_credentials(KEYS[:5])
    with house.refuses(LimitReached):
        make(bobs)


def test_one_that_has_expired_is_not_brought_back_beyond_it(house: House, bobs: Workspace) -> None:
    change_credential(house, ONE, expires_at=house.at)
    make(bobs)
    row = next(row for row in bobs.own_credentials() if row.access_key == ONE)
    with house.refuses(LimitReached):
        bobs.edit_credential(CredentialEdit(ONE, row.revision, row.label, None))
    bobs.edit_credential(CredentialEdit(ONE, row.revision, "another label", row.expires_at))


def test_whoever_has_more_keeps_them(house: House, bob: str) -> None:
    keys = [*KEYS, *(f"MORE{number:026}" for number in range(30))]
    add_credentials(house, bob, *keys)
    here = house.as_member(bob)
    assert living(house, here) == 130
    for row in here.own_credentials()[:3]:
        later = "2027-01-31T09:30:00Z"
        here.edit_credential(CredentialEdit(row.access_key, row.revision, "Renamed", later))
    with house.refuses(LimitReached, says="Bob has 130"):
        make(here)
    here.revoke_credentials(keys[:30])
    with house.refuses(LimitReached, says="Bob has 100"):
        make(here)
    here.revoke_credentials(keys[30:31])
    make(here)


def test_administrators_meet_it_for_service_accounts_too(house: House) -> None:
    account = house.add_service_account("bot")
    add_credentials(house, account, *KEYS[1:])
    house.admin.refresh()
    assert "bot has 100" in house.admin.create_refusal(account)
    with house.refuses(LimitReached, says="bot has 100"):
        house.admin.create_credentials(account)

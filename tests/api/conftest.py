"""An endpoint of its own for each test that asks for one, and somebody who signs in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.credential_views import IssuedCredential
from tests.api.caller import Caller
from tests.store.house import House


@pytest.fixture
def caller(house: House) -> Iterator[Caller]:
    """Calls an endpoint over the house's store."""
    made = Caller(house)
    yield made
    made.close()


@pytest.fixture
def ada(house: House) -> IssuedCredential:
    """A credential of Ada's, who is the administrator."""
    return house.admin.create_credentials(house.admin.actor)


@pytest.fixture
def bobs(house: House, bob: str) -> IssuedCredential:
    """A credential of Bob's, a plain user."""
    return house.as_member(bob).create_credentials(bob)


@pytest.fixture
def agent(house: House) -> IssuedCredential:
    """A credential of a service account that may act for the owners of tasks."""
    return house.admin.add_service_account("agent", allow_impersonation=True)


@pytest.fixture
def bot(house: House) -> IssuedCredential:
    """A credential of a service account that may not."""
    return house.admin.add_service_account("bot", allow_impersonation=False)

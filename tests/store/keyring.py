"""Credentials with secrets that are known, written as an operation would, and how they are used."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from store.minting import hash_of_secret_key
from store.models import Credential
from store.persistence.store import Outcome
from store.rules import Act, check_administrator_left
from store.state import Changes
from store.terms import CREDENTIALS_TABLE, SERVICE_ACCOUNTS_TABLE
from store.workspace import Workspace
from tests.store.house import House

KEY = "BOTKEY" * 5
SECRET = "the-secret_of-the-bot" + "x" * 43


def add_credentials(house: House, member: str, *access_keys: str, **values: Any) -> None:
    """Credentials of a member that all have the same secret, as one commit."""
    credentials = [
        Credential(
            id=key,
            member=member,
            secret_hash=hash_of_secret_key(SECRET),
            label="Laptop",
            created_at=house.at,
            **values,
        )
        for key in access_keys
    ]
    put(house, CREDENTIALS_TABLE, *(one.document() for one in credentials))


def change_credential(house: House, access_key: str, **values: Any) -> None:
    """Put other values into a credential, in a store of its own."""
    document = house.store().state.table(CREDENTIALS_TABLE)[access_key]
    put(house, CREDENTIALS_TABLE, document | values)


def change_service_account(house: House, account: str, **values: Any) -> None:
    """Put other values into a service account, in a store of its own."""
    document = house.store().state.table(SERVICE_ACCOUNTS_TABLE)[account]
    put(house, SERVICE_ACCOUNTS_TABLE, document | values)


def put(house: House, table: str, *documents: dict[str, Any]) -> None:
    """Commit documents, as another process would."""
    changes = Changes({table: {document["id"]: document for document in documents}})
    entry = Act(house.admin.actor, house.at).entry("put", [])
    house.store().commit(lambda _: Outcome(None, changes, entry), check_administrator_left)


def used_on_disk(house: House) -> dict[str, dict[str, str]]:
    """What usage.json says of each credential; nothing where there is no file."""
    try:
        used: dict[str, dict[str, str]] = json.loads(_bytes(house, "usage.json"))["used"]
    except FileNotFoundError:
        return {}
    return used


def refused_on_disk(house: House) -> list[dict[str, Any]]:
    """The lines of sign-ins.jsonl."""
    return [json.loads(line) for line in _bytes(house, "sign-ins.jsonl").splitlines()]


def flush(workspace: Workspace) -> None:
    """Have what was noted of sign-ins written now."""
    workspace._store.usage.flush()


def wait_until(is_so: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that a thread or a process brings about."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def _bytes(house: House, name: str) -> bytes:
    return (house.folder / name).read_bytes()

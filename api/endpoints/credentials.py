"""`auth.*_credentials`: a member's own credentials."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from api.call import Call, Data
from api.refusals import invalid_user
from store.credential_views import CredentialRow
from store.operations.credentials import CredentialEdit

# Of a credential that is made with an end, in seconds: a hundred years.
LONGEST_LIFE = 100 * 365 * 86_400


async def create(call: Call) -> Data:
    """Make a credential for the caller; this is the only answer that ever holds its secret key."""
    label = call.arguments.optional_text("label") or ""
    seconds = call.arguments.whole_number("expiration_sec", least=1, most=LONGEST_LIFE)
    life = None if seconds is None else timedelta(seconds=seconds)
    create = call.workspace.create_credentials
    issued = await call.served.changes.take(create, call.session.member, label, life=life)
    keys = {"access_key": issued.access_key, "secret_key": issued.secret_key}
    return {"credentials": {**keys, "label": issued.label, "expire": issued.expires_at}}


async def get(call: Call) -> Data:
    """The caller's credentials that were not revoked, oldest first, and when each was used."""
    rows = await asyncio.to_thread(call.workspace.own_credentials)
    return {
        "credentials": [
            {
                "access_key": row.access_key,
                "label": row.label,
                "expire": row.expires_at,
                "last_used": row.last_used_at,
                "last_used_from": row.address or row.worker or None,
            }
            for row in rows
        ]
    }


async def edit(call: Call) -> Data:
    """Change the label of one of the caller's credentials."""
    label = call.arguments.text("label")
    row = await _own(call)
    wanted = CredentialEdit(row.access_key, row.revision, label, row.expires_at)
    await call.served.changes.take(call.workspace.edit_credential, wanted)
    return {"updated": 1}


async def revoke(call: Call) -> Data:
    """Revoke one of the caller's credentials; it may be the one that the call was made with."""
    row = await _own(call)
    await call.served.changes.take(call.workspace.revoke_credentials, [row.access_key])
    return {"revoked": 1}


async def _own(call: Call) -> CredentialRow:
    access_key = call.arguments.text("access_key")
    rows = await asyncio.to_thread(call.workspace.own_credentials)
    for row in rows:
        if row.access_key == access_key:
            return row
    raise invalid_user()

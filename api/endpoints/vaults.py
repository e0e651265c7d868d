"""`users.get_vaults`: what the clients of a member fold over their configuration."""

from __future__ import annotations

from api.call import Call, Data
from store.deliveries import DeliveredVault

_TYPE = "config"


async def get_vaults(call: Call) -> Data:
    """The caller's enabled vaults, in the order in which clients fold them.

    Clients apply whatever they get, so a disabled one is never among them.
    """
    types = call.arguments.texts("types")
    if call.arguments.flag("enabled") is False or (types is not None and _TYPE not in types):
        return {"vaults": []}
    deliveries, member = call.served.deliveries, call.session.member
    vaults = deliveries.at_hand(member)
    if vaults is None:
        vaults = await call.served.fetching.take(deliveries.fetched, member)
    return {"vaults": [_shown(vault) for vault in vaults]}


def _shown(vault: DeliveredVault) -> Data:
    return {
        "id": vault.id,
        "type": _TYPE,
        "scope": "user" if vault.is_own else "admin",
        "description": vault.name,
        "enabled": True,
        "data": vault.data,
    }

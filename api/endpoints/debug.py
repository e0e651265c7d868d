"""`debug`: whether the server answers, and can read its store."""

from __future__ import annotations

from api.call import Call, Data


async def ping(_call: Call) -> Data:
    """Answer, to anybody."""
    return {"msg": "pong"}

"""`server`: what answers here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from api.call import Call, Data
from api.paths import API_VERSION
from api.refusals import forbidden


async def info(call: Call) -> Data:
    """The version of this program, and of the API that it speaks."""
    identity = call.workspace.identity_of(call.session)
    return {
        "version": _version(),
        "build": "",
        "commit": "",
        "uid": identity.workspace,
        "api_version": API_VERSION,
    }


async def endpoints(versions: Mapping[str, str], call: Call) -> Data:
    """What can be called, and from which version of the API on; for administrators."""
    if not call.workspace.is_administrator:
        raise forbidden()
    listed = {name: [{"min_version": least}] for name, least in sorted(versions.items())}
    return {"endpoints": listed, "models": {}}


@cache
def _version() -> str:
    return version("clearml-admin")

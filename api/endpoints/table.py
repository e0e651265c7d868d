"""What can be called, by name: the one table of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.calls import Endpoint
from api.endpoints import auth, credentials, debug, server, users, vaults

_ANSWERED: Mapping[str, Endpoint] = {
    "auth.login": Endpoint(auth.login, checks_caller=True, takes=("expiration_sec",)),
    "auth.logout": Endpoint(auth.logout),
    "auth.validate_token": Endpoint(auth.validate_token, takes=("token",), only_reads=True),
    "auth.create_credentials": Endpoint(credentials.create, takes=("label", "expiration_sec")),
    "auth.get_credentials": Endpoint(credentials.get, only_reads=True),
    "auth.edit_credentials": Endpoint(
        credentials.edit, min_version="2.19", takes=("access_key", "label")
    ),
    "auth.revoke_credentials": Endpoint(credentials.revoke, takes=("access_key",)),
    "users.get_vaults": Endpoint(
        vaults.get_vaults,
        min_version="2.15",
        takes=("enabled", "types"),
        refuses=("preview_data",),
        only_reads=True,
    ),
    "users.get_current_user": Endpoint(
        users.get_current_user,
        refuses=("get_supported_features", "return_inactive_companies"),
        only_reads=True,
    ),
    "users.get_by_id": Endpoint(users.get_by_id, takes=("user",), only_reads=True),
    "users.get_all": Endpoint(
        users.get_all,
        takes=("id", "name", "only_fields", "order_by", "page", "page_size"),
        refuses=("include_auth", "include_providers_info"),
        only_reads=True,
    ),
    "server.info": Endpoint(server.info, min_version="2.8", only_reads=True),
    "debug.ping": Endpoint(debug.ping, checks_caller=True, only_reads=True),
}
_VERSIONS = {name: one.min_version for name, one in _ANSWERED.items()} | {"server.endpoints": "2.1"}
ENDPOINTS: Mapping[str, Endpoint] = {
    **_ANSWERED,
    "server.endpoints": Endpoint(partial(server.endpoints, _VERSIONS), only_reads=True),
}

"""The envelope: every answer is JSON with `meta` and `data`, whatever has become of the call."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import orjson

from api.paths import Called
from api.refusals import CallRefused

Headers = list[tuple[bytes, bytes]]

# What is answered to a request that is no HTTP, and to a defect.
NOT_HTTP = CallRefused(400, 0, "Invalid request")
DEFECT = CallRefused(500, 100, "Internal error")


def envelope(
    called: Called, data: Mapping[str, Any], *, refused: CallRefused | None = None
) -> bytes:
    """The body of an answer.

    Args:
        called: What was called.
        data: What is answered; nothing where the call was refused.
        refused: Why it was refused, if it was.
    """
    key = secrets.token_hex(16)
    meta = {
        "id": key,
        "trx": key,
        "endpoint": {
            "name": called.name,
            "requested_version": called.version,
            "actual_version": called.version,
        },
        # Clients believe this rather than the HTTP status.
        "result_code": refused.status if refused else 200,
        "result_subcode": refused.subcode if refused else 0,
        "result_msg": refused.message if refused else "OK",
        "error_stack": None,
        "error_data": {},
    }
    return orjson.dumps({"meta": meta, "data": data})


def headers_of(body: bytes, *, refused: CallRefused | None = None) -> Headers:
    """The headers of an answer. Tokens and secrets must not stay in a cache."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if refused is None:
        return headers
    if refused.retry_after is not None:
        headers.append((b"retry-after", str(refused.retry_after).encode()))
    if refused.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if refused.status == 405:
        headers.append((b"allow", b"GET, POST, PUT"))
    return headers

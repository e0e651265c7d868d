"""A client that sees to the envelope of every answer."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlencode

import jwt

from api.addresses import Network
from api.app import make_app
from api.log import Log
from api.served import ServedWorkspace
from store.credential_views import IssuedCredential
from store.persistence.signing_secret import SigningSecret
from tests.store.house import House

ADDRESS = "192.0.2.17"
META = {
    "id": str,
    "trx": str,
    "endpoint": dict,
    "result_code": int,
    "result_subcode": int,
    "result_msg": str,
    "error_stack": type(None),
    "error_data": dict,
}

T = TypeVar("T")

# An access key and a secret key.
Keys = tuple[str, str]


@dataclass
class Answer:
    """What was answered.

    Attributes:
        code: The status and the subcode.
        message: The text that clients print.
        data: The data.
        headers: The headers.
        endpoint: What the envelope says was called.
    """

    code: tuple[int, int]
    message: str
    data: dict[str, Any]
    headers: dict[str, str]
    endpoint: dict[str, Any]


class Seconds:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time that the clock shows."""
        return self.now


class Caller:
    """Calls an endpoint of its own over the store of a house, as of another process.

    Args:
        house: The house.
        address: Where it calls from.
        trusted: The proxies that are trusted.
        read_only: Whether the endpoint may not write.
        longest_wait: How long it waits for the store's lock, in seconds.
    """

    def __init__(
        self,
        house: House,
        *,
        address: str = ADDRESS,
        trusted: tuple[str, ...] = (),
        read_only: bool = False,
        longest_wait: float = 5,
    ) -> None:
        self.lines: list[str] = []
        self.seconds = Seconds()
        self.served = ServedWorkspace(
            house.store(read_only=read_only, longest_wait=longest_wait),
            SigningSecret(house.folder, read_only=read_only),
            trusted=tuple(map(Network, trusted)),
            clock=house.clock,
            mint=house.mint,
            monotonic=self.seconds,
        )
        self.app = make_app(self.served, Log(self.lines.append))
        self._address = address
        self._runner = asyncio.Runner()

    def __call__(
        self,
        name: str,
        *,
        token: str | None = None,
        keys: Keys | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Answer:
        """Call an endpoint, or a path if that begins with a slash.

        Args:
            name: The endpoint, or the path.
            token: The token to show.
            keys: The keys to show.
            method: The method.
            headers: Further headers.
            params: The query.
            body: What is sent as JSON, or bytes as they are.
        """
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if keys is not None:
            sent["Authorization"] = basic(*keys)
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return self.send(
            method,
            name if name.startswith("/") else f"/{name}",
            urlencode(params or {}, doseq=True).encode(),
            [(key.lower().encode(), value.encode("latin-1")) for key, value in sent.items()],
            content if isinstance(content, bytes) else content.encode(),
        )

    def send(
        self,
        method: str,
        path: str,
        query: bytes,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
    ) -> Answer:
        """Send a request as a server passes it on, and see to the envelope of the answer."""
        return _checked(*self.run(self.exchange(method, path, query, headers, body)))

    def run(self, task: Coroutine[Any, Any, T]) -> T:
        """What comes of a task on the loop of the endpoint."""
        return self._runner.run(task)

    async def exchange(
        self,
        method: str,
        path: str,
        query: bytes,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
    ) -> tuple[int, dict[str, str], bytes]:
        """The status, the headers and the body of an answer, whatever it is."""
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query,
            "headers": headers,
            "client": (self._address, 50_000),
        }
        # In parts, as a network brings it.
        parts = [body[: len(body) // 2], body[len(body) // 2 :]]
        got: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        async def send(message: Any) -> None:
            got.append(message)

        await self.app(scope, receive, send)
        start, *rest = got
        pairs = [(key.decode(), value.decode()) for key, value in start["headers"]]
        assert [one["type"] for one in rest] == ["http.response.body"]
        assert len(dict(pairs)) == len(pairs)
        return start["status"], dict(pairs), rest[0]["body"]

    def sign_in(self, keys: Keys, **sent: Any) -> str:
        """The token of a sign-in that succeeds."""
        answer = self("auth.login", keys=keys, **sent)
        assert answer.code == (200, 0), answer
        return str(answer.data["token"])

    def close(self) -> None:
        """Write what was noted, and let go of the files."""
        self._runner.close()
        self.served.close()


def _checked(status: int, headers: dict[str, str], content: bytes) -> Answer:
    assert headers["content-type"] == "application/json"
    assert headers["content-length"] == str(len(content))
    assert "set-cookie" not in headers
    answer = json.loads(content)
    assert set(answer) == {"meta", "data"}
    meta = answer["meta"]
    assert {name: type(value) for name, value in meta.items()} == META
    assert meta["result_code"] == status
    assert isinstance(answer["data"], dict)
    assert all(isinstance(text, str) for text in meta["endpoint"].values())
    code = (status, meta["result_subcode"])
    return Answer(code, meta["result_msg"], answer["data"], headers, meta["endpoint"])


def basic(access_key: str, secret_key: str) -> str:
    """The header of a sign-in with keys."""
    return "Basic " + base64.b64encode(f"{access_key}:{secret_key}".encode()).decode()


def keys_of(issued: IssuedCredential) -> Keys:
    """The keys of a credential that was just made."""
    return issued.access_key, issued.secret_key


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, read as clients do: without a look at the signature."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims

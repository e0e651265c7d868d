"""A small endpoint that signs clients in by the workspace's own `authenticate`, for tests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from store.errors import SignInRefused
from store.workspace import Workspace

_LIFE = 30 * 86_400


class Endpoint(ThreadingHTTPServer):
    """Answers clients that have it for a proxy, whatever server they mean.

    Args:
        workspace: The workspace that signs them in.
    """

    daemon_threads = True

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.workspace = workspace
        # The URLs that were asked for, without their arguments.
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def endpoint(workspace: Workspace) -> Iterator[Endpoint]:
    """An endpoint that runs for as long as the block."""
    with Endpoint(workspace) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_GET(self) -> None:
        """Sign in, or say that there are no vaults."""
        url = urlsplit(self.path)
        self.server.asked.append(f"{url.scheme}://{url.netloc}{url.path}")
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if url.path.endswith("/auth.login"):
            self._sign_in()
        elif url.path.endswith("/users.get_vaults"):
            self._answer(200, "OK", {"vaults": []})
        else:
            self._answer(404, "Unable to find endpoint", {})

    def log_message(self, *_: object) -> None:
        """Keep silent."""

    def _sign_in(self) -> None:
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        access_key, _, secret_key = base64.b64decode(encoded).decode().partition(":")
        worker = self.headers.get("X-ClearML-Worker", "")
        try:
            signed_in = self.server.workspace.authenticate(
                access_key, secret_key, worker=worker, address=self.client_address[0]
            )
        except SignInRefused:
            self._answer(401, "Unauthorized (invalid credentials)", {})
        else:
            assert kind == "Basic"
            self._answer(200, "OK", {"token": _token(signed_in.member)})

    def _answer(self, code: int, message: str, data: dict[str, Any]) -> None:
        endpoint = {"name": "auth.login", "requested_version": "2.31", "actual_version": "2.31"}
        meta = {
            "id": "0" * 32,
            "trx": "0" * 32,
            "endpoint": endpoint,
            "result_code": code,
            "result_subcode": 0,
            "result_msg": message,
            "error_stack": None,
            "error_data": {},
        }
        body = json.dumps({"meta": meta, "data": data}).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _token(member: str) -> str:
    """A token with the claims that clients read."""
    now = int(time.time())
    claims = {
        "identity": {
            "user": member,
            "company": "1" * 32,
            "role": "user",
            "service_account_type": 1,
            "user_name": "agent-1",
            "company_name": "Acme",
        },
        "tenant": "1" * 32,
        "api_version": "2.31",
        "server_version": "3.24.0",
        "feature_set": "advanced",
        "iat": now,
        "exp": now + _LIFE,
    }
    signed = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{_encoded(claims)}"
    signature = hmac.digest(b"sham key that signs for nobody", signed.encode(), hashlib.sha256)
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()

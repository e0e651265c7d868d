"""A proxy before the real endpoint, which takes calls for whatever server a client means."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

_HOP_BY_HOP = ("connection", "keep-alive", "proxy-connection", "transfer-encoding")


class Front(ThreadingHTTPServer):
    """Passes on what comes, without the path of the API URL before it.

    Args:
        url: The URL of the endpoint.
        path: What is taken off the paths of calls.
    """

    daemon_threads = True

    def __init__(self, url: str, path: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = urlsplit(url).netloc
        self.path = path
        # The URLs that were asked for, without their arguments.
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def front(url: str, path: str = "") -> Iterator[Front]:
    """A proxy that runs for as long as the block."""
    with Front(url, path) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Front

    def do_GET(self) -> None:
        """Pass it on."""
        url = urlsplit(self.path)
        self.server.asked.append(f"{url.scheme}://{url.netloc}{url.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = url.path.removeprefix(self.server.path) + (url.query and f"?{url.query}")
        headers = {
            name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP
        }
        behind = http.client.HTTPConnection(self.server.behind, timeout=60)
        behind.request(self.command, path, body, headers)
        answer = behind.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        behind.close()

    do_POST = do_PUT = do_GET

    def log_message(self, *_: object) -> None:
        """Keep silent."""

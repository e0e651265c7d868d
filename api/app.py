"""The application: which path is answered by what."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from api.calls import Calls
from api.endpoints.table import ENDPOINTS
from api.envelope import DEFECT, envelope
from api.log import Log, Logged
from api.pages.join import JoinPage, defect_page
from api.paths import Called
from api.served import ServedWorkspace


def make_app(served: ServedWorkspace, log: Log) -> ASGIApp:
    """The application that answers from a workspace.

    Args:
        served: The workspace.
        log: Takes the line of each request.
    """
    router = Router(_pages(served), redirect_slashes=False, default=Calls(served, ENDPOINTS))
    return Logged(_OriginForm(ServerErrorMiddleware(router, handler=_defect)), log)


def _pages(served: ServedWorkspace) -> Sequence[BaseRoute]:
    """The pages for people. All other paths are calls."""
    join = JoinPage(served)
    # Whatever follows: of a link that was cut or has grown, a person is to be told so.
    return [Route("/join/{token:path}", join), Route("/join", join)]


class _OriginForm:
    """Takes `http://HOST/path` for `/path`: clients behind a proxy ask so, and servers must.

    Only as it was sent: what is one when its escapes are read is a path to any proxy before us.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = scope.get("raw_path") or b""
        if target[:8].lower().startswith((b"http://", b"https://")):
            scope["path"] = "/" + scope["path"].partition("://")[2].partition("/")[2]
        await self._app(scope, receive, send)


async def _defect(request: Request, _error: Exception) -> Response:
    if isinstance(request.scope.get("endpoint"), JoinPage):
        return defect_page()
    body = envelope(Called(), {}, refused=DEFECT)
    return Response(body, DEFECT.status, media_type="application/json")

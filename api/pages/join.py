"""`/join/TOKEN`: what somebody sees who opens the link of an invitation, and how they join.

Opening it changes nothing, for mail programs and scanners open links, too: joining is a POST.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.addresses import address_of
from api.arguments import Arguments
from api.bodies import CallerGone, body_of
from api.limits import MOST_BODY_OF_STRANGERS
from api.log import tell
from api.pages.page import page
from api.refusals import RETRY_AFTER, CallRefused, method_not_allowed
from api.served import ServedWorkspace
from store.configuration import configuration_of
from store.errors import AccessEnded, InvalidInput, LinkEnded, NotFound, WorkspaceError
from store.invitation_links import LinkStatus, OpenedLink
from store.text import visible

_METHODS = ("GET", "HEAD", "POST")
_GONE = 410
_STATUSES = {LinkStatus.UNKNOWN: 404, LinkStatus.SUSPENDED: 403}


class JoinPage:
    """An ASGI application that answers whoever opens the link of an invitation.

    Args:
        served: The workspace that is served.
    """

    def __init__(self, served: ServedWorkspace) -> None:
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        try:
            response = await self._answer(scope, receive)
        except CallerGone:
            return
        except CallRefused as refused:
            response = _refused(refused)
        except WorkspaceError as error:
            tell(scope, problem=error.message)
            response = page("later.html", 503, headers={"retry-after": str(RETRY_AFTER)})
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if scope["method"] not in _METHODS:
            raise method_not_allowed()
        headers = Headers(scope=scope)
        peer = (scope.get("client") or ("",))[0]
        tell(scope, address=address_of(peer, headers, self._served.trusted))
        token = scope["path_params"].get("token", "")
        if scope["method"] != "POST":
            return await self._opened(scope, token)
        # A form is written as a query is.
        form = await body_of(headers, receive, MOST_BODY_OF_STRANGERS)
        typed = Arguments.of(form, b"").text("name")
        return await self._joined(scope, token, typed)

    async def _opened(self, scope: Scope, token: str) -> Response:
        """What somebody sees who opens the link."""
        link = await self._look(token)
        if link.status is LinkStatus.GOOD:
            return page("invitation.html", link=link, name=link.name, problem="")
        tell(scope, link=link.status)
        return page("ended.html", _STATUSES.get(link.status, _GONE), link=link)

    async def _joined(self, scope: Scope, token: str, typed: str) -> Response:
        """Let somebody in who has pressed the button, and show their first credential."""
        link = await self._look(token)
        if link.status is not LinkStatus.GOOD:
            return await self._opened(scope, token)
        workspace = self._served.open_as(link.user)
        # What could not be seen was shown as something else, and was not meant to be changed.
        name = "" if typed == visible(link.name) else typed
        try:
            # Read first, so that nothing can fail once there is a credential.
            settings = workspace.settings()
            issued = await self._served.changes.take(workspace.join_by_link, token, name)
        except InvalidInput as error:
            return page("invitation.html", 400, link=link, name=typed, problem=error.message)
        except (LinkEnded, AccessEnded, NotFound):
            # Somebody was quicker. Now it is known what they did.
            return await self._opened(scope, token)
        tell(scope, member=link.user)
        return page(
            "joined.html",
            workspace=link.workspace,
            issued=issued,
            configuration=configuration_of(settings, issued),
            urls_prefilled=settings.urls_prefilled,
        )

    async def _look(self, token: str) -> OpenedLink:
        await self._served.keep_up()
        return await asyncio.to_thread(self._served.door.opened_link, token)


def defect_page() -> Response:
    """What somebody sees where something is wrong with this program."""
    return page("refused.html", 500, code=500)


def _refused(refused: CallRefused) -> Response:
    headers = {"allow": ", ".join(_METHODS)} if refused.status == 405 else {}
    return page("refused.html", refused.status, headers=headers, code=refused.status)

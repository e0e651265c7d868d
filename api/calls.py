"""Answers calls: `/service.action`, each with the envelope, whatever was sent."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.addresses import address_of, worker_of
from api.arguments import Arguments
from api.authentication import IMPERSONATE_HEADERS, authenticate
from api.bodies import CallerGone, body_of
from api.call import Call, Data
from api.envelope import envelope, headers_of
from api.limits import MOST_BODY, MOST_BODY_OF_STRANGERS
from api.log import tell
from api.paths import Called, called_by, unknown_endpoint
from api.refusals import CallRefused, impersonation_error, method_not_allowed, refusal_of
from api.served import ServedWorkspace
from store.errors import WorkspaceError

# A body that comes with its head takes less, in seconds, and nobody is asked twice who they are.
_MOMENT = 0.01
METHODS = ("GET", "HEAD", "POST", "PUT")


@dataclass(frozen=True)
class Endpoint:
    """What one endpoint does.

    Attributes:
        run: Answers a call.
        min_version: The version of the API from which on clients know it.
        checks_caller: Whether it sees itself who calls, if it wants to know at all.
        takes: The arguments that it honours; it can look at no other.
        refuses: The arguments that the call has elsewhere, and that are refused here rather than
            ignored. What is in neither is nobody's argument, and ignored.
        only_reads: Whether it changes nothing, so that HEAD may ask for it, which shows no answer.
    """

    run: Callable[[Call], Awaitable[Data]]
    min_version: str = "2.1"
    checks_caller: bool = False
    takes: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    only_reads: bool = False


class Calls:
    """An ASGI application that answers calls.

    Args:
        served: The workspace that is served.
        endpoints: What can be called, by name.
    """

    def __init__(self, served: ServedWorkspace, endpoints: Mapping[str, Endpoint]) -> None:
        self._served = served
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call."""
        called, refused = Called(), None
        data: Data = {}
        try:
            if scope["method"] not in METHODS:
                raise method_not_allowed()
            called = called_by(scope["path"])
            data = await self._answer(called, scope, receive)
        except CallerGone:
            return
        except CallRefused as error:
            refused = error
        except WorkspaceError as error:
            refused = refusal_of(error)
            if refused.status == 503:
                tell(scope, problem=error.message)
        await _send(scope, send, called, data, refused)
        tell(scope, subcode=refused.subcode if refused else 0)

    async def _answer(self, called: Called, scope: Scope, receive: Receive) -> Data:
        endpoint = self._endpoints.get(called.name)
        if endpoint is None:
            raise unknown_endpoint(called)
        if scope["method"] == "HEAD" and not endpoint.only_reads:
            raise method_not_allowed()
        headers = Headers(scope=scope)
        peer = (scope.get("client") or ("",))[0]
        call = Call(
            self._served,
            headers,
            address_of(peer, headers, self._served.trusted),
            worker_of(headers),
            Arguments({}),
        )
        tell(scope, address=call.address)
        if endpoint.checks_caller:
            body = await body_of(headers, receive, MOST_BODY_OF_STRANGERS)
            await self._keep_up(call, scope)
        else:
            await self._admit(call, scope)
            began = time.monotonic()
            body = await body_of(headers, receive, MOST_BODY)
            if time.monotonic() - began > _MOMENT:
                # It may take days, in which whoever sends it has lost what lets them call.
                await self._admit(call, scope)
        arguments = Arguments.of(scope["query_string"], body)
        arguments.refuse(endpoint.refuses)
        call.arguments = arguments.only(endpoint.takes)
        data = await endpoint.run(call)
        if endpoint.checks_caller and call.token is not None:
            tell(scope, member=call.session.member, agent=call.session.agent)
        return data

    async def _keep_up(self, call: Call, scope: Scope) -> None:
        if waited := await self._served.keep_up():
            call.waited += waited
            # Told apart from what answering takes.
            tell(scope, waited=f"{call.waited * 1000:.1f}ms")

    async def _admit(self, call: Call, scope: Scope) -> None:
        """See that whoever calls may, by what is committed now."""
        await self._keep_up(call, scope)
        authenticate(call)
        tell(scope, member=call.session.member, agent=call.session.agent)
        if any(name in call.headers for name in IMPERSONATE_HEADERS):
            raise impersonation_error("Only auth.login takes the header.")


async def _send(
    scope: Scope, send: Send, called: Called, data: Data, refused: CallRefused | None
) -> None:
    body = envelope(called, data, refused=refused)
    status = refused.status if refused else 200
    headers = headers_of(body, refused=refused)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    shown = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": shown})

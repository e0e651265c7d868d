"""A call that is being answered: what was sent, by whom, and the workspace in their name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.datastructures import Headers

from api.arguments import Arguments
from api.refusals import invalid_token
from api.served import ServedWorkspace
from api.tokens import Token
from store.sessions import Session
from store.workspace import Workspace

# What is answered, as `data` of the envelope.
Data = Mapping[str, Any]


@dataclass
class Call:
    """A call.

    Attributes:
        served: The workspace that is served.
        headers: The headers that were sent.
        address: The address that it comes from, or "".
        worker: The name of the client's machine, or "".
        arguments: What was sent, in the query and in the body.
        token: What the caller has shown, where the endpoint asks for it.
        waited: How long it waited until a newer store was loaded, in seconds.
    """

    served: ServedWorkspace
    headers: Headers
    address: str
    worker: str
    arguments: Arguments
    token: Token | None = None
    waited: float = 0

    @property
    def shown(self) -> Token:
        """The token that the caller has shown.

        Raises:
            CallRefused: There is none.
        """
        if self.token is None:
            raise invalid_token()
        return self.token

    @property
    def session(self) -> Session:
        """The session of the caller."""
        return self.shown.session

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace in the caller's name."""
        return self.served.open_for(self.session)

"""How the facade hands out a credential: the one place where a secret key is in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from store.facade.base import Facade
from store.minting import hash_of_secret_key
from store.persistence.store import Outcome
from store.rules import Act
from store.state import State

if TYPE_CHECKING:
    from store.credential_views import IssuedCredential
    from store.operations.credentials import MadeCredential, NewKey

P = ParamSpec("P")


class Issuing(Facade):
    """What the parts of the facade that make credentials share."""

    def _issue(
        self,
        operation: Callable[Concatenate[State, Act, NewKey, P], Outcome[MadeCredential]],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> IssuedCredential:
        from store.credential_views import IssuedCredential
        from store.operations.credentials import NewKey

        access_key, secret_key = self._mint.new_access_key(), self._mint.new_secret_key()
        # The operation never gets the secret: what it returns is written down.
        key = NewKey(access_key, hash_of_secret_key(secret_key))
        made = self._commit(operation, key, *arguments, **named)
        return IssuedCredential(
            member=made.credential.member,
            called=made.called,
            access_key=access_key,
            secret_key=secret_key,
            label=made.credential.label,
            revision=made.credential.revision,
            expires_at=made.credential.expires_at,
        )

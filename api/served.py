"""The workspace that is served, and how it keeps up with what others commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from api.addresses import Network
from api.limits import FailedSignIns
from api.members import Members
from api.turns import Turns
from store.deliveries import Deliveries
from store.minting import Mint
from store.persistence.signing_secret import SigningSecret
from store.persistence.store import Store
from store.sessions import Session
from store.times import Clock, system_clock
from store.workspace import Workspace

# Signing in is in nobody's name yet.
_NOBODY = ""
# What calls look up in a state; made anew for each that is loaded, which takes a while among many.
_INDEXES = (
    "preset",
    "groups of member",
    "vaults of group",
    "vault of member",
    "credentials of member",
    "every credential of member",
)


class ServedWorkspace:
    """A workspace that calls are answered from.

    Args:
        store: The store.
        secret: The secret that tokens are signed with.
        trusted: The proxies that may say whom they ask for.
        clock: What time it is.
        mint: Where ids and secrets come from.
        monotonic: The time in seconds, from whenever.
    """

    def __init__(
        self,
        store: Store,
        secret: SigningSecret,
        *,
        trusted: tuple[Network, ...] = (),
        clock: Clock = system_clock,
        mint: Mint | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._secret = secret
        self._clock = clock
        self._loading: asyncio.Task[None] | None = None
        self.mint = mint or Mint()
        self.trusted = trusted
        self.deliveries = Deliveries(store)
        self.failed_sign_ins = FailedSignIns(monotonic)
        # Who signs in, and whether they may go on, is asked in nobody's name.
        self.door = Workspace(store, _NOBODY, clock=clock, mint=self.mint)
        # One change of the store at a time, one of its log-outs, and one text to be worked out.
        self.changes, self.log_outs, self.fetching = Turns(), Turns(), Turns()
        self.members = Members(lambda: store.state)

    @property
    def name(self) -> str:
        """What the workspace is called."""
        return str(self._store.state.settings["name"])

    @property
    def secret(self) -> bytes:
        """The secret that tokens are signed with."""
        return self._secret.value

    @property
    def seconds(self) -> int:
        """The time in seconds since 1970."""
        return int(self._clock().timestamp())

    def open_for(self, session: Session) -> Workspace:
        """The workspace in the name of whoever has a session."""
        return self.open_as(session.member, is_impersonated=bool(session.agent))

    def open_as(self, member: str, *, is_impersonated: bool = False) -> Workspace:
        """The workspace in the name of a member, who has shown to be the one.

        Args:
            member: The id of the member.
            is_impersonated: Whether another acts in the member's name.
        """
        return Workspace(
            self._store,
            member,
            clock=self._clock,
            mint=self.mint,
            is_impersonated=is_impersonated,
        )

    async def keep_up(self) -> float:
        """See that what was committed before this is known; others go on while it is loaded.

        Returns:
            How long that took, in seconds; 0 where nothing had to be loaded.

        Raises:
            StoreFailed: The store or the secret cannot be read.
        """
        if self._loading is None and self._is_current():
            return 0.0
        began = time.perf_counter()
        await self._catch_up()
        return time.perf_counter() - began

    async def _catch_up(self) -> None:
        if self._loading is not None:
            # It may have begun before the commit that this call must know of.
            await asyncio.wait({self._loading})
        if self._is_current():
            return
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self.load))
            self._loading.add_done_callback(self._has_loaded)
        await asyncio.shield(self._loading)

    def load(self) -> None:
        """Load what others have written, and prepare what calls look up.

        Raises:
            StoreFailed: The store or the secret cannot be read.
        """
        if not self._secret.is_current:
            self._secret.load()
        self._store.refresh()
        self._store.log_outs.load()
        self._store.usage.load()
        self._store.usage.refresh()
        for name in _INDEXES:
            self._store.state.index(name)

    def flush(self) -> None:
        """Write what was noted of sign-ins, within two seconds or not."""
        self._store.usage.flush()

    def close(self) -> None:
        """Write what was noted of sign-ins, and let go of the files."""
        self._secret.close()
        self._store.close()

    def _is_current(self) -> bool:
        store = self._store
        return (
            store.is_current
            and self._secret.is_current
            and store.log_outs.is_current
            and store.usage.is_current
        )

    def _has_loaded(self, task: asyncio.Task[None]) -> None:
        self._loading = None
        # Whoever waited for it has been told; nobody may have.
        if not task.cancelled():
            task.exception()

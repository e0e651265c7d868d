"""What every part of the facade stands on: the store, the actor, and the way to a commit."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from store.errors import NotAllowed, Overtaken
from store.listing import Look
from store.minting import Mint
from store.persistence.store import Outcome, Store
from store.rules import Act, acting_member, check_administrator_left
from store.state import State
from store.times import Clock, system_clock, to_text
from store.usage import Usage
from store.views import Viewer

if TYPE_CHECKING:
    from store.access.impacts import Impact

# The commit on whose state alone a change may be made.
_AS_OF: ContextVar[int | None] = ContextVar("as of", default=None)

T = TypeVar("T")
P = ParamSpec("P")


class Facade:
    """A store, seen and changed in the name of one member.

    Args:
        store: The store.
        actor: The id of the member.
        clock: What time it is.
        mint: Where ids and secrets come from.
        is_impersonated: Whether another acts in the member's name. Then it is seen as by a plain
            user, whatever the member may do, and nothing can be changed.
    """

    def __init__(
        self,
        store: Store,
        actor: str,
        *,
        clock: Clock = system_clock,
        mint: Mint | None = None,
        is_impersonated: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._mint = mint or Mint()
        self._viewed_by: tuple[State, Viewer] | None = None
        self._admitted_to: State | None = None
        self._is_impersonated = is_impersonated
        self.actor = actor

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, or ""."""
        return self._store.read_only_reason

    @property
    def notices(self) -> list[str]:
        """What a person is to be told, once, of how the store was found."""
        return self._store.notices

    @property
    def change_refusal(self) -> str:
        """Why nothing can be changed, as a person is told who tries, or ""."""
        return self._store.change_refusal

    @property
    def is_administrator(self) -> bool:
        """Whether the actor may administer."""
        return not self._is_impersonated and self._state.is_administrator(self.actor)

    @property
    def _state(self) -> State:
        """The state as it is known, for whatever is read in the actor's name.

        Raises:
            AccessEnded: The actor was removed or is suspended.
        """
        # Asked for with every row that is drawn. A state never changes, so once is enough.
        state = self._store.state
        if self._admitted_to is not state:
            acting_member(state, self.actor)
            self._admitted_to = state
        return state

    @property
    def _usage(self) -> Usage:
        return self._store.usage.known

    def now(self) -> str:
        """The time, as the store writes it."""
        return to_text(self._clock())

    @property
    def _viewer(self) -> Viewer:
        state = self._state
        if self._viewed_by is None or self._viewed_by[0] is not state:
            viewer = Viewer(self.actor, self.is_administrator)
            self._viewed_by = (state, viewer)
        return self._viewed_by[1]

    def _look(self) -> Look:
        return Look(self._state, self._usage, self._viewer, self.now())

    def _act(self) -> Act:
        # What is looked at before a change asks for the same right as the change.
        if self._is_impersonated:
            raise NotAllowed("Whoever acts for another can change nothing in their name.")
        return Act(self.actor, self.now())

    def as_of(self, commit: int, change: Callable[[], T]) -> T:
        """Make a change, but only on the state that this commit has left.

        Args:
            commit: The number of the commit.
            change: Makes the change, by methods of this in this thread.

        Raises:
            Overtaken: Others have committed since; nothing was changed.
        """
        token = _AS_OF.set(commit)
        try:
            return change()
        finally:
            _AS_OF.reset(token)

    def _commit(
        self,
        operation: Callable[Concatenate[State, Act, P], Outcome[T]],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        act = self._act()

        def run(state: State) -> Outcome[T]:
            acting_member(state, act.actor)
            if (as_of := _AS_OF.get()) is not None and as_of != state.commit:
                raise Overtaken
            return operation(state, act, *arguments, **named)

        return self._store.commit(run, check_administrator_left)

    def _impact(
        self,
        operation: Callable[Concatenate[State, Act, P], Outcome[T]],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> Impact:
        """What an operation would change in who has which access, and what would refuse it."""
        from store.access.comparing import impact_of

        state, act = self._state, self._act()
        changes = operation(state, act, *arguments, **named).changes
        check_administrator_left(state.changed(changes))
        return impact_of(state, changes)

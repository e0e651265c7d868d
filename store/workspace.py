"""The facade: everything that a screen or a request can do is one method of `Workspace`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from store.actors import find_actor, find_actor_by_login
from store.minting import Mint
from store.persistence.store import Outcome, Store
from store.rules import Act, acting_member, check_administrator_left, limit_reached
from store.state import State
from store.terms import PENDING
from store.times import Clock, system_clock, to_text
from store.user_listing import Query, Selection, UserListing
from store.views import (
    GroupName,
    UserDetails,
    UserRow,
    Viewer,
    WorkspaceSummary,
    choosable_groups,
    user_details,
    user_row,
)

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.models import Settings
    from store.operations.invitations import InvitationLink, Invitee
    from store.operations.users import Affected, UserEdit
    from store.operations.workspace_settings import FirstStart, SettingsEdit

T = TypeVar("T")
P = ParamSpec("P")


class Workspace:
    """A workspace, seen and changed in the name of one member.

    Every method that changes something raises `StoreReadOnly`, `StoreBusy` or `StoreFailed` where
    the store cannot take it, and `AccessEnded` where the actor was removed or suspended; beyond
    these, what the operation of the same name says.

    Args:
        store: The store.
        actor: The id of the member.
        clock: What time it is.
        mint: Where ids and tokens come from.
    """

    def __init__(
        self, store: Store, actor: str, *, clock: Clock = system_clock, mint: Mint | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._mint = mint or Mint()
        self._users = UserListing()
        self._viewed_by: tuple[State, Viewer] | None = None
        self.actor = actor

    @classmethod
    def create(
        cls, path: Path, first: FirstStart, *, clock: Clock = system_clock, mint: Mint | None = None
    ) -> Workspace:
        """Make a workspace in a folder, in the name of its creator.

        Raises:
            InvalidInput: A value has the wrong shape.
            AlreadyExists: There is one already.
            StoreFailed: It could not be written.
        """
        from store.operations.workspace_settings import create_workspace

        mint = mint or Mint()
        creator, *ids = mint.new_ids(5)
        changes, entry = create_workspace(Act(creator, to_text(clock())), first, ids)
        return cls(Store.create(path, changes, entry), creator, clock=clock, mint=mint)

    @classmethod
    def open(
        cls,
        store: Store,
        *,
        who: str = "",
        login: str = "",
        clock: Clock = system_clock,
        mint: Mint | None = None,
    ) -> Workspace:
        """The workspace in the name of whom an email or id names, or else of the login name's user.

        Raises:
            NotFound: That is nobody.
            NotAllowed: That is a service account, or somebody suspended.
        """
        actor = find_actor(store.state, who) if who else find_actor_by_login(store.state, login)
        return cls(store, actor, clock=clock, mint=mint)

    # Reading

    @property
    def path(self) -> Path:
        """The store's folder."""
        return self._store.path

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, or ""."""
        return self._store.read_only_reason

    @property
    def commit(self) -> int:
        """The number of the commit that is shown; it grows with every change."""
        return self._store.state.commit

    @property
    def is_administrator(self) -> bool:
        """Whether the actor may administer."""
        return self._store.state.is_administrator(self.actor)

    def refresh(self) -> bool:
        """Load what others have committed, and see that the actor still has access.

        Returns:
            Whether there was anything new.

        Raises:
            AccessEnded: The actor was removed or suspended.
            StoreUnreadable: The store is gone or damaged.
        """
        is_new = self._store.refresh()
        acting_member(self._store.state, self.actor)
        return is_new

    def summary(self) -> WorkspaceSummary:
        """The workspace's name, and its users against their limit."""
        state = self._store.state
        settings = state.settings
        return WorkspaceSummary(settings["name"], state.user_count, settings.get("user_limit"))

    def settings(self) -> Settings:
        """The workspace's settings."""
        from store.models import Settings

        return Settings.of(self._store.state.settings)

    def now(self) -> str:
        """The time, as the store writes it."""
        return to_text(self._clock())

    def list_users(self, query: Query) -> Selection:
        """The ids of the living users that match, in order. Takes a while in a large workspace."""
        return self._users.select(self._store.state, self._viewer, query)

    def prepare_filter(self) -> None:
        """Work out what the first filter of users will need."""
        self._users.prepare(self._store.state, self._viewer)

    def user_row(self, user: str) -> UserRow:
        """A user's line in the table.

        Raises:
            NotFound: There is no such user.
        """
        return user_row(self._store.state, self._viewer, user)

    def user_details(self, user: str) -> UserDetails:
        """All that the actor may see of a user.

        Raises:
            NotFound: There is no such user.
        """
        return user_details(self._store.state, self._viewer, user)

    def choosable_groups(self) -> tuple[GroupName, ...]:
        """The groups that members can be put into: all but `Users`."""
        return choosable_groups(self._store.state)

    def invite_refusal(self) -> str:
        """Why nobody can be invited now, or ""."""
        if self.read_only_reason:
            return self.read_only_reason
        if not self.is_administrator:
            return "Only administrators may invite users. Ask a member of Admins."
        return limit_reached(self._store.state)

    def check_invitees(self, text: str) -> list[Invitee]:
        """The addresses of a paste, with what is wrong with each."""
        from store.operations import invitations

        return invitations.check_invitees(self._store.state, self._act(), text)

    def preview_removal(self, users: list[str]) -> list[Affected]:
        """What removing these users would do."""
        from store.operations import users as operations

        return operations.preview_removal(self._store.state, self._act(), users)

    def preview_suspension(self, users: list[str]) -> list[Affected]:
        """What suspending these users would do."""
        from store.operations import users as operations

        return operations.preview_suspension(self._store.state, self._act(), users)

    def activity(self) -> list[dict[str, Any]]:
        """The entries of the activity, newest first; to others than administrators their own.

        Raises:
            StoreUnreadable: They are damaged or cannot be read.
        """
        entries = self._store.newest_activity()
        if self.is_administrator:
            return entries
        return [entry for entry in entries if entry["actor"] == self.actor]

    # Changing

    def activate(self, name: str) -> bool:
        """Make the actor Active at their first sign-in.

        Args:
            name: The name to take where the invitation gave none.

        Returns:
            Whether it was the first.
        """
        user = acting_member(self._store.state, self.actor)
        if user.get("status") != PENDING or self.read_only_reason:
            return False
        from store.operations import invitations

        self._commit(invitations.activate_user, user=self.actor, name=name)
        return True

    def invite_users(self, invitees: list[Invitee], groups: list[str]) -> list[InvitationLink]:
        """Invite all of them as one change, or none."""
        from store.operations import invitations

        return self._commit(
            invitations.invite_users,
            invitees=invitees,
            groups=groups,
            ids=self._mint.new_ids(len(invitees)),
            tokens=self._mint.new_tokens(len(invitees)),
        )

    def send_invitations_again(self, users: list[str]) -> list[InvitationLink]:
        """Make new links for pending users; the old ones end."""
        from store.operations import invitations

        tokens = self._mint.new_tokens(len(users))
        return self._commit(invitations.send_invitations_again, users=users, tokens=tokens)

    def remove_users(self, users: list[str]) -> int:
        """Remove them all, or none. Pending ones are withdrawn.

        Returns:
            How many credentials were revoked.
        """
        from store.operations import users as operations

        return self._commit(operations.remove_users, users=users)

    def suspend_users(self, users: list[str]) -> int:
        """Suspend them all, or none.

        Returns:
            How many were not suspended before.
        """
        from store.operations import users as operations

        return self._commit(operations.suspend_users, users=users)

    def let_users_back_in(self, users: list[str]) -> int:
        """End the suspension of them all.

        Returns:
            How many were suspended before.
        """
        from store.operations import users as operations

        return self._commit(operations.let_users_back_in, users=users)

    def edit_user(self, edit: UserEdit) -> None:
        """Change a user's name, email, login name and groups."""
        from store.operations import users as operations

        self._commit(operations.edit_user, edit=edit)

    def edit_settings(self, edit: SettingsEdit) -> None:
        """Change the workspace's name, limits and server URLs."""
        from store.operations import workspace_settings

        self._commit(workspace_settings.edit_settings, edit=edit)

    @property
    def _viewer(self) -> Viewer:
        # Asked for with every row that is drawn.
        state = self._store.state
        if self._viewed_by is None or self._viewed_by[0] is not state:
            viewer = Viewer(self.actor, state.is_administrator(self.actor))
            self._viewed_by = (state, viewer)
        return self._viewed_by[1]

    def _act(self) -> Act:
        return Act(self.actor, to_text(self._clock()))

    def _commit(
        self,
        operation: Callable[Concatenate[State, Act, P], Outcome[T]],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        act = self._act()

        def run(state: State) -> Outcome[T]:
            acting_member(state, act.actor)
            return operation(state, act, *arguments, **named)

        return self._store.commit(run, check_administrator_left)

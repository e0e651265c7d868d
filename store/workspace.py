"""The facade: everything that a screen or a request can do is one method of `Workspace`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.actors import find_actor, find_actor_by_login
from store.facade.access import AccessMethods
from store.facade.administrator_vaults import AdministratorVaultMethods
from store.facade.credentials import CredentialMethods
from store.facade.invitations import InvitationMethods
from store.facade.profiles import ProfileMethods
from store.facade.service_accounts import ServiceAccountMethods
from store.facade.sessions import SessionMethods
from store.facade.users import UserMethods
from store.minting import Mint
from store.persistence.store import Store
from store.rules import Act, acting_member
from store.times import Clock, system_clock, to_text
from store.views import (
    GroupName,
    WorkspaceSummary,
    choosable_groups,
)

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.models import Settings
    from store.operations.workspace_settings import FirstStart, SettingsEdit


class Workspace(
    UserMethods,
    ServiceAccountMethods,
    CredentialMethods,
    InvitationMethods,
    ProfileMethods,
    SessionMethods,
    AdministratorVaultMethods,
    AccessMethods,
):
    """A workspace, seen and changed in the name of one member.

    Every method raises `AccessEnded` where the actor was removed or suspended, but for those of
    signing in, which are in nobody's name, and what tells nothing of the workspace. Every method
    that changes something raises `StoreReadOnly`, `StoreBusy` or `StoreFailed` where the store
    cannot take it; beyond these, what the operation of the same name says.

    Args:
        store: The store.
        actor: The id of the member.
        clock: What time it is.
        mint: Where ids and tokens come from.
        is_impersonated: Whether another acts in the member's name. Then it is seen as by a plain
            user, whatever the member may do, and nothing can be changed.
    """

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
    def commit(self) -> int:
        """The number of the commit that is shown; it grows with every change."""
        return self._store.state.commit

    @property
    def version(self) -> tuple[int, int]:
        """What is shown: numbers of the commit and of sign-ins; either grows with its news."""
        return self.commit, self._store.usage.number + self._store.refusals.number

    def refresh(self) -> bool:
        """Load what other processes have written, and see that the actor still has access.

        Returns:
            Whether there was anything new.

        Raises:
            AccessEnded: The actor was removed or suspended.
            StoreUnreadable: The store is gone or damaged.
        """
        is_new = self._store.refresh()
        is_used = self._store.usage.refresh()
        is_refused = self._store.refusals.refresh()
        acting_member(self._store.state, self.actor)
        return is_new or is_used or is_refused

    def close(self) -> None:
        """Write what was noted of sign-ins, and let go of the store's files."""
        self._store.close()

    def summary(self) -> WorkspaceSummary:
        """The workspace's name, and its members against their limits."""
        state = self._state
        settings = state.settings
        return WorkspaceSummary(
            settings["name"],
            state.user_count,
            settings.get("user_limit"),
            state.service_account_count,
            settings.get("service_account_limit"),
        )

    def settings(self) -> Settings:
        """The workspace's settings."""
        from store.models import Settings

        return Settings.of(self._state.settings)

    def choosable_groups(self) -> tuple[GroupName, ...]:
        """The groups that members can be put into: all but `Users`."""
        return choosable_groups(self._state)

    def activity(self) -> list[dict[str, Any]]:
        """The entries of the activity, newest first; to others than administrators their own.

        Raises:
            StoreUnreadable: They are damaged or cannot be read.
        """
        sees_all = self.is_administrator
        entries = self._store.newest_activity()
        if sees_all:
            return entries
        return [entry for entry in entries if entry["actor"] == self.actor]

    # Changing

    def edit_settings(self, edit: SettingsEdit) -> None:
        """Change the workspace's name, limits and server URLs."""
        from store.operations import workspace_settings

        self._commit(workspace_settings.edit_settings, edit=edit)

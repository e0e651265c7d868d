"""The facade's part on users (SPEC, Rules, Users)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.facade.base import Facade
from store.listing import Listing, Query, Selection
from store.minting import Mint
from store.persistence.store import Store
from store.rules import acting_member, limit_reached
from store.terms import PENDING, USERS_TABLE
from store.times import Clock, system_clock
from store.user_listing import ListedUsers
from store.views import UserDetails, UserRow, called, user_details, user_row

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.access.powers import Power
    from store.operations.invitations import InvitationLink, Invitee
    from store.operations.removals import Taken
    from store.operations.users import Affected, UserEdit


class UserMethods(Facade):
    """What can be asked of and done to users."""

    def __init__(
        self,
        store: Store,
        actor: str,
        *,
        clock: Clock = system_clock,
        mint: Mint | None = None,
        is_impersonated: bool = False,
    ) -> None:
        super().__init__(store, actor, clock=clock, mint=mint, is_impersonated=is_impersonated)
        self._users = Listing(ListedUsers())

    # Reading

    def list_users(self, query: Query) -> Selection:
        """The ids of the living users that match, in order. Takes a while in a large workspace."""
        return self._users.select(self._look(), query)

    def prepare_filter(self) -> None:
        """Work out what the first filter of users will need."""
        self._users.prepare(self._look())

    def user_row(self, user: str) -> UserRow:
        """A user's line in the table.

        Raises:
            NotFound: There is no such user.
        """
        return user_row(self._state, self._viewer, user)

    def user_details(self, user: str) -> UserDetails:
        """All that the actor may see of a user.

        Raises:
            NotFound: There is no such user.
        """
        return user_details(self._state, self._usage, self._viewer, user, self.now())

    @property
    def actor_called(self) -> str:
        """What the actor, who has to be a user, is called."""
        user = self._state.find(USERS_TABLE, self.actor, what="user")
        return called(user, self._viewer)

    def invite_refusal(self) -> str:
        """Why nobody can be invited now, or ""."""
        state = self._state
        if self.read_only_reason:
            return self.read_only_reason
        if not self.is_administrator:
            return "Only administrators may invite users. Ask a member of Admins."
        return limit_reached(state)

    def check_invitees(self, text: str) -> list[Invitee]:
        """The addresses of a paste, with what is wrong with each."""
        from store.operations import invitations

        return invitations.check_invitees(self._state, self._act(), text)

    def preview_removal(self, users: list[str]) -> list[Affected]:
        """What removing these users would do."""
        from store.operations import users as operations

        return operations.preview_removal(self._state, self._act(), users)

    def preview_suspension(self, users: list[str]) -> list[Affected]:
        """What suspending these users would do."""
        from store.operations import users as operations

        return operations.preview_suspension(self._state, self._act(), users)

    def taken_with(self, members: list[str]) -> Taken:
        """What is taken away with members, users or service accounts, that are removed."""
        from store.operations import removals as operations

        return operations.taken_with(self._state, self._act(), self._usage, members)

    def powers_of(self, members: list[str]) -> tuple[Power, ...]:
        """The powers that one of these members has, or has again once they are let back in."""
        from store.access.powers import powers_once_back

        return powers_once_back(self._state, members)

    def powers_of_groups(self, groups: Sequence[str]) -> tuple[Power, ...]:
        """The powers that whoever joins these groups comes by."""
        from store.access.powers import powers_of_groups

        return powers_of_groups(self._state, groups)

    # Changing

    def activate(self, name: str) -> bool:
        """Make the actor Active at their first sign-in.

        Args:
            name: The name to take where the invitation gave none.

        Returns:
            Whether it was the first.
        """
        user = acting_member(self._state, self.actor)
        if user.get("status") != PENDING or self.read_only_reason:
            return False
        from store.operations import invitations

        self._commit(invitations.activate_user, user=self.actor, name=name)
        return True

    @property
    def is_pending(self) -> bool:
        """Whether the actor is a user who has not joined yet."""
        return acting_member(self._state, self.actor).get("status") == PENDING

    def join(self) -> bool:
        """Make the actor Active at their first sign-in, called by the email where nameless.

        Returns:
            Whether it was the first.
        """
        user = acting_member(self._state, self.actor)
        return self.activate(user.get("name") or str(user.get("email")).partition("@")[0])

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

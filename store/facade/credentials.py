"""The facade's part on credentials (SPEC, Rules, Credentials)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from store.errors import NotAllowed, WorkspaceError
from store.facade.issuing import Issuing
from store.rules import check_may_make_credentials, check_place_for_credential

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.configuration import Configuration
    from store.credential_views import CredentialRow, IssuedCredential
    from store.operations.check import Finding
    from store.operations.credentials import CredentialEdit, EditedCredential


class CredentialMethods(Issuing):
    """What can be asked of and done to credentials."""

    def own_credentials(self) -> tuple[CredentialRow, ...]:
        """The actor's credentials that were not revoked, oldest first."""
        from store.credential_views import credential_rows

        return credential_rows(self._state, self._usage, self.actor, self.now())

    def credentials_of(self, member: str) -> tuple[CredentialRow, ...]:
        """A member's credentials that were not revoked, oldest first.

        Raises:
            NotAllowed: They are another's, and the actor is no administrator.
        """
        from store.credential_views import credential_rows

        if member != self.actor and not self.is_administrator:
            raise NotAllowed("Only administrators may see the credentials of others.")
        return credential_rows(self._state, self._usage, member, self.now())

    def create_refusal(self, member: str) -> str:
        """Why the actor may make no credential for that member now, or ""."""
        state = self._state
        if self.read_only_reason:
            return self.read_only_reason
        try:
            check_may_make_credentials(state, self.actor, member)
            check_place_for_credential(state, member, self.now())
        except WorkspaceError as error:
            return error.message
        return ""

    def create_credentials(
        self, member: str, label: str = "", *, life: timedelta | None = None
    ) -> IssuedCredential:
        """Make a credential for a member; the secret key is in what this returns, and nowhere else.

        Args:
            member: The id of the member.
            label: Its label; "" for the usual one.
            life: How long it is good; None for without end.
        """
        from store.operations import credentials as operations

        return self._issue(operations.create_credentials, member=member, label=label, life=life)

    def configuration_of(self, issued: IssuedCredential) -> Configuration:
        """What a client is given to sign in with a credential that was just made."""
        from store import configuration
        from store.models import Settings

        return configuration.configuration_of(Settings.of(self._state.settings), issued)

    def check_configuration(self, text: str) -> list[Finding]:
        """What is to be said of a configuration that somebody has; nothing of it is kept.

        May take a while, and raises what the operation of the same name says.
        """
        from store.operations import check

        return check.check_configuration(self._state, self._act(), text=text)

    def edit_credential(self, edit: CredentialEdit) -> EditedCredential:
        """Change a credential's label and expiry; says what it is then."""
        from store.operations import credentials as operations

        return self._commit(operations.edit_credential, edit=edit)

    def rotate_credential(self, access_key: str, grace: timedelta) -> IssuedCredential:
        """Make a new credential in place of one that ends after the grace period."""
        from store.operations import credentials as operations

        return self._issue(operations.rotate_credential, access_key=access_key, grace=grace)

    def cancel_rotation(self, access_key: str) -> None:
        """Give a credential that is being rotated its former expiry back."""
        from store.operations import credentials as operations

        self._commit(operations.cancel_rotation, access_key=access_key)

    def suspend_credentials(self, keys: list[str]) -> int:
        """Suspend them all, or none.

        Returns:
            How many were not suspended before.
        """
        from store.operations import credentials as operations

        return self._commit(operations.suspend_credentials, keys=keys)

    def let_credentials_back_in(self, keys: list[str]) -> int:
        """End the suspension of them all.

        Returns:
            How many were suspended before.
        """
        from store.operations import credentials as operations

        return self._commit(operations.let_credentials_back_in, keys=keys)

    def revoke_credentials(self, keys: list[str]) -> int:
        """Revoke them all, or none, for ever.

        Returns:
            How many were revoked.
        """
        from store.operations import credentials as operations

        return self._commit(operations.revoke_credentials, keys=keys)

"""The facade's part on service accounts (SPEC, Rules, Service accounts)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store.facade.issuing import Issuing
from store.listing import Listing, Query, Selection
from store.rules import service_account_limit_reached
from store.terms import ADMINS
from store.views import GroupName, choosable_groups

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.credential_views import IssuedCredential
    from store.operations.service_accounts import AffectedServiceAccount, ServiceAccountEdit
    from store.service_account_views import ServiceAccountDetails, ServiceAccountRow


class ServiceAccountMethods(Issuing):
    """What can be asked of and done to service accounts."""

    @cached_property
    def _service_accounts(self) -> Listing:
        from store.service_account_listing import ListedServiceAccounts

        return Listing(ListedServiceAccounts())

    # Reading

    def list_service_accounts(self, query: Query) -> Selection:
        """The ids of the living service accounts that match, in order."""
        return self._service_accounts.select(self._look(), query)

    def prepare_service_account_filter(self) -> None:
        """Work out what the first filter of service accounts will need."""
        self._service_accounts.prepare(self._look())

    def service_account_row(self, account: str) -> ServiceAccountRow:
        """A service account's line in the table.

        Raises:
            NotFound: There is no such service account.
        """
        from store.service_account_views import service_account_row

        return service_account_row(self._state, self._usage, self._viewer, account, self.now())

    def service_account_details(self, account: str) -> ServiceAccountDetails:
        """All that the actor may see of a service account.

        Raises:
            NotFound: There is no such service account.
        """
        from store.service_account_views import service_account_details

        return service_account_details(self._state, self._usage, self._viewer, account, self.now())

    def add_refusal(self) -> str:
        """Why no service account can be added now, or ""."""
        state = self._state
        if self.read_only_reason:
            return self.read_only_reason
        if not self.is_administrator:
            return "Only administrators may add service accounts. Ask a member of Admins."
        return service_account_limit_reached(state)

    def groups_for_service_accounts(self) -> tuple[GroupName, ...]:
        """The groups that service accounts can be put into: neither `Users` nor `Admins`."""
        groups = choosable_groups(self._state)
        return tuple(group for group in groups if group.preset != ADMINS)

    def preview_deletion(self, accounts: list[str]) -> list[AffectedServiceAccount]:
        """What deleting these service accounts would do."""
        from store.operations import service_accounts as operations

        return operations.preview_deletion(self._state, self._act(), self._usage, accounts)

    def preview_service_account_suspension(
        self, accounts: list[str]
    ) -> list[AffectedServiceAccount]:
        """What suspending these service accounts would do."""
        from store.operations import service_accounts as operations

        return operations.preview_service_account_suspension(
            self._state, self._act(), self._usage, accounts
        )

    # Changing

    def add_service_account(self, name: str, allow_impersonation: bool) -> IssuedCredential:
        """Add a service account with a first credential; its secret key is in what this returns."""
        from store.operations import service_accounts as operations

        return self._issue(
            operations.add_service_account,
            account=self._mint.new_id(),
            name=name,
            allow_impersonation=allow_impersonation,
        )

    def edit_service_account(self, edit: ServiceAccountEdit) -> None:
        """Change a service account's name, its right to impersonate, and its groups."""
        from store.operations import service_accounts as operations

        self._commit(operations.edit_service_account, edit=edit)

    def delete_service_accounts(self, accounts: list[str]) -> int:
        """Delete them all, or none.

        Returns:
            How many credentials were revoked.
        """
        from store.operations import service_accounts as operations

        return self._commit(operations.delete_service_accounts, accounts=accounts)

    def suspend_service_accounts(self, accounts: list[str]) -> int:
        """Suspend them all, or none.

        Returns:
            How many were not suspended before.
        """
        from store.operations import service_accounts as operations

        return self._commit(operations.suspend_service_accounts, accounts=accounts)

    def let_service_accounts_back_in(self, accounts: list[str]) -> int:
        """End the suspension of them all.

        Returns:
            How many were suspended before.
        """
        from store.operations import service_accounts as operations

        return self._commit(operations.let_service_accounts_back_in, accounts=accounts)

"""The facade's part on administrator vaults (SPEC, Rules, Vaults)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store.facade.vaults import VaultMethods
from store.listing import Listing, Query, Selection
from store.rules import require_administrator
from store.terms import GROUPS_TABLE
from store.views import GroupName, groups_named

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.operations.administrator_vaults import (
        AdministratorVaultEdit,
        AffectedVault,
        VaultMove,
    )
    from store.vault_views import AdministratorVaultDetails, AdministratorVaultRow
    from store.vaults.formats import Format


class AdministratorVaultMethods(VaultMethods):
    """What can be asked of and done to administrator vaults; of their texts, see above."""

    @cached_property
    def _administrator_vaults(self) -> Listing:
        from store.vault_listing import ListedAdministratorVaults

        return Listing(ListedAdministratorVaults())

    # Reading

    def list_administrator_vaults(self, query: Query) -> Selection:
        """The ids of the vaults that match, in order; to others those applied to them alone."""
        return self._administrator_vaults.select(self._look(), query)

    def administrator_vault_count(self) -> int:
        """How many administrator vaults the actor may see."""
        from store.vault_reach import visible_administrator_vaults

        return len(visible_administrator_vaults(self._state, self._viewer))

    def administrator_vault_row(self, vault: str) -> AdministratorVaultRow:
        """An administrator vault's line in the table.

        Raises:
            NotFound: There is no such vault.
            NotAllowed: It is not applied to the actor, who is no administrator.
        """
        from store.vault_views import administrator_vault_row

        return administrator_vault_row(self._state, self._viewer, vault)

    def administrator_vault_details(self, vault: str) -> AdministratorVaultDetails:
        """All that the actor may see of an administrator vault.

        Raises:
            NotFound: There is no such vault.
            NotAllowed: It is not applied to the actor, who is no administrator.
        """
        from store.vault_views import administrator_vault_details

        return self._detailing(
            lambda state: administrator_vault_details(
                state, self._viewer, self._store.vault_text, vault
            )
        )

    def groups_for_vaults(self) -> tuple[GroupName, ...]:
        """The groups that administrator vaults can apply to: all, `Users` first."""
        state = self._state
        return groups_named(state, state.table(GROUPS_TABLE))

    def preview_vault_deletion(self, vaults: list[str]) -> list[AffectedVault]:
        """What deleting these administrator vaults would do."""
        from store.operations import administrator_vaults as operations

        return operations.preview_vault_deletion(self._state, self._act(), vaults)

    # Changing

    def add_administrator_vault(
        self,
        name: str,
        groups: list[str],
        text: str = "",
        format: Format = "hocon",  # noqa: A002
        enabled: bool = False,
    ) -> str:
        """Add an administrator vault. A text is checked first, which may take a while.

        Args:
            name: Its name.
            groups: The ids of the groups that it applies to.
            text: Its text.
            format: The format of the text.
            enabled: Whether clients get it.

        Returns:
            Its id.
        """
        from store.operations import administrator_vaults as operations
        from store.operations.vault_texts import good_text

        require_administrator(self._state, self.actor, "add administrator vaults")
        vault = self._mint.new_id()
        self._commit(
            operations.add_administrator_vault,
            vault=vault,
            name=name,
            groups=groups,
            good=good_text(text, format),
            enabled=enabled,
        )
        return vault

    def edit_administrator_vault(
        self, vault: str, revision: int, name: str, groups: list[str]
    ) -> None:
        """Change the name and the groups of an administrator vault."""
        from store.operations import administrator_vaults as operations

        self._commit(
            operations.edit_administrator_vault,
            vault=vault,
            revision=revision,
            name=name,
            groups=groups,
        )

    def save_administrator_vault(self, edit: AdministratorVaultEdit) -> None:
        """Save a vault's text, which is checked first; that may take a while."""
        from store.operations import administrator_vaults as operations
        from store.operations.vault_texts import good_text

        require_administrator(self._state, self.actor, "edit administrator vaults")
        good = good_text(edit.text, edit.format)
        self._commit(operations.save_administrator_vault, edit=edit, good=good)

    def move_administrator_vault(self, move: VaultMove) -> None:
        """Have a vault folded before the one that is before it now, or after the next one."""
        from store.operations import administrator_vaults as operations

        self._commit(operations.move_administrator_vault, move=move)

    def set_administrator_vaults_enabled(self, vaults: list[str], enabled: bool) -> int:
        """Let clients get all of these vaults, or none of them.

        Returns:
            How many were not so before.
        """
        from store.operations import administrator_vaults as operations

        return self._commit(
            operations.set_administrator_vaults_enabled, vaults=vaults, enabled=enabled
        )

    def delete_administrator_vaults(self, vaults: list[str]) -> int:
        """Delete them all, or none.

        Returns:
            How many were deleted.
        """
        from store.operations import administrator_vaults as operations

        return self._commit(operations.delete_administrator_vaults, vaults=vaults)

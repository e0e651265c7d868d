"""The facade's part on vaults, members' own above all (SPEC, Rules, Vaults)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from store.errors import NotFound, StoreUnreadable
from store.facade.base import Facade
from store.state import State

# The operations make models, and what makes models is imported when one is first made: the first
# screen shows documents alone.
if TYPE_CHECKING:
    from store.effective_configuration import EffectiveConfiguration
    from store.operations.vaults import VaultEdit
    from store.vault_views import (
        AdministratorVaultDetails,
        FormerText,
        VaultDetails,
        VaultLayer,
    )

T = TypeVar("T")
D = TypeVar("D", "VaultDetails", "AdministratorVaultDetails")


class VaultMethods(Facade):
    """What can be asked of and done to the vaults of members, and of the texts of all vaults."""

    # Reading

    def vault_details(self, member: str) -> VaultDetails:
        """A member's vault, be there one or not, and the administrator vaults applied to it.

        Raises:
            NotAllowed: The actor is neither an administrator nor the member.
            NotFound: There is no such member.
        """
        from store.vault_views import vault_details

        return self._detailing(
            lambda state: vault_details(state, self._viewer, self._store.vault_text, member)
        )

    def vault_refusal(self, member: str) -> str:
        """Why the actor may not change the member's vault now, or ""."""
        from store.vault_views import edit_refusal

        state = self._state
        return self.read_only_reason or edit_refusal(state, self.actor, member)

    def layers_of(self, member: str) -> tuple[VaultLayer, ...]:
        """The vaults that a member's clients get, in the order in which they are folded.

        Raises:
            NotAllowed: The actor is neither an administrator nor the member.
            NotFound: There is no such member.
            StoreUnreadable: The text of one of them cannot be read.
        """
        from store.vault_contents import layers_of

        return self._reading(
            lambda state: layers_of(state, self._viewer, self._store.vault_text, member)
        )

    def effective_configuration(
        self, member: str, base_text: str | None = None
    ) -> EffectiveConfiguration:
        """What a member's clients end up with, and of which vault each value is.

        Takes a while where vaults are read for the first time; see `store.parsing.under_way`.

        Args:
            member: The id of the member.
            base_text: The text of the `clearml.conf` that the vaults are folded over, if any.

        Raises:
            NotAllowed: The actor is neither an administrator nor the member.
            NotFound: There is no such member.
            InvalidInput: The `clearml.conf` cannot be read; its field is `base_text`.
            StoreUnreadable: The text of one of the vaults cannot be read.
        """
        from store.effective_configuration import effective_configuration

        return effective_configuration(self.layers_of(member), base_text)

    def vault_history(self, vault: str) -> tuple[FormerText, ...]:
        """The texts that a vault of either kind has and had, the present one first.

        Raises:
            NotAllowed: The actor is no administrator, and it is not their own.
            NotFound: There is no such vault.
            StoreUnreadable: The list of them cannot be read.
        """
        from store.vault_contents import former_texts, vault_whose_texts_may_be_seen

        state, viewer = self._state, self._viewer
        document = vault_whose_texts_may_be_seen(state, viewer, vault)
        return former_texts(state, viewer, document, self._store.vault_history(document))

    def vault_text_of(self, vault: str, revision: int) -> str:
        """One of the texts that a vault of either kind has and had.

        Args:
            vault: The id of the vault.
            revision: The how-manieth text it is, as its history says.

        Raises:
            NotAllowed: The actor is no administrator, and it is not their own.
            NotFound: There is no such vault, or the text is not kept any more.
            StoreUnreadable: The text cannot be read.
        """
        return self._reading(lambda state: self._former_text(state, vault, revision))

    def _former_text(self, state: State, vault: str, revision: int) -> str:
        from store.vault_contents import vault_whose_texts_may_be_seen
        from store.vault_views import vault_called

        document = vault_whose_texts_may_be_seen(state, self._viewer, vault)
        called = vault_called(state, document)
        for record in self._store.vault_history(document):
            if record.number == revision:
                what = f"Text {revision:,} of {called}"
                return self._store.vault_text(record.digest, what=what)
        raise NotFound(f"Text {revision:,} of {called} is not kept any more.")

    # Changing

    def save_vault(self, edit: VaultEdit) -> None:
        """Save a member's vault. Its text is checked first, which may take a while."""
        from store.operations import vaults as operations
        from store.operations.vault_texts import good_text
        from store.rules import check_may_edit_vault

        # Or whoever may not save could keep the machine busy.
        check_may_edit_vault(self._state, self.actor, edit.member)
        good = good_text(edit.text, edit.format)
        self._commit(operations.save_vault, edit=edit, good=good, vault=self._mint.new_id())

    def set_vault_enabled(self, member: str, enabled: bool, revision: int, vault: str) -> None:
        """Let clients get a member's vault, or not."""
        from store.operations import vaults as operations

        self._commit(
            operations.set_vault_enabled,
            member=member,
            enabled=enabled,
            revision=revision,
            vault=vault,
        )

    def purge_history(self, vault: str) -> int:
        """Erase the former texts of a vault of either kind; the present one stays.

        Of a vault that was deleted, or went with its member, administrators erase all texts.

        Returns:
            How many of its texts were erased from the disk: those that no other vault has or had.
        """
        from store.operations.vault_history import purge_history

        self._commit(purge_history, vault=vault)
        return self._store.erase_unused_texts(vault)

    def _detailing(self, view: Callable[[State], D]) -> D:
        """What a view gives; where it lacks a text, of the newest state."""
        details = view(self._state)
        if details.problem and self._store.refresh():
            return view(self._state)
        return details

    def _reading(self, view: Callable[[State], T]) -> T:
        """What a view gives; where a text was erased since the state was read, of the newest."""
        try:
            return view(self._state)
        except StoreUnreadable:
            if not self._store.refresh():
                raise
            return view(self._state)

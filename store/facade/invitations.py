"""The facade's part on the links of invitations (SPEC, Rules, Users)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.facade.issuing import Issuing
from store.minting import hash_of_token

if TYPE_CHECKING:
    from store.credential_views import IssuedCredential
    from store.invitation_links import OpenedLink


class InvitationMethods(Issuing):
    """What can be asked and done with the link of an invitation."""

    def opened_link(self, token: str) -> OpenedLink:
        """What somebody is told who opens a link; by what is known of the store.

        Takes a while in a large workspace that was just loaded.

        Args:
            token: What was given as the token of the link. It is kept nowhere.

        Raises:
            StoreUnreadable: A document is damaged.
        """
        from store.invitation_links import opened_link

        return opened_link(self._store.state, token, self.now())

    def join_by_link(self, token: str, name: str) -> IssuedCredential:
        """Make the actor Active, who has opened their link, and give them their first credential.

        Args:
            token: The token of the link.
            name: The name to be called by; "" for the one that the invitation gave.
        """
        from store.operations import invitations

        token_hash = hash_of_token(token)
        return self._issue(invitations.join_by_link, token_hash=token_hash, name=name)

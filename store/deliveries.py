"""What the clients of members get of their vaults, kept at hand (API: `users.get_vaults`).

Every sign-in asks for the same few texts again. Each is read once; what is kept goes by the hash of
the text, so it is never out of date. What clients get of a format that they cannot read was worked
out when the text was saved, and lies beside it. Where it does not, as in stores of former times, it
is worked out here.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from store.errors import StoreUnreadable
from store.kept import Kept
from store.persistence.store import Store
from store.rules import living_member
from store.state import DAMAGE, State, damaged
from store.terms import OWN_VAULT, Document
from store.vault_reach import enabled_vaults_for
from store.vault_views import check_whole, text_of
from store.vaults.formats import Format

# So many bytes of texts are kept at hand: those that were asked for last.
MOST_BYTES = 64 * 1024 * 1024

# A client asks again rather than wait longer for what a busy machine does not get done, in seconds.
_PATIENCE = 10.0

_Key = tuple[str, Format]


@dataclass(frozen=True)
class DeliveredVault:
    """An enabled vault as clients get it.

    Attributes:
        id: The id of the vault.
        name: What it is called.
        is_own: Whether it is the member's own, and not an administrator vault.
        data: HOCON, or JSON that clients read as HOCON.
    """

    id: str
    name: str
    is_own: bool
    data: str


class Deliveries:
    """The vaults of a store's members as clients get them.

    Args:
        store: The store.
        most_bytes: How much is kept at hand.
    """

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._texts: Kept[_Key, str] = Kept(most_bytes)
        # One text at a time is worked out: at a start, many clients ask for the same.
        self._working = threading.Lock()

    def at_hand(self, member: str) -> tuple[DeliveredVault, ...] | None:
        """The vaults that a member's clients get, in order; None where a text is not at hand.

        Raises:
            NotFound: There is no such member.
            StoreUnreadable: A document is damaged.
        """
        state = self._store.state
        found = [(vault, self._known(vault)) for vault in _vaults_for(state, member)]
        delivered = [_delivered(vault, text) for vault, text in found if text is not None]
        return tuple(delivered) if len(delivered) == len(found) else None

    def fetched(self, member: str) -> tuple[DeliveredVault, ...]:
        """The same, after the texts were read; that takes a while.

        Raises:
            NotFound: There is no such member.
            StoreUnreadable: A document is damaged, or a text cannot be read or worked out now.
        """
        state = self._store.state
        vaults = _vaults_for(state, member)
        return tuple(_delivered(vault, self._text(state, vault)) for vault in vaults)

    def _known(self, vault: Document) -> str | None:
        return self._texts.get(_key(vault))

    def _text(self, state: State, vault: Document) -> str:
        known = self._known(vault)
        if known is None:
            known = self._kept(state, vault)
            if known is None:
                known = self._worked_out(state, vault)
            self._texts.keep(_key(vault), known, len(known))
        return known

    def _kept(self, state: State, vault: Document) -> str | None:
        """What is on the disk as clients get it."""
        if vault["format"] == "hocon":
            return text_of(state, self._store.vault_text, vault)
        return self._store.vault_form(*_key(vault))

    def _worked_out(self, state: State, vault: Document) -> str:
        with self._working:
            known = self._known(vault)
            if known is not None:
                return known
            text = text_of(state, self._store.vault_text, vault)
            return _as_clients_read(text, vault["format"], vault)


def _key(vault: Document) -> _Key:
    return vault["text_hash"], vault["format"]


def _vaults_for(state: State, member: str) -> list[Document]:
    living_member(state, member)
    vaults = enabled_vaults_for(state, member)
    own = state.vault_of(member)
    try:
        if own is not None and own["enabled"]:
            vaults.append(own)
        for vault in vaults:
            check_whole(vault)
    except DAMAGE as error:
        raise damaged("the vaults", f"of {member}", error) from error
    return vaults


def _delivered(vault: Document, text: str) -> DeliveredVault:
    return DeliveredVault(vault["id"], vault.get("name", OWN_VAULT), "member" in vault, text)


def _as_clients_read(text: str, format: Format, vault: Document) -> str:  # noqa: A002
    from store.operations.vault_texts import first_error
    from store.parsing.apart import Limits
    from store.vaults.checking import check_vault_text
    from store.vaults.delivering import delivered

    checked = check_vault_text(text, format, Limits(patience=_PATIENCE))
    if checked.tree is None:
        # It was good when it was saved; what is good may have become less since.
        raise StoreUnreadable(
            f"The text of the vault {vault['id']} cannot be delivered. {first_error(checked)}"
        )
    return delivered(text, format, checked.tree)

"""What the clients of members get of their vaults, kept at hand (API: `users.get_vaults`).

Every sign-in asks for the same few texts again. Each is read, and where clients cannot read its
format worked out, once; what is kept goes by the hash of the text, so it is never out of date.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from store.errors import StoreUnreadable
from store.persistence.store import Store
from store.rules import living_member
from store.state import DAMAGE, State, damaged
from store.terms import OWN_VAULT, Document
from store.vault_reach import enabled_vaults_for
from store.vault_views import check_whole, text_of
from store.vaults.formats import Format

# So many bytes of texts are kept at hand: those that were asked for last.
MOST_BYTES = 64 * 1024 * 1024

_Key = tuple[str, str]


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
        self._most_bytes = most_bytes
        self._texts: OrderedDict[_Key, str] = OrderedDict()
        self._bytes = 0
        self._mutex = threading.Lock()
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
        key = (vault["text_hash"], vault["format"])
        with self._mutex:
            text = self._texts.get(key)
            if text is not None:
                self._texts.move_to_end(key)
            return text

    def _text(self, state: State, vault: Document) -> str:
        known = self._known(vault)
        if known is not None:
            return known
        with self._working:
            known = self._known(vault)
            if known is not None:
                return known
            text = text_of(state, self._store.vault_text, vault)
            worked_out = _as_clients_read(text, vault["format"], vault)
            self._keep((vault["text_hash"], vault["format"]), worked_out)
        return worked_out

    def _keep(self, key: _Key, text: str) -> None:
        with self._mutex:
            self._texts[key] = text
            self._bytes += len(text)
            while self._bytes > self._most_bytes and len(self._texts) > 1:
                _, oldest = self._texts.popitem(last=False)
                self._bytes -= len(oldest)


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
    if format == "hocon":
        return text
    from store.vaults.checking import check_vault_text
    from store.vaults.delivering import delivered

    checked = check_vault_text(text, format)
    if checked.tree is None:
        # It was good when it was saved: a machine that is too busy gave up reading it.
        raise StoreUnreadable(f"The text of the vault {vault['id']} could not be read in time.")
    return delivered(text, format, checked.tree)

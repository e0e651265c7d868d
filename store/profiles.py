"""Members as other programs look them up, removed ones too: what they own keeps an owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from store.errors import NotFound
from store.state import DAMAGE, State, damaged
from store.terms import SERVICE_ACCOUNTS_TABLE, USERS_TABLE, Document
from store.views import Viewer, called


@dataclass(frozen=True)
class Profile:
    """A member, as far as the viewer may know it.

    Attributes:
        id: The id.
        name: What it is called.
        created_at: When it was invited or made, as far as that is known.
        email: The email; None where there is none, or it may not be seen.
        is_administrator: Whether it may administer; None where that may not be seen.
    """

    id: str
    name: str
    created_at: str | None
    email: str | None
    is_administrator: bool | None


def profile(state: State, viewer: Viewer, key: str) -> Profile:
    """A member, be it removed or not.

    Raises:
        NotFound: There never was one with that id.
        StoreUnreadable: Its document is damaged.
    """
    document = state.find_member(key)
    if document is None:
        raise NotFound(f"There is no member {key} in this workspace.")
    try:
        return _profile(state, viewer, document)
    except DAMAGE as error:
        raise damaged("the members", key, error) from error


def profiles(state: State, viewer: Viewer, keys: Iterable[str] | None = None) -> Iterator[Profile]:
    """Members: those with these ids, removed ones too, or else all that are living.

    Raises:
        StoreUnreadable: The document of one of them is damaged.
    """
    if keys is None:
        keys = [*_living(state, USERS_TABLE), *_living(state, SERVICE_ACCOUNTS_TABLE)]
    known = (key for key in dict.fromkeys(keys) if state.find_member(key) is not None)
    return (profile(state, viewer, key) for key in known)


def _may_administer(state: State, viewer: Viewer, key: str) -> bool:
    # Whoever acts for another does not have what that one may do.
    return viewer.is_administrator if key == viewer.member else state.is_administrator(key)


def _living(state: State, table: str) -> list[str]:
    return [key for key, one in state.table(table).items() if not one.get("removed_at")]


def _profile(state: State, viewer: Viewer, document: Document) -> Profile:
    key = document["id"]
    sees_all = viewer.may_see_all_of(key)
    is_removed = bool(document.get("removed_at"))
    return Profile(
        id=key,
        name=called(document, viewer),
        created_at=document.get("invited_at") or document.get("joined_at"),
        email=document.get("email") if sees_all and not is_removed else None,
        is_administrator=_may_administer(state, viewer, key) if sees_all else None,
    )

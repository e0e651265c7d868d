"""The facade's part on looking members up, as other programs do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from store.facade.base import Facade

if TYPE_CHECKING:
    from store.profiles import Profile


class ProfileMethods(Facade):
    """What can be asked of members of either kind, removed ones too."""

    def profile(self, member: str) -> Profile:
        """A member, as far as the actor may know it.

        Raises:
            NotFound: There never was one with that id.
        """
        from store.profiles import profile

        return profile(self._state, self._viewer, member)

    def profiles(self, members: Iterable[str] | None = None) -> Iterator[Profile]:
        """Members: those with these ids, removed ones too, or else all that are living.

        Each is made when it is asked for; all are of one moment.
        """
        from store.profiles import profiles

        return profiles(self._state, self._viewer, members)

    def profiles_for_all(self) -> Iterator[Profile]:
        """The living members, as each may know the others, whoever asks; all are of one moment."""
        from store.profiles import profiles
        from store.views import Viewer

        return profiles(self._state, Viewer("", is_administrator=False), None)

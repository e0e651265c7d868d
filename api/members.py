"""The members as `users.get_all` answers them: all of them are made once for each commit.

What is asked for is found in a thread, by one caller at a time, who pauses again and again: a
thread that counts through ten thousand keeps all other calls from being answered meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from api.tokens import ADMIN_ROLE, USER_ROLE
from api.turns import Turns
from store.profiles import Profile
from store.state import State
from store.workspace import Workspace

# So many are looked at before others get their turn, for so many seconds at least.
_AT_ONCE, _PAUSE = 250, 0.0005
# By what members can be put in order.
FIELDS = (
    "id",
    "name",
    "given_name",
    "family_name",
    "avatar",
    "created",
    "company",
    "email",
    "role",
)

T = TypeVar("T")

User = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What of the members is asked for.

    Attributes:
        ids: The ids of those that are meant, removed ones too; None for all that are living.
        is_wanted: Whether one of that name is wanted.
        order: The fields that they are put in order by, and whether the other way round.
        first: How many are left out.
        most: How many are answered; None for all others.
        fields: What is told of each, besides the id; None for everything.
    """

    ids: list[str] | None = None
    is_wanted: Callable[[str], object] | None = None
    order: Sequence[tuple[str, bool]] = ()
    first: int = 0
    most: int | None = None
    fields: frozenset[str] | None = None


@dataclass(frozen=True)
class _Made:
    """All living members as somebody may know them.

    Attributes:
        users: What is answered of each.
        texts: The same as JSON.
        places: The place of each among them, by id.
    """

    users: list[User]
    texts: list[bytes]
    places: dict[str, int]


class Members:
    """The members of a workspace that is served.

    Args:
        state: The newest state that is known.
    """

    def __init__(self, state: Callable[[], State]) -> None:
        self._state = state
        self._turns = Turns()
        # Of one state: what was made, by whether it is for administrators.
        self._kept: tuple[State | None, dict[bool, _Made]] = (None, {})

    async def found(self, workspace: Workspace, company: str, asked: Asked) -> orjson.Fragment:
        """The members that are asked for, as JSON.

        Args:
            workspace: The workspace in the caller's name.
            company: The id of the workspace.
            asked: What is asked for.
        """
        return await self._turns.take(self._found, workspace, company, asked)

    def _found(self, workspace: Workspace, company: str, asked: Asked) -> orjson.Fragment:
        if asked.ids is None:
            made = self._seen_by(workspace, company)
        else:
            made = _made(workspace.profiles(asked.ids), company)
        texts = _texts(made, _chosen(made.users, asked), asked)
        return orjson.Fragment(b"[" + b",".join(texts) + b"]")

    def _seen_by(self, workspace: Workspace, company: str) -> _Made:
        state, sees_all = self._state(), workspace.is_administrator
        if self._kept[0] is not state:
            self._kept = (state, {})
        _, kept = self._kept
        made = kept.get(sees_all)
        if made is None:
            profiles = workspace.profiles() if sees_all else workspace.profiles_for_all()
            made = kept[sees_all] = _made(profiles, company)
        place = None if sees_all else made.places.get(workspace.actor)
        if place is None:
            return made
        # Of themselves they know more than others do.
        users, texts = made.users.copy(), made.texts.copy()
        users[place] = shown(workspace.profile(workspace.actor), company)
        texts[place] = orjson.dumps(users[place])
        return _Made(users, texts, made.places)


def shown(profile: Profile, company: str) -> User:
    """What is answered of a member."""
    given_name, _, family_name = profile.name.partition(" ")
    user: User = {
        "id": profile.id,
        "name": profile.name,
        "given_name": given_name,
        "family_name": family_name,
        "avatar": None,
        "created": profile.created_at,
        "company": company,
    }
    if profile.is_administrator is not None:
        user["email"] = profile.email
        user["role"] = ADMIN_ROLE if profile.is_administrator else USER_ROLE
    return user


def _made(profiles: Iterable[Profile], company: str) -> _Made:
    users = [shown(profile, company) for profile in _pausing(profiles)]
    texts = [orjson.dumps(user) for user in _pausing(users)]
    return _Made(users, texts, {user["id"]: place for place, user in enumerate(users)})


def _chosen(users: list[User], asked: Asked) -> Sequence[int]:
    """The places of those that are asked for, in order."""
    chosen: Sequence[int] = range(len(users))
    if asked.is_wanted is not None:
        is_wanted = asked.is_wanted
        chosen = [place for place in _pausing(chosen) if is_wanted(users[place]["name"])]
    for name, is_reversed in reversed(asked.order):
        keys = [str(user.get(name) or "") for user in _pausing(users)]
        chosen = sorted(chosen, key=keys.__getitem__, reverse=is_reversed)
    end = None if asked.most is None else asked.first + asked.most
    return chosen[asked.first : end]


def _texts(made: _Made, chosen: Sequence[int], asked: Asked) -> Iterable[bytes]:
    if asked.fields is None:
        return [made.texts[place] for place in chosen]
    wanted = asked.fields | {"id"}
    users = (made.users[place] for place in _pausing(chosen))
    return [
        orjson.dumps({name: value for name, value in user.items() if name in wanted})
        for user in users
    ]


def _pausing(many: Iterable[T]) -> Iterator[T]:
    """Each of many, with pauses in which other threads get their turn."""
    for number, one in enumerate(many, 1):
        yield one
        if number % _AT_ONCE == 0:
            time.sleep(_PAUSE)

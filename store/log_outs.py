"""Which tokens were logged out (SPEC, Credentials), and what that says of one that is shown.

A token has its own id, and the series that it was given in. Tokens are ended one by one until there
are too many of a credential and of the member in whose name it is used; then all of that series
end, and the next has another number. So what is kept stays small, and nothing brings a token back:
no time is compared, and no number is given twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

# What sessions are made of is imported when there is one: the first screen shows nothing of it.
if TYPE_CHECKING:
    from store.sessions import Session

# So many tokens of a credential, in one member's name, are ended one by one.
MOST_OF_A_SERIES = 32
# Beyond so many ids and numbers, all series of the credential that has the most of them end.
MOST_KEPT = 50_000


@dataclass(frozen=True)
class Mark:
    """What a token carries so that it can be ended.

    Attributes:
        id: Its own id.
        series: The series that it was given in.
    """

    id: str
    series: str


@dataclass(frozen=True)
class OfMember:
    """What was logged out of a credential that is used in one member's name.

    Attributes:
        number: The number of the present series; 0 for that of the credential.
        tokens: The ids of its tokens that were logged out.
    """

    number: int = 0
    tokens: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How much of it is kept."""
        return 1 + len(self.tokens)


@dataclass(frozen=True)
class OfCredential:
    """What was logged out of a credential.

    Attributes:
        number: The number before which all its series have ended.
        members: What was logged out of it, by the id of the member in whose name.
    """

    number: int = 0
    members: Mapping[str, OfMember] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much of it is kept."""
        return 1 + sum(one.size for one in self.members.values())


_NOTHING, _NO_TOKENS = OfCredential(), OfMember()


@dataclass(frozen=True)
class LogOuts:
    """All that was logged out of one workspace. It is replaced, never changed.

    Attributes:
        id: Its own id, which is in each series: with other records, all tokens given before end.
        count: How many tokens were logged out since then.
        last_number: The last number that was given to a series.
        credentials: What was logged out, by access key.
    """

    id: str
    count: int = 0
    last_number: int = 0
    credentials: Mapping[str, OfCredential] = field(default_factory=dict)

    def series_of(self, session: Session) -> str:
        """The series that tokens of a session are given in now."""
        credential = self.credentials.get(session.access_key, _NOTHING)
        member = credential.members.get(session.member, _NO_TOKENS)
        return f"{self.id}.{max(credential.number, member.number)}"

    def has_ended(self, session: Session, mark: Mark) -> bool:
        """Whether a token was logged out, by itself or with its series."""
        credential = self.credentials.get(session.access_key, _NOTHING)
        member = credential.members.get(session.member, _NO_TOKENS)
        return mark.series != self.series_of(session) or mark.id in member.tokens

    def is_older_than(self, known: LogOuts) -> bool:
        """Whether these are what others were before, as in a copy that somebody has put back."""
        return self.id == known.id and self.count < known.count

    def with_one(self, session: Session, mark: Mark, *, new_id: str) -> LogOuts:
        """These, and one token more.

        Args:
            session: The session of the token.
            mark: What the token carries.
            new_id: The id of the records that follow, should these be full.
        """
        if self.has_ended(session, mark):
            return self
        credential = self.credentials.get(session.access_key, _NOTHING)
        member = credential.members.get(session.member, _NO_TOKENS)
        number = self.last_number
        if len(member.tokens) < MOST_OF_A_SERIES:
            member = replace(member, tokens=(*member.tokens, mark.id))
        else:
            number += 1
            member = OfMember(number)
        credential = replace(credential, members={**credential.members, session.member: member})
        credentials = {**self.credentials, session.access_key: credential}
        return LogOuts(self.id, self.count + 1, number, credentials)._bounded(new_id)

    def _bounded(self, new_id: str) -> LogOuts:
        number, credentials = self.last_number, dict(self.credentials)
        excess = sum(one.size for one in credentials.values()) - MOST_KEPT
        while excess > 0:
            key, largest = max(credentials.items(), key=lambda one: one[1].size)
            if not largest.members:
                # Nothing but numbers: whoever made so many credentials makes all sign in anew.
                return LogOuts(new_id)
            number += 1
            credentials[key] = OfCredential(number)
            excess -= largest.size - 1
        return LogOuts(self.id, self.count, number, credentials)

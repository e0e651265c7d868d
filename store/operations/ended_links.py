"""What is kept of links that have ended, so that whoever opens one can be told why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from store.models import EndedLink, User
from store.rules import Act
from store.state import State
from store.terms import ENDED_LINKS_TABLE, Document, LinkEnd
from store.times import from_text, is_time, to_text

KEPT_FOR = timedelta(days=90)
# Of those that have ended longest ago no more than so many are kept in all.
MOST_KEPT = 10_000


def ended_links(
    state: State, act: Act, users: Iterable[User], how: LinkEnd
) -> dict[str, Document | None]:
    """The documents of the users' links, which end by this act; what is kept no longer as None.

    Args:
        state: The newest state.
        act: Who ends them, and when.
        users: The users as they were, with their invitations or without.
        how: How they end.
    """
    links = (user.invitation.token_hash for user in users if user.invitation is not None)
    ended = [EndedLink(id=link, how=how, ended_at=act.at) for link in links]
    if not ended:
        return {}
    limit = to_text(from_text(act.at) - KEPT_FOR)
    times = {key: _ended_at(one) for key, one in state.table(ENDED_LINKS_TABLE).items()}
    kept = sorted((key for key, at in times.items() if at > limit), key=lambda key: times[key])
    # Most recent last.
    former = set(kept[max(0, len(kept) + len(ended) - MOST_KEPT) :])
    gone: dict[str, Document | None] = {key: None for key in times if key not in former}
    return {**gone, **{one.id: one.document() for one in ended[:MOST_KEPT]}}


def _ended_at(document: Document) -> str:
    """When a link has ended; what does not say it is as good as forgotten."""
    at = document.get("ended_at")
    return str(at) if is_time(at) else ""

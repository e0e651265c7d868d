"""Who may do what, and what must hold after every change (SPEC, Rules)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.errors import AccessEnded, LimitReached, NotAllowed, NotFound, RefusedByRule
from store.state import State
from store.terms import ACTIVE, CREDENTIALS_TABLE, SERVICE_ACCOUNTS_TABLE, USERS_TABLE, Document

# Those that were neither revoked nor have expired; whoever has more keeps them.
MOST_LIVING_CREDENTIALS = 100


@dataclass(frozen=True)
class Act:
    """In whose name something is done, and when.

    Attributes:
        actor: The id of the member.
        at: The time, as the store writes it.
    """

    actor: str
    at: str

    def entry(
        self, operation: str, targets: list[str], changed: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What the activity says of an operation. Never a secret, never a vault's text."""
        return {
            "at": self.at,
            "actor": self.actor,
            "operation": operation,
            "targets": targets,
            "changed": changed or {},
        }


def acting_member(state: State, actor: str) -> Document:
    """The document of the member in whose name something is done.

    Raises:
        AccessEnded: The member was removed or is suspended.
    """
    for table in (USERS_TABLE, SERVICE_ACCOUNTS_TABLE):
        member = state.table(table).get(actor)
        if member is not None:
            break
    workspace = state.settings["name"]
    if member is None or member.get("removed_at"):
        raise AccessEnded(f"You were removed from the workspace {workspace}.")
    if member.get("suspended"):
        raise AccessEnded(f"You were suspended in the workspace {workspace}.")
    return member


def require_administrator(state: State, actor: str, to_do: str) -> None:
    """Refuse whoever is no administrator.

    Args:
        state: The newest state.
        actor: The id of the member who asks.
        to_do: What they want, to follow "may", such as "invite users".

    Raises:
        AccessEnded: The actor was removed or is suspended.
        NotAllowed: The actor is no administrator.
    """
    acting_member(state, actor)
    if not state.is_administrator(actor):
        raise NotAllowed(f"Only administrators may {to_do}. Ask a member of Admins.")


def check_administrator_left(state: State) -> None:
    """See that somebody is left who can administer the workspace.

    Raises:
        RefusedByRule: No user in `Admins` would be Active and not suspended.
    """
    users = state.table(USERS_TABLE)
    if not any(_can_administer(users.get(member)) for member in state.administrators):
        raise RefusedByRule(
            "No active administrator would be left. Make another user a member of Admins first."
        )


def check_place_for(state: State, wanted: int) -> None:
    """See that the limit of users leaves that many places.

    Raises:
        LimitReached: It does not; the numbers are given.
    """
    limit = state.settings.get("user_limit")
    if limit is None:
        return
    left = max(0, limit - state.user_count)
    if wanted > left:
        raise LimitReached(
            f"{wanted:,} {'user' if wanted == 1 else 'users'} would be added, but {left:,} of "
            f"{limit:,} places {'is' if left == 1 else 'are'} left. Nobody was invited. "
            "Remove users or raise the limit in the workspace settings.",
            field="emails",
        )


def limit_reached(state: State) -> str:
    """Why no user can be added, or "" where one can."""
    limit = state.settings.get("user_limit")
    if limit is None or state.user_count < limit:
        return ""
    return (
        f"The workspace has {state.user_count:,} of {limit:,} users. "
        "Remove users or raise the limit in the workspace settings."
    )


def service_account_limit_reached(state: State) -> str:
    """Why no service account can be added, or "" where one can."""
    limit = state.settings.get("service_account_limit")
    if limit is None or state.service_account_count < limit:
        return ""
    return (
        f"The workspace has {state.service_account_count:,} of {limit:,} service accounts. "
        "Delete some or raise the limit in the workspace settings."
    )


def check_may_make_credentials(state: State, actor: str, member: str) -> None:
    """See that credentials may be made for a member: by persons, their own; else by administrators.

    Args:
        state: The newest state.
        actor: The id of the member who asks.
        member: The id of the member whom they are for.

    Raises:
        NotFound: There is no such member, or it was removed.
        NotAllowed: The actor may not.
        RefusedByRule: The member is suspended.
    """
    document = state.find_member(member)
    if document is None:
        raise NotFound(f"There is no member {member} in this workspace any more.")
    check_right_to_credentials(state, actor, member, "make credentials")
    if document.get("removed_at"):
        raise NotFound(f"{name_of(document)} was removed from the workspace meanwhile.")
    if document.get("suspended"):
        raise RefusedByRule(
            f"{name_of(document)} is suspended. Credentials can be made after the suspension ends."
        )


def check_place_for_credential(state: State, member: str, now: str, *, ending: str = "") -> None:
    """See that a member may have one living credential more.

    Args:
        state: The newest state.
        member: The id of the member, who need not be there yet.
        now: The time.
        ending: The access key of one that ends with this, or "".

    Raises:
        LimitReached: There are too many.
    """
    # The first screen shows no credentials.
    from store.credential_views import has_expired

    documents = state.table(CREDENTIALS_TABLE)
    living = [
        key
        for key in state.credentials_of(member)
        if key != ending and not has_expired(documents[key], now)
    ]
    if len(living) >= MOST_LIVING_CREDENTIALS:
        document = state.find_member(member)
        name = name_of(document) if document else "The member"
        raise LimitReached(
            f"{name} has {len(living):,} credentials that were neither revoked nor have expired. "
            f"{MOST_LIVING_CREDENTIALS} are the most: revoke one that is not needed any more."
        )


def check_right_to_credentials(
    state: State,
    actor: str,
    member: str | None,
    to_do: str,
    *,
    of_persons: bool = False,
    by_service_accounts: bool = False,
) -> None:
    """See that the actor may do something with a member's credentials.

    Args:
        state: The newest state.
        actor: The id of the member who asks.
        member: The id of the member whose credentials they are, or None where they are nobody's.
        to_do: What they want, to follow "may", such as "revoke credentials".
        of_persons: Whether administrators may do it to another person's, too.
        by_service_accounts: Whether a service account may do it to its own.

    Raises:
        AccessEnded: The actor was removed or is suspended.
        NotAllowed: The actor may not.
    """
    acting_member(state, actor)
    # A leaked key of a service account must not mint others (SPEC, Credentials).
    if actor in state.table(SERVICE_ACCOUNTS_TABLE) and not by_service_accounts:
        raise NotAllowed(f"A service account may not {to_do}. Ask an administrator.")
    if member == actor:
        return
    if not state.is_administrator(actor):
        raise NotAllowed(f"You may {to_do} of your own only; for others, ask an administrator.")
    person = state.table(USERS_TABLE).get(member or "")
    if person is not None and not of_persons:
        raise NotAllowed(
            f"Not even administrators may {to_do} of another person: ask {name_of(person)}. "
            "You may suspend and revoke theirs."
        )


def check_may_edit_vault(state: State, actor: str, member: str) -> None:
    """See that the actor may change a member's vault.

    Args:
        state: The newest state.
        actor: The id of the member who asks.
        member: The id of the member whose vault it is.

    Raises:
        AccessEnded: The actor was removed or is suspended.
        NotAllowed: The actor is neither an administrator nor, as a person, the member.
        NotFound: There is no such member, or it was removed.
    """
    acting_member(state, actor)
    if not state.is_administrator(actor):
        # What has leaked must not change what else its agents run with.
        if actor in state.table(SERVICE_ACCOUNTS_TABLE):
            raise NotAllowed("A service account may not change vaults. Ask an administrator.")
        if member != actor:
            raise NotAllowed(
                "You may change your own vault only; for others, ask an administrator."
            )
    living_member(state, member)


def living_member(state: State, member: str) -> Document:
    """The document of a member that is not removed.

    Raises:
        NotFound: There is no such member, or it was removed.
    """
    document = state.find_member(member)
    if document is None:
        raise NotFound(f"There is no member {member} in this workspace any more.")
    if document.get("removed_at"):
        raise NotFound(f"{name_of(document)} was removed from the workspace meanwhile.")
    return document


def name_of(member: Document) -> str:
    """What an administrator or the member itself calls a member: the name, or else the email."""
    return str(member.get("name") or member.get("email"))


def _can_administer(user: Document | None) -> bool:
    return (
        user is not None
        and user["status"] == ACTIVE
        and not user.get("suspended")
        and not user.get("removed_at")
    )

"""Acting for the owner of a task: who may, for whom, what is kept (SPEC, Service accounts).

A task that an agent runs for its owner has the owner's vaults and access, with a plain user's
rights, even where the owner is an administrator.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from store.sign_ins import Verdict
from store.state import State
from store.terms import SERVICE_ACCOUNTS_TABLE

# So much of an id is said again that may be anything.
_LONGEST_ID = 64


@dataclass(frozen=True)
class Impersonation:
    """Sign-ins of one member for another, from one address.

    Attributes:
        agent: The id of the member who acted.
        access_key: The access key of the credential that it used.
        owner: The id of the member for whom.
        address: The network address that they came from, or "".
        worker: The name of the machine at the last, or "".
        count: How many there were.
        first_at: When the first was.
        last_at: When the last was.
    """

    agent: str
    access_key: str
    owner: str
    address: str
    worker: str
    count: int
    first_at: str
    last_at: str

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """What is counted as one: by whom, with which credential, for whom, and from where."""
        return self.agent, self.access_key, self.owner, self.address

    @property
    def is_anybodys(self) -> bool:
        """Whether anybody could bring it about: it takes a good credential."""
        return False

    def with_others(self, others: Impersonation) -> Impersonation:
        """These sign-ins and others of the same kind."""
        latest = max(self, others, key=lambda one: one.last_at)
        return replace(
            latest,
            count=self.count + others.count,
            first_at=min(self.first_at, others.first_at),
        )


def may_impersonate(state: State, caller: str) -> bool:
    """Whether a member may act for others: a service account that allows it, an administrator."""
    if not state.is_in_good_standing(caller):
        return False
    account = state.table(SERVICE_ACCOUNTS_TABLE).get(caller)
    if account is not None:
        return bool(account.get("allow_impersonation"))
    return state.is_administrator(caller)


def accounts_acting_for_owners(state: State) -> tuple[str, ...]:
    """The ids of the service accounts that may act for the owners of tasks now."""
    accounts = state.table(SERVICE_ACCOUNTS_TABLE)
    return tuple(key for key in accounts if may_impersonate(state, key))


def impersonation_verdict(state: State, caller: str, owner: str) -> Verdict:
    """What it comes to when a member wants to act for another."""
    if not may_impersonate(state, caller):
        return Verdict.IMPERSONATION
    document = state.find_member(owner)
    if document is None or document.get("removed_at"):
        return Verdict.OWNER_GONE
    return Verdict.OWNER_SUSPENDED if document.get("suspended") else Verdict.GOOD


def impersonation_refusal(state: State, caller: str, owner: str) -> str:
    """Why a member may not act for another, or ""."""
    verdict = impersonation_verdict(state, caller, owner)
    if verdict is Verdict.IMPERSONATION:
        return (
            "Only administrators, and service accounts that allow impersonation, may act for the "
            "owner of a task. Ask an administrator to allow it."
        )
    # The caller may see neither names nor emails: what was sent is said.
    if verdict is Verdict.OWNER_GONE:
        return f"There is no member {owner[:_LONGEST_ID]} in this workspace."
    return f"The member {owner} is suspended." if verdict is Verdict.OWNER_SUSPENDED else ""

"""The facade's part on signing in with credentials (SPEC, Rules, Credentials and Secrets)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from store.errors import NotAllowed, NotFound, SignInRefused
from store.facade.base import Facade
from store.terms import CREDENTIALS_TABLE
from store.usage import Used

# What is signed in with is imported when somebody does: the first screen shows nothing of it.
if TYPE_CHECKING:
    from store.refusal_views import Contact, RefusedRow
    from store.sign_ins import RefusedSignIn, SignedIn, Verdict


class SignInMethods(Facade):
    """What can be asked with a credential, and of those that were refused."""

    def authenticate(
        self, access_key: str, secret_key: str, *, worker: str = "", address: str = ""
    ) -> SignedIn:
        """Say who signs in with these keys, by what all processes have committed until now.

        The use, or the refusal, is noted beside the workspace: it is no commit and no activity.

        Args:
            access_key: What was given as the access key.
            secret_key: What was given as the secret key. It is kept nowhere.
            worker: The name of the client's machine, as the client gives it.
            address: The network address that the call comes from.

        Raises:
            SignInRefused: The keys are not good, for whatever cause.
            StoreUnreadable: The store is gone or damaged.
        """
        self._store.refresh()
        return self.sign_in(access_key, secret_key, worker=worker, address=address)

    def sign_in(
        self, access_key: str, secret_key: str, *, worker: str = "", address: str = ""
    ) -> SignedIn:
        """The same as `authenticate`, by what is known of the store, which is not looked at again.

        Raises:
            SignInRefused: The keys are not good, for whatever cause.
            StoreUnreadable: A document is damaged.
        """
        from store import sign_ins

        state, now = self._store.state, self.now()
        verdict = sign_ins.verdict_on(state, access_key, secret_key, now)
        if verdict is not sign_ins.Verdict.GOOD:
            self.note_refusal(access_key, address, verdict)
            raise SignInRefused
        self.note_use(access_key, worker, address)
        return sign_ins.SignedIn(state.table(CREDENTIALS_TABLE)[access_key]["member"], access_key)

    def refused_sign_ins(self, member: str) -> tuple[RefusedRow, ...]:
        """The refused sign-ins with the member's access keys, revoked ones too, newest first.

        Raises:
            NotAllowed: The actor is neither an administrator nor the member.
            NotFound: There is no such member.
        """
        if not self._viewer.may_see_all_of(member):
            raise NotAllowed(
                "Only administrators may see the refused sign-ins of others. "
                "Ask a member of Admins."
            )
        state = self._state
        if state.find_member(member) is None:
            raise NotFound(f"There is no member {member} in this workspace any more.")
        keys = state.every_credential_of(member)
        return self._refused_rows(self._store.refusals.of(keys))

    def every_refused_sign_in(self) -> tuple[RefusedRow, ...]:
        """All refused sign-ins, those with unknown access keys too, newest first.

        Raises:
            NotAllowed: The actor is no administrator.
        """
        if not self.is_administrator:
            raise NotAllowed(
                "Only administrators may see the refused sign-ins of others. "
                "Ask a member of Admins."
            )
        return self._refused_rows(self._store.refusals.newest_first())

    def contact_of(self, access_key: str) -> Contact:
        """What has become of a credential: whether it has signed in, was refused, or was ended.

        Raises:
            NotAllowed: The actor is no administrator, and it is none of their own.
            NotFound: There is no such credential.
        """
        from store.refusal_views import Contact, ending_of

        state, viewer = self._state, self._viewer
        credential = state.table(CREDENTIALS_TABLE).get(access_key)
        # A key of somebody else and one that nobody has are told in the same words.
        if not viewer.may_see_all_of(credential["member"] if credential else ""):
            raise NotAllowed("Only administrators may see the credentials of others.")
        if credential is None:
            raise NotFound(f"There is no credential {access_key} in this workspace.")
        refused = self._refused_rows(self._store.refusals.of([access_key])[:1])
        return Contact(
            self.now(),
            self._usage.of(access_key),
            refused[0] if refused else None,
            ending_of(state, viewer, credential, self.now()),
        )

    def _refused_rows(self, refused: Iterable[RefusedSignIn]) -> tuple[RefusedRow, ...]:
        from store.refusal_views import refused_row

        state, viewer, now = self._state, self._viewer, self.now()
        return tuple(refused_row(state, viewer, one, now) for one in refused)

    def note_refusal(self, access_key: str, address: str, cause: Verdict) -> None:
        """Record that a sign-in was refused, for administrators; no commit, no activity."""
        from store import sign_ins

        now = self.now()
        address = sign_ins.strangers_text(address, sign_ins.LONGEST_ADDRESS)
        if cause is sign_ins.Verdict.UNKNOWN:
            access_key = sign_ins.strangers_text(access_key, sign_ins.LONGEST_UNKNOWN_KEY)
        refused = sign_ins.RefusedSignIn(access_key, address, cause, 1, now, now)
        self._store.refusals.note(refused)

    def note_use(self, access_key: str, worker: str, address: str) -> None:
        """Note a use of a credential, by texts that anybody may have sent."""
        from store.sign_ins import LONGEST_ADDRESS, LONGEST_WORKER, strangers_text

        worker = strangers_text(worker, LONGEST_WORKER)
        used = Used(self.now(), worker, strangers_text(address, LONGEST_ADDRESS))
        self._store.usage.note(access_key, used)

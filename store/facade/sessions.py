"""The facade's part on sessions: those who have signed in, and acting for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import NotAllowed, RefusedByRule, SessionEnded
from store.facade.sign_ins import SignInMethods

# What sessions are made of is imported when there is one: the first screen shows nothing of it.
if TYPE_CHECKING:
    from store.impersonation import Impersonation
    from store.log_outs import Mark
    from store.sessions import Identity, Rights, Session
    from store.sign_ins import Verdict


class SessionMethods(SignInMethods):
    """What can be asked of a session. As of the last look at the store: `refresh` comes before."""

    def rights_of(self, session: Session) -> Rights:
        """The rights of a session now."""
        from store import sessions

        return sessions.rights_of(self._store.state, session)

    def identity_of(self, session: Session) -> Identity:
        """What a session's member and the workspace are called."""
        from store import sessions

        return sessions.identity_of(self._store.state, session)

    def new_mark(self, session: Session) -> Mark:
        """What a new token of a session has to carry, so that it can be ended.

        Raises:
            StoreFailed: The tokens that were logged out were not looked up yet, and cannot be.
        """
        from store.log_outs import Mark

        return Mark(self._mint.new_id(), self._store.log_outs.known.series_of(session))

    def verdict_on_session(self, session: Session, mark: Mark, rights: Rights) -> Verdict:
        """What a call in a session comes to now. Nothing is kept of it.

        Args:
            session: The session.
            mark: What its token carries.
            rights: The rights that it was begun with.

        Raises:
            StoreUnreadable: A document is damaged.
            StoreFailed: The tokens that were logged out were not looked up yet, and cannot be.
        """
        from store import sessions
        from store.sign_ins import Verdict

        verdict = sessions.verdict_on_session(self._store.state, session, self.now())
        if verdict is not Verdict.GOOD:
            return verdict
        if self._store.log_outs.known.has_ended(session, mark):
            return Verdict.LOGGED_OUT
        return Verdict.GOOD if self.rights_of(session) == rights else Verdict.OTHER_RIGHTS

    def use_session(
        self,
        session: Session,
        mark: Mark,
        rights: Rights,
        *,
        worker: str = "",
        address: str = "",
    ) -> None:
        """See that a session is good, and note the use of its credential: no commit, no activity.

        Args:
            session: The session.
            mark: What its token carries.
            rights: The rights that it was begun with.
            worker: The name of the client's machine, as the client gives it.
            address: The network address that the call comes from.

        Raises:
            SessionEnded: It is not good any more, for whatever cause.
            StoreUnreadable: A document is damaged.
        """
        from store.sign_ins import Verdict

        if self.verdict_on_session(session, mark, rights) is not Verdict.GOOD:
            raise SessionEnded
        self.note_use(session.access_key, worker, address)

    def impersonate(
        self, session: Session, owner: str, *, worker: str = "", address: str = ""
    ) -> Session:
        """Begin a session in the name of a task's owner. It is recorded who acts, or was refused.

        Args:
            session: The session of whoever wants to act.
            owner: The id of the owner.
            worker: The name of the client's machine, as the client gives it.
            address: The network address that the call comes from.

        Raises:
            NotAllowed: The session acts for somebody already.
            RefusedByRule: The member may not act for others, or not for this one.
        """
        from store.impersonation import (
            Impersonation,
            impersonation_refusal,
            impersonation_verdict,
        )
        from store.sessions import Session
        from store.sign_ins import LONGEST_ADDRESS, LONGEST_WORKER, Verdict, strangers_text

        if session.agent:
            self.note_refusal(session.access_key, address, Verdict.IMPERSONATION)
            raise NotAllowed("Whoever acts for another cannot act for a third.")
        verdict = impersonation_verdict(self._store.state, session.member, owner)
        if verdict is not Verdict.GOOD:
            self.note_refusal(session.access_key, address, verdict)
            raise RefusedByRule(impersonation_refusal(self._store.state, session.member, owner))
        now = self.now()
        address = strangers_text(address, LONGEST_ADDRESS)
        worker = strangers_text(worker, LONGEST_WORKER)
        key = session.access_key
        one = Impersonation(session.member, key, owner, address, worker, 1, now, now)
        self._store.impersonations.note(one)
        return Session(owner, key, agent=session.member)

    def log_out(self, session: Session, mark: Mark) -> None:
        """End one token, for good when this returns. The credential stays good.

        Other tokens of it stay good, too, but for those of a series that has ended with this one.

        Args:
            session: The session of the token.
            mark: What the token carries.

        Raises:
            StoreReadOnly: Nothing may be written.
            StoreBusy: Another process held the file for too long.
            StoreFailed: It could not be written, and the token is as good as before.
        """
        self._store.log_outs.log_out(session, mark)

    def impersonations(self) -> tuple[Impersonation, ...]:
        """Who signed in for whom, newest first.

        Raises:
            NotAllowed: The actor is no administrator.
        """
        if not self.is_administrator:
            raise NotAllowed("Only administrators may see who signed in for whom. Ask one.")
        return tuple(self._store.impersonations.newest_first())

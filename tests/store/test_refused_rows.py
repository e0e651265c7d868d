"""What administrators see of refused sign-ins, and what is told of a credential just handed out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from store.credential_views import IssuedCredential
from store.errors import NotAllowed, NotFound, RefusedByRule, SignInRefused, StoreUnreadable
from store.operations.credentials import CredentialEdit
from store.refusal_views import Grounds, RefusedRow
from store.sessions import Session
from store.sign_ins import Verdict
from store.terms import CREDENTIALS_TABLE
from store.usage import NEVER, Used
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House, account_edit
from tests.store.keyring import change_credential, flush, put

WRONG = "w" * 64

Change = Callable[[House, IssuedCredential], object]


@pytest.fixture
def bot(house: House) -> Iterator[IssuedCredential]:
    """The credential of a service account."""
    yield house.admin.add_service_account("bot", True)
    house.admin.close()


def refuse(workspace: Workspace, access_key: str, secret_key: str, **sent: str) -> None:
    """See that a sign-in is refused."""
    with pytest.raises(SignInRefused):
        workspace.authenticate(access_key, secret_key, **sent)


def grounds(workspace: Workspace) -> list[Grounds]:
    """Why each was refused, newest first."""
    return [row.grounds for row in workspace.every_refused_sign_in()]


def expire(house: House, bot: IssuedCredential, at: str | None) -> None:
    """Give the credential another end."""
    revision = house.credential(bot.access_key).revision
    house.admin.edit_credential(CredentialEdit(bot.access_key, revision, "CI", at))


def expire_soon(house: House, bot: IssuedCredential) -> None:
    """Let the credential expire."""
    expire(house, bot, "2026-03-02T09:30:30Z")
    house.clock.advance(seconds=30)


AT = "2026-03-02T09:30:00Z"
ENDINGS: dict[str, tuple[Change, Grounds]] = {
    "revoked": (
        lambda house, bot: house.admin.revoke_credentials([bot.access_key]),
        Grounds(Verdict.REVOKED, AT, "Ada Lindqvist"),
    ),
    "removed": (
        lambda house, bot: house.admin.delete_service_accounts([bot.member]),
        Grounds(Verdict.REMOVED, AT, "Ada Lindqvist"),
    ),
    "suspended": (
        lambda house, bot: house.admin.suspend_credentials([bot.access_key]),
        Grounds(Verdict.SUSPENDED),
    ),
    "member suspended": (
        lambda house, bot: house.admin.suspend_service_accounts([bot.member]),
        Grounds(Verdict.MEMBER_SUSPENDED),
    ),
    "expired": (expire_soon, Grounds(Verdict.EXPIRED, "2026-03-02T09:30:30Z")),
}


class TestEveryRefusedSignIn:
    def test_is_there_with_whose_key_it_was_newest_first(
        self, house: House, bot: IssuedCredential
    ) -> None:
        refuse(house.admin, "UNKNOWN", WRONG, address="203.0.113.9")
        house.clock.advance(seconds=1)
        refuse(house.admin, bot.access_key, WRONG, address="192.0.2.7")
        flush(house.admin)
        for workspace in (house.admin, house.as_user()):
            known, unknown = workspace.every_refused_sign_in()
            assert known == RefusedRow(
                known.sign_ins, bot.member, "bot", bot.label, Grounds(Verdict.WRONG_SECRET)
            )
            assert (known.sign_ins.access_key, known.sign_ins.address) == (
                bot.access_key,
                "192.0.2.7",
            )
            assert unknown == RefusedRow(unknown.sign_ins, "", "", "", Grounds(Verdict.UNKNOWN))
            assert unknown.sign_ins.access_key == "UNKN"
            assert workspace.refused_sign_ins(bot.member) == (known,)

    @pytest.mark.parametrize("name", ENDINGS)
    def test_says_what_the_workspace_knows_of_the_cause(
        self, house: House, bot: IssuedCredential, name: str
    ) -> None:
        change, wanted = ENDINGS[name]
        change(house, bot)
        house.clock.advance(seconds=60)
        refuse(house.admin, bot.access_key, bot.secret_key)
        assert grounds(house.admin) == [wanted]

    def test_says_where_it_holds_no_longer(self, house: House, bot: IssuedCredential) -> None:
        admin, keys = house.admin, [bot.access_key]
        admin.suspend_credentials(keys)
        refuse(admin, bot.access_key, bot.secret_key)
        admin.let_credentials_back_in(keys)
        house.clock.advance(seconds=1)
        admin.suspend_service_accounts([bot.member])
        refuse(admin, bot.access_key, bot.secret_key)
        admin.let_service_accounts_back_in([bot.member])
        expire_soon(house, bot)
        refuse(admin, bot.access_key, bot.secret_key)
        expire(house, bot, None)
        assert grounds(admin) == [
            Grounds(Verdict.EXPIRED, is_over=True),
            Grounds(Verdict.MEMBER_SUSPENDED, is_over=True),
            Grounds(Verdict.SUSPENDED, is_over=True),
        ]

    def test_does_not_say_of_who_revoked_that_they_removed(
        self, house: House, bot: IssuedCredential
    ) -> None:
        other = house.add_administrator("eve@acme.example", "Eve")
        house.as_member(other).revoke_credentials([bot.access_key])
        house.admin.refresh()
        house.clock.advance(seconds=60)
        at = house.at
        house.admin.delete_service_accounts([bot.member])
        refuse(house.admin, bot.access_key, bot.secret_key)
        assert grounds(house.admin) == [Grounds(Verdict.REMOVED, at)]

    def test_has_those_who_may_not_act_for_another(
        self, house: House, bot: IssuedCredential, bob: str
    ) -> None:
        session = Session(bot.member, bot.access_key)
        house.admin.edit_service_account(
            account_edit(house.admin, bot.member, allow_impersonation=False)
        )
        with pytest.raises(RefusedByRule):
            house.admin.impersonate(session, bob, address="192.0.2.7")
        assert grounds(house.admin) == [Grounds(Verdict.IMPERSONATION)]

    def test_is_for_administrators(self, house: House, bob: str) -> None:
        refuse(house.admin, "UNKNOWN", WRONG)
        flush(house.admin)
        acting = Workspace(house.store(), house.admin.actor, is_impersonated=True)
        for workspace in (house.as_user("bob@acme.example"), acting):
            with pytest.raises(NotAllowed, match="Ask a member of Admins"):
                workspace.every_refused_sign_in()

    def test_of_a_damaged_credential_is_told_as_damage(
        self, house: House, bot: IssuedCredential
    ) -> None:
        refuse(house.admin, bot.access_key, WRONG)
        put(house, CREDENTIALS_TABLE, {"id": bot.access_key, "revision": 2})
        house.admin.refresh()
        with pytest.raises(StoreUnreadable, match="damaged"):
            house.admin.every_refused_sign_in()

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_takes_any_text(self, house: House, name: str) -> None:
        issued = house.admin.add_service_account(name, False)
        refuse(house.admin, issued.access_key, WRONG, address=name)
        refuse(house.admin, name, WRONG, address=name)
        rows = house.admin.every_refused_sign_in()
        assert {row.called for row in rows} == {"", name}
        assert all(len(row.sign_ins.access_key) <= 4 for row in rows if not row.member)


class TestContact:
    def test_of_one_that_was_not_used(self, house: House, bot: IssuedCredential) -> None:
        contact = house.admin.contact_of(bot.access_key)
        assert (contact.now, contact.used) == (house.at, NEVER)
        assert (contact.refused, contact.ending) == (None, None)

    def test_a_sign_in_elsewhere(self, house: House, bot: IssuedCredential) -> None:
        there = house.as_user()
        sent = {"worker": "gpu-07", "address": "192.0.2.17"}
        refuse(there, bot.access_key, WRONG, **sent)
        there.authenticate(bot.access_key, bot.secret_key, **sent)
        flush(there)
        house.admin.refresh()
        contact = house.admin.contact_of(bot.access_key)
        assert contact.used == Used(house.at, "gpu-07", "192.0.2.17")
        assert contact.refused is not None
        assert contact.refused.grounds == Grounds(Verdict.WRONG_SECRET)

    @pytest.mark.parametrize("name", ENDINGS)
    def test_what_another_has_ended(self, house: House, bot: IssuedCredential, name: str) -> None:
        here = house.as_user()
        change, wanted = ENDINGS[name]
        change(house, bot)
        here.refresh()
        assert here.contact_of(bot.access_key).ending == wanted

    def test_is_for_administrators_and_the_member(
        self, house: House, bot: IssuedCredential, bob: str
    ) -> None:
        here = house.as_user("bob@acme.example")
        own = here.create_credentials(bob)
        assert here.contact_of(own.access_key).used == NEVER
        for another in (bot.access_key, "N" * 30):
            with pytest.raises(NotAllowed, match="Only administrators may see the credentials"):
                here.contact_of(another)
        with pytest.raises(NotFound):
            house.admin.contact_of("N" * 30)

    def test_of_a_damaged_one_is_told_as_damage(self, house: House, bot: IssuedCredential) -> None:
        change_credential(house, bot.access_key, expires_at=7)
        house.admin.refresh()
        with pytest.raises(StoreUnreadable, match="damaged"):
            house.admin.contact_of(bot.access_key)

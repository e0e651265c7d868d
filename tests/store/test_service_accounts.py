"""Adding, editing, suspending and deleting service accounts."""

from __future__ import annotations

import unicodedata

import pytest

from store.credential_views import IssuedCredential
from store.errors import (
    AlreadyExists,
    Conflict,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
    RefusedByRule,
    SignInRefused,
)
from store.listing import Query
from store.models import ServiceAccount
from store.operations.service_accounts import ServiceAccountEdit
from store.terms import GROUPS_TABLE, SERVICE_ACCOUNTS_TABLE
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, account_edit, settings_edit

PLAIN = "bob@acme.example"


@pytest.fixture
def bot(house: House) -> IssuedCredential:
    """The first credential of a service account."""
    return house.admin.add_service_account("bot", False)


def kept(house: House, account: str) -> ServiceAccount:
    """The service account as the file has it now."""
    return ServiceAccount.of(house.store().state.table(SERVICE_ACCOUNTS_TABLE)[account])


def names(here: Workspace) -> list[str]:
    """The names of the service accounts that are listed."""
    return [here.service_account_row(key).name for key in here.list_service_accounts(Query()).ids]


def limit_to(house: House, limit: int | None) -> None:
    """Set the limit of service accounts."""
    house.admin.edit_settings(settings_edit(house.admin, service_account_limit=limit))


class TestAdding:
    """A name, whether it may impersonate, and a first credential."""

    @pytest.mark.parametrize("allow", [True, False])
    def test_it_comes_with_one_credential(self, house: House, allow: bool) -> None:
        issued = house.admin.add_service_account("  mlops-bot ", allow)
        assert (issued.called, issued.label) == ("mlops-bot", "Default Credentials")
        here = house.as_user()
        details = here.service_account_details(issued.member)
        assert (details.row.name, details.allow_impersonation) == ("mlops-bot", allow)
        assert (details.row.groups, details.row.credentials) == (("Users",), 1)
        assert [row.access_key for row in details.credentials or ()] == [issued.access_key]
        signed_in = here.authenticate(issued.access_key, issued.secret_key)
        assert signed_in.member == issued.member

    def test_the_activity_says_what_was_added(self, house: House) -> None:
        issued = house.admin.add_service_account("mlops-bot", True)
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [issued.member, issued.access_key]
        assert entry["changed"] == {
            "name": ["", "mlops-bot"],
            "allow_impersonation": [False, True],
            "label": ["", "Default Credentials"],
        }

    def test_it_counts_as_no_user(self, house: House, bot: IssuedCredential) -> None:
        summary = house.as_user().summary()
        assert (summary.users, summary.service_accounts) == (1, 1)

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        issued = house.admin.add_service_account(name, False)
        assert issued.called == kept(house, issued.member).name == name
        assert names(house.as_user()) == [name]

    @pytest.mark.parametrize("name", ["", "  ", "x" * 1_001, "a\udc00"])
    def test_a_bad_name_is_refused_at_its_field(
        self, house: House, bot: IssuedCredential, name: str
    ) -> None:
        with house.refuses(InvalidInput, field="name"):
            house.admin.add_service_account(name, False)
        with house.refuses(InvalidInput, field="name"):
            house.admin.edit_service_account(account_edit(house.admin, bot.member, name=name))

    @pytest.mark.parametrize("name", ["Straße", "STRASSE", " strasse", "\uff33trasse"])
    def test_a_taken_name_is_refused_at_its_field(
        self, house: House, bot: IssuedCredential, name: str
    ) -> None:
        house.admin.add_service_account("Straße", False)
        with house.refuses(AlreadyExists, field="name", says="Straße"):
            house.admin.add_service_account(name, False)
        with house.refuses(AlreadyExists, field="name"):
            house.admin.edit_service_account(account_edit(house.admin, bot.member, name=name))

    def test_a_persons_name_is_free(self, house: House, bob: str) -> None:
        assert house.admin.add_service_account("Bob", False).called == "Bob"
        assert house.admin.add_service_account(PLAIN, False).called == PLAIN

    def test_no_more_than_the_limit(self, house: House, bot: IssuedCredential) -> None:
        limit_to(house, 2)
        second = house.admin.add_service_account("second", False)
        house.admin.suspend_service_accounts([second.member])
        reason = (
            "The workspace has 2 of 2 service accounts. "
            "Delete some or raise the limit in the workspace settings."
        )
        assert house.admin.add_refusal() == reason
        with house.refuses(LimitReached, field="name", says="2 of 2 service accounts"):
            house.admin.add_service_account("third", False)
        limit_to(house, 1)
        assert "2 of 1" in house.admin.add_refusal()
        limit_to(house, 2)
        house.admin.delete_service_accounts([second.member])
        assert house.admin.add_refusal() == ""
        house.admin.add_service_account("third", False)
        limit_to(house, None)
        house.admin.add_service_account("fourth", False)

    def test_the_limit_of_users_is_another(self, house: House, bob: str) -> None:
        house.admin.edit_settings(settings_edit(house.admin, user_limit=1))
        house.admin.add_service_account("bot", False)

    def test_why_none_can_be_added_is_told_before(self, house: House, bob: str) -> None:
        assert house.as_user().add_refusal() == ""
        assert "Only administrators" in house.as_user(PLAIN).add_refusal()
        assert "--read-only" in house.as_user(read_only=True).add_refusal()


class TestEditing:
    """Name, impersonation and groups."""

    def test_every_field_at_once(self, house: House, bot: IssuedCredential) -> None:
        research, vision = house.add_group("Research"), house.add_group("Vision", bot.member)
        queues = house.group("Queue admins")
        edit = account_edit(
            house.admin,
            bot.member,
            name=" Bot 2 ",
            allow_impersonation=True,
            joining=(research, queues),
            leaving=(vision,),
        )
        house.admin.edit_service_account(edit)
        details = house.as_user().service_account_details(bot.member)
        assert (details.row.name, details.allow_impersonation) == ("Bot 2", True)
        assert details.row.groups == ("Queue admins", "Research", "Users")
        assert details.revision == edit.revision + 1
        assert checked_chain(house.folder)[-1]["changed"] == {
            "name": ["bot", "Bot 2"],
            "allow_impersonation": [False, True],
            "joined": [research, queues],
            "left": [vision],
        }

    def test_impersonation_alone_leaves_the_rest(self, house: House, bot: IssuedCredential) -> None:
        house.admin.edit_service_account(
            account_edit(house.admin, bot.member, allow_impersonation=True)
        )
        house.admin.edit_service_account(
            account_edit(house.admin, bot.member, allow_impersonation=False)
        )
        assert kept(house, bot.member).name == "bot"
        assert checked_chain(house.folder)[-1]["changed"] == {"allow_impersonation": [True, False]}

    def test_its_own_name_is_free_for_it(self, house: House, bot: IssuedCredential) -> None:
        house.admin.edit_service_account(account_edit(house.admin, bot.member, name="BOT"))
        assert kept(house, bot.member).name == "BOT"

    @pytest.mark.parametrize("group", ["Admins", "Users"])
    def test_groups_that_it_cannot_join(
        self, house: House, bot: IssuedCredential, group: str
    ) -> None:
        edit = account_edit(house.admin, bot.member, joining=(house.group(group),))
        with house.refuses(RefusedByRule, field="groups", says=group):
            house.admin.edit_service_account(edit)

    def test_a_group_that_is_gone(self, house: House, bot: IssuedCredential) -> None:
        edit = account_edit(house.admin, bot.member, joining=("f" * 32,))
        with house.refuses(NotFound, field="groups"):
            house.admin.edit_service_account(edit)

    def test_the_groups_to_choose_from(self, house: House) -> None:
        house.add_group("Vision")
        groups = [group.name for group in house.admin.groups_for_service_accounts()]
        assert groups == ["Queue admins", "Vision"]

    def test_an_edit_of_what_was_changed_meanwhile_is_a_conflict(
        self, house: House, bot: IssuedCredential
    ) -> None:
        late = account_edit(house.as_user(), bot.member, name="late")
        house.admin.edit_service_account(account_edit(house.admin, bot.member, name="early"))
        with house.refuses(Conflict, says="early"):
            house.admin.edit_service_account(late)
        house.admin.suspend_service_accounts([bot.member])
        with house.refuses(Conflict):
            house.admin.edit_service_account(ServiceAccountEdit(bot.member, late.revision + 1))

    def test_of_two_who_take_one_name_the_later_is_refused(
        self, house: House, bot: IssuedCredential
    ) -> None:
        other = house.admin.add_service_account("other", False)
        here, there = house.as_user(), house.as_user()
        edits = [account_edit(here, one.member, name="same") for one in (bot, other)]
        here.edit_service_account(edits[0])
        with house.refuses(AlreadyExists, field="name"):
            there.edit_service_account(edits[1])


class TestSuspending:
    """Sign-in ends, the rest stays."""

    def test_none_of_its_credentials_signs_in_meanwhile(
        self, house: House, bot: IssuedCredential
    ) -> None:
        group = house.add_group("Vision", bot.member)
        (preview,) = house.admin.preview_service_account_suspension([bot.member])
        assert (preview.member, preview.called, preview.reason) == (bot.member, "bot", "")
        assert house.admin.suspend_service_accounts([bot.member, bot.member]) == 1
        here = house.as_user()
        row = here.service_account_row(bot.member)
        assert (row.is_suspended, row.credentials, row.groups) == (True, 0, ("Vision", "Users"))
        with pytest.raises(SignInRefused):
            here.authenticate(bot.access_key, bot.secret_key)
        (preview,) = house.admin.preview_service_account_suspension([bot.member])
        assert (preview.suspended, preview.reason) == (True, "is suspended already")
        assert house.admin.suspend_service_accounts([bot.member]) == 0

        assert house.admin.let_service_accounts_back_in([bot.member]) == 1
        here.authenticate(bot.access_key, bot.secret_key)
        assert house.store().state.table(GROUPS_TABLE)[group]["members"] == [bot.member]

    def test_only_those_that_change_are_told(self, house: House, bot: IssuedCredential) -> None:
        other = house.admin.add_service_account("other", False)
        house.admin.suspend_service_accounts([bot.member])
        assert house.admin.suspend_service_accounts([bot.member, other.member]) == 1
        assert checked_chain(house.folder)[-1]["targets"] == [other.member]


class TestDeleting:
    """A deleted one keeps id and name, and nothing else."""

    def test_credentials_and_groups_go_at_once(self, house: House, bot: IssuedCredential) -> None:
        second = house.admin.create_credentials(bot.member)
        other = house.admin.add_service_account("other", False)
        group = house.add_group("Vision", bot.member, other.member)
        house.admin.suspend_service_accounts([bot.member])
        (preview,) = house.admin.preview_deletion([bot.member])
        assert (preview.credentials, preview.groups, preview.suspended) == (2, ("Vision",), True)
        house.clock.advance(seconds=60)
        assert house.admin.delete_service_accounts([bot.member, bot.member]) == 2

        gone = kept(house, bot.member)
        assert (gone.removed_at, gone.suspended, gone.name) == (house.at, False, "bot")
        for key in (bot.access_key, second.access_key):
            revoked = house.credential(key)
            assert (revoked.revoked_at, revoked.revoked_by) == (house.at, house.admin.actor)
        assert house.credential(other.access_key).revoked_at is None
        assert house.store().state.table(GROUPS_TABLE)[group]["members"] == [other.member]
        entry = checked_chain(house.folder)[-1]
        assert (entry["targets"], entry["changed"]) == ([bot.member], {"credentials revoked": 2})
        with pytest.raises(SignInRefused):
            house.as_user().authenticate(bot.access_key, bot.secret_key)

    def test_the_id_stays_resolvable_and_the_name_is_free(
        self, house: House, bot: IssuedCredential
    ) -> None:
        house.admin.delete_service_accounts([bot.member])
        here = house.as_user()
        assert here.service_account_row(bot.member).name == "bot"
        assert (names(here), here.summary().service_accounts) == ([], 0)
        with pytest.raises(NotFound, match="bot was deleted"):
            here.service_account_details(bot.member)
        again = here.add_service_account("BOT", False)
        assert again.member != bot.member
        assert again.label == "Default Credentials"

    def test_the_preview_says_when_it_was_used(self, house: House, bot: IssuedCredential) -> None:
        here = house.as_user()
        assert here.preview_deletion([bot.member])[0].last_active_at is None
        here.authenticate(bot.access_key, bot.secret_key)
        assert here.preview_deletion([bot.member])[0].last_active_at == house.at
        house.admin.delete_service_accounts([bot.member])
        here.refresh()
        assert here.preview_deletion([bot.member])[0].reason == "was deleted already"

    def test_previews_need_the_right_and_the_account(
        self, house: House, bob: str, bot: IssuedCredential
    ) -> None:
        plain = house.as_user(PLAIN)
        for preview in ("preview_deletion", "preview_service_account_suspension"):
            with house.refuses(NotAllowed):
                getattr(plain, preview)([bot.member])
            with house.refuses(NotFound):
                getattr(house.admin, preview)(["f" * 32])

    def test_a_user_is_no_service_account_nor_the_other_way_round(
        self, house: House, bob: str, bot: IssuedCredential
    ) -> None:
        with house.refuses(NotFound):
            house.admin.delete_service_accounts([bob])
        with house.refuses(NotFound):
            house.admin.remove_users([bot.member])
        with house.refuses(NotFound):
            house.admin.suspend_service_accounts([house.admin.actor])


def test_a_service_account_administers_nothing(house: House, bob: str) -> None:
    bot = house.admin.add_service_account("bot", True)
    machine = house.as_member(bot.member)
    with house.refuses(NotAllowed):
        machine.add_service_account("second", True)
    with house.refuses(NotAllowed):
        machine.edit_service_account(ServiceAccountEdit(bot.member, 1, allow_impersonation=False))
    with house.refuses(NotAllowed):
        machine.delete_service_accounts([bot.member])
    with house.refuses(NotAllowed):
        machine.suspend_users([bob])


def test_a_name_is_kept_composed(house: House) -> None:
    issued = house.admin.add_service_account("cafe\u0301", False)
    assert kept(house, issued.member).name == unicodedata.normalize("NFC", "cafe\u0301")


@pytest.mark.parametrize("who", [PLAIN, "ada@acme.example"])
def test_only_administrators_see_numbers_and_times(
    house: House, bob: str, bot: IssuedCredential, who: str
) -> None:
    house.as_user().authenticate(bot.access_key, bot.secret_key)
    house.close()
    here = house.as_user(who)
    details = here.service_account_details(bot.member)
    row = details.row
    assert (row.name, row.groups, row.id) == ("bot", ("Users",), bot.member)
    if who == PLAIN:
        assert (row.credentials, row.last_active_at, row.has_stale) == (None, None, False)
        assert details.credentials is None
        assert bot.access_key not in repr(details)
    else:
        assert (row.credentials, row.last_active_at) == (1, house.at)
        assert [key.access_key for key in details.credentials or ()] == [bot.access_key]

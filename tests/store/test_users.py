"""Editing, suspending and removing users."""

from __future__ import annotations

import unicodedata

import pytest

from store.errors import (
    AccessEnded,
    AlreadyExists,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RefusedByRule,
)
from store.operations.users import UserEdit
from store.terms import CREDENTIALS_TABLE, GROUPS_TABLE
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, edit_of, invitee

KEY = "A" * 30


class TestEditing:
    """What an edit keeps and what it refuses."""

    def test_every_field_at_once(self, house: House, bob: str) -> None:
        research = house.add_group("Research")
        before = house.user(bob)
        edit = edit_of(
            house.admin,
            bob,
            name="  Robert ",
            email="Robert@ACME.example",
            login_name=" bob ",
            joining=(research,),
        )
        house.admin.edit_user(edit)

        kept = house.user(bob)
        assert (kept.name, kept.email, kept.login_name) == ("Robert", "Robert@acme.example", "bob")
        assert kept.revision == before.revision + 1
        assert house.as_user().user_row(bob).groups == ("Research", "Users")
        assert checked_chain(house.folder)[-1]["changed"] == {
            "name": ["Bob", "Robert"],
            "email": ["bob@acme.example", "Robert@acme.example"],
            "login_name": ["", "bob"],
            "joined": [research],
            "left": [],
        }

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, bob: str, name: str) -> None:
        house.admin.edit_user(edit_of(house.admin, bob, name=name))
        assert house.user(bob).name == name
        assert name in house.shown()

    def test_a_name_is_kept_composed_and_without_outer_blanks(self, house: House, bob: str) -> None:
        house.admin.edit_user(edit_of(house.admin, bob, name="\u3000Bjo\u0308rn\n"))
        assert house.user(bob).name == unicodedata.normalize("NFC", "Björn")

    @pytest.mark.parametrize(
        ("field", "name"),
        [
            ("name", ""),
            ("name", " \t\n"),
            ("name", "x" * 1_001),
            ("name", "half \ud83d of it"),
            ("login_name", "x" * 1_001),
            ("login_name", "half \ud83d of it"),
        ],
    )
    def test_a_bad_name_is_refused_at_its_field(
        self, house: House, bob: str, field: str, name: str
    ) -> None:
        edit = UserEdit(bob, house.user(bob).revision, **{field: name})  # type: ignore[arg-type]
        with house.refuses(InvalidInput, field=field):
            house.admin.edit_user(edit)

    def test_the_longest_name_is_kept(self, house: House, bob: str) -> None:
        house.admin.edit_user(edit_of(house.admin, bob, name=" " + "x" * 1_000 + " "))
        assert house.user(bob).name == "x" * 1_000

    def test_a_pending_user_may_go_without_a_name(self, house: House, pia: str) -> None:
        house.admin.edit_user(edit_of(house.admin, pia, name=" "))
        assert house.user(pia).name == ""
        assert house.as_user().user_row(pia).called == "pia@acme.example"

    @pytest.mark.parametrize(
        "taken", ["ada@acme.example", "ADA@Acme.EXAMPLE", "\uff41da@acme.example"]
    )
    def test_an_email_of_another_is_refused(self, house: House, bob: str, taken: str) -> None:
        with house.refuses(AlreadyExists, field="email", says="Ada Lindqvist"):
            house.admin.edit_user(edit_of(house.admin, bob, email=taken))

    def test_an_email_of_a_removed_user_is_free(self, house: House, bob: str, pia: str) -> None:
        house.admin.remove_users([bob])
        house.admin.edit_user(edit_of(house.admin, pia, email="bob@acme.example"))
        assert house.user(pia).email == "bob@acme.example"

    def test_ones_own_email_can_change_its_case(self, house: House, bob: str) -> None:
        house.admin.edit_user(edit_of(house.admin, bob, email="BOB@acme.example"))
        assert house.user(bob).email == "BOB@acme.example"

    @pytest.mark.parametrize(
        "email", ["", "bob", "bob@", "b\x00b@acme.example", "\ud83d@b.example"]
    )
    def test_no_email_is_refused(self, house: House, bob: str, email: str) -> None:
        with house.refuses(InvalidInput, field="email"):
            house.admin.edit_user(edit_of(house.admin, bob, email=email))

    @pytest.mark.parametrize("login", ["ada", "ADA", "\uff41\uff44\uff41"])
    def test_a_login_name_of_another_is_refused(self, house: House, bob: str, login: str) -> None:
        with house.refuses(AlreadyExists, field="login_name", says="Ada Lindqvist"):
            house.admin.edit_user(edit_of(house.admin, bob, login_name=login))

    def test_a_login_name_can_be_taken_away_and_given_to_another(
        self, house: House, bob: str
    ) -> None:
        house.admin.edit_user(edit_of(house.admin, house.admin.actor, login_name=""))
        house.admin.edit_user(edit_of(house.admin, bob, login_name="Ada"))
        assert house.user(bob).login_name == "Ada"
        assert house.user(house.admin.actor).login_name == ""

    def test_an_edit_of_a_former_revision_is_a_conflict(self, house: House, bob: str) -> None:
        other = house.as_user()
        mine = edit_of(house.admin, bob, name="Mine")
        other.edit_user(edit_of(other, bob, name="Theirs"))
        with house.refuses(Conflict, says="Theirs"):
            house.admin.edit_user(mine)

    def test_a_group_that_is_gone_is_not_found(self, house: House, bob: str) -> None:
        with house.refuses(NotFound, field="groups"):
            house.admin.edit_user(edit_of(house.admin, bob, name="New", joining=("0" * 32,)))

    @pytest.mark.parametrize("way", ["joining", "leaving"])
    def test_users_holds_every_member_by_itself(self, house: House, bob: str, way: str) -> None:
        users = (house.group("Users"),)
        revision = house.user(bob).revision
        edit = UserEdit(bob, revision, **{way: users})  # type: ignore[arg-type]
        with house.refuses(RefusedByRule, field="groups"):
            house.admin.edit_user(edit)

    def test_a_user_may_change_their_own_name_only(self, house: House, bob: str) -> None:
        mine = house.as_user("bob@acme.example")
        mine.edit_user(edit_of(mine, bob, name="Bobby"))
        assert house.user(bob).name == "Bobby"
        for edit in (
            edit_of(mine, bob, email="b@acme.example"),
            edit_of(mine, bob, login_name="root"),
            edit_of(mine, bob, joining=(house.group("Admins"),)),
            edit_of(mine, house.admin.actor, name="Eve"),
        ):
            with house.refuses(NotAllowed):
                mine.edit_user(edit)

    def test_a_plain_user_does_not_learn_whether_a_user_exists(
        self, house: House, bob: str
    ) -> None:
        with house.refuses(NotAllowed):
            house.as_user("bob@acme.example").edit_user(UserEdit("0" * 32, 1, name="x"))


class TestLastAdministrator:
    """At least one user in Admins stays Active and not suspended."""

    def test_they_cannot_leave_admins(self, house: House, bob: str) -> None:
        admins = (house.group("Admins"),)
        with house.refuses(RefusedByRule, says="No active administrator"):
            house.admin.edit_user(edit_of(house.admin, house.admin.actor, leaving=admins))

    def test_they_can_once_there_is_another(self, house: House) -> None:
        house.add_administrator("eve@acme.example", "Eve")
        admins = (house.group("Admins"),)
        house.admin.edit_user(edit_of(house.admin, house.admin.actor, leaving=admins))
        assert not house.admin.is_administrator
        assert not house.as_user().is_administrator

    @pytest.mark.parametrize("state", ["pending", "suspended", "removed"])
    def test_an_administrator_who_cannot_act_does_not_count(self, house: House, state: str) -> None:
        admins = (house.group("Admins"),)
        if state == "pending":
            house.invite("eve@acme.example", groups=admins)
        else:
            eve = house.add_administrator("eve@acme.example", "Eve")
            end = {"suspended": house.admin.suspend_users, "removed": house.admin.remove_users}
            end[state]([eve])
        with house.refuses(RefusedByRule):
            house.admin.edit_user(edit_of(house.admin, house.admin.actor, leaving=admins))

    @pytest.mark.parametrize("verb", ["remove", "suspend"])
    def test_a_pending_administrator_cannot_end_the_last_active_one(
        self, house: House, verb: str
    ) -> None:
        house.invite("eve@acme.example", groups=(house.group("Admins"),))
        eve = house.as_user("eve@acme.example")
        ada = house.admin.actor
        previews = {"remove": eve.preview_removal, "suspend": eve.preview_suspension}
        (preview,) = previews[verb]([ada])
        assert preview.reason == "is the last active administrator"
        with house.refuses(RefusedByRule, says="No active administrator"):
            eve.remove_users([ada]) if verb == "remove" else eve.suspend_users([ada])

    def test_two_cannot_end_each_other(self, house: House) -> None:
        eve_id = house.add_administrator("eve@acme.example", "Eve")
        ada, eve = house.as_user(), house.as_user("eve@acme.example")
        ada.suspend_users([eve_id])
        with house.refuses(AccessEnded):
            eve.suspend_users([ada.actor])


class TestSuspending:
    """A flag beside the status."""

    def test_there_and_back_again(self, house: House, bob: str, pia: str) -> None:
        group = house.add_group("Research", bob)
        house.admin.suspend_users([bob, pia])
        here = house.as_user()
        assert [here.user_row(user).status for user in (bob, pia)] == ["Suspended", "Suspended"]
        assert here.user_details(bob).is_suspended
        assert house.store().state.groups_of(bob) == (group,)
        house.admin.let_users_back_in([bob, pia])
        here.refresh()
        assert [here.user_row(user).status for user in (bob, pia)] == ["Active", "Pending"]

    def test_what_is_suspended_already_is_no_error(self, house: House, bob: str, pia: str) -> None:
        house.admin.suspend_users([bob])
        house.admin.suspend_users([bob, pia])
        assert checked_chain(house.folder)[-1]["targets"] == [pia]

    def test_nobody_suspends_themselves(self, house: House, bob: str) -> None:
        house.add_administrator("eve@acme.example", "Eve")
        with house.refuses(RefusedByRule, says="themselves"):
            house.admin.suspend_users([bob, house.admin.actor])

    def test_the_preview_names_what_will_not_be_done(
        self, house: House, bob: str, pia: str
    ) -> None:
        house.admin.suspend_users([bob])
        previews = house.admin.preview_suspension([bob, pia, house.admin.actor])
        assert [(seen.called, seen.pending, seen.reason) for seen in previews] == [
            ("Bob", False, "is suspended already"),
            ("Pia", True, ""),
            ("Ada Lindqvist", False, "nobody may suspend themselves"),
        ]


class TestRemoving:
    """A removed user keeps id and name, and nothing else."""

    def test_credentials_groups_and_login_name_go_at_once(self, house: House, bob: str) -> None:
        group = house.add_group("Research", bob, house.admin.actor)
        house.add_credential(bob, KEY)
        house.add_credential(house.admin.actor, "B" * 30)
        house.admin.edit_user(edit_of(house.admin, bob, login_name="bob"))
        (preview,) = house.admin.preview_removal([bob])
        assert (preview.credentials, preview.groups, preview.reason) == (1, 1, "")
        house.clock.advance(seconds=60)
        assert house.admin.remove_users([bob]) == 1

        state = house.store().state
        assert (house.user(bob).removed_at, house.user(bob).login_name) == (house.at, "")
        revoked = state.table(CREDENTIALS_TABLE)[KEY]
        assert (revoked["revoked_at"], revoked["revoked_by"]) == (house.at, house.admin.actor)
        assert "revoked_at" not in state.table(CREDENTIALS_TABLE)["B" * 30]
        assert state.table(GROUPS_TABLE)[group]["members"] == [house.admin.actor]
        assert state.credentials_of(bob) == state.groups_of(bob) == ()

    def test_id_and_name_stay_resolvable(self, house: House, bob: str) -> None:
        house.admin.remove_users([bob])
        here = house.as_user()
        assert here.user_row(bob).called == "Bob"
        assert "Bob" not in house.shown()
        assert here.summary().users == 1

    def test_a_removed_user_has_no_details(self, house: House, bob: str) -> None:
        house.admin.remove_users([bob])
        with pytest.raises(NotFound):
            house.as_user().user_details(bob)

    def test_nobody_removes_themselves(self, house: House, bob: str) -> None:
        house.add_administrator("eve@acme.example", "Eve")
        with house.refuses(RefusedByRule, says="themselves"):
            house.admin.remove_users([bob, house.admin.actor])
        assert house.admin.preview_removal([house.admin.actor])[0].reason

    def test_a_user_named_twice_is_removed_once(self, house: House, bob: str) -> None:
        house.add_credential(bob, KEY)
        before = house.user(bob).revision
        assert house.admin.remove_users([bob, bob]) == 1
        assert house.user(bob).revision == before + 1

    def test_the_preview_needs_the_right_and_the_user(self, house: House, bob: str) -> None:
        with house.refuses(NotAllowed):
            house.as_user("bob@acme.example").preview_removal([bob])
        with house.refuses(NotAllowed):
            house.as_user("bob@acme.example").preview_suspension([bob])
        with house.refuses(NotFound):
            house.admin.preview_removal(["0" * 32])
        house.admin.remove_users([bob])
        assert house.admin.preview_removal([bob])[0].reason == "was removed already"


class TestRestoring:
    """Inviting the email of a removed user again."""

    @pytest.mark.parametrize("email", ["bob@acme.example", "BOB@acme.example"])
    def test_the_same_id_without_what_was_theirs(self, house: House, bob: str, email: str) -> None:
        house.add_group("Research", bob)
        house.add_credential(bob, KEY)
        house.admin.edit_user(edit_of(house.admin, bob, login_name="bob"))
        house.admin.suspend_users([bob])
        house.admin.remove_users([bob])
        assert house.invite(email) == [bob]

        here = house.as_user()
        details = here.user_details(bob)
        assert (details.name, details.email, details.login_name) == ("Bob", email, "")
        assert (details.row.status, details.row.groups) == ("Pending", ("Users",))
        assert details.credentials == ()
        assert house.store().state.table(CREDENTIALS_TABLE)[KEY]["revoked_at"]

    def test_an_edit_from_before_the_removal_is_a_conflict(self, house: House, bob: str) -> None:
        edit = edit_of(house.admin, bob, name="Late")
        house.admin.remove_users([bob])
        house.invite("bob@acme.example")
        with house.refuses(Conflict):
            house.admin.edit_user(edit)

    def test_who_had_the_email_last_gets_their_id_back(self, house: House, bob: str) -> None:
        house.admin.remove_users([bob])
        carl = house.add_user("carl@acme.example", "Carl")
        house.admin.edit_user(edit_of(house.admin, carl, email="bob@acme.example"))
        house.clock.advance(days=1)
        house.admin.remove_users([carl])
        assert house.admin.invite_users([invitee("bob@acme.example")], [])[0].user == carl

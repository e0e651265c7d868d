"""Inviting, sending again, withdrawing and joining."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store.errors import (
    AccessEnded,
    AlreadyExists,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
    RefusedByRule,
)
from store.minting import hash_of_token, is_token
from store.operations.invitations import InvitationLink
from store.times import from_text
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, edit_of, invitee, settings_edit, shown


def token_of(link: InvitationLink) -> str:
    """The secret part of a link."""
    return link.link.rsplit("/", 1)[1]


class TestInviting:
    """Several at once, or none."""

    def test_all_are_one_change(self, house: House) -> None:
        research = house.add_group("Research")
        commit = house.admin.commit
        people = [invitee("bob@acme.example", "Bob"), invitee("pia@ACME.example")]
        links = house.admin.invite_users(people, [research])

        assert house.admin.commit == commit + 1
        here = house.as_user()
        assert [here.user_row(link.user).called for link in links] == ["Bob", "pia@acme.example"]
        for link in links:
            row = here.user_row(link.user)
            assert (row.status, row.pending_since) == ("Pending", house.at)
            assert row.groups == ("Research", "Users")
            assert link.link.startswith("http://clearml:8008/join/")
            assert house.invitation(link.user).token_hash == hash_of_token(token_of(link))
        assert checked_chain(house.folder)[-1]["targets"] == [link.user for link in links]

    def test_the_link_is_good_for_fourteen_days(self, house: House, pia: str) -> None:
        expires = from_text(house.invitation(pia).expires_at)
        assert expires - house.clock() == timedelta(days=14)
        assert house.admin.user_row(pia).link_expires_at == house.invitation(pia).expires_at

    def test_no_token_is_kept(self, house: House) -> None:
        (link,) = house.admin.invite_users([invitee("bob@acme.example")], [])
        again = house.admin.send_invitations_again([link.user])
        kept = b"".join(house.bytes().values())
        assert token_of(link).encode() not in kept
        assert token_of(again[0]).encode() not in kept
        record = b"".join(kept for name, kept in house.bytes().items() if name[0].isdigit())
        for one in (link, again[0]):
            assert hash_of_token(token_of(one)).encode() not in record

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_hostile_name_is_kept_as_it_is(self, house: House, name: str) -> None:
        (user,) = house.invite("bob@acme.example", name=name)
        assert house.user(user).name == name
        assert name in house.shown()

    @pytest.mark.parametrize("name", ["x" * 1_001, "half \ud83d of it"])
    def test_a_bad_name_is_refused(self, house: House, name: str) -> None:
        with house.refuses(InvalidInput, field="emails"):
            house.invite("bob@acme.example", name=name)

    @pytest.mark.parametrize("email", ["", "bob", "a b@acme.example", "half\ud83d@acme.example"])
    def test_one_bad_email_and_none_is_invited(self, house: House, email: str) -> None:
        with house.refuses(InvalidInput, field="emails"):
            house.invite("good@acme.example", email)

    def test_nobody_to_invite_is_refused(self, house: House) -> None:
        with house.refuses(InvalidInput, field="emails"):
            house.invite()

    @pytest.mark.parametrize(
        "email", ["bob@acme.example", "BOB@Acme.Example", "\uff42ob@acme.example"]
    )
    def test_a_living_users_email_is_refused(self, house: House, bob: str, email: str) -> None:
        house.admin.suspend_users([bob])
        with house.refuses(AlreadyExists, field="emails", says="Bob"):
            house.invite("good@acme.example", email)

    def test_an_email_that_another_process_took_meanwhile_is_refused(self, house: House) -> None:
        other = house.as_user()
        house.invite("bob@acme.example", name="Bob")
        with house.refuses(AlreadyExists, field="emails", says="Bob"):
            other.invite_users([invitee("Bob@acme.example")], [])

    def test_the_same_email_twice_makes_one_user(self, house: House) -> None:
        users = house.invite("bob@acme.example", "pia@acme.example", "BOB@acme.example")
        assert [house.user(user).email for user in users] == [
            "bob@acme.example",
            "pia@acme.example",
        ]
        assert house.as_user().summary().users == 3
        assert sorted(house.shown()) == ["Ada Lindqvist", "bob@acme.example", "pia@acme.example"]

    def test_a_removed_users_email_twice_restores_one(self, house: House, bob: str) -> None:
        house.admin.remove_users([bob])
        assert house.invite("bob@acme.example", "Bob@acme.example") == [bob]

    def test_a_group_that_is_gone_is_not_found(self, house: House) -> None:
        with house.refuses(NotFound, field="groups"):
            house.invite("bob@acme.example", groups=("0" * 32,))

    def test_users_cannot_be_chosen(self, house: House) -> None:
        with house.refuses(RefusedByRule, field="groups"):
            house.invite("bob@acme.example", groups=(house.group("Users"),))


class TestLimits:
    """Pending and suspended users count, removed ones do not."""

    def limit(self, house: House, places: int | None) -> None:
        """Set the limit of users."""
        house.admin.edit_settings(settings_edit(house.admin, user_limit=places))

    def test_more_than_there_are_places(self, house: House, bob: str, pia: str) -> None:
        house.admin.suspend_users([bob])
        self.limit(house, 4)
        with house.refuses(LimitReached, field="emails", says="2 users .* 1 of 4 places is left"):
            house.invite("c@acme.example", "d@acme.example")
        assert house.admin.invite_refusal() == ""
        house.invite("c@acme.example")
        assert "4 of 4" in house.admin.invite_refusal()
        with house.refuses(LimitReached, field="emails"):
            house.invite("d@acme.example")

    def test_a_limit_below_the_count(self, house: House, bob: str, pia: str) -> None:
        self.limit(house, 2)
        summary = house.as_user().summary()
        assert (summary.name, summary.users, summary.user_limit) == ("Acme", 3, 2)
        assert "3 of 2" in house.admin.invite_refusal()
        with house.refuses(LimitReached, field="emails"):
            house.invite("c@acme.example")
        house.admin.edit_user(edit_of(house.admin, bob, name="Robert"))

    def test_a_removed_user_makes_place_and_needs_one_to_return(
        self, house: House, bob: str
    ) -> None:
        self.limit(house, 2)
        house.admin.remove_users([bob])
        assert house.admin.invite_refusal() == ""
        house.invite("c@acme.example")
        with house.refuses(LimitReached, field="emails"):
            house.invite("bob@acme.example")
        self.limit(house, None)
        assert house.invite("bob@acme.example") == [bob]

    def test_repeats_take_one_place(self, house: House) -> None:
        self.limit(house, 2)
        house.invite("bob@acme.example", "Bob@acme.example")

    def test_a_service_account_takes_no_users_place(self, house: House) -> None:
        house.add_service_account("bot")
        self.limit(house, 2)
        house.invite("bob@acme.example")

    def test_a_place_that_another_process_took_meanwhile_is_gone(self, house: House) -> None:
        self.limit(house, 2)
        other = house.as_user()
        house.invite("bob@acme.example")
        with house.refuses(LimitReached, field="emails"):
            other.invite_users([invitee("c@acme.example")], [])

    def test_who_may_not_invite_is_told_why(self, house: House, bob: str) -> None:
        assert "administrators" in house.as_user("bob@acme.example").invite_refusal()
        assert "--read-only" in house.as_user(read_only=True).invite_refusal()


class TestSendingAgain:
    """A new link, and the old one ends."""

    def test_pending_since_stays(self, house: House) -> None:
        (first,) = house.admin.invite_users([invitee("pia@acme.example")], [])
        since = house.at
        house.clock.advance(days=20)
        (second,) = house.admin.send_invitations_again([first.user])

        kept = house.invitation(first.user).token_hash
        assert is_token(token_of(second), kept)
        assert not is_token(token_of(first), kept)
        row = house.as_user().user_row(first.user)
        assert row.pending_since == since
        assert row.link_expires_at is not None
        assert from_text(row.link_expires_at) - house.clock() == timedelta(days=14)

    def test_a_user_named_twice_gets_one_link_that_works(self, house: House, pia: str) -> None:
        links = house.admin.send_invitations_again([pia, pia])
        kept = house.invitation(pia).token_hash
        assert [is_token(token_of(link), kept) for link in links] == [True]

    def test_who_has_joined_needs_no_link(self, house: House, bob: str, pia: str) -> None:
        with house.refuses(RefusedByRule, says="Bob has joined"):
            house.admin.send_invitations_again([pia, bob])


class TestJoiningAndWithdrawing:
    """The two ways in which an invitation ends."""

    def test_becoming_active_ends_the_link(self, house: House, pia: str) -> None:
        house.clock.advance(days=3)
        mine = house.as_user("pia@acme.example")
        assert mine.activate("Taken from the system") is True
        kept = house.user(pia)
        assert (kept.status, kept.name, kept.joined_at) == ("Active", "Pia", house.at)
        assert kept.invitation is None
        row = house.as_user().user_row(pia)
        assert (row.pending_since, row.link_expires_at) == (None, None)
        entry = checked_chain(house.folder)[-1]
        assert (entry["operation"], entry["actor"]) == ("activate_user", pia)
        assert mine.activate("again") is False

    def test_joining_works_after_the_link_has_expired(self, house: House, pia: str) -> None:
        house.clock.advance(days=15)
        assert house.as_user("pia@acme.example").activate("") is True

    def test_without_a_name_one_is_taken(self, house: House) -> None:
        (user,) = house.invite("nameless@acme.example")
        mine = house.as_user("nameless@acme.example")
        with house.refuses(InvalidInput, field="name"):
            mine.activate(" ")
        mine.activate("Nell")
        assert house.user(user).name == "Nell"

    def test_joining_in_two_places_is_one_activation(self, house: House, pia: str) -> None:
        here, there = (house.as_user("pia@acme.example") for _ in range(2))
        here.activate("")
        before = house.bytes()
        there.activate("")
        assert house.bytes() == before

    @pytest.mark.parametrize("end", ["remove", "suspend"])
    def test_nobody_joins_whose_access_ended_meanwhile(
        self, house: House, pia: str, end: str
    ) -> None:
        mine = house.as_user("pia@acme.example")
        ends = {"remove": house.admin.remove_users, "suspend": house.admin.suspend_users}
        ends[end]([pia])
        with house.refuses(AccessEnded):
            mine.activate("Pia")
        assert house.user(pia).status == "Pending"

    def test_read_only_activates_nobody(self, house: House, pia: str) -> None:
        before = house.bytes()
        assert house.as_user("pia@acme.example", read_only=True).activate("Pia") is False
        assert house.bytes() == before

    def test_withdrawing_removes_the_user_and_the_link(self, house: House, pia: str) -> None:
        assert house.admin.preview_removal([pia])[0].pending
        house.admin.remove_users([pia])
        kept = house.user(pia)
        assert kept.invitation is None
        assert kept.removed_at == house.at
        assert house.shown() == ["Ada Lindqvist"]


class TestChecking:
    """What the field says while somebody types or pastes."""

    def test_each_once_with_what_is_wrong(self, house: House, bob: str) -> None:
        text = (
            "new@acme.example, NEW@acme.example; BOB@acme.example\nnonsense\nPia <pia@acme.example>"
        )
        checked = house.admin.check_invitees(text)
        assert [(seen.email, seen.name) for seen in checked] == [
            ("new@acme.example", ""),
            ("BOB@acme.example", ""),
            ("", ""),
            ("pia@acme.example", "Pia"),
        ]
        assert [bool(seen.problem) for seen in checked] == [False, True, True, False]
        assert "Bob" in checked[1].problem
        assert checked[2].text == "nonsense"

    def test_the_good_ones_can_be_invited_as_they_are(self, house: House) -> None:
        checked = house.admin.check_invitees("Pia <pia@acme.example>, b@acme.example")
        house.admin.invite_users(checked, [])
        assert shown(house.as_user()) == ["Ada Lindqvist", "b@acme.example", "Pia"]

    @pytest.mark.parametrize("name", ["x" * 1_001, "half \ud83d of it"])
    def test_a_bad_name_is_a_problem_of_its_own_address(self, house: House, name: str) -> None:
        (seen,) = house.admin.check_invitees(f"{name} <pia@acme.example>")
        assert "name" in seen.problem

    def test_a_removed_users_email_is_free(self, house: House, bob: str) -> None:
        house.admin.remove_users([bob])
        assert [seen.problem for seen in house.admin.check_invitees("bob@acme.example")] == [""]

    def test_a_plain_user_may_not_probe_emails(self, house: House, bob: str) -> None:
        with house.refuses(NotAllowed):
            house.as_user("bob@acme.example").check_invitees("ada@acme.example")

"""Making, editing, rotating, suspending and revoking credentials."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from store.credential_views import CredentialRow, IssuedCredential
from store.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    RefusedByRule,
)
from store.minting import Mint, hash_of_secret_key, is_secret_key
from store.operations.credentials import CredentialEdit
from store.times import from_text, to_text
from store.workspace import Workspace
from tests.store.chain import checked_chain
from tests.store.house import HOSTILE_NAMES, House, edit_of

DAY = timedelta(days=1)


@pytest.fixture
def bot(house: House) -> IssuedCredential:
    """The first credential of a service account."""
    return house.admin.add_service_account("bot", False)


def rows_of(here: Workspace, member: str) -> dict[str, CredentialRow]:
    """What is shown of a service account's credentials, by access key."""
    rows = here.service_account_details(member).credentials
    return {row.access_key: row for row in rows or ()}


def labels_of(here: Workspace, user: str) -> list[str]:
    """The labels of a user's credentials."""
    return sorted(row.label for row in here.user_details(user).credentials or ())


def edit_of_key(
    house: House, access_key: str, *, label: str | None = None, expires_at: str | None = None
) -> CredentialEdit:
    """An edit that begins from what is there now; it expires never where nothing is named."""
    now = house.credential(access_key)
    return CredentialEdit(access_key, now.revision, label or now.label, expires_at)


def in_days(house: House, days: float) -> str:
    """The time so many days from now."""
    return to_text(house.clock() + timedelta(days=days))


class TestMaking:
    """What is handed out, and what is kept of it."""

    def test_what_is_handed_out_is_what_signs_in(self, house: House, bob: str) -> None:
        mine = house.as_user("bob@acme.example")
        issued = mine.create_credentials(bob, "Laptop")
        assert (issued.member, issued.called, issued.label) == (bob, "Bob", "Laptop")
        assert re.fullmatch("[A-Z0-9]{30}", issued.access_key)
        assert re.fullmatch("[A-Za-z0-9_-]{64}", issued.secret_key)
        kept = house.credential(issued.access_key)
        assert is_secret_key(issued.secret_key, kept.secret_hash)
        assert (kept.member, kept.created_at, kept.expires_at) == (bob, house.at, None)
        assert kept.revision == issued.revision
        signed_in = house.as_user().authenticate(issued.access_key, issued.secret_key)
        assert signed_in.member == bob

    def test_neither_secret_nor_hash_is_told(self, house: House, bot: IssuedCredential) -> None:
        issued = [bot, house.admin.create_credentials(bot.member, "Second")]
        issued.append(house.admin.rotate_credential(bot.access_key, DAY))
        house.admin.cancel_rotation(bot.access_key)
        house.admin.edit_credential(edit_of_key(house, bot.access_key, label="Renamed"))
        house.admin.revoke_credentials([one.access_key for one in issued])
        house.admin.delete_service_accounts([bot.member])
        written = b"".join(path.read_bytes() for path in house.folder.rglob("*") if path.is_file())
        told = repr(checked_chain(house.folder)) + repr(issued) + repr(house.admin.activity())
        for one in issued:
            assert one.secret_key.encode() not in written
            assert one.secret_key not in told
            assert hash_of_secret_key(one.secret_key) not in told

    def test_the_activity_names_member_label_and_key(
        self, house: House, bot: IssuedCredential
    ) -> None:
        issued = house.admin.create_credentials(bot.member, "CI")
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [bot.member, issued.access_key]
        assert entry["changed"] == {"label": ["", "CI"]}

    def test_labels_count_on_where_none_is_given(self, house: House, bob: str) -> None:
        mine = house.as_user("bob@acme.example")
        first, second, third = (mine.create_credentials(bob) for _ in range(3))
        labels = [one.label for one in (first, second, third)]
        assert labels == ["Default Credentials", "Credential 2", "Credential 3"]
        mine.revoke_credentials([first.access_key, second.access_key])
        assert mine.create_credentials(bob, "  \t").label == "Credential 2"
        mine.create_credentials(bob, "cREDENTIAL 4")
        assert mine.create_credentials(bob).label == "Credential 5"

    @pytest.mark.parametrize("label", HOSTILE_NAMES)
    def test_a_hostile_label_is_kept_as_it_is(
        self, house: House, bot: IssuedCredential, label: str
    ) -> None:
        issued = house.admin.create_credentials(bot.member, label)
        assert issued.label == house.credential(issued.access_key).label == label
        assert rows_of(house.as_user(), bot.member)[issued.access_key].label == label

    def test_a_label_is_kept_composed_and_without_outer_blanks(
        self, house: House, bot: IssuedCredential
    ) -> None:
        assert house.admin.create_credentials(bot.member, " e\u0301 ").label == "\u00e9"

    @pytest.mark.parametrize("label", ["x" * 1_001, "a\ud800b"])
    def test_a_bad_label_is_refused_at_its_field(
        self, house: House, bot: IssuedCredential, label: str
    ) -> None:
        with house.refuses(InvalidInput, field="label"):
            house.admin.create_credentials(bot.member, label)
        with house.refuses(InvalidInput, field="label"):
            house.admin.edit_credential(edit_of_key(house, bot.access_key, label=label))

    def test_an_access_key_is_never_used_again(self, house: House, bob: str) -> None:
        def again() -> Workspace:
            return Workspace(house.store(), bob, clock=house.clock, mint=Mint(lambda n: b"\1" * n))

        issued = again().create_credentials(bob)
        with house.refuses(RefusedByRule, says="exists already"):
            again().create_credentials(bob)
        again().revoke_credentials([issued.access_key])
        with house.refuses(RefusedByRule, says="exists already"):
            again().create_credentials(bob)

    def test_nobody_makes_any_for_a_suspended_member(
        self, house: House, bot: IssuedCredential
    ) -> None:
        house.admin.suspend_service_accounts([bot.member])
        assert "is suspended" in house.admin.create_refusal(bot.member)
        with house.refuses(RefusedByRule, says="is suspended"):
            house.admin.create_credentials(bot.member)
        with house.refuses(RefusedByRule, says="is suspended"):
            house.admin.rotate_credential(bot.access_key, DAY)
        house.admin.let_service_accounts_back_in([bot.member])
        assert house.admin.create_refusal(bot.member) == ""

    def test_why_none_can_be_made_is_told_before(
        self, house: House, bob: str, bot: IssuedCredential
    ) -> None:
        plain, machine = house.as_user("bob@acme.example"), house.as_member(bot.member)
        admin = house.as_user()
        assert [admin.create_refusal(one) for one in (admin.actor, bot.member)] == ["", ""]
        assert plain.create_refusal(bob) == ""
        assert "ask Bob" in admin.create_refusal(bob)
        assert "ask an administrator" in plain.create_refusal(bot.member)
        assert machine.create_refusal(bot.member).startswith("A service account may not")
        assert "no member" in admin.create_refusal("f" * 32)
        assert "--read-only" in house.as_user(read_only=True).create_refusal(bot.member)
        house.admin.delete_service_accounts([bot.member])
        assert "was removed" in house.as_user().create_refusal(bot.member)


Act = Callable[[Workspace, IssuedCredential], object]
RIGHTS: dict[str, Act] = {
    "create": lambda here, key: here.create_credentials(key.member),
    "relabel": lambda here, key: here.edit_credential(
        CredentialEdit(key.access_key, key.revision, "Mine", None)
    ),
    "expire": lambda here, key: here.edit_credential(
        CredentialEdit(key.access_key, key.revision, key.label, "2027-01-01T00:00:00Z")
    ),
    "rotate": lambda here, key: here.rotate_credential(key.access_key, DAY),
    "cancel": lambda here, key: here.cancel_rotation(key.access_key),
    "suspend": lambda here, key: here.suspend_credentials([key.access_key]),
    "let back in": lambda here, key: here.let_credentials_back_in([key.access_key]),
    "revoke": lambda here, key: here.revoke_credentials([key.access_key]),
}
ALL = set(RIGHTS)
# Who acts on whose credentials, and what they may do.
ALLOWED = {
    ("ada", "ada"): ALL,
    ("ada", "bob"): {"suspend", "let back in", "revoke"},
    ("ada", "bot"): ALL,
    ("bob", "ada"): set(),
    ("bob", "bob"): ALL,
    ("bob", "bot"): set(),
    ("bot", "ada"): set(),
    ("bot", "bob"): set(),
    ("bot", "bot"): {"relabel", "revoke"},
    ("other bot", "bot"): set(),
}


@pytest.mark.parametrize("what", sorted(RIGHTS))
@pytest.mark.parametrize(("actor", "owner"), sorted(ALLOWED))
def test_who_may_do_what(house: House, bob: str, actor: str, owner: str, what: str) -> None:
    accounts = [house.admin.add_service_account(name, True) for name in ("bot", "other bot")]
    people = {"ada": house.admin.actor, "bob": bob}
    ids = people | {one.called: one.member for one in accounts}
    issued = {key: house.as_member(ids[key]).create_credentials(ids[key]) for key in people}
    issued |= {one.called: one for one in accounts}
    owners = house.as_user() if owner == "bot" else house.as_member(ids[owner])
    if what == "cancel":
        owners.rotate_credential(issued[owner].access_key, DAY)
    if what == "let back in":
        owners.suspend_credentials([issued[owner].access_key])
    here = house.as_member(ids[actor])
    if what in ALLOWED[actor, owner]:
        before = here.commit
        RIGHTS[what](here, issued[owner])
        assert here.commit == before + 1
    else:
        with house.refuses(NotAllowed, says="ask|Ask"):
            RIGHTS[what](here, issued[owner])


def test_an_unknown_key_is_answered_as_another_persons(
    house: House, bob: str, bot: IssuedCredential
) -> None:
    plain = house.as_user("bob@acme.example")
    with pytest.raises(NotAllowed) as known:
        plain.revoke_credentials([bot.access_key])
    with pytest.raises(NotAllowed) as unknown:
        plain.revoke_credentials(["Z" * 30])
    assert known.value.message == unknown.value.message


class TestEditing:
    """The label and the expiry."""

    def test_both_at_once(self, house: House, bot: IssuedCredential) -> None:
        end = in_days(house, 30)
        house.admin.edit_credential(
            edit_of_key(house, bot.access_key, label=" CI ", expires_at=end)
        )
        row = rows_of(house.as_user(), bot.member)[bot.access_key]
        assert (row.label, row.expires_at, row.can_sign_in) == ("CI", end, True)
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [bot.member, bot.access_key]
        assert entry["changed"] == {
            "label": ["Default Credentials", "CI"],
            "expires_at": [None, end],
        }
        house.clock.advance(days=30)
        row = rows_of(house.as_user(), bot.member)[bot.access_key]
        assert (row.is_expired, row.can_sign_in) == (True, False)

    def test_an_expiry_is_kept_in_utc(self, house: House, bot: IssuedCredential) -> None:
        edit = edit_of_key(house, bot.access_key, expires_at="2026-04-01T02:00:00.5+02:00")
        house.admin.edit_credential(edit)
        assert house.credential(bot.access_key).expires_at == "2026-04-01T00:00:00Z"

    @pytest.mark.parametrize(
        "expires_at",
        [
            "",
            "soon",
            "2026-04-01T00:00:00",
            "2026-04-01",
            "2026-03-02T09:30:00Z",
            "2020-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "\ud800",
        ],
    )
    def test_a_bad_expiry_is_refused_at_its_field(
        self, house: House, bot: IssuedCredential, expires_at: str
    ) -> None:
        with house.refuses(InvalidInput, field="expires_at"):
            house.admin.edit_credential(
                CredentialEdit(bot.access_key, bot.revision, bot.label, expires_at)
            )

    def test_one_that_has_expired_can_be_relabelled_and_prolonged(
        self, house: House, bot: IssuedCredential
    ) -> None:
        end = in_days(house, 1)
        house.admin.edit_credential(edit_of_key(house, bot.access_key, expires_at=end))
        house.clock.advance(days=2)
        house.admin.edit_credential(edit_of_key(house, bot.access_key, label="Old", expires_at=end))
        assert house.credential(bot.access_key).label == "Old"
        house.admin.edit_credential(edit_of_key(house, bot.access_key))
        assert rows_of(house.as_user(), bot.member)[bot.access_key].can_sign_in

    def test_an_edit_of_what_was_changed_meanwhile_is_a_conflict(
        self, house: House, bot: IssuedCredential
    ) -> None:
        edit = edit_of_key(house, bot.access_key, label="Late")
        house.admin.edit_credential(edit_of_key(house, bot.access_key, label="Early"))
        with house.refuses(Conflict):
            house.admin.edit_credential(edit)

    def test_a_service_account_cannot_prolong_its_own(
        self, house: House, bot: IssuedCredential
    ) -> None:
        house.admin.edit_credential(
            edit_of_key(house, bot.access_key, expires_at=in_days(house, 1))
        )
        with house.refuses(NotAllowed, says="labels only"):
            house.as_member(bot.member).edit_credential(edit_of_key(house, bot.access_key))


class TestRotating:
    """A new one, while the old one ends."""

    @pytest.mark.parametrize("days", [0, 1, 90])
    def test_the_old_one_ends_after_the_grace_period(
        self, house: House, bot: IssuedCredential, days: int
    ) -> None:
        new = house.admin.rotate_credential(bot.access_key, timedelta(days=days))
        assert (new.member, new.label) == (bot.member, "Credential 2")
        rows = rows_of(house.as_user(), bot.member)
        old = rows[bot.access_key]
        assert (old.expires_at, old.replaced_by) == (in_days(house, days), new.access_key)
        assert old.can_sign_in == (days > 0)
        assert rows[new.access_key].expires_at is None
        house.clock.advance(days=days)
        assert not rows_of(house.as_user(), bot.member)[bot.access_key].can_sign_in
        entry = checked_chain(house.folder)[-1]
        assert entry["targets"] == [bot.member, bot.access_key, new.access_key]
        house.as_user().authenticate(new.access_key, new.secret_key)

    def test_it_never_makes_the_old_one_last_longer(
        self, house: House, bot: IssuedCredential
    ) -> None:
        end = in_days(house, 2)
        house.admin.edit_credential(edit_of_key(house, bot.access_key, expires_at=end))
        house.admin.rotate_credential(bot.access_key, timedelta(days=7))
        assert house.credential(bot.access_key).expires_at == end

    @pytest.mark.parametrize("days", [None, 30])
    def test_cancelling_gives_back_the_former_expiry(
        self, house: House, bot: IssuedCredential, days: int | None
    ) -> None:
        former = None if days is None else in_days(house, days)
        if former:
            house.admin.edit_credential(edit_of_key(house, bot.access_key, expires_at=former))
        new = house.admin.rotate_credential(bot.access_key, DAY)
        house.admin.cancel_rotation(bot.access_key)
        rows = rows_of(house.as_user(), bot.member)
        assert (rows[bot.access_key].expires_at, rows[bot.access_key].replaced_by) == (former, None)
        assert rows[new.access_key].can_sign_in
        house.admin.rotate_credential(bot.access_key, DAY)

    def test_what_was_not_rotated_cannot_be_cancelled(
        self, house: House, bot: IssuedCredential
    ) -> None:
        with house.refuses(RefusedByRule, says="not being rotated"):
            house.admin.cancel_rotation(bot.access_key)

    def test_what_has_ended_cannot_be_cancelled(self, house: House, bot: IssuedCredential) -> None:
        house.admin.rotate_credential(bot.access_key, DAY)
        house.clock.advance(days=1)
        with house.refuses(RefusedByRule, says="Make a new one"):
            house.admin.cancel_rotation(bot.access_key)

    def test_one_is_rotated_once_at_a_time(self, house: House, bot: IssuedCredential) -> None:
        new = house.admin.rotate_credential(bot.access_key, DAY)
        with house.refuses(RefusedByRule, says="being rotated already"):
            house.admin.rotate_credential(bot.access_key, DAY)
        house.admin.rotate_credential(new.access_key, DAY)

    def test_what_has_expired_cannot_be_rotated(self, house: House, bot: IssuedCredential) -> None:
        house.admin.edit_credential(
            edit_of_key(house, bot.access_key, expires_at=in_days(house, 1))
        )
        house.clock.advance(days=1)
        with house.refuses(RefusedByRule, says="has expired"):
            house.admin.rotate_credential(bot.access_key, DAY)

    def test_another_expiry_ends_the_rotation(self, house: House, bot: IssuedCredential) -> None:
        house.admin.rotate_credential(bot.access_key, DAY)
        end = house.credential(bot.access_key).expires_at
        house.admin.edit_credential(
            edit_of_key(house, bot.access_key, label="Same end", expires_at=end)
        )
        assert house.credential(bot.access_key).replaced_by
        house.admin.edit_credential(
            edit_of_key(house, bot.access_key, expires_at=in_days(house, 5))
        )
        kept = house.credential(bot.access_key)
        assert (kept.replaced_by, kept.former_expires_at) == (None, None)
        with house.refuses(RefusedByRule, says="not being rotated"):
            house.admin.cancel_rotation(bot.access_key)

    def test_revoking_the_new_one_leaves_the_end_of_the_old_one(
        self, house: House, bot: IssuedCredential
    ) -> None:
        new = house.admin.rotate_credential(bot.access_key, DAY)
        house.admin.revoke_credentials([new.access_key])
        assert house.credential(bot.access_key).expires_at == in_days(house, 1)
        house.admin.cancel_rotation(bot.access_key)
        assert house.credential(bot.access_key).expires_at is None

    @pytest.mark.parametrize("grace", [timedelta(seconds=-1), timedelta.max])
    def test_a_bad_grace_period_is_refused_at_its_field(
        self, house: House, bot: IssuedCredential, grace: timedelta
    ) -> None:
        with house.refuses(InvalidInput, field="grace"):
            house.admin.rotate_credential(bot.access_key, grace)


class TestSuspendingAndRevoking:
    """Several at once, of whomever they are."""

    def test_a_suspended_one_cannot_sign_in_until_it_is_let_back_in(
        self, house: House, bot: IssuedCredential
    ) -> None:
        assert house.admin.suspend_credentials([bot.access_key, bot.access_key]) == 1
        row = rows_of(house.as_user(), bot.member)[bot.access_key]
        assert (row.is_suspended, row.can_sign_in) == (True, False)
        assert house.as_user().service_account_row(bot.member).credentials == 0
        assert house.admin.let_credentials_back_in([bot.access_key]) == 1
        assert rows_of(house.as_user(), bot.member)[bot.access_key].can_sign_in

    def test_only_those_that_change_are_told(self, house: House, bot: IssuedCredential) -> None:
        second = house.admin.create_credentials(bot.member)
        house.admin.suspend_credentials([bot.access_key])
        assert house.admin.suspend_credentials([bot.access_key, second.access_key]) == 1
        assert checked_chain(house.folder)[-1]["targets"] == [bot.member, second.access_key]

    def test_those_of_several_members(self, house: House, bob: str, bot: IssuedCredential) -> None:
        other = house.as_user("bob@acme.example").create_credentials(bob)
        keys = [bot.access_key, other.access_key, bot.access_key]
        assert house.admin.revoke_credentials(keys) == 2
        targets = checked_chain(house.folder)[-1]["targets"]
        assert targets == [bot.member, bob, bot.access_key, other.access_key]
        for key in keys:
            kept = house.credential(key)
            assert (kept.revoked_at, kept.revoked_by) == (house.at, house.admin.actor)

    def test_a_revoked_one_is_gone_for_every_operation(
        self, house: House, bob: str, bot: IssuedCredential
    ) -> None:
        mine = house.as_user("bob@acme.example")
        key = mine.create_credentials(bob)
        mine.revoke_credentials([key.access_key])
        assert labels_of(mine, bob) == []
        for what in sorted(ALL - {"create"}):
            with house.refuses(NotFound, says="revoked"):
                RIGHTS[what](mine, key)

    def test_one_that_may_not_leaves_all_as_they_are(
        self, house: House, bob: str, bot: IssuedCredential
    ) -> None:
        mine = house.as_user("bob@acme.example")
        key = mine.create_credentials(bob)
        with house.refuses(NotAllowed):
            mine.revoke_credentials([key.access_key, bot.access_key])
        with house.refuses(NotAllowed):
            mine.suspend_credentials([key.access_key, bot.access_key])


def test_removing_a_user_revokes_and_inviting_again_brings_nothing_back(
    house: House, bob: str
) -> None:
    mine = house.as_user("bob@acme.example")
    keys = [mine.create_credentials(bob).access_key for _ in range(2)]
    mine.suspend_credentials(keys[:1])
    assert house.admin.remove_users([bob]) == 2
    assert all(house.credential(key).revoked_at for key in keys)

    assert house.invite("bob@acme.example") == [bob]
    again = house.as_user("bob@acme.example")
    again.activate("")
    assert labels_of(again, bob) == []
    assert again.create_credentials(bob).label == "Credential 2"
    with house.refuses(NotFound):
        again.let_credentials_back_in(keys)


def test_a_user_who_is_suspended_keeps_credentials_that_sign_nobody_in(
    house: House, bob: str
) -> None:
    key = house.as_user("bob@acme.example").create_credentials(bob)
    house.admin.suspend_users([bob])
    (row,) = house.as_user().user_details(bob).credentials or ()
    assert (row.access_key, row.can_sign_in, row.is_suspended) == (key.access_key, False, False)
    assert house.admin.revoke_credentials([key.access_key]) == 1


def test_losing_the_right_does_not_take_away_ones_own(house: House) -> None:
    eve = house.add_administrator("eve@acme.example", "Eve")
    mine = house.as_user("eve@acme.example")
    key = mine.create_credentials(eve)
    admins = (house.group("Admins"),)
    house.admin.edit_user(edit_of(house.admin, eve, leaving=admins))
    mine.refresh()
    assert mine.revoke_credentials([key.access_key]) == 1
    assert from_text(house.credential(key.access_key).revoked_at or "") == house.clock()

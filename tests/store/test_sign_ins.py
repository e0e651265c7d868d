"""Signing in with credentials, and the record of those that were refused."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from store.errors import NotAllowed, NotFound, SignInRefused, StoreUnreadable
from store.minting import hash_of_secret_key
from store.operations.users import UserEdit
from store.persistence import counted
from store.persistence.refusals import BETWEEN_WRITES
from store.sign_ins import RefusedSignIn, SignedIn, Verdict, verdict_on
from store.terms import CREDENTIALS_TABLE
from store.times import to_text
from store.workspace import Workspace
from tests.store.house import HOSTILE_NAMES, House
from tests.store.keyring import (
    KEY,
    SECRET,
    add_credentials,
    change_credential,
    change_service_account,
    flush,
    put,
    refused_on_disk,
    wait_until,
)

MESSAGE = "Unauthorized (invalid credentials)"
WRONG = "w" * 64

Change = Callable[[House, str], None]


@pytest.fixture
def bot(house: House) -> Iterator[str]:
    """The id of a service account with a credential."""
    account = house.add_service_account("bot")
    add_credentials(house, account, KEY)
    yield account
    house.admin.close()


def refuse(workspace: Workspace, access_key: str, secret_key: str, **sent: str) -> SignInRefused:
    """See that a sign-in is refused, and how."""
    with pytest.raises(SignInRefused) as raised:
        workspace.authenticate(access_key, secret_key, **sent)
    return raised.value


def sign_ins(workspace: Workspace, member: str) -> tuple[RefusedSignIn, ...]:
    """The refused sign-ins of a member, as they were counted."""
    return tuple(row.sign_ins for row in workspace.refused_sign_ins(member))


def flood(workspace: Workspace, number: int, addresses: str = "192.0.2.") -> None:
    """Refuse so many unknown keys, each from an address of its own."""
    for one in range(number):
        refuse(workspace, f"{one:04}", SECRET, address=f"{addresses}{one}" + "x" * 500)


def change(**values: Any) -> Change:
    """Change the credential."""
    return lambda house, _: change_credential(house, KEY, **values)


def change_member(**values: Any) -> Change:
    """Change the service account."""
    return lambda house, account: change_service_account(house, account, **values)


def both(*changes: Change) -> Change:
    """Change several things."""

    def run(house: House, account: str) -> None:
        for one in changes:
            one(house, account)

    return run


PAST = "2026-03-02T09:29:59Z"
ENDINGS: list[tuple[Change, Verdict]] = [
    (change(revoked_at=PAST), Verdict.REVOKED),
    (change(expires_at=PAST), Verdict.EXPIRED),
    (change(expires_at="2026-03-02T09:30:00Z"), Verdict.EXPIRED),
    (change(suspended=True), Verdict.SUSPENDED),
    (change_member(suspended=True), Verdict.MEMBER_SUSPENDED),
    (change_member(removed_at=PAST), Verdict.REMOVED),
    (change(member="0" * 32), Verdict.REMOVED),
    (change(suspended=True, expires_at=PAST), Verdict.SUSPENDED),
    (change(suspended=True, expires_at=PAST, revoked_at=PAST), Verdict.REVOKED),
    (both(change(revoked_at=PAST), change_member(removed_at=PAST)), Verdict.REMOVED),
    (both(change(suspended=True), change_member(suspended=True)), Verdict.MEMBER_SUSPENDED),
]


class TestWhoSignsIn:
    def test_the_member_of_the_credential(self, house: House, bot: str) -> None:
        assert house.admin.authenticate(KEY, SECRET) == SignedIn(bot, KEY)

    def test_a_person(self, house: House, bob: str) -> None:
        add_credentials(house, bob, "B" * 30)
        assert house.admin.authenticate("B" * 30, SECRET) == SignedIn(bob, "B" * 30)

    def test_somebody_pending(self, house: House, pia: str) -> None:
        add_credentials(house, pia, "P" * 30)
        assert house.admin.authenticate("P" * 30, SECRET).member == pia
        assert house.user(pia).status == "Pending"

    def test_until_the_credential_expires(self, house: House, bot: str) -> None:
        end = to_text(house.clock() + timedelta(seconds=2))
        change_credential(house, KEY, expires_at=end)
        house.clock.advance(seconds=1)
        house.admin.authenticate(KEY, SECRET)
        house.clock.advance(seconds=1)
        refuse(house.admin, KEY, SECRET)

    def test_whatever_the_right_of_the_actor(self, house: House, bob: str, bot: str) -> None:
        assert house.as_user("bob@acme.example").authenticate(KEY, SECRET).member == bot

    def test_no_commit_and_no_activity(self, house: House, bot: str) -> None:
        before = house.bytes()
        house.admin.authenticate(KEY, SECRET, worker="gpu-07", address="192.0.2.17")
        refuse(house.admin, KEY, WRONG)
        house.admin.close()
        assert house.bytes() == before


class TestWhoIsRefused:
    @pytest.mark.parametrize(("prepare", "cause"), ENDINGS)
    def test_with_one_answer_and_the_cause_in_the_record(
        self, house: House, bot: str, prepare: Change, cause: Verdict
    ) -> None:
        house.admin.authenticate(KEY, SECRET)
        prepare(house, bot)
        error = refuse(house.admin, KEY, SECRET, address="192.0.2.17")
        assert (str(error), error.message, error.field) == (MESSAGE, MESSAGE, None)
        assert (error.__cause__, error.__context__) == (None, None)
        assert vars(error) == {"message": MESSAGE, "field": None}
        flush(house.admin)
        (line,) = refused_on_disk(house)
        assert line == {
            "access_key": KEY,
            "address": "192.0.2.17",
            "cause": str(cause),
            "count": 1,
            "first_at": house.at,
            "last_at": house.at,
        }

    @pytest.mark.parametrize(("prepare", "cause"), ENDINGS)
    def test_without_the_secret_nothing_else_is_told(
        self, house: House, bot: str, prepare: Change, cause: Verdict
    ) -> None:
        prepare(house, bot)
        assert vars(refuse(house.admin, KEY, WRONG)) == {"message": MESSAGE, "field": None}
        flush(house.admin)
        assert [line["cause"] for line in refused_on_disk(house)] == [Verdict.WRONG_SECRET]

    def test_an_unknown_key_of_which_little_is_kept(self, house: House, bot: str) -> None:
        error = refuse(house.admin, "UNKNOWN" * 5, SECRET)
        assert vars(error) == {"message": MESSAGE, "field": None}
        flush(house.admin)
        (line,) = refused_on_disk(house)
        assert (line["access_key"], line["cause"]) == ("UNKN", "unknown")

    def test_a_user_who_was_suspended_or_removed(self, house: House, bob: str) -> None:
        add_credentials(house, bob, "B" * 30)
        house.admin.refresh()
        there = house.as_user()
        house.admin.suspend_users([bob])
        refuse(there, "B" * 30, SECRET)
        house.admin.let_users_back_in([bob])
        there.authenticate("B" * 30, SECRET)
        house.admin.remove_users([bob])
        refuse(there, "B" * 30, SECRET)
        causes = [row.grounds.cause for row in there.refused_sign_ins(bob)]
        assert sorted(causes) == [Verdict.REMOVED, Verdict.MEMBER_SUSPENDED]

    def test_the_hash_that_is_kept(self, house: House, bot: str) -> None:
        kept = house.store().state.table(CREDENTIALS_TABLE)[KEY]["secret_hash"]
        assert kept == hash_of_secret_key(SECRET)
        refuse(house.admin, KEY, kept)
        refuse(house.admin, KEY, kept.upper())

    @pytest.mark.parametrize("near", [SECRET[:-1], SECRET + "x", SECRET.upper(), f" {SECRET}", ""])
    def test_what_is_nearly_the_secret(self, house: House, bot: str, near: str) -> None:
        refuse(house.admin, KEY, near)

    def test_a_key_in_another_case(self, house: House, bot: str) -> None:
        refuse(house.admin, KEY.lower(), SECRET)
        refuse(house.admin, f"{KEY}\n", SECRET)

    @pytest.mark.parametrize(
        "rubbish", ["", "\0", "\ud83d", "\udcff" * 50, "x" * 1_000_000, *HOSTILE_NAMES]
    )
    def test_rubbish_of_which_little_is_kept(self, house: House, bot: str, rubbish: str) -> None:
        refuse(house.admin, rubbish, rubbish, worker=rubbish, address=rubbish)
        refuse(house.admin, KEY, rubbish, address=rubbish)
        house.admin.close()
        lines = refused_on_disk(house)
        assert [line["cause"] for line in lines] == ["unknown", "wrong secret"]
        assert all(len(line["access_key"]) <= 30 for line in lines)
        assert all(len(line["address"]) <= 100 for line in lines)

    def test_at_once_what_another_process_has_revoked(self, house: House, bot: str) -> None:
        here = house.as_user()
        here.authenticate(KEY, SECRET)
        change_credential(house, KEY, revoked_at=house.at)
        refuse(here, KEY, SECRET)

    def test_and_at_once_let_in_what_another_has_made(self, house: House, bot: str) -> None:
        here = house.as_user()
        add_credentials(house, bot, "NEWKEY" * 5)
        assert here.authenticate("NEWKEY" * 5, SECRET).member == bot


def test_a_verdict_keeps_nothing(house: House, bot: str) -> None:
    state = house.store().state
    for keys, wanted in (
        ((KEY, SECRET), Verdict.GOOD),
        ((KEY, WRONG), Verdict.WRONG_SECRET),
        (("nobody's", SECRET), Verdict.UNKNOWN),
    ):
        assert verdict_on(state, *keys, house.at) is wanted
    house.close()
    assert not (house.folder / "usage.json").exists()
    assert not (house.folder / "sign-ins.jsonl").exists()


def test_a_secret_is_in_no_file(house: House, bot: str) -> None:
    here = house.as_user()
    here.authenticate(KEY, SECRET, worker="gpu-07", address="192.0.2.17")
    refuse(here, KEY, WRONG)
    refuse(here, SECRET, KEY)
    change_credential(house, KEY, suspended=True)
    refuse(here, KEY, SECRET)
    here.close()
    files = [path for path in house.folder.rglob("*") if path.is_file()]
    assert {"usage.json", "sign-ins.jsonl", "workspace.json"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert SECRET.encode() not in content, path
        assert SECRET[:10].encode() not in content, path
        assert WRONG.encode() not in content, path


def test_a_commit_that_waits_for_the_lock_holds_up_no_sign_in(house: House, bot: str) -> None:
    here = house.as_user()
    with open(house.folder / "lock", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        edit = UserEdit(here.actor, here.user_details(here.actor).revision, name="Ada L.")
        commit = threading.Thread(target=here.edit_user, args=(edit,))
        commit.start()
        here.authenticate(KEY, SECRET)
        assert commit.is_alive()
    commit.join()
    assert house.user(here.actor).name == "Ada L."


class TestTheRecord:
    def test_counts_by_key_address_and_cause(self, house: House, bot: str) -> None:
        first = house.at
        refuse(house.admin, KEY, WRONG, address="192.0.2.1")
        house.clock.advance(seconds=5)
        refuse(house.admin, KEY, WRONG, address="192.0.2.1")
        second = house.at
        house.clock.advance(seconds=5)
        refuse(house.admin, KEY, WRONG, address="192.0.2.2")
        house.clock.advance(seconds=5)
        change_credential(house, KEY, suspended=True)
        refuse(house.admin, KEY, SECRET, address="192.0.2.2")
        third, fourth = to_text(house.clock() - timedelta(seconds=5)), house.at
        wanted = (
            RefusedSignIn(KEY, "192.0.2.2", Verdict.SUSPENDED, 1, fourth, fourth),
            RefusedSignIn(KEY, "192.0.2.2", Verdict.WRONG_SECRET, 1, third, third),
            RefusedSignIn(KEY, "192.0.2.1", Verdict.WRONG_SECRET, 2, first, second),
        )
        assert sign_ins(house.admin, bot) == wanted
        flush(house.admin)
        assert sign_ins(house.admin, bot) == wanted
        assert sign_ins(house.as_user(), bot) == wanted

    def test_adds_up_what_several_processes_saw(self, house: House, bot: str) -> None:
        here, there = house.as_user(), house.as_user()
        for _ in range(3):
            refuse(here, KEY, WRONG)
            refuse(there, KEY, WRONG)
            flush(here)
            house.clock.advance(seconds=1)
        there.close()
        here.refresh()
        (refused,) = sign_ins(here, bot)
        assert (refused.count, refused.first_at) == (6, "2026-03-02T09:30:00Z")
        assert refused.last_at == "2026-03-02T09:30:02Z"

    def test_is_of_the_member_s_keys_revoked_ones_too(self, house: House, bot: str) -> None:
        other = house.add_service_account("other")
        add_credentials(house, other, "O" * 30)
        refuse(house.admin, "O" * 30, WRONG)
        change_credential(house, KEY, revoked_at=house.at)
        refuse(house.admin, KEY, SECRET)
        assert [one.access_key for one in sign_ins(house.admin, bot)] == [KEY]
        assert [one.access_key for one in sign_ins(house.admin, other)] == ["O" * 30]

    def test_is_for_administrators_and_the_member(self, house: House, bob: str, bot: str) -> None:
        add_credentials(house, bob, "B" * 30)
        refuse(house.admin, "B" * 30, WRONG)
        flush(house.admin)
        here = house.as_user("bob@acme.example")
        assert [one.access_key for one in sign_ins(here, bob)] == ["B" * 30]
        with pytest.raises(NotAllowed):
            here.refused_sign_ins(bot)
        with pytest.raises(NotAllowed):
            here.refused_sign_ins("0" * 32)
        with pytest.raises(NotFound):
            house.admin.refused_sign_ins("0" * 32)

    def test_is_bounded_and_keeps_the_newest(self, house: House, bot: str) -> None:
        refuse(house.admin, "UNKNOWN", WRONG, address="at first")
        flood(house.admin, 10_050)
        house.clock.advance(seconds=1)
        refuse(house.admin, KEY, WRONG, address="at last")
        house.admin.close()
        lines = refused_on_disk(house)
        assert len(lines) == 10_000
        assert lines[-1]["address"] == "at last"
        assert "at first" not in {line["address"] for line in lines}
        assert (house.folder / "sign-ins.jsonl").stat().st_size < 3_000_000

    def test_keeps_those_of_known_keys_in_a_flood_of_unknown_ones(
        self, house: House, bot: str
    ) -> None:
        refuse(house.admin, KEY, WRONG, address="192.0.2.1")
        flood(house.admin, 6_000)
        house.clock.advance(seconds=1)
        flush(house.admin)
        elsewhere = house.as_user()
        flood(elsewhere, 6_000, "198.51.100.")
        elsewhere.close()
        (refused,) = sign_ins(house.as_user(), bot)
        assert (refused.address, refused.count) == ("192.0.2.1", 1)
        lines = refused_on_disk(house)
        assert len(lines) == 10_000
        assert lines[0]["access_key"] == KEY
        assert sum(line["address"].startswith("198.51.100.") for line in lines) == 6_000

    def test_has_room_for_unknown_keys_whatever_the_known_ones_do(
        self, house: House, bot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(counted, "MOST_LINES", 5)
        monkeypatch.setattr(counted, "LEAST_OF_ANYBODY", 2)
        for number in range(9):
            refuse(house.admin, KEY, WRONG, address=f"of a known one {number}")
            refuse(house.admin, "UNKNOWN", WRONG, address=f"of an unknown one {number}")
        flush(house.admin)
        kept = {line["address"] for line in refused_on_disk(house)}
        assert kept == {
            "of a known one 6",
            "of a known one 7",
            "of a known one 8",
            "of an unknown one 7",
            "of an unknown one 8",
        }

    @pytest.mark.parametrize("bad", ["{", "[]", '{"access_key": 1}', "\x00", '"x"', "9"])
    def test_lines_that_are_damaged_cost_the_others_nothing(
        self, house: House, bot: str, bad: str
    ) -> None:
        refuse(house.admin, KEY, WRONG)
        flush(house.admin)
        path = house.folder / "sign-ins.jsonl"
        damaged = path.read_text() + bad + "\n"
        path.write_text(damaged)
        here = house.as_user()
        assert len(here.refused_sign_ins(bot)) == 1
        refuse(here, KEY, WRONG)
        here.close()
        assert [line["count"] for line in refused_on_disk(house)] == [2]
        assert path.with_name("sign-ins.jsonl.damaged").read_text() == damaged

    @pytest.mark.parametrize("was_asked", [True, False])
    def test_what_another_has_written_is_news(
        self, house: House, bot: str, was_asked: bool
    ) -> None:
        here, there = house.as_user(), house.as_user()
        if was_asked:
            assert here.refused_sign_ins(bot) == ()
        commit, number = here.version
        refuse(there, KEY, WRONG)
        assert there.version > (commit, number)
        assert here.refresh() is False
        flush(there)
        assert here.refresh() is True
        assert here.version == (commit, number + 1)
        assert [one.count for one in sign_ins(here, bot)] == [1]
        assert here.refresh() is False
        assert here.version == (commit, number + 1)

    def test_own_notes_are_known_at_once_and_written_without_news(
        self, house: House, bot: str
    ) -> None:
        here = house.as_user()
        refuse(here, KEY, WRONG)
        version = here.version
        flush(here)
        assert here.refresh() is False
        assert here.version == version

    def test_is_written_soon_and_then_left_alone_for_a_while(self, house: House, bot: str) -> None:
        here = house.as_user()
        refuse(here, KEY, WRONG)
        wait_until((house.folder / "sign-ins.jsonl").exists, seconds=BETWEEN_WRITES / 2)
        refuse(here, KEY, WRONG)
        time.sleep(3 * counted.SOON)
        assert [line["count"] for line in refused_on_disk(house)] == [1]
        flush(here)
        assert [line["count"] for line in refused_on_disk(house)] == [2]

    def test_is_not_written_by_who_only_reads(self, house: House, bot: str) -> None:
        here = house.as_user(read_only=True)
        refuse(here, KEY, WRONG)
        assert len(here.refused_sign_ins(bot)) == 1
        here.close()
        assert not (house.folder / "sign-ins.jsonl").exists()

    def test_is_kept_while_the_disk_is_full(
        self, house: House, bot: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as failing:
            failing.setattr("os.fsync", full)
            refuse(house.admin, KEY, WRONG)
            flush(house.admin)
            refuse(house.admin, KEY, WRONG)
            assert not (house.folder / "sign-ins.jsonl").exists()
        assert sign_ins(house.admin, bot)[0].count == 2
        flush(house.admin)
        assert [line["count"] for line in refused_on_disk(house)] == [2]


def test_a_damaged_credential_is_told_as_damage(house: House, bot: str) -> None:
    put(house, CREDENTIALS_TABLE, {"id": KEY, "revision": 1})
    with pytest.raises(StoreUnreadable, match="damaged"):
        house.admin.authenticate(KEY, SECRET)

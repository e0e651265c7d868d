"""A token that was logged out stays so: whoever logs out besides, whatever clock or power does."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from store import log_outs
from store.errors import StoreFailed, StoreReadOnly, StoreUnreadable
from store.log_outs import MOST_OF_A_SERIES, LogOuts, Mark
from store.persistence.log_outs import LogOutsFile
from store.sessions import Session
from store.sign_ins import Verdict
from store.workspace import Workspace
from tests.effort import effort
from tests.store.house import House
from tests.store.keyring import KEY, add_credentials, change_credential

ROOT = Path(__file__).parents[2]
OTHER = "OTHERS" * 5
# A process that forks a child for each line of its standard input: `KEY CALL TOKEN...`. The child
# logs out those tokens, says so of each, and dies at that call of the system.
LOGGING_OUT = """
import os, sys
from pathlib import Path
from store.log_outs import Mark
from store.persistence.log_outs import LogOutsFile
from store.sessions import Session
def dying(real):
    def call(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return real(*arguments, **named)
    return call
def log_out(key, tokens):
    file, session = LogOutsFile(Path(sys.argv[1]), lambda: ""), Session("bob", key)
    series = file.load().series_of(session)
    for name in ("open", "writev", "fsync", "rename", "close", "stat"):
        setattr(os, name, dying(getattr(os, name)))
    for token in tokens:
        file.log_out(session, Mark(token, series))
        said.write(f"{token}\\n")
        said.flush()
said = open(1, "w", closefd=False)
for line in sys.stdin:
    key, left, *tokens = line.split()
    left = int(left)
    child = os.fork()
    if not child:
        log_out(key, tokens)
        os._exit(0)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def opened(house: House, refusal: str = "") -> LogOutsFile:
    """The file as another process opens it."""
    return LogOutsFile(house.folder, lambda: refusal)


def given(file: LogOutsFile, session: Session, token: str) -> Mark:
    """What a token carries that is given now."""
    return Mark(token, file.known.series_of(session))


class LoggingOut:
    """A process that logs out."""

    def __init__(self, house: House) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", LOGGING_OUT, str(house.folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders, self._output = self._process.stdin, self._process.stdout

    def begin(self, key: str, *tokens: str, dies_at: int = 0) -> None:
        """Have it log them out, and die at that call of the system."""
        self._orders.write(f"{key} {dies_at} {' '.join(tokens)}\n")
        self._orders.flush()

    def end(self) -> tuple[list[str], int]:
        """The tokens of which it has said so, and how it ended."""
        answered: list[str] = []
        while (words := self._output.readline().split())[0] != "ended":
            answered += words
        return answered, int(words[1])

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def text_of(house: House) -> str:
    """What the file holds."""
    return (house.folder / "logged-out.json").read_text()


class TestWhoeverElseLogsOut:
    def test_ten_thousand_times_and_those_of_others_hold(self) -> None:
        known, bob, mallory = LogOuts("0" * 32), Session("bob", KEY), Session("mallory", OTHER)
        mark, kept = Mark("bobs", known.series_of(bob)), Mark("other", known.series_of(bob))
        known = known.with_one(bob, mark, new_id="1" * 32)
        first = Mark("0", known.series_of(mallory))
        for number in range(10_001):
            shown = Mark(str(number), known.series_of(mallory))
            assert not known.has_ended(mallory, shown)
            known = known.with_one(mallory, shown, new_id="1" * 32)
            assert known.has_ended(mallory, shown)
        assert known.has_ended(bob, mark)
        assert not known.has_ended(bob, kept)
        assert known.has_ended(mallory, first)
        assert known.credentials[OTHER].size <= 2 + MOST_OF_A_SERIES

    def test_beyond_the_bound_all_before_end_and_those_after_are_good(self, house: House) -> None:
        file, session, other = opened(house), Session("bob", KEY), Session("ada", KEY, "bob")
        still_open, elsewhere = given(file, session, "open"), given(file, other, "elsewhere")
        for number in range(MOST_OF_A_SERIES):
            file.log_out(session, given(file, session, f"{number}"))
            assert not file.known.has_ended(session, still_open)
        file.log_out(session, given(file, session, "one more"))
        assert file.known.has_ended(session, still_open)
        assert file.known.has_ended(session, Mark("one more", still_open.series))
        # The same credential in another's name is another matter.
        assert not file.known.has_ended(other, elsewhere)
        after = given(file, session, "after")
        assert not file.known.has_ended(session, after)
        assert after.series not in (still_open.series, elsewhere.series)

    def test_no_number_is_given_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(log_outs, "MOST_OF_A_SERIES", 1)
        monkeypatch.setattr(log_outs, "MOST_KEPT", 40)
        known, seen = LogOuts("0" * 32), set()
        for number in range(400):
            session = Session(f"member {number % 7}", f"KEY{number % 11 % 5}")
            mark = Mark(str(number), known.series_of(session))
            before = {one: known.series_of(one) for one in _sessions()}
            known = known.with_one(session, mark, new_id="1" * 32)
            assert known.has_ended(session, mark)
            for one, series in before.items():
                if known.series_of(one) != series:
                    seen.add((one, series))
            # What has ended never comes again.
            assert not any(known.series_of(one) == series for one, series in seen)
            assert sum(one.size for one in known.credentials.values()) <= 40
        assert seen

    def test_where_there_is_no_place_for_numbers_all_sign_in_anew(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(log_outs, "MOST_KEPT", 3)
        known = LogOuts("0" * 32)
        marks: list[tuple[Session, Mark]] = []
        for number in range(9):
            session = Session("bob", f"KEY{number}")
            marks.append((session, Mark("t", known.series_of(session))))
            known = known.with_one(*marks[-1], new_id=f"{number + 1:032}")
            assert all(known.has_ended(*one) for one in marks)
        assert known.id != "0" * 32

    def test_eight_processes_at_once_lose_none(self, house: House) -> None:
        opened(house).load()
        tokens = {number: [f"{number}-{one}" for one in range(8)] for number in range(8)}
        # Four of them share a credential, and together reach its bound.
        keys = {number: KEY if number < 4 else f"KEY{number}" for number in tokens}
        file = opened(house)
        marks = [
            (Session("bob", keys[number]), given(file, Session("bob", keys[number]), one))
            for number, mine in tokens.items()
            for one in mine
        ]
        processes = [LoggingOut(house) for _ in tokens]
        for number, process in enumerate(processes):
            process.begin(keys[number], *tokens[number])
        for number, process in enumerate(processes):
            assert process.end() == (tokens[number], 0)
            process.close()
        assert not file.is_current
        file.load()
        assert all(file.known.has_ended(*one) for one in marks)
        assert sum(one.size for one in file.known.credentials.values()) == 5 + 5 + 64


def _sessions() -> list[Session]:
    return [Session(f"member {one}", f"KEY{key}") for one in range(7) for key in range(5)]


class TestClockAndPower:
    def test_a_clock_that_is_set_back_brings_none_back(self, house: House, bob: str) -> None:
        add_credentials(house, bob, KEY)
        house.admin.refresh()
        session = Session(bob, KEY)
        rights = house.admin.rights_of(session)
        for days in (4_000, -4_000, -300):
            mark = house.admin.new_mark(session)
            house.clock.advance(days=days)
            house.admin.log_out(session, mark)
            house.admin.log_out(session, house.admin.new_mark(session))
            house.clock.advance(days=-days)
            for here in (house.admin, house.as_user()):
                assert here.verdict_on_session(session, mark, rights) is Verdict.LOGGED_OUT

    def test_a_credential_that_is_let_back_in_brings_none_back(
        self, house: House, bob: str
    ) -> None:
        add_credentials(house, bob, KEY)
        house.admin.refresh()
        session = Session(bob, KEY)
        rights, mark = house.admin.rights_of(session), house.admin.new_mark(session)
        house.admin.log_out(session, mark)
        change_credential(house, KEY, revoked_at=house.at)
        house.admin.log_out(Session(bob, OTHER), house.admin.new_mark(Session(bob, OTHER)))
        change_credential(house, KEY, revoked_at=None)
        here = house.as_user()
        assert here.verdict_on_session(session, mark, rights) is Verdict.LOGGED_OUT

    def test_killed_at_any_step_it_is_whole_and_keeps_what_was_answered(self, house: House) -> None:
        file, session = opened(house), Session("bob", KEY)
        first = given(file, session, "first")
        file.log_out(session, first)
        process, number, status = LoggingOut(house), 0, 9
        while status:
            number += 1
            tokens, own = ["one", "two"], Session("bob", f"KEY{number}")
            process.begin(own.access_key, *tokens, dies_at=number)
            answered, status = process.end()
            assert status in (0, 9)
            after = opened(house).load()
            # It was not begun anew, and all that was answered is there.
            assert after.id == file.known.id
            assert all(after.has_ended(own, Mark(one, first.series)) for one in answered)
            assert after.has_ended(session, first)
        process.close()
        assert answered == tokens
        assert number > 15

    def test_on_a_full_disk_nobody_is_logged_out_by_half(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        file, session = opened(house), Session("bob", KEY)
        mark = given(file, session, "t")
        before = text_of(house)
        for name in ("writev", "fsync", "rename"):
            with monkeypatch.context() as failing:
                failing.setattr(os, name, full)
                with pytest.raises(StoreFailed, match=r"logged-out\.json could not be written: No"):
                    file.log_out(session, mark)
            assert not file.known.has_ended(session, mark)
            assert text_of(house) == before
            assert file.is_current
        assert not (house.folder / "logged-out.json.new").exists()
        file.log_out(session, mark)
        assert opened(house).load().has_ended(session, mark)


def _another_word(text: str) -> str:
    return text.replace('"last_number":0', '"last_number":1')


DAMAGE: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "cut": lambda text: text[: len(text) // 2],
    "of another kind": lambda _: "[]",
    "nothing in it": lambda _: "{}",
    "without a checksum": lambda text: json.dumps({"log_outs": json.loads(text)["log_outs"]}),
    "changed by hand": _another_word,
    "emptied by hand": lambda text: text.replace('"tokens":["t"]', '"tokens":[]'),
}


class TestDamagedOrMissing:
    @pytest.mark.parametrize("kind", DAMAGE)
    def test_damaged_all_tokens_given_before_end(self, house: House, kind: str) -> None:
        running, session = opened(house), Session("bob", KEY)
        still_open, out = given(running, session, "open"), given(running, session, "t")
        running.log_out(session, out)
        damaged = DAMAGE[kind](text_of(house))
        (house.folder / "logged-out.json").write_text(damaged)
        assert not running.is_current
        for file in (opened(house), running):
            file.load()
            assert file.known.has_ended(session, still_open)
            assert file.known.has_ended(session, out)
            assert not file.known.has_ended(session, given(file, session, "new"))
        assert opened(house).load() == running.known
        assert (house.folder / "logged-out.json.damaged").read_text() == damaged

    def test_one_wrong_bit_anywhere_is_seen(self, house: House) -> None:
        file, session = opened(house), Session("bob", KEY)
        file.log_out(session, given(file, session, "t" * 32))
        path, former = house.folder / "logged-out.json", file.known.id
        good = path.read_bytes()
        for place in range(0, len(good), 100 // effort(100)):
            path.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            assert opened(house).load().id != former
        path.write_bytes(good)
        assert opened(house).load() == file.known

    def test_an_older_copy_that_is_put_back_brings_none_back(self, house: House) -> None:
        running, session = opened(house), Session("bob", KEY)
        still_open, out = given(running, session, "open"), given(running, session, "t")
        copy = text_of(house)
        running.log_out(session, out)
        for _ in range(2):
            (house.folder / "logged-out.json").write_text(copy)
            # Also to one that begins with it.
            later = opened(house)
            later.load()
            running.load()
            later.load()
            for file in (running, later):
                assert file.known.has_ended(session, out)
                assert file.known.has_ended(session, still_open)
            assert later.known == running.known
            copy = text_of(house)
            running.log_out(session, out := given(running, session, "u"))

    def test_missing_all_tokens_given_before_end(self, house: House) -> None:
        running, session = opened(house), Session("bob", KEY)
        still_open = given(running, session, "open")
        (house.folder / "logged-out.json").unlink()
        assert not running.is_current
        # Also to whoever logs out just then.
        running.log_out(session, still_open)
        assert running.known.has_ended(session, still_open)
        assert opened(house).load() == running.known

    def test_of_a_newer_program_it_is_left_as_it_is(self, house: House) -> None:
        from store.persistence import log_outs as persistence

        newer = opened(house)
        persistence.FORMAT, former = persistence.FORMAT + 1, persistence.FORMAT
        try:
            newer.load()
        finally:
            persistence.FORMAT = former
        before = text_of(house)
        with pytest.raises(StoreUnreadable, match="newer"):
            opened(house).load()
        assert text_of(house) == before

    def test_where_it_is_no_file_it_is_told(self, house: House) -> None:
        (house.folder / "logged-out.json").mkdir()
        with pytest.raises(StoreUnreadable, match=r"logged-out\.json"):
            opened(house).load()

    def test_who_may_not_write_makes_none_and_follows_those_of_others(self, house: House) -> None:
        before = sorted(house.folder.iterdir())
        reading = opened(house, "It was opened with --read-only.")
        session = Session("bob", KEY)
        for_a_while = given(reading, session, "t")
        assert reading.is_current
        assert sorted(house.folder.iterdir()) == before
        writing = opened(house)
        mark = given(writing, session, "t")
        assert not reading.is_current
        reading.load()
        assert reading.known.has_ended(session, for_a_while)
        assert given(reading, session, "t") == mark
        with pytest.raises(StoreReadOnly, match="--read-only"):
            reading.log_out(session, mark)
        assert not writing.known.has_ended(session, mark)

    def test_it_is_for_the_owner_alone(self, house: House) -> None:
        former = os.umask(0)
        try:
            opened(house).load()
        finally:
            os.umask(former)
        for name in ("logged-out.json", "logged-out.lock"):
            assert stat.S_IMODE((house.folder / name).stat().st_mode) == 0o600

    def test_a_start_does_not_read_it(self, house: House) -> None:
        here = house.as_user()
        assert isinstance(here, Workspace)
        here.refresh()
        here.close()
        assert not (house.folder / "logged-out.json").exists()

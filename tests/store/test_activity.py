"""The activity: a chain of entries in segments, and what becomes of one that does not fit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from store.errors import StoreReadOnly, StoreUnreadable
from store.persistence import activity
from store.persistence.activity import ActivityDamaged, ActivityLog, Position
from tests.store.chain import checked_chain, lines_of, meta_of
from tests.store.house import House, edit_of


def segments(folder: Path) -> list[str]:
    """The names of the activity's files."""
    return sorted(path.name for path in (folder / "activity").iterdir())


def rename(house: House, user: str, *names: str) -> None:
    """A commit for each of the names."""
    for name in names:
        house.admin.edit_user(edit_of(house.admin, user, name=name))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Segments of five entries."""
    monkeypatch.setattr(activity, "ENTRIES_PER_SEGMENT", 5)
    return 5


class TestChain:
    """Each entry carries the hash of the one before."""

    def test_it_is_whole_after_many_commits(self, house: House, bob: str) -> None:
        rename(house, bob, *"abcdefgh")
        entries = checked_chain(house.folder)
        assert len(entries) == house.admin.commit == meta_of(house.folder)["activity_number"]
        assert [entry["changed"]["name"][1] for entry in entries[-8:]] == list("abcdefgh")
        assert house.as_user().activity() == entries[::-1]

    @pytest.mark.parametrize("number", range(1, 13))
    def test_segments_roll(self, house: House, small: int, number: int) -> None:
        for commit in range(1, number):
            rename(house, house.admin.actor, f"Ada {commit}")
        wanted = [f"{segment:06d}.jsonl" for segment in range(1, (number - 1) // small + 2)]
        assert segments(house.folder) == wanted
        reopened = house.as_user()
        assert reopened.read_only_reason == ""
        assert [entry["number"] for entry in reopened.activity()] == list(range(number, 0, -1))
        checked_chain(house.folder)

    def test_segments_hold_a_thousand(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "fsync", lambda _: None)
        log, last = ActivityLog(tmp_path / "activity"), Position()
        for number in range(2_001):
            last = log.append(last, {"n": number})
        assert last.number == 2_001
        sizes = {
            name: len((tmp_path / "activity" / name).read_bytes().splitlines())
            for name in segments(tmp_path)
        }
        assert sizes == {"000001.jsonl": 1_000, "000002.jsonl": 1_000, "000003.jsonl": 1}
        afresh = ActivityLog(tmp_path / "activity")
        afresh.check(last)
        assert [entry["n"] for entry in afresh.newest(last)] == list(range(2_000, -1, -1))
        with pytest.raises(ActivityDamaged):
            afresh.check(Position(2_000, last.digest))

    def test_the_newest_needs_no_older_segment(self, house: House, small: int) -> None:
        for commit in range(12):
            rename(house, house.admin.actor, f"Ada {commit}")
        (house.folder / "activity" / "000001.jsonl").unlink()
        assert house.as_user().read_only_reason == ""
        rename(house, house.admin.actor, "Ada")


def add_beyond(house: House, *lines: bytes) -> None:
    """Write behind the last entry what no commit vouches for."""
    number = meta_of(house.folder)["activity_number"]
    per_segment = activity.ENTRIES_PER_SEGMENT
    name = f"{number // per_segment + 1:06d}.jsonl"
    with (house.folder / "activity" / name).open("ab") as segment:
        segment.write(b"".join(lines))


ENTRY = json.dumps({"number": 4, "operation": "never committed"}).encode() + b"\n"
LEFT_BEHIND = {"whole": ENTRY, "torn": ENTRY[:17], "torn at the end": ENTRY[:-1], "blank": b"\n"}


class TestOneTooMany:
    """What a crash between the entry and the rename leaves."""

    @pytest.mark.parametrize("kind", sorted(LEFT_BEHIND))
    @pytest.mark.parametrize("commits", [0, 4])
    def test_readers_ignore_it_and_the_next_writer_moves_it_aside(
        self, house: House, small: int, kind: str, commits: int
    ) -> None:
        rename(house, house.admin.actor, *"abcd"[:commits])
        add_beyond(house, LEFT_BEHIND[kind])
        before = house.bytes()
        here = house.as_user()
        assert here.read_only_reason == ""
        assert len(here.activity()) == commits + 1
        assert house.bytes() == before

        rename(house, house.admin.actor, "New")
        chain = checked_chain(house.folder)
        assert chain[-1]["changed"]["name"][1] == "New"
        assert len(lines_of(house.folder)) == len(chain) == commits + 2
        aside = house.folder / "activity" / f"aside-{commits + 2}-1.jsonl"
        assert aside.read_bytes() == LEFT_BEHIND[kind]

    def test_nothing_that_was_moved_aside_is_written_over(self, house: House) -> None:
        aside = house.folder / "activity" / "aside-2-1.jsonl"
        aside.write_bytes(b"mine")
        add_beyond(house, ENTRY)
        rename(house, house.admin.actor, "New")
        assert aside.read_bytes() == b"mine"
        assert (house.folder / "activity" / "aside-2-2.jsonl").read_bytes() == ENTRY

    def test_a_store_that_is_open_moves_it_aside_as_well(self, house: House, bob: str) -> None:
        rename(house, bob, "one")
        add_beyond(house, ENTRY)
        rename(house, bob, "two")
        assert checked_chain(house.folder)[-1]["changed"]["name"] == ["one", "two"]


def _change(position: int) -> Any:
    def spoil(folder: Path) -> None:
        segment = folder / "activity" / "000001.jsonl"
        lines = segment.read_bytes().splitlines(keepends=True)
        lines[position] = lines[position].replace(b"Bob", b"Eve")
        segment.write_bytes(b"".join(lines))

    return spoil


def _cut(folder: Path) -> None:
    segment = folder / "activity" / "000001.jsonl"
    segment.write_bytes(b"".join(segment.read_bytes().splitlines(keepends=True)[:-1]))


def _tear(folder: Path) -> None:
    segment = folder / "activity" / "000001.jsonl"
    segment.write_bytes(segment.read_bytes()[:-9])


def _add_two(folder: Path) -> None:
    with (folder / "activity" / "000001.jsonl").open("ab") as segment:
        segment.write(ENTRY * 2)


def _remove(folder: Path) -> None:
    (folder / "activity" / "000001.jsonl").unlink()


def _remove_all(folder: Path) -> None:
    _remove(folder)
    (folder / "activity").rmdir()


def _put_a_folder(folder: Path) -> None:
    _remove(folder)
    (folder / "activity" / "000001.jsonl").mkdir()


DAMAGES = {
    "the last entry changed": _change(-1),
    "the last entry lost": _cut,
    "the last entry torn": _tear,
    "two too many": _add_two,
    "the segment gone": _remove,
    "all gone": _remove_all,
    "a folder in its place": _put_a_folder,
}


class TestDamage:
    """Where activity and workspace do not fit, nothing more is written."""

    def files(self, house: House) -> dict[str, bytes]:
        """Every file of the store, the lock apart."""
        paths = (path for path in house.folder.rglob("*") if path.is_file())
        return {str(path): path.read_bytes() for path in paths if path.name != "lock"}

    @pytest.mark.parametrize("kind", sorted(DAMAGES))
    def test_it_is_opened_for_reading_with_the_reason(
        self, house: House, bob: str, kind: str
    ) -> None:
        DAMAGES[kind](house.folder)
        before = self.files(house)
        here = house.as_user()
        assert "activity" in here.read_only_reason
        assert here.user_row(bob).called == "Bob"
        assert here.invite_refusal() == here.read_only_reason
        with pytest.raises(StoreReadOnly, match="activity"):
            here.remove_users([bob])
        assert self.files(house) == before

    @pytest.mark.parametrize("kind", sorted(set(DAMAGES) - {"a folder in its place"}))
    def test_a_store_that_is_open_stops_writing(self, house: House, bob: str, kind: str) -> None:
        DAMAGES[kind](house.folder)
        before = self.files(house)
        for _ in range(2):
            with pytest.raises(StoreReadOnly, match="restore both"):
                house.admin.remove_users([bob])
        assert house.admin.read_only_reason
        assert house.admin.user_row(bob).called == "Bob"
        assert self.files(house) == before

    def test_an_old_workspace_put_back_is_noticed(self, house: House, bob: str) -> None:
        old = (house.folder / "workspace.json").read_bytes()
        rename(house, bob, "one", "two")
        (house.folder / "workspace.json").write_bytes(old)
        assert "2 entries more" in house.as_user().read_only_reason

    def test_an_old_workspace_at_the_end_of_a_segment_is_noticed(
        self, house: House, small: int
    ) -> None:
        rename(house, house.admin.actor, *"abc")
        old = (house.folder / "workspace.json").read_bytes()
        rename(house, house.admin.actor, *"defghijk")
        (house.folder / "workspace.json").write_bytes(old)
        assert "entries more" in house.as_user().read_only_reason

    @pytest.mark.parametrize("spoilt", ["gone", "cut", "changed", "rubbish"])
    def test_an_older_segment_that_is_damaged_is_told_when_read(
        self, house: House, small: int, spoilt: str
    ) -> None:
        rename(house, house.admin.actor, *"abcdefghijklm")
        segment = house.folder / "activity" / "000002.jsonl"
        lines = segment.read_bytes().splitlines(keepends=True)
        match spoilt:
            case "gone":
                segment.unlink()
            case "cut":
                segment.write_bytes(b"".join(lines[:2]))
            case "changed":
                lines[1] = lines[1].replace(b"edit_user", b"edit_uses")
                segment.write_bytes(b"".join(lines))
            case "rubbish":
                segment.write_bytes(b"\xff\n" * 5)
        here = house.as_user()
        assert here.read_only_reason == ""
        with pytest.raises(StoreUnreadable, match="activity"):
            here.activity()

"""Files for one pair of eyes: made anew, never over another, and read only where they are text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import InvalidInput
from tui.private_files import read_text, write_private

TEXT = "api {\n  # Größe\n}\n"


@pytest.fixture(params=[0o000, 0o022, 0o277, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """An umask of somebody careless, and of somebody who is too careful."""
    former = os.umask(request.param)
    yield
    os.umask(former)


def refuses(path_text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as raised:
        write_private(path_text, TEXT)
    assert raised.value.field == "path"


@pytest.mark.usefixtures("umask")
def test_only_the_owner_can_read_it_whatever_the_umask(home: Path) -> None:
    path = write_private(" ~/clearml.conf ", TEXT)
    assert path == home / "clearml.conf"
    assert path.stat().st_mode & 0o7777 == 0o600
    assert path.read_text(encoding="utf-8") == TEXT


def test_a_relative_path_lies_in_the_present_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    assert write_private("a b.conf", TEXT) == home / "a b.conf"


def test_never_overwrites(home: Path) -> None:
    present = home / "there.conf"
    present.write_text("kept")
    (home / "link.conf").symlink_to(present)
    (home / "dangling.conf").symlink_to(home / "nowhere")
    (home / "loop.conf").symlink_to(home / "loop.conf")
    for name in ("there", "link", "dangling", "loop"):
        refuses(f"~/{name}.conf", "exists already, and nothing is overwritten")
    assert present.read_text() == "kept"
    assert not (home / "nowhere").exists()


@pytest.mark.parametrize(
    ("path_text", "says"),
    [
        ("", "Name a file"),
        ("   ", "Name a file"),
        ("~", "is a folder"),
        ("~/", "is a folder"),
        ("/tmp", "is a folder"),
        ("~/no/such/clearml.conf", "There is no folder .*/no/such. Make it"),
        ("~nobody-of-that-name/x", "That home folder is not known"),
        ("~/a\0b", "cannot be the name of a file"),
        ("~/\ud800", "cannot be the name of a file"),
        ("~/" + "x" * 300, "the name is too long"),
        ("/dev/null/x", "a part of the path is a file"),
        ("/proc/clearml.conf", "could not be written|There is no folder"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(path_text: str, says: str) -> None:
    refuses(path_text, says)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_without_a_right_is_refused_in_words(home: Path) -> None:
    (home / "closed").mkdir(mode=0o500)
    refuses("~/closed/clearml.conf", "you have no right to; choose another place")


def test_a_write_that_fails_leaves_no_half_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refuses("~/clearml.conf", "the disk is full")
    assert not (home / "clearml.conf").exists()
    monkeypatch.undo()


def test_reads_a_text(home: Path) -> None:
    (home / "clearml.conf").write_text(TEXT, encoding="utf-8")
    assert read_text("~/clearml.conf", len(TEXT.encode())) == TEXT


def test_what_cannot_be_read_is_refused_in_words(home: Path) -> None:
    (home / "large").write_bytes(b"x" * 101)
    (home / "binary").write_bytes(b"\xff\xfe")
    os.mkfifo(home / "pipe")
    cases = {
        "~/large": "more than 100 bytes",
        "~/binary": "no text in UTF-8",
        "~/pipe": "no ordinary file",
        "/dev/zero": "no ordinary file",
        "~": "is a folder",
        "~/none": "There is no file",
        "~/large/x": "a part of the path is a file",
        "": "Name a file",
    }
    for path_text, says in cases.items():
        with pytest.raises(InvalidInput, match=says) as raised:
            read_text(path_text, 100)
        assert raised.value.field == "path"

"""Keys as people write them are those that Textual gives the program, and are shown so."""

from __future__ import annotations

import string

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.keys import Keys

from tui.key_conflicts import ALWAYS, RESERVED, conflict
from tui.key_names import read_key, shown_key
from tui.keys import TABLE
from tui.widgets.record_table import RecordTable

PRINTABLE = sorted(set(string.printable) - set(string.whitespace))
ALL = [(group, key) for group, keys in TABLE.items() for key in keys]


def sent(sequence: str) -> str:
    """The key that a terminal's bytes become."""
    (event,) = [one for one in XTermParser().feed(sequence) if isinstance(one, events.Key)]
    return event.key


@pytest.mark.parametrize("character", PRINTABLE)
def test_a_character_is_the_key_that_types_it(character: str) -> None:
    assert read_key(character) == sent(character)
    assert shown_key(read_key(character)) == character


@pytest.mark.parametrize("letter", sorted(set(string.ascii_lowercase) - set("him")))
@pytest.mark.parametrize("form", ["ctrl+{}", "^{}", "ctrl+{}".upper().replace("CTRL", "ctrl")])
def test_control_keys(letter: str, form: str) -> None:
    key = read_key(form.format(letter))
    assert key == sent(chr(ord(letter) - 96))
    assert shown_key(key) == f"^{letter}"


@pytest.mark.parametrize(
    ("written", "key", "shown"),
    [
        ("f5", "f5", "f5"),
        ("esc", "escape", "esc"),
        ("del", "delete", "del"),
        ("↓", "down", "↓"),
        ("return", "enter", "enter"),
        (" ", "space", "space"),
        ("question_mark", "question_mark", "?"),
        ("slash", "slash", "/"),
        ("left_square_bracket", "left_square_bracket", "["),
        ("shift+f3", "shift+f3", "shift+f3"),
        ("shift+ctrl+up", "ctrl+shift+up", "ctrl+shift+↑"),
        ("alt+x", "alt+x", "alt+x"),
        ("é", "é", "é"),
        ("+", "plus", "+"),
        ("ctrl+delete", "ctrl+delete", "ctrl+del"),
    ],
)
def test_names(written: str, key: str, shown: str) -> None:
    assert (read_key(written), shown_key(key)) == (key, shown)
    assert read_key(shown) == key


@pytest.mark.parametrize("written", ["", "ab", "ctrl+", "ctrl", "+x", "hyper+x", "\x1b", "n,m"])
def test_what_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="no "):
        read_key(written)


def test_the_table_says_its_keys_as_a_person_may() -> None:
    for _group, key in ALL:
        assert [read_key(shown_key(one)) for one in key.all_keys] == list(key.all_keys)
        if key.keys:
            assert set(key.shown.split()) <= {shown_key(one) for one in key.all_keys}


def test_the_table_has_no_conflict() -> None:
    assert conflict({}) is None


def test_names_are_unique_in_their_group() -> None:
    for keys in TABLE.values():
        assert len({key.name for key in keys}) == len(keys)


def test_what_a_table_has_itself_cannot_be_given_away() -> None:
    stock = {key for base in RecordTable.__mro__ for key in _keys_of(base)}
    assert stock - set(RESERVED) == {"enter"}
    assert set(ALWAYS.values()) <= set(RESERVED)
    assert set(ALWAYS) <= {f"{group}.{key.action}" for group, key in ALL}


def _keys_of(base: type) -> list[str]:
    bindings = base.__dict__.get("BINDINGS", [])
    return [key for binding in bindings for key in binding.key.split(",")]


def test_each_named_key_is_one_of_textual() -> None:
    known = {key.value for key in Keys}
    for name in ("enter", "escape", "tab", "delete", "insert", "pageup", "f1", "f24", "home"):
        assert read_key(name) in known

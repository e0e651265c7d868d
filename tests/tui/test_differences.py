"""Lines that went and came, with some around them."""

from __future__ import annotations

import random
import time

import pytest

from store.vaults.concealing import HIDDEN
from tui.differences import DifferenceLine, difference, lines_of, vault_difference


def shown(before: str, after: str) -> list[str]:
    """Each line with its sign."""
    return [
        f"{line.sign}{line.number if line.sign == '…' else line.text}"
        for line in difference(before, after)
    ]


def test_shows_changes_with_three_lines_around() -> None:
    before = "".join(f"{number}\n" for number in range(20))
    after = before.replace("10\n", "ten\nand more\n")
    assert shown(before, after) == [
        *("…7", " 7", " 8", " 9", "-10", "+ten", "+and more", " 11", " 12", " 13", "…6")
    ]
    lines = difference(before, after)
    assert DifferenceLine("-", 11, "10") in lines
    assert DifferenceLine("+", 12, "and more") in lines


def test_the_ends_of_texts() -> None:
    assert shown("", "a\n") == ["+a"]
    assert shown("a\n", "") == ["-a"]
    assert shown("a", "a") == []
    assert shown("a\nb", "a\nb\r\n") == [" a", "-b", "+b\r"]
    # The last line's end alone.
    assert shown("a\nb", "a\nb\n") == [" a", "-b", "+b⏎"]
    assert shown("b\n", "b") == ["-b⏎", "+b"]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_and_came_makes_the_text(seed: int) -> None:
    chance = random.Random(seed)
    before, after = (
        "".join(chance.choice("abc") + "\n" for _ in range(chance.randrange(60))) for _ in range(2)
    )
    lines = difference(before, after)
    if before == after:
        return
    for sign, text in (("-", before), ("+", after)):
        whole = lines_of(text) if text else []
        for line in lines:
            if line.sign == sign:
                assert whole[line.number - 1] == line.text
        kept = sum(line.sign in (" ", sign) for line in lines)
        assert kept + sum(line.number for line in lines if line.sign == "…") == len(whole)


@pytest.mark.parametrize("count", [2_000, 100_000])
def test_long_texts_without_a_line_in_common_are_not_pored_over(count: int) -> None:
    chance = random.Random(1)
    before, after = (
        "".join(f"{chance.randrange(9)}{end}\n" for _ in range(count)) for end in ("", "x")
    )
    began = time.perf_counter()
    assert len(difference(before, after)) == 2 * count
    mixed = "".join(chance.choice("abc") + "\n" for _ in range(2_000))
    assert difference(mixed, "".join(chance.choice("abc") + "\n" for _ in range(1_900)))
    assert time.perf_counter() - began < 10


def test_a_secret_that_was_changed_is_shown_as_changed_and_not_in_clear() -> None:
    before, after = 'a {\n  git_pass: "old"\n  b: 1\n}', 'a {\n  git_pass: "new"\n  b: 2\n}\n'
    found = vault_difference((before, "hocon"), (after, "hocon"))
    assert [(one.sign, one.text) for one in found.hidden if one.sign != " "] == [
        ("-", f"  git_pass: {HIDDEN}"),
        ("-", "  b: 1"),
        ("+", f"  git_pass: {HIDDEN}"),
        ("+", "  b: 2"),
    ]
    assert [one.text for one in found.lines if one.sign == "-"] == ['  git_pass: "old"', "  b: 1"]


def test_a_last_line_without_an_end_hides_its_secret_too() -> None:
    found = vault_difference(("git_pass: x", "yaml"), ("git_pass: x\n", "yaml"))
    assert [one.text for one in found.hidden] == [f"git_pass: {HIDDEN}", f"git_pass: {HIDDEN}⏎"]

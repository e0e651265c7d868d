"""The editor's marks: colours that follow the text, problems, what is found."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable

import pytest
from rich.style import Style
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from store.vaults.checking import Problem
from store.vaults.formats import Format
from tests.tui.dialog_seat import DialogApp
from tui.themes import LIGHT
from tui.widgets.editor.finding import MOST_PLACES, places_of
from tui.widgets.vault_editor import VaultEditor

Scenario = Callable[[VaultEditor, Pilot[None]], Awaitable[None]]


def use(text: str, scenario: Scenario, *, text_format: Format = "hocon") -> None:
    """Let somebody at the editor."""

    class One(DialogApp):
        def compose(self) -> ComposeResult:
            yield VaultEditor(text, text_format=text_format)

    async def main() -> None:
        app = One()
        async with app.run_test(size=(60, 16)) as pilot:
            app.query_one(VaultEditor).focus()
            await pilot.pause(0)
            await scenario(app.query_one(VaultEditor), pilot)

    asyncio.run(main())


def style_of(editor: VaultEditor, y: int, word: str) -> Style:
    """How a word in a line of the screen looks."""
    strip = editor.render_line(y)
    at = strip.text.index(word)
    for segment in strip.crop(at, at + 1):
        if segment.style is not None:
            return segment.style
    raise AssertionError(word)


def test_colours_follow_what_is_open_above_and_the_format() -> None:
    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        key = style_of(editor, 1, "b").color
        assert key != style_of(editor, 1, "words").color
        await pilot.press("end", *'"""')
        string = style_of(editor, 1, "b").color
        assert string not in (key, None)
        assert style_of(editor, 9, "c").color == string
        await pilot.press("ctrl+z")
        assert style_of(editor, 9, "c").color == key
        editor.text_format = "yaml"
        assert style_of(editor, 1, "b").color == key
        editor.app.theme = LIGHT.name
        await pilot.pause(0)
        assert style_of(editor, 1, "b").color != key

    use("a: \nb: words\n" + "\n" * 7 + "c: 1\n", scenario)


def test_the_line_of_the_cursor_keeps_its_colours() -> None:
    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        before = style_of(editor, 1, "12").color
        await pilot.press("down")
        assert style_of(editor, 1, "12").color == before

    use("\nkey: 12\n", scenario)


def test_problems_are_marked_at_their_place_and_move_with_it() -> None:
    problems = [Problem(2, 4, "one"), Problem(4, 1, "two", False), Problem(99, 99, "beyond")]

    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        editor.show_problems(problems)
        assert editor.render_line(1).text.startswith("2✕ ")
        assert editor.render_line(3).text.startswith("4! ")
        assert editor.render_line(5).text.startswith("6✕ ")
        assert style_of(editor, 1, "bad").underline
        assert not style_of(editor, 1, "b: ").underline
        await pilot.press("enter", "enter")
        assert [one.line for one in editor.problems] == [4, 6, 101]
        assert editor.render_line(3).text.startswith("4✕ ")
        await pilot.press("ctrl+z", "ctrl+z")
        assert [one.line for one in editor.problems] == [2, 4, 99]
        nearest = editor.problem_at_cursor()
        assert nearest is not None
        assert nearest.message == "one"
        editor.show_problems([])
        assert editor.problem_at_cursor() is None
        assert editor.render_line(1).text.startswith("2  ")

    use("a: 1\nb: bad\nc: 1\nd\n\n", scenario)


KEYS: tuple[str, ...] = (
    "up",
    "down",
    "left",
    "right",
    "end",
    "home",
    "pageup",
    "pagedown",
    "enter",
    "backspace",
)
KEYS += ("delete", "ctrl+z", "ctrl+y", "shift+down", "shift+up", "shift+end", "tab", "f6", "f7")
KEYS += (*"x{}[]:#", "quotation_mark", "ctrl+home", "ctrl+end", "ctrl+k", "ctrl+u")


def drawn(editor: VaultEditor) -> list[list[tuple[str, str]]]:
    """What is on the screen where the editor is."""
    box = editor.region
    strips = editor.screen._compositor.render_strips()[box.y : box.bottom]
    return [
        [(character, str(style)) for text, style, _ in strip for character in text]
        for strip in (strip.crop(box.x, box.right) for strip in strips)
    ]


@pytest.mark.usefixtures("draws_all")
@pytest.mark.parametrize("seed", range(4))
def test_every_line_that_a_key_changes_is_drawn_anew(seed: int) -> None:
    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        chance = random.Random(seed)
        editor.cursor_blink = False
        for _ in range(40):
            key = chance.choice(KEYS)
            for _ in range(chance.choice((1, 1, 1, 3))):
                await pilot.press(key)
            if chance.random() < 0.1:
                editor.show_problems([Problem(chance.randrange(1, 40), 1, "x")])
            await pilot.pause(0)
            found = drawn(editor)
            editor._line_cache.clear()
            editor.refresh()
            await pilot.pause(0)
            assert found == drawn(editor), key

    use('a: """x\n' + 'b { c: [1, "2"] }\n' * 25 + '"""\n', scenario)


@pytest.mark.usefixtures("draws_all")
def test_a_key_draws_one_line_and_lays_nothing_out() -> None:
    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        await pilot.press("x")
        asked: list[int] = []
        real = editor._render_line

        def render(y: int) -> Strip:
            asked.append(y)
            return real(y)

        editor._render_line = render  # type: ignore[method-assign]
        await pilot.press("y", "backspace")
        assert set(asked) == {0}

    use("a: 1\n" * 100 + "a long line\n", scenario)


def test_finds_in_capitals_or_not_and_takes_words_as_they_are() -> None:
    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        async def found(words: str) -> tuple[int, int]:
            editor.seek(words)
            await editor.look_for_places()
            return editor.find_next(1, is_here_enough=True)

        assert await found("a.*") == (1, 2)
        assert editor.selected_text == "a.*"
        assert editor.find_next(1) == (2, 2)
        assert editor.selected_text == "A.*"
        assert editor.find_next(1) == (1, 2)
        assert editor.find_next(-1) == (2, 2)
        assert await found("none") == (0, 0)
        assert await found("") == (0, 0)
        assert await found("a.*") == (2, 2)
        # What was found of a text that has changed is not known any longer.
        await pilot.press("x")
        assert not editor.knows_places
        assert editor.find_next(1) == (0, 0)

    use("abc\n  a.*\nxA.*\n", scenario)


def test_no_more_places_are_kept_than_fit_into_memory() -> None:
    lines = ("a" * MOST_PLACES, "a")
    places = places_of(re.compile("a"), lines, is_wanted=lambda: True)
    assert len(places) == MOST_PLACES
    assert places_of(re.compile("a"), lines, is_wanted=lambda: False) == []


@pytest.mark.usefixtures("draws_all")
def test_ten_thousand_lines_are_looked_at_as_far_as_they_are_in_sight() -> None:
    async def scenario(editor: VaultEditor, pilot: Pilot[None]) -> None:
        asked: list[int] = []
        real = editor.spans

        def spans(row: int, start: int, end: int) -> object:
            asked.append(row)
            return real(row, start, end)

        editor.spans = spans  # type: ignore[method-assign, assignment]
        await pilot.press("ctrl+end", "x")
        assert asked
        assert len(asked) < 200
        assert all(row < 20 or row > 9_980 for row in asked)

    use("key: value\n" * 10_000, scenario)

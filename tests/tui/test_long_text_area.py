"""The quick text area beside Textual's own: the same keys, the same picture; and what it keeps."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import TextArea

from tests.tui.dialog_seat import DialogApp
from tui.widgets.editor.area import LongTextArea

# What both show alike: nothing that Textual's own would pass on to the terminal or lose.
PIECES = (
    *("a", "b {", "}", "[1, 2]", " ", "  ", "\n", "\n\n", "(x", ")", "key: value # words"),
    *("界", "世界\n", "e\u0301", "x" * 60, "a\n  b: {\n    c: 1\n  }\n"),
)
ACTIONS = (
    *("cursor_up", "cursor_down", "cursor_left", "cursor_right", "cursor_line_start"),
    *("cursor_line_end", "cursor_page_up", "cursor_page_down", "cursor_word_left"),
    *("cursor_word_right", "delete_left", "delete_right", "delete_word_left", "delete_line"),
    *("delete_to_start_of_line", "undo", "redo", "undo", "redo", "select_line", "select_all"),
)
SELECTING = ("cursor_up", "cursor_down", "cursor_left", "cursor_right", "cursor_line_end")
SIZE = (60, 16)


class Both(App[None]):
    """The quick one and Textual's own, side by side."""

    CSS = "TextArea { width: 1fr; border: none; padding: 0; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.quick = LongTextArea(text)
        self.stock = TextArea(text, soft_wrap=False, compact=True, show_line_numbers=True)
        self.stock.indent_width = self.quick.indent_width

    def compose(self) -> ComposeResult:
        """Both."""
        with Horizontal():
            yield self.quick
            yield self.stock

    def on_mount(self) -> None:
        """Nothing blinks."""
        for area in (self.quick, self.stock):
            area.cursor_blink = False


def cells(strip: Strip, width: int) -> list[tuple[str, str]]:
    """What is in each cell, and how it looks."""
    found: list[tuple[str, str]] = []
    for text, style, _ in strip.crop(0, width):
        found += [(character, str(style)) for character in text]
    return found


def check_alike(both: Both) -> None:
    quick, stock = both.quick, both.stock
    assert quick.text == stock.text
    assert quick.selection == stock.selection
    assert quick.virtual_size == stock.virtual_size
    assert quick.scroll_offset == stock.scroll_offset
    assert quick.cursor_screen_offset.y == stock.cursor_screen_offset.y
    assert quick.matching_bracket_location == stock.matching_bracket_location
    for area in (quick, stock):
        # As it is called before a picture is drawn.
        area._theme.apply_css(area)
    for y in range(quick.size.height):
        drawn, wanted = quick.render_line(y), stock.render_line(y)
        assert cells(drawn, quick.size.width) == cells(wanted, stock.size.width), y


def step(chance: random.Random) -> Callable[[TextArea], object]:
    kind = chance.random()
    if kind < 0.4:
        piece = chance.choice(PIECES)
        return lambda area: area._replace_via_keyboard(piece, *area.selection)
    if kind < 0.6:
        action = chance.choice(SELECTING)
        return lambda area: getattr(area, f"action_{action}")(select=True)
    if kind < 0.65:
        row, column = chance.randrange(80), chance.randrange(80)
        return lambda area: area.move_cursor((row, column))
    action = chance.choice(ACTIONS)
    return lambda area: getattr(area, f"action_{action}")()


@pytest.mark.parametrize("seed", range(8))
def test_draws_what_textuals_own_draws_after_any_keys(seed: int) -> None:
    async def main() -> None:
        chance = random.Random(seed)
        both = Both("api {\n  key: 1\n}\n" * chance.choice((0, 3, 40)))
        async with both.run_test(size=SIZE) as pilot:
            for _ in range(60):
                act = step(chance)
                moment = time.monotonic()
                for area in (both.quick, both.stock):
                    area.focus()
                    act(area)
                    # Typing is undone in pieces by the time between the keys.
                    area.history._last_edit_time = moment
                await pilot.pause(0)
                both.set_focus(None)
                await pilot.pause(0)
                check_alike(both)

    asyncio.run(main())


def use(text: str, scenario: Callable[[LongTextArea, Pilot[None]], Awaitable[None]]) -> None:
    """Let somebody at the area alone."""

    class One(DialogApp):
        def compose(self) -> ComposeResult:
            yield LongTextArea(text)

    async def main() -> None:
        app = One()
        async with app.run_test(size=SIZE) as pilot:
            area = app.query_one(LongTextArea)
            area.focus()
            await pilot.pause(0)
            await scenario(area, pilot)

    asyncio.run(main())


def cursor_cell(area: LongTextArea) -> int:
    """The cell of the line that the terminal's cursor is on."""
    return area.cursor_screen_offset.x - area.content_region.x - area.gutter_width


ODD = (
    "a\x0bb\x0cc\x1cd\x1ee\x85f\u2028g\u2029h\n",
    "a\r\nb\nc\rd\n",
    "a\r\nb\r\n",
    "\x1b[2J\x00\x07\u202e\u200bnul\n",
    "no end",
    "",
    "\n",
    "\ufeffmark\n\n\n",
)


@pytest.mark.parametrize("text", ODD)
def test_keeps_every_character_also_after_changes_that_are_undone(text: str) -> None:
    async def scenario(area: LongTextArea, pilot: Pilot[None]) -> None:
        assert area.text == text
        await pilot.press("x")
        assert area.text == f"x{text}"
        await pilot.press("backspace", "f7", "delete")
        assert area.text == ""
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert area.text == text
        area.replace_all("b\n")
        area.action_undo()
        assert area.text == text

    use(text, scenario)


def test_shows_what_would_not_be_seen_and_lets_none_of_it_pass() -> None:
    async def scenario(area: LongTextArea, pilot: Pilot[None]) -> None:
        drawn = "\n".join(area.render_line(y).text for y in range(3))
        assert "␛[2J␀�x" in drawn
        assert "a\N{NO-BREAK SPACE}" not in drawn
        assert "\r" not in drawn
        assert "␍" in drawn
        # The cursor is where it is seen.
        await pilot.press("end")
        assert area.cursor_location == (0, 7)
        assert cursor_cell(area) == 7

    use("\x1b[2J\x00\u202ex\na\N{NO-BREAK SPACE}b\rc\nd", scenario)


def test_tab_puts_in_blanks_and_tabs_are_as_wide_as_they_are_drawn() -> None:
    async def scenario(area: LongTextArea, pilot: Pilot[None]) -> None:
        await pilot.press("tab", "x", "tab")
        assert area.text == "  x \t界\tb"
        assert area.render_line(0).text.rstrip() == "1    x   界  b"
        await pilot.press("end", "left")
        assert cursor_cell(area) == 10

    use("\t界\tb", scenario)


def test_a_paste_has_line_ends_as_terminals_send_them() -> None:
    async def scenario(area: LongTextArea, pilot: Pilot[None]) -> None:
        area.app.post_message(events.Paste("a\rb\r\nc\n"))
        await pilot.pause()
        assert area.text == "a\nb\nc\nkey\n"

    use("key\n", scenario)


@pytest.mark.parametrize("piece", ["word " * 10 + "\n", "x", "界", "\x1b", "\t", "{"])
def test_a_megabyte_is_taken_and_edited_without_a_wait(piece: str) -> None:
    async def scenario(area: LongTextArea, pilot: Pilot[None]) -> None:
        text = piece * (1_000_000 // len(piece.encode()))
        area.app.post_message(events.Paste(text))
        await pilot.pause()
        await pilot.press("x", "left", "home", "y", "ctrl+z")
        assert area.text == f"{text}x"
        # Textual's own takes minutes for some of these, so this is far from a close call.
        assert time.monotonic() - began < 20

    began = time.monotonic()
    use("", scenario)

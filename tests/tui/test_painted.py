"""The terminal looks as if it had been sent all, and is sent what is different."""

from random import Random

import pyte
import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.terminal import Emulator
from tui.painted import Painted
from tui.text import visible

WIDTH, HEIGHT, CUT = 24, 5, 20
WORDS = ("Ada", "  ", "Łukasz", "● Active", "漢字", "e\u0301té", "x" * 9)
STYLES = (
    *(None, "bold", "red on blue", "on blue", "italic #102030", "bold red on blue", "bright_red"),
    *("reverse red on blue", "underline green on #203040", "strike", "color(200) on color(100)"),
    *("on bright_blue", "dim on blue", "bold underline #102030 on blue", "default on default"),
)
CONSOLE = Console(color_system="truecolor", force_terminal=True)


def piece(random: Random, width: int) -> Strip:
    styles = [style and Style.parse(style) for style in random.choices(STYLES, k=4)]
    segments = [Segment(random.choice(WORDS), style or None) for style in styles]
    return Strip(segments).adjust_cell_length(width)


def update(random: Random, lines: list[dict[int, Strip]]) -> CompositorUpdate:
    """Change some pieces of the lines, and tell of these and of others."""
    for line in lines:
        for x, width in ((0, CUT), (CUT, WIDTH - CUT)):
            if random.random() < 0.4:
                line[x] = piece(random, width)
    if random.random() < 0.1:
        return LayoutUpdate([line.values() for line in lines], Region(0, 0, WIDTH, HEIGHT))
    spans = [(y, 0, WIDTH) for y in range(HEIGHT)]
    return ChopsUpdate(lines, spans, [[CUT, WIDTH]] * HEIGHT)


def seen(emulator: Emulator) -> list[object]:
    """What a person sees of each cell: of a blank not in which colour its letter would be."""
    buffer = emulator.screen.buffer
    cells = [buffer[y][x] for y in range(HEIGHT) for x in range(WIDTH)]
    return [cell if marks(cell) else (" ", cell.bg) for cell in cells]


def marks(cell: pyte.screens.Char) -> bool:
    return cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough


@pytest.mark.parametrize("seed", range(5))
def test_looks_as_if_all_was_sent(seed: int) -> None:
    random, painted = Random(seed), Painted()
    lines = [{0: piece(random, CUT), CUT: piece(random, WIDTH - CUT)} for _ in range(HEIGHT)]
    ours, theirs = (Emulator(WIDTH, HEIGHT + 1, lambda text: None) for _ in range(2))
    for _ in range(40):
        changed = update(random, lines)
        theirs.feed(changed.render_segments(CONSOLE).encode())
        ours.feed(painted.changes(changed).render_segments(CONSOLE).encode())
        assert seen(ours) == seen(theirs)


def test_sends_what_is_different_alone() -> None:
    def shown(text: str) -> ChopsUpdate:
        line = {0: Strip([Segment(text, Style.parse("red"))])}
        return ChopsUpdate([line], [(0, 0, len(text))], [[len(text)]])

    painted = Painted()
    assert painted.paint(shown("Ada Abara"), CONSOLE) == "\x1b[1;1H\x1b[31mAda Abara\x1b[0m"
    assert painted.paint(shown("Ada Abara"), CONSOLE) == ""
    assert painted.paint(shown("Ada Agara"), CONSOLE) == "\x1b[1;6H\x1b[31mg\x1b[0m"
    painted.forget()
    assert "Ada Agara" in painted.paint(shown("Ada Agara"), CONSOLE)


def test_sends_of_the_colours_those_alone_that_are_different() -> None:
    words = [("Ada", "red on blue"), (" ", "green on blue"), ("Bo", "red on blue"), ("x", "blue")]
    line = {0: Strip([Segment(text, Style.parse(style)) for text, style in words])}
    update = LayoutUpdate([line.values()], Region(0, 0, 7, 1))
    sent = Painted().changes(update).render_segments(CONSOLE)
    assert sent == "\x1b[1;1H\x1b[31;44mAda Bo\x1b[34;49mx\x1b[0m"


def test_a_whole_screen_that_is_shown_already_sends_nothing() -> None:
    update = LayoutUpdate([[Strip([Segment("Ada")])]], Region(0, 0, 3, 1))
    painted = Painted()
    assert "Ada" in painted.changes(update).render_segments(CONSOLE)
    assert painted.changes(update).render_segments(CONSOLE) == ""


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("joins", [True, False])
@pytest.mark.parametrize("name", ["👩\u200d👧\u200d👦", "क्\u200dष", "Zoë-❤\u200d🔥-x"])
def test_what_follows_joined_text_stands_in_its_place(
    name: str, joins: bool, is_whole: bool
) -> None:
    shown = visible(name)
    strip = Strip([Segment(f"A {shown} B", Style.parse("red")), Segment("|end")])
    strip = strip.adjust_cell_length(WIDTH)
    change: CompositorUpdate = LayoutUpdate([[strip]], Region(0, 0, WIDTH, 1))
    if not is_whole:
        change = ChopsUpdate([{0: strip}], [(0, 0, WIDTH)], [[WIDTH]])
    sent = Painted().changes(change).render_segments(CONSOLE)
    assert f"{name}\x1b" in sent
    emulator = Emulator(WIDTH, HEIGHT + 1, lambda text: None)
    emulator.feed(("#" * WIDTH).encode())
    # A terminal that joins them draws no more than the first of what is joined.
    joined = name.partition("\u200d")[0] if joins else name
    emulator.feed(sent.replace(name, joined).encode())
    line = [emulator.screen.buffer[0][x].data for x in range(WIDTH)]
    place = 2 + cell_len(shown)
    assert "".join(line[:2]) == "A "
    assert "".join(line[place:]).rstrip() == " B|end"
    assert "#" not in line
    assert "".join(line[2:place]).strip().startswith(joined[0])


def test_a_joiner_that_was_cut_off_joins_nothing() -> None:
    shown = visible("👩\u200d👧")
    for text in (f"{shown[:2]}…", shown[:2], shown[1:], f"{shown[:2]} x"):
        strip = Strip([Segment(text)])
        sent = Painted().paint(ChopsUpdate([{0: strip}], [(0, 0, 9)], [[9]]), CONSOLE)
        assert "\u200d" not in sent
        assert "\u034f" not in sent

"""What a person waits for, in a real terminal: the product against a bare Textual program.

Run it from the repository's root: `python -m benchmarks.terminal_latency`. Ratios alone are judged,
since the machine counts in both programs alike; runs of the two alternate, so that a machine that
grows slower or faster meanwhile does so for both. With `--bare`, the bare program is measured
against itself: how far those ratios are from 1 is what a ratio may be off by.

A paint ends when the emulated terminal has drawn it, which is when a person could see it; with
`--arrival`, when its last byte has arrived. No other terminal is as slow as one written in Python,
and none takes no time at all.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, zip_longest
from pathlib import Path
from statistics import median

import pyte

from tests.terminal import Terminal, Wanted

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10, 10_000, 100_000)
START_LIMITS = {10: 1.6, 10_000: 1.8, 100_000: 3.0}
CURSOR_LIMITS = dict.fromkeys(SIZES, 1.5)
FILTER_LIMITS = {10: 2.0, 10_000: 3.0, 100_000: 6.0}
# Down and back up again, within the ten rows that the bare program has.
WALK = ("down",) * 8 + ("up",) * 8
LETTERS = "abara"

# What is awaited after each beginning of the filter text, the empty one included.
Painted = Callable[[str], Wanted]
# Each call times a round, key by key, as it is iterated.
Measure = Callable[[], Iterator[float]]


@dataclass(frozen=True)
class Program:
    """A command that shows a table of users, and a text by which its first row is known."""

    command: Sequence[str | Path]
    first_row: str
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """Whether the screen is as it was, at rest, when the same was typed before."""

    after: str
    holds: Callable[[Terminal], bool] = field(repr=False)

    def __call__(self, terminal: Terminal) -> bool:
        """Whether it is, so that a terminal can wait for it."""
        return self.holds(terminal)


def bare() -> Program:
    """The reference: a stock table of ten rows."""
    return Program([sys.executable, ROOT / "benchmarks" / "bare.py"], "Ada Abara")


def product(size: int, folder: Path) -> Program:
    """The product over a workspace of so many users, which is made in the folder."""
    # The reference is measured against itself without the product's packages.
    from benchmarks.workspaces import workspace_of

    store = ["--store", str(workspace_of(size, folder))]
    command = [sys.executable, "-m", "cli", *store, "--as", "admin@acme.example"]
    return Program(command, "Ada Abara")


def _terminal(program: Program, *, arrival: bool) -> Terminal:
    return Terminal(program.command, program.environment, folder=ROOT, counts_drawing=not arrival)


def start_to_first_row(program: Program, *, arrival: bool = False) -> float:
    """Seconds from the start of the command until its first row is on the screen."""
    with _terminal(program, arrival=arrival) as terminal:
        return terminal.wait_for(program.first_row, timeout=60)


def _start_once(program: Program, *, arrival: bool) -> Iterator[float]:
    yield start_to_first_row(program, arrival=arrival)


@contextmanager
def running(program: Program, *, arrival: bool = False) -> Iterator[Terminal]:
    """The program in a terminal, started and at rest."""
    with _terminal(program, arrival=arrival) as terminal:
        terminal.wait_for(program.first_row, timeout=60)
        terminal.wait_idle()
        yield terminal


def cursor_key_to_paint(terminal: Terminal, keys: Sequence[str] = WALK) -> Measure:
    """Learn where these keys take the row cursor; a round then walks there and times each key.

    The walk has to end where it began. A key's paint is complete when all lines whose background
    it changes, those that the cursor leaves and enters, look as they did when the walk was learnt.
    """
    stops = list(_learn_stops(terminal, keys))

    def walk() -> Iterator[float]:
        for key, stop in zip(keys, stops, strict=True):
            yield _time_key(terminal, key, stop)

    return walk


def filter_key_to_paint(
    terminal: Terminal, letters: str, painted: Painted | None = None
) -> Measure:
    """A round opens the filter, types the letters, takes them back, timing each key, and closes it.

    `painted` tells what to await for a beginning of the letters; without it, that is the text on
    which the screen had settled when the same was typed before.
    """
    steps = _filter_steps(letters)
    awaited = painted or _learn_texts(terminal, steps)

    def type_and_erase() -> Iterator[float]:
        with _filter_open(terminal):
            for key, text in steps:
                yield _time_key(terminal, key, awaited(text))

    return type_and_erase


def alternate(first: Measure, second: Measure, rounds: int) -> tuple[list[float], list[float]]:
    """The times of two measures that take turns at every key, after one round to warm both up."""
    times: tuple[list[float], list[float]] = [], []
    for number in range(rounds + 1):
        # Neither always comes right after the other.
        order = (0, 1) if number % 2 else (1, 0)
        for turn in zip_longest(*((first, second)[index]() for index in order)):
            for index, seconds in zip(order, turn, strict=True):
                if number and seconds is not None:
                    times[index].append(seconds)
    return times


def _time_key(terminal: Terminal, key: str, wanted: Wanted) -> float:
    terminal.wait_idle(0.05)
    # Programs draw sixty times a second: without this pause, keys could always meet the same phase.
    time.sleep(random.uniform(0, 1 / 60))
    return terminal.paint_time(key, wanted)


def _learn_stops(terminal: Terminal, keys: Sequence[str]) -> Iterator[Wanted]:
    lines = range(terminal.screen.lines)
    before = [terminal.cells(number) for number in lines]
    for key in keys:
        terminal.press(key)
        terminal.wait_idle()
        after = [terminal.cells(number) for number in lines]
        moved = {n: after[n] for n in lines if _backgrounds(before[n]) != _backgrounds(after[n])}
        if len(moved) < 2:
            raise AssertionError(f"{key!r} has not moved the row cursor:\n{terminal.text}")
        yield Settled(key, partial(_looks, moved))
        before = after


def _backgrounds(cells: tuple[pyte.screens.Char, ...]) -> list[str]:
    return [cell.fg if cell.reverse else cell.bg for cell in cells]


def _looks(wanted: dict[int, tuple[pyte.screens.Char, ...]], terminal: Terminal) -> bool:
    return all(terminal.cells(number) == cells for number, cells in wanted.items())


@contextmanager
def _filter_open(terminal: Terminal) -> Iterator[None]:
    terminal.press("/")
    terminal.wait_idle()
    yield
    terminal.press("escape")
    terminal.wait_idle(0.4)


def _filter_steps(letters: str) -> list[tuple[str, str]]:
    """The keys that type the letters and take them back, each with the text it leaves."""
    beginnings = list(accumulate(letters, initial=""))
    typing = list(zip(letters, beginnings[1:], strict=True))
    return typing + [("backspace", beginning) for beginning in reversed(beginnings[:-1])]


def _learn_texts(terminal: Terminal, steps: list[tuple[str, str]]) -> Painted:
    texts: dict[str, str] = {}
    # The second time counts: a table's columns may have grown with what the first one showed.
    for _ in range(2):
        with _filter_open(terminal):
            for key, text in steps:
                terminal.press(key)
                terminal.wait_idle(0.3)
                texts[text] = terminal.text
    return lambda text: Settled(text, lambda terminal: terminal.text == texts[text])


def compare(
    program: Program, reference: Program, size: int, chosen: argparse.Namespace
) -> Iterator[str]:
    """Measure a program against the reference; yields the lines of the table."""
    rounds, arrival = chosen.rounds, chosen.arrival
    start = partial(_start_once, arrival=arrival)
    starts = alternate(partial(start, program), partial(start, reference), rounds)
    yield line_of("start", size, *starts, START_LIMITS)
    with (
        running(program, arrival=arrival) as terminal,
        running(reference, arrival=arrival) as other,
    ):
        base = cursor_key_to_paint(other)
        cursors = alternate(cursor_key_to_paint(terminal), base, rounds)
        yield line_of("cursor key", size, *cursors, CURSOR_LIMITS)
        if not chosen.bare:
            keys = alternate(filter_key_to_paint(terminal, LETTERS), base, rounds)
            yield line_of("filter key", size, *keys, FILTER_LIMITS)


def line_of(
    name: str, size: int, times: list[float], base: list[float], limits: dict[int, float]
) -> str:
    """One line of the table: both medians in milliseconds, the ratio and what it may be."""
    mine, other = median(times) * 1000, median(base) * 1000
    ratio, limit = _ratio(times, base), limits.get(size)
    verdict = "" if limit is None else f"{limit:6.1f}  {'within' if ratio <= limit else 'OVER'}"
    return f"{name:12}{size:>9,}{mine:10.1f}{other:10.1f}{ratio:8.2f}  {verdict}".rstrip()


def _ratio(times: list[float], base: list[float]) -> float:
    """The ratio, pair by pair where there are pairs: a machine changes its speed meanwhile."""
    if len(times) != len(base):
        return median(times) / median(base)
    return median(mine / other for mine, other in zip(times, base, strict=True))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of users")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of each measure")
    parser.add_argument("--bare", action="store_true", help="measure the reference against itself")
    parser.add_argument("--arrival", action="store_true", help="leave the terminal's drawing out")
    chosen = parser.parse_args(arguments)
    print(f"{'':12}{'users':>9}{'ms':>10}{'bare ms':>10}{'ratio':>8}{'limit':>8}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for size in (10,) if chosen.bare else chosen.sizes:
            program = bare() if chosen.bare else product(size, Path(folder))
            for line in compare(program, bare(), size, chosen):
                print(line, flush=True)


if __name__ == "__main__":
    main()

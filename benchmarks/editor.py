"""A key in the editor of vaults, in a real terminal: in a long text against a short one.

Run it from the repository's root: `python -m benchmarks.editor`. Both editors run at the same time
and take turns at every key; the ratio alone is judged. The text is checked behind their backs, as
in the product. With `--stock`, Textual's own text area is measured in the same way.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[1]
SHORT, LONG = 100, 10_000
WANTED = 2.0
ROUNDS = 7
LETTERS = "qzqzqzqz"
# Where in the text is typed: the keys that go there.
PLACES = {"beginning": ("ctrl+home",), "end": ("ctrl+end",)}


# Lines as people have them; ten thousand are too large to be saved, which is quickly said of them.
USUAL = (
    "agent.docker_{n} {{\n"
    '  image: "nvidia/cuda:12.{n}" # the image of the lab\n'
    '  arguments: ["-v", "/mnt/{n}:/mnt", ${{HOME}}]\n'
    "  timeout = 30\n"
    "}}\n"
)
# So short that ten thousand can be saved, and are parsed after each pause.
TINY = "a {{\nb=1\nc=2\nd=3\n}}\n"
BLOCKS = {"usual": USUAL, "tiny": TINY}


def text_of(lines: int, kind: str) -> str:
    """A text of so many lines.

    Args:
        lines: How many.
        kind: Of which ones.
    """
    block = BLOCKS[kind]
    return "".join(block.format(n=number) for number in range(lines // 5)) + "end = "


def show(lines: int, kind: str, *, stock: bool) -> None:
    """Run an editor on a text of so many lines."""
    from textual.app import App, ComposeResult
    from textual.widgets import TextArea

    from store.vaults.checking import CheckedText, check_vault_text
    from store.vaults.converting import Conversion
    from store.vaults.formats import Format
    from tui.dialogs.edit_vault import EditVault, SavedText
    from tui.themes import DARK

    text = text_of(lines, kind)

    async def check(text: str, text_format: Format) -> CheckedText:
        return await asyncio.to_thread(check_vault_text, text, text_format)

    async def save(text: str, text_format: Format, revision: int) -> None:
        raise NotImplementedError

    async def reload() -> SavedText:
        raise NotImplementedError

    async def convert(text: str, source: Format, target: Format) -> Conversion:
        raise NotImplementedError

    class Program(App[None]):
        """The editor and nothing else."""

        def compose(self) -> ComposeResult:
            """Textual's own, where that is wanted."""
            if stock:
                yield TextArea(text, soft_wrap=False, show_line_numbers=True)

        def on_mount(self) -> None:
            """Open the product's, where that is wanted."""
            self.register_theme(DARK)
            self.theme = DARK.name
            if not stock:
                self.push_screen(
                    EditVault(
                        title="Vault",
                        saved=SavedText(text, "hocon", 1),
                        enabled=True,
                        check=check,
                        save=save,
                        reload=reload,
                        convert=convert,
                    )
                )

    Program().run()


def key_to_paint(terminal: Terminal) -> Iterator[float]:
    """Type letters and take them back; the seconds until each key is painted."""
    typed = ""
    for letter in LETTERS:
        typed += letter
        yield _time(terminal, letter, typed, is_there=True)
    while typed:
        gone, typed = typed, typed[:-1]
        yield _time(terminal, "backspace", gone, is_there=False)


def _time(terminal: Terminal, key: str, typed: str, *, is_there: bool) -> float:
    terminal.wait_idle(0.05)
    return terminal.paint_time(key, lambda shown: (typed in shown.text) is is_there)


def compare(kind: str, rounds: int, *, stock: bool) -> Iterator[str]:
    """Measure both editors; yields the lines of the table."""
    # Imported late, for the program that is measured needs none of it.
    from benchmarks.terminal_latency import alternate

    command = partial(_command, kind=kind, stock=stock)
    with (
        Terminal(command(LONG), folder=ROOT, counts_drawing=True) as long,
        Terminal(command(SHORT), folder=ROOT, counts_drawing=True) as short,
    ):
        for terminal in (long, short):
            terminal.wait_for("  5  }", timeout=60)
            # The cursor blinks twice a second.
            terminal.wait_idle(0.3, timeout=60)
        # Textual's own knows no key that goes to the end.
        for place, keys in list(PLACES.items())[: 1 if stock else None]:
            for terminal in (long, short):
                terminal.press(*keys)
                terminal.wait_idle()
            times = alternate(partial(key_to_paint, long), partial(key_to_paint, short), rounds)
            yield line_of(f"{kind} lines, {place}", *times)


def _command(lines: int, *, kind: str, stock: bool) -> Sequence[str]:
    module = [sys.executable, "-m", "benchmarks.editor", "--show", str(lines), "--kind", kind]
    return [*module, "--stock"] if stock else module


def line_of(place: str, long: list[float], short: list[float]) -> str:
    """One line of the table: both medians in milliseconds, their ratio and what it may be."""
    ratio = median(long) / median(short)
    verdict = "within" if ratio <= WANTED else "OVER"
    return (
        f"{place:<24}{median(long) * 1000:>10.1f}{median(short) * 1000:>10.1f}{ratio:>8.2f}"
        f"{WANTED:>8.1f}  {verdict}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each measure")
    parser.add_argument("--stock", action="store_true", help="measure Textual's own text area")
    parser.add_argument("--show", type=int, help="run an editor on a text of so many lines")
    parser.add_argument("--kind", choices=BLOCKS, default="usual", help="of which lines")
    chosen = parser.parse_args(arguments)
    if chosen.show is not None:
        show(chosen.show, chosen.kind, stock=chosen.stock)
        return
    print(f"{'typed into':<24}{LONG:>7,} ms{SHORT:>7,} ms{'ratio':>8}{'limit':>8}", flush=True)
    for kind in BLOCKS:
        for line in compare(kind, chosen.rounds, stock=chosen.stock):
            print(line, flush=True)


if __name__ == "__main__":
    main()

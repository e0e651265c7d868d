"""How much is sent to the terminal for a dialog or a filter, against what Textual sends by itself.

Run it from the repository's root: `python -m benchmarks.sent_bytes`. It opens what each key opens
from the Users tab of the demo, in a terminal of 120 by 40 with all colours, and closes it again;
once in the program as it is, and once in one that sends each frame as Textual makes it.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.cli.console import COMMAND
from tests.terminal import Terminal

ROOT = Path(__file__).resolve().parents[1]
OPENED = {
    "/": "the filter",
    "i": "Invite",
    "e": "Edit",
    "d": "Remove",
    "p": "Suspend",
    "u": "Groups",
    "v": "Configuration",
    "x": "Access",
    "y": "Copy",
    "s": "Sort",
    "f": "Refused sign-ins",
    "w": "Workspace",
    "?": "Help",
    ":": "Commands",
}
LIMIT = 15_000
# Longer than a dialog takes to look up what it shows, in seconds.
QUIET = 0.6
AS_TEXTUAL_SENDS_IT = """
import sys
from textual.app import App
from tui.app import AdminApp
AdminApp._display = App._display
from cli.main import main
sys.exit(main())
"""


def sent(command: list[str | Path], folder: Path) -> Iterator[tuple[int, int]]:
    """The bytes that come when each is opened, and when it is closed."""
    with Terminal(
        command, {"HOME": str(folder), "COLORTERM": "truecolor"}, folder=ROOT
    ) as terminal:
        terminal.wait_for("USERS")
        # Nobody can be removed or suspended on one's own row.
        terminal.press("j")
        terminal.wait_idle(QUIET)
        for key in OPENED:
            yield _after(terminal, key), _after(terminal, "escape")


def _after(terminal: Terminal, key: str) -> int:
    before = len(terminal.output)
    terminal.press(key)
    terminal.wait_idle(QUIET)
    return len(terminal.output) - before


def main() -> None:
    """Print a line for each: bytes, those of the reference, and the ratio."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(f"{'':18}{'opened':>9}{'closed':>9}{'Textual':>18}{'ratio':>8}  limit {LIMIT:,}")
    with tempfile.TemporaryDirectory() as folder:
        ours = sent([*COMMAND, "--demo"], Path(folder))
        reference = [COMMAND[0], "-c", AS_TEXTUAL_SENDS_IT, "--demo"]
        theirs = sent([*reference], Path(folder))
        for name, mine, other in zip(OPENED.values(), ours, theirs, strict=True):
            ratio = sum(mine) / sum(other)
            verdict = "within" if max(mine) <= LIMIT else "OVER"
            counts = "".join(f"{count:>9,}" for count in (*mine, *other))
            print(f"{name:18}{counts}{ratio:>8.2f}  {verdict}", flush=True)


if __name__ == "__main__":
    main()

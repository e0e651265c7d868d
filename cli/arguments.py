"""What can be said to the command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from cli.terminal import as_one_line

DESCRIPTION = "The terminal admin console for a self-hosted ClearML workspace."


@dataclass(frozen=True)
class Arguments:
    """What was said.

    Attributes:
        store: The path given, or "".
        who: Whom to act as, or "".
        demo: Whether to open the demo workspace.
        read_only: Whether nothing may be changed.
        restricted: Whether the person must not reach files or a shell.
    """

    store: str
    who: str
    demo: bool
    read_only: bool
    restricted: bool


def parse_arguments(given: Sequence[str]) -> Arguments:
    """Read the command line; `--help`, `--version` and errors end the program.

    Raises:
        SystemExit: With 0 after help or version, with 2 after an error.
    """
    parsed = _parser().parse_args(given)
    return Arguments(
        store=parsed.store or "",
        who=parsed.who or "",
        demo=parsed.demo,
        read_only=parsed.read_only,
        restricted=parsed.restricted,
    )


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help."""
        self.exit(2, f"{self.prog}: {as_one_line(message)} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Shows the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"clearml-admin {version('clearml-admin')}")
        parser.exit()


def _named(text: str) -> str:
    # What a shell makes of an unset variable must not count as nothing said.
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="clearml-admin", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument(
        "--store",
        metavar="PATH",
        type=_named,
        help="the store's folder (default: $CLEARML_ADMIN_STORE, else in your data directory)",
    )
    parser.add_argument(
        "--as",
        dest="who",
        metavar="WHO",
        type=_named,
        help="act as the user with this email or id (default: the user with your login name)",
    )
    parser.add_argument(
        "--demo", action="store_true", help="open a workspace to try, which goes with the program"
    )
    parser.add_argument("--read-only", action="store_true", help="change nothing at all")
    parser.add_argument(
        "--restricted", action="store_true", help="no files and no shell for the person"
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    return parser

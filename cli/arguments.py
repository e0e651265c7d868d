"""What can be said to the command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from cli.terminal import as_one_line

DESCRIPTION = "The terminal admin console for a self-hosted ClearML workspace."

SERVE, INIT, ROTATE = "serve", "init", "rotate-token-secret"

# What says how the terminal program runs, and nothing to a command.
_OF_THE_PROGRAM = {
    "who": "--as",
    "demo": "--demo",
    "restricted": "--restricted",
    "config": "--config",
}
_HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Serving:
    """How the endpoint is served."""

    host: str
    port: int
    trusted_proxies: tuple[str, ...]


@dataclass(frozen=True)
class Making:
    """The workspace that is to be made; "" stands for the usual URL."""

    workspace: str
    name: str
    email: str
    web_url: str
    api_url: str
    files_url: str


@dataclass(frozen=True)
class Arguments:
    """What was said.

    Attributes:
        store: The path given, or "".
        who: Whom to act as, or "".
        demo: Whether to open the demo workspace.
        read_only: Whether nothing may be changed.
        restricted: Whether the person must not reach files or a shell.
        config: The path of the configuration given, or "".
        command: The command, or "" for the terminal program.
        serving: How to serve, with that command.
        making: What to make, with that command.
    """

    store: str
    who: str
    demo: bool
    read_only: bool
    restricted: bool
    config: str = ""
    command: str = ""
    serving: Serving | None = None
    making: Making | None = None


def parse_arguments(given: Sequence[str]) -> Arguments:
    """Read the command line; `--help`, `--version` and errors end the program.

    Raises:
        SystemExit: With 0 after help or version, with 2 after an error.
    """
    parser = _parser()
    parsed = parser.parse_args(given)
    command = parsed.command or ""
    if command:
        _refuse_what_is_of_the_program(parser, parsed)
    return Arguments(
        store=parsed.store or "",
        who=parsed.who or "",
        demo=parsed.demo,
        read_only=parsed.read_only,
        restricted=parsed.restricted,
        config=parsed.config or "",
        command=command,
        serving=_serving(parsed) if command == SERVE else None,
        making=_making(parsed) if command == INIT else None,
    )


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help."""
        self.exit(2, f"clearml-admin: {as_one_line(message)} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Shows the version, which is looked up only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"clearml-admin {version('clearml-admin')}")
        parser.exit()


def _refuse_what_is_of_the_program(parser: _Parser, parsed: argparse.Namespace) -> None:
    refused = [option for name, option in _OF_THE_PROGRAM.items() if getattr(parsed, name)]
    if parsed.read_only and parsed.command != SERVE:
        refused.append("--read-only")
    if refused:
        parser.error(f"{' and '.join(refused)} cannot be used with {parsed.command}")


def _serving(parsed: argparse.Namespace) -> Serving:
    return Serving(parsed.host, parsed.port, tuple(parsed.trusted_proxy))


def _making(parsed: argparse.Namespace) -> Making:
    return Making(
        workspace=parsed.workspace,
        name=parsed.name,
        email=parsed.email,
        web_url=parsed.web_url or "",
        api_url=parsed.api_url or "",
        files_url=parsed.files_url or "",
    )


def _named(text: str) -> str:
    # What a shell makes of an unset variable must not count as nothing said.
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= _HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"it is none: {text}")
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(prog="clearml-admin", description=DESCRIPTION, allow_abbrev=False)
    _add_shared(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="", parser_class=_Parser, required=False
    )
    for name, said, add in (
        (SERVE, "answer the ClearML clients that sign in", _add_serving),
        (INIT, "make a workspace without a terminal", _add_making),
        (ROTATE, "end all tokens: clients sign in anew", None),
    ):
        one = commands.add_parser(name, help=said, description=said, allow_abbrev=False)
        # What was said before the command stays where it is not said again.
        _add_shared(one, unsaid=argparse.SUPPRESS)
        if add is not None:
            add(one)
    return parser


def _add_shared(parser: argparse.ArgumentParser, *, unsaid: str | None = None) -> None:
    """Add what may stand before the command and after it."""
    off = False if unsaid is None else unsaid
    parser.add_argument(
        "--store",
        metavar="PATH",
        type=_named,
        default=unsaid,
        help="the store's folder (default: $CLEARML_ADMIN_STORE, else in your data directory)",
    )
    parser.add_argument(
        "--as",
        dest="who",
        metavar="WHO",
        type=_named,
        default=unsaid,
        help="act as the user with this email or id (default: the user with your login name)",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        type=_named,
        default=unsaid,
        help="keys and looks (default: config.toml in clearml-admin of your configuration folder)",
    )
    flags = {
        "--demo": "open a workspace to try, which goes with the program",
        "--read-only": "change nothing at all",
        "--restricted": "no files and no shell for the person",
    }
    for flag, said in flags.items():
        parser.add_argument(flag, action="store_true", default=off, help=said)


def _add_serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", type=_named, default="127.0.0.1", help="where to listen (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=_port, default=8008, help="the port (default: 8008; 0: any that is free)"
    )
    parser.add_argument(
        "--trusted-proxy",
        metavar="ADDRESS",
        type=_named,
        action="append",
        default=[],
        help="believe the X-Forwarded-For of a proxy with this address or network; may be repeated",
    )


def _add_making(parser: argparse.ArgumentParser) -> None:
    for option, said in (
        ("--workspace", "the name of the workspace"),
        ("--name", "the name of its administrator"),
        ("--email", "the email of its administrator"),
    ):
        parser.add_argument(option, required=True, metavar=option[2:].upper(), help=said)
    for kind, port in (("web", 8080), ("api", 8008), ("files", 8081)):
        parser.add_argument(
            f"--{kind}-url",
            metavar="URL",
            type=_named,
            help=f"the URL of the {kind} server (default: http://HOST:{port})",
        )

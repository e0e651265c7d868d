"""The command: opens the store in somebody's name and starts the program."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import Arguments, parse_arguments
from cli.identity import Person, person
from cli.terminal import adapt_environment, has_few_colours, missing_terminal
from store.errors import AlreadyExists, InvalidInput, StoreMissing, WorkspaceError
from store.persistence.store import Store
from store.workspace import Workspace

if TYPE_CHECKING:
    from store.operations.workspace_settings import FirstStart
    from tui.launch import FirstStartOffer, Launch

STORE_VARIABLE = "CLEARML_ADMIN_STORE"


def main(given: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        given: The arguments, or None for those of the process.

    Returns:
        The exit status: 0, or 1 with one line on stderr, or that of a signal.
    """
    arguments = parse_arguments(sys.argv[1:] if given is None else given)
    try:
        with _launched(arguments, person(os.environ)) as launch:
            return _run(launch)
    except WorkspaceError as error:
        return _fail(error.message)


@contextlib.contextmanager
def _launched(arguments: Arguments, somebody: Person) -> Iterator[Launch]:
    from tui.launch import Launch

    _refuse_under_sudo(arguments, somebody)
    is_restricted = arguments.restricted or somebody.is_under_sudo
    if arguments.demo:
        with _demo(arguments) as workspace:
            yield Launch(workspace, is_demo=True, is_restricted=is_restricted)
        return
    path = _store_path(arguments)
    try:
        store = Store(path, read_only=arguments.read_only)
    except StoreMissing:
        if arguments.read_only:
            raise
        _refuse_without_terminal()
        offer = _first_start(path, arguments, somebody)
        yield Launch(None, first_start=offer, is_restricted=is_restricted)
        return
    workspace = Workspace.open(store, who=arguments.who, login=somebody.login_name)
    _refuse_without_terminal()
    joined = workspace.activate(_name_of(workspace, somebody))
    yield Launch(workspace, is_restricted=is_restricted, joined=joined)
    store.close()


def _refuse_under_sudo(arguments: Arguments, somebody: Person) -> None:
    refused = [name for name, is_given in _identifying(arguments).items() if is_given]
    if somebody.is_under_sudo and refused:
        raise InvalidInput(
            f"{' and '.join(refused)} cannot be used under sudo, where you act as yourself "
            f"({somebody.login_name}) in the store of the account."
        )


def _identifying(arguments: Arguments) -> dict[str, bool]:
    return {
        "--as": bool(arguments.who),
        "--store": arguments.store is not None,
        STORE_VARIABLE: bool(os.environ.get(STORE_VARIABLE)),
    }


def _store_path(arguments: Arguments) -> Path:
    if arguments.store is not None:
        return arguments.store.absolute()
    if os.environ.get(STORE_VARIABLE):
        return Path(os.environ[STORE_VARIABLE]).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("clearml-admin")


@contextlib.contextmanager
def _demo(arguments: Arguments) -> Iterator[Workspace]:
    if arguments.store is not None or arguments.who:
        raise InvalidInput("--demo brings its own store and actor: leave out --store and --as.")
    _refuse_without_terminal()
    import tempfile

    from store.demo import demo_workspace

    with tempfile.TemporaryDirectory(prefix="clearml-admin-demo-") as folder:
        workspace = demo_workspace(Path(folder) / "store", read_only=arguments.read_only)
        yield workspace


def _refuse_without_terminal() -> None:
    if missing := missing_terminal():
        raise InvalidInput(missing)


def _first_start(path: Path, arguments: Arguments, somebody: Person) -> FirstStartOffer:
    import socket

    from tui.launch import FirstStartOffer

    def create(first: FirstStart) -> Workspace:
        try:
            return Workspace.create(path, first)
        except AlreadyExists:
            # Somebody else was quicker: theirs is opened, if it knows this person.
            return Workspace.open(Store(path), who=arguments.who, login=somebody.login_name)

    return FirstStartOffer(
        path=path,
        login_name=somebody.login_name,
        name=somebody.full_name,
        email=arguments.who if "@" in arguments.who else "",
        host=socket.gethostname() or "localhost",
        create=create,
    )


def _name_of(workspace: Workspace, somebody: Person) -> str:
    """The name of whoever opens the program for the first time, where the invitation had none."""
    details = workspace.user_details(workspace.actor)
    if details.login_name and somebody.full_name:
        return somebody.full_name
    return (details.email or "").partition("@")[0]


def _run(launch: Launch) -> int:
    adapt_environment(os.environ)
    # Textual is imported as late as this, so that an error of the store is told at once.
    from tui.app import AdminApp

    app = AdminApp(launch, ansi_color=True if has_few_colours(os.environ) else None)
    app.run()
    if app.last_words:
        print(f"clearml-admin: {app.last_words}", file=sys.stderr)
    return app.return_code or 0


def _fail(message: str) -> int:
    # Names and paths may hold anything, and this goes to the terminal as it is.
    line = "".join(character if character.isprintable() else "�" for character in message)
    print(f"clearml-admin: {line}", file=sys.stderr)
    return 1

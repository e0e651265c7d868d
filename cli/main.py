"""The command: opens the store in somebody's name and starts the program."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cli.arguments import Arguments, parse_arguments
from cli.identity import Person, person
from cli.signals import ending_in_order
from cli.terminal import adapt_environment, as_one_line, has_few_colours, missing_terminal
from store.errors import AlreadyExists, InvalidInput, StoreMissing, WorkspaceError
from store.persistence.store import Store
from store.workspace import Workspace
from tui.launch import Configuration, InvalidConfiguration, Launch

if TYPE_CHECKING:
    from store.operations.workspace_settings import FirstStart
    from tui.launch import FirstStartOffer

STORE_VARIABLE = "CLEARML_ADMIN_STORE"


def main(given: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        given: The arguments, or None for those of the process.

    Returns:
        The exit status: 0; or 1 with one line on stderr, 2 where what was asked for or written
        down cannot be; or that of a signal.
    """
    arguments = parse_arguments(sys.argv[1:] if given is None else given)
    # What starting makes stays as long as the program: collecting among it finds nothing. The
    # program enables it when all is loaded.
    gc.disable()
    try:
        somebody = person(os.environ)
        if arguments.command:
            return _run_command(arguments, somebody)
        with _launched(arguments, somebody) as launch:
            return _run(launch)
    except InvalidConfiguration as error:
        _say(error.message)
        return 2
    except WorkspaceError as error:
        return _fail(error.message)
    except Exception as error:
        # A defect before the screen is up ends as one in the program does: never in a traceback.
        from platformdirs import user_log_path

        from tui.defects import log_defect

        return _fail(log_defect(error, user_log_path("clearml-admin")))


def _run_command(arguments: Arguments, somebody: Person) -> int:
    from cli import commands

    _refuse_under_sudo(arguments, somebody)
    path = _store_path(arguments)
    if arguments.serving is not None:
        commands.serve(path, arguments.serving, read_only=arguments.read_only)
    elif arguments.making is not None:
        commands.init(path, arguments.making, login_name=somebody.login_name)
    else:
        commands.rotate_token_secret(path)
    return 0


@contextlib.contextmanager
def _launched(arguments: Arguments, somebody: Person) -> Iterator[Launch]:
    from cli import personal

    # What is read may have to ask Textual.
    adapt_environment(os.environ)
    _refuse_under_sudo(arguments, somebody)
    is_restricted = arguments.restricted or somebody.is_under_sudo
    launch = partial(
        Launch,
        is_demo=arguments.demo,
        is_restricted=is_restricted,
        configuration=_configuration(arguments),
        # What others choose in this account is nobody's to find.
        remembered=None if is_restricted else personal.remembered(may_write=not arguments.demo),
    )
    if arguments.demo:
        with _demo(arguments) as workspace:
            yield launch(workspace)
        return
    path = _store_path(arguments)
    try:
        store = Store(path, read_only=arguments.read_only)
    except StoreMissing:
        if arguments.read_only:
            raise
        _refuse_without_terminal()
        offer = _first_start(path, arguments, somebody)
        yield launch(None, first_start=offer)
        return
    workspace = Workspace.open(store, who=arguments.who, login=somebody.login_name)
    _refuse_without_terminal()
    joined = workspace.is_pending and workspace.activate(_name_of(workspace, somebody))
    yield launch(workspace, joined=joined)
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
        "--store": bool(arguments.store),
        "--config": bool(arguments.config),
        STORE_VARIABLE: bool(os.environ.get(STORE_VARIABLE)),
    }


def _store_path(arguments: Arguments) -> Path:
    named = arguments.store or os.environ.get(STORE_VARIABLE)
    if not named:
        from platformdirs import user_data_path

        return user_data_path("clearml-admin")
    try:
        return _path(named)
    except (RuntimeError, OSError) as error:
        raise InvalidInput(f"{named} cannot be used as a store: {error}") from error


def _path(named: str) -> Path:
    # Fails in the home of somebody unknown, or in a working folder that is gone.
    return Path(named).expanduser().absolute()


def _configuration(arguments: Arguments) -> Configuration:
    from cli import personal

    try:
        named = _path(arguments.config) if arguments.config else None
    except (RuntimeError, OSError) as error:
        raise InvalidConfiguration(f"{arguments.config} cannot be used: {error}.") from error
    return personal.configuration(named)


@contextlib.contextmanager
def _demo(arguments: Arguments) -> Iterator[Workspace]:
    if arguments.store or arguments.who:
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
    # Textual is imported as late as this, so that an error of the store is told at once.
    from tui.app import AdminApp

    app = AdminApp(launch, ansi_color=True if has_few_colours(os.environ) else None)
    with ending_in_order(app.end):
        app.run()
    if app.last_words:
        _say(app.last_words)
    return app.return_code or 0


def _fail(message: str) -> int:
    _say(message)
    return 1


def _say(message: str) -> None:
    # The terminal may be gone, and with it whoever would hear it.
    with contextlib.suppress(OSError):
        print(f"clearml-admin: {as_one_line(message)}", file=sys.stderr, flush=True)

"""The commands that need no terminal: serving, making a workspace, ending all tokens."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from cli.arguments import Making, Serving
from store.errors import AlreadyExists, InvalidInput, StoreMissing, StoreUnreadable
from store.persistence.signing_secret import SigningSecret
from store.persistence.store import Store
from store.workspace import Workspace


def serve(path: Path, serving: Serving, *, read_only: bool) -> None:
    """Answer clients until a signal ends it.

    Raises:
        WorkspaceError: The store cannot be served, or nothing can listen there.
    """
    try:
        from api.addresses import Network
        from api.served import ServedWorkspace
        from api.serving import listening
        from api.serving import serve as answer
    except ImportError as error:
        raise InvalidInput(
            f"serve needs {error.name}, which is not installed: pip install 'clearml-admin[api]'."
        ) from error
    trusted = tuple(map(Network, serving.trusted_proxies))
    store = _existing(path, read_only=read_only)
    served = ServedWorkspace(store, SigningSecret(path, read_only=read_only), trusted=trusted)
    try:
        served.load()
        with listening(serving.host, serving.port) as listener:
            host, port = listener.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            said = f"serving {served.name} at http://{shown}:{port}"
            gc.freeze()
            gc.enable()
            answer(served, listener, lambda: _say(said))
    finally:
        served.close()


def init(path: Path, making: Making, *, login_name: str) -> None:
    """Make a workspace; one that is there already is refused, and not touched.

    Raises:
        WorkspaceError: It could not be made.
    """
    import socket

    from store.operations.workspace_settings import FirstStart

    try:
        Store(path, read_only=True).close()
    except StoreMissing:
        pass
    else:
        raise AlreadyExists(f"There is a workspace in {path} already. It was not touched.")
    first = FirstStart(
        workspace=making.workspace,
        name=making.name,
        email=making.email,
        login_name=login_name,
        host=socket.gethostname() or "localhost",
        web_url=making.web_url,
        api_url=making.api_url,
        files_url=making.files_url,
    )
    workspace = Workspace.create(path, first)
    _say(f"made the workspace {workspace.settings().name} in {path}")
    workspace.close()


def rotate_token_secret(path: Path) -> None:
    """Make a new signing secret; all tokens that were given end, also in a running server.

    Raises:
        WorkspaceError: There is no store, or it could not be written.
    """
    _existing(path, read_only=True).close()
    secret = SigningSecret(path)
    secret.rotate()
    secret.close()
    _say("made a new token secret: all tokens have ended, and clients sign in anew")


def _existing(path: Path, *, read_only: bool) -> Store:
    try:
        store = Store(path, read_only=read_only)
    except StoreMissing as error:
        raise StoreUnreadable(
            f"{error.message} Make one with clearml-admin init, or name another with --store."
        ) from error
    for notice in store.notices:
        _say(notice)
    return store


def _say(message: str) -> None:
    from cli.terminal import as_one_line

    print(f"clearml-admin: {as_one_line(message)}", file=sys.stderr, flush=True)

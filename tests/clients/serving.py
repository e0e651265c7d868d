"""The real endpoint in a process of its own, over a store that tests change meanwhile."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from store.operations.invitations import InvitationLink
from store.persistence.store import Store
from store.workspace import Workspace
from tests.cli.console import COMMAND, ROOT
from tests.store.house import House, invitee

_SAYS_WHERE = " at http://"
_LONGEST_START = 30
_OTHER_LIMITS = """
import functools, sys
import api.serving
from api.limits import ConnectionLimits
from cli.main import main
limits = ConnectionLimits(**{!r})
api.serving.serve = functools.partial(api.serving.serve, limits=limits)
main(sys.argv[1:])
"""


class Estate:
    """A house whose store is served.

    Args:
        folder: An empty folder.
        options: Further options of the command.
        limits: Limits of connections that are other than usual.
        descriptors: How many files and connections the process may have; None for as many as usual.
    """

    def __init__(
        self,
        folder: Path,
        *options: str,
        limits: Mapping[str, float] | None = None,
        descriptors: int | None = None,
    ) -> None:
        self.folder = folder
        self.house = House(folder / "store")
        self.log = folder / "served"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(COMMAND if limits is None else _with_limits(limits)),
                    "serve",
                    "--store",
                    self.house.folder,
                    "--port",
                    "0",
                    *options,
                ],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=partial(_limit_descriptors, descriptors) if descriptors else None,
            )
        self.url = self._url()

    @property
    def admin(self) -> Workspace:
        """The workspace in the administrator's name."""
        return self.house.admin

    @property
    def lines(self) -> list[str]:
        """What the server has said."""
        return self.log.read_text().splitlines()

    def seen_anew(self) -> Workspace:
        """The workspace in the administrator's name, with what the server has written of it."""
        store = Store(self.house.folder, read_only=True)
        return Workspace(store, self.admin.actor)

    def close(self) -> int:
        """End the server as a service manager does; its status."""
        self.process.terminate()
        status = self.process.wait(20)
        self.house.close()
        return status

    def _url(self) -> str:
        end = time.monotonic() + _LONGEST_START
        while not (self.lines and _SAYS_WHERE in self.lines[0]):
            assert self.process.poll() is None, self.lines
            assert time.monotonic() < end, "it did not start"
            time.sleep(0.02)
        return self.lines[0].rpartition(" at ")[2]


def invited_now(served: Estate, name: str, email: str = "pia@acme.example") -> InvitationLink:
    """The link of somebody who was invited by the clock of the server, which is not the house's."""
    here = Workspace(served.house.store(), served.admin.actor)
    return here.invite_users([invitee(email, name)], [])[0]


def _with_limits(limits: Mapping[str, float]) -> list[str]:
    """The command, with other limits than one can choose."""
    return [sys.executable, "-c", _OTHER_LIMITS.format(dict(limits))]


def _limit_descriptors(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def estate(folder: Path, *options: str, **named: Any) -> Iterator[Estate]:
    """A house whose store is served for as long as the block; arguments are those of `Estate`."""
    made = Estate(folder, *options, **named)
    try:
        yield made
    finally:
        made.close()

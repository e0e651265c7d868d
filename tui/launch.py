"""What the program is started with. The command and every test build it from this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.operations.workspace_settings import FirstStart
    from store.workspace import Workspace


@dataclass(frozen=True)
class FirstStartOffer:
    """What a first start fills in, and what makes the workspace of what was typed.

    Attributes:
        path: Where the workspace will lie.
        login_name: The login name that its creator will be tied to.
        name: A name to begin with, or "".
        email: An email to begin with, or "".
        host: The name of this machine.
        create: Makes the workspace, or opens the one that another has made meanwhile.
    """

    path: Path
    login_name: str
    name: str
    email: str
    host: str
    create: Callable[[FirstStart], Workspace]


@dataclass(frozen=True)
class Launch:
    """What the program is started with.

    Attributes:
        workspace: The workspace, or None for a first start.
        first_start: What a first start offers, or None.
        is_demo: Whether the store goes with the program.
        is_restricted: Whether the person must not reach files or a shell by this program.
        joined: Whether the actor has just become active by opening the program.
    """

    workspace: Workspace | None
    first_start: FirstStartOffer | None = None
    is_demo: bool = False
    is_restricted: bool = False
    joined: bool = False

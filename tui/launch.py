"""What the program is started with. The command and every test build it from this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import InvalidInput
from tui.table_view import TableView

if TYPE_CHECKING:
    from store.operations.workspace_settings import FirstStart
    from store.workspace import Workspace
    from tui.remembered import Remembered


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


class InvalidConfiguration(InvalidInput):
    """What a person has written down cannot be used."""


@dataclass(frozen=True)
class Configuration:
    """What a person has written down; what is not said is as the program has it.

    Attributes:
        theme: The name of the theme, or "".
        keys: The keys of the actions that have others, by the ids of their bindings.
        tables: How tables are shown, by their names.
    """

    theme: str = ""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, TableView] = field(default_factory=dict)


@dataclass(frozen=True)
class Launch:
    """What the program is started with.

    Attributes:
        workspace: The workspace, or None for a first start.
        first_start: What a first start offers, or None.
        is_demo: Whether the store goes with the program.
        is_restricted: Whether the person must not reach files or a shell by this program.
        joined: Whether the actor has just become active by opening the program.
        configuration: What the person has written down.
        remembered: What the program remembers of the person's choices, or None for nothing.
    """

    workspace: Workspace | None
    first_start: FirstStartOffer | None = None
    is_demo: bool = False
    is_restricted: bool = False
    joined: bool = False
    configuration: Configuration = field(default_factory=Configuration)
    remembered: Remembered | None = None

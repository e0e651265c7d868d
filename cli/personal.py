"""What a person wants of the program: what they have written down, and what it remembers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_config_path, user_state_path

from tui.launch import Configuration

if TYPE_CHECKING:
    from tui.remembered import Remembered


def configuration(named: Path | None) -> Configuration:
    """What the person has written down about keys and looks.

    Args:
        named: The file that was named, or None for the usual one, which may be missing.

    Raises:
        InvalidConfiguration: It cannot be used.
    """
    path = named or user_config_path("clearml-admin") / "config.toml"
    if named is None and not path.exists() and not path.is_symlink():
        return Configuration()
    # Nobody else needs what reads it.
    from tui.configuration import read_configuration

    return read_configuration(path)


def remembered(*, may_write: bool) -> Remembered:
    """What the program remembers of the person's choices.

    Args:
        may_write: Whether it remembers new ones, too.
    """
    from tui.remembered import Remembered

    return Remembered(user_state_path("clearml-admin") / "choices.json", may_write=may_write)

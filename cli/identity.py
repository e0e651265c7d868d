"""Who runs the program: the login name, and whether it runs under sudo (SPEC, Who may do what)."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Whoever sits at the terminal.

    Attributes:
        login_name: Their login name; never `$USER`, which anybody may set.
        full_name: Their name in the password file, or "".
        is_under_sudo: Whether the program runs in another account for them.
    """

    login_name: str
    full_name: str
    is_under_sudo: bool


def person(environment: Mapping[str, str]) -> Person:
    """Who runs the program.

    Args:
        environment: The environment of the program.
    """
    # sudo sets both itself, so neither is a person's word; root may be anyone anyway.
    sudo_user = environment.get("SUDO_USER", "")
    if sudo_user and environment.get("SUDO_UID"):
        return Person(sudo_user, _full_name_of(sudo_user), is_under_sudo=True)
    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return Person(str(os.getuid()), "", is_under_sudo=False)
    return Person(entry.pw_name, _full_name(entry), is_under_sudo=False)


def _full_name_of(login_name: str) -> str:
    try:
        return _full_name(pwd.getpwnam(login_name))
    except KeyError:
        return ""


def _full_name(entry: pwd.struct_passwd) -> str:
    name = entry.pw_gecos.split(",")[0].replace("&", entry.pw_name.capitalize())
    return name if name.isprintable() else ""

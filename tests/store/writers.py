"""Processes that write to a store until they are killed, forked from one that is warm.

Run as `python -m tests.store.writers FOLDER EMAIL`. Each line of the standard input starts a child:
`series FIRST` commits change after change, from that number on, until it is killed; `texts MEMBER
FIRST` saves text after text in a member's vault likewise; `changes NAME COUNT` commits so many;
`read` follows the store until it is killed. Lines of the standard output are `started PID`, `done
NUMBER` for each acknowledged change, `ended PID STATUS`, and `bad WHY`.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path

from store.errors import WorkspaceError
from store.operations.invitations import Invitee
from store.operations.users import UserEdit
from store.operations.vaults import VaultEdit
from store.persistence.store import Store
from store.workspace import Workspace

INVITES_EVERY = 4


def say(line: str) -> None:
    """Write a line at once and whole, whoever else writes to the pipe."""
    os.write(1, f"{line}\n".encode())


def change(here: Workspace, number: int) -> None:
    """One change by which its number can be found again."""
    if number % INVITES_EVERY == 0:
        here.invite_users([email_of("series", number)], [])
    else:
        revision = here.user_details(here.actor).revision
        here.edit_user(UserEdit(here.actor, revision, name=f"Change {number}"))


def email_of(series: str, number: int) -> Invitee:
    """Whom a numbered change of a series invites."""
    email = f"{series}{number}@acme.example"
    return Invitee(email, email, "")


def run_series(here: Workspace, first: int) -> None:
    """Commit without end, and acknowledge each change."""
    number = first
    while True:
        change(here, number)
        say(f"done {number}")
        number += 1


def text_of(number: int) -> str:
    """One of a series of texts."""
    return f'{{"sdk": {{"number": {number}}}}}'


def run_texts(here: Workspace, member: str, first: int) -> None:
    """Save texts without end, and acknowledge each."""
    number = first
    while True:
        now = here.vault_details(member)
        here.save_vault(VaultEdit(member, now.revision, text_of(number), "json", now.id))
        say(f"done {number}")
        number += 1


def run_changes(here: Workspace, name: str, count: int) -> None:
    """Commit so many changes."""
    for number in range(count):
        here.invite_users([email_of(name, number)], [])
    say(f"done {count}")


def run_reader(folder: Path, who: str) -> None:
    """Follow the store, and open it anew each time as well."""
    follower = Workspace.open(Store(folder), who=who)
    say("done 0")
    last = follower.commit
    while True:
        follower.refresh()
        store = Store(folder)
        afresh = Workspace.open(store, who=who)
        for seen in (follower, afresh):
            users, commit = seen.summary().users, seen.commit
            # Each commit after the first invites one.
            if users != commit or commit < last or seen.read_only_reason:
                say(f"bad {users} users, {last} before {commit}: {seen.read_only_reason}")
            last = commit
        afresh.activity()
        store.close()


def run(order: list[str], folder: Path, who: str) -> None:
    """Do what a line of the standard input says."""
    if order[0] == "read":
        run_reader(folder, who)
        return
    here = Workspace.open(Store(folder), who=who)
    if order[0] == "series":
        run_series(here, int(order[1]))
    elif order[0] == "texts":
        run_texts(here, order[1], int(order[2]))
    else:
        run_changes(here, order[1], int(order[2]))


def start(order: list[str], folder: Path, who: str) -> None:
    """Fork a child for an order."""
    child = os.fork()
    if child:
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    say(f"started {os.getpid()}")
    try:
        run(order, folder, who)
    except WorkspaceError as error:
        say(f"bad {type(error).__name__}: {error.message}")
    finally:
        os._exit(0)


def bury() -> None:
    """Tell of each child that has ended."""
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not child:
            return
        say(f"ended {child} {status}")


def main() -> None:
    """Start a child for each line until the input ends."""
    folder, who = Path(sys.argv[1]), sys.argv[2]
    # What a first commit would import, so that no child has to.
    Workspace.open(Store(folder), who=who).check_invitees("warm@acme.example")
    # An end that comes just before the wait for the next line must wake it up all the same, which
    # a handler of signals alone would not.
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    unread = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            bury()
        if 0 in ready:
            given = os.read(0, 65_536)
            if not given:
                return
            *orders, unread = (unread + given).split(b"\n")
            for order in orders:
                start(order.decode().split(), folder, who)


if __name__ == "__main__":
    main()

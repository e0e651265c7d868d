"""How much memory an open program takes after many commits by others, against before.

Run it from the repository's root: `python -m benchmarks.memory`. The program is open in a terminal,
among 10,000 users, and follows what another process commits.
"""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.listing import Query
from store.operations.users import UserEdit
from store.persistence.store import Store
from store.workspace import Workspace
from tests.cli.console import COMMAND
from tests.terminal import Terminal

USERS, COMMITS = 10_000, 500
# Longer than the program takes to look again, so that it loads most of them by itself, in seconds.
BETWEEN = 0.45
# The first of them bring what every later one needs, too.
WARMING_UP = 20
LIMIT = 1.2


def resident(pid: int) -> int:
    """The memory that a process has, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def rename_one(workspace: Workspace, user: str, number: int) -> None:
    """Commit something small."""
    revision = workspace.user_details(user).revision
    workspace.edit_user(UserEdit(user, revision, f"Zoe {number}"))


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=COMMITS)
    commits = parser.parse_args().commits
    with tempfile.TemporaryDirectory() as folder:
        path = workspace_of(USERS, Path(folder))
        workspace = Workspace.open(Store(path), who=ADMINISTRATOR)
        user = workspace.list_users(Query("", "user", True)).ids[0]
        command: list[str | Path] = [*COMMAND, "--store", path, "--as", ADMINISTRATOR]
        with Terminal(command, {"HOME": folder}, folder=Path(folder)) as terminal:
            terminal.wait_for("10,000 USERS")
            before = 0
            for number in range(WARMING_UP + commits):
                if number == WARMING_UP:
                    before = resident(terminal.pid)
                rename_one(workspace, user, number)
                time.sleep(BETWEEN)
            terminal.wait_idle()
            after = resident(terminal.pid)
    print(
        f"{commits} commits by others: {before / 1024:.0f} MB before, {after / 1024:.0f} MB after, "
        f"ratio {after / before:.2f} (limit {LIMIT})"
    )


if __name__ == "__main__":
    main()

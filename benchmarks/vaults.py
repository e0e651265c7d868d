"""What it takes to show 20 vaults of 16 KB as effective configuration, against one of them.

Run it from the repository's root: `python -m benchmarks.vaults`. Ratios alone are judged. Cold is a
program that does not know what any of these texts reads as, warm one that does. The member whom one
vault reaches and the one whom 20 reach are asked about in turns; what reads texts stands by
already, as it does in a program that is in use.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.workspaces import ADMINISTRATOR, workspace_of
from store.listing import Query
from store.persistence.store import Store
from store.vaults.checking import forget_readings
from store.workspace import Workspace

USERS = 100
VAULTS, BYTES = 20, 16 * 1024
TURNS = 5
COLD_LIMIT, WARM_LIMIT = 12.0, 0.1

# What people write in vaults: sections with comments, addresses, lists and objects on one line.
_SECTION = """\
agent.section{number} {{
    # Where the agents of team {number} find their packages.
    git_user = "bot{number}"
    venvs_cache {{ max_entries: 10, free_space_threshold_gb: 2.0, path: ~/.clearml/venvs-cache }}
    package_manager.type: pip
    extra_index_url: ["https://pypi.example/simple", "https://pypi.example/{number}/simple"]
    enabled: true
}}
"""


def text_of(vault: int) -> str:
    """A vault's text: as many sections as fit, like no other vault's."""
    text, number = "", vault * 1_000
    while len(text) + len(section := _SECTION.format(number=number)) <= BYTES:
        text, number = text + section, number + 1
    return text


def members_of(workspace: Workspace) -> tuple[str, str]:
    """A member whom one vault reaches, and one whom 20 do."""
    one, many = workspace.list_users(Query("", "user", False)).ids[:2]
    for member, vaults in ((one, range(1)), (many, range(1, 1 + VAULTS))):
        group = workspace.add_group(f"Reached by {len(vaults)}", "", [member])
        for vault in vaults:
            workspace.add_administrator_vault(
                f"Vault {vault}", [group], text_of(vault), "hocon", enabled=True
            )
    return one, many


def seconds_for(workspace: Workspace, member: str) -> float:
    """How long the effective configuration of a member takes."""
    began = time.perf_counter()
    workspace.effective_configuration(member)
    return time.perf_counter() - began


def main() -> None:
    """Measure, and print a table with what is wanted beside."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(workspace_of(USERS, Path(scratch)))
        workspace = Workspace.open(store, who=ADMINISTRATOR)
        one, many = members_of(workspace)
        # Two read at the same time, and each of those that stand by is to be there.
        forget_readings()
        seconds_for(workspace, many)
        print(f"{'seconds':<10}{'one':>8}{VAULTS:>8}{'again':>8}{'cold':>8}{'warm':>8}")
        cold, warm = [], []
        for turn in range(TURNS):
            forget_readings()
            for_one = seconds_for(workspace, one)
            forget_readings()
            for_many, again = (seconds_for(workspace, many) for _ in range(2))
            cold.append(for_many / for_one)
            warm.append(again / for_many)
            print(
                f"turn {turn + 1:<5}{for_one:>8.2f}{for_many:>8.2f}{again:>8.3f}"
                f"{cold[-1]:>8.1f}{warm[-1]:>8.3f}"
            )
        print(f"{'medians':<34}{median(cold):>8.1f}{median(warm):>8.3f}")
        print(f"{'at most':<34}{COLD_LIMIT:>8.1f}{WARM_LIMIT:>8.3f}")
        workspace.close()


if __name__ == "__main__":
    main()
